/**
 * A line that is being typed and does not parse keeps the hint it had:
 *
 *   - {type: Conv2d, out_channels: 64   N×64×112×112 · 9.4k params     (the closing brace is not there yet)
 */
import type { Analysis } from '../analysis/analyze'
import { lineSpan, positionAt } from '../base/text'
import type { HintTable, LineHint } from './hintLines'

/** The hints of an analysis, completed for lines with a syntax error from those of the version before. */
export function keepHints(analysis: Analysis, hints: HintTable, before: HintTable | undefined): HintTable {
  const damaged = before ? damagedLines(analysis).filter(line => hints.at(line) === null) : []
  if (!before || damaged.length === 0) return hints
  const lineBefore = matchLines(before, hints)
  const kept = new Map<number, LineHint>()
  for (const line of damaged) {
    const from = lineBefore(line)
    const old = from === null ? null : before.at(from)
    const offset = lineSpan(hints.text, hints.lineStarts, line).end
    if (old) kept.set(line, { ...old, line, offset, sites: [] })
  }
  return {
    ...hints,
    at: line => kept.get(line) ?? hints.at(line),
    between(first, last) {
      const shown = [...kept.values()].filter(({ line }) => line >= first && line <= last)
      return [...hints.between(first, last), ...shown].sort((a, b) => a.line - b.line)
    },
  }
}

function damagedLines({ file, lineStarts }: Analysis): number[] {
  const lines = new Set<number>()
  for (const { code, span } of file.problems) {
    if (code !== 'syntax') continue
    const last = positionAt(lineStarts, span.end).line
    for (let { line } = positionAt(lineStarts, span.start); line <= last && lines.size < MOST_LINES; line++)
      lines.add(line)
  }
  return [...lines]
}

/** A typing error damages few lines; more than this is another text. */
const MOST_LINES = 200

/** Which line of the old text a line of the new one was, by what both share before and after the change; null for a new one. */
function matchLines(before: HintTable, after: HintTable): (line: number) => number | null {
  const shorter = Math.min(before.text.length, after.text.length)
  let head = 0
  while (head < shorter && before.text.charCodeAt(head) === after.text.charCodeAt(head)) head++
  let tail = 0
  while (tail < shorter - head && before.text.at(-1 - tail) === after.text.at(-1 - tail)) tail++
  const first = positionAt(after.lineStarts, head).line
  const last = positionAt(after.lineStarts, after.text.length - tail).line
  const moved = before.lineStarts.length - after.lineStarts.length
  return line => (line <= first ? line : line > last ? line + moved : moved === 0 ? line : null)
}
