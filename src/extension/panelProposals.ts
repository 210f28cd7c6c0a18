/** Proposals of the panel: asked of the server, shown as a diff, and written into the document in one undo step. */
import * as vscode from 'vscode'
import { plural } from '../base/format'
import { REQUESTS } from '../protocol'
import type { ToPanel } from '../protocol/panel'
import type {
  AdviceParams,
  AdviceQuestion,
  PanelApplied,
  PanelBudget,
  PanelDetail,
  PanelEdit,
} from '../protocol/panelAdvice'
import { showLine, textAt } from './notebooks'
import type { PanelApi } from './panelHost'
import { EDITED } from './previews'

interface Context {
  readonly api: PanelApi
  post(message: ToPanel): void
  refresh(): Promise<void>
}

/** Texts that are kept for diff editors. */
const MOST_PREVIEWS = 8

export interface PanelProposals extends vscode.Disposable {
  answer(uri: string, message: AdviceQuestion): Promise<void>
}

export function panelProposals({ api, post, refresh }: Context): PanelProposals {
  const previews = new Map<string, string>()
  let count = 0
  const provider = vscode.workspace.registerTextDocumentContentProvider(EDITED, {
    provideTextDocumentContent: uri => previews.get(uri.toString()) ?? '',
  })

  const ask = <T>(uri: string, method: string, params: Omit<AdviceParams, 'uri'>): Promise<T | null> =>
    api.request<T | null>(method, { ...params, uri }).catch(() => null)

  /** The edits that picks come to in the documents as they are now, or a sentence why there are none. */
  async function editsOf(
    uri: string,
    message: AdviceQuestion & { type: 'apply' | 'preview' },
  ): Promise<Ready | string> {
    const open = await documentsOf(uri)
    const versions = open.map(document => document.version)
    const applied = await ask<PanelApplied>(uri, REQUESTS.applied, message.params)
    if (!applied) return 'The analysis failed; the output channel ConvLens says why.'
    if (applied.refused !== null) return `${applied.refused} Nothing is written until it does.`
    const [document] = open
    const isOld =
      applied.version !== message.version || open.some((other, i) => other.version !== versions[i]) || !document
    if (isOld) {
      void refresh()
      return 'The file changed; refreshing.'
    }
    if (!applied.edits.length) return applied.dropped[0]?.reason ?? 'There is nothing to write.'
    const edits = await Promise.all(applied.edits.map(edit => located(uri, edit)))
    return { applied, edits }
  }

  async function preview(uri: string, message: AdviceQuestion & { type: 'preview' }): Promise<string | null> {
    const ready = await editsOf(uri, message)
    if (typeof ready === 'string') return ready
    const byDocument = new Map<vscode.TextDocument, vscode.TextEdit[]>()
    for (const { document, edit } of ready.edits) {
      byDocument.set(document, [...(byDocument.get(document) ?? []), edit])
    }
    for (const [document, edits] of byDocument) {
      const path = `/${count++}/${baseName(document.uri)}`
      const edited = vscode.Uri.from({ scheme: EDITED, path })
      previews.set(edited.toString(), editedText(document, edits))
      for (const old of [...previews.keys()].slice(0, -MOST_PREVIEWS)) previews.delete(old)
      const text = await vscode.workspace.openTextDocument(edited)
      await vscode.languages.setTextDocumentLanguage(text, document.languageId)
      const title = `${baseName(document.uri)}: as written ↔ with ${plural(ready.applied.count, 'proposal')}`
      // Beside the panel, not over it: where the text is shown.
      const shown = vscode.window.visibleTextEditors.find(editor => editor.document === document)
      const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One
      await vscode.commands.executeCommand('vscode.diff', document.uri, edited, title, { preview: true, viewColumn })
    }
    return null
  }

  async function apply(uri: string, message: AdviceQuestion & { type: 'apply' }): Promise<boolean | string> {
    const ready = await editsOf(uri, message)
    if (typeof ready === 'string') return ready
    const [first] = ready.edits
    if (await isReadOnly(first!.document.uri)) return `${baseName(first!.document.uri)} is read-only.`
    const edit = new vscode.WorkspaceEdit()
    for (const { document, edit: part } of ready.edits) edit.replace(document.uri, part.range, part.newText)
    if (!(await vscode.workspace.applyEdit(edit))) return 'The editor did not take the edits.'
    for (const document of new Set(ready.edits.map(each => each.document))) await closePreviews(document)
    return true
  }

  return {
    async answer(uri, message) {
      switch (message.type) {
        case 'proposal':
          return post({ ...named(message), detail: await ask<PanelDetail>(uri, REQUESTS.proposal, message.params) })
        case 'applied':
          return post({ ...named(message), applied: await ask<PanelApplied>(uri, REQUESTS.applied, message.params) })
        case 'budget':
          return post({ ...named(message), budget: await ask<PanelBudget>(uri, REQUESTS.budget, message.params) })
        case 'preview': {
          const refused = await preview(uri, message)
          if (refused !== null) post({ type: 'edited', applied: false, text: refused })
          return
        }
        case 'apply': {
          const result = await apply(uri, message)
          if (result === true) post({ type: 'edited', applied: true, text: '' })
          else post({ type: 'edited', applied: false, text: String(result) })
        }
      }
    },
    dispose: () => provider.dispose(),
  }
}

