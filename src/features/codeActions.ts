/**
 * Corrections of a problem, the likeliest first:
 *
 *   Quick Fix
 *     Set in_channels of conv5 to 256
 *     Set out_channels of conv4 to 128
 */
import { type CodeAction, CodeActionKind, type Range } from 'vscode-languageserver-types'
import type { Analysis } from '../analysis/analyze'
import { fixesOf } from '../analysis/corrections'
import type { Span } from '../base/text'
import type { Fix } from '../core/problem'
import { problemsOf, toDiagnostic } from './diagnostics'
import { toRange, toSpan } from './ranges'

/** The fixes of every problem that touches a range, or of which a fix would change something there. */
export function codeActions(analysis: Analysis, range: Range): CodeAction[] {
  const { lineStarts, source } = analysis
  const asked = toSpan(lineStarts, source.text.length, range)
  return problemsOf(analysis)
    .filter(({ span, related = [], fixes = [] }) =>
      [span, ...related.map(r => r.span), ...fixes.flatMap(placesOf)].some(touches(asked)),
    )
    .slice(0, MOST_PROBLEMS)
    .flatMap(problem =>
      fixesOf(analysis, problem)
        .filter(fix => [problem.span, ...placesOf(fix)].some(touches(asked)))
        .map(fix => ({
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

const placesOf = (fix: Fix): Span[] => fix.edits.map(edit => edit.span)

/** Corrections of programs are tried when they are asked for: a selected file is not worth trying all of it. */
const MOST_PROBLEMS = 5

const touches =
  (asked: Span) =>
  ({ start, end }: Span): boolean =>
    start <= asked.end && end >= asked.start
