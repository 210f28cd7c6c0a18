import type { TextDocument } from 'vscode-languageserver-textdocument'
import type { CodeLens, InlayHint, Range } from 'vscode-languageserver-types'
import type { Analysis } from '../analysis/analyze'
import { codeActions } from '../features/codeActions'
import { codeLenses, type LensData, resolveLens } from '../features/codeLens'
import { completion } from '../features/completion'
import { hover } from '../features/hover'
import { type HintData, inlayHints, resolveHint } from '../features/inlayHints'
import { toOffset } from '../features/ranges'
import { definition, highlights, references } from '../features/references'
import { symbols } from '../features/symbols'
import type { Publisher } from './publish'
import { property } from './settings'
import type { Server } from './start'

/** Answers the requests of the protocol; each is a feature applied to the analysis of the document's present text. */
export function editorRequests(
  { connection, documents, cache, settings, commands, guard }: Server,
  publisher: Publisher,
): void {
  type InDocument = { readonly textDocument: { readonly uri: string } }
  type AtPosition = InDocument & { readonly position: { readonly line: number; readonly character: number } }

  /** Runs a feature on the analysis of a document; the empty result where there is none. */
  function analyzed<P extends InDocument, R>(
    empty: R,
    feature: (analysis: Analysis, params: P, document: TextDocument) => R,
  ) {
    return (params: P): R => {
      const document = documents.get(params.textDocument.uri)
      const analysis = document && cache.analysis(document)
      return analysis ? feature(analysis, params, document) : empty
    }
  }
  const offset = ({ lineStarts, source }: Analysis, { position }: AtPosition): number =>
    toOffset(lineStarts, source.text.length, position)
  const analysisOf = (uri: unknown): { document: TextDocument; analysis: Analysis } | null => {
    const document = typeof uri === 'string' ? documents.get(uri) : undefined
    const analysis = document && cache.analysis(document)
    return analysis ? { document, analysis } : null
  }

  connection.languages.inlayHint.on(
    guard(
      'inlayHint',
      null,
      analyzed(null, ({ lineStarts }, { textDocument, range }: InDocument & { range: Range }, document) => {
        const { start, end } = range
        const hints = (settings().hints ? cache.hints(document)?.between(start.line, end.line) : null) ?? []
        publisher.answered(textDocument.uri, start.line, end.line, hints)
        return inlayHints(textDocument.uri, lineStarts, hints)
      }),
    ),
  )
  connection.languages.inlayHint.resolve((hint, token) => {
    const resolve = guard('inlayHint/resolve', hint, (asked: InlayHint) => {
      const { uri, line } = (asked.data ?? {}) as HintData
      const found = analysisOf(uri)
      const current = found && cache.hints(found.document)?.at(line)
      return found && current ? resolveHint(asked, current, found.analysis) : asked
    })
    return resolve(hint, token)
  })
  connection.onHover(
    guard(
      'hover',
      null,
      analyzed(null, (analysis, params: AtPosition) =>
        hover(analysis, offset(analysis, params), { unit: settings().unit, commands: commands() }),
      ),
    ),
  )
  connection.onCodeAction(
    guard(
      'codeAction',
      [],
      analyzed([], (analysis, { range }: InDocument & { range: Range }) => codeActions(analysis, range)),
    ),
  )
  connection.onCodeLens(
    guard(
      'codeLens',
      [],
      analyzed([], analysis => (settings().codeLens ? codeLenses(analysis) : [])),
    ),
  )
  connection.onCodeLensResolve((lens, token) => {
    const resolve = guard('codeLens/resolve', lens, (asked: CodeLens) => {
      const found = analysisOf(property(asked.data, 'uri'))
      return found ? resolveLens(asked, asked.data as LensData, found.analysis, settings().unit, commands()) : asked
    })
    return resolve(lens, token)
  })
  connection.onCompletion(
    guard(
      'completion',
      [],
      analyzed([], (analysis, params: AtPosition) => completion(analysis, offset(analysis, params))),
    ),
  )
  connection.onDefinition(
    guard(
      'definition',
      null,
      analyzed(null, (analysis, params: AtPosition) => definition(analysis, offset(analysis, params))),
    ),
  )
  connection.onReferences(
    guard(
      'references',
      [],
      analyzed([], (analysis, params: AtPosition & { context: { includeDeclaration: boolean } }) =>
        references(analysis, offset(analysis, params), params.context.includeDeclaration),
      ),
    ),
  )
  connection.onDocumentHighlight(
    guard(
      'documentHighlight',
      [],
      analyzed([], (analysis, params: AtPosition) => highlights(analysis, offset(analysis, params))),
    ),
  )
  connection.onDocumentSymbol(
    guard(
      'documentSymbol',
      [],
      analyzed([], analysis => symbols(analysis)),
    ),
  )
}
