import type { ModelAnalysis } from '../analysis/analyze'
import { atLeast, formatExact } from '../base/format'
import { conventions, countBy } from '../core/conventions'

/** What another tool would print for a model, beside our own totals, and what makes the difference. */
export function conventionText(name: string, model: ModelAnalysis): string {
  const convention = conventions.find(c => c.name === name)!
  const { work, params, exact } = countBy(convention, model.graph)
  const mark = (known: boolean): string => (known ? '' : atLeast)
  const ours = model.totals.completeness === 'exact'
  const lines: [string, number, boolean][] = []
  if (work !== null) lines.push([convention.unit, work, exact])
  if (params !== null) lines.push(['params', params, exact])
  const own: [string, number] = work === null ? ['params', model.totals.params] : ['MACs', model.totals.macs]
  return [
    `${convention.title}:`,
    ...lines.map(([unit, count, known]) => `  ${mark(known)}${formatExact(count)} ${unit}`),
    `  ${mark(ours)}${formatExact(own[1])} ${own[0]} as counted here`,
    ...convention.says.map(sentence => `  ${sentence}`),
    `  Rules from ${convention.source}.`,
  ].join('\n')
}
