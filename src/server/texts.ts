import type { Connection, NotebookDocument, TextDocuments } from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { SourceCell } from '../analysis/analyze'
import { joinCells } from '../analysis/notebook'

/** A text that is analysed: a document by itself, or a notebook, whose code cells are one program. */
export interface OpenText extends Pick<TextDocument, 'uri' | 'version' | 'languageId' | 'getText'> {
  readonly cells?: readonly SourceCell[]
}

/** Everything that the client has open. */
export interface OpenTexts {
  /** The text that is analysed for a URI, which may be a cell's: then with the cell's place in it. */
  find(uri: string): { readonly text: OpenText; readonly cell?: SourceCell } | undefined
  /** Of everything that is analysed. */
  uris(): string[]
}

/** What is done when a notebook is opened or changed in any cell, or closed; of documents `TextDocuments` says that. */
interface Listeners {
  changed(uri: string): void
  closed(uri: string): void
  closedCell(uri: string): void
}

/** Follows the notebooks of a connection beside its documents. */
export function openTexts(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  { changed, closed, closedCell }: Listeners,
): OpenTexts {
  const notebooks = new Map<string, Notebook>()
  /** The notebook of every cell. */
  const owners = new Map<string, Notebook>()

  function open(notebook: Notebook, cell: { uri: string; languageId: string; version: number; text: string }): void {
    notebook.texts.set(cell.uri, TextDocument.create(cell.uri, cell.languageId, cell.version, cell.text))
    owners.set(cell.uri, notebook)
  }
  function close(notebook: Notebook, uri: string): void {
    notebook.texts.delete(uri)
    owners.delete(uri)
    closedCell(uri)
  }

  const { synchronization } = connection.notebooks
  synchronization.onDidOpenNotebookDocument(({ notebookDocument, cellTextDocuments }) => {
    const { uri } = notebookDocument
    const notebook: Notebook = {
      uri,
      order: cellUris(notebookDocument.cells),
      texts: new Map(),
      version: 0,
      text: null,
    }
    notebooks.set(uri, notebook)
    for (const cell of cellTextDocuments) open(notebook, cell)
    changed(uri)
  })
  synchronization.onDidChangeNotebookDocument(({ notebookDocument: { uri }, change: { cells } }) => {
    const notebook = notebooks.get(uri)
    if (!notebook || !cells) return
    const { structure, textContent = [] } = cells
    if (structure) {
      const { start, deleteCount, cells: added = [] } = structure.array
      notebook.order.splice(start, deleteCount, ...cellUris(added))
      for (const cell of structure.didOpen ?? []) open(notebook, cell)
      for (const cell of structure.didClose ?? []) close(notebook, cell.uri)
    }
    for (const { document, changes } of textContent) {
      const text = notebook.texts.get(document.uri)
      if (text) TextDocument.update(text, changes, document.version)
    }
    notebook.text = null
    notebook.version++
    changed(uri)
  })
  synchronization.onDidCloseNotebookDocument(({ notebookDocument: { uri } }) => {
    const notebook = notebooks.get(uri)
    if (!notebook) return
    for (const cell of [...notebook.texts.keys()]) close(notebook, cell)
    notebooks.delete(uri)
    closed(uri)
  })

  return {
    find(uri) {
      const notebook = notebooks.get(uri) ?? owners.get(uri)
      if (!notebook) {
        const text = documents.get(uri)
        return text && { text }
      }
      notebook.text ??= join(notebook)
      const cell = notebook.text.cells?.find(other => other.uri === uri)
      return { text: notebook.text, ...(cell ? { cell } : {}) }
    },
    uris: () => [...documents.keys(), ...notebooks.keys()],
  }
}

interface Notebook {
  readonly uri: string
  /** URIs of its cells as they stand. */
  readonly order: string[]
  readonly texts: Map<string, TextDocument>
  /** Our own: not every change of a cell has a version of the notebook. */
  version: number
  /** Its cells joined, once somebody asked. */
  text: OpenText | null
}

const cellUris = (cells: NotebookDocument['cells']): string[] => cells.map(cell => cell.document)

function join({ uri, order, texts, version }: Notebook): OpenText {
  const code = order.map(cell => texts.get(cell)).filter(cell => cell?.languageId === 'python')
  const { text, cells } = joinCells(code.map(cell => ({ uri: cell!.uri, text: cell!.getText() })))
  return { uri, version, languageId: 'python', getText: () => text, cells }
}
