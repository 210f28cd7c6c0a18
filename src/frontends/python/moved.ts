import type { Span } from '../../base/text'
import type { Graph, Layer, Node, Origin, Scope, Site, Value } from '../../core/graph'
import type { Binding, BuiltModel } from '../frontend'
import { anchorOf } from './places'
import type { Shift } from './shift'

/**
 * A model with its places moved from one text to another that has the same words. What is shared stays shared, and what
 * is told apart by identity is told apart: every site, layer, node, scope and value has one counterpart.
 */
export function movedModel(built: BuiltModel, shift: Shift, before: string, after: string): BuiltModel {
  const site = once((old: Site): Site => (old.uri === undefined ? movedSite(old, shift, before, after) : old))
  const { graph, bindings } = built
  return {
    ...built,
    graph: movedGraph(graph, site),
    ...(bindings ? { bindings: bindings.map(binding => movedBinding(binding, site)) } : {}),
  }
}

function movedSite(old: Site, shift: Shift, before: string, after: string): Site {
  const span = shift.place(old.span)
  // Most hints stand at the end of a line; those of what no line spells, at the end of its place.
  const anchor = old.anchor === anchorOf(before, old.span) ? anchorOf(after, span) : span.end
  if (!old.attributes) return { ...old, span, anchor }
  const attributes: Record<string, { readonly span: Span; readonly spelled?: string }> = {}
  for (const [name, given] of Object.entries(old.attributes)) {
    attributes[name] = { ...given, span: shift.place(given.span) }
  }
  return { ...old, span, anchor, attributes }
}

function movedGraph(graph: Graph, site: (old: Site) => Site): Graph {
  const origin = once((old: Origin): Origin => {
    const made = { ...old } as Record<string, unknown>
    // What an origin holds besides words are sites.
    for (const key in made) if (typeof made[key] === 'object' && made[key] !== null) made[key] = site(made[key] as Site)
    return made as unknown as Origin
  })
  const layer = once((old: Layer): Layer => ({ ...old, origin: origin(old.origin) }))
  const scopes = new Map<Scope, Scope>()
  const values = new Map<Value, Value>()
  const nodes = new Map<Node, Node>()
  // Values and nodes name one another: each is made first and completed after.
  const value = (old: Value): Value => {
    let made = values.get(old)
    if (!made) {
      made = { ...old }
      values.set(old, made)
      const open = made as { -readonly [K in keyof Value]: Value[K] }
      if (old.producer) open.producer = nodes.get(old.producer) ?? old.producer
      if (old.cause) open.cause = nodes.get(old.cause) ?? old.cause
    }
    return made
  }
  for (const old of graph.nodes) nodes.set(old, { ...old })
  for (const old of graph.scopes) scopes.set(old, { ...old })
  for (const old of graph.nodes) {
    const made = nodes.get(old) as { -readonly [K in keyof Node]: Node[K] }
    if (old.layer) made.layer = layer(old.layer)
    if (old.scope) made.scope = scopes.get(old.scope) ?? null
    made.origin = origin(old.origin)
    made.inputs = old.inputs.map(value)
    made.outputs = old.outputs.map(value)
  }
  for (const old of graph.scopes) {
    const made = scopes.get(old) as { -readonly [K in keyof Scope]: Scope[K] }
    made.origin = origin(old.origin)
    if (old.parent) made.parent = scopes.get(old.parent) ?? null
    made.inputs = old.inputs.map(value)
    made.outputs = old.outputs.map(value)
  }
  return {
    ...graph,
    inputs: graph.inputs.map(value),
    outputs: graph.outputs.map(value),
    nodes: graph.nodes.map(old => nodes.get(old)!),
    layers: graph.layers.map(layer),
    scopes: graph.scopes.map(old => scopes.get(old)!),
  }
}

function movedBinding(binding: Binding, site: (old: Site) => Site): Binding {
  const { name, parameter } = binding
  return {
    name,
    parameter,
    site: site(binding.site),
    get shapes() {
      return binding.shapes
    },
  }
}

/** Makes the counterpart of each object once. */
function once<T extends object>(make: (old: T) => T): (old: T) => T {
  const made = new Map<T, T>()
  return old => {
    let counterpart = made.get(old)
    if (counterpart === undefined) {
      counterpart = make(old)
      made.set(old, counterpart)
    }
    return counterpart
  }
}
