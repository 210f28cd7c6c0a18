import * as vscode from 'vscode'
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient'
import { COMMANDS, type InitializationOptions, NOTIFICATIONS } from '../protocol'
import { LANGUAGES, mayDefineNetwork } from '../protocol/mayDefineNetwork'
import { watchInterpreter } from './interpreter'

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
  const subscriptions: vscode.Disposable[] = [analyzed]

  async function start(): Promise<BaseLanguageClient> {
    stopLooking()
    const interpreter = watchInterpreter(() => {
      // The server asks for its settings again, which now name the environment.
      void running?.sendNotification('workspace/didChangeConfiguration', { settings: null })
    })
    const modules = vscode.workspace.createFileSystemWatcher('**/*.py')
    subscriptions.push(interpreter, modules)
    const client = await create(clientOptions(interpreter.environments, modules))
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
      for (const each of subscriptions) each.dispose()
      void running?.stop()
    },
  }
}

/** Whether ConvLens may read a document, by its language and name alone. */
export const isCandidate = ({ languageId, uri }: vscode.TextDocument): boolean =>
  (LANGUAGES as readonly string[]).includes(languageId) || uri.path.endsWith('.cfg')

function clientOptions(
  environments: () => readonly string[],
  modules: vscode.FileSystemWatcher,
): LanguageClientOptions {
  const section = (): object => withEnvironments(vscode.workspace.getConfiguration('convlens'), environments())
  const initializationOptions: InitializationOptions = {
    commands: true,
    settings: section(),
    maximumHintLength: vscode.workspace.getConfiguration('editor').get('inlayHints.maximumLength'),
  }
  return {
    documentSelector: [...LANGUAGES.map(language => ({ language })), { pattern: '**/*.cfg' }],
    initializationOptions,
    outputChannelName: 'ConvLens',
    synchronize: { configurationSection: ['convlens', 'editor.inlayHints'], fileEvents: modules },
    middleware: {
      workspace: {
        configuration: async (params, token, next) => {
          const sections = await next(params, token)
          if (!Array.isArray(sections)) return sections
          return sections.map((value, i) =>
            params.items[i]?.section === 'convlens' ? withEnvironments(value ?? {}, environments()) : value,
          )
        },
      },
    },
    // Links in hovers may run these commands and no others.
    markdown: {
      isTrusted: { enabledCommands: [COMMANDS.showCost, COMMANDS.pinCall, COMMANDS.showAllCalls, COMMANDS.copyTable] },
    },
  }
}

/** The settings, with what PYTHON_ENVIRONMENTS says. */
function withEnvironments(settings: object, environments: readonly string[]): object {
  const { python } = settings as { python?: object }
  return { ...settings, python: { ...python, environments } }
}

/** How long typing rests before a text that was no network is looked at again. */
const REST_MS = 300
