import {
  type CodeActionContext,
  CodeActionKind,
  CodeActionTriggerKind,
  type CodeLens,
  type InlayHint,
  type Range,
} from 'vscode-languageserver-types'
import { type Device, deviceById } from '../analysis/advice'
import type { Analysis, SourceCell } from '../analysis/analyze'
import { codeActions } from '../features/codeActions'
import { codeLenses, type LensData, type LensOptions, resolveLens } from '../features/codeLens'
import { completion } from '../features/completion'
import { hover } from '../features/hover'
import { type HintData, inlayHints, resolveHint } from '../features/inlayHints'
import { toOffset } from '../features/ranges'
import { definition, highlights, references } from '../features/references'
import { rewriteActions } from '../features/rewriteActions'
import { symbols } from '../features/symbols'
import { SETTINGS } from '../settings'
import { toCells, toProgram } from './cells'
import type { Publisher } from './publish'
import { property } from './settings'
import type { Server } from './start'
import type { OpenText } from './texts'

/** Answers the requests of the protocol; each is a feature applied to the analysis of the document's present text. */
export function editorRequests(
  { connection, texts, cache, heads, settings, commands, guard }: Server,
  publisher: Publisher,
): void {
  type InDocument = { readonly textDocument: { readonly uri: string } }
  type AtPosition = InDocument & { readonly position: { readonly line: number; readonly character: number } }

  /** Runs a feature on the analysis of a text; the empty result where there is none. In a notebook it is that of all cells. */
  function analyzed<P extends InDocument, R>(
    empty: R,
    feature: (analysis: Analysis, params: P, text: OpenText, firstLine: number) => R,
  ) {
    return (params: P): R => {
      const { text, cell } = texts.find(params.textDocument.uri) ?? {}
      const analysis = text && cache.analysis(text)
      if (!analysis) return empty
      return cell
        ? toCells(feature(analysis, toProgram(params, cell), text, cell.line), text, cell)
        : feature(analysis, params, text, 0)
    }
  }
  const offset = ({ lineStarts, source }: Analysis, { position }: AtPosition): number =>
    toOffset(lineStarts, source.text.length, position)
  const device = (): Device => deviceById(settings().device, settings().devices)
  const lensOptions = (text: OpenText): LensOptions => ({
    unit: settings().unit,
    commands: commands(),
    device: device(),
    pin: cache.pin(text),
  })
  const withSince = (text: OpenText, analysis: Analysis): LensOptions => ({
    ...lensOptions(text),
    since: heads.since(text, analysis, settings().unit),
  })
  const found = (
    uri: unknown,
    of: 'analysis' | 'shown',
  ): { text: OpenText; analysis: Analysis; cell?: SourceCell } | null => {
    const { text, cell } = (typeof uri === 'string' && texts.find(uri)) || {}
    const analysis = text && cache[of](text)
    return analysis ? { text, analysis, ...(cell ? { cell } : {}) } : null
  }

  connection.languages.inlayHint.on(
    guard(
      'inlayHint',
      null,
      analyzed(null, ({ lineStarts }, { textDocument, range }: InDocument & { range: Range }, text, firstLine) => {
        const { start, end } = range
        const hints = (settings().hints ? cache.hints(text)?.between(start.line, end.line) : null) ?? []
        publisher.answered(textDocument.uri, start.line - firstLine, end.line - firstLine, hints)
        return inlayHints(text.uri, lineStarts, hints)
      }),
    ),
  )
  connection.languages.inlayHint.resolve((hint, token) => {
    const resolve = guard('inlayHint/resolve', hint, (asked: InlayHint) => {
      const { uri, line } = (asked.data ?? {}) as HintData
      const now = found(uri, 'analysis')
      const current = now && cache.hints(now.text)?.at(line)
      return now && current ? toCells(resolveHint(asked, current, now.analysis), now.text) : asked
    })
    return resolve(hint, token)
  })
  connection.onHover(
    guard(
      'hover',
      null,
      analyzed(null, (analysis, params: AtPosition, text) =>
        hover(analysis, offset(analysis, params), lensOptions(text)),
      ),
    ),
  )
  connection.onCodeAction(
    guard(
      'codeAction',
      [],
      analyzed([], (analysis, { range, context }: InDocument & { range: Range; context: CodeActionContext }, text) => {
        const deviceChosen = settings().device !== SETTINGS.device.default
        const invoked = context.triggerKind === CodeActionTriggerKind.Invoked
        const wants = (kind: string): boolean =>
          context.only?.some(only => kind === only || kind.startsWith(`${only}.`)) ?? true
        return [
          ...(wants(CodeActionKind.QuickFix) ? codeActions(analysis, range) : []),
          ...(wants(CodeActionKind.RefactorRewrite)
            ? rewriteActions(analysis, range, {
                device: device(),
                deviceChosen,
                invoked,
                commands: commands(),
                damage: cache.shown(text)?.behind,
              })
            : []),
        ]
      }),
    ),
  )
  connection.onCodeLens(
    guard('codeLens', [], ({ textDocument }: InDocument): CodeLens[] => {
      const shown = settings().codeLens ? found(textDocument.uri, 'shown') : null
      if (!shown) return []
      const { text, analysis, cell } = shown
      const lenses = codeLenses(analysis, withSince(text, analysis))
      return cell ? toCells(lenses, text, cell) : lenses
    }),
  )
  connection.onCodeLensResolve((lens, token) => {
    const resolve = guard('codeLens/resolve', lens, (asked: CodeLens) => {
      const shown = found(property(asked.data, 'uri'), 'shown')
      const { line } = (asked.data ?? {}) as Partial<LensData>
      return shown && line !== undefined
        ? resolveLens(asked, asked.data as LensData, shown.analysis, withSince(shown.text, shown.analysis))
        : asked
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
