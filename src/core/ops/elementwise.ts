import type { Op } from '../op'
import { broadcast, elements, formatShape } from '../shape'

export interface Elementwise {
  /** add, sub, mul, div, max, … */
  readonly function: string
  /** Learnable weights of the inputs (Darknet's weighted shortcut, BiFPN); 0 or absent for none. */
  readonly weights?: number | null
  /** The output has the first input's shape and takes of the others what fits (Darknet's shortcut and scale layers). */
  readonly keepsFirst?: boolean
}

/** Arithmetic on several tensors position by position, broadcast as NumPy does; one operation an output and further input. */
export const elementwise: Op<Elementwise> = {
  name: 'elementwise',
  infer: ({ function: name, keepsFirst }, inputs) => {
    if (keepsFirst) return { shapes: [inputs[0] ?? null] }
    const { shape, conflict } = broadcast(inputs)
    if (conflict === undefined) return { shapes: [shape] }
    const known = inputs.filter(s => s !== null)
    return {
      shapes: [known[0] ?? null],
      faults: [
        {
          code: 'shape-mismatch',
          input: 1,
          message: ({ who }) =>
            `${who}: cannot ${name} ${known.map(formatShape).join(' and ')}, they differ at dimension ${conflict}.`,
        },
      ],
    }
  },
  weights: ({ weights }) => (weights ? [{ name: 'weight', shape: [weights], kind: 'trainable' }] : []),
  otherOps: (_, inputs, [output]) => {
    const count = elements(output ?? null)
    return count === null ? null : count * Math.max(1, inputs.length - 1)
  },
}
