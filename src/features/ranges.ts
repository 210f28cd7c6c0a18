import type { Position, Range } from 'vscode-languageserver-types'
import { positionAt, type Span } from '../base/text'

/** An LSP position of an offset, and back; lines and characters are 0-based UTF-16. */
export const toPosition = (starts: readonly number[], offset: number): Position => {
  const { line, column } = positionAt(starts, offset)
  return { line, character: column }
}

export const toRange = (starts: readonly number[], span: Span): Range => ({
  start: toPosition(starts, span.start),
  end: toPosition(starts, span.end),
})

/** The offset of an LSP position; positions past the text are clamped to it. */
export function toOffset(starts: readonly number[], length: number, { line, character }: Position): number {
  if (line >= starts.length) return length
  const end = starts[line + 1] ?? length
  return Math.min(starts[Math.max(0, line)]! + Math.max(0, character), end)
}

export const toSpan = (starts: readonly number[], length: number, range: Range): Span => ({
  start: toOffset(starts, length, range.start),
  end: toOffset(starts, length, range.end),
})
