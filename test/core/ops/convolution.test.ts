import { describe, expect, test } from 'vitest'
import type { Convolution } from '../../../src/core/ops/convolution'
import { pads } from '../../../src/core/window'
import { run } from './run'

const conv = (
  inChannels: number | null,
  outChannels: number | null,
  kernel: number | number[],
  more: object = {},
): Convolution => {
  const k = typeof kernel === 'number' ? [kernel, kernel] : kernel
  const ones = k.map(() => 1)
  return {
    inChannels,
    outChannels,
    kernel: k,
    stride: ones,
    dilation: ones,
    padding: pads(0, k.length),
    groups: 1,
    bias: true,
    ...more,
  }
}

// Shapes: the examples of torch.nn.Conv1d, Conv2d and Conv3d's documentation, and its formula worked by hand.
test.each([
  ['Conv2d(16, 33, 3, stride=2)', conv(16, 33, 3, { stride: [2, 2] }), 'N×16×50×100', 'N×33×24×49'],
  [
    'Conv2d(16, 33, (3, 5), stride=(2, 1), padding=(4, 2))',
    conv(16, 33, [3, 5], { stride: [2, 1], padding: pads([4, 2], 2) }),
    'N×16×50×100',
    'N×33×28×100',
  ],
  [
    'Conv2d(16, 33, (3, 5), stride=(2, 1), padding=(4, 2), dilation=(3, 1))',
    conv(16, 33, [3, 5], { stride: [2, 1], padding: pads([4, 2], 2), dilation: [3, 1] }),
    'N×16×50×100',
    'N×33×26×100',
  ],
  [
    'asymmetric padding',
    conv(3, 8, 3, {
      stride: [2, 2],
      padding: [
        [0, 1],
        [0, 1],
      ],
    }),
    'N×3×224×224',
    'N×8×112×112',
  ],
  ['same: ceil(H / s)', conv(3, 8, 3, { stride: [2, 2], padding: 'same' }), 'N×3×225×224', 'N×8×113×112'],
  ['channels last', conv(3, 8, 3, { channelsLast: true, padding: 'same' }), 'N×28×30×3', 'N×28×30×8'],
  ['no batch', conv(3, 8, 3), '3×10×10', '8×8×8'],
  ['the kernel just fits', conv(3, 8, 3), 'N×3×3×3', 'N×8×1×1'],
  ['unknown size, kept by padding', conv(3, 8, 3, { padding: pads(1, 2) }), 'N×3×?×20', 'N×8×?×20'],
  ['unknown size, not kept', conv(3, 8, 3), 'N×3×?×20', 'N×8×?×18'],
  ['unknown channels do not matter', conv(3, 8, 3), 'N×?×10×10', 'N×8×8×8'],
  ['nothing known', conv(3, 8, 3), '?', '?'],
])('%s: %s on %s', (_, attributes, input, out) => {
  expect(run('conv2d', attributes, input)).toMatchObject({ out, problems: [] })
})

test('one and three axes', () => {
  expect(run('conv1d', conv(16, 33, [3], { stride: [2] }), 'N×16×50').out).toBe('N×33×24')
  const attributes = conv(16, 33, [3, 5, 2], { stride: [2, 1, 1], padding: pads([4, 2, 0], 3) })
  expect(run('conv3d', attributes, 'N×16×10×50×100').out).toBe('N×33×8×50×99')
})

