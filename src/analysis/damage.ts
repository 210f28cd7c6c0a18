/**
 * A text that is being typed cannot always be read. Until it can again, what was known of the last version that could
 * stands in for it, and says so:
 *
 *   self.conv = nn.Conv2d(3, 64,         Line 19 does not parse yet.
 *   self.conv = nn.Conv2d(3)             Line 19 does not run yet: Conv2d expects out_channels and does not get it.
 *   class Net(nn.Modu):                  Line 16 defines no network yet.
 */
import { type Lines, lineText, matchLines } from '../base/matchLines'
import { positionAt } from '../base/text'
import type { Problem } from '../core/problem'
import type { OutlineItem } from '../frontends/frontend'
import type { Analysis, ModelAnalysis } from './analyze'
import { cellOfLine } from './notebook'

/** Why a text cannot be read. */
export interface Damage {
  /** 0-based, of the text as it is. */
  readonly line: number
  /** `line 19 does not parse yet` */
  readonly text: string
}

/** Of an analysis that stands in for a text which cannot be read. */
export interface Behind extends Damage {
  /** The line, 0-based, on which a line of the analysed text is now. */
  lineNow(line: number): number
}

/** Whether a text has no syntax error, so that later versions may fall back on what it says. */
export const isWhole = ({ file }: Analysis): boolean => !file.problems.some(({ code }) => code === 'syntax')

/**
 * What keeps a text from being read as the last readable version was; null where nothing does, or where it has become
 * another text. A model that is gone together with its definition was taken out, and nothing stands in for it.
 */
export function damageOf(now: Analysis | undefined, last: Analysis): Damage | null {
  const found = now ? faultOf(now, last) : null
  return found && isSameText(linesOf(last), linesOf(now!)) ? found : null
}

function faultOf(now: Analysis, last: Analysis): Damage | null {
  const at = (offset: number): number => positionAt(now.lineStarts, offset).line
  const syntax = now.file.problems.find(({ code }) => code === 'syntax')
  const said = (line: number, text: string): Damage => ({ line, text: `${lineWords(now, line)} ${text}` })
  if (syntax) return said(faultLine(now, syntax), 'does not parse yet')
  const before = last.model()
  if (!before) return null
  const model = now.model()
  const fault = model && firstFault(model)
  const raises = fault && said(at(fault.span.start), `does not run yet: ${fault.message.replace(/\.$/, '')}`)
  // What a directive asks for, an expression, is in no list.
  const isListed = ({ models }: Analysis): boolean => models.some(({ name }) => name === before.name)
  if (isListed(last) ? !isListed(now) : !now.find(before.name)) {
    const item = named(now.file.outline(), before.name)
    if (raises && (item || isMentioned(before.name, now.source.text))) return raises
    return item ? said(at(item.nameSpan.start), 'defines no network yet') : null
  }
  if (!raises || model.name !== before.name) return null
  const isLost = before.totals.completeness === 'exact' && model.totals.completeness !== 'exact'
  return isLost ? raises : null
}

/** The line, 0-based, of a syntax error. What is noticed on an empty line is missing on the line before. */
export function faultLine({ lineStarts, source: { text } }: Analysis, { span }: Problem): number {
  const { line } = positionAt(lineStarts, span.start)
  const isEmpty = lineText({ text, lineStarts }, line).trim() === ''
  return isEmpty ? positionAt(lineStarts, text.slice(0, span.start).trimEnd().length).line : line
}

/** `Line 19 does not parse yet.` */
export const sentence = ({ text }: Damage): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`

/** The last readable analysis as what stands in for a text. */
export function standIn(last: Analysis, now: Lines, damage: Damage): Analysis {
  const lineOf = matchLines(now, linesOf(last))
  const lineNow = (line: number): number => {
    for (let near = line; near >= 0; near--) {
      const found = lineOf(near)
      if (found !== null) return Math.min(found + line - near, now.lineStarts.length - 1)
    }
    return 0
  }
  return { ...last, behind: { ...damage, lineNow } }
}

/** `line 12`, or `line 12 of cell 3`. */
function lineWords({ source: { cells } }: Analysis, line: number): string {
  const cell = cells && cellOfLine(cells, line)
  return cell ? `line ${line - cell.line + 1} of cell ${cell.number}` : `line ${line + 1}`
}

const linesOf = ({ source: { text }, lineStarts }: Analysis): Lines => ({ text, lineStarts })

/** What the program itself would raise. Shapes that do not fit are none of it: costs go on from what is declared. */
const firstFault = ({ graph }: ModelAnalysis) =>
  graph.problems.find(({ severity, code }) => severity === 'error' && FAULTS.has(code))

const FAULTS: ReadonlySet<string> = new Set(['bad-argument', 'unknown-name', 'unknown-layer'])

function named(items: readonly OutlineItem[], name: string): OutlineItem | undefined {
  return items.find(item => item.name === name)
}

function isMentioned(name: string, text: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = (text[at - 1] ?? ' ') + (text[at + name.length] ?? ' ')
    if (!/\w/.test(around)) return true
  }
  return false
}

/** Typing changes few lines at a time: a text that has lost half of its lines is another one. */
function isSameText(before: Lines, after: Lines): boolean {
  const left = new Set(after.lineStarts.map((_, line) => lineText(after, line).trim()))
  const lines = before.lineStarts.map((_, line) => lineText(before, line).trim()).filter(line => line !== '')
  return lines.filter(line => left.has(line)).length * 2 >= lines.length
}
