import { type Inference, type Op, wholeNumbers } from '../op'
import { elements, type Shape } from '../shape'
import type { Window } from '../window'
import { rankFault, slideAll } from './layout'

export interface Pooling extends Window {
  readonly channelsLast?: boolean
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
  return { shapes: [dims], faults }
}
