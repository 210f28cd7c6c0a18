import { divDim, mulDim } from '../dim'
import type { Op } from '../op'

/** Darknet's reorg: H and W divided by the stride, channels times its square; `reverse` is the inverse (src/reorg_layer.c). */
export const reorg: Op<{ readonly stride: number; readonly reverse?: boolean }> = {
  name: 'reorg',
  sees: 'resize',
  infer: ({ stride, reverse }, [input]) => {
    if (input?.length !== 4) return { shapes: [null] }
    const [batch, channels, height, width] = input
    const square = stride * stride
    return {
      shapes: [
        reverse
          ? [batch!, divDim(channels!, square), mulDim(height!, stride), mulDim(width!, stride)]
          : [batch!, mulDim(channels!, square), divDim(height!, stride), divDim(width!, stride)],
      ],
    }
  },
}
