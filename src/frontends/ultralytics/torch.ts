import { type Dim, mulDim } from '../../core/dim'
import type { Layer, Value } from '../../core/graph'
import type { Attributes, OpName } from '../../core/ops'
import { ops } from '../../core/ops'
import type { Shape } from '../../core/shape'
import { pads } from '../../core/window'
import { type Activation, SIGMOID } from './activations'
import { demand, originOf, type Place, sub, type Tensor } from './place'
import type { Size } from './signature'

/** torch.nn's layers and functions as the modules here use them; every one gives null for null: declared, not run. */

export interface ConvOptions {
  readonly stride?: Size
  readonly padding?: Size
  readonly groups?: number
  readonly dilation?: Size
  readonly bias?: boolean
  readonly frozen?: boolean
}

export function conv2d(at: Place, x: Tensor, c1: number, c2: number, kernel: Size, options: ConvOptions = {}): Tensor {
  const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, frozen } = options
  const key = `conv ${c1} ${c2} ${kernel} ${stride} ${padding} ${dilation} ${groups} ${bias}`
  const attributes = at.build.builder.intern(key, () => convolution(c1, c2, kernel, options))
  return module(at, 'Conv2d', 'conv2d', attributes, [x], frozen)
}

export function convTranspose2d(
  at: Place,
  x: Tensor,
  c1: number,
  c2: number,
  kernel: Size,
  options: ConvOptions & { readonly outputPadding?: Size } = {},
): Tensor {
  const attributes = { ...convolution(c1, c2, kernel, options), outputPadding: pair(options.outputPadding ?? 0) }
  checkOutputPadding(attributes.outputPadding, attributes.stride, attributes.dilation)
  return module(at, 'ConvTranspose2d', 'conv_transpose2d', attributes, [x])
}

/** Zeros at the end fill what a stride or a dilation leaves open, no more (torch.nn.ConvTranspose2d). */
export function checkOutputPadding(
  padding: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
): void {
  const wide = padding.find((pad, i) => pad > 0 && pad >= stride[i]! && pad >= dilation[i]!)
  demand(wide === undefined, `expects output_padding under its stride or dilation and gets ${wide}`)
}

export function batchNorm2d(at: Place, x: Tensor, channels: number): Tensor {
  const make = () => ({ channels, axis: 1, scale: true, shift: true, statistics: 'buffer' }) as const
  return module(at, 'BatchNorm2d', 'batch_norm', at.build.builder.intern(`norm ${channels}`, make), [x])
}

export const layerNorm = (at: Place, x: Tensor, features: number): Tensor =>
  module(at, 'LayerNorm', 'layer_norm', { shape: [features], scale: true, shift: true }, [x])

export const linear = (at: Place, x: Tensor, inFeatures: number, outFeatures: number, bias = true): Tensor =>
  module(at, 'Linear', 'linear', { inFeatures, outFeatures, bias }, [x])

export const maxPool2d = (
  at: Place,
  x: Tensor,
  kernel: Size,
  stride: Size = kernel,
  padding: Size = 0,
  ceil = false,
): Tensor => module(at, 'MaxPool2d', 'max_pool2d', { ...window(kernel, stride, padding), ...(ceil ? CEIL : {}) }, [x])

export const avgPool2d = (
  at: Place,
  x: Tensor,
  kernel: Size,
  stride: Size = kernel,
  padding: Size = 0,
  ceil = false,
): Tensor => module(at, 'AvgPool2d', 'avg_pool2d', { ...window(kernel, stride, padding), ...(ceil ? CEIL : {}) }, [x])

export const upsample = (at: Place, x: Tensor, factor: number, mode = 'nearest'): Tensor =>
  module(at, 'Upsample', 'interpolate', { scale: [factor, factor], mode }, [x])

/** An activation with its own weights where it has any. */
export function activate(at: Place, x: Tensor, { type, function: name, slopes }: Activation): Tensor {
  if (slopes !== undefined) return module(at, type, 'prelu', { parameters: slopes }, [x])
  return module(
    at,
    type,
    'activation',
    at.build.builder.intern(`act ${name}`, () => ({ function: name })),
    [x],
  )
}

/** What a module's `act` argument means: the default activation for true, none for anything that is no module. */
export function act(at: Place, x: Tensor, choice: boolean | Activation): Tensor {
  if (choice === false) return x
  if (choice !== true) return activate(sub(at, 'act'), x, choice)
  const { build } = at
  const place = sub(at, 'act')
  if (build.activation === null) {
    const reason = 'the activation of this file is not known'
    return x && build.builder.unknown(reason, [x], originOf(place, 'activation'), [x.shape])[0]!
  }
  if (build.activation.type === 'Identity') return x
  if (build.activation.slopes === undefined) return activate(place, x, build.activation)
  build.sharedActivation ??= build.builder.layer(
    'prelu',
    { parameters: build.activation.slopes },
    originOf(place, 'PReLU'),
  ) as unknown as Layer
  return x && build.builder.call(build.sharedActivation, [x], originOf(place, 'PReLU'))[0]!
}

