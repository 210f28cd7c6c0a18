import { test } from 'vitest'
import { checkDiagnostics, checkHints } from '../../support/check'

/**
 * 3·16·3² + 2·16 = 464 params and 3·16·3²·32² = 442,368 MACs; 16·8 + 8 = 136 params and 16·8·16² = 32,768 MACs; the
 * head needs 1 · (3 + 5) = 8 channels.
 */
test('hints stand behind the headers', () => {
  checkHints(
    `# convlens: input=3x32x32
[net]
width=416
height=416
channels=3

[convolutional] # stem
^^^^^^^^^^^^^^^ N×16×32×32 · 464 params · 442k MACs
batch_normalize=1
filters=16
size=3
pad=1
activation=leaky

[maxpool]
^^^^^^^^^ N×16×16×16
size=2
stride=2

[convolutional]
^^^^^^^^^^^^^^^ N×8×16×16 · reduce · 136 params · 32.8k MACs
filters=8
size=1
activation=linear

[yolo]
mask=0
classes=3

[route]
^^^^^^^ N×24×16×16
layers=-3, -2`,
    { name: 'net.cfg', maximumLength: 60 },
  )
})

test('problems stand at the numbers', () => {
  checkDiagnostics(
    `[net]
width=32
height=32
channels=3

[convolutional]
filters=9
        ^ shape-mismatch: [yolo] 1 expects 3 + 5 = 8 channels and gets 9 from [convolutional] 0.
size=1
activation=linear

[yolo]
mask=0
classes=3

[route]
layers=-1, 4
           ^ dangling-reference: [route] 2 takes layer 4, but only layers 0 to 1 come before it.`,
    'net.cfg',
  )
})
