import type { Fault, Op } from '../op'
import { elements, type Shape } from '../shape'

export interface Compute {
  /** As the framework spells it: roll, gather, topk, cumsum, grid_sample. */
  readonly function: string
  /** One an output. */
  readonly shapes: readonly (Shape | null)[]
  /** Operations an element of the first output; 0 where elements are only moved. */
  readonly operations?: number
  /** What the front end found wrong with the call. */
  readonly faults?: readonly Fault[]
}

/** A function without weights and multiply-accumulates whose shape rule the front end knows. */
export const compute: Op<Compute> = {
  name: 'compute',
  infer: ({ shapes, faults = [] }) => ({ shapes, faults }),
  otherOps: ({ operations = 0 }, _, [output]) => {
    if (operations === 0) return 0
    const count = elements(output ?? null)
    return count === null ? null : count * operations
  },
}
