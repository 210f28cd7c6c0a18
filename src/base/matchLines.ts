import { lineSpan, positionAt } from './text'

export interface Lines {
  readonly text: string
  readonly lineStarts: readonly number[]
}

/**
 * Which line of the text before a line of the one after was, by what both share before and after the change; null for a
 * new one. Changed lines are matched in order while there are as many of them as before.
 */
export function matchLines(before: Lines, after: Lines): (line: number) => number | null {
  const shorter = Math.min(before.text.length, after.text.length)
  let head = 0
  while (head < shorter && before.text.charCodeAt(head) === after.text.charCodeAt(head)) head++
  let tail = 0
  while (
    tail < shorter - head &&
    before.text.charCodeAt(before.text.length - 1 - tail) === after.text.charCodeAt(after.text.length - 1 - tail)
  ) {
    tail++
  }
  const first = positionAt(after.lineStarts, head).line
  const last = positionAt(after.lineStarts, after.text.length - tail).line
  const moved = before.lineStarts.length - after.lineStarts.length
  return line => {
    if (line < first || moved === 0) return line
    if (line >= last && moved < 0) return line + moved
    return line > last ? line + moved : line === first && moved > 0 ? line : null
  }
}

/** A line of a text without its end. */
export function lineText({ text, lineStarts }: Lines, line: number): string {
  const { start, end } = lineSpan(text, lineStarts, line)
  return text.slice(start, end)
}
