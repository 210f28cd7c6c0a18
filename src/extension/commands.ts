import * as vscode from 'vscode'
import { COMMANDS, REQUESTS, type SummaryFormat } from '../protocol'
import type { PanelTab } from '../protocol/panel'
import type { CompareSides } from '../protocol/panelCompare'
import type { CopiedPaper, PaperChoice } from '../protocol/paper'
import { pickFile } from './comparePickers'
import type { Git } from './git'
import { activeNetwork, firstLine, networkUri, showLine, textAt } from './notebooks'
import { openExample } from './openExample'
import { chooseCall, chooseModel, pinCall, setInput, showAllCalls } from './pickers'
import type { Session } from './session'

/** What the commands need of the panel. */
export interface PanelCommands {
  /** Opens it or brings it to the front; without a URI for the active editor's file. */
  show(uri?: string, tab?: PanelTab, compare?: CompareSides): unknown
}

/** Every command of the protocol. Arguments come from lenses and hovers; from the palette there are none. */
export function registerCommands(
  context: vscode.ExtensionContext,
  session: Session,
  panel: PanelCommands,
  git: Git,
): vscode.Disposable[] {
  const handlers: Record<keyof typeof COMMANDS, (...args: unknown[]) => unknown> = {
    showPanel: uri => panel.show(asUri(uri)),
    showCost: uri => panel.show(asUri(uri), 'cost'),
    showBottlenecks: uri => panel.show(asUri(uri), 'bottlenecks'),
    showPicture: uri => panel.show(asUri(uri), 'picture'),
    showCompare: uri => panel.show(asUri(uri), 'compare'),
    showRoofline: uri => panel.show(asUri(uri), 'roofline'),
    compareWithHead: uri => withNetwork(uri, network => compareWithHead(git, panel, network)),
    compareWithFile: uri => withNetwork(uri, network => compareWithFile(panel, network)),
    setInput: uri => withNetwork(uri, network => setInput(session, network)),
    chooseModel: (uri, model, call) =>
      withNetwork(uri, network =>
        typeof call === 'string'
          ? chooseCall(session, network, call)
          : chooseModel(session, network, typeof model === 'string' ? model : undefined),
      ),
    toggleHints: () => change<boolean>('hints.enabled', shown => !shown),
    toggleUnit: () => change<string>('unit', unit => (unit === 'FLOPs' ? 'MACs' : 'FLOPs')),
    copySummary: uri => withNetwork(uri, network => copySummary(session, network)),
    copyKerasSummary: uri =>
      withNetwork(uri, network => copy(session, REQUESTS.copySummary, { uri: network, format: 'keras' })),
    copyPaperTable: uri => withNetwork(uri, network => copyPaper(session, network)),
    copyTable: (uri, line) => withNetwork(uri, network => copyTable(session, network, Number(line) || 0)),
    revealLine: (uri, line) => withNetwork(uri, network => reveal(network, Number(line) || 0)),
    pinCall: (uri, path, line) =>
      withNetwork(uri, network =>
        pinCall(session, network, typeof path === 'string' ? path : undefined, lineOf(uri, line)),
      ),
    showAllCalls: uri => withNetwork(uri, network => showAllCalls(session, network)),
    openExample: () => openExample(context),
  }
  const names = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]
  return names.map(name => vscode.commands.registerCommand(COMMANDS[name], handlers[name]))
}

const asUri = (uri: unknown): string | undefined =>
  typeof uri === 'string' ? uri : uri instanceof vscode.Uri ? uri.toString() : undefined

/** Runs an action on the text with a URI, which is opened, or that of the active editor; says so where there is none. */
async function withNetwork(uri: unknown, action: (uri: string) => unknown): Promise<unknown> {
  const given = asUri(uri)
  const network = given === undefined ? activeNetwork() : networkUri((await textAt(given)).document)
  if (network === undefined) return vscode.window.showInformationMessage('Open a file that defines a network first.')
  return action(network)
}

