import * as vscode from 'vscode'
import { NOTIFICATIONS } from '../protocol'
import type { HeadTextParams } from '../protocol/panelCompare'
import type { Git } from './git'
import type { Session } from './session'

/** Tells the server what open networks were at HEAD, once for every commit, so that a lens can say what changed since. */
export function sendHeadTexts(session: Session, git: Git): vscode.Disposable {
  /** The commit whose text the server has, by the URI of every network; undefined for none. */
  const sent = new Map<string, string | undefined>()

  async function send(uri: string): Promise<void> {
    const file = vscode.Uri.parse(uri)
    const commit = git.head(file)
    const before = sent.get(uri)
    sent.set(uri, commit)
    if (before === commit) return
    const text = commit === undefined ? null : await git.textAt(file, commit).catch(() => null)
    if (sent.get(uri) !== commit) return
    await session.running()?.sendNotification(NOTIFICATIONS.headText, { uri, text } satisfies HeadTextParams)
  }

  return vscode.Disposable.from(
    session.onAnalyzed(uri => {
      // A notebook's lenses stand in its cells, which are no files.
      if (!uri.endsWith('.ipynb')) void send(uri)
    }),
    git.onDidChangeHead(() => {
      for (const uri of sent.keys()) void send(uri)
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => sent.delete(uri.toString())),
  )
}
