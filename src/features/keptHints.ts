/**
 * While a text is being typed and cannot be read, its lines keep the hints they had:
 *
 *   - Conv2d: {out_channels: 64, kernel_size: 7    N×64×112×112 · 9.5k params     (the brace is not there yet)
 *   - ReLU
 *   - MaxPool2d: {kernel_size: 2}                  N×64×56×56                     (it would be ? without the line above)
 */
import type { Analysis } from '../analysis/analyze'
import { lineText, matchLines } from '../base/matchLines'
import { lineSpan, positionAt } from '../base/text'
import type { HintTable, LineHint } from './hintLines'

/** The hints of a text that cannot be read: what its damage hides comes from those of the last version that could. */
export function keepHints(analysis: Analysis, hints: HintTable, whole: HintTable): HintTable {
  const damaged = damagedLines(analysis)
  const lineBefore = matchLines(whole, hints)
  const at = (line: number): LineHint | null => {
    const hint = hints.at(line)
    const from = lineBefore(line)
    const same = from !== null && lineText(hints, line) === lineText(whole, from)
    // A number of before on a line that says something else by now would be taken for its own.
    if (from === null || !(same || damaged.has(line))) return hint
    // A row of a list is read by itself. In a program a line that is lost changes what all others do.
    if (hint && !isUnknown(hint) && !whole.isProgram) return hint
    const old = whole.at(from)
    // A line of a program that said nothing, such as a norm's, does not begin to speak because another one is lost.
    if (!old && whole.isProgram && same) return null
    if (!old || isUnknown(old)) return hint
    return { ...old, line, offset: hint?.offset ?? lineSpan(hints.text, hints.lineStarts, line).end, sites: [] }
  }
  return {
    ...hints,
    at,
    between: (first, last) =>
      [...hints.lineStarts.keys()]
        .filter(line => line >= first && line <= last)
        .map(at)
        .filter(hint => hint !== null),
  }
}

const isUnknown = ({ parts }: LineHint): boolean => parts[0]?.text === '?'

/** The lines of the faults. One that is found at the beginning of a line is the fault of the line before. */
function damagedLines({ file, lineStarts, source: { text } }: Analysis): Set<number> {
  const lines = new Set<number>()
  for (const { code, span } of file.problems) {
    if (code !== 'syntax') continue
    const last = positionAt(lineStarts, span.end).line
    if (lines.size < MOST_LINES) lines.add(positionAt(lineStarts, text.slice(0, span.start).trimEnd().length).line)
    for (let { line } = positionAt(lineStarts, span.start); line <= last && lines.size < MOST_LINES; line++) {
      lines.add(line)
    }
  }
  return lines
}

/** A typing error damages few lines; more than this is another text. */
const MOST_LINES = 200
