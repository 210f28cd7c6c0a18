import { describe, expect, test } from 'vitest'
import { labelText } from '../../../../src/features/hintLabel'
import { lineHints } from '../../../../src/features/hintLines'
import { modelOf, openPython } from '../open'

const totals = (text: string, model?: string) => {
  const { totals: t, uncounted } = modelOf(text, model)!
  expect(uncounted).toEqual([])
  return [t.params, t.trainableParams, t.macs]
}
const hints = (text: string): Record<number, string> => {
  const analysis = openPython(text)
  const options = { unit: 'MACs', quietLayers: false, maximumLength: 0 } as const
  return Object.fromEntries(lineHints(analysis, options).map(h => [h.line + 1, labelText(h.parts)]))
}
const HEAD = 'import keras\nfrom keras import layers\n'

describe('counts worked out by hand', () => {
  test('the convolutional network of the Keras documentation on MNIST: 34,826 params', () => {
    // 3·3·1·32 + 32 = 320; 3·3·32·64 + 64 = 18,496; 1600·10 + 10 = 16,010 (keras.io/examples/vision/mnist_convnet).
    const text = `${HEAD}model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Conv2D(64, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ]
)
`
    // 26² · 288 + 11² · 18,432 + 16,000 MACs.
    expect(totals(text)).toEqual([34826, 34826, 194688 + 2230272 + 16000])
  })

  test('statistics of a norm count and are not trained; frozen layers are not either', () => {
    const text = `${HEAD}base = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(4, 1), layers.BatchNormalization()])
base.trainable = False
inputs = keras.Input((8, 8, 3))
x = base(inputs)
x = layers.BatchNormalization(scale=False)(x)
model = keras.Model(inputs, layers.Dense(2)(x))
`
    // 16 + 16 frozen; 3 · 4 of which 4 are learned; 10.
    expect(totals(text, 'model')).toEqual([16 + 16 + 12 + 10, 4 + 10, 8 * 8 * (12 + 8)])
  })

  test('shared layers have their params once and their work at each call', () => {
    const text = `${HEAD}conv = layers.Conv2D(8, 3, padding='same')
a, b = keras.Input((16, 16, 8)), keras.Input((16, 16, 8))
model = keras.Model([a, b], [conv(a), conv(conv(b))])
`
    expect(totals(text)).toEqual([584, 584, 3 * 16 * 16 * 576])
  })

  test('what a model does not use does not count', () => {
    const text = `${HEAD}inputs = keras.Input((16,))
x = layers.Dense(8)(inputs)
y = layers.Dense(100)(x)
model = keras.Model(inputs, x)
`
    expect(totals(text)).toEqual([136, 136, 128])
  })

  test('weights of the program by add_weight', () => {
    const text = `${HEAD}
class Scale(layers.Layer):
    def build(self, input_shape):
        self.gamma = self.add_weight(shape=(input_shape[-1],), initializer='ones')
        self.count = self.add_weight(name='count', shape=(), trainable=False)

    def call(self, x):
        return x * self.gamma

inputs = keras.Input((4, 4, 6))
model = keras.Model(inputs, Scale()(inputs))
`
    expect(totals(text)).toEqual([7, 6, 0])
  })
})

describe('names', () => {
  test('are made from classes and counted', () => {
    const text = `${HEAD}inputs = keras.Input((16, 16, 3))
x = layers.Conv2D(4, 3)(inputs)
x = layers.SeparableConv2D(4, 3)(x)
x = layers.Conv2D(4, 3)(x)
x = layers.Conv2D(4, 3, name='mine')(x)
model = keras.Model(inputs, x)
`
    const paths = modelOf(text)!.graph.layers.map(l => l.origin.path)
    expect(paths).toEqual(['conv2d', 'separable_conv2d.depthwise', 'separable_conv2d.pointwise', 'conv2d_1', 'mine'])
  })

  test('of attributes are those of the program', () => {
    const text = `${HEAD}
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.stem = layers.Conv2D(4, 3)
        self.blocks = [layers.Dense(4) for _ in range(2)]

    def call(self, x):
        x = self.stem(x)
        for b in self.blocks:
            x = b(x)
        return x
`
    expect(modelOf(text)!.graph.layers.map(l => l.origin.path)).toEqual(['stem', 'blocks.0', 'blocks.1'])
  })
})

