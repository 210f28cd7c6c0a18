import { N } from '../../../core/dim'
import type { Layer } from '../../../core/graph'
import { RELU } from '../activations'
import { joint, several } from '../block'
import { demand, originOf, type Place, sub, type Tensor } from '../place'
import {
  activate,
  add,
  batchNorm2d,
  cat,
  constant,
  conv2d,
  dim,
  flatten,
  layerNorm,
  linear,
  mul,
  permute,
  reshape,
  sigmoid,
  slice,
  softmax,
} from '../torch'
import { mlp, multiheadAttention } from './transformer'

/** The decoder of RT-DETR: facts of ultralytics/nn/modules/head.py and transformer.py, version 8.4.35. */

export const rtdetrDecoder = joint(
  'RTDETRDecoder',
  'nc:int=80 ch:ints=(512,1024,2048) hd:int=256 nq:int=300 ndp:int=4 nh:int=8 ndl:int=6 d_ffn:int=1024 dropout:float=0.0 act:any=None eval_idx:int=-1 nd:int=100 label_noise_ratio:float=0.5 box_noise_scale:float=1.0 learnt_init_query:bool=False',
  'Transformer decoder with deformable attention: the best queries, boxes and classes',
  (
    at,
    feed,
    nc: number,
    ch: readonly number[],
    hd: number,
    nq: number,
    points: number,
    heads: number,
    layers: number,
    ffn: number,
    _dropout: number,
    _act: unknown,
    evalIndex: number,
    _nd: number,
    _label: number,
    _box: number,
    learnt: boolean,
  ) => {
    const xs = several(feed)
    demand(layers >= 1 && layers <= 1000, `expects from 1 to 1000 decoder layers and gets ${layers}`)
    demand(heads >= 1 && hd % heads === 0, `expects a number of heads that divides ${hd} and gets ${heads}`)
    const last = evalIndex < 0 ? layers + evalIndex : evalIndex
    demand(last >= 0 && last < layers, `expects eval_idx to be one of ${layers} decoder layers and gets ${evalIndex}`)

    const tokens = encode(at, xs, ch, hd)
    embedding(sub(at, 'denoising_class_embed'), nc, hd)
    const features = encoded(at, tokens, hd)
    const total = dim(tokens, 1)
    demand(
      typeof total !== 'number' || total >= nq,
      `expects at least ${nq} positions for its queries and gets ${total}`,
      'shape-mismatch',
    )
    linear(sub(at, 'enc_score_head'), features, hd, nc)
    const top = slice(at, features, 1, 0, nq)
    const anchors = constant(at, 'anchors', [1, nq, 4])
    let boxes = sigmoid(at, add(at, mlp(sub(at, 'enc_bbox_head'), top, [hd, hd, hd, 4]), anchors))
    let queries = learnt ? expand(at, embedding(sub(at, 'tgt_embed'), nq, hd), nq, hd) : top

    const position = sharedMlp(sub(at, 'query_pos_head'), [4, 2 * hd, hd])
    const decoder = sub(sub(at, 'decoder'), 'layers')
    let scores: Tensor = null
    for (let i = 0; i < layers; i++) {
      const runs = i <= last
      const place = sub(decoder, i)
      queries = decoderLayer(place, runs ? queries : null, runs ? tokens : null, runs ? position(boxes) : null, {
        hd,
        heads,
        ffn,
        points,
        levels: ch.length,
      })
      const refined = mlp(sub(sub(at, 'dec_bbox_head'), i), queries, [hd, hd, hd, 4])
      if (runs) boxes = sigmoid(at, add(at, refined, boxes))
      const scored = linear(sub(sub(at, 'dec_score_head'), i), i === last ? queries : null, hd, nc)
      if (i === last) scores = scored
    }
    return cat(at, [boxes, sigmoid(at, scores)], -1)!
  },
)

/** All levels brought to one width, their positions beside each other: N×positions×width. */
function encode(at: Place, xs: readonly Tensor[], ch: readonly number[], hd: number): Tensor {
  const levels = xs.map((x, i) => {
    const place = sub(sub(at, 'input_proj'), i)
    const y = batchNorm2d(sub(place, 1), conv2d(sub(place, 0), x, ch[i]!, hd, 1, { bias: false }), hd)
    return permute(at, flatten(at, y, 2), 0, 2, 1)
  })
  return cat(at, levels, 1)
}

