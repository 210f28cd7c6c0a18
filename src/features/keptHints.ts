/**
 * While a text is being typed and does not parse, its lines keep the hints they had:
 *
 *   - Conv2d: {out_channels: 64, kernel_size: 7    N×64×112×112 · 9.5k params     (the brace is not there yet)
 *   - ReLU
 *   - MaxPool2d: {kernel_size: 2}                  N×64×56×56                     (it would be ? without the line above)
 */
import type { Analysis } from '../analysis/analyze'
import { lineSpan, positionAt } from '../base/text'
import type { HintTable, LineHint } from './hintLines'

/** Whether a text has no syntax error, so that later versions may fall back on its hints. */
export const isWhole = ({ file }: Analysis): boolean => !file.problems.some(({ code }) => code === 'syntax')

/** The hints of an analysis; where it has a syntax error, what that hides comes from the last version without one. */
export function keepHints(analysis: Analysis, hints: HintTable, whole: HintTable | undefined): HintTable {
  if (!whole || isWhole(analysis)) return hints
  const damaged = damagedLines(analysis)
  const lineBefore = matchLines(whole, hints)
  // In a program a line that is lost changes what all others do: those that are as they were,
  // and the one that is typed, say what they said.
  const { isProgram } = whole
  const keepsItsOwn = (line: number, from: number | null, hint: LineHint | null): boolean => {
    if (!isProgram || from === null) return false
    const text = lineText(hints, line)
    return text === lineText(whole, from) || (text.trim() !== '' && (hint === null || isUnknown(hint)))
  }
  const at = (line: number): LineHint | null => {
    const hint = hints.at(line)
    const from = lineBefore(line)
    const keeps = damaged.has(line) || keepsItsOwn(line, from, hint)
    if (hint ? !isUnknown(hint) && !(isProgram && keeps) : !keeps) return hint
    const old = from === null ? null : whole.at(from)
    // A line of a program that said nothing, such as a norm's, does not begin to speak because another one is lost.
    if (!old && isProgram && from !== null && lineText(hints, line) === lineText(whole, from)) return null
    if (!old || isUnknown(old)) return hint
    return { ...old, line, offset: hint?.offset ?? lineSpan(hints.text, hints.lineStarts, line).end, sites: [] }
  }
  return {
    ...hints,
    at,
    between(first, last) {
      const candidates = isProgram ? hints.lineStarts.keys() : damaged
      const inRange = [...candidates].filter(line => line >= first && line <= last)
      const lines = new Set([...hints.between(first, last).map(({ line }) => line), ...inRange])
      return [...lines]
        .sort((a, b) => a - b)
        .map(at)
        .filter(hint => hint !== null)
    },
  }
}

const lineText = ({ text, lineStarts }: HintTable, line: number): string => {
  const { start, end } = lineSpan(text, lineStarts, line)
  return text.slice(start, end)
}

const isUnknown = ({ parts }: LineHint): boolean => parts[0]?.text === '?'

function damagedLines({ file, lineStarts }: Analysis): Set<number> {
  const lines = new Set<number>()
  for (const { code, span } of file.problems) {
    if (code !== 'syntax') continue
    const last = positionAt(lineStarts, span.end).line
    for (let { line } = positionAt(lineStarts, span.start); line <= last && lines.size < MOST_LINES; line++) {
      lines.add(line)
    }
  }
  return lines
}

/** A typing error damages few lines; more than this is another text. */
const MOST_LINES = 200

/** Which line of the old text a line of the new one was, by what both share before and after the change; null for a new one. */
function matchLines(before: HintTable, after: HintTable): (line: number) => number | null {
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
