import type { Op } from '../op'
import type { Shape } from '../shape'

/**
 * The input's memory seen in another shape, by a function whose shape rule the front end knows: expand, diagonal,
 * unfold along an axis.
 */
export const view: Op<{ readonly function: string; readonly shape: Shape | null }> = {
  name: 'view',
  view: true,
  infer: ({ shape }) => ({ shapes: [shape] }),
}
