import { type Dim, N } from '../../core/dim'
import type { Value } from '../../core/graph'
import { resolveAxis, type Shape } from '../../core/shape'
import { applied, type Config, type ConfigValue, type Drawing } from '../kerasLayers'
import { dataOf, elementsOf, type JsonNode, member, textOf } from './json'
import type { CallEntry, ModelEntry } from './topology'

/** Whether a class is one of keras.ops, which has names in common with keras.layers: `Subtract`, `Reshape`, `Softmax`. */
export const isOperation = (module: string): boolean => /^keras\.(src\.)?(ops|activations)\b/.test(module)

type Rule = (config: Config, inputs: readonly Value[], draw: Drawing, call: CallEntry) => readonly Value[] | null

/** Reductions by their classes in keras.src.ops.numpy. */
const REDUCTIONS = 'All Amax Amin Any Argmax Argmin CountNonzero Max Mean Median Min Prod Std Sum Var'.split(' ')

/**
 * Operations of Keras 3 whose result follows from their configuration (keras/src/ops/numpy.py, nn.py). They own no
 * weights; the others take the shape that the file says.
 */
const RULES: Readonly<Record<string, Rule>> = {
  Reshape: ({ newshape }, [x], draw) => {
    const sizes = numbers(newshape)
    // The batch is the -1 in front, where the others say how much is left.
    const kept = sizes?.[0] === -1 && x?.shape?.[0] === N && !sizes.includes(-1, 1) ? [N, ...sizes.slice(1)] : sizes
    return kept && x ? [draw.op('reshape', { shape: kept }, [x])] : null
  },
  Transpose: ({ axes }, [x], draw) => {
    const order = numbers(axes) ?? x?.shape?.map((_, i) => i).reverse()
    return order && x ? [draw.op('permute', { order }, [x])] : null
  },
  Swapaxes: ({ axis1, axis2 }, [x], draw) => {
    const rank = x?.shape?.length
    if (rank === undefined || typeof axis1 !== 'number' || typeof axis2 !== 'number') return null
    const [a, b] = [resolveAxis(axis1, rank), resolveAxis(axis2, rank)]
    if (a === null || b === null) return null
    const order = Array.from({ length: rank }, (_, i) => (i === a ? b : i === b ? a : i))
    return [draw.op('permute', { order }, [x!])]
  },
  Concatenate: ({ axis }, inputs, draw) =>
    typeof axis === 'number' && inputs.length > 0 ? [draw.op('concat', { axis }, inputs)] : null,
  ExpandDims: ({ axis }, [x], draw) => (typeof axis === 'number' && x ? [draw.op('unsqueeze', { axis }, [x])] : null),
  Squeeze: ({ axis }, [x], draw) =>
    typeof axis === 'number' && x ? [draw.op('squeeze', { axes: [axis] }, [x])] : null,
  Matmul: (_, inputs, draw) => (inputs.length === 2 ? [draw.op('matmul', {}, inputs)] : null),
  Einsum: ({ subscripts }, inputs, draw) => {
    const plain = typeof subscripts === 'string' ? /^([a-z,]+)->([a-z]*)$/i.exec(subscripts.replaceAll(' ', '')) : null
    if (!plain) return null
    const [, taken, given] = plain as unknown as [string, string, string]
    const operands = taken.split(',').map(labels => [...labels])
    return operands.length === inputs.length ? [draw.op('einsum', { operands, output: [...given] }, inputs)] : null
  },
  Stack: ({ axis }, inputs, draw) => {
    const shape = inputs[0]?.shape
    const at = shape && typeof axis === 'number' ? resolveAxis(axis, shape.length + 1) : null
    if (at === null || at === undefined) return null
    const stacked = [...shape!.slice(0, at), inputs.length, ...shape!.slice(at)]
    return [draw.op('compute', { function: 'stack', shapes: [stacked] }, inputs)]
  },
  Moveaxis: ({ source, destination }, [x], draw) => {
    const rank = x?.shape?.length
    if (rank === undefined || typeof source !== 'number' || typeof destination !== 'number') return null
    const [from, to] = [resolveAxis(source, rank), resolveAxis(destination, rank)]
    if (from === null || to === null) return null
    const order = x!.shape!.map((_, i) => i).filter(i => i !== from)
    order.splice(to, 0, from)
    return [draw.op('permute', { order }, [x!])]
  },
  Pad: ({ pad_width: widths }, [x], draw) => {
    const sides = Array.isArray(widths) ? widths.map(numbers) : []
    if (!x?.shape || sides.length !== x.shape.length || sides.some(side => side?.length !== 2)) return null
    const shape = x.shape.map((dim, i): Dim => {
      const [before, after] = sides[i]!
      if (before === 0 && after === 0) return dim
      return typeof dim === 'number' ? dim + before! + after! : null
    })
    return [draw.op('compute', { function: 'pad', shapes: [shape] }, [x])]
  },
  Split: ({ indices_or_sections: cut, axis }, [x], draw) => {
    const rank = x?.shape?.length
    const at = rank === undefined || typeof axis !== 'number' ? null : resolveAxis(axis, rank)
    const size = at === null ? null : x!.shape![at]!
    if (at === null || typeof size !== 'number') return null
    const ends = typeof cut === 'number' ? endsOf(size, cut) : numbers(cut)
    if (!ends || ends.length > MOST_PARTS) return null
    return [...ends, size].map((end, i) => {
      const part = Math.max(0, end - (ends[i - 1] ?? 0))
      const shape = x!.shape!.map((dim, axis) => (axis === at ? part : dim))
      return draw.op('compute', { function: 'split', shapes: [shape] }, [x!])
    })
  },
  GetItem: (_, [x], draw, { node }) => {
    const shape = x?.shape ? indexed(x.shape, elementsOf(member(node, 'args'))[1]) : null
    return shape ? [draw.op('compute', { function: 'getitem', shapes: [shape] }, [x!])] : null
  },
  Softmax: ({ axis }, [x], draw) => (x ? [applied('softmax', x, draw, typeof axis === 'number' ? axis : -1)] : null),
  ...Object.fromEntries(
    REDUCTIONS.map((name): [string, Rule] => [
      name,
      ({ axis, keepdims }, [x], draw) => {
        const axes = typeof axis === 'number' ? [axis] : (numbers(axis) ?? undefined)
        const keep = keepdims === true ? { keep: true } : {}
        return x ? [draw.op('reduce', { function: name.toLowerCase(), ...(axes ? { axes } : {}), ...keep }, [x])] : null
      },
    ]),
  ),
}

