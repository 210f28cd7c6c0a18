import type { Layer, Origin, Value } from '../../../core/graph'
import type { Attributes } from '../../../core/ops'
import { ACTIVATIONS, activationKey, flag, type Key, whole as wholeKey } from '../key'
import { origin, type SharedWeights, type Step } from '../layerType'
import { choice } from '../values'

/** What a convolution of Darknet is told; `pad` is what goes on each side of the image. */
export interface Geometry {
  readonly filters: number | null
  readonly size: number
  readonly strideX: number
  readonly strideY: number
  readonly dilation: number
  readonly pad: number
  readonly groups: number
}

/**
 * The padding that makes our sliding window give Darknet's size, (H + 2·pad − size) / stride + 1
 * (src/convolutional_layer.c): dilation does not enter it.
 */
function sides({ size, dilation, pad }: Geometry): readonly (readonly [number, number])[] {
  return padding(2 * pad + (dilation - 1) * (size - 1))
}

/** The padding of both spatial axes, given that of both sides of one together: the odd one goes to the end. */
export const padding = remembered((total: number): readonly (readonly [number, number])[] => {
  const sides = [Math.floor(total / 2), Math.ceil(total / 2)] as const
  return [sides, sides]
})

/** The same number for both spatial axes. */
export const square = remembered((side: number): readonly number[] => [side, side])

/** A network repeats a few numbers thousands of times; they share one list. */
function remembered<T>(make: (number: number) => T): (number: number) => T {
  const made: T[] = []
  return number => {
    if (!(number >= 0 && number < 64)) return make(number)
    made[number] ??= make(number)
    return made[number]
  }
}

/** Convolution, batch norm (with the bias as its shift) and activation, as one Darknet layer does them. */
export function convolve(
  step: Step,
  part: string,
  input: Value,
  inChannels: number | null,
  geometry: Geometry,
  then: { readonly normalize: boolean; readonly activation: string },
  shared?: SharedWeights,
): { value: Value; weights: SharedWeights } {
  const { builder } = step
  const { filters } = geometry
  const attributes = windowAttributes(step, inChannels, geometry, !then.normalize)
  const from = origin(step, part)
  const convolution = shared ? sharedLayer(shared, attributes, from) : builder.layer('conv2d', attributes, from)
  let value = builder.call(convolution as unknown as Layer, [input], from)[0]!
  let norm: Layer<'batch_norm'> | null = null
  if (then.normalize) {
    const place = origin(step, part === 'conv' ? 'bn' : `${part}.bn`, 'batch_normalize')
    norm = shared?.norm ?? builder.layer('batch_norm', normOf(step, filters), place)
    value = builder.call(norm as unknown as Layer, [value], place)[0]!
  }
  value = activate(step, value, then.activation, part === 'conv' ? '' : `${part}.`)
  return { value, weights: shared ?? { convolution, norm } }
}

/** Long files repeat a few convolutions: equal ones share one object, whose costs are then found once. */
function windowAttributes(
  { builder }: Step,
  inChannels: number | null,
  geometry: Geometry,
  bias: boolean,
): Attributes<'conv2d'> {
  const { filters, size, strideX, strideY, dilation, pad, groups } = geometry
  const key = `conv ${inChannels} ${filters} ${size} ${strideX} ${strideY} ${dilation} ${pad} ${groups} ${bias}`
  return builder.intern(key, () => ({
    inChannels,
    outChannels: filters,
    groups,
    bias,
    kernel: square(size),
    stride: [strideY, strideX],
    dilation: square(dilation),
    padding: sides(geometry),
  }))
}

/**
 * The shared layer itself where only the input differs. Another window over the same weights owns none, so it cannot
 * share the attributes, and with them the costs, of layers that do.
 */
const sharedLayer = (
  { convolution }: SharedWeights,
  attributes: Attributes<'conv2d'>,
  from: Origin,
): Layer<'conv2d'> =>
  convolution.attributes === attributes
    ? convolution
    : { op: 'conv2d', attributes: { ...attributes }, origin: from, weights: [] }

/** A fully connected layer on N×n, with its batch norm and activation. */
export function connect(
  step: Step,
  part: string,
  input: Value,
  inFeatures: number | null,
  outFeatures: number | null,
  then: { readonly normalize: boolean; readonly activation: string },
): Value {
  const attributes = { inFeatures, outFeatures, bias: !then.normalize }
  let value = step.builder.add('linear', attributes, [input], origin(step, part))
  if (then.normalize) {
    const place = origin(step, part === 'fc' ? 'bn' : `${part}.bn`, 'batch_normalize')
    value = step.builder.add('batch_norm', normOf(step, outFeatures), [value], place)
  }
  return activate(step, value, then.activation, part === 'fc' ? '' : `${part}.`)
}

export function activate(step: Step, value: Value, activation: string, prefix = ''): Value {
  if (activation === 'linear') return value
  const attributes = step.builder.intern(activation, () => ({ function: ACTIVATIONS[activation] ?? activation }))
  return step.builder.add('activation', attributes, [value], origin(step, prefix + activation, activation))
}

/** The section's activation; Darknet takes ReLU for one that it does not know. */
export const activationOf = (step: Step, fallback: 'logistic' | 'linear', key = 'activation'): string =>
  choice(step, key, fallback, ACTIVATION_NAMES) ?? 'relu'

/** Scale and shift are learned, mean and variance kept beside them. */
export const normOf = ({ builder }: Step, channels: number | null): Attributes<'batch_norm'> =>
  builder.intern(`norm ${channels}`, () => ({ channels, axis: 1, scale: true, shift: true, statistics: 'buffer' }))

export const sizeKey = (fallback: number): Key => wholeKey('size', fallback, 'Side of the square window.', 'kernel')
export const strideKey = (fallback: number): Key => wholeKey('stride', fallback, 'Step of the window.', 'stride')
export const normalizeKey = flag('batch_normalize', 'Batch normalization before the activation.')
export const padKeys: readonly Key[] = [
  flag('pad', 'Pads with half the size, rounded down; `padding` is then ignored.'),
  wholeKey('padding', 0, 'Zeros on each side, where `pad` is 0.', 'padding'),
]

const ACTIVATION_NAMES = activationKey('linear').values!
