import { lineStarts } from '../base/text'
import type { SourceCell } from '../frontends/frontend'
import { withoutMagics } from './magics'

/** One cell as an editor or a file has it. */
export interface CellText {
  readonly uri: string
  readonly text: string
  /** Of each line of the cell, its line in the notebook's file, from 0; absent in an editor. */
  readonly fileLines?: readonly number[]
}

/** The code cells of a notebook as one program, in the order in which they stand. */
export interface Program {
  readonly text: string
  readonly cells: readonly SourceCell[]
}

/**
 * Joins cells by line ends: every cell starts on a line of its own, so that a place in a cell and its place in the
 * program differ by a number of lines alone.
 */
export function joinCells(texts: readonly CellText[]): Program {
  const cells: SourceCell[] = []
  const parts: string[] = []
  let line = 0
  texts.forEach((cell, i) => {
    // A carriage return at the end would be one line end with the line feed that joins.
    const text = cell.text.replace(/\r$/, '\n')
    const lines = lineStarts(text).length
    cells.push({ ...cell, text, number: i + 1, line, lines })
    parts.push(withoutMagics(text))
    line += lines
  })
  return { text: parts.join('\n'), cells }
}

/** The cell that a 0-based line of the program stands in; the last one for lines past the end. */
export function cellOfLine(cells: readonly SourceCell[], line: number): SourceCell | undefined {
  let low = 0
  let high = cells.length
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if (cells[middle]!.line <= line) low = middle
    else high = middle
  }
  return cells[low]
}
