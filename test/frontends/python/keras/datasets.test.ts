import { describe, expect, test } from 'vitest'
import { modelOf } from '../open'

const HEAD = 'import numpy as np\nfrom tensorflow import keras\nfrom tensorflow.keras import layers\n'

describe('shapes of keras.datasets, as their documentation states them', () => {
  test.each([
    ['mnist', '60000 28 28', '60000', '10000'],
    ['fashion_mnist', '60000 28 28', '60000', '10000'],
    ['cifar10', '50000 32 32 3', '50000 1', '10000'],
    ['cifar100', '50000 32 32 3', '50000 1', '10000'],
    ['boston_housing', '404 13', '404', '102'],
    ['california_housing', '16512 8', '16512', '4128'],
  ])('%s', (name, x, y, count) => {
    const text = `${HEAD}from tensorflow.keras.datasets import ${name}
(x, y), (x_test, y_test) = ${name}.load_data()
model = keras.Sequential([keras.Input((1,)), layers.Dense(len(x_test)), layers.Dense(sum(x.shape)), layers.Dense(sum(y.shape))])
`
    const [first, second, third] = modelOf(text)!.graph.layers.map(l => l.weights[0]!.shape[0])
    const sum = (sizes: string): number => sizes.split(' ').reduce((a, b) => a + Number(b), 0)
    expect([first, second, third]).toEqual([Number(count), sum(x), sum(y)])
  })

  test('the first script of many books: its sizes come from the data', () => {
    const text = `${HEAD}(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
classes = len(np.unique(y_train))
size = x_train.shape[1]
x_train = np.reshape(x_train, [-1, size, size, 1]).astype('float32') / 255
y_train = keras.utils.to_categorical(y_train)
model = keras.Sequential([
    layers.Conv2D(8, 3, input_shape=x_train.shape[1:]),
    layers.Flatten(),
    layers.Dense(classes),
    layers.Dense(y_train.shape[1]),
])
model.fit(x_train, y_train)
`
    const { totals, inputs, inputAssumed } = modelOf(text)!
    expect([inputs[0]!.shape, inputAssumed]).toEqual([[28, 28, 1], false])
    expect([totals.params, totals.completeness]).toEqual([80 + 26 * 26 * 8 * 10 + 10 + 110, 'exact'])
  })

  test.each([
    ['keras.utils.to_categorical(y, 12)', 12],
    ['keras.utils.to_categorical(y)', 100],
    ['keras.utils.to_categorical([0, 3, 1])', 4],
  ])('classes: %s', (labels, classes) => {
    const text = `${HEAD}(x, y), _ = keras.datasets.cifar100.load_data()
model = keras.Sequential([keras.Input((1,)), layers.Dense(${labels}.shape[-1])])
`
    expect(modelOf(text)!.totals.params).toBe(2 * classes)
  })

  test('lengths of texts are not known', () => {
    const text = `${HEAD}(x, y), _ = keras.datasets.imdb.load_data(num_words=1000)
model = keras.Sequential([keras.Input((4,)), layers.Dense(x.shape[1])])
`
    expect(modelOf(text)!.totals.completeness).toBe('atLeast')
  })
})
