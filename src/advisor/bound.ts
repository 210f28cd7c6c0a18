import type { Graph } from '../core/graph'
import type { Device } from './devices'
import type { Work } from './forms'

/** Seconds that a kernel takes at least: max(2 MACs ÷ peak, bytes ÷ bandwidth) + launch. */
export const kernelTime = (work: Pick<Work, 'macs' | 'traffic'>, device: Device): number =>
  Math.max(arithmeticTime(work.macs, device), memoryTime(work.traffic, device)) + device.launch

export const arithmeticTime = (macs: number, { peak }: Device): number => (2 * macs) / peak

export const memoryTime = (elements: number, { bandwidth, bytesPerElement }: Device): number =>
  (elements * bytesPerElement) / bandwidth

/** Seconds of several kernels, one after the other. */
export const kernelsTime = (kernels: readonly Work[], device: Device): number =>
  kernels.reduce((sum, work) => sum + kernelTime(work, device), 0)

/** The least time of a network and what it goes to: each kernel waits either for arithmetic or for memory. */
export interface LeastTime {
  readonly seconds: number
  readonly arithmetic: number
  readonly memory: number
  readonly launches: number
  readonly kernels: number
  /** False where a kernel's size is not known, or something is not understood: the bound is then lower than it could be. */
  readonly exact: boolean
}

/**
 * The sum over a network's kernels. Every call with MACs (convolution, linear layer, matrix product) is a kernel;
 * norms, activations, additions and pooling are taken as fused into their neighbours and cost nothing.
 */
export function leastTime(graph: Graph, device: Device): LeastTime {
  let [arithmetic, memory, kernels] = [0, 0, 0]
  let exact = graph.stopped === null
  for (const { cost, unknown } of graph.nodes) {
    if (cost.macs === 0) continue
    if (unknown !== null || cost.macs === null || cost.traffic === null) {
      exact = false
      continue
    }
    const [work, wait] = [arithmeticTime(cost.macs, device), memoryTime(cost.traffic, device)]
    if (work > wait) arithmetic += work
    else memory += wait
    kernels++
  }
  const launches = kernels * device.launch
  return { seconds: arithmetic + memory + launches, arithmetic, memory, launches, kernels, exact }
}
