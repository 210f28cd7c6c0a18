/** The shown model for the status bar, the pickers and the clipboard. */
import type { Analysis } from '../analysis/analyze'
import { sentence } from '../analysis/damage'
import { positionAt } from '../base/text'
import type { ModelSummary, SummaryFormat } from '../protocol'
import type { Unit } from './hintLabel'
import { kerasSummary } from './kerasSummary'
import { reportCsv } from './reportCsv'
import { type JsonReport, jsonFile } from './reportJson'
import { reportMarkdown } from './reportMarkdown'
import { inputText, statusBarText } from './totals'

/** Null where the text has no model. */
export function modelSummary(analysis: Analysis, version: number, unit: Unit): ModelSummary | null {
  const model = analysis.model()
  if (!model) return null
  const { behind } = analysis
  const lineOf = (offset: number): number => {
    const { line } = positionAt(analysis.lineStarts, offset)
    return behind ? behind.lineNow(line) : line
  }
  return {
    uri: analysis.source.uri,
    version,
    models: analysis.models.map(({ name, span }) => ({ name, line: lineOf(span.start) })),
    model: model.name,
    input: inputText(model),
    inputAssumed: model.inputAssumed,
    statusBar: statusBarText(model, unit),
    behind: behind ? sentence(behind) : null,
  }
}

/** A report on the shown model, as the command line writes it; null where the text has no model. */
export function summaryText(analysis: Analysis, format: SummaryFormat): string | null {
  const model = analysis.model()
  if (!model) return null
  if (format === 'keras') return `${kerasSummary(model)}\n`
  if (format === 'markdown') return `${reportMarkdown(analysis, model)}\n`
  const file = jsonFile(analysis.source.name, analysis, [model])
  if (format === 'csv') return reportCsv([file])
  return `${JSON.stringify({ schemaVersion: 1, files: [file] } satisfies JsonReport, null, 2)}\n`
}
