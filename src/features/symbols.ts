/**
 * The outline of a file:
 *
 *   resnet50                3×224×224
 *     stem  Conv2d          64
 *     layer1  bottleneck    ×3
 */
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver-types'
import type { Analysis, OutlineItem } from '../analysis/analyze'
import type { Span } from '../base/text'
import { toRange } from './ranges'

export const symbols = (analysis: Analysis): DocumentSymbol[] =>
  // Classes and functions of a program are listed by its own language's extension.
  analysis.source.languageId === 'python'
    ? []
    : analysis.file.outline().map(item => toSymbol(item, analysis.lineStarts))

function toSymbol(
  { name, detail, kind, span, nameSpan, children }: OutlineItem,
  starts: readonly number[],
): DocumentSymbol {
  return {
    // Editors refuse a symbol without a name.
    name: name.trim() || '?',
    detail,
    kind: KINDS[kind],
    range: toRange(starts, span),
    selectionRange: toRange(starts, within(nameSpan, span)),
    children: children.map(child => toSymbol(child, starts)),
  }
}

/** Editors refuse a name that lies outside of its symbol. */
const within = (inner: Span, outer: Span): Span =>
  inner.start >= outer.start && inner.end <= outer.end ? inner : { start: outer.start, end: outer.start }

const KINDS: Readonly<Record<OutlineItem['kind'], SymbolKind>> = {
  model: SymbolKind.Class,
  section: SymbolKind.Namespace,
  layer: SymbolKind.Field,
  block: SymbolKind.Struct,
}