function encoded(at: Place, tokens: Tensor, hd: number): Tensor {
  const place = sub(at, 'enc_output')
  return layerNorm(sub(place, 1), linear(sub(place, 0), tokens, hd, hd), hd)
}

interface DecoderSizes {
  readonly hd: number
  readonly heads: number
  readonly ffn: number
  readonly points: number
  readonly levels: number
}

/** Attention among the queries, deformable attention to the image, a feed-forward part, each with a norm after it. */
function decoderLayer(at: Place, queries: Tensor, tokens: Tensor, place: Tensor, sizes: DecoderSizes): Tensor {
  const { hd, heads, ffn } = sizes
  const q = add(at, queries, place)
  const attended = multiheadAttention(sub(at, 'self_attn'), q, q, queries, hd, heads)
  const a = layerNorm(sub(at, 'norm1'), add(at, queries, attended), hd)
  const crossed = deformable(sub(at, 'cross_attn'), add(at, a, place), tokens, sizes)
  const b = layerNorm(sub(at, 'norm2'), add(at, a, crossed), hd)
  const fed = linear(
    sub(at, 'linear2'),
    activate(sub(at, 'act'), linear(sub(at, 'linear1'), b, hd, ffn), RELU),
    ffn,
    hd,
  )
  return layerNorm(sub(at, 'norm3'), add(at, b, fed), hd)
}

/**
 * Multi-scale deformable attention: every query samples a few points of every level. The sampling and the weighted
 * sum are elementwise; multiply-accumulates are those of its four linear layers.
 */
function deformable(at: Place, query: Tensor, value: Tensor, { hd, heads, points, levels }: DecoderSizes): Tensor {
  const samples = heads * levels * points
  linear(sub(at, 'value_proj'), value, hd, hd)
  linear(sub(at, 'sampling_offsets'), query, hd, 2 * samples)
  const weights = linear(sub(at, 'attention_weights'), query, hd, samples)
  softmax(at, reshape(at, weights, [dim(query, 0), dim(query, 1), heads, levels * points]), -1)
  const sampled =
    query && constant(at, 'sampled values', [dim(query, 0), dim(query, 1), heads, hd / heads, levels * points])
  const share = reshape(at, weights, [dim(query, 0), dim(query, 1), heads, 1, levels * points])
  return linear(sub(at, 'output_proj'), slicedSum(at, mul(at, sampled, share), query, hd), hd, hd)
}

/** The sum over the sampled points, heads beside each other. */
const slicedSum = (at: Place, x: Tensor, query: Tensor, hd: number): Tensor =>
  reshape(at, x && at.build.builder.add('reduce', { function: 'sum', axes: [-1] }, [x], originOf(at, 'sum')), [
    dim(query, 0),
    dim(query, 1),
    hd,
  ])

/** Linear layers that several calls share. */
function sharedMlp(at: Place, sizes: readonly number[]): (x: Tensor) => Tensor {
  const { builder } = at.build
  const layers = sizes.slice(1).map((out, i) => {
    const place = sub(at, `layers.${i}`)
    return builder.layer(
      'linear',
      { inFeatures: sizes[i]!, outFeatures: out, bias: true },
      originOf(place, 'Linear'),
    ) as unknown as Layer
  })
  return x => {
    let y = x
    layers.forEach((layer, i) => {
      y = y && builder.call(layer, [y])[0]!
      if (i + 1 < layers.length) y = activate(sub(at, 'act'), y, RELU)
    })
    return y
  }
}

/** A table of embeddings that is stored; nothing looks anything up in it. */
function embedding(at: Place, count: number, features: number): Layer {
  return at.build.builder.layer('embedding', { count, features }, originOf(at, 'Embedding')) as unknown as Layer
}

/** The whole table for every image. */
const expand = (at: Place, _table: Layer, count: number, features: number): Tensor =>
  constant(at, 'queries', [N, count, features])
