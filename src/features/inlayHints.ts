/**
 * At the end of every layer line its shape and what it costs, each part with its own tooltip:
 *
 *   layers:
 *     - Conv2d: {out_channels: 64, kernel_size: 7, stride: 2, padding: 3}   N×64×112×112 · 9.4k params · 118M MACs
 *     - ReLU
 *     - MaxPool2d: {kernel_size: 3, stride: 2, padding: 1}                  N×64×56×56
 */
import type { InlayHint, InlayHintLabelPart, Location } from 'vscode-languageserver-types'
import type { Analysis } from '../analysis/analyze'
import { positionAt } from '../base/text'
import type { Site } from '../core/graph'
import { shapes } from './bindingHover'
import { type CalledAt, calledPlaces } from './calledAt'
import { causeOf, kindText, paramsText, shapeText, unknownText, workText } from './explain'
import { type LabelPart, SEPARATOR } from './hintLabel'
import type { LineHint } from './hintLines'
import { toPosition, toRange } from './ranges'

/** What comes back with a hint that is to be resolved. */
export interface HintData {
  readonly uri: string
  readonly line: number
}

/** Hints as the protocol carries them. Tooltips come with `resolveHint`. */
export const inlayHints = (uri: string, lineStarts: readonly number[], hints: readonly LineHint[]): InlayHint[] =>
  hints.map(({ line, offset, parts }) => ({
    position: toPosition(lineStarts, offset),
    label: labelParts(parts),
    paddingLeft: true,
    data: { uri, line } satisfies HintData,
  }))

/** Adds to every part of a hint what it means and where it leads. */
export function resolveHint(hint: InlayHint, line: LineHint, analysis: Analysis): InlayHint {
  const label = line.parts.flatMap((part, i): InlayHintLabelPart[] => {
    const tooltip = tooltipOf(part, line)
    const location = locationOf(part, line, analysis)
    const resolved: InlayHintLabelPart = {
      value: part.text,
      ...(tooltip ? { tooltip: { kind: 'markdown' as const, value: tooltip } } : {}),
      ...(location ? { location } : {}),
    }
    return i === 0 ? [resolved] : [{ value: SEPARATOR }, resolved]
  })
  return { ...hint, label }
}

const labelParts = (parts: readonly LabelPart[]): InlayHintLabelPart[] =>
  parts.flatMap((part, i) => (i === 0 ? [{ value: part.text }] : [{ value: SEPARATOR }, { value: part.text }]))

function tooltipOf({ about, text }: LabelPart, { sites, bindings }: LineHint): string | null {
  const calls = sites.flatMap(summary => summary.calls)
  if (about === 'unused')
    return 'This layer is declared, and no call of it was found: its params count, its work does not.'
  if (about === 'shape' && bindings && !text.includes('?')) return bindings.map(shapes).join('  \n')
  if (about === 'budget' || calls.length === 0) return null
  if (about === 'params') return paramsText(calls)
  if (about === 'work') return workText(calls)
  if (about === 'kind') return kindText(calls)
  const cause = causeOf(calls)
  if (cause && (about === 'reason' || text.includes('?'))) return unknownText(cause, calls)
  return shapeText(calls)
}

/**
 * An unknown leads to its cause; a layer inside a block to the line that calls the block first. In a program, a line of
 * forward code leads to the layer that it calls last, and a declaration to its first call.
 */
function locationOf(
  { about, text }: LabelPart,
  { line, sites, bindings }: LineHint,
  analysis: Analysis,
): Location | null {
  if (about !== 'shape') return null
  const calls = sites.flatMap(summary => summary.calls)
  const own = new Set<Site>(sites.map(summary => summary.site))
  const site = text.includes('?')
    ? causeOf(calls)?.origin.site
    : bindings
      ? calledLast(analysis, line)
      : (calls[0]?.called ?? calls[0]?.scope?.origin.site)
  if (!site || own.has(site)) return null
  if (!site.uri) return { uri: analysis.source.uri, range: toRange(analysis.lineStarts, site.span) }
  if (!/^\w[\w+.-]*:\/\//.test(site.uri)) return null
  const at = { line: site.line ?? 0, character: 0 }
  return { uri: site.uri, range: { start: at, end: at } }
}

/** The declaration of the layer that the outermost call of a line calls. */
function calledLast(analysis: Analysis, line: number): Site | undefined {
  const model = analysis.model()
  if (!model) return undefined
  const here = calledPlaces(model).filter(
    ({ called }) => positionAt(analysis.lineStarts, called.span.start).line === line,
  )
  const [first, ...rest] = here
  if (!first) return undefined
  const size = ({ called: { span } }: CalledAt): number => span.end - span.start
  return rest.reduce((best, next) => (size(next) > size(best) ? next : best), first).summary.site
}
