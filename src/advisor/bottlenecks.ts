import type { Graph, Node } from '../core/graph'
import { elements } from '../core/shape'
import { convolutionAt, isPointwise, type Neighbours, neighboursOf } from './neighbours'

/** A bottleneck that a network already has: a 1×1 that does not widen, a k×k, and a 1×1 that does not narrow. */
export interface Bottleneck {
  readonly reduction: Node
  readonly spatial: Node
  readonly expansion: Node
  /** MACs of the three; null when unknown. */
  readonly macs: number | null
  /** MACs of one k×k from the first's input to the last's output channels in their place; null when unknown. */
  readonly directMacs: number | null
}

/** Every bottleneck of a network, recognised through norms and activations. */
export function bottlenecks(graph: Graph): Bottleneck[] {
  const neighbours = neighboursOf(graph)
  return graph.nodes.flatMap(node => bottleneckAround(node, neighbours) ?? [])
}

/** What all bottlenecks of a network take, and what direct convolutions in their places would; null where there are none. */
export function bottleneckSums(graph: Graph): { count: number; macs: number; directMacs: number } | null {
  const known = bottlenecks(graph).filter(b => b.macs !== null && b.directMacs !== null)
  if (known.length === 0) return null
  const sum = (of: 'macs' | 'directMacs'): number => known.reduce((total, b) => total + b[of]!, 0)
  return { count: known.length, macs: sum('macs'), directMacs: sum('directMacs') }
}

/** The bottleneck whose k×k a node is. */
export function bottleneckAround(node: Node, neighbours: Neighbours): Bottleneck | null {
  const spatial = convolutionAt(node)
  if (!spatial || spatial.kernel.every(k => k === 1)) return null
  const reduction = neighbours.before(node)
  const expansion = neighbours.after(node)
  const first = convolutionAt(reduction)
  const last = convolutionAt(expansion)
  if (!first || !last || !isPointwise(first) || !isPointwise(last)) return null
  const { inChannels: from, outChannels: narrow } = first
  const { inChannels: narrowed, outChannels: to } = last
  if (from === null || narrow === null || narrowed === null || to === null) return null
  if (narrow > from || to < narrowed || (narrow === from && to === narrowed)) return null
  const out = elements(node.outputs[0]?.shape ?? null)
  const parts = [reduction!, node, expansion!].map(n => n.cost.macs)
  const window = spatial.kernel.reduce((a, b) => a * b, 1)
  return {
    reduction: reduction!,
    spatial: node,
    expansion: expansion!,
    macs: parts.reduce((a, b) => (a === null || b === null ? null : a + b)),
    directMacs: out === null || !spatial.outChannels ? null : window * from * to * (out / spatial.outChannels),
  }
}
