import type { Analysis } from '../analysis/analyze'
import type { SiteSummary } from '../analysis/sites'
import { contains, lineSpan, positionAt, type Span } from '../base/text'
import { isDeclaration } from './bindingHints'
import { calledPlaces } from './calledAt'
import { sitesByLine } from './hintLines'

/** A layer that is meant at a place, and the text there that speaks of it. */
export interface LayerAt {
  readonly summary: SiteSummary
  readonly span: Span
}

/**
 * The layer declared or called at an offset: the smallest that spans it, else that whose line it stands on. In a program
 * a line says many things; there only a declaration speaks for its line.
 */
export function siteAt(analysis: Analysis, offset: number): LayerAt | null {
  const model = analysis.model()
  if (!model) return null
  const here: LayerAt[] = [
    ...model.sites
      .filter(({ site }) => !site.uri && contains(site.span, offset))
      .map(summary => ({ summary, span: summary.site.span })),
    ...calledPlaces(model)
      .filter(({ called }) => contains(called.span, offset))
      .map(({ called, summary }) => ({ summary, span: called.span })),
  ]
  const size = ({ span }: LayerAt): number => span.end - span.start
  if (here.length > 0) return here.reduce((best, next) => (size(next) < size(best) ? next : best))
  const { line } = positionAt(analysis.lineStarts, offset)
  const summary = sitesByLine(model, analysis.lineStarts).get(line)?.[0]
  if (!summary) {
    // In the body of what opens on another line.
    const around = model.sites.find(({ site }) => !site.uri && site.whole && contains(site.whole, offset))
    return around ? { summary: around, span: lineSpan(analysis.source.text, analysis.lineStarts, line) } : null
  }
  if (model.bindings !== undefined && !isDeclaration(summary)) return null
  return { summary, span: summary.site.span }
}

/** What the first layer of a 0-based line declares, or, where it declares none, calls. */
export function siteOnLine(analysis: Analysis, line: number): SiteSummary | null {
  const model = analysis.model()
  if (!model) return null
  const declared = sitesByLine(model, analysis.lineStarts).get(line) ?? []
  const called = calledPlaces(model).find(
    place => positionAt(analysis.lineStarts, place.called.span.start).line === line,
  )
  return (
    (model.bindings === undefined ? declared[0] : declared.find(isDeclaration)) ??
    called?.summary ??
    declared[0] ??
    null
  )
}