interface Ready {
  readonly applied: PanelApplied
  readonly edits: readonly Located[]
}

interface Located {
  readonly document: vscode.TextDocument
  readonly edit: vscode.TextEdit
}

const named = <T extends string>({
  type,
  key,
}: {
  readonly type: T
  readonly key: string
}): { type: T; key: string } => ({
  type,
  key,
})

/** Where an edit of the text that the server knows stands: in a notebook, in the cell that its first line is of. */
async function located(uri: string, { range, newText }: PanelEdit): Promise<Located> {
  const { document, line } = await textAt(uri, range.start.line)
  const start = new vscode.Position(line, range.start.character)
  const end = new vscode.Position(range.end.line - range.start.line + line, range.end.character)
  if (end.line < document.lineCount)
    return { document, edit: new vscode.TextEdit(new vscode.Range(start, end), newText) }
  // Whole lines to the end of a cell, which has no line end after its last.
  const last = document.lineAt(document.lineCount - 1).range.end
  return { document, edit: new vscode.TextEdit(new vscode.Range(start, last), newText.replace(/\r?\n$/, '')) }
}

/** The documents that the server reads under a URI: one, or the cells of a notebook. */
async function documentsOf(uri: string): Promise<readonly vscode.TextDocument[]> {
  const notebook = vscode.workspace.notebookDocuments.find(each => each.uri.toString() === uri)
  return notebook ? notebook.getCells().map(cell => cell.document) : [(await textAt(uri)).document]
}

function editedText(document: vscode.TextDocument, edits: readonly vscode.TextEdit[]): string {
  let text = document.getText()
  const upwards = [...edits].sort((a, b) => b.range.start.compareTo(a.range.start))
  for (const { range, newText } of upwards) {
    text = text.slice(0, document.offsetAt(range.start)) + newText + text.slice(document.offsetAt(range.end))
  }
  return text
}

/** What a preview showed is written: it would show the edits twice. */
async function closePreviews(written: vscode.TextDocument): Promise<void> {
  const isPreview = ({ input }: vscode.Tab): boolean =>
    input instanceof vscode.TabInputTextDiff &&
    input.modified.scheme === EDITED &&
    input.original.toString() === written.uri.toString()
  const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs.filter(isPreview))
  const [first] = tabs
  if (!first) return
  // The text's own editor, whose place the preview may have taken, comes back to it.
  await showLine(written, undefined, first.group.viewColumn)
  await vscode.window.tabGroups.close(tabs, true)
}

async function isReadOnly(uri: vscode.Uri): Promise<boolean> {
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) return true
  try {
    const { permissions } = await vscode.workspace.fs.stat(uri)
    return permissions === vscode.FilePermission.Readonly
  } catch {
    // A document that was never saved has no file.
    return false
  }
}

const baseName = ({ path }: vscode.Uri): string => path.slice(path.lastIndexOf('/') + 1)
