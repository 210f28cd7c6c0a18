import type { Graph, Layer, Node, Origin, Scope, Site, Value } from '../core/graph'
import { ops } from '../core/ops'
import { sameShape } from '../core/shape'
import { type Kind, kindOf } from './kind'

/** One call of what a site declares: a single op, or a composite with the nodes it is made of. Null costs are unknown. */
export interface SiteCall {
  readonly path: string
  readonly type: string
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly nodes: readonly Node[]
  readonly params: number | null
  readonly macs: number | null
  readonly otherOps: number | null
  /** Elements in and out and weights, once each, summed over its ops; null when unknown. */
  readonly traffic: number | null
  /** The kind of the one op that costs MACs; `other` where none or several do. */
  readonly kind: Kind
  /** Norms, activations and dropout: same shape in and out, no hint. */
  readonly quiet: boolean
  /** Where it is called, in formats that call layers in another place. */
  readonly called: Site | undefined
  /** The composite that this call is a part of, by its own site. */
  readonly scope: Scope | null
}

/** Everything that one place of the text builds and calls. */
export interface SiteSummary {
  readonly site: Site
  readonly calls: readonly SiteCall[]
  /** Layers that are declared here and never called: their params count. */
  readonly unused: readonly Layer[]
}

/** Groups a graph by the places that declare it, in text order. A composite's own nodes are part of its call, not sites. */
export function siteSummaries(graph: Graph): SiteSummary[] {
  const bySite = new Map<Site, SiteCall[]>()
  const put = ({ site, asked }: Origin, call: SiteCall): void => {
    for (const place of asked && asked !== site ? [site, asked] : [site]) {
      const calls = bySite.get(place)
      if (calls) calls.push(call)
      else bySite.set(place, [call])
    }
  }
  for (const scope of graph.scopes) {
    if (scope.parent?.origin.site === scope.origin.site) continue
    const nodes = graph.nodes.slice(scope.first, scope.last)
    put(scope.origin, new Call(scope.origin, scope.inputs, scope.outputs, nodes, scope.parent))
  }
  let firstCalls = 0
  for (const node of graph.nodes) {
    if (node.layer && node.firstCall) firstCalls++
    if (node.scope?.origin.site === node.origin.site) continue
    put(node.origin, new Call(node.origin, node.inputs, node.outputs, [node], node.scope))
  }
  // In most networks every layer is called, which counting tells without remembering them.
  const unused = firstCalls === graph.layers.length ? NONE : unusedLayers(graph)
  for (const site of unused.keys()) if (!bySite.has(site)) bySite.set(site, [])
  return [...bySite]
    .map(([site, calls]) => ({ site, calls, unused: unused.get(site) ?? [] }))
    .sort((a, b) => a.site.span.start - b.site.span.start)
}

const NONE: ReadonlyMap<Site, Layer[]> = new Map()

function unusedLayers(graph: Graph): Map<Site, Layer[]> {
  const unused = new Map<Site, Layer[]>()
  const called = new Set(graph.nodes.map(node => node.layer))
  for (const layer of graph.layers) {
    if (called.has(layer)) continue
    const { site } = layer.origin
    const layers = unused.get(site)
    if (layers) layers.push(layer)
    else unused.set(site, [layer])
  }
  return unused
}

/** A call whose sums are made when they are read: a hint needs some of them, for the lines on the screen only. */
class Call implements SiteCall {
  readonly path: string
  readonly type: string
  readonly called: Site | undefined
  constructor(
    { path, type, called }: Origin,
    readonly inputs: readonly Value[],
    readonly outputs: readonly Value[],
    readonly nodes: readonly Node[],
    readonly scope: Scope | null,
  ) {
    this.path = path
    this.type = type
    this.called = called
  }

  get params(): number | null {
    return addUp(this.nodes, node => node.cost.params)
  }

  get macs(): number | null {
    return addUp(this.nodes, node => node.cost.macs)
  }

  get otherOps(): number | null {
    return addUp(this.nodes, node => node.cost.otherOps)
  }

  get traffic(): number | null {
    return addUp(this.nodes, node => node.cost.traffic)
  }

  get kind(): Kind {
    const counted = this.nodes.filter(node => node.cost.macs !== 0)
    return counted.length === 1 ? kindOf(counted[0]!) : 'other'
  }

  get quiet(): boolean {
    const { nodes, inputs, outputs } = this
    return (
      nodes.length > 0 &&
      nodes.every(isQuiet) &&
      sameShape(inputs[0]?.shape ?? null, outputs[0]?.shape ?? null) === true
    )
  }
}

const isQuiet = (node: Node): boolean => node.op !== 'unknown' && ops[node.op].quiet === true

function addUp(nodes: readonly Node[], of: (node: Node) => number | null): number | null {
  let total = 0
  for (const node of nodes) {
    const part = of(node)
    if (part === null) return null
    total += part
  }
  return total
}
