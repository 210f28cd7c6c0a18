import { type Dim, sameDim } from '../dim'
import { type Fault, formula, type Op } from '../op'
import { broadcast, elements, resolveAxis, type Shape } from '../shape'

export interface Attention {
  /** The axis of the tokens; −2 where absent. The features are the last one. */
  readonly tokens?: number
  /** Heads that share the features of one axis; 1 where they have an axis of their own. */
  readonly heads?: number
  /** Keys and values that are added to those given (torch.nn.MultiheadAttention bias_k, add_zero_attn). */
  readonly extra?: number
  /** A second output: the weights of attention, averaged over the heads or one a head. */
  readonly weights?: 'mean' | 'heads'
}

/**
 * softmax(Q · Kᵀ) · V (torch.nn.functional.scaled_dot_product_attention): tokens of Q, features of V. MACs: both products,
 * queries · keys · (features of Q + features of V); it does not matter into how many heads the features are cut.
 */
export const attention: Op<Attention> = {
  name: 'attention',
  sees: 'global',
  infer: (attributes, [query, key, value]) => {
    const { tokens = -2, heads = 1, extra = 0, weights } = attributes
    const more = weights ? [null] : []
    if (!query || !key || !value || query.length < 2) return { shapes: [null, ...more] }
    const at = resolveAxis(tokens, query.length)
    if (at === null || key.length !== query.length || value.length !== query.length) return { shapes: [null, ...more] }
    const beside = (s: Shape): Shape => s.filter((_, i) => i !== at && i !== s.length - 1)
    const { shape: batch } = broadcast([beside(query), beside(key), beside(value)])
    if (batch === null) return { shapes: [null, ...more] }
    const out: Dim[] = [...batch]
    out.splice(at, 0, query[at]!)
    const keys = key[at]!
    const scores: Shape = [
      ...batch,
      ...(weights === 'heads' ? [heads] : []),
      query[at]!,
      typeof keys === 'number' ? keys + extra : null,
    ]
    const faults: Fault[] = []
    const conflict = (a: Dim, b: Dim, what: string, i: number): void => {
      if (sameDim(a, b) !== false) return
      const message: Fault['message'] = ({ who, from }) => `${who}: ${what} differ: ${from(i - 1)}, ${from(i)}.`
      faults.push({ code: 'shape-mismatch', input: i, message })
    }
    conflict(query.at(-1)!, key.at(-1)!, 'the features of queries and keys', 1)
    conflict(keys, value[at]!, 'the numbers of keys and values', 2)
    return { shapes: [[...out, value.at(-1)!], ...(weights ? [scores] : [])], faults }
  },
  macs: ({ tokens = -2, extra = 0 }, [query, key, value], [output]) => {
    const [features, keys, valueFeatures] = [query?.at(-1), key?.at(tokens), value?.at(-1)]
    return formula([
      ['queries', output ? elements(output.slice(0, -1)) : null],
      ['keys', typeof keys === 'number' ? keys + extra : null],
      ['d + dv', typeof features === 'number' && typeof valueFeatures === 'number' ? features + valueFeatures : null],
    ])
  },
  // The softmax over the keys: 5 operations a score.
  otherOps: ({ tokens = -2, heads = 1, extra = 0 }, [, key], [output]) => {
    const queries = output ? elements(output.slice(0, -1)) : null
    const keys = key?.at(tokens)
    return queries === null || typeof keys !== 'number' ? null : 5 * heads * queries * (keys + extra)
  },
}
