/** One helper for each editor feature: the only places of the tests that know how a feature is called. */
import { expect } from 'vitest'
import type { TextEdit } from 'vscode-languageserver-types'
import type { AnalyzeOptions } from '../../src/analysis/analyze'
import { codeActions } from '../../src/features/codeActions'
import { codeLenses, type LensData, resolveLens } from '../../src/features/codeLens'
import { completion } from '../../src/features/completion'
import { diagnostics } from '../../src/features/diagnostics'
import type { LabelOptions } from '../../src/features/hintLabel'
import { lineHints } from '../../src/features/hintLines'
import { hover } from '../../src/features/hover'
import { inlayHints, resolveHint } from '../../src/features/inlayHints'
import { pinnedModel } from '../../src/features/pin'
import { toOffset, toRange } from '../../src/features/ranges'
import { definition, highlights, references } from '../../src/features/references'
import { symbols } from '../../src/features/symbols'
import { analysisOf, cursorIn, type Mark, marksIn } from './fixture'

interface Options extends Partial<LabelOptions>, AnalyzeOptions {
  readonly name?: string
  /** The module path of a pinned instance. */
  readonly pin?: string
}

/** Holds that exactly the marked lines have hints: those words, standing where the carets end. */
export function checkHints(
  fixture: string,
  { name, pin, unit, quietLayers, maximumLength, ...options }: Options = {},
): void {
  const { text, marks } = marksIn(fixture)
  const analysis = analysisOf(text, name, options)
  const label = { unit: unit ?? 'MACs', quietLayers: quietLayers ?? false, maximumLength: maximumLength ?? 43 } as const
  const model = pin === undefined ? undefined : pinnedModel(analysis.model()!, pin)
  const shown = inlayHints('file:///net', analysis.lineStarts, lineHints(analysis, label, model))
  const got = shown.map(hint => {
    const words = (hint.label as { value: string }[]).map(part => part.value).join('')
    return `${hint.position.line}:${hint.position.character} ${words}`
  })
  expect(got).toEqual(marks.map(({ line, end, words }) => `${line}:${end} ${words}`))
}

/** The tooltips of a line's hint, and where its parts lead (line numbers). */
export function hintParts(
  fixture: string,
  line: number,
  name?: string,
): { text: string; tooltip?: string; leadsTo?: number }[] {
  const analysis = analysisOf(fixture, name)
  const lines = lineHints(analysis, { unit: 'MACs', quietLayers: false, maximumLength: 43 })
  const hint = lines.find(other => other.line === line)!
  const resolved = resolveHint(inlayHints('file:///net', analysis.lineStarts, [hint])[0]!, hint, analysis)
  const parts = resolved.label as {
    value: string
    tooltip?: { value: string }
    location?: { range: { start: { line: number } } }
  }[]
  return parts
    .filter(part => part.value !== ' · ')
    .map(({ value, tooltip, location }) => ({
      text: value,
      ...(tooltip ? { tooltip: tooltip.value } : {}),
      ...(location ? { leadsTo: location.range.start.line } : {}),
    }))
}

/** The Markdown of the hover at the cursor, null where there is none. */
export function hoverAt(
  fixture: string,
  options: AnalyzeOptions & { name?: string; commands?: boolean; pin?: string } = {},
): string | null {
  const { text, offset } = cursorIn(fixture)
  const { name, commands = false, pin, ...rest } = options
  const found = hover(analysisOf(text, name, rest), offset, { unit: 'MACs', commands, pin })
  return found ? (found.contents as { value: string }).value : null
}

/** Holds that the problems are exactly the marked ones: `code: message` over the carets. */
export function checkDiagnostics(fixture: string, name?: string): void {
  const { text, marks } = marksIn(fixture)
  const found = diagnostics(analysisOf(text, name)).map(
    ({ range, code, message }) =>
      `${range.start.line}:${range.start.character}-${range.end.character} ${code}: ${message}`,
  )
  expect(found).toEqual(marks.map(({ line, start, end, words }) => `${line}:${start}-${end} ${words}`))
}

/** The titles of the quick fixes at the cursor, and the whole text after the first. */
export function fixesAt(
  fixture: string,
  name?: string,
): { titles: string[]; preferred: (boolean | undefined)[]; after: string } {
  const { text, offset } = cursorIn(fixture)
  const analysis = analysisOf(text, name)
  const actions = codeActions(analysis, toRange(analysis.lineStarts, { start: offset, end: offset }))
  let after = text
  const edits = Object.values(actions[0]?.edit?.changes ?? {})[0] ?? []
  for (const { range, newText } of edits.toReversed()) {
    const at = (position: typeof range.start): number => toOffset(analysis.lineStarts, text.length, position)
    after = after.slice(0, at(range.start)) + newText + after.slice(at(range.end))
  }
  return { titles: actions.map(action => action.title), preferred: actions.map(action => action.isPreferred), after }
}

/** Holds that `definition` leads from the cursor to the one marked place. */
export function checkDefinition(fixture: string, name?: string): void {
  const { text, marks } = marksIn(fixture)
  const { text: plain, offset } = cursorIn(text)
  const found = definition(analysisOf(plain, name), offset).map(({ targetRange }) => targetRange)
  expect(found.map(asMark)).toEqual(marks.map(asPlace))
}

/** Holds that references with the declaration, and the highlights, are exactly the marked places, in any order. */
export function checkReferences(fixture: string, name?: string): void {
  const { text, marks } = marksIn(fixture)
  const { text: plain, offset } = cursorIn(text)
  const analysis = analysisOf(plain, name)
  const places = marks.map(asPlace).sort()
  expect(
    references(analysis, offset, true)
      .map(({ range }) => asMark(range))
      .sort(),
  ).toEqual(places)
  expect(
    highlights(analysis, offset)
      .map(({ range }) => asMark(range))
      .sort(),
  ).toEqual(places)
}

/** `line: title` of every lens, resolved. */
export function lensesOf(text: string, options: AnalyzeOptions & { name?: string; pin?: string } = {}): string[] {
  const { name, pin, ...rest } = options
  const analysis = analysisOf(text, name, rest)
  return codeLenses(analysis, { commands: true }).map(lens => {
    const { command } = resolveLens(lens, lens.data as LensData, analysis, { unit: 'MACs', commands: true, pin })
    return `${lens.range.start.line}: ${command!.title} → ${command!.command}`
  })
}

/** The whole text after each completion at the cursor, by label. */
export function completionsAt(fixture: string): Record<string, string> {
  const { text, offset } = cursorIn(fixture)
  const analysis = analysisOf(text)
  const after = completion(analysis, offset).map(item => {
    const { range, newText } = item.textEdit as TextEdit
    const start = toOffset(analysis.lineStarts, text.length, range.start)
    const end = toOffset(analysis.lineStarts, text.length, range.end)
    return [item.label, text.slice(0, start) + newText + text.slice(end)]
  })
  return Object.fromEntries(after)
}

/** `name detail` of every symbol, indented as nested. */
export function outlineOf(text: string, name?: string): string[] {
  type Symbols = ReturnType<typeof symbols>
  const lines = (items: Symbols, depth: number): string[] =>
    items.flatMap(item => [`${'  '.repeat(depth)}${item.name}`, ...lines(item.children ?? [], depth + 1)])
  return lines(symbols(analysisOf(text, name)), 0)
}

const asPlace = ({ line, start, end }: Mark): string => `${line}:${start}-${end}`
const asMark = ({ start, end }: { start: { line: number; character: number }; end: { character: number } }): string =>
  `${start.line}:${start.character}-${end.character}`
