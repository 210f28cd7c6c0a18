import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analysis/analyze'
import { kerasSummary, memoryText } from '../../src/features/kerasSummary'

const summaryOf = (text: string, name = 'model.py', across?: number): string => {
  const analysis = analyze({
    uri: `file:///${name}`,
    name,
    text,
    ...(name.endsWith('.py') ? { languageId: 'python' } : {}),
  })
  return kerasSummary(analysis!.model()!, across)
}

/** The cells of the rows, without lines and padding. */
const rowsOf = (summary: string): string[] =>
  summary
    .split('\n')
    .filter(line => line.startsWith('│'))
    .map(line =>
      line
        .split('│')
        .slice(1, -1)
        .map(cell => cell.trim())
        .join(' | '),
    )

const FIRST = "model.add(Conv2D(512, (3,3), padding='same', activation='relu', input_shape=(256, 256, 3)))"
const script = (...lines: readonly string[]): string =>
  [
    'from keras.models import Sequential',
    'from keras.layers import *',
    'model = Sequential()',
    FIRST,
    ...lines,
    'model.summary()',
    '',
  ].join('\n')

describe('the summary that Keras prints', () => {
  // 3·3·3·512 + 512 = 14,336 params of 4 bytes: 56 KB.
  test('of one convolution, character by character', () => {
    expect(summaryOf(script())).toBe(`\
Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┓
┃ Layer (type)                         ┃ Output Shape                ┃         Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━┩
│ conv2d (Conv2D)                      │ (None, 256, 256, 512)       │          14,336 │
└──────────────────────────────────────┴─────────────────────────────┴─────────────────┘
 Total params: 14,336 (56.00 KB)
 Trainable params: 14,336 (56.00 KB)
 Non-trainable params: 0 (0.00 B)`)
  })

  test.each([
    [
      'a projection',
      ["model.add(Conv2D(512, (1,1), activation='relu'))"],
      ['conv2d_1 (Conv2D) | (None, 256, 256, 512) | 262,656'],
      '276,992 (1.06 MB)',
    ],
    [
      'a decrease',
      ["model.add(Conv2D(64, (1,1), activation='relu'))"],
      ['conv2d_1 (Conv2D) | (None, 256, 256, 64) | 32,832'],
      '47,168 (184.25 KB)',
    ],
    [
      'an increase',
      ["model.add(Conv2D(1024, (1,1), activation='relu'))"],
      ['conv2d_1 (Conv2D) | (None, 256, 256, 1024) | 525,312'],
      '539,648 (2.06 MB)',
    ],
    [
      'a 7×7 after the decrease',
      ['model.add(Conv2D(64, (1,1)))', "model.add(Conv2D(64, (7,7), padding='same'))"],
      ['conv2d_1 (Conv2D) | (None, 256, 256, 64) | 32,832', 'conv2d_2 (Conv2D) | (None, 256, 256, 64) | 200,768'],
      '247,936 (968.50 KB)',
    ],
    [
      'a 7×7 without it',
      ["model.add(Conv2D(64, (7,7), padding='same'))"],
      ['conv2d_1 (Conv2D) | (None, 256, 256, 64) | 1,605,696'],
      '1,620,032 (6.18 MB)',
    ],
  ])('of %s', (_, lines, rows, total) => {
    const summary = summaryOf(script(...lines))
    expect(rowsOf(summary)).toEqual(['conv2d (Conv2D) | (None, 256, 256, 512) | 14,336', ...rows])
    expect(summary).toContain(` Total params: ${total}\n`)
  })

  // 4·64 = 256, of which two statistics a channel are not trained.
  test('statistics of norms are params that are not trained', () => {
    const summary = summaryOf(script('model.add(Conv2D(64, 1))', 'model.add(BatchNormalization())'))
    expect(rowsOf(summary).slice(2)).toEqual([
      'batch_normalization | (None, 256, 256, 64) | 256',
      '(BatchNormalization) |  | ',
    ])
    expect(summary).toContain(
      ' Total params: 47,424 (185.25 KB)\n Trainable params: 47,296 (184.75 KB)\n Non-trainable params: 128 (512.00 B)',
    )
  })

  // Mean and variance of 3 channels in float32, and how many images there were in int64: 6·4 + 8 bytes.
  test('a Normalization stores a whole number of 64 bits', () => {
    const text = `
import keras
model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Normalization()])
`
    expect(summaryOf(text)).toContain(
      ' Total params: 7 (32.00 B)\n Trainable params: 0 (0.00 B)\n Non-trainable params: 7 (32.00 B)',
    )
  })

  const functional = (join: string): string => `
import keras
from keras import layers
inputs = keras.Input(shape=(32, 32, 3), name="img")
x = layers.Conv2D(16, 3, padding="same", name="a")(inputs)
y = layers.Conv2D(16, 1, name="b")(x)
z = ${join}
outputs = layers.Dense(10, name="fc")(layers.GlobalAveragePooling2D(name="gap")(z))
model = keras.Model(inputs, outputs, name="tiny")
`

  test('a functional model that branches says what is connected to what', () => {
    const summary = summaryOf(functional('layers.Add(name="sum")([x, y])'))
    expect(rowsOf(summary)).toEqual([
      'img (InputLayer) | (None, 32, 32, 3) | 0 | -',
      'a (Conv2D) | (None, 32, 32, 16) | 448 | img[0][0]',
      'b (Conv2D) | (None, 32, 32, 16) | 272 | a[0][0]',
      'sum (Add) | (None, 32, 32, 16) | 0 | a[0][0], b[0][0]',
      'gap (GlobalAveragePooling2D) | (None, 16) | 0 | sum[0][0]',
      'fc (Dense) | (None, 10) | 170 | gap[0][0]',
    ])
    expect(summary.split('\n')[0]).toBe('Model: "tiny"')
  })

  test('one that runs in a row does not, but has its input', () => {
    expect(rowsOf(summaryOf(functional('y')))).toEqual([
      'img (InputLayer) | (None, 32, 32, 3) | 0',
      'a (Conv2D) | (None, 32, 32, 16) | 448',
      'b (Conv2D) | (None, 32, 32, 16) | 272',
      'gap (GlobalAveragePooling2D) | (None, 16) | 0',
      'fc (Dense) | (None, 10) | 170',
    ])
  })

  test('layers stand by their distance to the output: an input of a late layer just before it', () => {
    const text = `
import keras
from keras import layers
a = keras.Input(shape=(8,), name="a")
b = keras.Input(shape=(4,), name="b")
x = layers.Dense(4, name="d1")(a)
x = layers.Dense(4, name="d2")(x)
out = layers.Add(name="sum")([x, b])
model = keras.Model([a, b], out)
`
    expect(rowsOf(summaryOf(text)).map(row => row.split(' (')[0])).toEqual(['a', 'd1', 'd2', 'b', 'sum'])
  })

  test('of a model saved as JSON, also with dots in the names of its layers', () => {
    const conv = (name: string, more: object) => ({
      class_name: 'SeparableConv2D',
      config: { name, filters: 8, kernel_size: 3, activation: 'relu', ...more },
    })
    const model = {
      class_name: 'Sequential',
      config: { name: 'saved', layers: [conv('stem.conv', { batch_input_shape: [null, 9, 9, 4] }), conv('stem', {})] },
    }
    const summary = summaryOf(JSON.stringify(model), 'model.json')
    // 9·4 + 4·8 + 8 and 9·8 + 8·8 + 8.
    expect(rowsOf(summary)).toEqual([
      'stem.conv (SeparableConv2D) | (None, 7, 7, 8) | 76',
      'stem (SeparableConv2D) | (None, 5, 5, 8) | 144',
    ])
    expect(summary.split('\n')[0]).toBe('Model: "saved"')
  })

  test('in a narrower terminal Keras takes what there is', () => {
    expect(summaryOf(script(), 'model.py', 76).split('\n')[1]).toBe(
      '┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓',
    )
  })

  test('other formats have one as well: PyTorch modules, the statistics of norms counted as Keras does', () => {
    const text = `
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, bias=False)
        self.bn = nn.BatchNorm2d(8)
    def forward(self, x):
        return self.bn(self.conv(x)).relu()
`
    const summary = summaryOf(text)
    expect(rowsOf(summary).map(row => row.replace(/\(None.*?\)/, 'shape'))).toEqual([
      'conv (Conv2d) | shape | 216',
      'bn (BatchNorm2d) | shape | 32',
    ])
    expect(summary).toContain(
      ' Total params: 248 (992.00 B)\n Trainable params: 232 (928.00 B)\n Non-trainable params: 16 (64.00 B)',
    )
  })
})

test('sizes in powers of 1024', () => {
  expect([0, 1023, 1024, 4 * 25636712, 2 ** 40].map(memoryText)).toEqual([
    '0.00 B',
    '1023.00 B',
    '1.00 KB',
    '97.80 MB',
    '1.00 TB',
  ])
})
