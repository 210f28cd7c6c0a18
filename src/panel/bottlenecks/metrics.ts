import { max } from 'd3-array'
import { formatBytes, formatCount, formatSeconds } from '../../base/format'
import type { Shown } from '../app'
import { proposalsOf } from './picks'

/** What the list compares, in the order of its columns. */
export const METRICS = ['work', 'traffic', 'time'] as const
export type MetricName = (typeof METRICS)[number]

export const metricText = (metric: MetricName, unit: string): { name: string; of: (value: number) => string } =>
  metric === 'work'
    ? { name: unit, of: formatCount }
    : metric === 'traffic'
      ? { name: 'traffic', of: formatBytes }
      : { name: 'least time', of: formatSeconds }

/** The largest value of each, which all rows share as their scale; widths that are set by hand leave it alone. */
export function scalesOf({ model }: Shown): Record<MetricName, number> {
  const all = proposalsOf(model)
  const largest = (metric: MetricName): number => max(all, p => Math.max(p[metric].before, p[metric].after)) ?? 0
  return { work: largest('work'), traffic: largest('traffic'), time: largest('time') }
}
