import type { Graph, Node, Scope, Site, Value } from '../core/graph'
import { ops } from '../core/ops'
import { spelledSites } from '../core/spelling'

/** A node of the module-path tree: a layer, a container that adds up what is in it, or the `rest` of a container. */
export type CostItem = CostLayer | CostBox

/** One call that costs multiply-accumulates or might; norms and activations that its line spells with it are its own. */
export interface CostLayer {
  readonly kind: 'layer'
  /** Relative to its container; `downsample.0` where a container held this alone. */
  name: string
  /** Module path, with `#2` from the second call of one path on. */
  readonly id: string
  /** The place to change in order to change it. */
  readonly site: Site
  /** The node that is counted. */
  readonly node: Node
  readonly nodes: readonly Node[]
  readonly sum: Sum
}

/** A module with several layers. */
export interface CostBox {
  readonly kind: 'box'
  name: string
  readonly id: string
  /** The module that it is an instance of, where the file spells one. */
  readonly scope: Scope | undefined
  readonly items: CostItem[]
  /** Norms and other layers that cost no multiply-accumulates but have params. */
  readonly rest: Node[]
  sum: Sum
}

/** Costs of several nodes: what is known of them, and whether that is all. */
export interface Sum {
  readonly macs: number
  readonly params: number
  readonly macsExact: boolean
  readonly paramsExact: boolean
}

/**
 * The layers of a graph as a tree by module path, in the order of execution. Chains of containers with one thing in
 * them are one item; the outermost single container is left out.
 */
export function costTree(graph: Graph): CostBox {
  // Of several composites with one path, the outermost is what the file spells there.
  const scopes = new Map([...graph.scopes].reverse().map(scope => [scope.origin.path, scope]))
  const siteOf = spelledSites(graph)
  const root = box('', '', undefined)
  const boxes = new Map<string, CostBox>([['', root]])
  const boxAt = (path: string): CostBox => {
    let found = boxes.get(path)
    if (!found) {
      found = box(lastOf(path), path, scopes.get(path))
      boxes.set(path, found)
      boxAt(parentOf(path)).items.push(found)
    }
    return found
  }
  const ids = new Map<string, number>()
  for (const group of groupsBySpelling(graph)) {
    const counted = group.filter(isCounted)
    const whole = counted.length === 1 ? group : undefined
    for (const node of counted) {
      const path = whole ? spelledPath(node, whole) : node.origin.path
      const call = (ids.get(path) ?? 0) + 1
      ids.set(path, call)
      const nodes = whole ?? [node]
      const id = call === 1 ? path : `${path}#${call}`
      const name = call === 1 ? lastOf(path) : `${lastOf(path)} #${call}`
      boxAt(parentOf(path)).items.push({
        kind: 'layer',
        name,
        id,
        site: siteOf(node),
        node,
        nodes,
        sum: sumOf(nodes),
      })
    }
    if (whole) continue
    for (const node of group) if (!isCounted(node) && hasParams(node)) boxAt(parentOf(node.origin.path)).rest.push(node)
  }
  return withoutWrapper(collapse(root))
}

/** The layers under an item, in the order of the tree. */
export function layersOf(item: CostItem): CostLayer[] {
  return item.kind === 'layer' ? [item] : item.items.flatMap(layersOf)
}

/** Adds sums up. */
export const addSums = (sums: readonly Sum[]): Sum =>
  sums.reduce(
    (a, b) => ({
      macs: a.macs + b.macs,
      params: a.params + b.params,
      macsExact: a.macsExact && b.macsExact,
      paramsExact: a.paramsExact && b.paramsExact,
    }),
    { macs: 0, params: 0, macsExact: true, paramsExact: true },
  )

