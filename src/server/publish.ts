import type { ClientCapabilities, Connection, Diagnostic } from 'vscode-languageserver'
import { diagnostics } from '../features/diagnostics'
import { labelText } from '../features/hintLabel'
import type { LineHint } from '../features/hintLines'
import { type AnalyzedParams, NOTIFICATIONS } from '../protocol'
import { toCells } from './cells'
import type { AnalysisCache } from './documents'
import type { ServerSettings } from './settings'
import type { OpenText, OpenTexts } from './texts'

/** What the server says without being asked: problems, that a text was analysed, that hints or lenses are stale. */
export interface Publisher {
  /** After a keystroke: once typing has rested. */
  schedule(uri: string): void
  /** After a choice or a setting has changed, for one document or all: at once. */
  refresh(uri?: string): void
  /** After something that only lenses tell. */
  refreshLenses(): void
  /** Notes which hints the client gets, so that it is told only of others. */
  answered(uri: string, first: number, last: number, hints: readonly LineHint[]): void
  forget(uri: string): void
  dispose(): void
}

interface Parts {
  readonly connection: Connection
  readonly texts: OpenTexts
  readonly cache: AnalysisCache
  readonly settings: () => ServerSettings
  readonly client: () => ClientCapabilities
}

export function createPublisher({ connection, texts, cache, settings, client }: Parts): Publisher {
  const timers = new Map<string, NodeJS.Timeout | number>()
  const shown = new Map<string, Shown>()
  const published = new Set<string>()
  const networks = new Set<string>()

  function publish(uri: string): void {
    timers.delete(uri)
    const { text } = texts.find(uri) ?? {}
    if (!text) return
    try {
      const analysis = cache.analysis(text)
      const found = analysis && settings().diagnostics ? diagnostics(analysis) : []
      if (text.cells) for (const cell of text.cells) report(cell.uri, toCells(found, text, cell))
      else report(uri, found, text.version)
      if (isStale(text)) refreshViews()
      // A text that was a network and is none any more is told once.
      const isNetwork = cache.shown(text)?.chosen !== undefined
      if (isNetwork || networks.has(uri)) {
        const { version } = text
        void connection.sendNotification(NOTIFICATIONS.analyzed, { uri, version } satisfies AnalyzedParams)
      }
      if (isNetwork) networks.add(uri)
      else networks.delete(uri)
    } catch (error) {
      connection.console.error(`publish: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
  }

  /** A text that is no network gets no message at all, unless it was one. */
  function report(uri: string, found: readonly Diagnostic[], version?: number): void {
    if (found.length === 0 && !published.has(uri)) return
    void connection.sendDiagnostics({
      uri,
      ...(version === undefined ? {} : { version }),
      diagnostics: [...found],
    })
    if (found.length > 0) published.add(uri)
    else published.delete(uri)
  }

  /** Whether the client shows other hints than there are now, in any cell of a notebook. */
  function isStale(text: OpenText): boolean {
    const places = text.cells ?? [{ uri: text.uri, line: 0 }]
    return places.some(({ uri, line }) => {
      const last = shown.get(uri)
      if (!last) return false
      const now = settings().hints ? cache.hints(text)?.between(line + last.first, line + last.last) : []
      return last.labels !== labels(now ?? [])
    })
  }

  function refreshViews(): void {
    if (client().workspace?.inlayHint?.refreshSupport) connection.languages.inlayHint.refresh().catch(() => {})
    refreshLenses()
  }

  function refreshLenses(): void {
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
      for (const each of uri === undefined ? texts.uris() : [uri]) publish(each)
      refreshViews()
    },
    refreshLenses,
    answered: (uri, first, last, hints) => shown.set(uri, { first, last, labels: labels(hints) }),
    forget(uri) {
      clearTimeout(timers.get(uri))
      timers.delete(uri)
      shown.delete(uri)
      networks.delete(uri)
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

/** What the client was last given, and for which lines of the document or cell. */
interface Shown {
  readonly first: number
  readonly last: number
  readonly labels: string
}

const labels = (hints: readonly LineHint[]): string => hints.map(({ parts }) => labelText(parts)).join('\n')
