import type { Attributes, OpName } from '../../../core/ops'
import { each, pads } from '../../../core/window'
import { joint, type Module, single } from '../block'
import { demand, type Place, type Tensor } from '../place'
import { type Arg, isWhole, show } from '../signature'
import { CEIL, checkOutputPadding, module } from '../torch'

/** One or several numbers, an entry an axis; null where it is neither. */
export function axes(name: string, value: Arg, rank: number): number[] {
  const list = Array.isArray(value) ? value : isWhole(value) ? each(value, rank) : []
  demand(
    list.length === rank && list.every(isWhole),
    `expects ${name} to be a whole number or ${rank} and gets ${show(value)}`,
  )
  return [...list] as number[]
}

/** A module of one input by an op of the same weights. */
export function layer<A extends readonly unknown[]>(
  name: string,
  signature: string,
  doc: string,
  body: (at: Place, x: Exclude<Tensor, null>, ...args: A) => Tensor,
): Module {
  return joint(`nn.${name}`, signature, doc, (at, feed, ...args: A) => body(at, single(feed), ...args)!)
}

/** The layer that an op is, on one input. */
export const own = <K extends OpName>(at: Place, type: string, op: K, attributes: Attributes<K>, x: Tensor): Tensor =>
  module(at, type, op, attributes, [x])

const convolutions: Module[] = ([1, 2, 3] as const).map(rank =>
  layer(
    `Conv${rank}d`,
    'in_channels:int out_channels:int kernel_size:any stride:any=1 padding:any=0 dilation:any=1 groups:int=1 bias:bool=True padding_mode:any=zeros',
    `${rank}D convolution`,
    (at, x, inChannels: number, outChannels: number, k: Arg, s: Arg, p: Arg, d: Arg, groups: number, bias: boolean) => {
      const kernel = axes('kernel_size', k, rank)
      const dilation = axes('dilation', d, rank)
      const stride = axes('stride', s, rank)
      const still = stride.every(step => step === 1)
      demand(p !== 'same' || still, `expects a stride of 1 with padding same and gets ${show(s)}`)
      const padding = p === 'same' ? same(kernel, dilation) : pads(p === 'valid' ? 0 : axes('padding', p, rank), rank)
      const attributes = {
        kernel,
        stride,
        dilation,
        padding,
        inChannels,
        outChannels,
        groups,
        bias,
      }
      return own(at, `Conv${rank}d`, `conv${rank}d`, attributes, x)
    },
  ),
)

const transposed: Module[] = ([1, 2, 3] as const).map(rank =>
  layer(
    `ConvTranspose${rank}d`,
    'in_channels:int out_channels:int kernel_size:any stride:any=1 padding:any=0 output_padding:any=0 groups:int=1 bias:bool=True dilation:any=1',
    `${rank}D transposed convolution`,
    (
      at,
      x,
      inChannels: number,
      outChannels: number,
      k: Arg,
      s: Arg,
      p: Arg,
      op: Arg,
      groups: number,
      bias: boolean,
      d: Arg,
    ) => {
      const outputPadding = axes('output_padding', op, rank)
      const padding = pads(axes('padding', p, rank), rank)
      const sizes = {
        kernel: axes('kernel_size', k, rank),
        stride: axes('stride', s, rank),
        dilation: axes('dilation', d, rank),
      }
      checkOutputPadding(outputPadding, sizes.stride, sizes.dilation)
      return own(
        at,
        `ConvTranspose${rank}d`,
        `conv_transpose${rank}d`,
        { ...sizes, padding, outputPadding, inChannels, outChannels, groups, bias },
        x,
      )
    },
  ),
)

const pools: Module[] = ([1, 2, 3] as const).flatMap(rank => [
  layer(
    `MaxPool${rank}d`,
    'kernel_size:any stride:any=None padding:any=0 dilation:any=1 return_indices:bool=False ceil_mode:bool=False',
    'Max pooling',
    (at, x, k: Arg, s: Arg, p: Arg, d: Arg, indices: boolean, ceil: boolean) => {
      demand(!indices, 'gives indices too, which no later row can take')
      return own(at, `MaxPool${rank}d`, `max_pool${rank}d`, pooling(rank, k, s, p, d, ceil), x)
    },
  ),
  layer(
    `AvgPool${rank}d`,
    'kernel_size:any stride:any=None padding:any=0 ceil_mode:bool=False count_include_pad:bool=True divisor_override:any=None',
    'Average pooling',
    (at, x, k: Arg, s: Arg, p: Arg, ceil: boolean) =>
      own(at, `AvgPool${rank}d`, `avg_pool${rank}d`, pooling(rank, k, s, p, 1, ceil), x),
  ),
  ...(['Avg', 'Max'] as const).map(kind =>
    layer(
      `Adaptive${kind}Pool${rank}d`,
      'output_size:any',
      `${kind === 'Avg' ? 'Average' : 'Max'} pooling to a size`,
      (at, x, size: Arg) => {
        const list = Array.isArray(size) ? size : each(0, rank).map(() => size)
        demand(
          list.length === rank && list.every(s => s === null || isWhole(s)),
          `expects output_size to be a whole number or ${rank} and gets ${show(size)}`,
        )
        const op = kind === 'Avg' ? 'adaptive_avg_pool' : 'adaptive_max_pool'
        return own(at, `Adaptive${kind}Pool${rank}d`, op, { size: list as (number | null)[] }, x)
      },
    ),
  ),
])

/** Layers of torch.nn whose window slides over a map, with the arguments of torch's documentation. */
export const windowModules: readonly Module[] = [...convolutions, ...transposed, ...pools]

function pooling(rank: number, k: Arg, s: Arg, p: Arg, d: Arg, ceil: boolean) {
  const kernel = axes('kernel_size', k, rank)
  const padding = axes('padding', p, rank)
  const most = kernel.map(size => Math.floor(size / 2))
  const wide = padding.findIndex((pad, i) => pad > most[i]!)
  demand(wide < 0, `expects padding of at most half the kernel, ${most[wide]}, and gets ${padding[wide]}`)
  return {
    kernel,
    stride: s === null || (Array.isArray(s) && s.length === 0) ? kernel : axes('stride', s, rank),
    dilation: axes('dilation', d, rank),
    padding: pads(padding, rank),
    ...(ceil ? CEIL : {}),
  }
}

/** torch's `same` at stride 1: what is odd goes to the end. */
const same = (kernel: readonly number[], dilation: readonly number[]): [number, number][] =>
  kernel.map((k, i) => {
    const total = dilation[i]! * (k - 1)
    return [Math.floor(total / 2), total - Math.floor(total / 2)]
  })
