import { type Dim, mulDim } from '../../core/dim'
import type { Value } from '../../core/graph'
import { formatShape, type Shape } from '../../core/shape'
import { argument, BadConfig, type Config, flag, Misfit, oneOf, REQUIRED, UnknownConfig, whole, wholes } from './config'
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
    holdsLayers: true,
    composite: () => true,
    draw: (config, inputs, draw, call) => {
      const heads = above0(config, 'num_heads')
      const keys = above0(config, 'key_dim')
      const values = argument(config, 'value_dim') === null ? keys : above0(config, 'value_dim')
      return attend(config, inputs, draw, call, heads, heads, keys, values)
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
    holdsLayers: true,
    composite: () => true,
    draw: (config, inputs, draw, call) => {
      const size = above0(config, 'head_dim')
      const [heads, groups] = [above0(config, 'num_query_heads'), above0(config, 'num_key_value_heads')]
      if (heads % groups !== 0)
        throw new BadConfig(
          `num_query_heads ${heads} cannot be divided by num_key_value_heads ${groups}`,
          'num_key_value_heads',
        )
      return attend(config, inputs, draw, call, heads, groups, size, size)
    },
  },
  {
    name: 'Attention',
    parameters: { use_scale: false, score_mode: 'dot', dropout: 0, seed: null },
    many: true,
    takes: ['inputs'],
    composite: () => true,
    draw: (config, inputs, draw, call) => {
      const [query, value, key = value] = queryAndValue(inputs)
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
    takes: ['inputs'],
    composite: () => true,
    draw: (config, inputs, draw, call) => {
      const [query, value, key = value] = queryAndValue(inputs)
      const shape = [sizeAt(query, -1)]
      const weights = flag(config, 'use_scale')
        ? [draw.part('scale', 'parameter', { shape, kind: 'trainable' }, [])]
        : []
      return additive([query, value, key!], weights, draw, call)
    },
  },
]

function above0(config: Config, name: string): number {
  const size = whole(config, name)
  if (size < 1) throw new BadConfig(`${name} expects a number above 0 and gets ${size}`, name)
  return size
}

function queryAndValue(inputs: readonly Value[]): readonly [Value, Value, Value?] {
  const [query, value, key] = inputs
  if (!query || !value || inputs.length > 3)
    throw new BadConfig(`it expects query, value and perhaps key, and gets ${inputs.length} tensors`)
  return [query, value, key]
}

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
  if (key?.shape && value.shape && differs(value.shape.slice(1, -1), key.shape.slice(1, -1)))
    throw new Misfit(
      `value and key expect one length, and are ${formatShape(value.shape)} and ${formatShape(key.shape)}`,
    )
  const axes = axesOf(config, query.shape.length)
  const q = tokens(project('query', query, heads * keySize), axes, draw)
  const k = tokens(project('key', key!, groups * keySize), axes, draw)
  const v = tokens(project('value', value, groups * valueSize), axes, draw)
  const [attended, scores] = attentionOf(
    q,
    repeated(k, heads / groups, draw),
    repeated(v, heads / groups, draw),
    heads,
    draw,
    wantsScores(call),
  )
  let result = unfolded(attended, query.shape, axes, heads * valueSize, draw)
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

/** The axes that attention goes over: all between the batch and the features, unless some are named. */
function axesOf(config: Config, rank: number): readonly number[] {
  const given = config.attention_axes === undefined ? null : argument(config, 'attention_axes')
  if (given === null || (Array.isArray(given) && given.length === 0))
    return Array.from({ length: Math.max(0, rank - 2) }, (_, i) => i + 1)
  const axes = wholes(config, 'attention_axes').map(axis => (axis < 0 ? axis + rank : axis))
  if (axes.some(axis => axis < 1 || axis > rank - 2))
    throw new UnknownConfig('attention over these axes is not modelled')
  return axes
}

const others = (rank: number, axes: readonly number[]): number[] =>
  Array.from({ length: Math.max(0, rank - 2) }, (_, i) => i + 1).filter(axis => !axes.includes(axis))

/** Axes that attention goes over as one, those that it does not go over as part of the batch. */
function tokens(x: Value, axes: readonly number[], draw: Drawing): Value {
  const { shape } = x
  if (!shape || shape.length < 4) return x
  const rest = others(shape.length, axes)
  const moved = rest.length > 0 ? draw.op('permute', { order: [0, ...rest, ...axes, shape.length - 1] }, [x]) : x
  const product = (of: readonly number[], start: Dim): Dim =>
    of.reduce<Dim>((all, axis) => mulDim(all, shape[axis]!), start)
  return draw.op('reshape', { shape: [product(rest, shape[0]!), product(axes, 1), shape.at(-1)!] }, [moved])
}

/** The axes of the query again, with so many features. */
function unfolded(x: Value, shape: Shape, axes: readonly number[], features: number, draw: Drawing): Value {
  if (shape.length < 4) return x
  const rest = others(shape.length, axes)
  const order = [0, ...rest, ...axes, shape.length - 1]
  const apart = draw.op(
    'reshape',
    { shape: order.map((axis, i) => (i === order.length - 1 ? features : shape[axis]!)) },
    [x],
  )
  return rest.length > 0 ? draw.op('permute', { order: order.map((_, axis) => order.indexOf(axis)) }, [apart]) : apart
}

const differs = (a: Shape, b: Shape): boolean =>
  a.length !== b.length || a.some((dim, i) => typeof dim === 'number' && typeof b[i] === 'number' && dim !== b[i])

/** Groups of queries share a head of keys: it is read as often. */
function repeated(x: Value, times: number, draw: Drawing): Value {
  const size = sizeAt(x, -1)
  if (times === 1 || !x.shape) return x
  const shape = [...x.shape.slice(0, -1), size === null ? null : size * times]
  return draw.op('compute', { function: 'repeat', shapes: [shape] }, [x])
}
