import type { Dim } from '../../core/dim'
import type { Value } from '../../core/graph'
import { argument, type Config, flag, oneOf, REQUIRED, UnknownConfig, whole, wholeOrNull, wholes } from './config'
import { type Drawing, type LayerKind, sizeAt } from './define'
import { weightParameters } from './parts'

/** Attention of Keras (keras/src/layers/attention). Inputs are query, value and, where it differs, key. */
export const attentionLayers: readonly LayerKind[] = [
  {
    name: 'MultiHeadAttention',
    parameters: {
      num_heads: REQUIRED,
      key_dim: REQUIRED,
      value_dim: null,
      dropout: 0,
      use_bias: true,
      output_shape: null,
      attention_axes: null,
      sliding_window: null,
      flash_attention: null,
      ...weightParameters('kernel', 'bias'),
      use_gate: false,
      seed: null,
    },
    composite: () => true,
    draw: (config, inputs, draw, call) => {
      const heads = whole(config, 'num_heads')
      const keys = whole(config, 'key_dim')
      return attend(config, inputs, draw, call, heads, heads, keys, wholeOrNull(config, 'value_dim') ?? keys)
    },
  },
  {
    name: 'GroupedQueryAttention',
    parameters: {
      head_dim: REQUIRED,
      num_query_heads: REQUIRED,
      num_key_value_heads: REQUIRED,
      dropout: 0,
      use_bias: true,
      sliding_window: null,
      flash_attention: null,
      ...weightParameters('kernel', 'bias'),
      use_gate: false,
      seed: null,
    },
    composite: () => true,
    draw: (config, inputs, draw, call) => {
      const size = whole(config, 'head_dim')
      const [heads, groups] = [whole(config, 'num_query_heads'), whole(config, 'num_key_value_heads')]
      return attend(config, inputs, draw, call, heads, groups, size, size)
    },
  },
  {
    name: 'Attention',
    parameters: { use_scale: false, score_mode: 'dot', dropout: 0, seed: null },
    many: true,
    composite: () => true,
    draw: (config, inputs, draw, call) => {
      const [query, value, key = value] = inputs
      if (!query || !value) throw new UnknownConfig('its inputs are not known')
      const weights: Value[] = []
      const scalar = (name: string): void => {
        weights.push(draw.part(name, 'parameter', { shape: [], kind: 'trainable' }, []))
      }
      if (flag(config, 'use_scale')) scalar('scale')
      if (oneOf(config, 'score_mode', ['dot', 'concat']) === 'concat') {
        scalar('concat_score_weight')
        return additive([query, value, key!], weights, draw, call)
      }
      const scaled = weights.length ? draw.op('elementwise', { function: 'mul' }, [query, ...weights]) : query
      const [out, scores] = attentionOf(scaled, key!, value, 1, draw, wantsScores(call))
      return scores ? [out, scores] : [out]
    },
  },
  {
    name: 'AdditiveAttention',
    parameters: { use_scale: true, dropout: 0 },
    many: true,
    composite: () => true,
    draw: (config, inputs, draw, call) => {
      const [query, value, key = value] = inputs
      if (!query || !value) throw new UnknownConfig('its inputs are not known')
      const shape = [sizeAt(query, -1)]
      const weights = flag(config, 'use_scale')
        ? [draw.part('scale', 'parameter', { shape, kind: 'trainable' }, [])]
        : []
      return additive([query, value, key!], weights, draw, call)
    },
  },
]

const wantsScores = (call: Config): boolean => flag(call, 'return_attention_scores')

/** softmax(Q · Kᵀ) · V, with the scores of each head where they are asked for. */
function attentionOf(q: Value, k: Value, v: Value, heads: number, draw: Drawing, scores: boolean): [Value, Value?] {
  const out = draw.op('attention', heads === 1 ? {} : { heads }, [q, k, v])
  if (!scores) return [out]
  const [batch, rows, columns] = [q.shape?.[0] ?? null, q.shape?.at(-2) ?? null, k.shape?.at(-2) ?? null]
  const shape: Dim[] = heads === 1 ? [batch, rows, columns] : [batch, heads, rows, columns]
  return [out, draw.op('compute', { function: 'scores', shapes: [shape] }, [q, k])]
}

/** Scores that are sums instead of products: only what they do to the values are multiply-accumulates. */
function additive(inputs: readonly Value[], weights: readonly Value[], draw: Drawing, call: Config): Value[] {
  const [query, value, key] = inputs as [Value, Value, Value]
  const shape = [query.shape?.[0] ?? null, query.shape?.at(-2) ?? null, key.shape?.at(-2) ?? null]
  const operations = 2 * (sizeAt(query, -1) ?? 0) + 5
  const scores = draw.op('compute', { function: 'scores', shapes: [shape], operations }, [query, key, ...weights])
  const out = draw.op('matmul', {}, [scores, value])
  return wantsScores(call) ? [out, scores] : [out]
}

/** Projections to heads, attention, and a projection back to the features of the query. */
function attend(
  config: Config,
  inputs: readonly Value[],
  draw: Drawing,
  call: Config,
  heads: number,
  groups: number,
  keySize: number,
  valueSize: number,
): readonly Value[] {
  const [query, value, key = value] = inputs
  if (!query || !value || !query.shape) throw new UnknownConfig('its inputs are not known')
  const bias = flag(config, 'use_bias')
  const project = (name: string, x: Value, out: number | null): Value =>
    draw.part(name, 'linear', { inFeatures: sizeAt(x, -1), outFeatures: out, bias }, [x])
  const q = tokens(project('query', query, heads * keySize), draw)
  const k = tokens(project('key', key!, groups * keySize), draw)
  const v = tokens(project('value', value, groups * valueSize), draw)
  if (argument(config, 'attention_axes') !== null && argument(config, 'attention_axes') !== undefined) {
    // Attention over some axes alone: every token sees fewer.
    if (query.shape.length > 3) throw new UnknownConfig('attention over chosen axes is not modelled')
  }
  const [attended, scores] = attentionOf(
    q,
    repeated(k, heads / groups, draw),
    repeated(v, heads / groups, draw),
    heads,
    draw,
    wantsScores(call),
  )
  let result = attended
  if (query.shape.length > 3)
    result = draw.op('reshape', { shape: [...query.shape.slice(0, -1), heads * valueSize] }, [result])
  if (flag(config, 'use_gate')) {
    const gate = draw.op('activation', { function: 'sigmoid' }, [project('gate', query, heads * valueSize)])
    result = draw.op('elementwise', { function: 'mul' }, [result, gate])
  }
  const given = config.output_shape === undefined ? null : argument(config, 'output_shape')
  const out = given === null ? sizeAt(query, -1) : wholes(config, 'output_shape').reduce((a, b) => a * b, 1)
  let projected = project('attention_output', result, out)
  if (Array.isArray(given) && given.length > 1)
    projected = draw.op('reshape', { shape: [...query.shape.slice(0, -1), ...wholes(config, 'output_shape')] }, [
      projected,
    ])
  return scores ? [projected, scores] : [projected]
}

/** All axes between the batch and the features as one. */
const tokens = (x: Value, draw: Drawing): Value =>
  x.shape && x.shape.length > 3 ? draw.op('flatten', { start: 1, end: -2 }, [x]) : x

/** Groups of queries share a head of keys: it is read as often. */
function repeated(x: Value, times: number, draw: Drawing): Value {
  const size = sizeAt(x, -1)
  if (times === 1 || !x.shape) return x
  const shape = [...x.shape.slice(0, -1), size === null ? null : size * times]
  return draw.op('compute', { function: 'repeat', shapes: [shape] }, [x])
}
