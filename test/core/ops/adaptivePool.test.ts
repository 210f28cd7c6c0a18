import { expect, test } from 'vitest'
import { run } from './run'

test.each([
  // torch.nn.AdaptiveAvgPool2d's documentation: (5, 7) on 8×9, 7 on 10×9, (None, 7) on 10×9.
  [{ size: [5, 7] }, 'N×64×8×9', 'N×64×5×7'],
  [{ size: [7, 7] }, 'N×64×10×9', 'N×64×7×7'],
  [{ size: [null, 7] }, 'N×64×10×9', 'N×64×10×7'],
  [{ size: [1, 1] }, 'N×2048×?×?', 'N×2048×1×1'],
  [{ size: [1, 1], channelsLast: true, squeeze: true }, 'N×7×7×2048', 'N×2048'],
  [{ size: [1] }, 'N×16×50', 'N×16×1'],
  [{ size: [1, 1] }, '?', '?'],
])('%o on %s', (attributes, input, out) => {
  expect(run('adaptive_avg_pool', attributes, input)).toMatchObject({ out, problems: [], macs: 0 })
})

test('an operation an input element', () => {
  expect(run('adaptive_max_pool', { size: [1, 1] }, 'N×2048×7×7').otherOps).toBe(2048 * 49)
  expect(run('adaptive_max_pool', { size: [1, 1] }, 'N×2048×7×?').otherOps).toBeNull()
})

test('faults', () => {
  expect(run('adaptive_avg_pool', { size: [0, 1] }, 'N×8×7×7').problems).toEqual([
    'it expects size to be a whole number from 1 and gets 0.',
  ])
  expect(run('adaptive_avg_pool', { size: [1, 1] }, 'N×8').problems).toEqual([
    'it expects 4 dimensions and gets 2: N×8 from the input x0.',
  ])
})
