import { describe, expect, test } from 'vitest'
import { modelOf, openPython } from '../open'

/** Kinds of programs that were read wrongly once; every expectation is worked out by hand beside it. */
const HEAD = 'import math\nimport numpy as np\nimport tensorflow as tf\nimport keras\nfrom keras import layers\n'
const params = (text: string, model?: string): number => {
  const { totals, uncounted } = modelOf(HEAD + text, model)!
  expect(uncounted).toEqual([])
  expect(totals.completeness).toBe('exact')
  return totals.params
}
const problems = (text: string): string[] =>
  openPython(HEAD + text)
    .model()!
    .problems.filter(p => p.severity === 'error' || p.severity === 'warning')
    .map(p => p.message)

describe('names', () => {
  test('paths and empty names are those of Keras 1 and 2', () => {
    const text = `class Block(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(4, 1)
    def call(self, x):
        return self.conv(x)
i = keras.Input((8, 8, 3))
x = layers.Conv2D(2, 1, name="stage1/unit1/conv")(i)
model = keras.Model(i, Block(name="")(x))
`
    expect(problems(text)).toEqual([])
    expect(params(text, 'model')).toBe(2 * 4 + 4 * 3)
  })
})

describe('sizes that a program computes', () => {
  test('whole numbers in arrays are sizes, repeat lists and are rounded', () => {
    // 584 / 232 = 2.517 is 3 groups: 696.
    const text = `widths, depths = np.unique(np.array([232, 584, 584]), return_counts=True)
rounded = [int(round(w / 232) * 232) for w in widths]
stages = [[w] * d for w, d in zip(rounded, depths)]
model = keras.Sequential([keras.Input((1,))] + [layers.Dense(w, use_bias=False) for s in stages for w in s])
`
    expect(params(text, 'model')).toBe(232 + 232 * 696 + 696 * 696)
  })

  test('a size that a branch may have changed is not told', () => {
    const text = `def build(size):
    padding = 0
    if size.whatever > 3:
        padding = 1
    i = keras.Input((8, 8, 3))
    x = layers.ZeroPadding2D(padding)(i)
    return keras.Model(i, layers.Dense(1)(layers.Flatten()(x)))
model = build(tf.unheard_of(3))
`
    const { totals } = modelOf(HEAD + text, 'model')!
    expect(totals.completeness).toBe('atLeast')
  })

  test('isinstance knows the classes of numbers', () => {
    const text = `import numbers
def pair(n):
    if isinstance(n, numbers.Integral):
        n = (n, n)
    return n
model = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(2, pair(3))])
`
    expect(params(text, 'model')).toBe(2 * (27 + 1))
  })

  test('the shape that Keras 2 kept beside TensorFlow’s', () => {
    const text = `i = keras.Input((8, 6, 3))
x = layers.AvgPool2D(pool_size=i._keras_shape[1:3])(i)
i._keras_shape = (None,) + i._keras_shape[1:]
model = keras.Model(i, layers.Dense(2)(layers.Flatten()(x)))
`
    expect(params(text, 'model')).toBe(2 * (3 + 1))
  })
})

describe('what a model is for', () => {
  const net = (size: string): string => `class Net(keras.Model):
    def __init__(self, in_size=${size}):
        super().__init__()
        self.in_size = in_size
        self.pool = layers.AveragePooling2D(8)
        self.conv = layers.Conv2D(4, 1)
        self.flat = layers.Flatten()
        self.fc = layers.Dense(10)
    def call(self, x):
        return self.fc(self.flat(self.pool(self.conv(x))))
`
  test.each([
    ['(32, 32)', 4 * 4 * 4],
    ['16', 2 * 2 * 4],
  ])('an attribute says the size of its pictures: %s', (size, features) => {
    expect(params(net(size), 'Net')).toBe(4 * (3 + 1) + 10 * (features + 1))
  })
})

describe('what only some versions refuse', () => {
  const text = `i = keras.Input((16, 16, 3))
model = keras.Model(i, [layers.Conv2D(2, 3, strides=2, dilation_rate=2, padding="same")(i) for _ in range(3)])
`
  const told = (head: string) => modelOf(head + text, 'model')!.problems.map(p => `${p.severity} ${p.message}`)
  test('stride with dilation is computed, and told once: of tf.keras only the newest refuses it', () => {
    expect(params(text, 'model')).toBe(3 * 2 * (27 + 1))
    const words = /: Keras 3 does not take strides 2 and dilation_rate 2 together\.$/
    expect(told(HEAD)).toEqual([expect.stringMatching(words)])
    expect(told(HEAD)[0]).toMatch(/^warning/)
    expect(told('import keras\nfrom keras import layers\n')[0]).toMatch(/^error/)
  })
})

test('methods of tf.image.resize by their names', () => {
  const text = `i = keras.Input((8, 8, 3))
x = layers.Lambda(lambda t: tf.image.resize(t, (16, 16), method=tf.image.ResizeMethod.NEAREST_NEIGHBOR))(i)
model = keras.Model(i, layers.Dense(2)(layers.Flatten()(x)))
`
  expect(params(text, 'model')).toBe(2 * (16 * 16 * 3 + 1))
})
