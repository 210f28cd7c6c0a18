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
import { type Disk, importsOf, plain } from './environment'
import { guard } from './guard'
import { createHeads, type Heads } from './heads'
import { ownRequests } from './ownRequests'
import { createPublisher } from './publish'
import { property, readOptions, readSettings, type ServerSettings } from './settings'
import { type OpenTexts, openTexts } from './texts'

/** What the handlers of requests share. */
export interface Server {
  readonly connection: Connection
  readonly texts: OpenTexts
  readonly cache: ReturnType<typeof createCache>
  readonly settings: () => ServerSettings
  /** Whether the client knows COMMANDS. */
  readonly commands: () => boolean
  /** Says everything again that a choice or a setting may have changed. */
  readonly refresh: (uri?: string) => void
  /** What open documents were at HEAD. */
  readonly heads: Heads
  readonly guard: ReturnType<typeof guard>
}

/**
 * Serves a connection until it closes. Works with any client: settings come by `workspace/configuration` or not at all.
 * Without a disk, imports lead to open documents alone.
 */
export function startServer(connection: Connection, disk?: Disk): void {
  const documents = new TextDocuments(TextDocument)
  let settings = readSettings(undefined, DEFAULT_HINT_LENGTH)
  let options = readOptions(undefined)
  let client: InitializeParams['capabilities'] = {}
  let folders: readonly string[] = []
  /** URIs of open documents, by what all spellings of them have in common. */
  const opened = new Map<string, string>()
  const cache = createCache(
    () => settings,
    uri =>
      importsOf(uri, {
        disk,
        open: file => documents.get(opened.get(plain(file)) ?? '')?.getText(),
        openUris: () => documents.keys(),
        workspaceFolders: () => folders,
        settings: () => settings,
      }),
  )
  const texts = openTexts(connection, documents, {
    changed: uri => publisher.schedule(uri),
    closed(uri) {
      cache.forget(uri)
      publisher.forget(uri)
    },
    closedCell: uri => publisher.forget(uri),
  })
  const publisher = createPublisher({ connection, texts, cache, settings: () => settings, client: () => client })
  const heads = createHeads(cache, () => publisher.refreshLenses())
  const server: Server = {
    connection,
    texts,
    cache,
    settings: () => settings,
    commands: () => options.commands === true,
    refresh: uri => publisher.refresh(uri),
    heads,
    guard: guard(connection),
  }

  connection.onInitialize(params => {
    client = params.capabilities
    options = readOptions(params.initializationOptions)
    settings = readSettings(options.settings, options.maximumHintLength)
    folders = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : [])
    return capabilities
  })
  connection.onInitialized(() => {
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration) {
      void connection.client.register(DidChangeConfigurationNotification.type)
    }
    if (client.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => uri))
        folders = [...folders.filter(uri => !gone.has(uri)), ...added.map(({ uri }) => uri)]
      })
    }
    void pull()
  })
  connection.onDidChangeWatchedFiles(({ changes }) => {
    disk?.changed()
    for (const { uri } of changes) importsChanged(uri)
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
    heads.reset()
    publisher.refresh()
  }

  /** Documents that import a file say what they now say, once typing in it has rested. */
  function importsChanged(uri: string): void {
    for (const importer of cache.changed(uri)) {
      heads.reset(importer)
      publisher.schedule(importer)
    }
  }

  documents.onDidOpen(({ document }) => opened.set(plain(document.uri), document.uri))
  documents.onDidChangeContent(({ document }) => {
    publisher.schedule(document.uri)
    importsChanged(document.uri)
  })
  documents.onDidClose(({ document }) => {
    cache.forget(document.uri)
    heads.forget(document.uri)
    publisher.forget(document.uri)
    opened.delete(plain(document.uri))
    // Others now import what is saved of it.
    importsChanged(document.uri)
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
    notebookDocumentSync: { notebookSelector: [{ notebook: 'jupyter-notebook', cells: [{ language: 'python' }] }] },
    inlayHintProvider: { resolveProvider: true },
    hoverProvider: true,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] },
    codeLensProvider: { resolveProvider: true },
    completionProvider: { triggerCharacters: [' ', ',', '[', '{', ':', '=', '"', "'", '$'] },
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    documentSymbolProvider: true,
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  },
}
