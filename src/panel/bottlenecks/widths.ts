/** A curve at a width, by closed formulas, and the steps that a width is moved by. */
import { valueAt } from '../../base/polynomial'
import type { PanelCost, PanelCurve, PanelDetail, PanelDevice } from '../../protocol/panelAdvice'

/** What the calls of a proposal cost together at r. */
export function costAt(
  { calls }: PanelCurve,
  { peak, bandwidth, bytesPerElement, launch }: PanelDevice,
  r: number,
): PanelCost {
  let [macs, params, traffic, activations, time, kernels] = [0, 0, 0, 0, 0, 0]
  for (const call of calls) {
    for (const kernel of call.kernels) {
      const [work, moved] = [valueAt(kernel.macs, r), valueAt(kernel.traffic, r)]
      macs += call.count * work
      params += call.stored * valueAt(kernel.params, r)
      traffic += call.count * moved
      activations += call.count * valueAt(kernel.activations, r)
      time += call.count * (Math.max((2 * work) / peak, (moved * bytesPerElement) / bandwidth) + launch)
      kernels += call.count
    }
  }
  return { macs, params, traffic, activations, time, kernels }
}

/** What is known of a width: the analysis of the edited text where it is of just this width, else the formulas. */
export function shownCost(detail: PanelDetail, r: number | null): { before: PanelCost; after: PanelCost | null } {
  const { outcome, curve, device, width } = detail
  if (outcome.holds && width === r) return outcome
  return { before: curve!.before, after: curve && costAt(curve, device, r ?? 0) }
}

/** The widths that a slider may take, with what moves it. */
export interface Steps {
  readonly smallest: number
  readonly widest: number
  snap(r: number): number
}

export function stepsFor({ widest, mixed }: PanelCurve, multiple: number): Steps {
  const end = widest ?? 1
  const step = Math.min(multiple, end)
  return {
    smallest: mixed ? step : 1,
    widest: end,
    snap: r => Math.min(Math.max(step, Math.round(r / step) * step), Math.floor(end / step) * step),
  }
}

/** Where a key moves r; undefined for other keys. Lines of several widths stay on the multiple. */
export function moved(
  event: { readonly key: string; readonly shiftKey: boolean },
  r: number,
  curve: PanelCurve,
  multiple: number,
): number | undefined {
  const { smallest, widest, snap } = stepsFor(curve, multiple)
  const within = (to: number): number => Math.min(widest, Math.max(smallest, curve.mixed ? snap(to) : Math.round(to)))
  const by = ARROWS[event.key]
  if (by) {
    if (event.shiftKey) return within(r + by)
    const next = by > 0 ? Math.floor(r / multiple) + 1 : Math.ceil(r / multiple) - 1
    return within(Math.max(next, 1) * multiple)
  }
  switch (event.key) {
    case 'PageUp':
      return within(r * 2)
    case 'PageDown':
      return within(r / 2)
    case 'Home':
      return snap(0)
    case 'End': {
      const largest = Math.min(curve.breakEven.macs ?? widest, widest)
      return Math.max(snap(0), Math.floor(largest / multiple) * multiple)
    }
    case 'b': {
      const ends = [...new Set(Object.values(curve.breakEven))].filter(end => end !== null && end <= widest) as number[]
      const sorted = ends.sort((a, b) => a - b)
      const to = sorted.find(end => end > r) ?? sorted[0]
      return to === undefined ? r : within(to)
    }
  }
  return undefined
}

const ARROWS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }
