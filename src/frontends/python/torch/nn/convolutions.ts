import type { Convolution } from '../../../../core/ops/convolution'
import type { Shape } from '../../../../core/shape'
import { type Padding, slideBack } from '../../../../core/window'
import { getAttribute } from '../../interpreter/attributes'
import { type Run, raise, refuse } from '../../interpreter/run'
import { tuple } from '../../interpreter/types'
import { asString, type PyClass, PyList, PyTuple, type PyValue } from '../../interpreter/values'
import { nearestDivisors } from '../divisors'
import { callLayer, type PyNNModule } from '../module'
import { PyTensor } from '../tensor'
import { bool, count, dims, each, int, Unknown } from '../values'
import { addParameter, type Bound, input, keep, layerClass, noParameter } from './define'

const SIGNATURE =
  'in_channels, out_channels, kernel_size, stride=, padding=, dilation=, groups=, bias=, padding_mode=, device=, dtype='
const TRANSPOSED =
  'in_channels, out_channels, kernel_size, stride=, padding=, output_padding=, groups=, bias=, dilation=, padding_mode=, device=, dtype='

const BASE =
  'in_channels, out_channels, kernel_size, stride, padding, dilation, transposed, output_padding, groups, bias, padding_mode=, device=, dtype='

/** torch.nn.modules.conv._ConvNd and _ConvTransposeNd: programs test for them, and derive convolutions of their own. */
const convolutionBase = layerClass('_ConvNd', {
  signature: BASE,
  init: (run, self, args) => initializeBase(run, self, args),
})
const transposedBase = layerClass('_ConvTransposeNd', {
  signature: BASE,
  bases: [convolutionBase],
  init: (run, self, args) => initializeBase(run, self, args),
})
export const convolutionBases: readonly PyClass[] = [convolutionBase, transposedBase]

/** torch.nn.Conv1d, Conv2d, Conv3d (torch/nn/modules/conv.py). */
export const convolutions: readonly PyClass[] = ([1, 2, 3] as const).map(rank =>
  layerClass(`Conv${rank}d`, {
    signature: SIGNATURE,
    bases: [convolutionBase],
    init: (run, self, args) => initialize(run, self, args, rank, false),
    forward: (run, self, args) =>
      callLayer(run, self, `conv${rank}d`, convolutionOf(run, self, rank), [input(args)])[0]!,
  }),
)

/** torch.nn.ConvTranspose1d, ConvTranspose2d, ConvTranspose3d. */
export const transposedConvolutions: readonly PyClass[] = ([1, 2, 3] as const).map(rank =>
  layerClass(`ConvTranspose${rank}d`, {
    signature: TRANSPOSED,
    bases: [transposedBase],
    init: (run, self, args) => {
      initialize(run, self, args, rank, true)
    },
    forwardSignature: 'input, output_size=',
    forward: (run, self, args) => {
      const x = input(args)
      const attributes = convolutionOf(run, self, rank)
      const outputPadding =
        args.output_size == null
          ? each(getAttribute(run, self, 'output_padding'), rank, 0)
          : paddingFor(dims(run, [args.output_size]), x.shape, attributes)
      return callLayer(run, self, `conv_transpose${rank}d`, { ...attributes, outputPadding }, [x])[0]!
    },
  }),
)

/** What must be added to the smallest output for the size that is asked for (_ConvTransposeNd._output_padding). */
function paddingFor(wanted: Shape | null, shape: Shape | null, window: Convolution): number[] {
  if (wanted === null || shape === null) throw new Unknown('the output size is not known')
  const rank = window.kernel.length
  const sizes = wanted.slice(-rank)
  if (sizes.length !== rank) raise('ValueError', `output_size must have ${rank} or ${rank + 2} elements`)
  return sizes.map((size, i) => {
    const least = slideBack(shape[shape.length - rank + i]!, window, i, 0)
    if (typeof size !== 'number' || typeof least !== 'number') throw new Unknown('the output size is not known')
    const most = least + window.stride[i]! - 1
    if (size < least || size > most) {
      raise('ValueError', `requested an output size of ${size}, but valid sizes range from ${least} to ${most}`)
    }
    return size - least
  })
}