/** Adds nodes up; what is unknown is left out and makes the sum a lower bound. */
export function sumOf(nodes: readonly Node[]): Sum {
  let macs = 0
  let params = 0
  let macsExact = true
  let paramsExact = true
  for (const { cost, unknown } of nodes) {
    macs += cost.macs ?? 0
    params += cost.params ?? 0
    if (cost.macs === null || unknown !== null) macsExact = false
    if (cost.params === null || unknown !== null) paramsExact = false
  }
  return { macs, params, macsExact, paramsExact }
}

/** What an item gives on: the output of its module, or of the last of its layers. */
export function outputOf(item: CostItem): Value | undefined {
  if (item.kind === 'box' && item.scope?.outputs[0]) return item.scope.outputs[0]
  const layer = item.kind === 'layer' ? item : layersOf(item).reduce<CostLayer | undefined>(later, undefined)
  return layer?.nodes.at(-1)?.outputs[0]
}

const later = (a: CostLayer | undefined, b: CostLayer): CostLayer => (a && a.node.id > b.node.id ? a : b)

/** Worth a row of its own: it multiplies, or it has params and is no norm or activation, or nobody knows. */
const isCounted = (node: Node): boolean =>
  node.cost.macs !== 0 || (node.cost.params !== 0 && !(node.op !== 'unknown' && ops[node.op].quiet))

const hasParams = (node: Node): boolean => node.cost.params !== 0

/**
 * Nodes that one line of the file spells as one layer: the same place in the text, under the same module. A composite
 * such as convolution + norm + activation is a group.
 */
function groupsBySpelling(graph: Graph): Node[][] {
  const bySite = new Map<object, Map<string, Node[]>>()
  const groups: Node[][] = []
  for (const node of graph.nodes) {
    let byParent = bySite.get(node.origin.site)
    if (!byParent) {
      byParent = new Map()
      bySite.set(node.origin.site, byParent)
    }
    const parent = parentOf(node.origin.path)
    const group = byParent.get(parent)
    if (group) group.push(node)
    else {
      const fresh = [node]
      byParent.set(parent, fresh)
      groups.push(fresh)
    }
  }
  return groups
}

/** The module's path where the whole group is one module of the file's, else the node's own. */
function spelledPath(node: Node, group: readonly Node[]): string {
  const { scope, origin } = node
  const whole = scope && scope.origin.site === origin.site && group.every(other => other.scope === scope)
  return whole && scope.last - scope.first === group.length ? scope.origin.path : origin.path
}

const box = (name: string, id: string, scope: Scope | undefined): CostBox => ({
  kind: 'box',
  name,
  id,
  scope,
  items: [],
  rest: [],
  sum: { macs: 0, params: 0, macsExact: true, paramsExact: true },
})

/** Joins chains of containers, drops empty ones, and adds up from the leaves. */
function collapse(container: CostBox): CostBox {
  const items: CostItem[] = []
  for (const item of container.items) {
    const joined = item.kind === 'box' ? join(collapse(item), container) : item
    if (joined) items.push(joined)
  }
  container.items.splice(0, container.items.length, ...items.sort((a, b) => firstOf(a) - firstOf(b)))
  container.sum = addSums([sumOf(container.rest), ...container.items.map(item => item.sum)])
  return container
}

/** The box itself, or the one thing in it under a joined name; what else it holds goes where it is still counted. */
function join(inner: CostBox, container: CostBox): CostItem | undefined {
  const [only, ...others] = inner.items
  if (!only) {
    container.rest.push(...inner.rest)
    return undefined
  }
  if (others.length) return inner
  only.name = `${inner.name}.${only.name}`
  if (only.kind === 'layer') container.rest.push(...inner.rest)
  else {
    only.rest.push(...inner.rest)
    only.sum = addSums([only.sum, sumOf(inner.rest)])
  }
  return only
}

function withoutWrapper(root: CostBox): CostBox {
  const [only, ...others] = root.items
  if (!only || others.length || only.kind === 'layer') return root
  only.rest.push(...root.rest)
  only.sum = root.sum
  return only
}

const firstOf = (item: CostItem): number => (item.kind === 'layer' ? item.node.id : firstOf(item.items[0]!))

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')))
const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1)
