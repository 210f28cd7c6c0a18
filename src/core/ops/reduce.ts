import type { Op } from '../op'
import { elements, resolveAxis } from '../shape'

export interface Reduce {
  /** mean, sum, max, min, prod, var, std, norm, … */
  readonly function: string
  /** The axes that are folded; all where absent. */
  readonly axes?: readonly number[]
  readonly keep?: boolean
}

/** Folds axes to one number (torch.mean, torch.sum): one operation an input element. */
export const reduce: Op<Reduce> = {
  name: 'reduce',
  infer: ({ axes, keep }, [input]) => {
    if (!input) return { shapes: [axes === undefined && !keep ? [] : null] }
    const folded = axes ? axes.map(axis => resolveAxis(axis, input.length)) : input.map((_, i) => i)
    if (folded.includes(null)) return { shapes: [null] }
    return {
      shapes: [keep ? input.map((d, i) => (folded.includes(i) ? 1 : d)) : input.filter((_, i) => !folded.includes(i))],
    }
  },
  otherOps: (_, [input]) => elements(input ?? null),
  sees: 'global',
}
