import { kernelsTime } from '../advisor/bound'
import { type BreakEven, directOf, type Group } from '../advisor/candidates'
import type { Device } from '../advisor/devices'
import {
  type Direct,
  directWork,
  type FormName,
  kernelPolynomials,
  type Step,
  stepsOf,
  type Work,
} from '../advisor/forms'
import { type Polynomial, stretched, valueAt } from '../base/polynomial'
import { largestWhere } from '../base/search'
import type { Cost } from './advice'

/** Equal calls of a group: what each of their kernels costs, as polynomials in the width r of the group's leading call. */
export interface CurveCalls {
  readonly count: number
  /** Of `count`, those whose weights are not another call's. */
  readonly stored: number
  readonly kernels: readonly Readonly<Record<keyof Work | 'activations', Polynomial>>[]
}

/** What a form costs in the place of a group over the width r. */
export interface Curve {
  readonly calls: readonly CurveCalls[]
  readonly before: Cost & { readonly activations: number }
  /** The largest whole r at which the group takes less than as written; null where none does. */
  readonly breakEven: BreakEven
  /** The narrower side of the leading call, where r ends; null of a form without a width. */
  readonly widest: number | null
}

/**
 * The closed formulas of a group's calls. Where calls have other input channels than the leading one, their widths are taken
 * in proportion; what is written is rounded to the multiple. Null where a size is unknown, or a call is no convolution.
 */
export function curveOf({ nodes, lead }: Group, form: FormName, device: Device): Curve | null {
  const found = new Map<string, { direct: Direct; count: number; stored: number }>()
  for (const node of nodes) {
    const direct = directOf(node)
    if (!direct) return null
    const key = JSON.stringify(direct)
    const same = found.get(key) ?? { direct, count: 0, stored: 0 }
    same.count++
    if (node.firstCall) same.stored++
    found.set(key, same)
  }
  const first = directOf(lead)!
  const calls = [...found.values()].map(({ direct, count, stored }) => {
    const part = direct.cin / first.cin
    const steps = stepsOf(form, direct)
    const kernels = kernelPolynomials(form, direct).map(({ macs, params, traffic }, i) => ({
      macs: stretched(macs, part),
      params: stretched(params, part),
      traffic: stretched(traffic, part),
      activations: stretched(written(steps[i]!), part),
    }))
    return { count, stored, kernels }
  })
  const asWritten = [...found.values()].map(({ direct, count, stored }) => ({
    count,
    stored,
    work: [directWork(direct)],
  }))
  const activations = [...found.values()].reduce(
    (sum, { direct, count }) => sum + count * direct.cout * direct.output,
    0,
  )
  const before = { ...costOf(asWritten, device), activations }
  const pays = (of: keyof Cost) => (r: number) => costAt({ calls }, r, device)[of] < before[of]
  const largest = (of: keyof Cost): number | null => (form === 'separable' ? null : largestWhere(pays(of)))
  const breakEven = {
    macs: largest('macs'),
    params: largest('params'),
    traffic: largest('traffic'),
    time: largest('time'),
  }
  const paying = Math.min(first.cin, 8 * Math.ceil((breakEven.macs ?? 0) / 8))
  return {
    calls,
    before,
    breakEven,
    widest: form === 'separable' ? null : Math.max(Math.min(first.cin, first.cout), paying),
  }
}

/** What a curve says at a width. */
export function costAt({ calls }: Pick<Curve, 'calls'>, r: number, device: Device): Cost {
  const at = calls.map(({ count, stored, kernels }) => ({
    count,
    stored,
    work: kernels.map(({ macs, params, traffic }) => ({
      macs: valueAt(macs, r),
      params: valueAt(params, r),
      traffic: valueAt(traffic, r),
    })),
  }))
  return costOf(at, device)
}

/** The elements that a layer writes. */
const written = ({ to, output }: Step): Polynomial => (to === 'r' ? [0, output, 0] : [to * output, 0, 0])

interface Calls {
  readonly count: number
  readonly stored: number
  readonly work: readonly Work[]
}

function costOf(calls: readonly Calls[], device: Device): Cost {
  let [macs, params, traffic, time, kernels] = [0, 0, 0, 0, 0]
  for (const { count, stored, work } of calls) {
    for (const part of work) {
      macs += count * part.macs
      params += stored * part.params
      traffic += count * part.traffic
    }
    time += count * kernelsTime(work, device)
    kernels += count * work.length
  }
  return { macs, params, traffic, time, kernels }
}