describe('cost', () => {
  test('Conv2d(3, 64, 7, stride=2, padding=3, bias=False) of ResNet: 9,408 params, 118,013,952 MACs', () => {
    const attributes = conv(3, 64, 7, { stride: [2, 2], padding: pads(3, 2), bias: false })
    expect(run('conv2d', attributes, 'N×3×224×224')).toMatchObject({ params: 9408, macs: 118_013_952, otherOps: 0 })
  })
  test('bias is a param and an operation an output, no MAC: Conv2d(3, 2, 3) on 224×224', () => {
    expect(run('conv2d', conv(3, 2, 3), 'N×3×224×224')).toMatchObject({
      params: 56,
      macs: 2_661_336,
      otherOps: 2 * 222 * 222,
    })
  })
  test('groups divide weights and MACs', () => {
    const grouped = run('conv2d', conv(128, 128, 3, { groups: 32, bias: false }), 'N×128×10×10')
    expect(grouped).toMatchObject({ params: 128 * 4 * 9, macs: 128 * 4 * 9 * 64 })
    const depthwise = run('conv2d', conv(32, 64, 3, { groups: 32, bias: false }), 'N×32×10×10')
    expect(depthwise).toMatchObject({ params: 64 * 9, macs: 64 * 9 * 64 })
  })
  test('the batch is not multiplied in, a fixed one neither as symbol nor as number of the file', () => {
    const one = run('conv2d', conv(3, 2, 3), 'N×3×8×8')
    expect(run('conv2d', conv(3, 2, 3), '1×3×8×8').macs).toBe(one.macs)
  })
  test('unknown sizes give unknown MACs, and known params stay known', () => {
    expect(run('conv2d', conv(3, 8, 3), 'N×3×?×10')).toMatchObject({ params: 224, macs: null, otherOps: null })
    expect(run('conv2d', conv(null, 8, 3), 'N×?×10×10')).toMatchObject({ params: null, macs: null })
  })
})

describe('what does not fit', () => {
  test.each([
    ['it expects 128 input channels and gets 256: N×256×28×28 from the input x0.', conv(128, 64, 1), 'N×256×28×28'],
    ['it: groups 3 does not divide 64 input channels.', conv(64, 33, 3, { groups: 3 }), 'N×64×9×9'],
    ['it: groups 4 does not divide 33 output channels.', conv(64, 33, 3, { groups: 4 }), 'N×64×9×9'],
    ['Kernel 7 is larger than the padded input 5: it gets N×3×5×9 from the input x0.', conv(3, 8, 7), 'N×3×5×9'],
    [
      'Kernel 5 is larger than the padded input 4: it gets N×3×4×4 from the input x0.',
      conv(3, 8, 3, { dilation: [2, 2] }),
      'N×3×4×4',
    ],
    ['it expects 4 dimensions and gets 2: N×512 from the input x0.', conv(512, 8, 3), 'N×512'],
    ['it expects kernel to be a whole number from 1 and gets 0.', conv(3, 8, 0), 'N×3×8×8'],
    ['it expects stride to be a whole number from 1 and gets -1.', conv(3, 8, 3, { stride: [-1, 1] }), 'N×3×8×8'],
    ['it expects padding to be a whole number from 0 and gets -1.', conv(3, 8, 3, { padding: pads(-1, 2) }), 'N×3×8×8'],
    ['it expects groups to be a whole number from 1 and gets 0.', conv(3, 8, 3, { groups: 0 }), 'N×3×8×8'],
    ['it expects out_channels to be a whole number from 1 and gets 0.5.', conv(3, 0.5, 3), 'N×3×8×8'],
    ['it expects out_channels to be a whole number from 1 and gets NaN.', conv(3, Number.NaN, 3), 'N×3×8×8'],
    ['it expects out_channels to be at most 2147483647 and gets 10000000000.', conv(3, 1e10, 3), 'N×3×8×8'],
  ])('%s', (message, attributes, input) => {
    expect(run('conv2d', attributes, input).problems).toEqual([message])
  })
  test('the declared output goes on after wrong channels', () => {
    expect(run('conv2d', conv(128, 64, 1), 'N×256×28×28').out).toBe('N×64×28×28')
  })
  test('a count beyond the safe integers is unknown, not rounded', () => {
    expect(run('conv2d', conv(2 ** 30, 2 ** 30, 3), `N×${2 ** 30}×1000×1000`)).toMatchObject({
      macs: null,
      problems: [],
    })
  })
})
