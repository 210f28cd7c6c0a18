import { describe, expect, test } from 'vitest'
import { GraphBuilder, type Layer } from '../../../src/core/graph'
import { type Attributes, type OpName, ops } from '../../../src/core/ops'
import { pads } from '../../../src/core/window'
import { origin } from '../build'
import { shape } from './run'

// Every op with attributes that are right; each number in them is then replaced by numbers that are not.
const window = { kernel: [3, 3], stride: [1, 1], dilation: [1, 1], padding: pads(1, 2) }
const conv = { ...window, inChannels: 4, outChannels: 6, groups: 2, bias: true }
const norm = { channels: 4, axis: 1, scale: true, shift: true, statistics: 'buffer' } as const
const rank = <W extends typeof window>(w: W, axes: number): W => ({
  ...w,
  kernel: Array(axes).fill(3),
  stride: Array(axes).fill(1),
  dilation: Array(axes).fill(1),
  padding: pads(1, axes),
})
const sound: { readonly [K in OpName]: Attributes<K> } = {
  conv1d: rank(conv, 1),
  conv2d: conv,
  conv3d: rank(conv, 3),
  conv_transpose1d: { ...rank(conv, 1), outputPadding: [0] },
  conv_transpose2d: { ...conv, outputPadding: [0, 0] },
  conv_transpose3d: { ...rank(conv, 3), outputPadding: [0, 0, 0] },
  local_conv2d: { ...conv, positions: 64 },
  linear: { inFeatures: 8, outFeatures: 5, bias: true },
  bilinear: { in1Features: 8, in2Features: 8, outFeatures: 5, bias: true },
  matmul: {},
  attention: { tokens: -2, heads: 2, extra: 1, weights: 'heads' },
  recurrent: { cell: 'lstm', inputSize: 8, hiddenSize: 6, layers: 2, bias: true, projection: 3 },
  einsum: {
    operands: [
      ['...', 'i'],
      ['...', 'i'],
    ],
    output: ['...'],
  },
  max_pool1d: rank(window, 1),
  max_pool2d: { ...window, rounding: 'ceilClip' },
  max_pool3d: rank(window, 3),
  avg_pool1d: rank(window, 1),
  avg_pool2d: { ...window, rounding: 'ceil' },
  avg_pool3d: rank(window, 3),
  adaptive_avg_pool: { size: [2, 2] },
  adaptive_max_pool: { size: [1, null] },
  batch_norm: norm,
  instance_norm: norm,
  group_norm: { ...norm, groups: 2 },
  layer_norm: { shape: [8], scale: true, shift: true },
  local_response_norm: { size: 5 },
  scale: { channels: 4, axis: 1, scale: true, bias: true },
  activation: { function: 'relu' },
  prelu: { parameters: 4 },
  softmax: { axis: 1 },
  dropout: { p: 0.5 },
  identity: {},
  elementwise: { function: 'add', weights: 2 },
  concat: { axis: 1 },
  split: { axis: 1, chunks: 2 },
  slice: { axis: 1, start: 0, end: 2, step: 1 },
  select: { axis: 1, index: 0 },
  flatten: { start: 1, end: 3 },
  reshape: { shape: [4, 64] },
  permute: { order: [0, 2, 3, 1] },
  squeeze: { axes: [1] },
  unsqueeze: { axis: 1 },
  pad: { pads: [[1, 1]] },
  interpolate: { scale: [2, 2], mode: 'nearest' },
  pixel_shuffle: { factor: 2 },
  reorg: { stride: 2 },
  unfold: window,
  fold: { ...window, size: [4, 4] },
  view: { function: 'expand', shape: [4, 4] },
  compute: { function: 'roll', shapes: [[4, 4]], operations: 2 },
  reduce: { function: 'mean', axes: [2, 3] },
  embedding: { count: 10, features: 4 },
  parameter: { shape: [4], kind: 'trainable' },
  constant: { shape: [4] },
}
const more: readonly [OpName, object][] = [
  ['split', { axis: 1, sizes: [2, 2] }],
  ['split', { axis: 1, each: 2 }],
  ['interpolate', { size: [5, 5], mode: 'bilinear' }],
  ['pixel_shuffle', { factor: 2, down: true }],
  ['reorg', { stride: 2, reverse: true }],
]

const WRONG = [0, -1, -7, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 2 ** 53, 5000, -0]
const INPUTS = ['N×4×8×8', 'N×4×8', 'N×4×8×8×8', '4×8', 'N×?×?×?', '?', 'scalar', 'N×0×8×8', `N×4×${2 ** 31}×8`]

describe('no number that a file may hold makes an op throw or give a size that is none', () => {
  test.each([...Object.entries(sound), ...more] as [OpName, object][])('%s %o', (op, attributes) => {
    for (const variant of [attributes, ...variants(attributes)]) {
      for (const text of INPUTS) {
        const builder = new GraphBuilder()
        const inputs = [builder.input('a', shape(text)), builder.input('b', shape(text))]
        const layer = builder.layer(op, variant as never, origin('it')) as unknown as Layer
        const outputs = builder.call(layer, inputs)
        const where = `${JSON.stringify(variant)} on ${text}`
        for (const { shape: out, reach } of outputs) {
          for (const dim of out ?? []) if (typeof dim === 'number') expect(isSize(dim), `${where}: ${dim}`).toBe(true)
          if (reach && reach !== 'all') {
            const numbers = [...reach.stride, ...reach.field]
            expect(numbers.every(Number.isFinite), `${where}: reach ${numbers}`).toBe(true)
          }
        }
        const [node] = builder.build().nodes
        for (const [name, count] of Object.entries(node!.cost)) {
          expect(count === null || (Number.isFinite(count) && count >= 0), `${where}: ${name} ${count}`).toBe(true)
        }
      }
    }
  })
  test('every op is in this table', () => {
    expect(Object.keys(sound).sort()).toEqual(Object.keys(ops).sort())
  })
})

const isSize = (dim: number): boolean => Number.isSafeInteger(dim) && dim >= 0

/** Copies with one number replaced. */
function variants(value: unknown): unknown[] {
  if (typeof value === 'number') return WRONG
  if (Array.isArray(value)) {
    return value.flatMap((item, i) => variants(item).map(other => value.map((same, j) => (i === j ? other : same))))
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => variants(item).map(other => ({ ...value, [key]: other })))
}
