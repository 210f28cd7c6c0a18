/** A convolution, or the layers of a form in its place, in numbers: what each layer reads, writes and costs. */
import { largestWhere } from '../../base/search'
import type { PanelFormStep, PanelGeometry } from '../../protocol/panelPicture'

export type LinkKind = 'spatial' | 'pointwise' | 'depthwise' | 'grouped' | 'dense'

/** One layer between two maps. Sizes are spatial, without channels; traffic in elements. */
export interface Link {
  readonly kind: LinkKind
  readonly transposed: boolean
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  /** Zeros before each axis; null stands for `same`. */
  readonly padding: readonly number[] | null
  readonly groups: number
  readonly from: number
  readonly to: number
  readonly input: readonly number[]
  readonly output: readonly number[]
  /** Without the bias. */
  readonly weights: number
  readonly macs: number
  readonly traffic: number
}

/** The layer as it stands. */
export function asWritten(geometry: PanelGeometry): Link {
  const { op, kernel, stride, dilation, padding, groups, cin, cout, input, output, weights, macs, traffic } = geometry
  const transposed = op === 'transposed'
  const kind = kindOf(geometry)
  const sizes = { kernel, stride, dilation, padding, groups, from: cin, to: cout, input, output }
  return { kind, transposed, ...sizes, weights, macs, traffic }
}

function kindOf({ op, kernel, groups, cin }: PanelGeometry): LinkKind {
  if (op === 'linear') return 'dense'
  if (groups > 1) return groups === cin ? 'depthwise' : 'grouped'
  return kernel.every(k => k === 1) ? 'pointwise' : 'spatial'
}

/** Whether a form can stand in its place: a k×k convolution whose kernels see all channels. */
export const canBeReplaced = ({ op, kernel, groups }: PanelGeometry): boolean =>
  op === 'convolution' && groups === 1 && kernel.some(k => k !== 1)

/** The layers of a form at width r. Stride, padding and dilation stay on the k×k, the bias on the last. */
export function through(geometry: PanelGeometry, steps: readonly PanelFormStep[], r: number): Link[] {
  const { kernel, stride, dilation, padding, cin, cout, input, output, bias } = geometry
  const ones = kernel.map(() => 1)
  const channels = { in: cin, out: cout, r }
  const spatialAt = steps.findIndex(step => step.spatial)
  return steps.map(({ spatial, depthwise, ...step }, i) => {
    const [from, to] = [channels[step.from], channels[step.to]]
    const [reads, writes] = [i <= spatialAt ? input : output, i < spatialAt ? input : output]
    const weights = product(spatial ? kernel : ones) * (depthwise ? from : from * to)
    const moved = from * product(reads) + to * product(writes) + weights + (i === steps.length - 1 ? bias : 0)
    return {
      kind: depthwise ? 'depthwise' : spatial ? 'spatial' : 'pointwise',
      transposed: false,
      kernel: spatial ? kernel : ones,
      stride: spatial ? stride : ones,
      dilation: spatial ? dilation : ones,
      padding: spatial ? padding : ones.map(() => 0),
      groups: depthwise ? from : 1,
      from,
      to,
      input: reads,
      output: writes,
      weights,
      macs: weights * product(writes),
      traffic: moved,
    }
  })
}

export const sumOf = (links: readonly Link[], of: 'macs' | 'weights' | 'traffic'): number =>
  links.reduce((sum, link) => sum + link[of], 0)

/** The largest width at which a form takes less than the layer as it stands; null where not even 1 does, or r is none of its. */
export function largestPaying(
  geometry: PanelGeometry,
  steps: readonly PanelFormStep[],
  of: 'macs' | 'traffic',
): number | null {
  if (!steps.some(({ from, to }) => from === 'r' || to === 'r')) return null
  return largestWhere(r => sumOf(through(geometry, steps, r), of) < geometry[of])
}

export const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)
