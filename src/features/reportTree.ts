import { describeNode } from '../analysis/kind'
import type { Graph, Node, Origin, Scope, Site, Value } from '../core/graph'
import { mergeReach, type Reach } from '../core/reach'

/** What is known of a sum, and whether all of it is. */
export interface Sum {
  readonly value: number
  readonly exact: boolean
}

/** One call as the file spells it, at its depth in the tree of composites; composites come before what they are made of. */
export interface ReportRow {
  readonly depth: number
  readonly path: string
  /** The path without that of the composite around it. */
  readonly name: string
  readonly type: string
  /** `Conv2d 7×7, stride 2 3→64`: the type, and what its one op does where that costs MACs. */
  readonly what: string
  readonly site: Site
  readonly outputs: readonly Value[]
  readonly params: Sum
  readonly macs: Sum
  readonly reach: Reach
  /** Whether other rows stand under it, whose sums it is. */
  readonly composite: boolean
}

/**
 * A model's calls in execution order, one row for what the file spells as one layer. The ops of a composite that is
 * spelled in one place are folded into its row; what stands in places of its own follows one level deeper.
 */
export function reportRows(graph: Graph): ReportRow[] {
  const rows: Writable<ReportRow>[] = []
  const around = new Map<Scope, Writable<ReportRow>>()
  const put = (origin: Origin, outputs: readonly Value[], nodes: readonly Node[], scope: Scope | null) => {
    const parent = scope ? around.get(scope) : undefined
    if (parent) parent.composite = true
    const row = rowOf(origin, outputs, nodes, parent)
    rows.push(row)
    return row
  }
  let next = 0
  for (let id = 0; id <= graph.nodes.length; id++) {
    for (; graph.scopes[next]?.first === id; next++) {
      const scope = graph.scopes[next]!
      const { origin, outputs, parent, first, last } = scope
      const folded = parent?.origin.site === origin.site
      around.set(scope, folded ? around.get(parent!)! : put(origin, outputs, graph.nodes.slice(first, last), parent))
    }
    const node = graph.nodes[id]
    if (node && node.scope?.origin.site !== node.origin.site) put(node.origin, node.outputs, [node], node.scope)
  }
  return rows
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function rowOf(
  { site, path, type }: Origin,
  outputs: readonly Value[],
  nodes: readonly Node[],
  parent: ReportRow | undefined,
): ReportRow {
  const costly = nodes.filter(node => node.cost.macs !== 0)
  const detail = costly.length === 1 && costly[0]!.unknown === null ? describeNode(costly[0]!) : ''
  return {
    depth: parent ? parent.depth + 1 : 0,
    path,
    name: (parent && path.startsWith(`${parent.path}.`) ? path.slice(parent.path.length + 1) : path) || type,
    type,
    what: detail ? `${type} ${detail}` : type,
    site,
    outputs,
    params: addUp(nodes.map(node => node.cost.params)),
    macs: addUp(nodes.map(node => node.cost.macs)),
    reach: mergeReach(outputs.map(value => value.reach)),
    composite: false,
  }
}

const addUp = (parts: readonly (number | null)[]): Sum => ({
  value: parts.reduce<number>((total, part) => total + (part ?? 0), 0),
  exact: !parts.includes(null),
})
