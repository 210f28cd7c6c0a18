/** Sets `convlens.network` while the active editor shows a network: commands that need one are offered only then. */
import * as vscode from 'vscode'
import { networkUri } from './notebooks'
import type { Session } from './session'

export function keepContextKey(session: Session): vscode.Disposable {
  const networks = new Set<string>()
  let said = false
  const update = (): void => {
    const document = vscode.window.activeTextEditor?.document
    const shown = document !== undefined && networks.has(networkUri(document))
    if (shown === said) return
    said = shown
    void vscode.commands.executeCommand('setContext', 'convlens.network', shown)
  }
  return vscode.Disposable.from(
    session.onAnalyzed(uri => {
      networks.add(uri)
      update()
    }),
    vscode.workspace.onDidCloseTextDocument(document => networks.delete(document.uri.toString())),
    vscode.workspace.onDidCloseNotebookDocument(notebook => networks.delete(notebook.uri.toString())),
    vscode.window.onDidChangeActiveTextEditor(update),
  )
}
