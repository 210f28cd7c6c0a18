import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { formatCount, plural } from '../base/format'
import { lineNumber, lineWords, placeIn } from './lines'
import { type ReportRow, reportRows } from './reportTree'
import { bound, countText, fieldText, inputText, outputText, shareText, totalsText } from './reportWords'
import { callsText, uncountedLines } from './uncountedLines'

//   resnet50, input 3×224×224
//
//   layer       what                            output        params   MACs  share  field  line
//   conv1       Conv2d 7×7, stride 2 3→64       N×64×112×112    9.4k   118M   2.9%      7    12
//   layer1      bottleneck                      N×256×56×56     216k   668M    16%     35    15
//     0.conv1   Conv2d 1×1 projects 64→64       N×64×56×56      4.1k  12.8M   0.3%     11     5
//   total                                                      25.6M  4.09G

/** What may be dimmed or made bold at a terminal; plain text otherwise. */
export interface Paint {
  readonly dim: (text: string) => string
  readonly bold: (text: string) => string
}

export const plain: Paint = { dim: text => text, bold: text => text }

/** One model as a table for a terminal, with its totals and what they leave out. Ends without a line end. */
export function reportTable(analysis: Analysis, model: ModelAnalysis, paint: Paint = plain): string {
  const line = (row: ReportRow): string => lineNumber(placeIn(analysis, row.site.span.start))
  const rows = reportRows(model.graph).map(row => [
    '  '.repeat(row.depth) + row.name,
    row.what,
    outputText(row.outputs),
    countText(row.params),
    countText(row.macs),
    shareText(row.macs, model.totals.macs),
    fieldText(row.reach),
    line(row),
  ])
  const b = bound(model)
  const sums = ['total', '', '', b + formatCount(model.totals.params), b + formatCount(model.totals.macs), '', '', '']
  const [head, ...body] = align([HEAD, ...rows, sums], RIGHT)
  const total = body.pop()!
  return [
    `${paint.bold(model.name)}, input ${inputText(model)}`,
    '',
    paint.dim(head!),
    ...body,
    paint.bold(total),
    '',
    ...totalsText(model),
    ...uncountedText(analysis, model),
  ].join('\n')
}

/** Several models of a file, a line each. */
export function overviewTable(models: readonly ModelAnalysis[], paint: Paint = plain): string {
  const rows = models.map(model => {
    const b = bound(model)
    return [model.name, inputText(model), b + formatCount(model.totals.params), b + formatCount(model.totals.macs)]
  })
  const [head, ...body] = align([['model', 'input', 'params', 'MACs'], ...rows], new Set([2, 3]))
  return [paint.dim(head!), ...body].join('\n')
}

/** What the totals leave out, each with its line and the reason; no line where nothing is left out. */
export function uncountedText(analysis: Analysis, model: ModelAnalysis): string[] {
  const { graph } = model
  const uncounted = uncountedLines(model)
  if (uncounted.length === 0 && graph.stopped === null) return []
  const lines = uncounted.slice(0, MOST).map(({ node, what, reason, calls }) => {
    return `  ${lineWords(placeIn(analysis, node.origin.site.span.start))}  ${what}: ${reason}${callsText(calls)}`
  })
  const more = uncounted.length > MOST ? [`  … ${plural(uncounted.length - MOST, 'more line')}`] : []
  const stopped = graph.stopped === null ? [] : [`  stopped after ${graph.stopped}`]
  return ['', 'not counted, so that totals are lower bounds (≥):', ...lines, ...more, ...stopped]
}

const HEAD = ['layer', 'what', 'output', 'params', 'MACs', 'share', 'field', 'line']
const RIGHT: ReadonlySet<number> = new Set([3, 4, 5, 6, 7])

/** More lines than this are counted and not listed. */
const MOST = 20

/** Columns padded to their widest cell, two spaces between, no spaces at the end of a line. The first row has them all. */
export function align(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string[] {
  const widths = (rows[0] ?? []).map((_, column) => rows.reduce((most, row) => Math.max(most, row[column]!.length), 0))
  return rows.map(row =>
    row
      .map((cell, column) => (right.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}
