/**
 * Corrections of a problem, the likeliest first:
 *
 *   Quick Fix
 *     Set in_channels of conv5 to 256
 *     Set out_channels of conv4 to 128
 */
import { type CodeAction, CodeActionKind, type Range } from 'vscode-languageserver-types'
import type { Analysis } from '../analysis/analyze'
import type { Span } from '../base/text'
import { problemsOf, toDiagnostic } from './diagnostics'
import { toRange, toSpan } from './ranges'

/** The fixes of every problem that touches a range, or of which a fix would change something there. */
export function codeActions(analysis: Analysis, range: Range): CodeAction[] {
  const { lineStarts, source } = analysis
  const asked = toSpan(lineStarts, source.text.length, range)
  return problemsOf(analysis)
    .filter(({ span, fixes = [] }) =>
      [span, ...fixes.flatMap(fix => fix.edits.map(edit => edit.span))].some(touches(asked)),
    )
    .flatMap(problem =>
      (problem.fixes ?? []).map(fix => ({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [toDiagnostic(problem, analysis)],
        ...(fix.preferred ? { isPreferred: true } : {}),
        edit: {
          changes: {
            [source.uri]: fix.edits.map(({ span, newText }) => ({ range: toRange(lineStarts, span), newText })),
          },
        },
      })),
    )
}

const touches =
  (asked: Span) =>
  ({ start, end }: Span): boolean =>
    start <= asked.end && end >= asked.start
