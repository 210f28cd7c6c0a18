import type { Span } from '../../base/text'

/** End of the line on which `at` stands, before a trailing comment and the blanks in front of it. */
export function lineAnchor(text: string, at: number): number {
  let end = text.indexOf('\n', at)
  if (end < 0) end = text.length
  let quote = ''
  for (let i = text.lastIndexOf('\n', at - 1) + 1; i < end; i++) {
    const c = text[i]!
    if (quote) {
      if (c === quote) quote = ''
      else if (c === '\\' && quote === '"') i++
    } else if ((c === '"' || c === "'") && !/[\w.]/.test(text[i - 1] ?? '')) quote = c
    else if (c === '#' && (i === 0 || /\s/.test(text[i - 1]!))) {
      end = Math.max(i, at)
      break
    }
  }
  while (end > at && /\s/.test(text[end - 1]!)) end--
  return end
}

/** The part of a span on its first line. */
export function firstLine(text: string, span: Span): Span {
  const end = text.indexOf('\n', span.start)
  return end < 0 || end >= span.end
    ? span
    : { start: span.start, end: Math.max(span.start, lineAnchor(text, span.start)) }
}
