import type { ModelAnalysis } from '../analysis/analyze'
import { atLeast, formatCount, formatExact, formatShare } from '../base/format'
import type { Value } from '../core/graph'
import type { Reach } from '../core/reach'
import { formatShape } from '../core/shape'
import type { Sum } from './reportTree'

/** Wordings that the table, the Markdown and the command line share. */

/** The shape of what a layer gives: one, or several in brackets. */
export const outputText = (outputs: readonly Value[]): string => {
  const shapes = outputs.map(value => formatShape(value.shape))
  if (shapes.length === 1) return shapes[0]!
  return `(${shapes.slice(0, 2).join(', ')}${shapes.length > 2 ? ', …' : ''})`
}

/** A count for a column: 118M, `≥ 118M` where some of it is unknown, `?` where all is, `–` for nothing. */
export const countText = ({ value, exact }: Sum): string =>
  value === 0 ? (exact ? '–' : '?') : (exact ? '' : atLeast) + formatCount(value)

export const shareText = ({ value, exact }: Sum, whole: number): string =>
  value === 0 ? (exact ? '–' : '?') : formatShare(value / whole)

/** What one position sees, in input pixels: 427, 11×7, `all`. */
export function fieldText(reach: Reach): string {
  if (reach === null) return '–'
  if (reach === 'all') return 'all'
  const { field } = reach
  return field.every(f => f === field[0]) ? String(field[0]) : field.join('×')
}

/** `3×640×640 (assumed)`, `x 3×224×224, mask 1×224×224`. */
export function inputText({ inputs, inputAssumed }: Pick<ModelAnalysis, 'inputs' | 'inputAssumed'>): string {
  const shapes = inputs.map(({ name, shape }) => (name && inputs.length > 1 ? `${name} ` : '') + formatShape(shape))
  return (shapes.join(', ') || 'none') + (inputAssumed ? ' (assumed)' : '')
}

/** `≥ ` where a total leaves something out. */
export const bound = (model: ModelAnalysis): string => (model.totals.completeness === 'atLeast' ? atLeast : '')

/** The totals in whole numbers, with their units. */
export function totalsText(model: ModelAnalysis): string[] {
  const { totals } = model
  const b = bound(model)
  const frozen = totals.params - totals.trainableParams
  const parts = [
    frozen > 0 ? `${b}${formatExact(totals.trainableParams)} trainable` : '',
    frozen > 0 ? `${formatExact(frozen)} frozen` : '',
    totals.buffers > 0 ? `${formatExact(totals.buffers)} buffers beside them` : '',
  ].filter(Boolean)
  return [
    `params       ${b}${formatExact(totals.params)}${parts.length ? ` (${parts.join(', ')})` : ''}`,
    `MACs         ${b}${formatExact(totals.macs)} (${b}${formatCount(2 * totals.macs)} FLOPs)`,
    `other ops    ${b}${formatExact(totals.otherOps)}`,
    `activations  ${b}${formatExact(totals.activations)} elements, at most ${formatExact(totals.peakActivations)} at once`,
  ]
}
