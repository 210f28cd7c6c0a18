import { mapDim } from '../../../core/dim'
import { each } from '../../../core/window'
import { ACTIVATIONS } from '../activations'
import type { Module } from '../block'
import { demand, originOf, type Place, type Tensor } from '../place'
import { type Arg, isWhole, show } from '../signature'
import { dim, reshape } from '../torch'
import { axes, layer, own, windowModules } from './nnWindows'

/** Layers of torch.nn that a row can name, with the arguments of torch's documentation. */

const norms: Module[] = [
  ...['BatchNorm1d', 'BatchNorm2d', 'BatchNorm3d'].map(name =>
    layer(
      name,
      'num_features:int eps:float=1e-05 momentum:any=0.1 affine:bool=True track_running_stats:bool=True',
      'Batch normalization',
      (at, x, channels: number, _e: number, _m: Arg, affine: boolean, track: boolean) =>
        own(
          at,
          name,
          'batch_norm',
          { channels, axis: 1, scale: affine, shift: affine, statistics: track ? 'buffer' : 'none' },
          x,
        ),
    ),
  ),
  ...['InstanceNorm1d', 'InstanceNorm2d', 'InstanceNorm3d'].map(name =>
    layer(
      name,
      'num_features:int eps:float=1e-05 momentum:any=0.1 affine:bool=False track_running_stats:bool=False',
      'Instance normalization',
      (at, x, channels: number, _e: number, _m: Arg, affine: boolean, track: boolean) =>
        own(
          at,
          name,
          'instance_norm',
          { channels, axis: 1, scale: affine, shift: affine, statistics: track ? 'buffer' : 'none' },
          x,
        ),
    ),
  ),
  layer(
    'GroupNorm',
    'num_groups:int num_channels:int eps:float=1e-05 affine:bool=True',
    'Group normalization',
    (at, x, groups: number, channels: number, _e: number, affine: boolean) =>
      own(
        at,
        'GroupNorm',
        'group_norm',
        { groups, channels, axis: 1, scale: affine, shift: affine, statistics: 'none' },
        x,
      ),
  ),
  layer(
    'LayerNorm',
    'normalized_shape:any eps:float=1e-05 elementwise_affine:bool=True',
    'Layer normalization over the last dimensions',
    (at, x, shape: Arg, _e: number, affine: boolean) => {
      const list = Array.isArray(shape) ? shape : [shape]
      demand(
        list.length > 0 && list.every(isWhole),
        `expects normalized_shape to be whole numbers and gets ${show(shape)}`,
      )
      return own(at, 'LayerNorm', 'layer_norm', { shape: list as number[], scale: affine, shift: affine }, x)
    },
  ),
  layer(
    'LocalResponseNorm',
    'size:int alpha:float=0.0001 beta:float=0.75 k:float=1.0',
    'Local response normalization',
    (at, x, size: number) => own(at, 'LocalResponseNorm', 'local_response_norm', { size }, x),
  ),
]

/** Arguments of activations beside `inplace`; none changes shapes or counts. */
const ACTIVATION_ARGUMENTS: Readonly<Record<string, string>> = {
  LeakyReLU: 'negative_slope:float=0.01 inplace:bool=False',
  RReLU: 'lower:float=0.125 upper:float=0.333 inplace:bool=False',
  ELU: 'alpha:float=1.0 inplace:bool=False',
  CELU: 'alpha:float=1.0 inplace:bool=False',
  Hardtanh: 'min_val:float=-1.0 max_val:float=1.0 inplace:bool=False',
  Hardshrink: 'lambd:float=0.5',
  Softshrink: 'lambd:float=0.5',
  Softplus: 'beta:float=1 threshold:float=20',
  Threshold: 'threshold:float value:float inplace:bool=False',
  GELU: 'approximate:text=none',
  ...Object.fromEntries(['Sigmoid', 'Tanh', 'Softsign', 'Tanhshrink', 'LogSigmoid'].map(type => [type, ''])),
}

const activations: Module[] = [
  ...[...ACTIVATIONS].map(([type, name]) =>
    layer(type, ACTIVATION_ARGUMENTS[type] ?? 'inplace:bool=False', 'Activation', (at, x) =>
      own(at, type, 'activation', { function: name }, x),
    ),
  ),
  layer(
    'PReLU',
    'num_parameters:int=1 init:float=0.25',
    'Activation with learnable slopes',
    (at, x, parameters: number) => own(at, 'PReLU', 'prelu', { parameters }, x),
  ),
  ...['Softmax', 'LogSoftmax', 'Softmin'].map(name =>
    layer(name, 'dim:any=None', 'Softmax along a dimension', (at, x, axis: Arg) =>
      own(at, name, 'softmax', { axis: isWhole(axis) ? axis : 1 }, x),
    ),
  ),
  layer('Softmax2d', '', 'Softmax over the channels', (at, x) => own(at, 'Softmax2d', 'softmax', { axis: -3 }, x)),
  layer('GLU', 'dim:int=-1', 'One half gates the other', (at, x, axis: number) => {
    const size = dim(x, axis < 0 ? axis + (x.shape?.length ?? 0) : axis)
    demand(
      typeof size !== 'number' || size % 2 === 0,
      `expects an even size along ${axis} and gets ${size}`,
      'shape-mismatch',
    )
    const halved = mapDim(size, n => n / 2)
    const parts = at.build.builder.addAll('split', { axis, sizes: [halved, halved] }, [x], originOf(at, 'GLU'))
    return at.build.builder.add('elementwise', { function: 'mul' }, parts, originOf(at, 'GLU'))
  }),
]

