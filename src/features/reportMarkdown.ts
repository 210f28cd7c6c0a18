import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { formatCount } from '../base/format'
import { lineNumber, lineWords, placeIn } from './lines'
import { reportRows } from './reportTree'
import { bound, countText, inputText, outputText, shareText } from './reportWords'
import { callsText, uncountedLines } from './uncountedLines'

/** One model as Markdown: heading, totals, table of its layers, what is not counted. Ends without a line end. */
export function reportMarkdown(analysis: Analysis, model: ModelAnalysis): string {
  const { totals } = model
  const b = bound(model)
  const rows = reportRows(model.graph).map(
    row =>
      `| ${'&nbsp;&nbsp;'.repeat(row.depth)}${escapeMarkdown(row.name)} | ${escapeMarkdown(row.what)} ` +
      `| ${outputText(row.outputs)} | ${countText(row.params)} | ${countText(row.macs)} ` +
      `| ${shareText(row.macs, totals.macs)} | ${lineNumber(placeIn(analysis, row.site.span.start))} |`,
  )
  const left = uncountedLines(model).map(
    ({ node, what, reason, calls }) =>
      `- ${lineWords(placeIn(analysis, node.origin.site.span.start))}: ${escapeMarkdown(what)}, ${escapeMarkdown(reason)}${callsText(calls)}`,
  )
  return [
    `## ${escapeMarkdown(model.name)}`,
    '',
    `${b}${formatCount(totals.params)} params, ${b}${formatCount(totals.macs)} MACs, input ${inputText(model)}`,
    '',
    '| layer | what | output | params | MACs | share | line |',
    '|---|---|---|---:|---:|---:|---:|',
    ...rows,
    `| **total** | | | **${b}${formatCount(totals.params)}** | **${b}${formatCount(totals.macs)}** | | |`,
    ...(left.length ? ['', 'Not counted:', '', ...left] : []),
  ].join('\n')
}

/** Text of a file made harmless in Markdown and in a table's cell. */
export const escapeMarkdown = (text: string): string =>
  text.replace(/[\\`*_[\]<>|#~&]/g, character => (character === '&' ? '&amp;' : `\\${character}`)).replace(/\s+/g, ' ')
