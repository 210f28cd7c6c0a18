import type { Attributes } from '../../../core/ops'
import { effectiveKernel, pads } from '../../../core/window'
import {
  call,
  choice,
  flag,
  flagOf,
  given,
  type LayerType,
  numberOf,
  type Param,
  perAxis,
  type Values,
  whole,
} from '../params'

const PADDING_MODES = ['zeros', 'reflect', 'replicate', 'circular']

const groups: Param = whole('groups', 'Channels are cut into so many groups.', { default: 1, attribute: 'groups' })

const dilation = (axes: number): Param => ({
  name: 'dilation',
  type: 'ints',
  axes,
  default: 1,
  attribute: 'dilation',
  doc: 'Distance between the points of the kernel.',
})

const channels = (lazy: boolean): Param[] => [
  ...(lazy
    ? []
    : [whole('in_channels', 'Channels of the input; inferred.', { inferred: true, attribute: 'inChannels' })]),
  whole('out_channels', 'Channels of the output.', { attribute: 'outChannels' }),
]

/** torch.nn's convolutions and transposed convolutions of 1 to 3 axes, and their lazy spellings. */
export const convolutions: readonly LayerType[] = [1, 2, 3].flatMap(axes => [
  convolution(axes, false),
  convolution(axes, true),
  transposed(axes, false),
  transposed(axes, true),
])

function convolution(axes: number, lazy: boolean): LayerType {
  return {
    name: `${lazy ? 'Lazy' : ''}Conv${axes}d`,
    doc: `Convolution over ${axes} ${axes === 1 ? 'axis' : 'axes'}.`,
    params: [
      ...channels(lazy),
      { name: 'kernel_size', type: 'ints', axes, attribute: 'kernel', doc: 'Size of the kernel.' },
      { name: 'stride', type: 'ints', axes, default: 1, attribute: 'stride', doc: 'Step of the kernel.' },
      {
        name: 'padding',
        type: 'padding',
        axes,
        default: 0,
        least: 0,
        choices: ['same', 'valid'],
        attribute: 'padding',
        doc: 'Zeros on each side; same keeps the size at stride 1.',
      },
      dilation(axes),
      groups,
      flag('bias', true, 'A learnable bias for each output channel.'),
      choice('padding_mode', 'zeros', PADDING_MODES, 'What the padding holds.'),
    ],
    check: ({ padding, stride }) =>
      padding === 'same' && perAxis(stride, axes).some(s => s !== 1) ? 'takes padding same with stride 1 only.' : null,
    calls: (values, input) => {
      const base = common(values, input, axes)
      return [call(`conv${axes as 1 | 2 | 3}d`, { ...base, padding: padding(values, base.kernel, base.dilation) })]
    },
  }
}

function transposed(axes: number, lazy: boolean): LayerType {
  return {
    name: `${lazy ? 'Lazy' : ''}ConvTranspose${axes}d`,
    doc: `Transposed convolution over ${axes} ${axes === 1 ? 'axis' : 'axes'}.`,
    params: [
      ...channels(lazy),
      { name: 'kernel_size', type: 'ints', axes, attribute: 'kernel', doc: 'Size of the kernel.' },
      { name: 'stride', type: 'ints', axes, default: 1, attribute: 'stride', doc: 'How far apart inputs are spread.' },
      { name: 'padding', type: 'ints', axes, default: 0, least: 0, attribute: 'padding', doc: 'Cut off on each side.' },
      {
        name: 'output_padding',
        type: 'ints',
        axes,
        default: 0,
        least: 0,
        attribute: 'outputPadding',
        doc: 'Added at the end of the output.',
      },
      groups,
      flag('bias', true, 'A learnable bias for each output channel.'),
      dilation(axes),
      choice('padding_mode', 'zeros', ['zeros'], 'What the padding holds.'),
    ],
    check: ({ output_padding, stride, dilation }) => {
      const [steps, points] = [perAxis(stride, axes), perAxis(dilation, axes)]
      const added = perAxis(output_padding, axes)
      const axis = added.findIndex((a, i) => a >= Math.max(steps[i]!, points[i]!))
      if (axis < 0) return null
      return `expects output_padding under its stride or dilation, ${Math.max(steps[axis]!, points[axis]!)}, and gets ${added[axis]}.`
    },
    calls: (values, input) => [
      call(`conv_transpose${axes as 1 | 2 | 3}d`, {
        ...common(values, input, axes),
        padding: pads(perAxis(values.padding, axes), axes),
        outputPadding: perAxis(values.output_padding, axes),
      }),
    ],
  }
}

function common(values: Values, input: Parameters<LayerType['calls']>[1], axes: number) {
  return {
    inChannels: given(values, 'in_channels', input, axes + 1),
    outChannels: numberOf(values, 'out_channels'),
    kernel: perAxis(values.kernel_size, axes),
    stride: perAxis(values.stride, axes),
    dilation: perAxis(values.dilation, axes),
    groups: numberOf(values, 'groups'),
    bias: flagOf(values, 'bias'),
  }
}

/** torch's `same` pads d (k − 1) in all, one more at the end where that is odd; it takes stride 1 only. */
function padding(values: Values, kernel: number[], dilations: number[]): Attributes<'conv2d'>['padding'] {
  if (values.padding === 'valid') return pads(0, kernel.length)
  if (values.padding !== 'same') return pads(perAxis(values.padding, kernel.length), kernel.length)
  return kernel.map((k, i) => {
    const total = effectiveKernel(k, dilations[i]!) - 1
    return [Math.floor(total / 2), Math.ceil(total / 2)] as const
  })
}