/** The line that a link names; from the palette that of the cursor. */
function lineOf(uri: unknown, line: unknown): number | undefined {
  if (asUri(uri) !== undefined) return typeof line === 'number' ? line : undefined
  const editor = vscode.window.activeTextEditor
  return editor && firstLine(editor.document) + editor.selection.active.line
}

async function compareWithHead(git: Git, panel: PanelCommands, uri: string): Promise<void> {
  const refusal = await git.textAt(vscode.Uri.parse(uri), 'HEAD').then(
    () => null,
    (error: Error) => error.message,
  )
  if (refusal !== null) void vscode.window.showInformationMessage(refusal)
  else panel.show(uri, 'compare', { a: { kind: 'revision', ref: 'HEAD' }, b: { kind: 'shown' } })
}

async function compareWithFile(panel: PanelCommands, uri: string): Promise<void> {
  const other = await pickFile(uri)
  if (other) panel.show(uri, 'compare', { a: other, b: { kind: 'shown' } })
}

async function copySummary(session: Session, uri: string): Promise<void> {
  const formats: (vscode.QuickPickItem & { readonly format: SummaryFormat })[] = [
    { label: 'Markdown', description: 'a table of the layers', format: 'markdown' },
    { label: 'CSV', description: 'a row a layer, exact numbers', format: 'csv' },
    { label: 'JSON', description: 'everything, exact numbers', format: 'json' },
  ]
  const picked = await vscode.window.showQuickPick(formats, { title: `Copy Summary of ${nameOf(uri)}` })
  if (picked) await copy(session, REQUESTS.copySummary, { uri, format: picked.format })
}

/** The form first, then what is counted as papers do. */
async function copyPaper(session: Session, uri: string): Promise<void> {
  const title = `Copy Paper Table of ${nameOf(uri)}`
  const formats: (vscode.QuickPickItem & { readonly format: CopiedPaper })[] = [
    { label: 'Markdown', description: 'rounded as in papers', format: 'markdown' },
    { label: 'LaTeX', description: 'a table environment that needs no package', format: 'latex' },
    { label: 'CSV', description: 'exact numbers', format: 'csv' },
  ]
  const form = await vscode.window.showQuickPick(formats, { title })
  if (!form) return
  const counts: (vscode.QuickPickItem & { readonly choice: PaperChoice })[] = [
    { label: 'All params, K = 1000', choice: { kilo: 1000, biases: 'params' } },
    { label: 'Weights without biases, K = 1000', choice: { kilo: 1000, biases: 'none' } },
    { label: 'Weights without biases, K = 1024', description: 'GoogLeNet', choice: { kilo: 1024, biases: 'none' } },
    { label: 'All params, biases in ops too', description: 'FaceNet', choice: { kilo: 1000, biases: 'both' } },
  ]
  const count = await vscode.window.showQuickPick(counts, { title, placeHolder: 'What is counted' })
  if (count) await copy(session, REQUESTS.copyPaper, { uri, format: form.format, ...count.choice })
}

const copyTable = (session: Session, uri: string, line: number): Promise<void> =>
  copy(session, REQUESTS.copyTable, { uri, line })

async function copy(session: Session, request: string, params: object): Promise<void> {
  const text = await (await session.client()).sendRequest<string | null>(request, params)
  if (text === null) {
    void vscode.window.showInformationMessage('No network was found in this file.')
    return
  }
  await vscode.env.clipboard.writeText(text)
  vscode.window.setStatusBarMessage('ConvLens: copied', 2000)
}

async function reveal(uri: string, line: number): Promise<void> {
  const found = await textAt(uri, line)
  await showLine(found.document, found.line)
}

/** Changes a setting where it is set: in the workspace when it is set there, else for the user. */
async function change<T>(key: string, next: (value: T | undefined) => T): Promise<void> {
  const settings = vscode.workspace.getConfiguration('convlens')
  const inWorkspace = settings.inspect(key)?.workspaceValue !== undefined
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global
  await settings.update(key, next(settings.get<T>(key)), target)
}

const nameOf = (uri: string): string => vscode.Uri.parse(uri).path.split('/').at(-1) ?? ''
