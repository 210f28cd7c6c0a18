/** A table for a paper, which needs no package. `right` are columns that hold numbers; `total` is set off by a line. */
export function latexTable(
  [head, ...rows]: readonly (readonly string[])[],
  total: readonly string[],
  right: ReadonlySet<number>,
  caption: string,
): string {
  const line = (row: readonly string[]): string => `${row.map(escapeLatex).join(' & ')} \\\\`
  return `${[
    '\\begin{table}',
    '\\centering',
    `\\begin{tabular}{${head!.map((_, i) => (right.has(i) ? 'r' : 'l')).join('')}}`,
    '\\hline',
    line(head!),
    '\\hline',
    ...rows.map(line),
    '\\hline',
    line(total),
    '\\hline',
    '\\end{tabular}',
    `\\caption{${escapeLatex(caption)}}`,
    '\\end{table}',
  ].join('\n')}\n`
}

/** Text as it stands in LaTeX outside of formulas; what tables of networks use beyond ASCII becomes commands. */
export const escapeLatex = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\\{}$&#^_~%<>|"×÷≥≤−–…·²³]/g, character => COMMANDS[character]!)
    // After a line break in a table these would be read as its argument.
    .replace(/^[[*]/, character => `{${character}}`)

const COMMANDS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '^': '\\textasciicircum{}',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '%': '\\%',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  '×': '$\\times$',
  '÷': '$\\div$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  '−': '$-$',
  '–': '--',
  '…': '\\ldots{}',
  '·': '$\\cdot$',
  '²': '$^2$',
  '³': '$^3$',
}
