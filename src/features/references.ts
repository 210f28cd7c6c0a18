/**
 * A layer's uses, and from a use to the layer:
 *
 *   - {type: Conv2d, name: conv4, out_channels: 64}
 *                          ^^^^^ declaration
 *   - {type: Add, from: [-1, conv4]}
 *                            ^^^^^ reference
 */
import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
  type LocationLink,
} from 'vscode-languageserver-types'
import type { Analysis } from '../analysis/analyze'
import { contains, type Span } from '../base/text'
import { toRange } from './ranges'

/** Where the thing that is named at an offset is declared. */
export function definition(analysis: Analysis, offset: number): LocationLink[] {
  const { source, lineStarts } = analysis
  const here = linksOf(analysis).filter(link => contains(link.span, offset))
  const [use] = innermost(here.map(link => link.span))
  if (!use) return []
  const targets = here.filter(({ span }) => span.start === use.start && span.end === use.end)
  return [...new Map(targets.map(link => [`${link.target.start}:${link.target.end}`, link])).values()].map(
    ({ span, target }) => ({
      originSelectionRange: toRange(lineStarts, span),
      targetUri: source.uri,
      targetRange: toRange(lineStarts, target),
      targetSelectionRange: toRange(lineStarts, target),
    }),
  )
}

/** Everything that refers to what is named or declared at an offset. */
export function references(analysis: Analysis, offset: number, includeDeclaration: boolean): Location[] {
  const { source, lineStarts } = analysis
  const target = targetAt(analysis, offset)
  if (!target) return []
  const spans = [...(includeDeclaration ? [target] : []), ...usesOf(analysis, target)]
  return spans.map(span => ({ uri: source.uri, range: toRange(lineStarts, span) }))
}

/** The same in the open editor: the declaration is written, its uses read. */
export function highlights(analysis: Analysis, offset: number): DocumentHighlight[] {
  const { lineStarts } = analysis
  const target = targetAt(analysis, offset)
  if (!target) return []
  return [
    { range: toRange(lineStarts, target), kind: DocumentHighlightKind.Write },
    ...usesOf(analysis, target).map(span => ({ range: toRange(lineStarts, span), kind: DocumentHighlightKind.Read })),
  ]
}

const linksOf = (analysis: Analysis) => analysis.model()?.graph.links ?? []

/** The declaration that is meant at an offset: what a use there points to, else what is declared there. */
function targetAt(analysis: Analysis, offset: number): Span | undefined {
  const links = linksOf(analysis)
  const [use] = innermost(links.filter(link => contains(link.span, offset)).map(link => link.span))
  if (use) return links.find(link => link.span === use)?.target
  return innermost(links.filter(link => contains(link.target, offset)).map(link => link.target))[0]
}

/** A line that is built many times links many times; each place counts once. */
function usesOf(analysis: Analysis, target: Span): Span[] {
  const uses = linksOf(analysis).filter(link => link.target.start === target.start && link.target.end === target.end)
  return [...new Map(uses.map(({ span }) => [`${span.start}:${span.end}`, span])).values()]
}

/** The shortest of some spans, alone; none of none. */
function innermost(spans: readonly Span[]): Span[] {
  const [first, ...rest] = spans
  if (!first) return []
  return [rest.reduce((best, span) => (span.end - span.start < best.end - best.start ? span : best), first)]
}
