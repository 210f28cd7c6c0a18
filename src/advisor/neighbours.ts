import type { Graph, Node } from '../core/graph'
import { ops } from '../core/ops'
import type { Convolution } from '../core/ops/convolution'

/** The attributes of a convolution that is not transposed; null for every other node. */
export const convolutionAt = (node: Node | null): Convolution | null =>
  node !== null && /^conv[123]d$/.test(node.op) ? (node.attributes as unknown as Convolution) : null

export const isPointwise = ({ kernel, groups }: Convolution): boolean => groups === 1 && kernel.every(k => k === 1)

/** The layers around a node, with the norms, activations and dropout between left out. */
export interface Neighbours {
  before(node: Node): Node | null
  /** The one layer that reads a node's output; null where there are several or none. */
  after(node: Node): Node | null
}

export function neighboursOf(graph: Graph): Neighbours {
  const readers = new Map<Node, Node | 'several'>()
  for (const node of graph.nodes) {
    for (const { producer } of node.inputs) {
      if (producer) readers.set(producer, readers.has(producer) ? 'several' : node)
    }
  }
  const reader = (node: Node): Node | null => {
    const found = readers.get(node)
    return found === undefined || found === 'several' ? null : found
  }
  const producer = (node: Node): Node | null => node.inputs[0]?.producer ?? null
  return { before: node => past(producer(node), producer), after: node => past(reader(node), reader) }
}

function past(node: Node | null, next: (node: Node) => Node | null): Node | null {
  let at = node
  for (let steps = 0; at && steps < MOST_QUIET; steps++) {
    if (at.op === 'unknown' || !ops[at.op].quiet) return at
    at = next(at)
  }
  return null
}

/** More norms and activations than this do not stand between two layers. */
const MOST_QUIET = 16
