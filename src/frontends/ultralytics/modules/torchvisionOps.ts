import { RELU, SIGMOID } from '../activations'
import { joint, type Module, single } from '../block'
import { demand, sub, type Tensor } from '../place'
import { type Arg, isWhole, type Size, show } from '../signature'
import { activate, batchNorm2d, conv2d, linear, module, mul, permute } from '../torch'

/** Layers of torchvision.ops that a row can name (torchvision/ops/misc.py, version 0.14.1). */
export const torchvisionModules: readonly Module[] = [
  joint(
    'torchvision.ops.Conv2dNormActivation',
    'in_channels:int out_channels:int kernel_size:size=3 stride:size=1 padding:pad=None groups:int=1',
    'Convolution without bias, batch norm, ReLU',
    (at, feed, c1: number, c2: number, k: Size, s: Size, p: Size | null, groups: number) => {
      const half = (size: number): number => Math.floor((size - 1) / 2)
      const padding = p ?? (typeof k === 'number' ? half(k) : ([half(k[0]), half(k[1])] as const))
      const y = conv2d(sub(at, 0), single(feed), c1, c2, k, { stride: s, padding, groups, bias: false })
      return activate(sub(at, 2), batchNorm2d(sub(at, 1), y, c2), RELU)!
    },
  ),
  joint(
    'torchvision.ops.SqueezeExcitation',
    'input_channels:int squeeze_channels:int',
    'Channels weighted by what the whole map says',
    (at, feed, c: number, squeeze: number) => {
      const x = single(feed)
      const pooled = module(sub(at, 'avgpool'), 'AdaptiveAvgPool2d', 'adaptive_avg_pool', { size: [1, 1] }, [x])
      const y = activate(sub(at, 'activation'), conv2d(sub(at, 'fc1'), pooled, c, squeeze, 1), RELU)
      return mul(at, activate(sub(at, 'scale_activation'), conv2d(sub(at, 'fc2'), y, squeeze, c, 1), SIGMOID), x)!
    },
  ),
  joint(
    'torchvision.ops.StochasticDepth',
    'p:float mode:text',
    'Does nothing in inference',
    (at, feed, p: number) => module(at, 'StochasticDepth', 'dropout', { p }, [single(feed)])!,
  ),
  ...['DropBlock2d', 'DropBlock3d'].map(name =>
    joint(
      `torchvision.ops.${name}`,
      'p:float block_size:int inplace:bool=False eps:float=1e-06',
      'Does nothing in inference',
      (at, feed, p: number) => module(at, name, 'dropout', { p }, [single(feed)])!,
    ),
  ),
  joint(
    'torchvision.ops.Permute',
    'dims:ints',
    'Dimensions in a new order',
    (at, feed, order: readonly number[]) => permute(at, single(feed), ...order)!,
  ),
  joint(
    'torchvision.ops.MLP',
    'in_channels:int hidden_channels:ints',
    'Linear layers with ReLU between',
    (at, feed, cin: number, hidden: readonly Arg[]) => {
      demand(
        hidden.length > 0 && hidden.every(isWhole),
        `expects hidden_channels to be whole numbers and gets ${show(hidden)}`,
      )
      let y: Tensor = single(feed)
      let c = cin
      ;(hidden as readonly number[]).forEach((width, i) => {
        const last = i === hidden.length - 1
        y = linear(sub(at, 3 * i), y, c, width)
        if (!last) y = activate(sub(at, 3 * i + 1), y, RELU)
        c = width
      })
      return y!
    },
  ),
]
