/** A table in box drawing characters, with the widths and line breaks that Python's rich.table has. */

export interface BoxColumn {
  readonly title: string
  /** Where it ends, as a part of the whole width. */
  readonly until: number
  readonly right?: boolean
}

/** The lines of a table `across` characters wide: heavy around the head, light between all rows. */
export function boxTable(
  columns: readonly BoxColumn[],
  rows: readonly (readonly string[])[],
  across: number,
): string[] {
  const widths = widthsOf(columns, across)
  const rule = (left: string, line: string, between: string, right: string): string =>
    left + widths.map(width => line.repeat(width)).join(between) + right
  const row = (cells: readonly string[], edge: string): string[] => {
    const wrapped = cells.map((cell, i) => wrap(cell, widths[i]! - 2))
    const height = Math.max(1, ...wrapped.map(lines => lines.length))
    return Array.from({ length: height }, (_, at) => {
      const parts = wrapped.map((lines, i) => {
        const width = widths[i]! - 2
        const text = lines[at] ?? ''
        return ` ${columns[i]!.right ? text.trimEnd().padStart(width) : text.padEnd(width)} `
      })
      return edge + parts.join(edge) + edge
    })
  }
  const body = rows.flatMap((cells, i) => [...(i ? [rule('├', '─', '┼', '┤')] : []), ...row(cells, '│')])
  return [
    rule('┏', '━', '┳', '┓'),
    ...row(
      columns.map(column => column.title),
      '┃',
    ),
    rule('┡', '━', '╇', '┩'),
    ...body,
    rule('└', '─', '┴', '┘'),
  ]
}

/**
 * Characters between the lines of each column. Each asks for its part and two of padding; what is too much is taken from
 * all alike, rounded half to even (rich.table.Table._calculate_column_widths, rich._ratio.ratio_reduce).
 */
function widthsOf(columns: readonly BoxColumn[], across: number): number[] {
  let before = 0
  const wanted = columns.map(({ until }) => {
    const end = Math.trunc(until * across)
    const width = end - before + 2
    before = end
    return width
  })
  const room = across - columns.length - 1
  let excess = Math.max(0, wanted.reduce((a, b) => a + b, 0) - room)
  return wanted.map((width, i) => {
    const share = Math.min(width, halfToEven(excess / (wanted.length - i)))
    excess -= share
    return width - share
  })
}

function halfToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** Lines of at most `width` characters, broken at blanks; a longer word is cut and ends with `…`. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const [word] of text.matchAll(/\s*\S+\s*/g)) {
    if (line !== '' && line.length + word.trimEnd().length > width) {
      lines.push(line)
      line = ''
    }
    line += word
  }
  if (line !== '') lines.push(line)
  return lines.map(full => {
    const own = full.trimEnd()
    return own.length > width ? `${own.slice(0, width - 1)}…` : own
  })
}
