/**
 * On a `# convlens:` comment what it asks for:
 *
 *   # convlens: input=3x224x224 max-macs=600M
 *   ConvLens: input 3×224×224, at most 600M MACs (600,000,000). The model has 4.09G.
 */
import type { Hover } from 'vscode-languageserver-types'
import type { Analysis } from '../analysis/analyze'
import { DIRECTIVE_KEYS } from '../analysis/directive'
import { formatCount, formatExact } from '../base/format'
import { lineSpan, positionAt } from '../base/text'
import { code } from './explain'
import { toRange } from './ranges'
import { inputText } from './totals'

/** Null outside of such a comment. */
export function directiveHover(analysis: Analysis, offset: number): Hover | null {
  const { source, lineStarts, directive } = analysis
  const line = lineSpan(source.text, lineStarts, positionAt(lineStarts, offset).line)
  const start = source.text.slice(line.start, line.end).search(/(?:#|\/\/)[ \t]*convlens:/)
  if (start < 0 || offset < line.start + start) return null
  const span = { start: line.start + start, end: line.end }
  const model = analysis.model()
  const parts: string[] = []
  if (directive.model) parts.push(`the model ${code(directive.model.name)} is shown`)
  if (directive.inputs.length && model) parts.push(`its input is ${inputText(model)}`)
  for (const { of, most } of directive.budgets) {
    const unit = of === 'macs' ? 'MACs' : 'params'
    const has = model ? `, and it has ${formatExact(model.totals[of])}` : ''
    parts.push(`it may have ${formatCount(most)} ${unit} (${formatExact(most)})${has}`)
  }
  const said = parts.length ? `${parts.join('; ')}.` : 'nothing is asked for yet.'
  const keys = DIRECTIVE_KEYS.map(({ key, detail }) => `- ${code(`${key}=`)} ${detail}`)
  return {
    contents: { kind: 'markdown', value: [`**ConvLens**: ${said}`, '', ...keys].join('\n') },
    range: toRange(lineStarts, span),
  }
}
