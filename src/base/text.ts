/** A range of UTF-16 offsets in a text, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A 0-based line and UTF-16 column. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Offsets at which the lines of a text start; `\n`, `\r\n` and `\r` end a line, as in LSP. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1)
  }
  return starts
}

/** The position of an offset, by bisection of `lineStarts(text)`. */
export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0
  let high = starts.length
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle
  }
  return { line: low, column: Math.max(0, offset - starts[low]!) }
}

/** The span of a 0-based line without its line end. */
export function lineSpan(text: string, starts: readonly number[], line: number): Span {
  const start = starts[line] ?? text.length
  let end = starts[line + 1] ?? text.length
  while (end > start && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end--
  return { start, end }
}

export const contains = (span: Span, offset: number): boolean => span.start <= offset && offset <= span.end
