/** The extension in VS Code on a desktop or a remote machine: the language server is a process of its own. */
import * as vscode from 'vscode'
import { activateWith, type Exports } from './activate'

export function activate(context: vscode.ExtensionContext): Exports {
  return activateWith(context, async options => {
    const { LanguageClient, TransportKind } = await import('vscode-languageclient/node')
    const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath
    const run = { module, transport: TransportKind.ipc, options: { execArgv: ROOM_FOR_YOUNG_OBJECTS } }
    const debug = { ...run, options: { execArgv: [...ROOM_FOR_YOUNG_OBJECTS, '--nolazy', '--inspect=6009'] } }
    return new LanguageClient('convlens', 'ConvLens', { run, debug }, options)
  })
}

/**
 * Every keystroke makes a graph and drops the last one. With Node's own 16 MB for young objects most of a long file's
 * graph is copied before it dies, which takes a third of the time.
 */
const ROOM_FOR_YOUNG_OBJECTS = ['--max-semi-space-size=64']
