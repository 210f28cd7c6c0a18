/**
 * A notebook is one program for the server, known by the notebook's URI, and a document a cell for the editor. Lines of
 * the program count through its Python cells.
 */
import * as vscode from 'vscode'
import { EDITED } from './previews'

/** The URI under which the server knows what a document shows: of a cell its notebook's. */
export const networkUri = (document: vscode.TextDocument): string =>
  (notebookOf(document)?.uri ?? document.uri).toString()

/** That of the active editor; of a notebook also while none of its cells is edited. */
export function activeNetwork(): string | undefined {
  const { activeNotebookEditor, activeTextEditor } = vscode.window
  if (activeNotebookEditor) return activeNotebookEditor.notebook.uri.toString()
  // A preview of edits is a text of the document that it would change.
  if (!activeTextEditor || activeTextEditor.document.uri.scheme === EDITED) return undefined
  return networkUri(activeTextEditor.document)
}

/** Another editor, or another cell, has become the active one. */
export const onDidChangeActive = (listener: () => void): vscode.Disposable =>
  vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(listener),
    vscode.window.onDidChangeActiveNotebookEditor(listener),
  )

/** The document, which is opened, at a 0-based line of what the server knows under a URI, and the line in it. */
export async function textAt(uri: string, line = 0): Promise<{ document: vscode.TextDocument; line: number }> {
  const parsed = vscode.Uri.parse(uri)
  const isOpen = vscode.workspace.notebookDocuments.some(notebook => notebook.uri.toString() === uri)
  if (!isOpen && !parsed.path.endsWith('.ipynb'))
    return { document: await vscode.workspace.openTextDocument(parsed), line }
  const notebook = await vscode.workspace.openNotebookDocument(parsed)
  let first = 0
  const cells = codeOf(notebook)
  for (const document of cells) {
    if (line < first + document.lineCount) return { document, line: line - first }
    first += document.lineCount
  }
  const document = cells.at(-1) ?? notebook.cellAt(0).document
  return { document, line: document.lineCount - 1 }
}

/** The line of the program on which a document starts: 0, but for cells. */
export function firstLine(document: vscode.TextDocument): number {
  const notebook = notebookOf(document)
  const cells = notebook ? codeOf(notebook) : []
  return cells.slice(0, Math.max(0, cells.indexOf(document))).reduce((sum, { lineCount }) => sum + lineCount, 0)
}

/** Shows a 0-based line of a document, in a notebook its cell; without a line whatever was shown of it before. */
export async function showLine(
  document: vscode.TextDocument,
  line: number | undefined,
  viewColumn?: vscode.ViewColumn,
): Promise<void> {
  const notebook = notebookOf(document)
  const column = viewColumn === undefined ? {} : { viewColumn }
  if (line === undefined) {
    if (notebook) await vscode.window.showNotebookDocument(notebook, column)
    else await vscode.window.showTextDocument(document, column)
    return
  }
  const last = Math.min(line, document.lineCount - 1)
  const at = new vscode.Position(last, document.lineAt(last).firstNonWhitespaceCharacterIndex)
  const options = { selection: new vscode.Range(at, at), ...column }
  if (notebook) await vscode.commands.executeCommand('vscode.open', document.uri, options)
  else await vscode.window.showTextDocument(document, options)
}

function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (document.uri.scheme !== CELL) return undefined
  return vscode.workspace.notebookDocuments.find(notebook =>
    notebook.getCells().some(cell => cell.document === document),
  )
}

const codeOf = (notebook: vscode.NotebookDocument): vscode.TextDocument[] =>
  notebook
    .getCells()
    .filter(({ kind, document }) => kind === vscode.NotebookCellKind.Code && document.languageId === 'python')
    .map(cell => cell.document)

/** The scheme of the documents of cells. */
const CELL = 'vscode-notebook-cell'
