import { type Fault, formula, type Inference, type Op, wholeNumbers } from '../op'
import { elements, type Shape } from '../shape'
import { slideBack } from '../window'
import { attributeFaults, type Convolution, channelFaults, convolutionWeights, kernelFactors } from './convolution'
import { channelAxis, firstSpatial, foldedMaps, positions, rankFault } from './layout'

export interface TransposedConvolution extends Convolution {
  readonly outputPadding: readonly number[]
}

/**
 * Transposed convolution. Spatial size (H − 1) s − pads + d (k − 1) + outputPadding + 1; weights Cin×(Cout/groups)×k…
 * (torch.nn.ConvTranspose2d). MACs: k… · Cin · Cout/groups at every INPUT position, H · W: each input is spread once.
 */
export const convTranspose1d = transposed('conv_transpose1d', 1)
export const convTranspose2d = transposed('conv_transpose2d', 2)
export const convTranspose3d = transposed('conv_transpose3d', 3)

function transposed(name: string, spatial: number): Op<TransposedConvolution> {
  return {
    name,
    infer: (attributes, [input]) => infer(attributes, input ?? null, spatial),
    weights: attributes => convolutionWeights(attributes, [attributes.inChannels, perGroup(attributes)]),
    macs: ({ kernel, inChannels, outChannels, groups, channelsLast }, [input]) =>
      formula([
        ...foldedMaps(input, spatial),
        ...kernelFactors(kernel),
        ['Cin', inChannels],
        [groups === 1 ? 'Cout' : 'Cout/g', outChannels === null ? null : outChannels / groups],
        ...positions(input, spatial, channelsLast).map(([n, v]): [string, number | null] => [n.replace('′', ''), v]),
      ]),
    otherOps: ({ bias }, _, [output]) => (bias ? elements(output ?? null) : 0),
    window: attributes => attributes,
    sees: 'resize',
  }
}

function infer(attributes: TransposedConvolution, input: Shape | null, spatial: number): Inference {
  const bad = [
    ...attributeFaults(attributes),
    ...wholeNumbers(0, { outputPadding: attributes.outputPadding }),
    ...outputPaddingFaults(attributes),
  ]
  if (bad.length) return { shapes: [null], faults: bad }
  if (input === null) return { shapes: [null] }
  const rank = rankFault(input, spatial)
  if (rank) return { shapes: [null], faults: [rank] }
  const axis = channelAxis(input.length, spatial, attributes.channelsLast)
  const start = firstSpatial(input.length, spatial, attributes.channelsLast)
  const dims = [...input]
  for (let i = 0; i < spatial; i++) {
    const size = slideBack(input[start + i]!, attributes, i, attributes.outputPadding[i]!)
    dims[start + i] = typeof size === 'number' && size < 1 ? null : size
  }
  dims[axis] = attributes.outChannels
  return { shapes: [dims], faults: channelFaults(attributes, input, axis) }
}

/** What is added to the output lies within a step, or within the spread of the kernel (PyTorch's check). */
function outputPaddingFaults({ outputPadding, stride, dilation }: TransposedConvolution): Fault[] {
  const at = outputPadding.findIndex((more, i) => more > 0 && more >= stride[i]! && more >= dilation[i]!)
  if (at < 0) return []
  const message: Fault['message'] = ({ who }) =>
    `${who} expects an output padding below its stride ${stride[at]} and gets ${outputPadding[at]}.`
  return [{ code: 'bad-argument', attribute: 'outputPadding', message }]
}

const perGroup = ({ outChannels, groups }: Convolution): number | null =>
  outChannels === null || outChannels % groups !== 0 ? null : outChannels / groups
