import { diffLines } from 'diff'
import type { TextEdit } from '../core/problem'

/** The text with edits made, all of them in offsets of the text as it stands. Edits do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = ''
  let at = 0
  for (const { span, newText } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    result += text.slice(at, span.start) + newText
    at = Math.max(at, span.end)
  }
  return result + text.slice(at)
}

/**
 * The edits by whole lines that make one text of another. Lines are compared with their ends, so a file's line ends stay.
 */
export function textEdits(before: string, after: string): TextEdit[] {
  const edits: TextEdit[] = []
  let at = 0
  let open: { start: number; end: number; newText: string } | null = null
  for (const { value, added, removed } of diffLines(before, after)) {
    if (added || removed) {
      open ??= { start: at, end: at, newText: '' }
      if (added) open.newText += value
      else open.end += value.length
    } else {
      if (open) edits.push({ span: { start: open.start, end: open.end }, newText: open.newText })
      open = null
    }
    if (!added) at += value.length
  }
  if (open) edits.push({ span: { start: open.start, end: open.end }, newText: open.newText })
  return edits
}
