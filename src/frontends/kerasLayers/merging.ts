import type { Dim } from '../../core/dim'
import type { Value } from '../../core/graph'
import type { Fault } from '../../core/op'
import { broadcast, formatShape, resolveAxis, type Shape } from '../../core/shape'
import { BadConfig, Misfit, REQUIRED, whole, wholes } from './config'
import type { Drawing, LayerKind } from './define'

/** Layers that join several tensors (keras/src/layers/merging). */
export const merging: readonly LayerKind[] = [
  merge('Add', 'add'),
  merge('Subtract', 'sub', 2),
  merge('Multiply', 'mul'),
  merge('Average', 'mean'),
  merge('Maximum', 'max'),
  merge('Minimum', 'min'),
  {
    name: 'Concatenate',
    parameters: { axis: -1 },
    many: true,
    draw: (config, inputs, draw) => {
      enough('Concatenate', inputs)
      return [draw.op('concat', { axis: whole(config, 'axis') }, inputs)]
    },
  },
  {
    name: 'Dot',
    parameters: { axes: REQUIRED, normalize: false },
    many: true,
    composite: () => true,
    draw: (config, inputs, draw) => {
      const [a, b] = inputs
      if (inputs.length !== 2) throw new BadConfig(`Dot expects 2 inputs and gets ${inputs.length}`)
      if (!a!.shape || !b!.shape) return draw.unknown('the shape of its input is not known', inputs)
      const given = wholes(config, 'axes')
      if (Array.isArray(config.axes) && given.length !== 2)
        throw new BadConfig(`axes expects one number or two and gets ${given.length}`, 'axes')
      const axes = [a!, b!].map((value, i) => resolveAxis(given[i] ?? given[0]!, value.shape!.length))
      if (axes.includes(null) || axes.includes(0))
        throw new Misfit(`axes ${given.join(', ')} are no axes of its inputs`, 'axes')
      const [m, n] = [a!.shape[axes[0]!], b!.shape[axes[1]!]]
      if (typeof m === 'number' && typeof n === 'number' && m !== n)
        throw new Misfit(`axes ${given.join(', ')} are ${m} and ${n} long`, 'axes')
      const left = a!.shape.map((_, i) => (i === 0 ? 'N' : i === axes[0] ? 'k' : `a${i}`))
      const right = b!.shape.map((_, i) => (i === 0 ? 'N' : i === axes[1] ? 'k' : `b${i}`))
      const output = [...left, ...right.slice(1)].filter(label => label !== 'k')
      const product = draw.op('einsum', { operands: [left, right], output }, inputs)
      return [output.length === 1 ? draw.op('unsqueeze', { axis: 1 }, [product]) : product]
    },
  },
]

function merge(name: string, fn: string, exactly?: number): LayerKind {
  return {
    name,
    parameters: {},
    many: true,
    draw: (_, inputs, draw) => {
      enough(name, inputs)
      if (exactly !== undefined && inputs.length !== exactly)
        throw new BadConfig(`${name} expects ${exactly} inputs and gets ${inputs.length}`)
      const ranks = new Set(inputs.map(input => input.shape?.length))
      if (ranks.size === 1 || ranks.has(undefined)) return [draw.op('elementwise', { function: fn }, inputs)]
      return [ofRanks(name, fn, inputs, draw)]
    },
  }
}

/** Of different ranks: axes of size 1 are put in after the batch, not in front of it (base_merge.py, call). */
function ofRanks(name: string, fn: string, inputs: readonly Value[], draw: Drawing): Value {
  const rank = Math.max(...inputs.map(({ shape }) => shape!.length))
  const filled = inputs.map(({ shape }): Shape => {
    const ones = Array<Dim>(rank - shape!.length).fill(1)
    return shape!.length === 0 ? shape! : [shape![0]!, ...ones, ...shape!.slice(1)]
  })
  const { shape, conflict } = broadcast(filled)
  const faults: Fault[] =
    conflict === undefined
      ? []
      : [
          {
            code: 'shape-mismatch',
            input: 1,
            message: () => `${name} cannot ${fn} ${inputs.map(input => formatShape(input.shape!)).join(' and ')}.`,
          },
        ]
  const operations = inputs.length - 1
  return draw.op(
    'compute',
    { function: fn, shapes: [conflict === undefined ? shape : null], operations, faults },
    inputs,
  )
}

function enough(name: string, inputs: readonly Value[]): void {
  if (inputs.length < 1) throw new BadConfig(`${name} expects a list of tensors and gets none`)
}
