/**
 * On a layer everything that is known of it, in four blocks:
 *
 *   conv2 `Conv2d` 3×3 64→64, in `bottleneck`: 16 calls in resnet50, 11.3M params, 1.85G MACs, 45% of the model
 *   ---
 *   where                   in → out            params  MACs each  field, px  FLOP/B, fp16
 *   layer1.0 … layer1.2 ×3  N×64×56×56 → same    36.9k       116M    19 … 35           264
 *   ---
 *   MACs = k² · Cin · Cout · H′ · W′ = 9 · 64 · 64 · 56 · 56 = 115,605,504 (layer1.0; FLOPs 231,211,008; bias none)
 *   Already a bottleneck between conv1 (1×1 reduces) and conv3 (1×1 expands): …
 *   ---
 *   Show in panel   Pin one call   Copy table                                  input 3×224×224 (assumed)
 */
import type { Hover } from 'vscode-languageserver-types'
import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { describeNode } from '../analysis/kind'
import type { SiteSummary } from '../analysis/sites'
import { formatCount, formatExact, formatShare, plural } from '../base/format'
import { positionAt, type Span } from '../base/text'
import { baseName } from '../base/uri'
import type { Node } from '../core/graph'
import { evaluate } from '../core/op'
import { COMMANDS } from '../protocol'
import { bindingAt, bindingBlocks } from './bindingHover'
import { callTable, heading } from './callTable'
import { directiveHover } from './directiveHover'
import { causeOf, code, escapeMarkdown, formatFormula, formatWeights, macsFormula, unknownText } from './explain'
import { bound, known, type Unit, work } from './hintLabel'
import { lineWords, placeIn } from './lines'
import { isInside, mayBePinned } from './pin'
import { pointwiseSentence } from './pointwise'
import { toRange } from './ranges'
import { siteAt, siteOnLine } from './siteAt'
import { inputText } from './totals'

export interface HoverOptions {
  readonly unit: Unit
  /** Whether the client knows COMMANDS and may be given links to them. */
  readonly commands: boolean
  /** The module path of a pinned instance. */
  readonly pin?: string | undefined
}

/** Null outside of layers and directives. */
export function hover(analysis: Analysis, offset: number, options: HoverOptions): Hover | null {
  const model = analysis.model()
  const directive = directiveHover(analysis, offset)
  if (directive) return directive
  if (!model) return null
  const found = siteAt(analysis, offset)
  const binding = bindingAt(analysis, offset)
  if (binding && !(found && inside(found.span, binding.site.span))) {
    const blocks = [...bindingBlocks(binding, analysis, options.unit), inputNote(model)]
    return {
      contents: { kind: 'markdown', value: blocks.map(spaced).join('\n\n---\n\n') },
      range: toRange(analysis.lineStarts, binding.site.span),
    }
  }
  if (!found) return null
  const { summary, span } = found
  const blocks = [
    what(summary, model, options.unit),
    summary.calls.length > 0 ? spaced(callTable(summary.calls, options.unit)) : '',
    [...numbers(summary, options.pin), reasons(summary, analysis), pointwiseSentence(summary, model)]
      .filter(Boolean)
      .join('\n\n'),
    footer(summary, analysis, model, options),
  ]
  return {
    contents: { kind: 'markdown', value: blocks.filter(Boolean).join('\n\n---\n\n') },
    range: toRange(analysis.lineStarts, span),
  }
}

/** The table of the layer on a 0-based line as Markdown with its heading, every row of it; null where there is none. */
export function tableOfLine(analysis: Analysis, line: number, unit: Unit): string | null {
  const model = analysis.model()
  const summary = siteOnLine(analysis, line)
  if (!model || !summary?.calls.length) return null
  return `${what(summary, model, unit)}\n\n${callTable(summary.calls, unit, Number.POSITIVE_INFINITY)}\n`
}

/** Editors draw the columns of a table without space between them. */
const spaced = (table: string): string => table.replaceAll(' | ', ' &nbsp;&nbsp;| ')

/** Name, type, what it is, where, calls, totals and share. */
function what({ site, calls, unused }: SiteSummary, model: ModelAnalysis, unit: Unit): string {
  const call = calls[0]
  const type = call?.type ?? unused[0]?.origin.type ?? ''
  const counted = call?.nodes.filter(node => node.cost.macs !== 0) ?? []
  const only = counted.length === 1 ? counted[0] : call?.nodes.length === 1 ? call.nodes[0] : undefined
  const described = only && only.op !== 'unknown' ? ` ${escapeMarkdown(describeNode(only))}` : ''
  // What stands in the model itself is in no block.
  const inside = call?.scope?.parent ? `, in ${code(call.scope.origin.type)}` : ''
  const times = calls.length > 1 ? [`**${plural(calls.length, 'call')}** in ${escapeMarkdown(model.name)}`] : []
  const facts = calls.length > 0 ? [...times, ...costs(calls, model, unit)] : ['declared, never called']
  return `${heading(site.name, type)}${described}${inside}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}`
}

