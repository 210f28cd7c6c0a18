import type { ClientCapabilities, Connection, TextDocuments } from 'vscode-languageserver'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import { diagnostics } from '../features/diagnostics'
import { labelText } from '../features/hintLabel'
import type { LineHint } from '../features/hintLines'
import { type AnalyzedParams, NOTIFICATIONS } from '../protocol'
import type { AnalysisCache } from './documents'
import type { ServerSettings } from './settings'

/** What the server says without being asked: problems, that a text was analysed, that hints or lenses are stale. */
export interface Publisher {
  /** After a keystroke: once typing has rested. */
  schedule(uri: string): void
  /** After a choice or a setting has changed, for one document or all: at once. */
  refresh(uri?: string): void
  /** Notes which hints the client gets, so that it is told only of others. */
  answered(uri: string, first: number, last: number, hints: readonly LineHint[]): void
  forget(uri: string): void
  dispose(): void
}

interface Parts {
  readonly connection: Connection
  readonly documents: TextDocuments<TextDocument>
  readonly cache: AnalysisCache
  readonly settings: () => ServerSettings
  readonly client: () => ClientCapabilities
}

export function createPublisher({ connection, documents, cache, settings, client }: Parts): Publisher {
  const timers = new Map<string, NodeJS.Timeout | number>()
  const shown = new Map<string, Shown>()
  const published = new Set<string>()

  function publish(uri: string): void {
    timers.delete(uri)
    const document = documents.get(uri)
    if (!document) return
    try {
      const analysis = cache.analysis(document)
      const found = analysis && settings().diagnostics ? diagnostics(analysis) : []
      // A file that is no network gets no message at all, unless it was one.
      if (found.length > 0 || published.has(uri)) {
        void connection.sendDiagnostics({ uri, version: document.version, diagnostics: found })
        if (found.length > 0) published.add(uri)
        else published.delete(uri)
      }
      const last = shown.get(uri)
      if (last) {
        const now = settings().hints ? cache.hints(document)?.between(last.first, last.last) : []
        if (last.labels !== labels(now ?? [])) refreshViews()
      }
      if (analysis?.chosen) {
        void connection.sendNotification(NOTIFICATIONS.analyzed, {
          uri,
          version: document.version,
        } satisfies AnalyzedParams)
      }
    } catch (error) {
      connection.console.error(`publish: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
  }

  function refreshViews(): void {
    if (client().workspace?.inlayHint?.refreshSupport) connection.languages.inlayHint.refresh().catch(() => {})
    if (client().workspace?.codeLens?.refreshSupport)
      connection.sendRequest('workspace/codeLens/refresh').catch(() => {})
  }

  return {
    schedule(uri) {
      clearTimeout(timers.get(uri))
      timers.set(
        uri,
        setTimeout(() => publish(uri), REST_MS),
      )
    },
    refresh(uri) {
      for (const each of uri === undefined ? documents.keys() : [uri]) publish(each)
      refreshViews()
    },
    answered: (uri, first, last, hints) => shown.set(uri, { first, last, labels: labels(hints) }),
    forget(uri) {
      clearTimeout(timers.get(uri))
      timers.delete(uri)
      shown.delete(uri)
      if (published.delete(uri)) void connection.sendDiagnostics({ uri, diagnostics: [] })
    },
    dispose() {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}

/** How long typing rests before problems are shown. */
const REST_MS = 150

/** What the client was last given, and for which lines. */
interface Shown {
  readonly first: number
  readonly last: number
  readonly labels: string
}

const labels = (hints: readonly LineHint[]): string => hints.map(({ parts }) => labelText(parts)).join('\n')
