import { type Bottleneck, bottlenecks } from '../advisor/bottlenecks'
import { type LeastTime, leastTime } from '../advisor/bound'
import { type Candidates, candidates } from '../advisor/candidates'
import { type Device, deviceById, devices, ownDevice } from '../advisor/devices'
import type { FormName } from '../advisor/forms'
import type { ModelAnalysis } from './analyze'

export type { Candidate, Candidates, Cost, Group, Held, HeldReason } from '../advisor/candidates'
export type { Bottleneck, Device, LeastTime }
export { deviceById, devices, ownDevice }

/** Where bottlenecks would pay in a model on a device, and those it already has. */
export interface Advice extends Candidates {
  readonly device: Device
  /** Of known cost. */
  readonly present: readonly Bottleneck[]
}

/** The advisor's view of a model: form and ratio choose what is put in place of each k×k convolution. */
export function adviceFor(
  { graph }: ModelAnalysis,
  options: {
    readonly form: FormName
    readonly ratio: number
    readonly device: Device
    readonly multiple?: number
  },
): Advice {
  const present = bottlenecks(graph).filter(b => b.macs !== null && b.directMacs !== null)
  return { ...candidates(graph, options), device: options.device, present }
}

/** The bound on the time of a model, as the head of the panel shows it. */
export const leastTimeOf = ({ graph }: ModelAnalysis, device: Device): LeastTime => leastTime(graph, device)