/** The base class takes its sizes as tuples, one number an axis. */
function initializeBase(run: Run, self: PyNNModule, args: Bound): void {
  const { kernel_size: kernel, transposed } = args
  if (!(kernel instanceof PyTuple || kernel instanceof PyList)) throw new Unknown('the size of its kernel is not known')
  initialize(run, self, args, kernel.items.length, transposed === true)
}

/** Keeps the arguments and registers `weight` and `bias`, with the errors of _ConvNd. */
function initialize(run: Run, self: PyNNModule, args: Bound, rank: number, transposed: boolean): void {
  const inChannels = count(args.in_channels)
  const outChannels = count(args.out_channels)
  const groups = int(args.groups, 1)
  const kernel = each(args.kernel_size, rank, 1)
  const padding = asString(args.padding ?? null)
  const stride = each(args.stride, rank, 1)
  if (groups <= 0) raise('ValueError', 'groups must be a positive integer')
  if (inChannels !== null && inChannels % groups !== 0) {
    refuseGroups('in_channels', groups, inChannels, outChannels)
  }
  if (outChannels !== null && outChannels % groups !== 0) {
    refuseGroups('out_channels', groups, inChannels, outChannels)
  }
  if (padding === 'same' && stride.some(s => s !== 1)) {
    refuse('ValueError', "padding='same' is not supported for strided convolutions", {
      code: 'bad-argument',
      message: who => `${who}: padding='same' expects stride 1 and gets ${stride.find(s => s !== 1)}.`,
      argument: 'padding',
      values: [kernel[0]! >> 1],
    })
  }
  keep(run, self, {
    in_channels: args.in_channels,
    out_channels: args.out_channels,
    kernel_size: tuple(kernel),
    stride: tuple(stride),
    padding: padding ?? tuple(each(args.padding, rank, 0)),
    dilation: tuple(each(args.dilation, rank, 1)),
    groups,
    padding_mode: args.padding_mode ?? 'zeros',
    transposed,
    output_padding: tuple(each(args.output_padding, rank, 0)),
  })
  const per = (channels: number | null): number | null => (channels === null ? null : channels / groups)
  const leading = transposed ? [inChannels, per(outChannels)] : [outChannels, per(inChannels)]
  addParameter(run, self, 'weight', [...leading, ...kernel])
  if (bool(args.bias, true)) addParameter(run, self, 'bias', [outChannels])
  else noParameter(self, 'bias')
}

function refuseGroups(name: string, groups: number, inChannels: number | null, outChannels: number | null): never {
  const [channels, noun] = name === 'in_channels' ? [inChannels, 'input'] : [outChannels, 'output']
  const both = [inChannels, outChannels].filter(c => c !== null)
  return refuse('ValueError', `${name} must be divisible by groups`, {
    code: 'groups-not-dividing',
    message: who => `${who}: groups ${groups} does not divide ${channels} ${noun} channels.`,
    argument: 'groups',
    values: both.length === 2 ? nearestDivisors(groups, ...both) : [],
  })
}

/**
 * The attributes as they are now: programs change the stride, dilation and weight of layers that are built. Channels and
 * kernel are the weight's, as in PyTorch.
 */
export function convolutionOf(run: Run, self: PyNNModule, rank: number): Convolution {
  const read = (name: string): PyValue => getAttribute(run, self, name)
  const groups = int(read('groups'), 1)
  const weight = read('weight')
  const shape = weight instanceof PyTensor && weight.shape?.length === rank + 2 ? weight.shape : null
  const [first, second, ...rest] = shape ?? []
  const transposed = read('transposed') === true
  const number = (dim: unknown): number | null => (typeof dim === 'number' ? dim : null)
  const times = (dim: unknown): number | null => (typeof dim === 'number' ? dim * groups : null)
  const kernel = rest.length > 0 && rest.every(k => typeof k === 'number') ? rest : each(read('kernel_size'), rank, 1)
  const dilation = each(read('dilation'), rank, 1)
  return {
    inChannels: shape ? (transposed ? number(first) : times(second)) : count(read('in_channels')),
    outChannels: shape ? (transposed ? times(second) : number(first)) : count(read('out_channels')),
    kernel,
    stride: each(read('stride'), rank, 1),
    dilation,
    padding: paddingOf(read('padding'), kernel, dilation),
    groups,
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
