import { type Dim, mapDim, mulDim } from '../dim'
import { type Op, wholeNumbers } from '../op'

/**
 * Darknet's reorg: H and W divided by the stride, rounded down, and channels times its square; `reverse` is the inverse
 * (src/reorg_layer.c).
 */
export const reorg: Op<{ readonly stride: number; readonly reverse?: boolean }> = {
  name: 'reorg',
  sees: 'resize',
  infer: ({ stride, reverse }, [input]) => {
    const faults = wholeNumbers(1, { stride })
    if (faults.length || input?.length !== 4) return { shapes: [null], faults }
    const [batch, channels, height, width] = input
    const square = stride * stride
    return {
      shapes: [
        reverse
          ? [batch!, floorDiv(channels!, square), mulDim(height!, stride), mulDim(width!, stride)]
          : [batch!, mulDim(channels!, square), floorDiv(height!, stride), floorDiv(width!, stride)],
      ],
    }
  },
}

const floorDiv = (dim: Dim, by: number): Dim => mapDim(dim, n => Math.floor(n / by))
