/** The panel beside the editor: one webview that follows the file being edited and survives a reload of the window. */
import * as vscode from 'vscode'
import { REQUESTS } from '../protocol'
import type { FromPanel, PanelModel, PanelParams, PanelTab, ToPanel } from '../protocol/panel'
import type { AdviceQuestion } from '../protocol/panelAdvice'
import type { CompareSides, PanelComparison } from '../protocol/panelCompare'
import type { PanelCommands } from './commands'
import type { Git } from './git'
import { activeNetwork, firstLine, networkUri, onDidChangeActive, textAt } from './notebooks'
import { lineMarks, panelActions } from './panelActions'
import { panelCompare } from './panelCompare'
import { panelHtml } from './panelHtml'
import { panelProposals } from './panelProposals'
import { isCandidate } from './session'

/** What the panel needs of the language server's session. */
export interface PanelApi {
  /** Starts the server where it does not run yet. */
  request<T>(method: string, params: object): Promise<T>
  /** The server has analysed the document with this URI. */
  readonly onAnalyzed: vscode.Event<string>
  readonly git: Git
}

/** The panel as commands use it, and what it has come to, for the tests inside the editor. */
export interface Panel extends PanelCommands, vscode.Disposable {
  /** What the page was last given; undefined while it is not open or has not said that it is ready. */
  readonly shown: PanelModel | undefined
  /** The comparison that the page was last given. */
  readonly compared: PanelComparison | undefined
  /** Does what the page asks for with a message. */
  receive(message: FromPanel): Promise<void>
}

export const PANEL_TYPE = 'convlens.panel'

/** Registers the panel and its serializer; nothing is opened. */
export function registerPanel(context: vscode.ExtensionContext, api: PanelApi): Panel {
  let open: OpenPanel | undefined

  function attach(webviewPanel: vscode.WebviewPanel, start: Start): void {
    open?.dispose()
    const attached = openPanel(context, api, webviewPanel, start)
    open = attached
    webviewPanel.onDidDispose(() => {
      attached.dispose()
      if (open === attached) open = undefined
    })
  }

  const serializer = vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, {
    async deserializeWebviewPanel(webviewPanel) {
      attach(webviewPanel, {})
    },
  })
  return {
    show(uri = activeNetwork(), tab, compare) {
      const start = { uri, tab, compare }
      if (open) open.show(start)
      else {
        const column = { viewColumn: vscode.ViewColumn.Beside }
        attach(vscode.window.createWebviewPanel(PANEL_TYPE, 'ConvLens', column), start)
      }
    },
    get shown() {
      return open?.shown()
    },
    get compared() {
      return open?.compared()
    },
    receive: async message => open?.receive(message),
    dispose() {
      open?.dispose()
      serializer.dispose()
    },
  }
}

/** Settings that change what the panel shows. */
const HEEDED = ['unit', 'device', 'devices']

interface OpenPanel extends vscode.Disposable {
  show(start: Start): void
  shown(): PanelModel | undefined
  compared(): PanelComparison | undefined
  receive(message: FromPanel): Promise<void>
}

interface Start {
  readonly uri?: string | undefined
  readonly tab?: PanelTab | undefined
  /** What the Compare tab is to compare. */
  readonly compare?: CompareSides | undefined
}

