/** How the Compare tab says costs and differences. */
import { formatCount, plural } from '../../base/format'
import type { CompareMark, PanelCompareCost, PanelCompared, PanelCompareSum } from '../../protocol/panelCompare'
import { countOr, lowerBound } from '../words'

export const MARK_NAMES: Readonly<Record<CompareMark, string>> = {
  '=': 'unchanged',
  '~': 'changed',
  '+': 'added',
  '−': 'removed',
}

/** A difference with its sign, and whether it is more or less. */
export interface Difference {
  readonly text: string
  readonly direction: 'gain' | 'loss' | 'same' | 'unknown'
}

/** Null is unknown, undefined is nothing, which counts as 0. */
export function difference(a: number | null | undefined, b: number | null | undefined): Difference {
  if (a === null || b === null) return { text: '?', direction: 'unknown' }
  const change = (b ?? 0) - (a ?? 0)
  if (change === 0) return { text: '=', direction: 'same' }
  const text = (change < 0 ? '−' : '+') + formatCount(Math.abs(change))
  return { text, direction: change < 0 ? 'gain' : 'loss' }
}

/** Columns of a line: A, B, B − A, and B − A of params. */
export interface Costs {
  readonly a: string
  readonly b: string
  readonly work: Difference
  readonly params: Difference
}

export function layerCosts(a: PanelCompareCost | null, b: PanelCompareCost | null): Costs {
  const work = difference(a?.work, b?.work)
  return {
    a: a ? countOr(a.work) : '–',
    b: b ? (a && work.direction === 'same' ? '=' : countOr(b.work)) : '–',
    work,
    params: difference(a?.params, b?.params),
  }
}

export function groupCosts(a: PanelCompareSum | null, b: PanelCompareSum | null): Costs {
  const known = (sum: PanelCompareSum | null, of: 'work' | 'params'): number | null | undefined =>
    sum ? (sum[of === 'work' ? 'atLeast' : 'paramsAtLeast'] ? null : sum[of]) : undefined
  const work = difference(known(a, 'work'), known(b, 'work'))
  return {
    a: a ? lowerBound(a.work, a.atLeast) : '–',
    b: b ? (a && work.direction === 'same' ? '=' : lowerBound(b.work, b.atLeast)) : '–',
    work,
    params: difference(known(a, 'params'), known(b, 'params')),
  }
}

/** `4 changed, 8 added, 9 unchanged` */
export function countsText({ counts }: PanelCompared): string {
  const { changed, added, removed, equal } = counts
  const parts: [number, string][] = [
    [changed, 'changed'],
    [added, 'added'],
    [removed, 'removed'],
    [equal, 'unchanged'],
  ]
  return parts
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${formatCount(count)} ${name}`)
    .join(', ')
}

export const isSame = ({ groups }: PanelCompared): boolean =>
  groups.every(({ rows }) => rows.every(({ mark }) => mark === '='))

/** What is said in place of a table. */
export function sameText({ counts, totals, unit }: PanelCompared): string {
  const layers = plural(counts.equal, 'layer')
  return totals.every(({ change }) => change === '=' || change === '?')
    ? `No difference: ${layers} with the same maps, params and ${unit}.`
    : `${layers} with the same maps, params and ${unit}; what stands between them is not the same.`
}
