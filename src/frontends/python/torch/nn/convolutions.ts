import type { Convolution } from '../../../../core/ops/convolution'
import type { Padding } from '../../../../core/window'
import { getAttribute } from '../../interpreter/attributes'
import { type Run, raise } from '../../interpreter/run'
import { tuple } from '../../interpreter/types'
import { asString, type PyClass, PyList, PyTuple, type PyValue } from '../../interpreter/values'
import { callLayer, type PyNNModule } from '../module'
import { bool, each, int } from '../values'
import { addParameter, type Bound, input, keep, layerClass, noParameter } from './define'

const SIGNATURE =
  'in_channels, out_channels, kernel_size, stride=, padding=, dilation=, groups=, bias=, padding_mode=, device=, dtype='
const TRANSPOSED =
  'in_channels, out_channels, kernel_size, stride=, padding=, output_padding=, groups=, bias=, dilation=, padding_mode=, device=, dtype='

/** torch.nn.Conv1d, Conv2d, Conv3d (torch/nn/modules/conv.py). */
export const convolutions: readonly PyClass[] = ([1, 2, 3] as const).map(rank =>
  layerClass(`Conv${rank}d`, {
    signature: SIGNATURE,
    init: (run, self, args) => initialize(run, self, args, rank, false),
    forward: (run, self, args) =>
      callLayer(run, self, `conv${rank}d`, convolutionOf(run, self, rank), [input(args)])[0]!,
  }),
)

/** torch.nn.ConvTranspose1d, ConvTranspose2d, ConvTranspose3d. */
export const transposedConvolutions: readonly PyClass[] = ([1, 2, 3] as const).map(rank =>
  layerClass(`ConvTranspose${rank}d`, {
    signature: TRANSPOSED,
    init: (run, self, args) => {
      initialize(run, self, args, rank, true)
      keep(run, self, { output_padding: tuple(each(args.output_padding, rank, 0)) })
    },
    forwardSignature: 'input, output_size=',
    forward: (run, self, args) => {
      const attributes = convolutionOf(run, self, rank)
      const outputPadding = each(getAttribute(run, self, 'output_padding'), rank, 0)
      return callLayer(run, self, `conv_transpose${rank}d`, { ...attributes, outputPadding }, [input(args)])[0]!
    },
  }),
)

/** Keeps the arguments and registers `weight` and `bias`, with the errors of _ConvNd. */
function initialize(run: Run, self: PyNNModule, args: Bound, rank: number, transposed: boolean): void {
  const inChannels = int(args.in_channels)
  const outChannels = int(args.out_channels)
  const groups = int(args.groups, 1)
  const kernel = each(args.kernel_size, rank, 1)
  if (groups <= 0) raise('ValueError', 'groups must be a positive integer')
  if (inChannels % groups !== 0) raise('ValueError', 'in_channels must be divisible by groups')
  if (outChannels % groups !== 0) raise('ValueError', 'out_channels must be divisible by groups')
  const padding = asString(args.padding ?? null)
  keep(run, self, {
    in_channels: inChannels,
    out_channels: outChannels,
    kernel_size: tuple(kernel),
    stride: tuple(each(args.stride, rank, 1)),
    padding: padding ?? tuple(each(args.padding, rank, 0)),
    dilation: tuple(each(args.dilation, rank, 1)),
    groups,
    padding_mode: args.padding_mode ?? 'zeros',
    transposed,
  })
  const leading = transposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups]
  addParameter(run, self, 'weight', [...leading, ...kernel])
  if (bool(args.bias, true)) addParameter(run, self, 'bias', [outChannels])
  else noParameter(self, 'bias')
}

/** The attributes as they are now: programs change the stride and dilation of layers that are built. */
export function convolutionOf(run: Run, self: PyNNModule, rank: number): Convolution {
  const read = (name: string): PyValue => getAttribute(run, self, name)
  const kernel = each(read('kernel_size'), rank, 1)
  const dilation = each(read('dilation'), rank, 1)
  return {
    inChannels: int(read('in_channels')),
    outChannels: int(read('out_channels')),
    kernel,
    stride: each(read('stride'), rank, 1),
    dilation,
    padding: paddingOf(read('padding'), kernel, dilation),
    groups: int(read('groups'), 1),
    bias: self.parameters.get('bias') != null,
  }
}

/** Numbers, or 'same' and 'valid'. PyTorch's 'same' pads dilation · (kernel − 1), the odd one at the end, at stride 1. */
export function paddingOf(value: PyValue, kernel: readonly number[], dilation: readonly number[]): Padding {
  const named = asString(value)
  if (named === 'valid') return kernel.map(() => [0, 0] as const)
  if (named === 'same') {
    return kernel.map((k, i) => {
      const total = dilation[i]! * (k - 1)
      return [total >> 1, total - (total >> 1)] as const
    })
  }
  const plain = value instanceof PyTuple || value instanceof PyList ? value : null
  return each(plain ?? value, kernel.length, 0).map(p => [p, p] as const)
}
