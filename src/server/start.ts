import {
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { DEFAULT_HINT_LENGTH } from '../protocol'
import { createCache } from './documents'
import { editorRequests } from './editorRequests'
import { guard } from './guard'
import { ownRequests } from './ownRequests'
import { createPublisher } from './publish'
import { property, readOptions, readSettings, type ServerSettings } from './settings'

/** What the handlers of requests share. */
export interface Server {
  readonly connection: Connection
  readonly documents: TextDocuments<TextDocument>
  readonly cache: ReturnType<typeof createCache>
  readonly settings: () => ServerSettings
  /** Whether the client knows COMMANDS. */
  readonly commands: () => boolean
  /** Says everything again that a choice or a setting may have changed. */
  readonly refresh: (uri?: string) => void
  readonly guard: ReturnType<typeof guard>
}

/** Serves a connection until it closes. Works with any client: settings come by `workspace/configuration` or not at all. */
export function startServer(connection: Connection): void {
  const documents = new TextDocuments(TextDocument)
  let settings = readSettings(undefined, DEFAULT_HINT_LENGTH)
  let options = readOptions(undefined)
  let client: InitializeParams['capabilities'] = {}
  const cache = createCache(() => settings)
  const publisher = createPublisher({ connection, documents, cache, settings: () => settings, client: () => client })
  const server: Server = {
    connection,
    documents,
    cache,
    settings: () => settings,
    commands: () => options.commands === true,
    refresh: uri => publisher.refresh(uri),
    guard: guard(connection),
  }

  connection.onInitialize(params => {
    client = params.capabilities
    options = readOptions(params.initializationOptions)
    settings = readSettings(options.settings, options.maximumHintLength)
    return capabilities
  })
  connection.onInitialized(() => {
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration) {
      void connection.client.register(DidChangeConfigurationNotification.type)
    }
    void pull()
  })
  connection.onDidChangeConfiguration(({ settings: sent }) => pull(sent))

  /** Settings are asked for where the client answers that, else taken from what it sent. */
  async function pull(sent?: unknown): Promise<void> {
    let section = property(sent, 'convlens')
    let length = property(property(property(sent, 'editor'), 'inlayHints'), 'maximumLength')
    if (client.workspace?.configuration) {
      try {
        ;[section, length] = await connection.workspace.getConfiguration([
          { section: 'convlens' },
          { section: 'editor.inlayHints.maximumLength' },
        ])
      } catch (error) {
        connection.console.warn(`The client did not answer with its settings: ${error}`)
      }
    }
    const next = readSettings(section ?? options.settings, length ?? options.maximumHintLength)
    if (JSON.stringify(next) === JSON.stringify(settings)) return
    settings = next
    publisher.refresh()
  }

  documents.onDidChangeContent(({ document }) => publisher.schedule(document.uri))
  documents.onDidClose(({ document }) => {
    cache.forget(document.uri)
    publisher.forget(document.uri)
  })
  connection.onShutdown(() => publisher.dispose())
  editorRequests(server, publisher)
  ownRequests(server)
  documents.listen(connection)
  connection.listen()
}

const capabilities: InitializeResult = {
  serverInfo: { name: 'convlens' },
  capabilities: {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    inlayHintProvider: { resolveProvider: true },
    hoverProvider: true,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
    codeLensProvider: { resolveProvider: true },
    completionProvider: { triggerCharacters: [' ', ',', '[', '{', ':', '=', '"', "'", '$'] },
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    documentSymbolProvider: true,
  },
}