const rest: Module[] = [
  layer('Identity', 'a:any=None b:any=None c:any=None', 'Passes its input on', (at, x) =>
    own(at, 'Identity', 'identity', {}, x),
  ),
  ...['Dropout', 'Dropout1d', 'Dropout2d', 'Dropout3d', 'AlphaDropout', 'FeatureAlphaDropout'].map(name =>
    layer(name, 'p:float=0.5 inplace:bool=False', 'Does nothing in inference', (at, x, p: number) =>
      own(at, name, 'dropout', { p }, x),
    ),
  ),
  layer(
    'Linear',
    'in_features:int out_features:int bias:bool=True',
    'Linear layer on the last dimension',
    (at, x, inFeatures: number, outFeatures: number, bias: boolean) =>
      own(at, 'Linear', 'linear', { inFeatures, outFeatures, bias }, x),
  ),
  layer('Flatten', 'start_dim:int=1 end_dim:int=-1', 'Joins dimensions', (at, x, start: number, end: number) =>
    own(at, 'Flatten', 'flatten', { start, end }, x),
  ),
  layer(
    'Upsample',
    'size:any=None scale_factor:any=None mode:any=nearest align_corners:any=None recompute_scale_factor:any=None',
    'Resizes a map',
    (at, x, size: Arg, factor: Arg, mode: Arg) => resize(at, 'Upsample', x, size, factor, mode),
  ),
  layer(
    'UpsamplingNearest2d',
    'size:any=None scale_factor:any=None',
    'Resizes a map',
    (at, x, size: Arg, factor: Arg) => resize(at, 'UpsamplingNearest2d', x, size, factor, 'nearest'),
  ),
  layer(
    'UpsamplingBilinear2d',
    'size:any=None scale_factor:any=None',
    'Resizes a map',
    (at, x, size: Arg, factor: Arg) => resize(at, 'UpsamplingBilinear2d', x, size, factor, 'bilinear'),
  ),
  layer('PixelShuffle', 'upscale_factor:int', 'Channels to pixels', (at, x, factor: number) => {
    demand(factor >= 1, `expects upscale_factor from 1 and gets ${factor}`)
    return own(at, 'PixelShuffle', 'pixel_shuffle', { factor }, x)
  }),
  layer('PixelUnshuffle', 'downscale_factor:int', 'Pixels to channels', (at, x, factor: number) => {
    demand(factor >= 1, `expects downscale_factor from 1 and gets ${factor}`)
    return own(at, 'PixelUnshuffle', 'pixel_shuffle', { factor, down: true }, x)
  }),
  layer('ChannelShuffle', 'groups:int', 'Channels in a new order', (at, x, groups: number) => {
    const shape = x.shape
    const channels = dim(x, 1)
    demand(
      groups >= 1 && (typeof channels !== 'number' || channels % groups === 0),
      `expects groups that divide ${channels} channels and gets ${groups}`,
    )
    return reshape(at, x, shape ?? [])
  }),
  ...['ZeroPad', 'ConstantPad', 'ReflectionPad', 'ReplicationPad', 'CircularPad'].flatMap(kind =>
    ([1, 2, 3] as const).map(rank =>
      layer(
        `${kind}${rank}d`,
        `padding:any${kind === 'ConstantPad' ? ' value:float' : ''}`,
        'Pads a map',
        (at, x, padding: Arg) => own(at, `${kind}${rank}d`, 'pad', { pads: padPairs(padding, rank) }, x),
      ),
    ),
  ),
  layer(
    'Unflatten',
    'dim:int unflattened_size:ints',
    'Splits a dimension',
    (at, x, axis: number, sizes: readonly number[]) => {
      const shape = x.shape ?? []
      const i = axis < 0 ? axis + shape.length : axis
      return reshape(at, x, [...shape.slice(0, i), ...sizes, ...shape.slice(i + 1)])
    },
  ),
]

/** By the name that a row spells: `nn.MaxPool2d`. */
export const torchModules: readonly Module[] = [...windowModules, ...norms, ...activations, ...rest]

function resize(at: Place, type: string, x: Tensor, size: Arg, factor: Arg, mode: Arg): Tensor {
  const rank = Math.max(1, (x?.shape?.length ?? 4) - 2)
  const how = typeof mode === 'string' ? mode : 'nearest'
  if (size !== null) return own(at, type, 'interpolate', { size: axes('size', size, rank), mode: how }, x)
  const list = Array.isArray(factor) ? factor : each(0, rank).map(() => factor)
  const valid = list.length === rank && list.every(f => typeof f === 'number' && f > 0 && Number.isFinite(f))
  demand(valid, `expects scale_factor to be a number and gets ${show(factor)}`)
  return own(at, type, 'interpolate', { scale: list as number[], mode: how }, x)
}

/** torch lists pads from the last axis on, before and after; one number is for all. */
function padPairs(padding: Arg, rank: number): [number, number][] {
  const list = axes('padding', padding, 2 * rank)
  return each(0, rank).map((_, i) => [list[2 * (rank - 1 - i)]!, list[2 * (rank - 1 - i) + 1]!] as [number, number])
}
