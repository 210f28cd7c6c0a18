import type { ModelAnalysis } from './analyze'

/** The widest receptive field of any map, a number an axis, before everything is pooled into one; null without maps. */
export function widestField({ graph }: Pick<ModelAnalysis, 'graph'>): readonly number[] | null {
  let widest: readonly number[] | null = null
  for (const node of graph.nodes) {
    for (const { reach } of node.outputs) {
      if (reach === null || reach === 'all') continue
      if (widest === null || Math.max(...reach.field) > Math.max(...widest)) widest = reach.field
    }
  }
  return widest?.map(Math.round) ?? null
}
