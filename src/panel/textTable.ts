/** A table as text to take along; the first row is its head. */
export type TextTable = readonly (readonly (string | number)[])[]

export const csvOf = (table: TextTable): string =>
  table.map(cells => `${cells.map(cell => quoted(String(cell))).join(',')}\n`).join('')

export function markdownOf([head, ...rows]: TextTable): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map(cell => String(cell).replaceAll('|', '\\|')).join(' | ')} |\n`
  return line(head!) + line(head!.map(() => '---')) + rows.map(line).join('')
}

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
