import type { ModelAnalysis } from '../analysis/analyze'
import type { SiteCall, SiteSummary } from '../analysis/sites'
import type { Site } from '../core/graph'

/** A call in forward code of layers that are declared elsewhere: those of its calls that are made there. */
export interface CalledAt {
  /** The call expression, in the analysed file. */
  readonly called: Site
  /** What is called, at the line of the program that asked for it. */
  readonly summary: SiteSummary
}

/** Every place of the file that calls a declared layer; none in formats that declare layers where they are called. */
export function calledPlaces(model: ModelAnalysis): readonly CalledAt[] {
  const known = places.get(model)
  if (known) return known
  const found = model.bindings === undefined ? [] : gather(model)
  places.set(model, found)
  return found
}

const places = new WeakMap<ModelAnalysis, readonly CalledAt[]>()

function gather({ sites, graph }: ModelAnalysis): CalledAt[] {
  const asked = new Set<Site>()
  for (const { origin } of [...graph.scopes, ...graph.nodes]) if (origin.asked) asked.add(origin.asked)
  const byCall = new Map<Site, Map<SiteSummary, SiteCall[]>>()
  for (const summary of sites) {
    for (const call of summary.calls) {
      const { called } = call
      // What a container calls is part of the container's call.
      if (!called || called.uri || call.scope?.origin.called === called) continue
      let declared = byCall.get(called)
      if (!declared) {
        declared = new Map()
        byCall.set(called, declared)
      }
      const calls = declared.get(summary)
      if (calls) calls.push(call)
      else declared.set(summary, [call])
    }
  }
  return [...byCall].map(([called, declared]) => {
    const all = [...declared]
    const [{ site }, calls] = all.find(([summary]) => asked.has(summary.site)) ?? all[0]!
    return { called, summary: { site, calls, unused: [] } }
  })
}
