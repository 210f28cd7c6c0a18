import type * as vscode from 'vscode'
import { registerCommands } from './commands'
import { keepContextKey } from './contextKey'
import { openGit } from './git'
import { sendHeadTexts } from './headTexts'
import { type Panel, registerPanel } from './panelHost'
import { openSession } from './session'
import { showStatusBar } from './statusBar'

/** What `activate` gives: the tests inside the editor look at the panel through it. */
export interface Exports {
  readonly panel: Pick<Panel, 'shown' | 'compared' | 'receive'>
}

/** Registers everything; nothing is loaded or started before a document asks for it. */
export function activateWith(context: vscode.ExtensionContext, create: Parameters<typeof openSession>[0]): Exports {
  const session = openSession(create)
  const git = openGit()
  const panel = registerPanel(context, {
    request: async (method, params) => (await session.client()).sendRequest(method, params),
    onAnalyzed: session.onAnalyzed,
    git,
  })
  context.subscriptions.push(
    session,
    panel,
    ...registerCommands(context, session, panel, git),
    showStatusBar(session),
    keepContextKey(session),
    git,
    sendHeadTexts(session, git),
  )
  return { panel }
}
