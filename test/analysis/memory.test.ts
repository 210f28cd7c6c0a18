import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { type Analysis, analyze } from '../../src/analysis/analyze'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const TEXTS: readonly (readonly [string, (version: number) => string])[] = [
  [
    'net.py',
    n => `import keras
from keras import layers
x = keras.Input(shape=(32, 32, 3))
model = keras.Model(x, layers.Dense(${n})(layers.GlobalAveragePooling2D()(layers.Conv2D(8, 3)(x))))
`,
  ],
  [
    'net.py',
    n => `import torch.nn as nn
model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, ${n}, 1))
`,
  ],
  [
    'net.yaml',
    n => `backbone:\n  - [-1, 1, Conv, [${n}, 3, 2]]\nhead:\n  - [-1, 1, nn.Upsample, [None, 2, nearest]]\n`,
  ],
]

test.each(TEXTS)('%s: the analysis of a text does not keep those of the versions before it', async (name, text) => {
  const before: WeakRef<Analysis>[] = []
  let last: Analysis | undefined
  for (let version = 1; version <= 6; version++) {
    last = analyze({ uri: `file:///${name}`, name, text: text(version) }, {}, last)
    last!.model()
    before.push(new WeakRef(last!))
  }
  // What a WeakRef was made of lives until the turn ends.
  await new Promise(resolve => setTimeout(resolve, 0))
  collect()
  expect(last!.source.text).toBe(text(6))
  expect(before.slice(0, 3).filter(ref => ref.deref() !== undefined)).toEqual([])
})
