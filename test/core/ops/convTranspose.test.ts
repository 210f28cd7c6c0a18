import { expect, test } from 'vitest'
import type { TransposedConvolution } from '../../../src/core/ops/convTranspose'
import { pads } from '../../../src/core/window'
import { run } from './run'

const up = (
  inChannels: number,
  outChannels: number,
  kernel: number | number[],
  more: object = {},
): TransposedConvolution => {
  const k = typeof kernel === 'number' ? [kernel, kernel] : kernel
  const ones = k.map(() => 1)
  const base = { kernel: k, stride: ones, dilation: ones, padding: pads(0, k.length), outputPadding: k.map(() => 0) }
  return { ...base, inChannels, outChannels, groups: 1, bias: true, ...more }
}

// torch.nn.ConvTranspose2d's documentation: (H − 1) s − 2 p + d (k − 1) + output_padding + 1, and its examples.
test.each([
  ['ConvTranspose2d(16, 33, 3, stride=2)', up(16, 33, 3, { stride: [2, 2] }), 'N×16×50×100', 'N×33×101×201'],
  [
    '(3, 5), stride=(2, 1), padding=(4, 2)',
    up(16, 33, [3, 5], { stride: [2, 1], padding: pads([4, 2], 2) }),
    'N×16×50×100',
    'N×33×93×100',
  ],
  [
    'the inverse of Conv2d(16, 16, 3, stride=2, padding=1) on 12×12 needs output_padding 1',
    up(16, 16, 3, { stride: [2, 2], padding: pads(1, 2), outputPadding: [1, 1] }),
    'N×16×6×6',
    'N×16×12×12',
  ],
  ['dilation', up(4, 4, 3, { dilation: [2, 2] }), 'N×4×6×6', 'N×4×10×10'],
  ['doubling: kernel 2, stride 2', up(4, 2, 2, { stride: [2, 2] }), 'N×4×?×6', 'N×2×?×12'],
  ['same: H s', up(4, 2, 3, { stride: [2, 2], padding: 'same' }), 'N×4×7×6', 'N×2×14×12'],
])('%s', (_, attributes, input, out) => {
  expect(run('conv_transpose2d', attributes, input)).toMatchObject({ out, problems: [] })
})

test('weights are Cin × Cout/groups × k², MACs at every input position', () => {
  const attributes = up(8, 4, 3, { stride: [2, 2], groups: 2 })
  expect(run('conv_transpose2d', attributes, 'N×8×5×5')).toMatchObject({
    params: 8 * 2 * 9 + 4,
    macs: 8 * 2 * 9 * 25,
    otherOps: 4 * 11 * 11,
  })
})

test('one and three axes', () => {
  expect(run('conv_transpose1d', up(2, 3, [4], { stride: [2], padding: pads(1, 1) }), 'N×2×5').out).toBe('N×3×10')
  expect(run('conv_transpose3d', up(2, 3, [2, 2, 2], { stride: [2, 2, 2] }), 'N×2×3×4×5').out).toBe('N×3×6×8×10')
})

test('faults', () => {
  expect(run('conv_transpose2d', up(8, 4, 3), 'N×6×5×5').problems).toEqual([
    'it expects 8 input channels and gets 6: N×6×5×5 from the input x0.',
  ])
  expect(run('conv_transpose2d', up(8, 4, 3, { outputPadding: [-1, 0] }), 'N×8×5×5').problems).toEqual([
    'it expects output_padding to be a whole number from 0 and gets -1.',
  ])
  // Padding eats the whole output: no size can be told.
  expect(run('conv_transpose2d', up(8, 4, 1, { padding: pads(3, 2) }), 'N×8×5×5').out).toBe('N×4×?×?')
})
