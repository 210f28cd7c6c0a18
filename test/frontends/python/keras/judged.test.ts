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

describe('programs in several modules and arrays', () => {
  test('NumPy: grids by columns, cut and repeated arrays, lists beside arrays, reversed', () => {
    // 4 columns and 3 rows: column 3 of row 0; then 2, repeated to [1 1 2 2], backwards.
    const text = `x, y = np.meshgrid(range(4), range(3))
first, rest = np.split(np.arange(1, 4), [1])
twice = np.repeat(np.expand_dims(rest, 0), 2, axis=1)[0]
back = (twice / [1, 1, 1, 3])[::-1]
model = keras.Sequential([keras.Input((int(x[0, 3]),)), layers.Dense(int(back[0])), layers.Dense(int(twice[1]))])
`
    // rest is [2, 3], twice [2, 2, 3, 3], back [1, 3, 2, 2].
    expect(params(text, 'model')).toBe(1 * (3 + 1) + 2 * (1 + 1))
  })

  test('a list of tensors that is folded is stacked: nothing in front of it is lost', () => {
    const text = `i = keras.Input((8, 8, 4))
a, b = layers.Conv2D(4, 1)(i), layers.Conv2D(4, 1)(i)
x = tf.reduce_sum([a, b], axis=0)
model = keras.Model(i, layers.Dense(1)(x))
`
    expect(params(text, 'model')).toBe(2 * 4 * 5 + 5)
    expect(modelOf(HEAD + text, 'model')!.graph.outputs[0]!.shape!.slice(1)).toEqual([8, 8, 1])
  })

  test('the batch is None while a model is defined', () => {
    const text = `i = keras.Input((6, 4))
size = i.shape[1:] if i.shape[0] is None else i.shape
model = keras.Model(i, layers.Dense(2)(layers.Reshape((size[0] * size[1],))(i)))
`
    expect(params(text, 'model')).toBe(2 * 25)
  })

  test('images backwards, patches and transforms', () => {
    const text = `i = keras.Input((9, 9, 3))
x = tf.reverse(i, axis=[-1])[..., ::-1]
x = tf.image.extract_patches(x, [1, 3, 3, 1], [1, 3, 3, 1], [1, 1, 1, 1], "VALID")
model = keras.Model(i, layers.Dense(2)(x))
`
    expect(params(text, 'model')).toBe(2 * (27 + 1))
    expect(modelOf(HEAD + text, 'model')!.graph.outputs[0]!.shape!.slice(1)).toEqual([3, 3, 2])
    const half = `i = keras.Input((8, 8))
model = keras.Model(i, layers.Dense(2)(tf.abs(tf.signal.rfft2d(i))))
`
    expect(params(half, 'model')).toBe(2 * (5 + 1))
  })
})

describe('packages around Keras, and TensorFlow 1', () => {
  test('a function that returns its input and outputs is a model between them', () => {
    const text = `def encoder():
    i = keras.Input((8, 8, 3))
    a = layers.Conv2D(4, 1)(i)
    b = layers.Conv2D(5, 1)(a)
    model = keras.Model(i, b)
    return i, [a, b]
`
    const { graph, totals } = modelOf(HEAD + text, 'encoder')!
    expect([totals.params, totals.completeness]).toEqual([4 * 4 + 5 * 5, 'exact'])
    expect(graph.outputs.map(o => o.shape!.at(-1))).toEqual([4, 5])
  })

  test('a builder that is called without its shape is for pictures', () => {
    const text = `def build(input_shape=None):
    i = layers.Input(shape=input_shape)
    x = layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3)(i))
    return keras.Model(i, layers.Dense(2)(x))
`
    expect(params(text, 'build')).toBe(4 * 28 + 2 * 5)
    expect(problems(`i = keras.Input(shape=None)\n`)).toHaveLength(1)
  })

  test('keras_applications hands on the modules of Keras; sizes of TensorFlow 1 have a value', () => {
    const text = `from keras_applications import get_submodules_from_kwargs
def build(**kwargs):
    backend, ls, models, utils = get_submodules_from_kwargs(kwargs)
    i = ls.Input((8, 8, 3))
    x = ls.Conv2D(i.shape[-1].value * 2, 1)(i)
    return models.Model(i, x)
model = build(layers=layers)
`
    expect(params(text, 'model')).toBe(6 * 4)
  })

  test('where layers of preprocessing stood before', () => {
    const text = `from tensorflow.keras.layers.experimental import preprocessing
i = keras.Input((8, 8, 3))
x = layers.experimental.preprocessing.Rescaling(1 / 255)(preprocessing.Resizing(4, 4)(i))
model = keras.Model(i, layers.Dense(1)(layers.Flatten()(x)))
`
    expect(params(text, 'model')).toBe(4 * 4 * 3 + 1)
  })

  test('losses of tf.nn fold the classes, and what is trained is the script’s own', () => {
    const text = `x = tf.compat.v1.placeholder(tf.float32, [None, 4])
y = tf.compat.v1.placeholder(tf.float32, [None, 3])
w = tf.Variable(tf.random.normal([4, 3]))
logits = tf.matmul(x, w)
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=y))
pairs = list(zip(tf.gradients(loss, tf.trainable_variables()), tf.trainable_variables()))
`
    const head = 'import tensorflow as tf\n'
    const { uncounted, totals, problems: told } = modelOf(head + text)!
    expect([uncounted, totals.params, told]).toEqual([[], 12, []])
  })

  test('random arrays of NumPy have shapes, and are arrays', () => {
    const text = `x = np.random.rand(2, 8, 8, 3)
depth = 4 if isinstance(x, np.ndarray) else 5
i = keras.Input(x.shape[1:])
model = keras.Model(i, layers.Conv2D(depth, 1)(i))
`
    expect(params(text, 'model')).toBe(4 * 4)
  })
})

test('arrays exchange all axes at once', () => {
  const text = `x = np.zeros((2, 3, 4, 5)).transpose((0, 2, 3, 1))
y = np.zeros((6, 7)).transpose()
i = keras.Input(x.shape[1:])
model = keras.Model(i, layers.Dense(y.shape[0])(i))
`
  // Four by five by three; the last axis is 3, and 7 units.
  expect(params(text, 'model')).toBe(7 * (3 + 1))
})

test('a decorator whose base is not known gives back the class', () => {
  const text = `from some_registry import export
class register(export):
    def __call__(self, symbol):
        return super().__call__(symbol)
@register("net")
class Net(keras.Model):
    def __init__(self, units=3):
        super().__init__()
        self.policy = keras.layers.Dense(1).dtype_policy
        self.d = layers.Dense(units)
    def call(self, x):
        return self.d(x)
model = Net()
y = model(tf.zeros((2, 4)))
`
  expect(params(text, 'model')).toBe(3 * 5)
})
