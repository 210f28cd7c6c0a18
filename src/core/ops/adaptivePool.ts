import type { Dim } from '../dim'
import { type Op, wholeNumbers } from '../op'
import { elements, type Shape } from '../shape'
import { firstSpatial, rankFault } from './layout'

export interface AdaptivePooling {
  /** The output size of every spatial axis; null keeps the input's. */
  readonly size: readonly (number | null)[]
  readonly channelsLast?: boolean
  /** Drop the spatial axes (keras GlobalAveragePooling2D with keepdims=False); only with size 1. */
  readonly squeeze?: boolean
}

/** Pooling to a given size, global for size 1 (torch.nn.AdaptiveAvgPool2d). One operation an input element. */
export const adaptiveAvgPool: Op<AdaptivePooling> = adaptive('adaptive_avg_pool')
export const adaptiveMaxPool: Op<AdaptivePooling> = adaptive('adaptive_max_pool')

function adaptive(name: string): Op<AdaptivePooling> {
  return {
    name,
    infer: ({ size, channelsLast, squeeze }, [input]) => {
      const bad = wholeNumbers(1, { size: size.filter(s => s !== null) })
      if (bad.length || !input) return { shapes: [null], faults: bad }
      const rank = rankFault(input, size.length)
      if (rank) return { shapes: [null], faults: [rank] }
      const start = firstSpatial(input.length, size.length, channelsLast)
      const dims: Dim[] = [...input]
      size.forEach((s, i) => {
        dims[start + i] = s ?? input[start + i]!
      })
      if (squeeze) dims.splice(start, size.length)
      return { shapes: [dims] }
    },
    otherOps: (_, [input]) => elements(input as Shape | null),
    sees: 'global',
  }
}
