/** The extension in VS Code on a desktop or a remote machine: the language server is a process of its own. */
import * as vscode from 'vscode'
import { activateWith, type Exports } from './activate'

export function activate(context: vscode.ExtensionContext): Exports {
  return activateWith(context, async options => {
    const { LanguageClient, TransportKind } = await import('vscode-languageclient/node')
    const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath
    const run = { module, transport: TransportKind.ipc }
    const debug = { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } }
    return new LanguageClient('convlens', 'ConvLens', { run, debug }, options)
  })
}
