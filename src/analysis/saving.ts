import type { Device } from '../advisor/devices'
import type { FormName } from '../advisor/forms'
import type { Analysis, ModelAnalysis } from './analyze'
import { candidatesOf, isWritable, placeOf } from './proposals'

/**
 * The part of a model's MACs, 0 to 1, that 1×1 convolutions before its k×k ones would save at a quarter of the
 * channels: at every place the better of two forms among those that the text can hold and that pay in time on the
 * device. By the closed formulas, which equal what an analysis of the edited text finds.
 */
export function couldSave(analysis: Analysis, model: ModelAnalysis, device: Device): number {
  const known = SHARES.get(model)
  if (known?.device === device) return known.share
  const share = shareOf(analysis, model, device)
  SHARES.set(model, { device, share })
  return share
}

/** A lens is asked for twice: whether it is there, and what it says. */
const SHARES = new WeakMap<ModelAnalysis, { readonly device: Device; readonly share: number }>()

function shareOf(analysis: Analysis, model: ModelAnalysis, device: Device): number {
  const { macs } = model.totals
  if (macs === 0) return 0
  const saved = new Map<string, number>()
  for (const form of FORMS) {
    for (const candidate of candidatesOf(model, { form, device }).candidates) {
      if (!candidate.pays.time) continue
      const place = placeOf(analysis, candidate)
      const saves = candidate.before.macs - candidate.after.macs
      if (saves <= (saved.get(place) ?? 0) || !isWritable(analysis, model, candidate, { form, device })) continue
      saved.set(place, saves)
    }
  }
  return [...saved.values()].reduce((sum, saves) => sum + saves, 0) / macs
}

/** Those that a reader means by a 1×1 bottleneck. */
const FORMS: readonly FormName[] = ['bottleneck', 'reduce']
