import { type JsonNode, readJson, stringOf } from '../base/json'
import { lineStarts, positionAt, type Span } from '../base/text'
import type { Problem } from '../core/problem'
import { type CellText, joinCells, type Program } from './notebook'

/**
 * Reads the text of a notebook's file (nbformat 4, and 3 with its worksheets) as one program. Gives the problem that
 * makes it none: what is no JSON, no notebook, not in Python, or larger than people write.
 */
export function readNotebook(text: string, uri: string): Program | Problem {
  const root = readJson(text, OUTPUTS)
  if ('message' in root) {
    const { line, column } = positionAt(lineStarts(text), root.offset)
    const where = `line ${line + 1}, column ${column + 1}`
    if (root.isLimit)
      return problem('limit', root.offset, `The notebook is not read from ${where} on: ${root.message}.`)
    return problem('syntax', root.offset, `This is no notebook: it is no JSON from ${where} on: ${root.message}.`)
  }
  const cells = cellsOf(root)
  if (!cells) return problem('syntax', 0, 'This is no notebook: it has no list of cells.')
  // Kernels of Python are also called python3 and ipython.
  const language = languageOf(root, text)
  if (language !== null && !/^i?python\d*$/i.test(language)) {
    return problem('no-model', 0, `The cells of this notebook are in ${language.slice(0, 40)}, not in Python.`)
  }
  const starts = lineStarts(text)
  const texts: CellText[] = []
  let size = 0
  for (const [i, cell] of cells.entries()) {
    if (wordOf(member(cell, 'cell_type'), text) !== 'code') continue
    const read = sourceOf(member(cell, 'source') ?? member(cell, 'input'), text, starts)
    const own = wordOf(member(member(member(cell, 'metadata'), 'vscode'), 'languageId'), text)
    const code = own === null || own === 'python' ? read.text : ''
    size += code.length
    if (texts.length >= MOST_CELLS || size > MOST_CHARACTERS) {
      const bound =
        texts.length >= MOST_CELLS ? `${MOST_CELLS} code cells` : `${MOST_CHARACTERS / 1e6}M characters of code`
      return problem('limit', 0, `The notebook has more than ${bound}.`)
    }
    texts.push({ uri: `${uri}#cell${i}`, text: code, fileLines: code === '' ? [] : read.fileLines })
  }
  return joinCells(texts)
}

export const isProgram = (read: Program | Problem): read is Program => 'cells' in read

const member = (node: JsonNode | undefined, key: string): JsonNode | undefined =>
  node?.kind === 'object' ? node.entries.get(key) : undefined

const wordOf = (node: JsonNode | undefined, text: string): string | null =>
  node?.kind === 'string' ? stringOf(text, node) : null

/** `cells`, or those of all worksheets in notebooks of before 2015. */
function cellsOf(root: JsonNode): readonly JsonNode[] | null {
  const cells = member(root, 'cells')
  if (cells?.kind === 'array') return cells.items
  const sheets = member(root, 'worksheets')
  if (sheets?.kind !== 'array') return null
  return sheets.items.flatMap(sheet => cellsOf(sheet) ?? [])
}

function languageOf(root: JsonNode, text: string): string | null {
  const metadata = member(root, 'metadata')
  return (
    wordOf(member(member(metadata, 'language_info'), 'name'), text) ??
    wordOf(member(member(metadata, 'kernelspec'), 'language'), text)
  )
}

/** A list of lines or one string; of each line where it stands in the file. Other shapes are an empty cell. */
function sourceOf(
  node: JsonNode | undefined,
  text: string,
  starts: readonly number[],
): { text: string; fileLines: number[] } {
  const pieces = (node?.kind === 'array' ? node.items : node ? [node] : []).flatMap(piece => {
    const words = wordOf(piece, text)
    return words === null || piece.kind !== 'string' ? [] : [{ words, at: piece.start }]
  })
  const read = pieces.map(({ words }) => words).join('')
  const fileLines: number[] = []
  let piece = 0
  let end = pieces[0]?.words.length ?? 0
  for (const start of lineStarts(read)) {
    while (start >= end && piece + 1 < pieces.length) end += pieces[++piece]!.words.length
    fileLines.push(pieces[piece] ? positionAt(starts, pieces[piece]!.at).line : 0)
  }
  return { text: read, fileLines }
}

const problem = (code: Problem['code'], offset: number, message: string): Problem => {
  const span: Span = { start: offset, end: offset }
  return { code, severity: 'error', span, message }
}

/** What cells have printed and what is pasted into them: most of the text, and never code. */
const OUTPUTS: ReadonlySet<string> = new Set(['outputs', 'attachments'])

const MOST_CELLS = 10_000
/** More than any definition has; the interpreter's own bounds hold besides. */
const MOST_CHARACTERS = 4_000_000
