import type { Graph, Node, Scope } from '../core/graph'
import { ops } from '../core/ops'

/** One call as reports list it: of a leaf module, or of an op that costs something or is not understood. */
export interface Call {
  readonly path: string
  /** As the file spells it. */
  readonly type: string
  /** What runs in it, in order: one node, or several of a module whose own code uses functions and no other module. */
  readonly nodes: readonly Node[]
  /** That module; null where the call is its one node. */
  readonly scope: Scope | null
  /** Its own, given at its first call and 0 at later ones; null is unknown. */
  readonly params: number | null
  readonly macs: number | null
}

/** Every layer call in execution order. */
export function callsOf(graph: Graph): Call[] {
  const parents = new Set(graph.scopes.map(scope => scope.parent))
  const own = new Map(graph.layers.map(layer => [layer.origin.path, layer]))
  const told = new Set<Scope>()
  const counted = new Set<string>()
  return graph.nodes.flatMap(node => {
    const { scope } = node
    if (!scope || scope.origin.called === undefined || node.origin.called !== undefined || parents.has(scope))
      return isCall(node) ? [single(node)] : []
    const nodes = graph.nodes.slice(scope.first, scope.last)
    if (nodes.some(inner => inner.origin.called !== undefined)) return isCall(node) ? [single(node)] : []
    if (told.has(scope)) return []
    told.add(scope)
    const { path, type } = scope.origin
    const weights = counted.has(path) ? [] : (own.get(path)?.weights ?? [])
    counted.add(path)
    const params = addUp(weights.filter(w => w.kind !== 'buffer').map(w => w.elements))
    return [{ path, type, nodes, scope, params, macs: addUp(nodes.map(inner => inner.cost.macs)) }]
  })
}

/** The op of a call: of several, the first that multiplies, else the last. */
export const mainNode = ({ nodes }: Call): Node => nodes.find(node => node.cost.macs !== 0) ?? nodes.at(-1)!

/** Sum, null as soon as one part is unknown. */
export const addUp = (parts: readonly (number | null)[]): number | null =>
  parts.reduce<number | null>((a, b) => (a === null || b === null ? null : a + b), 0)

const single = (node: Node): Call => ({
  path: node.origin.path,
  type: node.origin.type,
  nodes: [node],
  scope: null,
  params: node.cost.params,
  macs: node.cost.macs,
})

/**
 * Whatever costs params or MACs or is not understood, and every call of a leaf layer. Other functions (a concatenation
 * inside a composite) are told from layers by their path, which is the composite's own.
 */
function isCall(node: Node): boolean {
  const { params, macs } = node.cost
  if (params !== 0 || macs !== 0 || node.unknown !== null) return true
  if (node.op === 'constant' || node.op === 'parameter') return false
  if (node.layer !== null && 'weights' in ops[node.layer.op] && node.layer.weights.length > 0) return true
  return node.scope === null || node.origin.path !== node.scope.origin.path
}
