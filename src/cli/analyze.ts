import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { kerasSummary } from '../features/kerasSummary'
import { reportCsv } from '../features/reportCsv'
import { jsonFile } from '../features/reportJson'
import { reportMarkdown } from '../features/reportMarkdown'
import { overviewTable, type Paint, plain, reportTable } from '../features/reportTable'
import { problemLines } from './annotate'
import { conventionText } from './convention'
import { prettyJson } from './json'

export const FORMATS = ['table', 'json', 'markdown', 'csv'] as const
export type Format = (typeof FORMATS)[number]

/** A file that was read, and the models of it that are reported. */
export interface Read {
  readonly file: string
  readonly analysis: Analysis
  readonly models: readonly ModelAnalysis[]
}

/** The report over all files, ending with a line end. */
export function report(files: readonly Read[], format: Format, convention?: string, paint: Paint = plain): string {
  const json = () => files.map(({ file, analysis, models }) => jsonFile(file, analysis, models))
  switch (format) {
    case 'json':
      return `${prettyJson({ schemaVersion: 1, files: json() })}\n`
    case 'csv':
      return reportCsv(json())
    case 'markdown':
      return `${files.flatMap(({ analysis, models }) => models.map(m => reportMarkdown(analysis, m))).join('\n\n')}\n`
    case 'table':
      return `${files.map(read => table(read, convention, paint)).join('\n\n')}\n`
  }
}

/** Summaries as Keras prints them, one after the other. */
export const kerasReport = (files: readonly Read[]): string =>
  `${files.flatMap(({ models }) => models.map(model => kerasSummary(model))).join('\n\n')}\n`

/** The chosen model in full; where a file has several, all of them a line each below it. */
function table({ file, analysis, models }: Read, convention: string | undefined, paint: Paint): string {
  const shown = models.find(m => m.choice === analysis.chosen) ?? models[0]!
  const parts = [reportTable(analysis, shown, paint)]
  if (convention !== undefined) parts.push(conventionText(convention, shown))
  if (models.length > 1) parts.push(overviewTable(models, paint))
  const problems = problemLines(file, analysis, shown)
  if (problems.length) parts.push(problems.join('\n'))
  return parts.join('\n\n')
}
