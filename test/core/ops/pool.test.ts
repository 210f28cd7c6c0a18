import { expect, test } from 'vitest'
import type { Pooling } from '../../../src/core/ops/pool'
import type { Rounding } from '../../../src/core/window'
import { pads } from '../../../src/core/window'
import { run } from './run'

const pool = (kernel: number, stride: number, padding = 0, rounding?: Rounding, more: object = {}): Pooling => ({
  kernel: [kernel, kernel],
  stride: [stride, stride],
  dilation: [1, 1],
  padding: pads(padding, 2),
  ...(rounding ? { rounding } : {}),
  ...more,
})

test.each([
  // torch.nn.MaxPool2d's documentation: MaxPool2d(3, stride=2) and MaxPool2d((3, 2), stride=(2, 1)) on 50×32.
  ['floor', pool(3, 2), 'N×16×50×32', 'N×16×24×15'],
  ['per axis', { ...pool(3, 2), kernel: [3, 2], stride: [2, 1] }, 'N×16×50×32', 'N×16×24×31'],
  ['ResNet: 3, stride 2, padding 1', pool(3, 2, 1), 'N×64×112×112', 'N×64×56×56'],
  // GoogLeNet in Caffe: pool1 3×3/2 on 112 gives 56 because pooling rounds up; torchvision writes ceil_mode.
  ['ceil', pool(3, 2, 0, 'ceilClip'), 'N×64×112×112', 'N×64×56×56'],
  // 2×2/2 with padding 1 on 3: ceil((3 + 2 − 2) / 2) + 1 = 3, but the third window would start at 4 ≥ 3 + 1.
  ['ceil drops a window that starts in the padding', pool(2, 2, 1, 'ceilClip'), 'N×1×3×3', 'N×1×2×2'],
  ['ceil without the clip keeps it', pool(2, 2, 1, 'ceil'), 'N×1×3×3', 'N×1×3×3'],
  ['ceil of a window larger than the input', pool(3, 2, 0, 'ceilClip'), 'N×1×2×2', 'N×1×1×1'],
  ['same', pool(3, 2, 0, undefined, { padding: 'same' }), 'N×8×7×8', 'N×8×4×4'],
  ['dilated', pool(3, 1, 0, undefined, { dilation: [2, 2] }), 'N×8×9×9', 'N×8×5×5'],
  // Darknet pads size − 1 in all: 2×2 with stride 1 keeps 13×13 (yolov3-tiny).
  [
    'padded at the end',
    pool(2, 1, 0, undefined, {
      padding: [
        [0, 1],
        [0, 1],
      ],
    }),
    'N×512×13×13',
    'N×512×13×13',
  ],
  ['channels last', pool(2, 2, 0, undefined, { channelsLast: true }), 'N×8×6×3', 'N×4×3×3'],
  ['nothing known', pool(2, 2), '?', '?'],
])('%s', (_, attributes, input, out) => {
  expect(run('max_pool2d', attributes, input)).toMatchObject({ out, problems: [], params: 0, macs: 0 })
})

test('k² operations an output', () => {
  expect(run('avg_pool2d', pool(3, 2, 1), 'N×64×112×112').otherOps).toBe(9 * 64 * 56 * 56)
})

test('one and three axes', () => {
  const one = { kernel: [3], stride: [2], dilation: [1], padding: pads(0, 1) }
  expect(run('max_pool1d', one, 'N×16×50').out).toBe('N×16×24')
  const three = { kernel: [3, 2, 2], stride: [2, 1, 2], dilation: [1, 1, 1], padding: pads(0, 3) }
  expect(run('avg_pool3d', three, 'N×16×50×44×31').out).toBe('N×16×24×43×15')
})

test.each([
  ['Kernel 3 is larger than the padded input 2: it gets N×1×2×2 from the input x0.', pool(3, 2), 'N×1×2×2'],
  ['it expects stride to be a whole number from 1 and gets 0.', pool(3, 0), 'N×1×8×8'],
  ['it expects 4 dimensions and gets 5: N×1×2×8×8 from the input x0.', pool(2, 2), 'N×1×2×8×8'],
])('%s', (message, attributes, input) => {
  expect(run('max_pool2d', attributes, input).problems).toEqual([message])
})
