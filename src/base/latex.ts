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
