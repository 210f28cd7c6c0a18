/** The extension in VS Code in a browser: the language server is a web worker. */
import * as vscode from 'vscode'
import { activateWith, type Exports } from './activate'

export function activate(context: vscode.ExtensionContext): Exports {
  return activateWith(context, async options => {
    const { LanguageClient } = await import('vscode-languageclient/browser')
    const script = vscode.Uri.joinPath(context.extensionUri, 'dist', 'web', 'server.js')
    // The project is compiled without the DOM's types; in this host there is a Worker.
    const { Worker } = globalThis as unknown as { Worker: new (script: string) => never }
    return new LanguageClient('convlens', 'ConvLens', options, new Worker(script.toString(true)))
  })
}
