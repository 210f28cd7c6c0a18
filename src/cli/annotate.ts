import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { atLeast, formatCount } from '../base/format'
import { labelText } from '../features/hintLabel'
import { lineHints } from '../features/hintLines'
import type { LinePlace } from '../features/lines'
import { pinnedModel } from '../features/pin'
import { jsonProblems } from '../features/reportJson'
import { type Paint, plain, uncountedText } from '../features/reportTable'
import { inputText } from '../features/reportWords'

/** The source with its hints where the editor shows them, then the totals, what they leave out and what is wrong. */
export function annotate(
  file: string,
  analysis: Analysis,
  model: ModelAnalysis,
  paint: Paint = plain,
  pin?: string,
): string {
  const text = writtenText(analysis)
  const shown = pin === undefined ? model : pinnedModel(model, pin)
  const hints = lineHints(analysis, { unit: 'MACs', quietLayers: false, maximumLength: 0 }, shown)
  const heads = (analysis.source.cells ?? []).map(cell => ({
    offset: analysis.lineStarts[cell.line]!,
    text: paint.dim(`# %% cell ${cell.number}\n`),
  }))
  let written = ''
  let from = 0
  const put = (offset: number, insertion: string): void => {
    written += text.slice(from, offset) + insertion
    from = offset
  }
  for (const { offset, parts } of hints) {
    while (heads[0] && heads[0].offset <= offset) put(heads[0].offset, heads.shift()!.text)
    put(offset, paint.dim(`   ${labelText(parts)}`))
  }
  for (const head of heads) put(head.offset, head.text)
  written += text.slice(from).replace(/[\r\n]+$/, '')
  return [
    written,
    '',
    paint.bold(totalsLine(model)),
    ...uncountedText(analysis, model),
    ...problemLines(file, analysis, model),
  ].join('\n')
}

/** As it was typed: the program of a notebook has blanks where IPython has a command. Offsets are the same. */
const writtenText = ({ source: { text, cells } }: Analysis): string => cells?.map(cell => cell.text).join('\n') ?? text

/** `resnet50: 25.6M params | 4.09G MACs | input 3×224×224`. */
export function totalsLine(model: ModelAnalysis): string {
  const bound = model.totals.completeness === 'atLeast' ? atLeast : ''
  const { params, macs } = model.totals
  return `${model.name}: ${bound}${formatCount(params)} params | ${bound}${formatCount(macs)} MACs | input ${inputText(model)}`
}

/** `net.yaml:12:5: error: …`, in a notebook `net.ipynb:cell 3:12:5: error: …`, a line a problem. */
export const problemLines = (file: string, analysis: Analysis, model: ModelAnalysis): string[] =>
  jsonProblems(analysis, model.problems).map(
    problem => `${placeText(file, problem)}: ${problem.severity}: ${problem.message}`,
  )

/** `net.yaml:12:5`, `net.ipynb:cell 3:12:5`. */
export const placeText = (file: string, { cell, line, column }: LinePlace): string =>
  `${file}:${cell === undefined ? '' : `cell ${cell}:`}${line}:${column}`
