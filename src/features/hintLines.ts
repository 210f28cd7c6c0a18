/**
 * Which lines of a text get a hint, where on the line, and what it says:
 *
 *   - type: Conv2d              N×64×112×112 · 9.4k params · 118M MACs
 *   # convlens: max-macs=600M   4.09G of 600M MACs · 3.49G over
 */
import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import type { Budget } from '../analysis/directive'
import type { SiteSummary } from '../analysis/sites'
import { formatCount, formatShare } from '../base/format'
import { lineSpan, positionAt } from '../base/text'
import { bound, type LabelOptions, type LabelPart, labelOf, labelText } from './hintLabel'

/** The hint of one line. */
export interface LineHint {
  /** 0-based. */
  readonly line: number
  /** Where it stands. */
  readonly offset: number
  readonly parts: readonly LabelPart[]
  /** What the line declares; none for a budget, a bound that was hit, and a hint kept from before. */
  readonly sites: readonly SiteSummary[]
}

/** All hints of the shown model, in text order, at most one a line. */
export function lineHints(analysis: Analysis, options: LabelOptions, model = analysis.model()): LineHint[] {
  if (!model) return []
  const hints = new Map<number, LineHint>()
  for (const [line, sites] of sitesByLine(model, analysis.lineStarts)) {
    const parts = labelOf(sites, options)
    if (parts.length > 0) hints.set(line, { line, offset: sites[0]!.site.anchor, parts, sites })
  }
  for (const hint of [...stoppedHints(analysis, model), ...budgetHints(analysis, model, options)]) {
    hints.set(hint.line, hint)
  }
  return [...hints.values()].sort((a, b) => a.line - b.line)
}

/** Layers by the line they stand on; a composite stands for the layers inside it on the same line. */
export function sitesByLine(model: ModelAnalysis, lineStarts: readonly number[]): Map<number, SiteSummary[]> {
  const lines = new Map<number, SiteSummary[]>()
  for (const summary of model.sites) {
    if (summary.site.uri) continue
    const { line } = positionAt(lineStarts, summary.site.anchor)
    const sites = lines.get(line)
    if (sites) sites.push(summary)
    else lines.set(line, [summary])
  }
  for (const [line, sites] of lines) if (sites.length > 1) lines.set(line, outermost(sites))
  return lines
}

function outermost(sites: SiteSummary[]): SiteSummary[] {
  const here = new Set(sites.map(summary => summary.site))
  return sites.filter(summary => {
    for (let scope = summary.calls[0]?.scope ?? null; scope; scope = scope.parent) {
      if (scope.origin.site !== summary.site && here.has(scope.origin.site)) return false
    }
    return true
  })
}

/** `? · stopped after 200,000 layers`, where the first bound was hit. */
function stoppedHints({ source, lineStarts }: Analysis, { graph }: ModelAnalysis): LineHint[] {
  const problem = graph.stopped === null ? undefined : graph.problems.find(({ code }) => code === 'limit')
  if (!problem) return []
  const { line } = positionAt(lineStarts, problem.span.start)
  const parts: LabelPart[] = [
    { about: 'shape', text: '?' },
    { about: 'reason', text: `stopped after ${graph.stopped}` },
  ]
  return [{ line, offset: lineSpan(source.text, lineStarts, line).end, parts, sites: [] }]
}

function budgetHints({ directive, lineStarts }: Analysis, model: ModelAnalysis, options: LabelOptions): LineHint[] {
  const lines = new Map<number, LineHint>()
  for (const budget of directive.budgets) {
    const { line } = positionAt(lineStarts, budget.span.start)
    const before = lines.get(line)?.parts ?? []
    const parts = [...before, ...budgetParts(budget, model)]
    const fits = options.maximumLength === 0 || labelText(parts).length <= options.maximumLength
    if (before.length === 0 || fits) lines.set(line, { line, offset: budget.span.end, parts, sites: [] })
  }
  return [...lines.values()]
}

function budgetParts({ of, most }: Budget, { totals }: ModelAnalysis): LabelPart[] {
  const have = totals[of]
  const sign = bound({ value: have, exact: totals.completeness === 'exact' })
  const result =
    have > most ? `${sign}${formatCount(have - most)} over` : `${sign}${formatShare(most === 0 ? 0 : have / most)}`
  const unit = of === 'macs' ? 'MACs' : 'params'
  return [
    { about: 'budget', text: `${sign}${formatCount(have)} of ${formatCount(most)} ${unit}` },
    { about: 'budget', text: result },
  ]
}
