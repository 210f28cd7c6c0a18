/**
 * The calls of a layer as a table, equal neighbours folded:
 *
 *   where                   in → out                        params  MACs each  field, px  FLOP/B, fp16
 *   layer1.0 … layer1.2 ×3  N×64×56×56 → same                36.9k       116M    19 … 35           264
 *   layer2.0                N×128×56×56 → N×128×28×28, …      147k       116M         43           178
 */
import { convolutionOf, isConvolution } from '../analysis/kind'
import type { SiteCall } from '../analysis/sites'
import { formatCount, formatRatio } from '../base/format'
import { formatShape } from '../core/shape'
import { code, escapeMarkdown } from './explain'
import { bound, known, type Unit } from './hintLabel'

/** A Markdown table of at most `most` rows; a sentence under it says how many are left out. */
export function callTable(calls: readonly SiteCall[], unit: Unit, most = 8): string {
  const rows = fold(calls.map(call => rowOf(call, unit)))
  const lines = rows.slice(0, most).map(row => {
    const { where, inOut, params, work, intensity } = row[0]!
    const cells = [places(where, row), inOut, params, work, fields(row), intensity]
    return `| ${cells.join(' | ')} |`
  })
  const left = rows.slice(most).reduce((sum, row) => sum + row.length, 0)
  return [
    `| where | in → out | params | ${unit} each | field, px | FLOP/B, fp16 |`,
    '|:--|:--|--:|--:|--:|--:|',
    ...lines,
    ...(left > 0 ? ['', `… ${left} more`] : []),
  ].join('\n')
}

interface Row {
  readonly where: string
  readonly inOut: string
  readonly params: string
  readonly work: string
  readonly field: string
  readonly intensity: string
}

function rowOf(call: SiteCall, unit: Unit): Row {
  const params = known([call], node => node.cost.params)
  const macs = known([call], node => node.cost.macs)
  const count = (value: number): string => (value === 0 ? '–' : formatCount(value))
  const shown = { ...macs, value: unit === 'FLOPs' ? 2 * macs.value : macs.value }
  return {
    where: call.scope?.origin.path || call.path,
    inOut: inOutOf(call),
    params: params.exact || params.value > 0 ? bound(params) + count(params.value) : '?',
    work: macs.exact || macs.value > 0 ? bound(macs) + count(shown.value) : '?',
    field: fieldOf(call),
    // Half precision is two bytes an element, and a multiply-accumulate two operations.
    intensity: call.macs && call.traffic ? formatRatio(call.macs / call.traffic) : '–',
  }
}

/** `N×128×56×56 → N×128×28×28, stride 2`; `same` where the shape does not change. */
function inOutOf({ inputs, outputs, nodes }: SiteCall): string {
  const from =
    inputs.length === 0
      ? '–'
      : inputs
          .slice(0, 3)
          .map(value => formatShape(value.shape))
          .join(', ')
  const into = outputs
    .slice(0, 3)
    .map(value => formatShape(value.shape))
    .join(', ')
  const convolution = nodes.length === 1 ? nodes.find(isConvolution) : undefined
  const strides = convolution ? convolutionOf(convolution).stride : []
  const stride = strides.some(s => s > 1) ? `, stride ${[...new Set(strides)].join('×')}` : ''
  const more = inputs.length > 3 ? `, … ${inputs.length - 3} more` : ''
  return `${from}${more} → ${into === from && into !== '?' && !more ? 'same' : into || '–'}${stride}`
}

function fieldOf({ outputs }: SiteCall): string {
  const reach = outputs[0]?.reach
  if (!reach) return '–'
  return reach === 'all' ? 'all' : [...new Set(reach.field)].join('×')
}

/** Neighbours that differ in place and field only make one row. */
function fold(rows: readonly Row[]): Row[][] {
  const folded: Row[][] = []
  for (const row of rows) {
    const last = folded.at(-1)
    const key = ({ inOut, params, work, intensity }: Row): string => [inOut, params, work, intensity].join('|')
    if (last && key(last[0]!) === key(row)) last.push(row)
    else folded.push([row])
  }
  return folded
}

function places(first: string, row: readonly Row[]): string {
  const last = row.at(-1)!.where
  if (row.length === 1) return escapeMarkdown(first)
  const join = row.length === 2 ? ', ' : ' … '
  return `${escapeMarkdown(first === last ? first : `${first}${join}${last}`)} ×${row.length}`
}

function fields(row: readonly Row[]): string {
  const all = [...new Set(row.map(({ field }) => field))]
  return all.length === 1 ? all[0]! : all.join(all.length === 2 ? ', ' : ' … ').replace(/ … .* … /, ' … ')
}

/** `**conv2** \`Conv2d\``; the type is left out where the name says it. */
export const heading = (name: string, type: string): string =>
  `**${escapeMarkdown(name)}**${type && !name.includes(type) ? ` ${code(type)}` : ''}`
