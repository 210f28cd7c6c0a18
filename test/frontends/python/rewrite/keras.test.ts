/** How a rewriting is written in Keras: calls in each other, statements, items of a list. */
import { describe, expect, test } from 'vitest'
import { rewritten, type Wanted } from './open'

const functional = (statement: string, head = 'import keras\nfrom keras import layers'): string =>
  `${head}

inputs = keras.Input((56, 56, 64))
${statement}
model = keras.Model(inputs, x)
`

type Row = readonly [title: string, statement: string, expected: string, wanted?: Wanted]

const CALLS: readonly Row[] = [
  [
    'a statement becomes two',
    "x = layers.Conv2D(256, 3, padding='same', name='conv')(inputs)",
    "x = layers.Conv2D(16, 1, use_bias=False)(inputs)\nx = layers.Conv2D(256, 3, padding='same', name='conv')(x)",
    { width: 16 },
  ],
  [
    'the width follows the input',
    'x = layers.Conv2D(256, 3, padding="same", name="conv")(inputs)',
    'x = layers.Conv2D(inputs.shape[-1] // 4, 1, use_bias=False)(inputs)\nx = layers.Conv2D(256, 3, padding="same", name="conv")(x)',
  ],
  [
    'a name that is given anew is the narrow map',
    'x = inputs\nx = layers.Conv2D(128, 3, padding="same", name="conv")(x)',
    'x = layers.Conv2D(x.shape[-1] // 4, 1, use_bias=False)(x)\nx = layers.Conv2D(x.shape[-1], 3, padding="same", name="conv", use_bias=False)(x)\nx = layers.Conv2D(128, 1)(x)',
    { form: 'bottleneck' },
  ],
  [
    'bias and activation go to the last',
    "x = layers.Conv2D(256, 3, activation='relu', padding='same', name='conv')(inputs)",
    "x = layers.Conv2D(16, 3, padding='same', name='conv', use_bias=False)(inputs)\nx = layers.Conv2D(256, 1, activation='relu')(x)",
    { form: 'expand', width: 16 },
  ],
  [
    'separable: a layer of its own class, the kernel first',
    "x = layers.Conv2D(256, kernel_size=3, strides=2, padding='same', activation='relu', name='conv')(inputs)",
    "x = layers.DepthwiseConv2D(3, strides=2, padding='same', name='conv', use_bias=False)(inputs)\nx = layers.Conv2D(256, 1, activation='relu')(x)",
    { form: 'separable' },
  ],
  [
    'a call inside another',
    "x = layers.ReLU()(layers.Conv2D(256, 3, use_bias=False, name='conv')(inputs))",
    "x = layers.ReLU()(layers.Conv2D(256, 3, use_bias=False, name='conv')(layers.Conv2D(16, 1, use_bias=False)(inputs)))",
    { width: 16 },
  ],
  [
    'norm and activation between',
    "x = layers.Conv2D(256, 3, name='conv')(inputs)",
    "x = layers.Conv2D(16, 1, use_bias=False)(inputs)\nx = layers.BatchNormalization()(x)\nx = layers.Activation('relu')(x)\nx = layers.Conv2D(256, 3, name='conv')(x)",
    { width: 16, between: 'norm' },
  ],
]

describe('functional calls', () => {
  const rows = CALLS.map(([title, statement, expected, wanted = {}]) => ({ title, statement, expected, wanted }))
  test.each(rows)('$title', ({ statement, expected, wanted }) => {
    expect(rewritten(functional(statement), 'conv', wanted)).toBe(expected)
  })

  test('names are imported where the file imports names', () => {
    const text = functional(
      "x = Conv2D(256, 3, name='conv')(inputs)",
      'import keras\nfrom keras.layers import Conv2D, ReLU',
    )
    expect(rewritten(text, 'conv', { form: 'separable' })).toBe(
      `from keras.layers import Conv2D, ReLU, DepthwiseConv2D

inputs = keras.Input((56, 56, 64))
x = DepthwiseConv2D(3, name='conv', use_bias=False)(inputs)
x = Conv2D(256, 1)(x)`,
    )
  })
})

describe('a Sequential', () => {
  test('as a list gets items', () => {
    const text = `from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([
    layers.Conv2D(64, 3, padding="same", input_shape=(32, 32, 64), name="first"),
    layers.Conv2D(128, 3, padding="same", name="second"), layers.ReLU(),
])
`
    expect(rewritten(text, 'first', { width: 16 })).toBe(
      `    layers.Conv2D(16, 1, input_shape=(32, 32, 64), use_bias=False),
    layers.Conv2D(64, 3, padding="same", name="first"),`,
    )
    expect(rewritten(text, 'second', { width: 16 })).toBe('    layers.Conv2D(16, 1, use_bias=False),')
  })

  test('that grows gets statements', () => {
    const text = `from keras.layers import Conv2D
from keras.models import Sequential

def make():
    net = Sequential()
    net.add(Conv2D(64, (3, 3), input_shape=(32, 32, 64), name='first'))
    net.add(Conv2D(128, (3, 3), activation='relu', name='second'))
    return net
`
    expect(rewritten(text, 'second', { width: 16, form: 'bottleneck' })).toBe(
      `    net.add(Conv2D(16, 1, use_bias=False))
    net.add(Conv2D(16, (3, 3), name='second', use_bias=False))
    net.add(Conv2D(128, 1, activation='relu'))`,
    )
  })
})

test('an attribute becomes a Sequential', () => {
  const text = `import tensorflow as tf

class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = tf.keras.layers.Conv2D(128, 3, padding='same')

    def call(self, x):
        return self.conv(x)

net = Net()
net.build((None, 32, 32, 64))
`
  expect(rewritten(text, 'conv', { width: 16 })).toBe(
    `        self.conv = tf.keras.Sequential([
            tf.keras.layers.Conv2D(16, 1, use_bias=False),
            tf.keras.layers.Conv2D(128, 3, padding='same'),
        ])`,
  )
})
