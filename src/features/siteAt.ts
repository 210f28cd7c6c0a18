import type { Analysis } from '../analysis/analyze'
import type { SiteSummary } from '../analysis/sites'
import { contains, positionAt } from '../base/text'
import { sitesByLine } from './hintLines'

/** The layer declared at an offset: the smallest that spans it, else that whose line it stands on. */
export function siteAt(analysis: Analysis, offset: number): SiteSummary | null {
  const model = analysis.model()
  if (!model) return null
  const here = model.sites.filter(({ site }) => !site.uri && contains(site.span, offset))
  const size = ({ site }: SiteSummary): number => site.span.end - site.span.start
  if (here.length > 0) return here.reduce((best, next) => (size(next) < size(best) ? next : best))
  const { line } = positionAt(analysis.lineStarts, offset)
  return sitesByLine(model, analysis.lineStarts).get(line)?.[0] ?? null
}

/** What the first layer of a 0-based line declares. */
export function siteOnLine(analysis: Analysis, line: number): SiteSummary | null {
  const model = analysis.model()
  return (model && sitesByLine(model, analysis.lineStarts).get(line)?.[0]) ?? null
}
