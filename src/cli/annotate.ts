import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { atLeast, formatCount } from '../base/format'
import { labelText } from '../features/hintLabel'
import { lineHints } from '../features/hintLines'
import { jsonProblems } from '../features/reportJson'
import { type Paint, plain, uncountedText } from '../features/reportTable'
import { inputText } from '../features/reportWords'

/** The source with its hints where the editor shows them, then the totals, what they leave out and what is wrong. */
export function annotate(file: string, analysis: Analysis, model: ModelAnalysis, paint: Paint = plain): string {
  const { text } = analysis.source
  const hints = lineHints(analysis, { unit: 'MACs', quietLayers: false, maximumLength: 0 }, model)
  let written = ''
  let from = 0
  for (const { offset, parts } of hints) {
    written += `${text.slice(from, offset)}${paint.dim(`   ${labelText(parts)}`)}`
    from = offset
  }
  written += text.slice(from).replace(/[\r\n]+$/, '')
  return [
    written,
    '',
    paint.bold(totalsLine(model)),
    ...uncountedText(analysis, model),
    ...problemLines(file, analysis, model),
  ].join('\n')
}

/** `resnet50: 25.6M params | 4.09G MACs | input 3×224×224`. */
export function totalsLine(model: ModelAnalysis): string {
  const bound = model.totals.completeness === 'atLeast' ? atLeast : ''
  const { params, macs } = model.totals
  return `${model.name}: ${bound}${formatCount(params)} params | ${bound}${formatCount(macs)} MACs | input ${inputText(model)}`
}

/** `net.yaml:12:5: error: …`, a line a problem. */
export const problemLines = (file: string, analysis: Analysis, model: ModelAnalysis): string[] =>
  jsonProblems(analysis, model.problems).map(
    ({ line, column, severity, message }) => `${file}:${line}:${column}: ${severity}: ${message}`,
  )
