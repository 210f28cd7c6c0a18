import * as vscode from 'vscode'
import { COMMANDS, type CopySummaryParams, REQUESTS } from '../protocol'
import type { FromPanel, PanelExport, PanelPlace, ToPanel } from '../protocol/panel'
import type { AdviceQuestion } from '../protocol/panelAdvice'
import type { CompareQuestion } from '../protocol/panelCompare'
import { firstLine, networkUri, showLine, textAt } from './notebooks'
import type { PanelApi } from './panelHost'

interface Context {
  readonly api: PanelApi
  readonly marks: LineMarks
  post(message: ToPanel): void
  /** The document that the panel shows. */
  uri(): string | undefined
  /** The model's name, for files that are saved. */
  name(): string
  refresh(): Promise<void>
}

type Action = Exclude<FromPanel, AdviceQuestion | CompareQuestion | { type: 'ready' | 'options' | 'paper' | 'pin' }>

/** Does in the editor what the page asks for. */
export function panelActions(context: Context): (message: Action) => Promise<void> {
  return async message => {
    const uri = context.uri()
    if (message.type === 'openExample') await vscode.commands.executeCommand(COMMANDS.openExample)
    else if (message.type === 'setUnit') await change('unit', message.unit)
    else if (message.type === 'setDevice') await change('device', message.device)
    else if (message.type === 'copyText') {
      await vscode.env.clipboard.writeText(message.text)
      context.post({ type: 'said', text: message.said })
    } else if (uri !== undefined) await withDocument(context, uri, message)
  }
}

async function withDocument(context: Context, uri: string, message: Action): Promise<void> {
  const { api, marks, post, refresh } = context
  switch (message.type) {
    case 'chooseModel': {
      const refusal = await api.request<string | null>(REQUESTS.choose, { uri, model: message.model })
      if (refusal !== null) void vscode.window.showWarningMessage(refusal)
      return refresh()
    }
    case 'editInput':
      await vscode.commands.executeCommand(COMMANDS.setInput, uri)
      return refresh()
    case 'select':
      return marks.show(uri, message.places)
    case 'reveal':
      return goTo(uri, message.place)
    case 'toEditor':
      return goTo(uri, null)
    case 'copy': {
      const text = await summary(api, uri, message.format)
      if (text === null) return
      await vscode.env.clipboard.writeText(text)
      vscode.window.setStatusBarMessage('ConvLens: copied', 2000)
      return post({ type: 'said', text: 'Copied' })
    }
    case 'export':
      return exportAs(context, uri, message)
  }
}

const summary = (api: PanelApi, uri: string, format: CopySummaryParams['format']): Promise<string | null> =>
  api.request<string | null>(REQUESTS.copySummary, { uri, format })

/** Tables come from the server, pictures from the page; the reader says where to. */
async function exportAs(
  { api, name, post }: Context,
  uri: string,
  { format, data, tab }: FromPanel & { readonly type: 'export' },
): Promise<void> {
  const bytes = await contentOf(api, uri, format, data)
  if (!bytes) return
  // Each tab has its own, so that no picture takes the place of another.
  const about = tab && tab !== 'cost' ? `-${tab}` : ''
  const file = `${name().replace(/[^\w.-]+/g, '-')}${about}.${format}`
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  const target = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {}),
    filters: { [format.toUpperCase()]: [format] },
  })
  if (!target) return
  await vscode.workspace.fs.writeFile(target, bytes)
  post({ type: 'said', text: `Saved ${target.path.split('/').at(-1)}` })
}

async function contentOf(
  api: PanelApi,
  uri: string,
  format: PanelExport,
  data: string | undefined,
): Promise<Uint8Array | undefined> {
  if (format === 'png') return data === undefined ? undefined : bytesOfBase64(data)
  const text = data ?? (format === 'csv' || format === 'json' ? await summary(api, uri, format) : undefined)
  return text == null ? undefined : new TextEncoder().encode(text)
}

const bytesOfBase64 = (data: string): Uint8Array => Uint8Array.from(atob(data), char => char.charCodeAt(0))

/** The editor that shows the document, or a new one in the first column; the cursor goes to the place. */
async function goTo(uri: string, place: PanelPlace | null): Promise<void> {
  const { document, line } = await textAt(uri, (place?.line ?? 1) - 1)
  const shown = vscode.window.visibleTextEditors.find(editor => editor.document === document)
  const column = shown?.viewColumn ?? vscode.ViewColumn.One
  await showLine(document, place ? line : undefined, column)
}

/** Changes a setting where it is set: in the workspace when it is set there, else for the user. */
async function change(key: string, value: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration('convlens')
  const inWorkspace = settings.inspect(key)?.workspaceValue !== undefined
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global
  await settings.update(key, value, target)
}

/** Marks in the editor of the lines that are selected in the panel. */
export interface LineMarks extends vscode.Disposable {
  show(uri: string, places: readonly PanelPlace[]): void
  clear(): void
}

export function lineMarks(): LineMarks {
  const decoration = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    borderColor: new vscode.ThemeColor('editor.rangeHighlightBorder'),
    borderStyle: 'dotted',
    borderWidth: '1px',
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
  })
  return {
    show(uri, places) {
      for (const editor of vscode.window.visibleTextEditors) {
        const { document } = editor
        const own = networkUri(document) === uri
        const first = own ? firstLine(document) + 1 : 0
        const inside = ({ line }: PanelPlace): boolean => line >= first && line < first + document.lineCount
        const ranges = (own ? places.filter(inside) : []).map(
          ({ line, endLine }) => new vscode.Range(line - first, 0, endLine - first, 0),
        )
        editor.setDecorations(decoration, ranges)
        if (ranges[0]) editor.revealRange(ranges[0], vscode.TextEditorRevealType.InCenterIfOutsideViewport)
      }
    },
    clear() {
      for (const editor of vscode.window.visibleTextEditors) editor.setDecorations(decoration, [])
    },
    dispose: () => decoration.dispose(),
  }
}
