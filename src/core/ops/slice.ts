import { type Dim, mapDim } from '../dim'
import type { Op } from '../op'
import { resolveAxis } from '../shape'

export interface Slice {
  readonly axis: number
  readonly start: number
  /** Exclusive; negative counts from the end, null is the end. */
  readonly end: number | null
  readonly step?: number
}

/** Positions from `start` to `end` along an axis, as Python slices; a view. */
export const slice: Op<Slice> = {
  name: 'slice',
  view: true,
  infer: ({ axis, start, end, step = 1 }, [input]) => {
    const at = input ? resolveAxis(axis, input.length) : null
    if (!input || at === null) return { shapes: [null] }
    return { shapes: [input.map((dim, i) => (i === at ? sliced(dim, start, end, step) : dim))] }
  },
}

/** One position along an axis, the axis dropped (torch.select); a view. */
export const select: Op<{ readonly axis: number; readonly index: number }> = {
  name: 'select',
  view: true,
  infer: ({ axis }, [input]) => {
    const at = input ? resolveAxis(axis, input.length) : null
    return { shapes: [input && at !== null ? input.filter((_, i) => i !== at) : null] }
  },
}

function sliced(dim: Dim, start: number, end: number | null, step: number): Dim {
  if (start === 0 && end === null && step === 1) return dim
  return mapDim(dim, size => {
    const clamp = (at: number): number => Math.min(size, Math.max(0, at < 0 ? at + size : at))
    return Math.max(0, Math.ceil((clamp(end ?? size) - clamp(start)) / step))
  })
}
