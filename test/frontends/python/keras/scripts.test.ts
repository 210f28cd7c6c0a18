import { describe, expect, test } from 'vitest'
import { kerasSummary } from '../../../../src/features/kerasSummary'
import { lineOf, modelOf, openPython } from '../open'

const HEAD = 'import keras\nimport numpy as np\nfrom keras import layers\n'
const names = (text: string): string[] => openPython(text).models.map(m => m.name)
const told = (text: string): string[] =>
  modelOf(text)!.problems.map(p => `${p.severity} in line ${lineOf(text, p)}: ${p.message}`)

describe('where programs make their models', () => {
  test('under __main__, from a function that needs the shape', () => {
    const text = `${HEAD}
def build(shape):
    inputs = keras.Input(shape)
    return keras.Model(inputs, layers.Conv2D(8, 3)(inputs), name='small')

if __name__ == '__main__':
    model = build((16, 16, 3))
    model.summary()
`
    expect(names(text)).toEqual(['model'])
    expect(modelOf(text)!.totals.params).toBe(3 * 3 * 3 * 8 + 8)
  })

  test('several at once, and in a block', () => {
    const text = `${HEAD}
def pair(size):
    a, b = keras.Input((size,)), keras.Input((4,))
    return keras.Model(a, layers.Dense(4)(a)), keras.Model(b, layers.Dense(size)(b))

encoder, decoder = pair(10)
with open('log') as log:
    both = keras.Sequential([encoder, decoder])
`
    expect(names(text)).toEqual(['encoder', 'decoder', 'both'])
    expect(modelOf(text, 'both')!.totals.params).toBe(10 * 4 + 4 + 4 * 10 + 10)
  })

  test('an expression that eval is given', () => {
    const text = `${HEAD}
inputs = keras.Input((8, 8, 3))
x = eval('layers.Conv2D({}, 1)'.format(5))(inputs)
model = keras.Model(inputs, eval('layers.' + 'ReLU')()(x))
`
    const { totals } = modelOf(text)!
    expect([totals.params, totals.completeness]).toEqual([3 * 5 + 5, 'exact'])
  })

  test('decimals that NumPy keeps: 2.567 is 2.6, so 26 filters', () => {
    const text = `${HEAD}
inputs = keras.Input((8, 8, 1))
model = keras.Model(inputs, layers.Conv2D(int(np.round(np.array([2.567]), 1)[0] * 10), 1)(inputs))
`
    expect(modelOf(text)!.totals.params).toBe(26 + 26)
  })
})

describe('what is not known is not taken for None', () => {
  const dense = (size: string): string => `${HEAD}import gym
env = gym.make('Pendulum-v1')
inputs = keras.Input(shape=(${size},))
model = keras.Model(inputs, layers.Dense(8)(inputs))
`
  test('a size that nothing here tells may be a number', () => {
    expect(told(dense('env.observation_space.shape[0]'))).toEqual([])
  })

  // Keras 3.16: ValueError, "The last dimension of the inputs to a Dense layer should be defined. Found None."
  test('None is open', () => {
    expect(told(dense('None'))).toEqual([expect.stringMatching(/^error in line 7: .*channels open/)])
  })

  test('a model of Keras without its source', () => {
    const text = `${HEAD}from keras.applications import inception_v3
base = inception_v3.InceptionV3(include_top=False)
model = keras.Model(base.inputs, [base.get_layer('mixed4').output])
`
    const { uncounted } = modelOf(text, 'model')!
    expect(uncounted.map(u => u.reason)).toContain('keras.applications.InceptionV3 is not found')
    expect(uncounted.some(u => /stopped/.test(u.reason))).toBe(false)
  })
})

