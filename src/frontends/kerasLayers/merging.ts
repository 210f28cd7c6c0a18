import type { Value } from '../../core/graph'
import { resolveAxis } from '../../core/shape'
import { BadConfig, REQUIRED, whole, wholes } from './config'
import type { LayerKind } from './define'

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
      const axes = [a!, b!].map((value, i) => resolveAxis(given[i] ?? given[0]!, value.shape!.length))
      if (axes.includes(null) || axes.includes(0))
        throw new BadConfig(`axes ${given.join(', ')} are no axes of its inputs`, 'axes')
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
      return [draw.op('elementwise', { function: fn }, inputs)]
    },
  }
}

function enough(name: string, inputs: readonly Value[]): void {
  if (inputs.length < 1) throw new BadConfig(`${name} expects a list of tensors and gets none`)
}
