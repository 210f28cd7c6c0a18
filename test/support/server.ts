/** The real language server in a process of its own, spoken to over stdio as an editor does. */
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { build } from 'esbuild'
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node'
import type { Diagnostic, Hover, InlayHint, InlayHintLabelPart, Position } from 'vscode-languageserver-types'

export interface TestServer {
  readonly connection: MessageConnection
  readonly capabilities: Record<string, unknown>
  /** What the server has logged so far. */
  readonly log: string[]
  open(uri: string, text: string, languageId?: string): void
  /** Replaces the first occurrence of `before`, as an incremental change. */
  edit(uri: string, before: string, after: string): void
  text(uri: string): string
  /** `line: label`, lines 0-based. */
  hints(uri: string, first?: number, last?: number): Promise<string[]>
  rawHints(uri: string): Promise<InlayHint[]>
  hover(uri: string, at: Position): Promise<string | null>
  at<R>(method: string, uri: string, position: Position, more?: object): Promise<R>
  /** The next diagnostics that the server sends for a document. */
  diagnostics(uri: string): Promise<Diagnostic[]>
  close(): Promise<void>
}

interface Options {
  readonly initializationOptions?: unknown
  /** Answers workspace/configuration, where given. */
  readonly configuration?: (section: string) => unknown
}

export async function startServer({ initializationOptions, configuration }: Options = {}): Promise<TestServer> {
  const child = spawn(process.execPath, [await serverFile(), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout!),
    new StreamMessageWriter(child.stdin!),
  )
  const texts = new Map<string, { text: string; version: number }>()
  const log: string[] = []
  const waiting = new Map<string, ((found: Diagnostic[]) => void)[]>()
  connection.onNotification('window/logMessage', ({ message }: { message: string }) => log.push(message))
  connection.onNotification('textDocument/publishDiagnostics', (sent: { uri: string; diagnostics: Diagnostic[] }) => {
    for (const resolve of waiting.get(sent.uri)?.splice(0) ?? []) resolve(sent.diagnostics)
  })
  connection.onRequest('workspace/configuration', ({ items }: { items: { section: string }[] }) =>
    items.map(({ section }) => configuration?.(section) ?? null),
  )
  connection.onRequest('client/registerCapability', () => null)
  connection.onRequest('workspace/inlayHint/refresh', () => null)
  connection.onRequest('workspace/codeLens/refresh', () => null)
  connection.listen()
  const { capabilities } = await connection.sendRequest<{ capabilities: Record<string, unknown> }>('initialize', {
    processId: process.pid,
    rootUri: null,
    initializationOptions,
    capabilities: {
      workspace: {
        configuration: configuration !== undefined,
        inlayHint: { refreshSupport: true },
        codeLens: { refreshSupport: true },
      },
    },
  })
  await connection.sendNotification('initialized', {})

  const rawHints = (uri: string, first = 0, last = 1_000_000): Promise<InlayHint[]> =>
    connection.sendRequest('textDocument/inlayHint', {
      textDocument: { uri },
      range: { start: { line: first, character: 0 }, end: { line: last, character: 0 } },
    })
  const at = <R>(method: string, uri: string, position: Position, more: object = {}): Promise<R> =>
    connection.sendRequest(method, { textDocument: { uri }, position, ...more })

  return {
    connection,
    capabilities,
    log,
    open(uri, text, languageId = 'yaml') {
      texts.set(uri, { text, version: 1 })
      void connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } })
    },
    edit(uri, before, after) {
      const { text, version } = texts.get(uri)!
      const start = text.indexOf(before)
      if (start < 0) throw new Error(`The document does not hold ${JSON.stringify(before)}.`)
      texts.set(uri, { text: text.slice(0, start) + after + text.slice(start + before.length), version: version + 1 })
      void connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: version + 1 },
        contentChanges: [
          { range: { start: positionIn(text, start), end: positionIn(text, start + before.length) }, text: after },
        ],
      })
    },
    text: uri => texts.get(uri)!.text,
    rawHints,
    hints: async (uri, first, last) =>
      ((await rawHints(uri, first, last)) ?? []).map(h => `${h.position.line}: ${labelOf(h)}`),
    async hover(uri, position) {
      const found = await at<Hover | null>('textDocument/hover', uri, position)
      return found ? (found.contents as { value: string }).value : null
    },
    at,
    diagnostics: uri =>
      new Promise(resolve => {
        waiting.set(uri, [...(waiting.get(uri) ?? []), resolve])
      }),
    async close() {
      await connection.sendRequest('shutdown')
      await connection.sendNotification('exit')
      await ended(child)
      connection.dispose()
    },
  }
}

export const labelOf = ({ label }: InlayHint): string =>
  typeof label === 'string' ? label : label.map((part: InlayHintLabelPart) => part.value).join('')

/** The position of an offset of a text, lines ended by `\n`. */
export function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length - 1, character: before.at(-1)!.length }
}

/** The server bundled as it is shipped, once a run, beside dist/ so that a running build does not disturb it. */
let built: Promise<string> | undefined
export function serverFile(): Promise<string> {
  built ??= bundle()
  return built
}

async function bundle(): Promise<string> {
  const root = path.resolve(import.meta.dirname, '../..')
  const outfile = path.join(root, 'out', 'test', 'server.cjs')
  await build({
    entryPoints: [path.join(root, 'src/server/node.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  })
  return outfile
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise(resolve => {
    if (child.exitCode !== null) resolve()
    else child.once('exit', () => resolve())
  })
