/**
 * A block's lines run many times; the reader may pin one of its instances, whose shapes and costs they then show alone:
 *
 *   self.conv2 = conv3x3(width, width)    64×56×56…512×7×7 ×16 · 1.85G MACs
 *   self.conv2 = conv3x3(width, width)    N×256×14×14 · 590k params · 116M MACs     layer3.0 is pinned
 */
import type { Analysis, Binding, ModelAnalysis, OutlineItem } from '../analysis/analyze'
import type { SiteCall, SiteSummary } from '../analysis/sites'
import { formatShare } from '../base/format'
import { positionAt } from '../base/text'
import type { Scope } from '../core/graph'
import { formatShape } from '../core/shape'
import type { CallChoice } from '../protocol'
import { type Unit, work } from './hintLabel'
import { sitesByLine } from './hintLines'

/**
 * The model as the lines of a pinned instance show it: places inside of it with its calls alone, all others as they
 * are. Sums, problems and the graph stay those of the whole model.
 */
export function pinnedModel(model: ModelAnalysis, pin: string): ModelAnalysis {
  const sites = model.sites.map(site => narrowed(site, pin))
  const bindings = model.bindings?.map(binding => boundIn(binding, pin))
  return Object.create(model, {
    sites: { value: sites, enumerable: true },
    bindings: { value: bindings, enumerable: true },
  }) as ModelAnalysis
}

/** Whether a model calls a module under this path. */
export const isCalled = ({ graph }: ModelAnalysis, path: string): boolean =>
  graph.scopes.some(scope => scope.origin.path === path)

/** Whether a path is a pinned one or below it. */
export const isPinned = (path: string, pin: string | undefined): boolean =>
  pin !== undefined && (path === pin || path.startsWith(`${pin}.`))

/** Whether a call is a part of the pinned instance. That of the instance itself is a part of what is around it. */
export const isInside = ({ scope }: SiteCall, pin: string | undefined): boolean =>
  scope !== null && isPinned(scope.origin.path, pin)

/** The calls of a block; a repeated one is a call of its own around those that it repeats, and is not counted. */
export function callsOfBlock({ graph }: ModelAnalysis, name: string): Scope[] {
  const named = graph.scopes.filter(scope => scope.origin.type === name)
  const around = new Set(named.filter(s => s.parent?.origin.site === s.origin.site).map(scope => scope.parent))
  return named.filter(scope => !around.has(scope))
}

/** The blocks that a file spells, nested ones too. */
export const blocksOf = (items: readonly OutlineItem[]): OutlineItem[] =>
  items.flatMap(item => [...(item.kind === 'block' ? [item] : []), ...blocksOf(item.children)])

/**
 * What may be pinned on a 0-based line: the instances of the block around it or, on a line that other blocks call, of
 * those. On lines that run once, and without a line, the instances of every block that is called several times.
 */
export function callChoices(analysis: Analysis, line: number | null, unit: Unit): CallChoice[] {
  const model = analysis.model()
  if (!model) return []
  const scopes = (line === null ? [] : instancesOnLine(analysis, model, line)) ?? []
  const all = scopes.length > 1 ? scopes : repeated(analysis, model).flatMap(({ name }) => callsOfBlock(model, name))
  const paths = new Map(all.filter(scope => scope.origin.path !== '').map(scope => [scope.origin.path, scope]))
  return [...paths.values()].map(scope => choiceOf(scope, model, unit))
}

/** Whether `callChoices` has something for the calls of a layer. */
export const mayBePinned = ({ calls }: SiteSummary): boolean =>
  new Set(calls.map(call => call.scope?.origin.path).filter(Boolean)).size > 1

const narrowed = (site: SiteSummary, pin: string): SiteSummary => {
  const calls = site.calls.filter(call => isInside(call, pin))
  return calls.length > 0 && calls.length < site.calls.length ? { ...site, calls } : site
}

function boundIn(binding: Binding, pin: string): Binding {
  const shapes = binding.shapes.flatMap(({ of, paths }) => {
    const own = paths.filter(path => isPinned(path, pin))
    return own.length > 0 ? [{ of, count: own.length, paths: own }] : []
  })
  return shapes.length > 0 ? { ...binding, shapes } : binding
}

const repeated = (analysis: Analysis, model: ModelAnalysis): OutlineItem[] =>
  blocksOf(analysis.file.outline()).filter(({ name }) => callsOfBlock(model, name).length > 1)

function instancesOnLine(analysis: Analysis, model: ModelAnalysis, line: number): Scope[] {
  const around = repeated(analysis, model).findLast(({ span }) => {
    const last = positionAt(analysis.lineStarts, Math.max(span.start, span.end - 1)).line
    return positionAt(analysis.lineStarts, span.start).line <= line && line <= last
  })
  if (around) return callsOfBlock(model, around.name)
  const calls = (sitesByLine(model, analysis.lineStarts).get(line) ?? []).flatMap(summary => summary.calls)
  return calls.flatMap(({ scope }) => scope ?? [])
}

function choiceOf({ origin, outputs, first, last }: Scope, model: ModelAnalysis, unit: Unit): CallChoice {
  const nodes = model.graph.nodes.slice(first, last)
  const macs = nodes.reduce((sum, node) => sum + (node.cost.macs ?? 0), 0)
  const share =
    model.totals.macs > 0 && macs > 0 ? [`${work(macs, unit)}, ${formatShare(macs / model.totals.macs)}`] : []
  return {
    path: origin.path,
    block: origin.type,
    detail: [
      outputs
        .slice(0, 2)
        .map(value => formatShape(value.shape))
        .join(', '),
      ...share,
    ]
      .filter(Boolean)
      .join(' · '),
  }
}
