import { expect, test } from 'vitest'
import { boxTable } from '../../src/features/boxTable'

const COLUMNS = [
  { title: 'Layer (type)', until: 0.45 },
  { title: 'Output Shape', until: 0.8 },
  { title: 'Param #', until: 1, right: true },
]
const ROWS = [
  ['conv2d (Conv2D)', '(None, 256, 256, 512)', '14,336'],
  ['batch_normalization (BatchNormalization)', '(None, 256, 256, 64)', '256'],
  ['a_very_long_layer_name_that_does_not_fit_at_all (Conv2D)', '(None)', '1,234,567,890,123,456'],
]

// What rich 13.7 prints for a Table of these columns and rows with show_lines=True, 88 and 76 characters wide.
test('three columns are as wide, and break lines, as those of rich', () => {
  expect(boxTable(COLUMNS, ROWS, 88).join('\n')).toBe(`\
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┓
┃ Layer (type)                         ┃ Output Shape                ┃         Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━┩
│ conv2d (Conv2D)                      │ (None, 256, 256, 512)       │          14,336 │
├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
│ batch_normalization                  │ (None, 256, 256, 64)        │             256 │
│ (BatchNormalization)                 │                             │                 │
├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
│ a_very_long_layer_name_that_does_no… │ (None)                      │ 1,234,567,890,… │
│ (Conv2D)                             │                             │                 │
└──────────────────────────────────────┴─────────────────────────────┴─────────────────┘`)
  expect(boxTable(COLUMNS, ROWS, 76).join('\n')).toBe(`\
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ conv2d (Conv2D)                 │ (None, 256, 256, 512)  │        14,336 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ batch_normalization             │ (None, 256, 256, 64)   │           256 │
│ (BatchNormalization)            │                        │               │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ a_very_long_layer_name_that_do… │ (None)                 │ 1,234,567,89… │
│ (Conv2D)                        │                        │               │
└─────────────────────────────────┴────────────────────────┴───────────────┘`)
})

test('so are four', () => {
  const columns = [
    { title: 'Layer (type)', until: 0.3 },
    { title: 'Output Shape', until: 0.56 },
    { title: 'Param #', until: 0.74, right: true },
    { title: 'Connected to', until: 1 },
  ]
  const rows = ROWS.slice(0, 2).map(row => [...row, 'conv2d[0][0], global_average_pooling2d[0][0], x[0][0]'])
  expect(boxTable(columns, rows, 108).join('\n')).toBe(`\
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
┃ Layer (type)                  ┃ Output Shape              ┃         Param # ┃ Connected to               ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
│ conv2d (Conv2D)               │ (None, 256, 256, 512)     │          14,336 │ conv2d[0][0],              │
│                               │                           │                 │ global_average_pooling2d[… │
│                               │                           │                 │ x[0][0]                    │
├───────────────────────────────┼───────────────────────────┼─────────────────┼────────────────────────────┤
│ batch_normalization           │ (None, 256, 256, 64)      │             256 │ conv2d[0][0],              │
│ (BatchNormalization)          │                           │                 │ global_average_pooling2d[… │
│                               │                           │                 │ x[0][0]                    │
└───────────────────────────────┴───────────────────────────┴─────────────────┴────────────────────────────┘`)
  expect(boxTable(columns, rows, 76)[3]).toBe(
    '│ conv2d (Conv2D)     │ (None, 256, 256,  │     14,336 │ conv2d[0][0],     │',
  )
})
