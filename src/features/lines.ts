/** How reports call a line: by its number, in a notebook by its cell's number and its own in it. */
import type { Analysis } from '../analysis/analyze'
import { cellOfLine } from '../analysis/notebook'
import { positionAt } from '../base/text'

/** All counted from 1. */
export interface LinePlace {
  /** Only in notebooks: of the code cells. */
  readonly cell?: number
  readonly line: number
  readonly column: number
  /** Only of a notebook that was read from a file: the line there. */
  readonly fileLine?: number
}

/** The place of an offset of the analysed text. */
export function placeIn({ source, lineStarts }: Pick<Analysis, 'source' | 'lineStarts'>, offset: number): LinePlace {
  const { line, column } = positionAt(lineStarts, offset)
  const cell = source.cells && cellOfLine(source.cells, line)
  if (!cell) return { line: line + 1, column: column + 1 }
  const fileLine = cell.fileLines?.[line - cell.line]
  return {
    cell: cell.number,
    line: line - cell.line + 1,
    column: column + 1,
    ...(fileLine === undefined ? {} : { fileLine: fileLine + 1 }),
  }
}

/** `12`, or `3:12` for line 12 of cell 3: for the columns of tables. */
export const lineNumber = ({ cell, line }: Pick<LinePlace, 'cell' | 'line'>): string =>
  cell === undefined ? String(line) : `${cell}:${line}`

/** `line 12`, or `line 12 of cell 3`. */
export const lineWords = ({ cell, line }: Pick<LinePlace, 'cell' | 'line'>): string =>
  cell === undefined ? `line ${line}` : `line ${line} of cell ${cell}`
