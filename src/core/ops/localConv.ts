import { formula, type Op } from '../op'
import { attributeFaults, type Convolution, channelFaults, kernelFactors } from './convolution'
import { channelAxis, positions, rankFault, slideAll } from './layout'

export interface LocalConvolution extends Convolution {
  /** Output positions, which decide the number of weights; null when the input is unknown. */
  readonly positions: number | null
}

/**
 * Locally connected layer: a convolution whose weights are not shared between positions (darknet src/local_layer.c,
 * keras.layers.LocallyConnected2D): positions · k² · Cin · Cout weights, positions · Cout biases.
 */
export const localConv2d: Op<LocalConvolution> = {
  name: 'local_conv2d',
  infer: (attributes, [input]) => {
    const bad = attributeFaults(attributes)
    if (bad.length || !input) return { shapes: [null], faults: bad }
    const rank = rankFault(input, 2)
    if (rank) return { shapes: [null], faults: [rank] }
    const axis = channelAxis(input.length, 2, attributes.channelsLast)
    const { dims, faults } = slideAll(input, attributes, attributes.channelsLast)
    dims[axis] = attributes.outChannels
    return { shapes: [dims], faults: [...channelFaults(attributes, input, axis), ...faults] }
  },
  weights: ({ kernel, inChannels, outChannels, bias, positions }) => [
    { name: 'weight', shape: [positions, outChannels, inChannels, ...kernel], kind: 'trainable' },
    ...(bias ? [{ name: 'bias', shape: [positions, outChannels], kind: 'trainable' } as const] : []),
  ],
  macs: ({ kernel, inChannels, outChannels, channelsLast }, _, [output]) =>
    formula([
      ...kernelFactors(kernel),
      ['Cin', inChannels],
      ['Cout', outChannels],
      ...positions(output, 2, channelsLast),
    ]),
  window: attributes => attributes,
}