function costs(calls: SiteSummary['calls'], model: ModelAnalysis, unit: Unit): string[] {
  const params = known(calls, node => node.cost.params)
  const macs = known(calls, node => node.cost.macs)
  const other = known(calls, node => node.cost.otherOps)
  const facts: string[] = []
  if (params.value > 0) facts.push(`${bound(params)}${formatCount(params.value)} params`)
  if (macs.value > 0) facts.push(`${bound(macs)}${work(macs.value, unit)}`)
  if (macs.value > 0 && model.totals.completeness === 'exact') {
    facts.push(`**${formatShare(macs.value / model.totals.macs)}** of the model`)
  }
  if (other.value > 0) facts.push(`${bound(other)}${formatCount(other.value)} other operations`)
  return facts
}

/** Formulas with the numbers of the first call put in, or of the pinned one; of a composite those of its largest parts. */
function numbers({ calls }: SiteSummary, pin: string | undefined): string[] {
  const call = calls.find(other => isInside(other, pin)) ?? calls[0]
  if (!call) return []
  const counted = call.nodes.filter(node => node.cost.macs !== 0)
  const layers = new Set(call.nodes.map(node => node.layer).filter(layer => layer !== null))
  const stored = [...layers].filter(layer => layer.weights.some(weight => weight.kind !== 'buffer'))
  const lines = counted.length > 1 ? largest(counted) : counted.flatMap(node => macsLine(node, call.path))
  if (stored.length === 1) lines.push(`**Params** = ${escapeMarkdown(formatWeights(stored[0]!))}`)
  return lines
}

function macsLine(node: Node, path: string): string[] {
  const formula = macsFormula(node)
  const value = evaluate(formula)
  if (!formula || value === null) return []
  const bias = node.layer?.weights.find(weight => weight.name === 'bias')?.elements
  const biasPart =
    node.op.startsWith('conv') || node.op === 'linear' ? `; bias ${bias ? formatExact(bias) : 'none'}` : ''
  const note = `${escapeMarkdown(path)}; FLOPs ${formatExact(2 * value)}${biasPart}`
  return [`**MACs** = ${formatFormula(formula)} (${note})`]
}

/** The parts of a composite that cost most, with their formulas. */
function largest(nodes: readonly Node[]): string[] {
  const sorted = nodes.toSorted((a, b) => (b.cost.macs ?? 0) - (a.cost.macs ?? 0))
  const parts = sorted.slice(0, MOST_PARTS).map(node => {
    const formula = macsFormula(node)
    return `- ${code(node.origin.path)} ${escapeMarkdown(describeNode(node))}: ${formula ? formatFormula(formula) : '?'}`
  })
  const left = nodes.length - parts.length
  const total = nodes.reduce<number | null>(
    (sum, { cost }) => (sum === null || cost.macs === null ? null : sum + cost.macs),
    0,
  )
  const head = `**MACs** = ${total === null ? '?' : formatExact(total)}, the sum of ${plural(nodes.length, 'part')}:`
  return [[head, ...parts, ...(left > 0 ? [`- … ${left} more`] : [])].join('\n')]
}

/** Why something is not known, and where that begins. */
function reasons({ calls }: SiteSummary, analysis: Analysis): string | null {
  const cause = causeOf(calls)
  if (!cause) return null
  const { span, uri, line: foreign = 0 } = cause.origin.site
  const line = uri
    ? `line ${foreign + 1} of ${escapeMarkdown(baseName(uri))}`
    : lineWords(placeIn(analysis, span.start))
  const here = calls.some(call => call.nodes.includes(cause))
  const where = ` It is in ${line}.`
  return `${unknownText(cause, calls)}${here && !uri ? '' : where}`
}

function footer(
  summary: SiteSummary,
  analysis: Analysis,
  model: ModelAnalysis,
  { commands, pin }: HoverOptions,
): string {
  const { uri } = analysis.source
  const { line } = positionAt(analysis.lineStarts, summary.site.uri ? 0 : summary.site.anchor)
  const links = [
    `[Show in panel](${link(COMMANDS.showCost, uri, line)})`,
    ...(mayBePinned(summary) ? [`[Pin one call](${link(COMMANDS.pinCall, uri, null, line)})`] : []),
    ...(summary.calls.some(call => isInside(call, pin))
      ? [`[Show all calls](${link(COMMANDS.showAllCalls, uri)})`]
      : []),
    ...(summary.calls.length > 0 ? [`[Copy table](${link(COMMANDS.copyTable, uri, line)})`] : []),
  ]
  return [...(commands ? links : []), inputNote(model)].join(' &nbsp;&nbsp; ')
}

const inputNote = (model: ModelAnalysis): string => `input ${inputText(model)}${model.inputAssumed ? ' (assumed)' : ''}`

const inside = (inner: Span, outer: Span): boolean => inner.start >= outer.start && inner.end <= outer.end

const link = (command: string, ...args: unknown[]): string => {
  const encoded = encodeURIComponent(JSON.stringify(args)).replaceAll('(', '%28').replaceAll(')', '%29')
  return `command:${command}?${encoded}`
}

const MOST_PARTS = 4
