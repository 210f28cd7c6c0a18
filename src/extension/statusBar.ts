/** At the right of the status bar, off by default: `$(graph) 4.09G MACs · 25.6M`, with a clock while the text cannot be read. */
import * as vscode from 'vscode'
import { COMMANDS, type ModelSummary, REQUESTS } from '../protocol'
import { activeNetwork, onDidChangeActive } from './notebooks'
import type { Session } from './session'

export function showStatusBar(session: Session): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('convlens.total', vscode.StatusBarAlignment.Right, 100)
  item.name = 'ConvLens'

  async function update(): Promise<void> {
    const uri = activeNetwork()
    const client = session.running()
    const enabled = vscode.workspace.getConfiguration('convlens').get<boolean>('statusBar.enabled')
    if (uri === undefined || !client || !enabled) return item.hide()
    const summary = await client.sendRequest<ModelSummary | null>(REQUESTS.summary, { uri })
    // Another editor may have come to the front while the server answered.
    if (activeNetwork() !== uri) return
    if (!summary) return item.hide()
    const { model, statusBar, input, inputAssumed, behind } = summary
    const before = behind === null ? '' : `. ${behind} These are the numbers before that.`
    item.text = behind === null ? `$(graph) ${statusBar}` : `$(history) ${statusBar}`
    item.tooltip = `${model}${input && `, input ${input}`}${inputAssumed ? ' (assumed)' : ''}${before}`
    item.accessibilityInformation = { label: `${model}: ${statusBar} params${before}`, role: 'button' }
    item.command = { title: 'Show cost', command: COMMANDS.showCost, arguments: [uri] }
    item.show()
  }

  return vscode.Disposable.from(
    item,
    session.onAnalyzed(uri => {
      if (activeNetwork() === uri) void update()
    }),
    onDidChangeActive(() => void update()),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration('convlens')) void update()
    }),
  )
}
