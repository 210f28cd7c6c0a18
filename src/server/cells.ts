/**
 * Requests come from a cell of a notebook and answers go back there, while features know the joined program alone:
 *
 *   cell 3, line 2, column 8   ⇄   line 14, column 8 of the program
 */
import type { Position, Range, TextEdit } from 'vscode-languageserver-types'
import type { SourceCell } from '../analysis/analyze'
import { cellOfLine } from '../analysis/notebook'
import type { OpenText } from './texts'

/** A request's `position` and `range`, as places of the program. Ranges end with the cell. */
export function toProgram<P extends object>(params: P, { line, lines }: SourceCell): P {
  const down = (at: Position): Position => ({ ...at, line: line + Math.min(at.line, lines - 1) })
  const { position, range } = params as { position?: Position; range?: Range }
  const end = range && range.end.line >= lines ? { line: lines - 1, character: MOST_CHARACTERS } : range?.end
  return {
    ...params,
    ...(position ? { position: down(position) } : {}),
    ...(range && end ? { range: { start: down(range.start), end: down(end) } } : {}),
  }
}

/**
 * An answer with the places of the program made places of cells: what names the notebook by its URI goes to the cell
 * it is in, what names no text is in the cell that asked, and of a list what lies in other cells is left out. Without a
 * cell only what names the notebook is changed.
 */
export function toCells<R>(answer: R, { uri: notebook, cells }: OpenText, asked?: SourceCell): R {
  if (!cells) return answer
  const up = (at: Position, cell: SourceCell): Position => ({ ...at, line: at.line - cell.line })
  const within = (range: Range, cell: SourceCell): Range => ({ start: up(range.start, cell), end: up(range.end, cell) })
  const cellOf = (at: Position): SourceCell => cellOfLine(cells, at.line)!
  const isElsewhere = (value: unknown): boolean => {
    if (!asked || !isObject(value) || value.uri !== undefined || value.targetUri !== undefined) return false
    const at = isRange(value.range) ? value.range.start : value.position
    return isPosition(at) && cellOf(at) !== asked
  }

  function moved(value: unknown): unknown {
    if (Array.isArray(value)) return value.filter(item => !isElsewhere(item)).map(moved)
    if (!isObject(value)) return value
    if (asked && isPosition(value)) return up(value, asked)
    if (value.uri === notebook && isRange(value.range)) {
      const cell = cellOf(value.range.start)
      return { ...value, uri: cell.uri, range: within(value.range, cell) }
    }
    if (value.targetUri === notebook && isRange(value.targetRange) && isRange(value.targetSelectionRange)) {
      const cell = cellOf(value.targetRange.start)
      return {
        ...value,
        ...(value.originSelectionRange ? { originSelectionRange: moved(value.originSelectionRange) } : {}),
        targetUri: cell.uri,
        targetRange: within(value.targetRange, cell),
        targetSelectionRange: within(value.targetSelectionRange, cell),
      }
    }
    const edits = isObject(value.changes) ? value.changes[notebook] : undefined
    if (Array.isArray(edits)) return { ...value, changes: editsByCell(edits) }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, moved(inner)]))
  }

  function editsByCell(edits: readonly TextEdit[]): Record<string, unknown[]> {
    const byCell: Record<string, unknown[]> = {}
    for (const edit of edits) {
      const cell = cellOf(edit.range.start)
      byCell[cell.uri] ??= []
      byCell[cell.uri]!.push(endingWith({ ...edit, range: within(edit.range, cell) }, cell))
    }
    return byCell
  }

  return moved(answer) as R
}

/** Whole lines to the end of a cell, which has no line end after its last. */
function endingWith({ range, newText }: TextEdit, { lines, text }: SourceCell): TextEdit {
  if (range.end.line < lines) return { range, newText }
  const end = { line: lines - 1, character: text.slice(text.lastIndexOf('\n') + 1).length }
  return { range: { start: range.start, end }, newText: newText.replace(/\r?\n$/, '') }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isPosition = (value: unknown): value is Position =>
  isObject(value) && typeof value.line === 'number' && typeof value.character === 'number'

const isRange = (value: unknown): value is Range => isObject(value) && isPosition(value.start) && isPosition(value.end)

/** Past the end of every line. */
const MOST_CHARACTERS = 2 ** 31 - 1
