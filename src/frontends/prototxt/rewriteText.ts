import type { Span } from '../../base/text'
import type { TextEdit } from '../../core/problem'
import type { LayerText } from './network'

/** A layer's text with edits of it, whose spans are those of the file. */
export interface LayerCopy {
  readonly text: string
  readonly layer: LayerText
  readonly edits: TextEdit[]
}

/** The text of a copy with its edits made; comments are the original's and stay with it. */
export function copied({ text, layer: { field }, edits }: LayerCopy): string {
  const { start, end } = field.span
  const all = [...edits, ...comments(text, field.span)].sort((a, b) => a.span.start - b.span.start)
  let [at, made] = [start, '']
  for (const { span, newText } of all) {
    if (span.start < at) continue
    made += text.slice(at, span.start) + newText
    at = span.end
  }
  // Lines of which nothing is left.
  const lines = (made + text.slice(at, end)).split('\n').filter(line => line.trim() !== '')
  return lines.map(line => line.replace(/[ \t]+(?=\r?$)/, '')).join('\n')
}

/** Edits that take the comments out of a part of a text. */
function comments(text: string, { start, end }: Span): TextEdit[] {
  const found: TextEdit[] = []
  for (const match of text.slice(start, end).matchAll(STRING_OR_COMMENT)) {
    if (!match[0].startsWith('#')) continue
    const from = start + match.index
    found.push({ span: { start: from, end: from + match[0].length }, newText: '' })
  }
  return found
}

const STRING_OR_COMMENT = /"(?:\\.|[^"\\\r\n])*"?|'(?:\\.|[^'\\\r\n])*'?|#[^\r\n]*/g

/** A part with the lines that it has for itself, else with the blanks before it. */
export function removal(text: string, span: Span): Span {
  const [first, last] = [lineOf(text, span), lineOf(text, { start: span.end, end: span.end })]
  const before = text.slice(first.start, span.start)
  const after = text.slice(span.end, last.end)
  if (before.trim() === '' && /^[ \t,;]*$/.test(after)) {
    return {
      start: first.start,
      end: last.end + (text.startsWith('\r\n', last.end) ? 2 : last.end < text.length ? 1 : 0),
    }
  }
  // A comment behind it stands where it stood.
  const blank = before.trim() === '' ? /^[ \t]*(?=#)/.exec(after) : null
  if (blank) return { start: span.start, end: span.end + blank[0].length }
  return { start: span.start - (before.length - before.trimEnd().length), end: span.end }
}

/** The line on which a part starts, without its line end. */
export function lineOf(text: string, { start: at }: Span): Span {
  let start = at
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--
  let end = at
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++
  return { start, end }
}

/** The blanks at the start of the line of a place. */
export const indentOf = (text: string, at: number): string => {
  const { start, end } = lineOf(text, { start: at, end: at })
  return /^[ \t]*/.exec(text.slice(start, end))![0]
}
