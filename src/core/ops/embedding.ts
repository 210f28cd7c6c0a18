import { type Op, wholeNumbers } from '../op'
import type { Shape } from '../shape'

/** A row of a table for every index: …  becomes …×features; no multiply-accumulates (torch.nn.Embedding). */
export const embedding: Op<{ readonly count: number | null; readonly features: number | null }> = {
  name: 'embedding',
  infer: ({ count, features }, [input]) => ({
    shapes: [input ? [...input, features] : null],
    faults: wholeNumbers(1, { count, features }),
  }),
  weights: ({ count, features }) => [{ name: 'weight', shape: [count, features], kind: 'trainable' }],
}

/** A stored tensor used as a value: a learnable one (torch.nn.Parameter), a frozen one or a buffer. */
export const parameter: Op<{ readonly shape: Shape; readonly kind: 'trainable' | 'frozen' | 'buffer' }> = {
  name: 'parameter',
  view: true,
  infer: ({ shape }) => ({ shapes: [shape] }),
  weights: ({ shape, kind }) => [{ name: 'weight', shape, kind }],
}

/** A tensor made while the model runs, of a given shape: zeros, anchors, positions. */
export const constant: Op<{ readonly shape: Shape | null }> = {
  name: 'constant',
  infer: ({ shape }) => ({ shapes: [shape] }),
}