describe('programs that go on', () => {
  const script = (loop: string): string => `${HEAD}import gym
env = gym.make('Pendulum-v1')
model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
turns = []
${loop}
`
  const steps = (text: string): number => {
    const before = performance.now()
    modelOf(text)
    return performance.now() - before
  }

  test('a loop that something unknown ends is gone through once', () => {
    const loop = `for episode in range(50):
    state = np.zeros((1, 4))
    while True:
        state, reward, done, info = env.step(model(state))
        turns.append(reward)
        if done:
            break`
    // A hundred thousand turns of the inner loop, fifty times, would take as long as an analysis may.
    expect(steps(script(loop))).toBeLessThan(1500)
    expect(modelOf(script(loop))!.totals.params).toBe(4 * 2 + 2)
  })

  test('one that a known condition ends is gone through to its end', () => {
    const text = `${HEAD}import gym
width = 1
while True:
    if gym.verbose:
        print(width)
    width *= 2
    if width > 30:
        break
model = keras.Sequential([keras.Input((4,)), layers.Dense(width)])
`
    expect(modelOf(text)!.totals.params).toBe(4 * 32 + 32)
  })
})

describe('training as an argument without a default', () => {
  const text = `${HEAD}
class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3)

    def call(self, x, training):
        return self.dense(x)

inputs = keras.Input((4,))
x = Block()(inputs)
x = Block()(x, training=False)
model = keras.Model(inputs, Block()(x, True))
`
  // Keras 3.16: TypeError, "missing a required argument: 'training'"; Keras 2 runs it.
  test('is told where it is not given, and the model is counted', () => {
    expect(told(text)).toEqual([expect.stringMatching(/^warning in line 14: .*Keras 2 fills it in, Keras 3 raises/)])
    const { totals } = modelOf(text)!
    expect([totals.params, totals.completeness]).toEqual([4 * 3 + 3 + 2 * (3 * 3 + 3), 'exact'])
  })
})

describe('the batch that inputs declare', () => {
  // As Keras 3.16 prints it.
  test.each([
    ['keras.Input(batch_shape=(10, 8, 8, 3))', '(10, 6, 6, 4)', '(10, 2)'],
    ['keras.Input((8, 8, 3), batch_size=16)', '(16, 6, 6, 4)', '(16, 2)'],
    ['keras.Input((8, 8, 3))', '(None, 6, 6, 4)', '(None, 2)'],
  ])('%s', (input, conv, dense) => {
    const sequential = `${HEAD}model = keras.Sequential([${input}, layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2)])\n`
    const functional = `${HEAD}i = ${input}\nmodel = keras.Model(i, layers.Dense(2)(layers.Flatten()(layers.Conv2D(4, 3)(i))))\n`
    for (const text of [sequential, functional]) {
      const summary = kerasSummary(modelOf(text)!)
      expect(summary).toContain(conv)
      expect(summary).toContain(dense)
    }
  })
})

