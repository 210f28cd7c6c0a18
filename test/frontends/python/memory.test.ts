import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { layerClass } from '../../../src/frontends/python/keras/layer'
import { moduleClass } from '../../../src/frontends/python/torch/module'
import { openPython } from './open'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const makers = [moduleClass, layerClass].map(cls => ({ cls, create: cls.create }))
afterEach(() => {
  for (const { cls, create } of makers) cls.create = create
})

const TORCH = `from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
    def forward(self, x):
        y = self.conv(x)
        return y
`
const KERAS = `import keras
from keras import layers
def build(size=HEIGHT):
    i = keras.Input((size, 32, 3))
    x = layers.Conv2D(8, 3)(i)
    return keras.Model(i, layers.Flatten()(x))
`

test.each([
  ['modules of PyTorch', TORCH],
  ['a model between tensors, by its definition', KERAS.replace('HEIGHT', '32')],
  ['a model between tensors, drawn again', KERAS.replace('HEIGHT', 'None').replace('layers.Flatten()(x)', 'x')],
])('what a program made is let go once it is drawn: %s', async (_, text) => {
  const made: WeakRef<object>[] = []
  for (const { cls, create } of makers)
    cls.create = (of, run) => {
      const object = create!(of, run)
      made.push(new WeakRef(object as object))
      return object
    }
  const analysis = openPython(text)
  const model = analysis.model()!
  expect(model.totals.params).toBe(224)
  expect(made.length).toBeGreaterThan(0)
  // What a WeakRef was made of lives until the turn ends.
  await new Promise(resolve => setTimeout(resolve, 0))
  collect()
  expect(made.filter(ref => ref.deref() !== undefined)).toEqual([])
  expect(model.bindings!.length).toBeGreaterThan(0)
})