describe('which model, which input', () => {
  const TWO = `${HEAD}def make(size=(32, 32, 3), classes=10):
    inputs = keras.Input(size)
    x = layers.Conv2D(8, 3)(inputs)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(classes)(x))
`
  test('a factory by its defaults, a model that stands at the top before it', () => {
    expect(openPython(TWO).chosen?.name).toBe('make')
    const used = `${TWO}\nmodel = make((64, 64, 1), 2)\n`
    expect(openPython(used).chosen?.name).toBe('model')
    expect(modelOf(used)!.inputs).toEqual([{ name: 'input_layer', shape: [64, 64, 1] }])
  })

  test('of several the one that is compiled', () => {
    const text = `${TWO}a = make()\nb = make()\nc = make()\nb.compile(loss='mse')\n`
    expect(openPython(text).chosen?.name).toBe('b')
  })

  test('sizes that a declaration leaves open are assumed', () => {
    const open = TWO.replace('(32, 32, 3)', '(None, None, 3)')
    const model = modelOf(open)!
    expect([model.inputs[0]!.shape, model.inputAssumed]).toEqual([[224, 224, 3], true])
    const directed = modelOf(`# convlens: input=96x96x3\n${open}`)!
    expect([directed.inputs[0]!.shape, directed.inputAssumed]).toEqual([[96, 96, 3], false])
    expect(directed.totals.macs).toBe(94 * 94 * 27 * 8 + 80)
  })

  test('a class by what it is called with', () => {
    const text = `import tensorflow as tf

class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = tf.keras.layers.Conv2D(4, 3)

    def call(self, x):
        return self.conv(x)

net = Net()
y = net(tf.zeros((1, 20, 30, 5)))
`
    const model = modelOf(text)!
    expect(model.inputs[0]!.shape).toEqual([20, 30, 5])
    expect(model.graph.outputs[0]!.shape?.slice(1)).toEqual([18, 28, 4])
  })

  test('the format is that of the framework', () => {
    expect(openPython(TWO).format).toBe('keras')
    expect(openPython('import tensorflow as tf\nx = tf.zeros((1, 2))\ny = tf.nn.relu(x)\n').format).toBe('tensorflow')
    expect(openPython('import torch\nfrom torch import nn\nm = nn.Linear(2, 3)\n').format).toBe('pytorch')
    const both = `import torch\n${TWO}\nmodel = make()\n`
    expect(openPython(both).format).toBe('keras')
  })
})

test('a line that makes a layer and calls it has one hint, with its shape in the order of Keras', () => {
  const text = `${HEAD}def block(x, n):
    x = layers.Conv2D(n, 3, padding='same')(x)
    x = layers.BatchNormalization()(x)
    return layers.add([x, x])

inputs = keras.Input((28, 28, 16))
x = block(inputs, 16)
x = layers.MaxPooling2D()(x)
x = block(x, 32)
x = layers.Conv2D(8, 1)(x)
model = keras.Model(inputs, x)
`
  expect(hints(text)).toEqual({
    3: 'x: 28×28×16…14×14×16 ×2',
    4: '28×28×16…14×14×32 ×2 · 7.0k params · 2.7M MACs',
    6: '28×28×16…14×14×32 ×2',
    8: 'N×28×28×16',
    9: 'N×28×28×16',
    10: 'N×14×14×16',
    11: 'N×14×14×32',
    12: 'N×14×14×8 · reduce · 264 params · 50.2k MACs',
    13: 'N×14×14×8 · 7.4k params · 2.8M MACs',
  })
})