describe('what a script does around its models', () => {
  test('a model that is loaded again is the one that was made under that name', () => {
    const text = `${HEAD}
def build(width):
    i = keras.Input((4,))
    return keras.Model(i, layers.Dense(width)(i))

model = build(3)
model.fit(callbacks=[keras.callbacks.ModelCheckpoint('best.keras')])
model = keras.models.load_model('best.keras')
`
    expect(names(text)).toEqual(['model'])
    expect(modelOf(text)!.totals.params).toBe(15)
  })

  test('what is not known for another reason is not the model before it', () => {
    const text = `${HEAD}import other
model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
model = other.build(model)
small = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
a, first = np.unique([3, 1, 3], return_index=True)
`
    expect(told(text)).toEqual([])
    expect(names(text)).toEqual(['small'])
  })

  test('lists that callbacks fill, processors, NumPy with a shape by name', () => {
    const text = `${HEAD}import tensorflow as tf
class Log(keras.callbacks.Callback):
    def __init__(self):
        self.losses = []

log = Log()
model = keras.Sequential([keras.Input((4,)), layers.Dense(np.ones(shape=(2, 3)).shape[1])])
model.fit(np.zeros(shape=(8, 4)), callbacks=[log])
print(log.losses[0], tf.config.list_physical_devices('CPU')[0])
`
    expect(told(text)).toEqual([])
    expect(modelOf(text)!.totals.params).toBe(15)
  })

  test('a state and a mask beside the sequence', () => {
    const text = `${HEAD}
source, target = keras.Input((20,)), keras.Input((12,))
state = layers.GRU(8)(layers.Embedding(10, 4)(source))
x = layers.GRU(8, return_sequences=True)(layers.Embedding(10, 4)(target), initial_state=state)
kept = layers.GRU(5)(x, mask=keras.Input((12,), dtype='bool'))
model = keras.Model([source, target], layers.Dense(3)(x))
`
    expect(told(text)).toEqual([])
    // 3·8·(4 + 8 + 2) a GRU with two biases, 40 an embedding, 8·3 + 3.
    expect(modelOf(text, 'model')!.totals.params).toBe(2 * (336 + 40) + 27)
  })

  test('outputs in a dict are in the order of their names', () => {
    const text = `${HEAD}
i = keras.Input((4,))
model = keras.Model(i, {'step': layers.Dense(2)(i), 'pitch': layers.Dense(3)(i), 'duration': layers.Dense(5)(i)})
`
    expect(modelOf(text)!.graph.outputs.map(v => v.shape![1])).toEqual([5, 3, 2])
  })
})

describe('names as Keras 3.16 gives them', () => {
  const HERE = HEAD
  test('a Sequential makes an input and a model within of its own', () => {
    const text = `${HERE}
aug = keras.Sequential([layers.Resizing(72, 72), layers.RandomFlip('horizontal')], name='aug')
i = keras.Input((32, 32, 3))
x = layers.Conv2D(4, 3)(aug(i))
net = keras.Sequential([layers.Conv2D(4, 3, input_shape=(70, 70, 4)), layers.Flatten(), layers.Dense(3)])
model = keras.Model(i, net(x))
j = keras.Input((None, None, 1))
both = keras.Model(j, [j, layers.Conv2D(2, 3)(j)])
every = keras.Model(model.inputs, [layer.output for layer in model.layers])
`
    const summary = (name: string): string => kerasSummary(modelOf(text, name)!)
    expect(summary('model')).toContain('Model: "functional_2"')
    expect(summary('both')).toContain('Model: "functional_3"')
    // The sizes that an input leaves open, and no row for an input that is an output.
    expect(
      summary('both')
        .match(/│ .*/g)!
        .map(row => row.replace(/\s+/g, ' ')),
    ).toEqual([
      '│ input_layer_3 (InputLayer) │ (None, None, None, 1) │ 0 │',
      '│ conv2d_2 (Conv2D) │ (None, None, None, 2) │ 20 │',
    ])
    expect(summary('every')).toContain('│ sequential (Sequential)              │ (None, 3)')
    // What a model without an input is called with first is its input.
    expect(summary('aug')).toContain('(None, 72, 72, 3)')
  })

  test.each([
    ['a list with an Input', 'keras.Sequential([keras.Input((4,)), layers.Dense(2), layers.Dense(2)])', 1],
    ['a list without', 'keras.Sequential([layers.Dense(2), layers.Dense(2)])', 0],
  ])('%s', (_, made, count) => {
    const text = `${HERE}a = ${made}\nb = keras.Input((3,))\nmodel = keras.Model(b, layers.Dense(1)(b))\n`
    expect(kerasSummary(modelOf(text, 'model')!)).toContain(`Model: "functional${count ? `_${count}` : ''}"`)
  })

  test('every add to one with an input makes it anew', () => {
    const text = `${HERE}a = keras.Sequential()
a.add(keras.Input((4,)))
a.add(layers.Dense(2))
a.add(layers.Dense(2))
b = keras.Input((3,))
model = keras.Model(b, layers.Dense(1)(b))
`
    expect(kerasSummary(modelOf(text, 'model')!)).toContain('Model: "functional_2"')
  })
})

