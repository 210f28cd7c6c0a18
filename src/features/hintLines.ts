/**
 * Which lines of a text get a hint, where on the line, and what it says:
 *
 *   - type: Conv2d              N×64×112×112 · 9.4k params · 118M MACs
 *   # convlens: max-macs=600M   4.09G of 600M MACs · 3.49G over
 */
import type { Analysis, Binding, ModelAnalysis } from '../analysis/analyze'
import type { Budget } from '../analysis/directive'
import type { SiteSummary } from '../analysis/sites'
import { formatCount, formatShare } from '../base/format'
import { lineSpan, positionAt } from '../base/text'
import { bindingHints, isDeclaration } from './bindingHints'
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
  /** Names of forward code that it shows, in formats that are programs. */
  readonly bindings?: readonly Binding[]
}

/** The hints of one version of a text; those of a line are made when it is looked at. */
export interface HintTable {
  readonly text: string
  readonly lineStarts: readonly number[]
  /** Of a program, where a line may change what any other says. */
  readonly isProgram: boolean
  at(line: number): LineHint | null
  /** Those of the lines from `first` to `last`, in text order, at most one a line. */
  between(first: number, last: number): LineHint[]
}

export function hintTable(analysis: Analysis, options: LabelOptions, model = analysis.model()): HintTable {
  const { source, lineStarts } = analysis
  const sites = model ? sitesByLine(model, lineStarts) : new Map<number, SiteSummary[]>()
  const others = new Map<number, LineHint>()
  const isProgram = model?.bindings !== undefined
  if (model) {
    for (const [line, hint] of bindingHints(analysis, model, sites, options)) others.set(line, hint)
    for (const hint of stoppedHints(analysis, model)) others.set(hint.line, hint)
    for (const hint of budgetHints(analysis, model, options)) others.set(hint.line, hint)
  }
  const at = (line: number): LineHint | null => {
    const here = sites.get(line)
    const other = others.get(line)
    if (other || !here) return other ?? null
    // Functions that cost nothing and bind nothing go without saying in a program.
    if (isProgram && !here.some(site => isDeclaration(site) || site.calls.some(call => call.macs !== 0))) return null
    const parts = labelOf(here, options)
    return parts.length > 0 ? { line, offset: here[0]!.site.anchor, parts, sites: here } : null
  }
  return {
    text: source.text,
    lineStarts,
    isProgram,
    at,
    between: (first, last) =>
      [...new Set([...sites.keys(), ...others.keys()])]
        .filter(line => line >= first && line <= last)
        .sort((a, b) => a - b)
        .map(at)
        .filter(hint => hint !== null),
  }
}

/** All hints of a model, the shown one by default. */
export const lineHints = (analysis: Analysis, options: LabelOptions, model?: ModelAnalysis): LineHint[] =>
  hintTable(analysis, options, model).between(0, Number.POSITIVE_INFINITY)

/** Layers by the line they stand on; a composite stands for the layers inside it on the same line. */
export function sitesByLine(model: ModelAnalysis, lineStarts: readonly number[]): Map<number, SiteSummary[]> {
  const lines = new Map<number, SiteSummary[]>()
  for (const summary of model.sites) {
    if (summary.site.uri || summary.site.hintless) continue
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
