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
