import * as vscode from 'vscode'
import { COMMANDS, REQUESTS, type SummaryFormat } from '../protocol'
import type { PanelTab } from '../protocol/panel'
import { openExample } from './openExample'
import { chooseModel, setInput } from './pickers'
import type { Session } from './session'

/** What the commands need of the panel. */
export interface PanelCommands {
  /** Opens it or brings it to the front; without a URI for the active editor's file. */
  show(uri?: string, tab?: PanelTab): unknown
}

/** Every command of the protocol. Arguments come from lenses and hovers; from the palette there are none. */
export function registerCommands(
  context: vscode.ExtensionContext,
  session: Session,
  panel: PanelCommands,
): vscode.Disposable[] {
  const handlers: Record<keyof typeof COMMANDS, (...args: unknown[]) => unknown> = {
    showPanel: uri => panel.show(asUri(uri)),
    showCost: uri => panel.show(asUri(uri), 'cost'),
    showBottlenecks: uri => panel.show(asUri(uri), 'bottlenecks'),
    showPicture: uri => panel.show(asUri(uri), 'picture'),
    showCompare: uri => panel.show(asUri(uri), 'compare'),
    showRoofline: uri => panel.show(asUri(uri), 'roofline'),
    setInput: uri => withDocument(uri, document => setInput(session, document)),
    chooseModel: (uri, model) =>
      withDocument(uri, document => chooseModel(session, document, typeof model === 'string' ? model : undefined)),
    toggleHints: () => change<boolean>('hints.enabled', shown => !shown),
    toggleUnit: () => change<string>('unit', unit => (unit === 'FLOPs' ? 'MACs' : 'FLOPs')),
    copySummary: uri => withDocument(uri, document => copySummary(session, document)),
    copyTable: (uri, line) => withDocument(uri, document => copyTable(session, document, Number(line) || 0)),
    revealLine: (uri, line) => withDocument(uri, document => reveal(document, Number(line) || 0)),
    openExample: () => openExample(context),
  }
  const names = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]
  return names.map(name => vscode.commands.registerCommand(COMMANDS[name], handlers[name]))
}

const asUri = (uri: unknown): string | undefined =>
  typeof uri === 'string' ? uri : uri instanceof vscode.Uri ? uri.toString() : undefined

/** Runs an action on the document with a URI, or that of the active editor; says so where there is none. */
async function withDocument(uri: unknown, action: (document: vscode.TextDocument) => unknown): Promise<unknown> {
  const given = asUri(uri)
  const document =
    given === undefined
      ? vscode.window.activeTextEditor?.document
      : await vscode.workspace.openTextDocument(vscode.Uri.parse(given))
  if (!document) return vscode.window.showInformationMessage('Open a file that defines a network first.')
  return action(document)
}

async function copySummary(session: Session, document: vscode.TextDocument): Promise<void> {
  const formats: (vscode.QuickPickItem & { readonly format: SummaryFormat })[] = [
    { label: 'Markdown', description: 'a table of the layers', format: 'markdown' },
    { label: 'CSV', description: 'a row a layer, exact numbers', format: 'csv' },
    { label: 'JSON', description: 'everything, exact numbers', format: 'json' },
  ]
  const picked = await vscode.window.showQuickPick(formats, { title: `Copy Summary of ${nameOf(document)}` })
  if (picked) await copy(session, REQUESTS.copySummary, { uri: document.uri.toString(), format: picked.format })
}

const copyTable = (session: Session, document: vscode.TextDocument, line: number): Promise<void> =>
  copy(session, REQUESTS.copyTable, { uri: document.uri.toString(), line })

async function copy(session: Session, request: string, params: object): Promise<void> {
  const text = await (await session.client()).sendRequest<string | null>(request, params)
  if (text === null) {
    void vscode.window.showInformationMessage('No network was found in this file.')
    return
  }
  await vscode.env.clipboard.writeText(text)
  vscode.window.setStatusBarMessage('ConvLens: copied', 2000)
}

async function reveal(document: vscode.TextDocument, line: number): Promise<void> {
  const at = new vscode.Position(Math.min(line, document.lineCount - 1), 0)
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) })
}

/** Changes a setting where it is set: in the workspace when it is set there, else for the user. */
async function change<T>(key: string, next: (value: T | undefined) => T): Promise<void> {
  const settings = vscode.workspace.getConfiguration('convlens')
  const inWorkspace = settings.inspect(key)?.workspaceValue !== undefined
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global
  await settings.update(key, next(settings.get<T>(key)), target)
}

const nameOf = (document: vscode.TextDocument): string => document.uri.path.split('/').at(-1) ?? ''
