import type { Graph, Node, Origin, Scope, Site } from './graph'

/**
 * The place to change in order to change one layer. That is the line of the analysed file that asked for it; else where
 * it is declared, unless that place is in another file, or a small block around this one layer (a convolution with its
 * norm) that the file uses from several lines: then it is the line that uses the block.
 */
export function spelledSites(graph: Graph): (node: Node) => Site {
  const users = new Map<Site, Set<Site | undefined>>()
  for (const part of [...graph.nodes, ...graph.scopes]) {
    const { site } = part.origin
    const found = users.get(site) ?? new Set()
    const user = userOf(part)
    users.set(site, found.add(user ? spelledAt(user.origin) : undefined))
  }
  const isOwn = (site: Site): boolean => !site.uri && (users.get(site)?.size ?? 0) < 2
  return node => {
    const { site: declared } = node.origin
    let site = spelledAt(node.origin)
    if (site !== declared || isOwn(declared)) return site
    for (let { scope } = node; scope && (site.uri || holdsOne(graph, scope)); scope = scope.parent) {
      site = spelledAt(scope.origin)
      if (site !== scope.origin.site || isOwn(site)) return site
    }
    return site
  }
}

/** Where the analysed file asks for something, as far as it does; else where it is declared. */
export const spelledAt = ({ site, asked, returned }: Origin): Site => {
  if (asked && !asked.uri) return asked
  return returned && !returned.uri ? returned : site
}

/** The innermost composite around a node that stands elsewhere in the text. */
function userOf(part: Node | Scope): Scope | null {
  const { origin } = part
  let at = 'scope' in part ? part.scope : part.parent
  while (at?.origin.site === origin.site) at = at!.parent
  return at
}

function holdsOne({ nodes }: Graph, { first, last }: Scope): boolean {
  let count = 0
  for (let id = first; id < last && count < 2; id++) if (nodes[id]!.cost.macs !== 0) count++
  return count === 1
}
