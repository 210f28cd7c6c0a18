import { addDim } from '../dim'
import type { Op } from '../op'

/** Adds `[before, after]` to the last axes, in the order of the axes (torch.nn.functional.pad lists them backwards). */
export const pad: Op<{ readonly pads: readonly (readonly [number, number])[] }> = {
  name: 'pad',
  infer: ({ pads }, [input]) => {
    if (!input || pads.length > input.length) return { shapes: [null] }
    const first = input.length - pads.length
    const dims = input.map((dim, i) => {
      const [before, after] = pads[i - first] ?? [0, 0]
      const size = before + after === 0 ? dim : addDim(dim, before + after)
      return typeof size === 'number' && size < 0 ? null : size
    })
    return { shapes: [dims] }
  },
}