/** Where the parts of a split end, but for the last; null where they are not equal. */
const endsOf = (size: number, parts: number): number[] | null =>
  Number.isInteger(parts) && parts > 0 && parts <= MOST_PARTS && size % parts === 0
    ? Array.from({ length: parts - 1 }, (_, i) => ((i + 1) * size) / parts)
    : null
const MOST_PARTS = 1000

/** What `x[:, 0, 1:]` has for a shape; null for what is not read: an ellipsis, a mask, steps. */
function indexed(shape: Shape, key: JsonNode | undefined): Shape | null {
  const keys = key?.type === 'array' ? elementsOf(key) : key ? [key] : []
  if (keys.length > shape.length) return null
  const out: Dim[] = []
  for (const [i, item] of keys.entries()) {
    const size = shape[i]!
    if (typeof dataOf(item) === 'number') continue
    if (textOf(member(item, 'class_name')) !== '__slice__') return null
    const [start, stop, step] = ['start', 'stop', 'step'].map(name => dataOf(member(member(item, 'config'), name)))
    if (start === null && stop === null && step === null) out.push(size)
    else if (typeof size !== 'number' || (step !== null && step !== 1)) return null
    else {
      const at = (value: ConfigValue | undefined, otherwise: number): number =>
        typeof value !== 'number' ? otherwise : value < 0 ? Math.max(0, value + size) : Math.min(size, value)
      out.push(Math.max(0, at(stop, size) - at(start, 0)))
    }
  }
  return [...out, ...shape.slice(keys.length)]
}