/** A tensor that a module stores by itself (nn.Parameter or a buffer). */
export const parameter = (
  at: Place,
  shape: Shape,
  run: boolean,
  kind: 'trainable' | 'buffer' = 'trainable',
): Tensor => {
  const layer = at.build.builder.layer('parameter', { shape, kind }, originOf(at, 'Parameter')) as unknown as Layer
  return run ? at.build.builder.call(layer, [])[0]! : null
}

export const cat = (at: Place, xs: readonly Tensor[], axis = 1): Tensor =>
  functional(
    at,
    'cat',
    'concat',
    at.build.builder.intern(`cat ${axis}`, () => ({ axis })),
    xs,
  )
export const add = (at: Place, ...xs: Tensor[]): Tensor => arithmetic(at, 'add', xs)
export const mul = (at: Place, ...xs: Tensor[]): Tensor => arithmetic(at, 'mul', xs)
const arithmetic = (at: Place, name: string, xs: readonly Tensor[]): Tensor =>
  functional(
    at,
    name,
    'elementwise',
    at.build.builder.intern(`arithmetic ${name}`, () => ({ function: name })),
    xs,
  )
export const matmul = (at: Place, a: Tensor, b: Tensor): Tensor => functional(at, 'matmul', 'matmul', {}, [a, b])
export const softmax = (at: Place, x: Tensor, axis: number): Tensor =>
  functional(at, 'softmax', 'softmax', { axis }, [x])
export const flatten = (at: Place, x: Tensor, start: number): Tensor =>
  functional(at, 'flatten', 'flatten', { start, end: -1 }, [x])
export const reshape = (at: Place, x: Tensor, shape: Shape): Tensor =>
  functional(at, 'reshape', 'reshape', { shape }, [x])
export const permute = (at: Place, x: Tensor, ...order: number[]): Tensor =>
  functional(at, 'permute', 'permute', { order }, [x])
export const slice = (at: Place, x: Tensor, axis: number, start: number, end: number | null, step = 1): Tensor =>
  functional(at, 'slice', 'slice', { axis, start, end, step }, [x])
export const sigmoid = (at: Place, x: Tensor): Tensor =>
  functional(at, 'sigmoid', 'activation', { function: SIGMOID.function }, [x])
export const reduceMax = (at: Place, x: Tensor, axis: number): Tensor =>
  functional(at, 'max', 'reduce', { function: 'max', axes: [axis] }, [x])

/** The pieces of a tensor along an axis, of given sizes. */
export function split(at: Place, x: Tensor, sizes: readonly number[], axis = 1): Tensor[] {
  if (x === null) return sizes.map(() => null)
  return at.build.builder.addAll('split', { axis, sizes }, [x], originOf(at, 'split'))
}

/** Two halves along the channels (torch.chunk(2, 1)); the second is the smaller one of an odd number. */
export function halves(at: Place, x: Tensor): [Tensor, Tensor] {
  if (x === null) return [null, null]
  const { builder } = at.build
  const attributes = builder.intern('chunk', () => ({ axis: 1, chunks: 2 }))
  const [a, b] = builder.addAll('split', attributes, [x], originOf(at, 'chunk'))
  return [a!, b ?? a!]
}

/** A tensor that is made while the model runs. */
export const constant = (at: Place, type: string, shape: Shape | null): Value =>
  at.build.builder.add('constant', { shape }, [], originOf(at, type))

/** A layer that torch.nn or the framework knows as a module. */
export function module<K extends OpName>(
  at: Place,
  type: string,
  op: K,
  attributes: Attributes<K>,
  inputs: readonly Tensor[],
  frozen = false,
): Tensor {
  const { builder } = at.build
  if (!inputs.includes(null)) return builder.addAll(op, attributes, inputs as Value[], originOf(at, type), frozen)[0]!
  if ('weights' in ops[op]) builder.layer(op, attributes, originOf(at, type), frozen)
  return null
}

/** A function of torch: it has no weights. */
const functional = <K extends OpName>(
  at: Place,
  type: string,
  op: K,
  attributes: Attributes<K>,
  inputs: readonly Tensor[],
): Tensor =>
  inputs.includes(null) ? null : at.build.builder.add(op, attributes, inputs as Value[], originOf(at, type))

/** Height × width of a map. */
export const positions = (x: Tensor): Dim => mulDim(dim(x, 2), dim(x, 3))

/** One dimension of a tensor; null where it is unknown. */
export const dim = (x: Tensor, axis: number): Dim => x?.shape?.[axis] ?? null

export const pair = (size: Size): readonly [number, number] => (typeof size === 'number' ? [size, size] : size)

export const window = (kernel: Size, stride: Size, padding: Size, dilation: Size = 1) => ({
  kernel: pair(kernel),
  stride: pair(stride),
  dilation: pair(dilation),
  padding: pads(pair(padding), 2),
})

/** torch's ceil_mode drops a last window that starts in the padding. */
export const CEIL = { rounding: 'ceilClip' } as const

function convolution(c1: number, c2: number, kernel: Size, options: ConvOptions) {
  const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true } = options
  return { ...window(kernel, stride, padding, dilation), inChannels: c1, outChannels: c2, groups, bias }
}
