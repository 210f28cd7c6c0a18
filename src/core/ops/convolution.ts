import { mulDim } from '../dim'
import { type Fault, formula, type Inference, type Op, type WeightSpec, wholeNumbers } from '../op'
import type { Shape } from '../shape'
import type { Window } from '../window'
import { channelAxis, foldedMaps, positions, rankFault, slideAll } from './layout'

export interface Convolution extends Window {
  /** Null where neither the file nor the input tells. */
  readonly inChannels: number | null
  readonly outChannels: number | null
  readonly groups: number
  readonly bias: boolean
  readonly channelsLast?: boolean
}

/**
 * Convolution (cross-correlation). Input N×Cin×…, output N×Cout×… with every spatial axis slid over; weights
 * Cout×(Cin/groups)×k…, bias Cout (torch.nn.Conv2d). MACs: k… · Cin/groups · Cout · H′ · W′.
 */
export const conv1d = convolution('conv1d', 1)
export const conv2d = convolution('conv2d', 2)
export const conv3d = convolution('conv3d', 3)

function convolution(name: string, spatial: number): Op<Convolution> {
  return {
    name,
    infer: (attributes, [input]) => infer(attributes, input ?? null, spatial),
    weights: attributes => convolutionWeights(attributes, [attributes.outChannels, perGroup(attributes)]),
    macs: ({ kernel, inChannels, outChannels, groups, channelsLast }, [input], [output]) =>
      formula([
        ...foldedMaps(input, spatial),
        ...kernelFactors(kernel),
        [groups === 1 ? 'Cin' : 'Cin/g', inChannels === null ? null : inChannels / groups],
        ['Cout', outChannels],
        ...positions(output, spatial, channelsLast),
      ]),
    otherOps: ({ bias }, _, [output]) => (bias ? elementsOf(output) : 0),
    window: attributes => attributes,
  }
}

/** `k²` for a square kernel, `kh · kw` otherwise. */
export function kernelFactors(kernel: readonly number[]): [string, number][] {
  if (kernel.every(k => k === kernel[0])) {
    const power = ['', 'k', 'k²', 'k³'][kernel.length]!
    return [[power, kernel.reduce((a, b) => a * b, 1)]]
  }
  const names = kernel.length === 2 ? ['kh', 'kw'] : ['kd', 'kh', 'kw']
  return kernel.map((k, i) => [names[i]!, k])
}

/** The weight with its leading dimensions, and a bias as long as the output has channels. */
export function convolutionWeights(
  { kernel, bias, outChannels }: Pick<Convolution, 'kernel' | 'bias' | 'outChannels'>,
  leading: Shape,
): WeightSpec[] {
  const weight: WeightSpec = { name: 'weight', shape: [...leading, ...kernel], kind: 'trainable' }
  return bias ? [weight, { name: 'bias', shape: [outChannels], kind: 'trainable' }] : [weight]
}

/** Faults of channels and groups, as torch.nn.Conv2d raises them when it is built and called. */
export function channelFaults(attributes: Convolution, input: Shape | null, axis: number): Fault[] {
  const { inChannels, outChannels, groups } = attributes
  const faults: Fault[] = []
  const got = input?.[axis]
  if (typeof got === 'number' && inChannels !== null && got !== inChannels) {
    faults.push({
      code: 'shape-mismatch',
      attribute: 'inChannels',
      value: got,
      input: 0,
      message: ({ who, from }) => `${who} expects ${inChannels} input channels and gets ${got}: ${from(0)}.`,
    })
  }
  for (const [channels, noun] of [
    [inChannels, 'input'],
    [outChannels, 'output'],
  ] as const) {
    if (channels === null || channels % groups === 0) continue
    faults.push({
      code: 'groups-not-dividing',
      attribute: 'groups',
      message: ({ who }) => `${who}: groups ${groups} does not divide ${channels} ${noun} channels.`,
    })
    break
  }
  return faults
}

function infer(attributes: Convolution, input: Shape | null, spatial: number): Inference {
  const { outChannels, channelsLast } = attributes
  const bad = attributeFaults(attributes)
  if (bad.length) return { shapes: [null], faults: bad }
  if (input === null) return { shapes: [null], faults: channelFaults(attributes, null, 0) }
  const rank = rankFault(input, spatial)
  if (rank) return { shapes: [null], faults: [rank] }
  const axis = channelAxis(input.length, spatial, channelsLast)
  const { dims, faults } = slideAll(input, attributes, channelsLast)
  dims[axis] = outChannels
  return { shapes: [dims], faults: [...channelFaults(attributes, input, axis), ...faults] }
}

/** Sizes that no framework takes: kernels, strides, dilations, groups and channels under 1, negative padding. */
export function attributeFaults(attributes: Convolution): Fault[] {
  const { kernel, stride, dilation, groups, inChannels, outChannels, padding } = attributes
  return [
    ...wholeNumbers(1, { outChannels, inChannels, kernel, stride, dilation, groups }),
    ...(padding === 'same' ? [] : wholeNumbers(0, { padding: padding.flat() })),
  ]
}

const perGroup = ({ inChannels, groups }: Convolution): number | null =>
  inChannels === null || inChannels % groups !== 0 ? null : inChannels / groups

const elementsOf = (shape: Shape | null | undefined): number | null => {
  const count = shape ? shape.reduce(mulDim, 1) : null
  return count === null ? null : typeof count === 'number' ? count : count.coefficient
}
