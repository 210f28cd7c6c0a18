/** Sets `convlens.network` while the active editor shows a network: commands that need one are offered only then. */
import * as vscode from 'vscode'
import { activeNetwork, onDidChangeActive } from './notebooks'
import type { Session } from './session'

export function keepContextKey(session: Session): vscode.Disposable {
  const networks = new Set<string>()
  let said = false
  const update = (): void => {
    const uri = activeNetwork()
    const shown = uri !== undefined && networks.has(uri)
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
    onDidChangeActive(update),
  )
}
