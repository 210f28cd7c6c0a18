import { type Fault, type Inference, type Op, wholeNumbers } from '../op'
import { elements, type Shape } from '../shape'
import { effectiveKernel, type Window } from '../window'
import { rankFault, slideAll } from './layout'

export interface Pooling extends Window {
  readonly channelsLast?: boolean
  /** Padding beyond half of the kernel is refused (PyTorch). */
  readonly halfPadding?: boolean
  /** The p of a power-average pooling: 2 for L2 pooling; absent for the mean and the maximum. */
  readonly power?: number
}

/** Max pooling: every spatial axis slid over, channels kept (torch.nn.MaxPool2d). k² comparisons an output. */
export const maxPool1d = pooling('max_pool1d', 1)
export const maxPool2d = pooling('max_pool2d', 2)
export const maxPool3d = pooling('max_pool3d', 3)

/** Average pooling: as max pooling; k² operations an output (torch.nn.AvgPool2d). */
export const avgPool1d = pooling('avg_pool1d', 1)
export const avgPool2d = pooling('avg_pool2d', 2)
export const avgPool3d = pooling('avg_pool3d', 3)

function pooling(name: string, spatial: number): Op<Pooling> {
  return {
    name,
    infer: (attributes, [input]) => infer(attributes, input ?? null, spatial),
    otherOps: ({ kernel }, _, [output]) => {
      const out = elements(output ?? null)
      return out === null ? null : out * kernel.reduce((a, b) => a * b, 1)
    },
    window: attributes => attributes,
  }
}

function infer(attributes: Pooling, input: Shape | null, spatial: number): Inference {
  const { kernel, stride, dilation, padding } = attributes
  const bad = [
    ...wholeNumbers(1, { kernel, stride, dilation }),
    ...(padding === 'same' ? [] : wholeNumbers(0, { padding: padding.flat() })),
  ]
  if (bad.length || input === null) return { shapes: [null], faults: bad }
  const rank = rankFault(input, spatial)
  if (rank) return { shapes: [null], faults: [rank] }
  const { dims, faults } = slideAll(input, attributes, attributes.channelsLast)
  return { shapes: [dims], faults: [...(attributes.halfPadding ? paddingFaults(attributes) : []), ...faults] }
}

/** torch.nn.MaxPool2d: "pad should be at most half of effective kernel size" (aten/src/ATen/native/Pool.h). */
function paddingFaults({ kernel, dilation, padding }: Pooling): Fault[] {
  if (padding === 'same') return []
  const at = kernel.findIndex((k, i) => padding[i]![0] > effectiveKernel(k, dilation[i]!) / 2)
  if (at < 0) return []
  const [reach, given] = [effectiveKernel(kernel[at]!, dilation[at]!), padding[at]![0]]
  const most = Math.floor(reach / 2)
  return [
    {
      code: 'bad-argument',
      attribute: 'padding',
      value: most,
      message: ({ who }) => `${who} expects padding of at most ${most}, half of kernel ${reach}, and gets ${given}.`,
    },
  ]
}