describe('what Keras hands on', () => {
  test('masks: a layer that uses one where there may be one', () => {
    const text = `${HEAD}
class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3)

    def call(self, x, mask=None):
        if mask is not None:
            weights = keras.ops.cast(mask, 'float32')
        return self.dense(x) * weights[..., None]

i = keras.Input((10,))
x = layers.Embedding(20, 3, mask_zero=True)(i)
model = keras.Model(i, Block()(x))
`
    expect(told(text).filter(t => t.startsWith('error'))).toEqual([])
    expect(modelOf(text)!.totals.params).toBe(60 + 12)
  })

  test('lists with something unknown', () => {
    const text = `${HEAD}import other
a = keras.Input((4,))
loaded = other.load()
b = layers.concatenate([other.f(i) for i in range(len(other.y))])
c = layers.concatenate([loaded, a])
model = keras.Model(a, [b, c, layers.Dense(2)(a)])
lost = keras.Model(a, [loaded])
`
    expect(told(text).filter(t => t.startsWith('error'))).toEqual([])
    expect(modelOf(text, 'model')!.totals.completeness).toBe('atLeast')
  })

  test('attributes of layers that are not modelled are not known', () => {
    const text = `${HEAD}
class Own(layers.MultiHeadAttention):
    def call(self, query, value):
        size = self._key_dim
        return super().call(query, value)

i = keras.Input((10, 8))
conv = layers.Conv1D(4, 3)
y = conv(Own(2, 4)(i, i))
model = keras.Model(i, y)
`
    expect(told(text).filter(t => t.startsWith('error'))).toEqual([])
    expect(modelOf(text)!.totals.completeness).toBe('exact')
  })
})

describe('weights have the shapes that Keras 3.16 gives them', () => {
  test('window, inputs, outputs', () => {
    const text = `${HEAD}
i = keras.Input((16, 16, 6))
made = [layers.Conv2D(8, (3, 5)), layers.Conv2DTranspose(4, 3), layers.DepthwiseConv2D(3, depth_multiplier=2),
        layers.SeparableConv2D(5, 3), layers.BatchNormalization(), layers.Dense(7), layers.Conv2D(12, 3, groups=2)]
for layer in made:
    layer(i)
first = [w.shape for layer in made for w in layer.get_weights()]
model = keras.Sequential([keras.Input((1,)), layers.Dense(sum(n * 10 ** min(at, 3) for shape in first for at, n in enumerate(shape)))])
`
    // (3, 5, 6, 8) (8,) (3, 3, 4, 6) (4,) (3, 3, 6, 2) (12,) (3, 3, 6, 1) (1, 1, 6, 5) (5,) 4 × (6,) (6, 7) (7,) (3, 3, 3, 12) (12,)
    const shapes = '3,5,6,8 8 3,3,4,6 4 3,3,6,2 12 3,3,6,1 1,1,6,5 5 6 6 6 6 6,7 7 3,3,3,12 12'
    const sum = shapes
      .split(' ')
      .flatMap(shape => shape.split(',').map((n, at) => Number(n) * 10 ** at))
      .reduce((a, b) => a + b)
    expect(modelOf(text, 'model')!.totals.params).toBe(2 * sum)
  })
})

describe('functions in a summary', () => {
  test('have the names of the classes of keras.ops', () => {
    const text = `${HEAD}from keras import ops
i = keras.Input((8, 8, 4))
o = [ops.expand_dims(i, 1), ops.absolute(i), i / 2, ops.divide(i, i), -i, i ** 2, i[:, 0], i > 0, ops.take(i, [0], axis=1),
     ops.swish(i), ops.concatenate([i, i], -1), i % 2, ops.repeat(i, 2, 1)]
model = keras.Model(i, o)
`
    const rows = kerasSummary(modelOf(text)!).match(/^│ \w+ \(\w+\)/gm)!
    expect(rows.map(row => /\((\w+)\)/.exec(row)![1]).sort()).toEqual(
      'Absolute Concatenate Divide ExpandDims GetItem Greater InputLayer Mod Negative Power Repeat Silu Take TrueDivide'.split(
        ' ',
      ),
    )
  })
})

