import { parseCount, parseSizes } from '../base/parse'
import type { Span } from '../base/text'
import type { Problem } from '../core/problem'
import type { InputShape } from '../frontends/frontend'

/** A bound that the file sets for itself: `# convlens: max-macs=600M`. */
export interface Budget {
  readonly of: 'macs' | 'params'
  readonly most: number
  /** The comment's line, where the result is shown. */
  readonly span: Span
}

/** What the comments `# convlens: input=3x224x224 model=resnet50 max-macs=600M max-params=30M` ask for. */
export interface Directive {
  readonly model?: { readonly name: string; readonly span: Span }
  readonly inputs: readonly InputShape[]
  readonly budgets: readonly Budget[]
  readonly problems: readonly Problem[]
}

/** The words of a directive, each with what it asks for. */
export const DIRECTIVE_KEYS = [
  { key: 'input', detail: "the input's sizes without the batch: 3x224x224" },
  { key: 'model', detail: 'the model that is shown, of those in the file' },
  { key: 'max-macs', detail: "a bound on the model's MACs: 600M" },
  { key: 'max-params', detail: "a bound on the model's params: 30M" },
] as const

/** Reads every directive of a text; a word that is not understood is a problem and the others still count. */
export function readDirective(text: string): Directive {
  const inputs: InputShape[] = []
  const budgets: Budget[] = []
  const problems: Problem[] = []
  let model: Directive['model']
  for (const line of directiveLines(text)) {
    for (const { key, value, span, valueSpan } of words(line)) {
      if (key === 'model' && value) model = { name: value, span: valueSpan }
      else if (key === 'input') {
        const input = parseInput(value)
        if (input) inputs.push(input)
        else problems.push(wrong(valueSpan, `input expects sizes such as 3x224x224 and gets ${value || 'nothing'}.`))
      } else if (key === 'max-macs' || key === 'max-params') {
        const most = parseCount(value)
        if (most === null)
          problems.push(wrong(valueSpan, `${key} expects a count such as 600M and gets ${value || 'nothing'}.`))
        else budgets.push({ of: key === 'max-macs' ? 'macs' : 'params', most, span: line.span })
      } else {
        const known = DIRECTIVE_KEYS.map(option => option.key).join(', ')
        problems.push({
          code: 'unknown-option',
          severity: 'warning',
          span,
          message: `${key} is not an option of convlens: ${known}.`,
        })
      }
    }
  }
  return { ...(model ? { model } : {}), inputs, budgets, problems }
}

/** `3x224x224`, or `name=3x224x224` where there are several inputs. */
export function parseInput(text: string): InputShape | null {
  const at = text.indexOf('=')
  const shape = parseSizes(at < 0 ? text : text.slice(at + 1))
  if (!shape) return null
  return at < 0 ? { shape } : { name: text.slice(0, at).trim(), shape }
}

interface Line {
  readonly text: string
  /** From the comment sign to the end of the line. */
  readonly span: Span
  /** Where the words start. */
  readonly start: number
}

function* directiveLines(text: string): Iterable<Line> {
  const mark = /(?:#|\/\/)[ \t]*convlens:/g
  for (let match = mark.exec(text); match; match = mark.exec(text)) {
    const start = match.index + match[0].length
    const end = text.slice(start).search(/[\r\n]|$/) + start
    yield { text: text.slice(start, end), span: { start: match.index, end }, start }
  }
}

function* words(line: Line): Iterable<{ key: string; value: string; span: Span; valueSpan: Span }> {
  for (const match of line.text.matchAll(/[^\s"]*"[^"]*"|\S+/g)) {
    const start = line.start + match.index
    const span = { start, end: start + match[0].length }
    const at = match[0].indexOf('=')
    const key = at < 0 ? match[0] : match[0].slice(0, at)
    const value = at < 0 ? '' : match[0].slice(at + 1).replace(/^"(.*)"$/, '$1')
    yield { key, value, span, valueSpan: at < 0 ? span : { start: start + at + 1, end: span.end } }
  }
}

const wrong = (span: Span, message: string): Problem => ({ code: 'bad-argument', severity: 'warning', span, message })
