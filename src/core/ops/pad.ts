import { addDim } from '../dim'
import type { Fault, Op } from '../op'
import type { Shape } from '../shape'

export interface Pad {
  readonly pads: readonly (readonly [number, number])[]
  /** What is put there, where it is taken from the input: only so much can be taken. */
  readonly takes?: 'reflect' | 'circular'
}

/** Adds `[before, after]` to the last axes, in the order of the axes (torch.nn.functional.pad lists them backwards). */
export const pad: Op<Pad> = {
  name: 'pad',
  infer: ({ pads, takes }, [input]) => {
    if (!input || pads.length > input.length) return { shapes: [null] }
    const first = input.length - pads.length
    const dims = input.map((dim, i) => {
      const [before, after] = pads[i - first] ?? [0, 0]
      const size = before + after === 0 ? dim : addDim(dim, before + after)
      return typeof size === 'number' && size < 0 ? null : size
    })
    return { shapes: [dims], faults: takes ? largerThanInput(pads, takes, input) : [] }
  },
}

/** A reflection leaves out the edge: it takes one less than there is (torch.nn.ReflectionPad2d). */
function largerThanInput(pads: Pad['pads'], takes: NonNullable<Pad['takes']>, input: Shape): Fault[] {
  for (const [i, [before, after]] of pads.entries()) {
    const size = input[input.length - pads.length + i]!
    const most = typeof size === 'number' ? (takes === 'reflect' ? size - 1 : size) : null
    const given = Math.max(before, after)
    if (most === null || given <= most) continue
    const message: Fault['message'] = ({ who, from }) =>
      `${who} expects ${takes} padding of at most ${most} and gets ${given}: ${from(0)}.`
    return [{ code: 'bad-argument', attribute: 'pads', value: most, input: 0, message }]
  }
  return []
}
