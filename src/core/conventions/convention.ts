import type { Graph, Node } from '../graph'
import { elements, type Shape } from '../shape'

/** How another tool counts, so that a difference between its totals and ours can be explained. */
export interface Convention {
  /** As `--convention` takes it. */
  readonly name: string
  readonly title: string
  /** What its number is called; a multiply-accumulate counts as 1 unless `says` tells otherwise. */
  readonly unit: string
  /** Where the tool states its rules. */
  readonly source: string
  /** What it does differently from us, a sentence each. */
  readonly says: readonly string[]
  /** Its count of the work of one call; null where a size is unknown. Absent for tools that count params alone. */
  readonly work?: (node: Node, graph: Graph) => number | null
  /** Its count of params, where that is not ours. */
  readonly params?: (graph: Graph) => number | null
}

/** A tool's totals; what is unknown is left out and makes them lower bounds. */
export interface ConventionTotals {
  readonly work: number | null
  readonly params: number | null
  readonly exact: boolean
}

export function countBy(convention: Convention, graph: Graph): ConventionTotals {
  const { work, params } = convention
  let sum = 0
  let exact = graph.stopped === null
  for (const node of work ? graph.nodes : []) {
    const part = node.op === 'unknown' ? null : work!(node, graph)
    if (part === null) exact = false
    else sum += part
  }
  const own = params?.(graph) ?? null
  if (params && own === null) exact = false
  return { work: work ? sum : null, params: own, exact }
}

/** Elements of the first input; null when unknown. */
export const read = (node: Node): number | null => elements(node.inputs[0]?.shape ?? null)

/** Elements of the first output; null when unknown. */
export const written = (node: Node): number | null => elements(node.outputs[0]?.shape ?? null)

export const times = (factor: number, count: number | null): number | null => (count === null ? null : factor * count)

export const plus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b)

export const isConvolution = (node: Node): boolean => node.op.startsWith('conv')
export const isTransposed = (node: Node): boolean => node.op.startsWith('conv_transpose')
export const isNorm = (node: Node): boolean => NORMS.has(node.op)

/** Whether a norm has learnable scale and shift. */
export const isAffine = (node: Node): boolean => node.attributes.scale === true

export const hasBias = (node: Node): boolean => node.attributes.bias === true

/** Weights and biases of the called layer, statistics left out; null when one is unknown. */
export function weights(node: Node): number | null {
  let sum: number | null = 0
  for (const weight of node.layer?.weights ?? []) if (weight.kind !== 'buffer') sum = plus(sum, weight.elements)
  return sum
}

/** Output positions of a convolution: its output without batch and channels. */
export function outputPositions(node: Node): number | null {
  const count = written(node)
  const channels = node.attributes.outChannels
  return count === null || typeof channels !== 'number' || channels === 0 ? null : count / channels
}

/** A convolution's MACs at every output position, also for a transposed one, whose true work is at the input's. */
export function macsAtOutput(node: Node): number | null {
  if (!isTransposed(node)) return node.cost.macs
  const bias = hasBias(node) ? (node.attributes.outChannels as number | null) : 0
  const positions = outputPositions(node)
  const all = weights(node)
  return all === null || bias === null || positions === null ? null : (all - bias) * positions
}

/** Spatial sizes of a channels-first map, multiplied. */
export const area = (shape: Shape | null | undefined): number | null => (shape ? elements(shape.slice(2)) : null)

const NORMS: ReadonlySet<string> = new Set(['batch_norm', 'instance_norm', 'group_norm', 'layer_norm'])
