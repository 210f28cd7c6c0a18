/**
 * The words of a hint, and what of them fits on a line:
 *
 *   N×64×112×112 · 9.4k params · 118M MACs
 *   64×56×56…512×7×7 ×16 · 1.85G MACs
 *   N×64×28×28 · reduce · 12.8M MACs
 *   ? · MyGate is not known
 */
import { type Kind, kindOf } from '../analysis/kind'
import type { SiteCall, SiteSummary } from '../analysis/sites'
import { atLeast, formatCount } from '../base/format'
import { formatShape, type Shape } from '../core/shape'

export type Unit = 'MACs' | 'FLOPs'

/** One part of a hint: what it speaks of decides its tooltip. */
export interface LabelPart {
  readonly about: 'shape' | 'kind' | 'params' | 'work' | 'reason' | 'unused' | 'budget'
  readonly text: string
}

export interface LabelOptions {
  readonly unit: Unit
  /** Also layers whose output has the shape of their input. */
  readonly quietLayers: boolean
  /** Characters that the hints of a line may have; 0 is unlimited. */
  readonly maximumLength: number
}

/** U+00B7 between parts. */
export const SEPARATOR = ' · '

export const labelText = (parts: readonly LabelPart[]): string => parts.map(part => part.text).join(SEPARATOR)

/** The hint of what one line declares, innermost layers of the line first; empty where the line gets none. */
export function labelOf(summaries: readonly SiteSummary[], options: LabelOptions): LabelPart[] {
  const calls = summaries.flatMap(summary => summary.calls)
  if (calls.length === 0) return neverCalled(summaries)
  if (!options.quietLayers && calls.every(call => call.quiet)) return []
  const seen = summaries.filter(s => s.calls.length > 0 && !s.calls.every(call => call.quiet))
  // `head(pool(x))`: the line gives what runs last, which need not stand last.
  const last = seen.length > 0 ? seen.reduce((a, b) => (runsAt(b) >= runsAt(a) ? b : a)) : summaries.at(-1)!
  const shapes = last.calls.map(call => call.outputs.map(value => value.shape))
  const params = known(calls, node => node.cost.params)
  const macs = known(calls, node => node.cost.macs)
  const reason = calls.flatMap(call => call.nodes).find(node => node.unknown !== null)?.unknown ?? null
  const kind = kindLabel(calls)

  const shapeText = formatCalls(shapes)
  if (shapeText === '?')
    return fitLine(reason ? [unknownPart, { about: 'reason', text: reason }] : [unknownPart], options)
  const parts: LabelPart[] = shapeText === '' ? [] : [{ about: 'shape', text: shapeText }]
  if (kind) parts.push({ about: 'kind', text: kind })
  if (params.value > 0) parts.push({ about: 'params', text: `${bound(params)}${formatCount(params.value)} params` })
  if (macs.value > 0) parts.push({ about: 'work', text: `${bound(macs)}${work(macs.value, options.unit)}` })
  if (reason && params.value === 0 && macs.value === 0) parts.push({ about: 'reason', text: reason })
  return fitLine(parts, options, { short: formatCalls(shapes, true) })
}

/** When the last op of a site's first call runs. */
const runsAt = ({ calls }: SiteSummary): number => calls[0]?.nodes.at(-1)?.id ?? -1

/** `118M MACs`, or twice that in FLOPs. */
export const work = (macs: number, unit: Unit): string =>
  unit === 'MACs' ? `${formatCount(macs)} MACs` : `${formatCount(2 * macs)} FLOPs`

/** What can be known of a sum, and whether something is missing from it. */
export interface Known {
  readonly value: number
  readonly exact: boolean
}

export const bound = (sum: Known): string => (sum.exact ? '' : atLeast)

/** Adds up over the nodes of calls, leaving out what is unknown. */
export function known(calls: readonly SiteCall[], of: (node: SiteCall['nodes'][number]) => number | null): Known {
  let value = 0
  let exact = true
  for (const call of calls) {
    for (const node of call.nodes) {
      const part = of(node)
      if (part === null) exact = false
      else value += part
    }
  }
  return { value, exact }
}

/** `reduce`, `depthwise`, `32 groups`: the kind that most calls have, null for kinds that go without saying. */
export function kindLabel(calls: readonly SiteCall[]): string | null {
  const counts = new Map<string, number>()
  for (const call of calls) {
    if (call.macs === 0) continue
    const label = KINDS[call.kind] ?? ''
    const text = call.kind === 'grouped' ? groups(call) : label
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  return most?.[0] || null
}

/** Shapes of all calls: one, one with its count, or first…last without the batch. `short` leaves the last out. */
export function formatCalls(calls: readonly (readonly (Shape | null)[])[], short = false): string {
  const texts = calls.map(outputs => formatOutputs(outputs, short))
  const [first = ''] = texts
  const times = calls.length > 1 && first !== '?' ? ` ×${calls.length}` : ''
  if (texts.every(text => text === first)) return first + times
  const one = (outputs: readonly (Shape | null)[]): string => formatShape(withoutBatch(outputs[0] ?? null))
  const [from, to] = [one(calls[0]!), one(calls.at(-1)!)]
  if (from === '?' && to === '?') return from
  return `${from}…${short ? '' : to}${times}`
}

const unknownPart: LabelPart = { about: 'shape', text: '?' }

const KINDS: Partial<Record<Kind, string>> = {
  reduce: 'reduce',
  expand: 'expand',
  project: 'project',
  depthwise: 'depthwise',
}

function groups(call: SiteCall): string {
  const node = call.nodes.find(n => kindOf(n) === 'grouped')
  return node ? `${(node.attributes as { groups: number }).groups} groups` : ''
}

function neverCalled(summaries: readonly SiteSummary[]): LabelPart[] {
  const layers = summaries.flatMap(summary => summary.unused)
  if (layers.length === 0) return []
  const sizes = layers.flatMap(layer => layer.weights).filter(weight => weight.kind !== 'buffer')
  const params = sizes.reduce((sum, weight) => sum + (weight.elements ?? 0), 0)
  const exact = sizes.every(weight => weight.elements !== null)
  const unused: LabelPart = { about: 'unused', text: 'never called' }
  if (params === 0) return [unused]
  return [{ about: 'params', text: `${bound({ value: params, exact })}${formatCount(params)} params` }, unused]
}

/** Several outputs in parentheses; of more than three the first two, in a short form the first. */
function formatOutputs(outputs: readonly (Shape | null)[], short: boolean): string {
  const texts = outputs.map(formatShape)
  if (texts.length <= 1) return texts[0] ?? ''
  if (texts.every(text => text === '?')) return '?'
  const shown = short ? texts.slice(0, 1) : texts.length > 3 ? texts.slice(0, 2) : texts
  return `(${[...shown, ...(shown.length < texts.length ? ['…'] : [])].join(', ')})`
}

const withoutBatch = (shape: Shape | null): Shape | null =>
  shape && shape.length > 1 && typeof shape[0] !== 'number' ? shape.slice(1) : shape

/** Drops whole parts until the line fits: params, the kind, the last shape of a range. Shape and work stay. */
function fitLine(parts: LabelPart[], { maximumLength }: LabelOptions, shape?: { short: string }): LabelPart[] {
  const fits = (): boolean => maximumLength === 0 || labelText(parts).length <= maximumLength
  for (const about of ['params', 'kind', 'reason'] as const) {
    const without = parts.filter(part => part.about !== about)
    if (!fits() && without.length > 0) parts = without
  }
  if (!fits() && shape) parts = parts.map(part => (part.about === 'shape' ? { ...part, text: shape.short } : part))
  return parts
}
