/** A network as a paper's table, in the forms that papers and programs take. */
import type { ModelAnalysis } from '../analysis/analyze'
import { type PaperTable, paperTable } from '../analysis/paper'
import { latexTable } from '../base/latex'
import { type PaperOptions, paperCells } from './paperCells'
import { quote } from './reportCsv'
import { escapeMarkdown } from './reportMarkdown'
import { align, type Paint, plain } from './reportTable'
import { inputText } from './reportWords'

export const PAPER_FORMATS = ['text', 'markdown', 'csv', 'latex'] as const
export type PaperFormat = (typeof PAPER_FORMATS)[number]

/** One model in a form, ending with a line end. */
export function paperReport(
  model: ModelAnalysis,
  format: PaperFormat,
  options: PaperOptions,
  paint: Paint = plain,
): string {
  const table = paperTable(model.graph)
  return WRITERS[format](model, table, options, paint)
}

type Writer = (model: ModelAnalysis, table: PaperTable, options: PaperOptions, paint: Paint) => string

const WRITERS: Readonly<Record<PaperFormat, Writer>> = {
  text(model, table, options, paint) {
    const cells = paperCells(table, options)
    const [head, ...rows] = align([cells.head, ...cells.rows, cells.total], cells.right)
    const total = rows.pop()!
    const title = `${paint.bold(model.name)}, input ${inputText(model)}`
    return `${[title, '', paint.dim(head!), ...rows, paint.bold(total), '', cells.note].join('\n')}\n`
  },
  markdown(model, table, options) {
    const cells = paperCells(table, options)
    const line = (row: readonly string[]): string => `| ${row.map(escapeMarkdown).join(' | ')} |`
    return `${[
      `## ${escapeMarkdown(model.name)}`,
      '',
      `Input ${escapeMarkdown(inputText(model))}. ${escapeMarkdown(cells.note)}`,
      '',
      line(cells.head),
      `|${cells.head.map((_, i) => (cells.right.has(i) ? '---:' : '---')).join('|')}|`,
      ...cells.rows.map(line),
      line(cells.total),
    ].join('\n')}\n`
  },
  csv(_, table, options) {
    const { head, rows, total } = paperCells(table, options, true)
    const layers = [...table.rows.map(row => row.layers), '']
    const lines = [[...head, 'in the file'], ...[...rows, total].map((row, i) => [...row, layers[i]!])]
    return lines.map(line => `${line.map(quote).join(',')}\r\n`).join('')
  },
  latex(model, table, options) {
    const { head, rows, total, right, note } = paperCells(table, options)
    return latexTable([head, ...rows], total, right, `${model.name}, input ${inputText(model)}. ${note}`)
  },
}
