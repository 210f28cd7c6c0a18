import { describe, expect, test } from 'vitest'
import { run } from './run'

describe('concat', () => {
  test.each([
    [1, ['N×64×28×28', 'N×128×28×28', 'N×32×28×28'], 'N×224×28×28'],
    [-1, ['N×7×3', 'N×7×2'], 'N×7×5'],
    [0, ['N×3', 'N×3'], '2N×3'],
    [1, ['N×64×?×28', 'N×64×28×28'], 'N×128×28×28'],
    [1, ['N×?×28×28', 'N×64×28×28'], 'N×?×28×28'],
    [1, ['N×64×28×28', '?'], 'N×?×28×28'],
    [1, ['?', '?'], '?'],
  ])('axis %i of %o', (axis, inputs, out) => {
    expect(run('concat', { axis }, ...inputs)).toMatchObject({ out, problems: [], otherOps: 0 })
  })
  test('sizes that differ beside it', () => {
    const { problems, out } = run('concat', { axis: 1 }, 'N×8×28×28', 'N×8×14×14')
    expect(problems).toEqual([
      'it: cat along 1: sizes differ beside it, 28×28 and 14×14: N×8×28×28 from the input x0, N×8×14×14 from the input x1.',
    ])
    expect(out).toBe('N×16×28×28')
  })
  test('an axis outside, ranks that differ', () => {
    expect(run('concat', { axis: 4 }, 'N×8×2×2', 'N×8×2×2').problems).toEqual([
      'it: axis 4 lies outside the 4 dimensions of N×8×2×2.',
    ])
    expect(run('concat', { axis: 1 }, 'N×8×2×2', 'N×8').problems).toEqual(['it: the inputs have 4 and 2 dimensions.'])
  })
})

describe('split', () => {
  test.each([
    [{ axis: 1, chunks: 2 }, 'N×64×8×8', 'N×32×8×8 N×32×8×8'],
    // torch.chunk's documentation: 11 in 6 chunks gives five of 2 and one of 1; 12 in 6 six of 2; 13 in 6 five, the last of 1.
    [{ axis: 0, chunks: 6 }, '11', '2 2 2 2 2 1'],
    [{ axis: 0, chunks: 6 }, '13', '3 3 3 3 1'],
    [{ axis: -1, each: 4 }, 'N×10', 'N×4 N×4 N×2'],
    [{ axis: 1, sizes: [16, 48] }, 'N×64×8×8', 'N×16×8×8 N×48×8×8'],
    [{ axis: 1, chunks: 2 }, 'N×?×8×8', 'N×?×8×8 N×?×8×8'],
    [{ axis: 1, sizes: [16, 48] }, '?', '? ?'],
  ])('%o of %s', (attributes, input, out) => {
    expect(run('split', attributes, input)).toMatchObject({ out, problems: [] })
  })
  test('sizes that do not add up', () => {
    expect(run('split', { axis: 1, sizes: [16, 16] }, 'N×64×8').problems).toEqual([
      'it: sizes 16, 16 add up to 32, and dimension 1 is 64: N×64×8 from the input x0.',
    ])
  })
})

describe('slice and select, as Python slices', () => {
  test.each([
    [{ axis: 1, start: 0, end: 32 }, 'N×64×8', 'N×32×8'],
    [{ axis: 1, start: 32, end: null }, 'N×64×8', 'N×32×8'],
    [{ axis: 1, start: -8, end: null }, 'N×64×8', 'N×8×8'],
    [{ axis: -1, start: 0, end: -1 }, 'N×64×8', 'N×64×7'],
    [{ axis: 2, start: 0, end: null, step: 2 }, 'N×64×7', 'N×64×4'],
    [{ axis: 2, start: 1, end: null, step: 2 }, 'N×64×7', 'N×64×3'],
    [{ axis: 1, start: 100, end: 200 }, 'N×64×8', 'N×0×8'],
    [{ axis: 1, start: 5, end: 2 }, 'N×64×8', 'N×0×8'],
    [{ axis: 0, start: 0, end: null }, 'N×64×8', 'N×64×8'],
    [{ axis: 0, start: 1, end: null }, 'N×64×8', '?×64×8'],
  ])('%o of %s', (attributes, input, out) => {
    expect(run('slice', attributes, input).out).toBe(out)
  })
  test('one position drops the axis', () => {
    expect(run('select', { axis: 1, index: 0 }, 'N×197×768').out).toBe('N×768')
  })
})