/** Operations on each element by itself, by their classes. */
const ELEMENTWISE = new Set(
  `Abs Absolute Arccos Arccosh Arcsin Arcsinh Arctan Arctanh Cast Cbrt Ceil Clip Cos Cosh Cumsum Cumprod Deg2rad Exp Exp2 Expm1 Flip Floor
  Isfinite Isinf Isnan Log Log10 Log1p Log2 LogicalNot NanToNum Negative OnesLike Reciprocal Relu Relu6 Roll Round Rsqrt Sigmoid Sign Sin Sinh
  Sqrt Square StopGradient Tan Tanh ZerosLike Erf Erfinv Elu Selu Gelu Silu Softplus Softsign LeakyRelu HardSigmoid HardSilu HardTanh LogSigmoid
  LogSoftmax Celu Mish Threshold Normalize`.split(/\s+/),
)

/** Operations that multiply and accumulate: where no rule counts them their cost is not known. */
const COSTLY = /Conv|Dot|Einsum|Matmul|Tensordot|Attention|Inner|Outer|Vdot|Rnn|Lstm|Gru|Linalg|Solve|Fft|Stft/i

/** Draws an operation; null where neither its rule nor the file says what it gives. */
export function operation(
  type: string,
  config: Config,
  inputs: readonly Value[],
  draw: Drawing,
  call: CallEntry,
  said: readonly (Shape | null)[],
): readonly Value[] | null {
  const rule = Object.hasOwn(RULES, type) ? RULES[type]! : null
  const drawn = rule?.(config, inputs, draw, call)
  if (drawn) return drawn
  if (ELEMENTWISE.has(type) && inputs.length === 1)
    return [draw.op('activation', { function: type.toLowerCase() }, [inputs[0]!])]
  if (said.length === 0 || said.includes(null) || COSTLY.test(type)) return null
  const made = said.map(shape =>
    draw.op('compute', { function: type.toLowerCase(), shapes: [shape], operations: 1 }, inputs),
  )
  return made
}

/** Shapes that the file says of what each call of each layer gives: those that take it say them. */
export type Said = ReadonlyMap<string, Shape>

export function saidShapes(model: ModelEntry): Said {
  const said = new Map<string, Shape>()
  for (const { calls } of model.layers)
    for (const { inputs } of calls)
      for (const { layer, call, output, shape } of inputs) if (shape) said.set(`${call} ${output} ${layer}`, shape)
  return said
}

/** Those of one call, if its inputs are as the file says them: another input may have been chosen. */
export function saidOf(said: Said, layer: string, index: number, call: CallEntry, inputs: readonly Value[]): Shape[] {
  const same = call.inputs.every(({ shape }, i) => {
    const given = inputs[i]?.shape
    return !shape || (given?.length === shape.length && shape.every((size, axis) => fits(size, given[axis]!)))
  })
  const shapes: Shape[] = []
  if (!same) return shapes
  for (let output = 0; ; output++) {
    const shape = said.get(`${index} ${output} ${layer}`)
    if (!shape) return shapes
    const first = shape[0] === null && inputs[0]?.shape?.[0] === N ? N : (shape[0] ?? null)
    shapes.push(shape.length === 0 ? shape : [first, ...shape.slice(1)])
  }
}

const fits = (size: Dim, given: Dim): boolean =>
  size === null ? typeof given !== 'number' : typeof given !== 'number' || given === size

const numbers = (value: ConfigValue | undefined): number[] | null =>
  Array.isArray(value) && value.every(item => typeof item === 'number') ? (value as number[]) : null