function openPanel(
  { extensionUri }: vscode.ExtensionContext,
  api: PanelApi,
  panel: vscode.WebviewPanel,
  start: Start,
): OpenPanel {
  let { uri, tab, compare } = start
  let pinned = false
  let ready = false
  let options: Pick<PanelParams, 'form' | 'ratio' | 'multiple' | 'paper'> = {}
  let model: PanelModel | undefined
  let asking = false
  let again = false

  const post = (message: ToPanel): void => void panel.webview.postMessage(message)
  const marks = lineMarks()
  const actions = panelActions({ api, post, marks, uri: () => uri, name: () => modelName(model), refresh })
  const proposals = panelProposals({ api, post, refresh })
  const comparison = panelCompare({ api, git: api.git, post, model: () => model })

  /** Asks again; while a question is open, the next one waits and stands for all that came meanwhile. */
  async function refresh(): Promise<void> {
    again = true
    if (asking) return
    asking = true
    while (again) {
      again = false
      await ask()
    }
    asking = false
  }

  /** Asks for the file's model and shows it, unless another file was chosen meanwhile. */
  async function ask(): Promise<void> {
    const wanted = uri
    if (!ready || wanted === undefined) return
    post({ type: 'reading', file: decodeURIComponent(wanted.slice(wanted.lastIndexOf('/') + 1)) })
    try {
      // After a reload nobody else may have opened the document, and the server knows only open ones.
      await textAt(wanted)
      const settings = vscode.workspace.getConfiguration('convlens')
      const params: PanelParams = {
        uri: wanted,
        unit: settings.get('unit'),
        device: settings.get('device'),
        ...options,
      }
      const answer = await api.request<PanelModel | null>(REQUESTS.panelModel, params)
      if (wanted !== uri) return
      if (!answer) throw new Error('The analysis failed; the output channel ConvLens says why.')
      model = answer
      panel.title = answer.state === 'network' ? `${answer.model} cost` : 'ConvLens'
      post({ type: 'model', model: answer })
      postCursor()
    } catch (error) {
      if (wanted === uri) post({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
    }
  }

  /** Shows another file, once it is known to define a network; a panel that shows none takes any. */
  async function follow(): Promise<void> {
    const next = activeNetwork()
    const document = vscode.window.activeTextEditor?.document
    if (next === undefined || next === uri || pinned || (document && !isCandidate(document))) return postCursor()
    if (model?.state === 'network') {
      const summary = await api.request<object | null>(REQUESTS.summary, { uri: next }).catch(() => null)
      if (!summary || activeNetwork() !== next || pinned) return
    }
    uri = next
    await refresh()
  }

  /** Shows the tab that was asked for, and what it is to compare once the page has the model that this is about. */
  async function showWanted(other: boolean): Promise<void> {
    const sides = compare
    if (tab) post({ type: 'show', tab })
    // A page that was hidden starts again and remembers its tab by itself.
    tab = undefined
    compare = undefined
    if (other) await refresh()
    if (sides) post({ type: 'show', tab: 'compare', compare: sides })
  }

  function postCursor(): void {
    const own = vscode.window.visibleTextEditors.filter(({ document }) => networkUri(document) === uri)
    // Of a notebook every cell that was looked at has an editor; the cursor is in the active one.
    const several = own.some(shown => shown.document !== own[0]?.document)
    const editor = own.find(shown => shown === vscode.window.activeTextEditor) ?? (several ? undefined : own[0])
    post({ type: 'cursor', line: editor ? firstLine(editor.document) + editor.selection.active.line + 1 : null })
  }

  async function receive(message: FromPanel): Promise<void> {
    if (message.type === 'ready') {
      ready = true
      pinned = message.pinned
      const { form, ratio, multiple, paper } = message
      options = { form, ratio, multiple, paper }
      uri ??= message.uri ?? activeNetwork()
      await showWanted(true)
    } else if (message.type === 'options') {
      options = { ...options, form: message.form, ratio: message.ratio, multiple: message.multiple }
      await refresh()
    } else if (message.type === 'paper') {
      options = { ...options, paper: { kilo: message.kilo, biases: message.biases } }
      await refresh()
    } else if (message.type === 'pin') {
      pinned = message.pinned
      await follow()
    } else if (isAdvice(message)) {
      if (uri !== undefined) await proposals.answer(uri, message)
    } else if (message.type === 'compare' || message.type === 'compareWith') {
      if (uri !== undefined) await comparison.answer(uri, message)
    } else await actions(message)
  }

  const listeners = [
    panel.webview.onDidReceiveMessage((message: FromPanel) => void receive(message)),
    api.onAnalyzed(analyzed => {
      if (analyzed === uri) void refresh()
    }),
    onDidChangeActive(() => void follow()),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
      if (networkUri(textEditor.document) !== uri) return
      if (kind !== undefined) marks.clear()
      postCursor()
    }),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (HEEDED.some(key => change.affectsConfiguration(`convlens.${key}`))) void refresh()
    }),
    marks,
    proposals,
    comparison,
  ]
  fill(panel, extensionUri)
  return {
    show(next) {
      const other = next.uri !== undefined && next.uri !== uri
      uri = next.uri ?? uri
      tab = next.tab
      compare = next.compare
      panel.reveal(undefined, false)
      if (ready) void showWanted(other)
    },
    shown: () => model,
    compared: () => comparison.shown,
    receive,
    dispose: () => vscode.Disposable.from(...listeners).dispose(),
  }
}

function fill(panel: vscode.WebviewPanel, extensionUri: vscode.Uri): void {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist')
  const media = vscode.Uri.joinPath(extensionUri, 'media')
  const { webview } = panel
  panel.iconPath = vscode.Uri.joinPath(media, 'icon.png')
  webview.options = { enableScripts: true, localResourceRoots: [dist, media] }
  webview.html = panelHtml({
    source: webview.cspSource,
    script: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'panel.js')).toString(),
    style: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'panel.css')).toString(),
    nonce: newNonce(),
    language: vscode.env.language,
  })
}

const isAdvice = (message: FromPanel): message is AdviceQuestion =>
  ['proposal', 'applied', 'budget', 'preview', 'apply'].includes(message.type)

const modelName = (model: PanelModel | undefined): string => (model?.state === 'network' ? model.model : 'network')

/** 128 random bits; the editor's two hosts both have Web Crypto. */
function newNonce(): string {
  const bytes = new Uint8Array(16)
  globalThis.crypto.getRandomValues(bytes)
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