describe('flatten and reshape', () => {
  test.each([
    [{ start: 1, end: -1 }, 'N×512×7×7', 'N×25088'],
    [{ start: 0, end: -1 }, 'N×3×2', '6N'],
    [{ start: 2, end: 3 }, 'N×64×8×8', 'N×64×64'],
    [{ start: 1, end: -1 }, 'N×512×7×?', 'N×?'],
    [{ start: 1, end: -1 }, 'N×512', 'N×512'],
    [{ start: 0, end: -1 }, 'scalar', '1'],
  ])('flatten %o of %s', (attributes, input, out) => {
    expect(run('flatten', attributes, input)).toMatchObject({ out, otherOps: 0 })
  })
  test.each([
    [[-1, 10], '4×5', '2×10'],
    [[4, -1], '2×6', '4×3'],
    [[5, 4], '4×5', '5×4'],
    [[-1, 25088], 'N×512×7×7', 'N×25088'],
    [[-1, 4], '?', '?×4'],
    [[-1, 4], 'N×?', '?×4'],
  ])('reshape to %o of %s', (shape, input, out) => {
    expect(run('reshape', { shape }, input)).toMatchObject({ out, problems: [] })
  })
  test.each([
    [[3, 7], '4×5', 'it: 3×7 cannot hold 20 elements: 4×5 from the input x0.'],
    [[-1, 3], '4×5', 'it: −1×3 cannot hold 20 elements: 4×5 from the input x0.'],
  ])('reshape to %o of %s', (shape, input, message) => {
    expect(run('reshape', { shape }, input).problems).toEqual([message])
  })
})

describe('axes', () => {
  test('permute', () => {
    expect(run('permute', { order: [0, 2, 3, 1] }, 'N×3×8×9').out).toBe('N×8×9×3')
    expect(run('permute', { order: [0, -1, 1] }, 'N×3×8').out).toBe('N×8×3')
    expect(run('permute', { order: [0, 1] }, 'N×3×8').problems).toEqual([
      'it expects an order of 3 dimensions and gets 0, 1: N×3×8 from the input x0.',
    ])
    expect(run('permute', { order: [0, 1, 1] }, 'N×3×8').problems).toHaveLength(1)
  })
  test('squeeze and unsqueeze', () => {
    expect(run('squeeze', {}, 'N×512×1×1').out).toBe('N×512')
    expect(run('squeeze', { axes: [2] }, 'N×512×1×1').out).toBe('N×512×1')
    expect(run('squeeze', { axes: [1] }, 'N×512×1×1').out).toBe('N×512×1×1')
    expect(run('unsqueeze', { axis: 1 }, 'N×512').out).toBe('N×1×512')
    expect(run('unsqueeze', { axis: -1 }, 'N×512').out).toBe('N×512×1')
  })
  test('pixel shuffle (torch.nn.PixelShuffle: 1×9×4×4 by 3 gives 1×1×12×12) and its inverse', () => {
    expect(run('pixel_shuffle', { factor: 3 }, '1×9×4×4').out).toBe('1×1×12×12')
    expect(run('pixel_shuffle', { factor: 3, down: true }, '1×1×12×12').out).toBe('1×9×4×4')
    expect(run('pixel_shuffle', { factor: 2 }, 'N×6×4×4').problems).toEqual([
      'it expects a multiple of 4 and gets 6: N×6×4×4 from the input x0.',
    ])
  })
  test('reorg (YOLOv2: 64 channels of 26×26 become 256 of 13×13)', () => {
    expect(run('reorg', { stride: 2 }, 'N×64×26×26').out).toBe('N×256×13×13')
    expect(run('reorg', { stride: 2, reverse: true }, 'N×256×13×13').out).toBe('N×64×26×26')
    // Whole-number division, as in darknet src/reorg_layer.c.
    expect(run('reorg', { stride: 2 }, 'N×64×13×13').out).toBe('N×256×6×6')
  })
})

describe('pad and reduce', () => {
  test.each([
    [
      [
        [1, 2],
        [3, 4],
      ] as const,
      'N×3×8×8',
      'N×3×11×15',
    ],
    [[[0, 1]] as const, 'N×7', 'N×8'],
    [[[-1, -1]] as const, 'N×7', 'N×5'],
    [[[-4, -4]] as const, 'N×7', 'N×?'],
    [[[1, 1]] as const, 'N×?', 'N×?'],
    [
      [
        [0, 0],
        [1, 1],
      ] as const,
      'N×7',
      'N×9',
    ],
  ])('pad %o of %s', (pads, input, out) => {
    expect(run('pad', { pads }, input)).toMatchObject({ out, problems: [] })
  })
  test.each([
    [{ axes: [2, 3] }, 'N×512×7×7', 'N×512'],
    [{ axes: [-2, -1], keep: true }, 'N×512×7×7', 'N×512×1×1'],
    [{}, 'N×512×7×7', 'scalar'],
    [{ axes: [1] }, '?', '?'],
    [{ axes: [5] }, 'N×5', '?'],
  ])('reduce %o of %s', (attributes, input, out) => {
    expect(run('reduce', { function: 'mean', ...attributes }, input).out).toBe(out)
  })
  test('an operation an input element', () => {
    expect(run('reduce', { function: 'mean', axes: [2, 3] }, 'N×512×7×7').otherOps).toBe(512 * 49)
  })
})
