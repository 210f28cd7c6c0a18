import { describe, expect, test } from 'vitest'
import type { ModelAnalysis } from '../../../../src/analysis/analyze'
import { modelOf } from '../open'

const HEAD = 'import keras\nfrom keras import layers\n'
const read = (body: string): ModelAnalysis => modelOf(HEAD + body)!
const shapesOf = ({ graph }: ModelAnalysis, op: string): unknown[] =>
  graph.nodes.filter(n => n.op === op).map(n => n.outputs[0]!.shape?.slice(1))

describe('layers with the same arguments draw what the first of them drew', () => {
  test('each has weights of its own', () => {
    const model = read(`x = i = keras.Input((8, 8, 4))
for _ in range(3):
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
model = keras.Model(i, x)
`)
    // 3·3·4·4 + 4 each, at 8·8 places.
    expect(model.totals).toMatchObject({ params: 3 * 148, macs: 3 * 64 * 144, completeness: 'exact' })
    expect(model.graph.scopes.filter(s => s.origin.type === 'Conv2D')).toHaveLength(3)
  })

  test('other shapes, other strides and other paddings are others', () => {
    const model = read(`i = keras.Input((9, 9, 4))
a = layers.Conv2D(4, 3)(i)
b = layers.Conv2D(4, 3)(a)
c = layers.Conv2D(4, 3, strides=2)(i)
d = layers.Conv2D(4, 3, padding="same")(i)
e = layers.Conv2D(4, 3, data_format="channels_first")(i)
model = keras.Model(i, [b, c, d, e])
`)
    expect(shapesOf(model, 'conv2d')).toEqual([
      [7, 7, 4],
      [5, 5, 4],
      [4, 4, 4],
      [9, 9, 4],
      [4, 7, 2],
    ])
  })

  test('a sum of a tensor with itself and one of two tensors', () => {
    const text = (sums: string): string => `i = keras.Input((4, 4, 2))
a = layers.Conv2D(2, 1)(i)
b = layers.Conv2D(2, 1)(i)
${sums}
model = keras.Model(i, [p, q])
`
    const itself = 'p = layers.Add()([a, a])'
    const both = 'q = layers.Add()([a, b])'
    for (const sums of [`${itself}\n${both}`, `${both}\n${itself}`]) {
      const { graph } = read(text(sums))
      const inputs = graph.nodes.filter(n => n.op === 'elementwise').map(n => new Set(n.inputs).size)
      expect(inputs.sort()).toEqual([1, 2])
    }
  })

  test('frozen layers count apart from learned ones, whichever comes first', () => {
    const layer = (trainable: string): string => `x = layers.Conv2D(4, 1, use_bias=False${trainable})(x)\n`
    for (const [first, second] of [
      ['', ', trainable=False'],
      [', trainable=False', ''],
    ] as const) {
      const model = read(`x = i = keras.Input((4, 4, 4))\n${layer(first)}${layer(second)}model = keras.Model(i, x)\n`)
      expect(model.totals).toMatchObject({ params: 32, trainableParams: 16 })
    }
  })

  test('a layer that is called twice has its params once', () => {
    const model = read(`i = keras.Input((4, 4, 4))
conv = layers.Conv2D(4, 1, use_bias=False)
other = layers.Conv2D(4, 1, use_bias=False)
model = keras.Model(i, other(conv(conv(i))))
`)
    expect(model.totals).toMatchObject({ params: 32, macs: 3 * 16 * 16 })
  })

  test('what does not fit is told for each of them, and a layer that fits is not wrong for one that does not', () => {
    const text = (size: number): string => `i = keras.Input((8, 8, 4))
a = layers.Conv2D(4, 3, padding="same")(i)
b = layers.Conv2D(4, 3, strides=${size}, padding="same")(i)
model = keras.Model(i, layers.Add()([a, b]))
`
    expect(read(text(1)).problems).toEqual([])
    expect(read(text(2)).problems.map(p => p.code)).toEqual(['shape-mismatch'])
    expect(read(text(2)).problems.map(p => p.code)).toEqual(['shape-mismatch'])
    expect(read(text(1)).problems).toEqual([])
  })

  test('an unknown argument stays unknown, and does not come from a layer that knows it', () => {
    const text = (filters: string): string => `import somewhere
i = keras.Input((8, 8, 4))
model = keras.Model(i, layers.Conv2D(${filters}, 3)(i))
`
    expect(read(text('4')).totals.completeness).toBe('exact')
    expect(read(text('somewhere.FILTERS')).totals.completeness).toBe('atLeast')
    expect(read(text('4')).totals).toMatchObject({ params: 148, completeness: 'exact' })
  })
})

test('a list that grows after it was given to a layer is given as it was', () => {
  const model = read(`i = keras.Input((32, 32, 3))
x = layers.Conv2D(16, 3, padding="same")(i)
features = [x]
for k in range(3):
    y = layers.Concatenate()(features) if len(features) > 1 else x
    features.append(layers.Conv2D(8, 3, padding="same")(y))
model = keras.Model(i, layers.Concatenate()(features))
`)
  expect(model.problems).toEqual([])
  expect(shapesOf(model, 'concat')).toEqual([
    [32, 32, 24],
    [32, 32, 32],
    [32, 32, 40],
  ])
  // 9·3·16 + 16, then 9·8 times 16, 24 and 32 channels, and 8 each.
  expect(model.totals.params).toBe(448 + 72 * (16 + 24 + 32) + 24)
})