describe('models that only functions know', () => {
  test('a script that makes its models in functions', () => {
    const text = `${HEAD}
def build_generator(size):
    z = keras.Input((size,))
    x = layers.Dense(6)(z)
    return keras.Model(z, x)

def train():
    generator = build_generator(4)
    judge = keras.Sequential([keras.Input((6,)), layers.Dense(1)])
    both = keras.Model(generator.input, judge(generator.output))
    both.compile('adam', 'mse')

if __name__ == '__main__':
    train()
`
    expect(names(text)).toEqual(['generator', 'judge', 'both'])
    const params = (name: string): number => modelOf(text, name)!.totals.params
    expect([params('generator'), params('judge'), params('both')]).toEqual([30, 7, 37])
  })

  test('methods that build what a class keeps', () => {
    const text = `${HEAD}
class GAN:
    def __init__(self):
        self.generator = self.build_generator()

    def build_generator(self):
        z = keras.Input((4,))
        return keras.Model(z, layers.Dense(6)(z))

GAN()
`
    expect(names(text)).toEqual(['generator'])
    expect(modelOf(text)!.totals.params).toBe(30)
  })

  test('labels and how often they are there', () => {
    const text = `${HEAD}(x, y), _ = keras.datasets.mnist.load_data()
labels, counts = np.unique(y, return_counts=True)
model = keras.Sequential([keras.Input((1,)), layers.Dense(len(labels))])
`
    expect(told(text)).toEqual([])
    expect(modelOf(text)!.totals.params).toBe(20)
  })
})

describe('layers of a model', () => {
  // Keras 3.16: ['input_layer', 'a', 'a2', 'b', 'c', 'r', 'b2', 'p', 'add', 'o'].
  test('are in the order of their distance from the outputs, not in that of the program', () => {
    const text = `${HEAD}
i = keras.Input((4,))
a = layers.Dense(5, name='a2')(layers.Dense(4, name='a')(i))
b = layers.Dense(5, name='b2')(layers.Dense(4, name='b')(i))
p = layers.Dense(5, name='p')(layers.Dense(6, name='c')(i))
o = layers.Dense(7, name='o')(layers.Add(name='add')([layers.Activation('relu', name='r')(a), b, p]))
order = [layer.name for layer in keras.Model(i, o).layers]
places = [order.index(name) for name in ['a', 'a2', 'b', 'c', 'r', 'b2', 'p', 'add', 'o']]
model = keras.Sequential([keras.Input((1,)), *[layers.Dense(place, name=f'd{k}') for k, place in enumerate(places)]])
`
    const widths = modelOf(text, 'model')!.graph.nodes.map(node => node.outputs[0]!.shape!.at(-1))
    expect(widths).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})

describe('what layers find themselves', () => {
  test('masks of a layer with compute_mask; the mean of a Normalization; what follows from a lost shape', () => {
    const text = `${HEAD}import other
class Positions(layers.Layer):
    def call(self, x):
        return keras.ops.cast(x, 'float32')[..., None]

    def compute_mask(self, x, mask=None):
        return keras.ops.not_equal(x, 0)

class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3)

    def call(self, x, mask=None):
        if mask is not None:
            kept = keras.ops.cast(mask, 'float32')
        return self.dense(x) * kept[..., None]

normalizer = layers.Normalization()
scale = normalizer.variance ** 0.5
i = keras.Input((None,))
x = layers.Dense(2)(other.encode(i))
model = keras.Model(i, [Block()(Positions()(i)), x])
`
    expect(told(text)).toEqual([])
  })
})
