import * as vscode from 'vscode'
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient'
import { COMMANDS, type InitializationOptions, NOTIFICATIONS } from '../protocol'
import { LANGUAGES, mayDefineNetwork } from '../protocol/mayDefineNetwork'

/** The language server of this window, started when the first document is opened that may define a network. */
export interface Session extends vscode.Disposable {
  /** Starts the server where it does not run yet. */
  client(): Promise<BaseLanguageClient>
  /** Undefined while nothing was started. */
  running(): BaseLanguageClient | undefined
  /** The server has analysed a document, the one with this URI. */
  readonly onAnalyzed: vscode.Event<string>
}

/** `create` makes a client that is not started; it loads the client library, which is why it is only called then. */
export function openSession(create: (options: LanguageClientOptions) => Promise<BaseLanguageClient>): Session {
  const analyzed = new vscode.EventEmitter<string>()
  let running: BaseLanguageClient | undefined
  let starting: Promise<BaseLanguageClient> | undefined

  async function start(): Promise<BaseLanguageClient> {
    stopLooking()
    const client = await create(clientOptions())
    client.onNotification(NOTIFICATIONS.analyzed, ({ uri }: { uri: string }) => analyzed.fire(uri))
    await client.start()
    running = client
    return client
  }
  const client = (): Promise<BaseLanguageClient> => {
    starting ??= start()
    return starting
  }

  const look = (document: vscode.TextDocument): void => {
    if (!starting && isCandidate(document) && mayDefineNetwork(document.getText(), document.languageId)) void client()
  }
  const looking = [
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => lookLater(document)),
  ]
  let timer: ReturnType<typeof setTimeout> | undefined
  function lookLater(document: vscode.TextDocument): void {
    if (!isCandidate(document)) return
    clearTimeout(timer)
    timer = setTimeout(() => look(document), REST_MS)
  }
  function stopLooking(): void {
    clearTimeout(timer)
    for (const each of looking.splice(0)) each.dispose()
  }

  vscode.workspace.textDocuments.forEach(look)
  return {
    client,
    running: () => running,
    onAnalyzed: analyzed.event,
    dispose() {
      stopLooking()
      analyzed.dispose()
      void running?.stop()
    },
  }
}

/** Whether ConvLens may read a document, by its language and name alone. */
export const isCandidate = ({ languageId, uri }: vscode.TextDocument): boolean =>
  (LANGUAGES as readonly string[]).includes(languageId) || uri.path.endsWith('.cfg')

function clientOptions(): LanguageClientOptions {
  const initializationOptions: InitializationOptions = {
    commands: true,
    settings: vscode.workspace.getConfiguration('convlens'),
    maximumHintLength: vscode.workspace.getConfiguration('editor').get('inlayHints.maximumLength'),
  }
  return {
    documentSelector: [...LANGUAGES.map(language => ({ language })), { pattern: '**/*.cfg' }],
    initializationOptions,
    outputChannelName: 'ConvLens',
    synchronize: { configurationSection: ['convlens', 'editor.inlayHints'] },
    // Links in hovers may run these commands and no others.
    markdown: { isTrusted: { enabledCommands: [COMMANDS.showCost, COMMANDS.copyTable] } },
  }
}

/** How long typing rests before a text that was no network is looked at again. */
const REST_MS = 300
