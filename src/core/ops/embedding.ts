import { type Op, wholeNumbers } from '../op'
import { elements, type Shape } from '../shape'

export interface Embedding {
  readonly count: number | null
  readonly features: number | null
  /**
   * The rows of one bag are joined to one (torch.nn.EmbeddingBag): a bag is a row of indices, or with a second input,
   * of where bags start, what stands between two starts.
   */
  readonly bag?: boolean
}

/** A row of a table for every index: …  becomes …×features; no multiply-accumulates (torch.nn.Embedding). */
export const embedding: Op<Embedding> = {
  name: 'embedding',
  infer: ({ count, features, bag }, [input, starts]) => {
    const faults = wholeNumbers(1, { count, features })
    const rows = !bag ? input : starts !== undefined ? starts : input?.slice(0, -1)
    return { shapes: [rows ? [...rows, features] : null], faults }
  },
  otherOps: ({ features, bag }, [input]) => {
    const rows = bag ? elements(input ?? null) : 0
    return rows === null || (bag && features === null) ? null : rows * (features ?? 0)
  },
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
