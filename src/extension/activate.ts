import type * as vscode from 'vscode'
import { registerCommands } from './commands'
import { keepContextKey } from './contextKey'
import { openSession } from './session'
import { showStatusBar } from './statusBar'

/** Registers everything; nothing is loaded or started before a document asks for it. */
export function activateWith(context: vscode.ExtensionContext, create: Parameters<typeof openSession>[0]): void {
  const session = openSession(create)
  const panel = { show: () => {} }
  context.subscriptions.push(
    session,
    ...registerCommands(context, session, panel),
    showStatusBar(session),
    keepContextKey(session),
  )
}
