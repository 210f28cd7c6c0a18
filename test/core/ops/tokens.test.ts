import { describe, expect, test } from 'vitest'
import { run } from './run'

// Attention, recurrent layers and bilinear forms; counts by hand, shapes as PyTorch's documentation gives them.
describe('attention', () => {
  test.each([
    // Heads on an axis of their own (scaled_dot_product_attention): L · S · (d + dv) a head.
    [{}, ['N×8×50×64', 'N×8×70×64', 'N×8×70×32'], 'N×8×50×32', 8 * 50 * 70 * 96],
    // The same features uncut: as many products.
    [{ heads: 8 }, ['N×50×512', 'N×70×512', 'N×70×256'], 'N×50×256', 50 * 70 * 768],
    [{ tokens: 0, weights: 'mean' }, ['50×N×8', '70×N×8', '70×N×8'], '50×N×8 N×50×70', 50 * 70 * 16],
    [{ heads: 2, extra: 2, weights: 'heads' }, ['N×5×8', 'N×7×8', 'N×7×8'], 'N×5×8 N×2×5×9', 5 * 9 * 16],
    [{}, ['N×1×5×8', 'N×4×7×8', 'N×4×7×8'], 'N×4×5×8', 4 * 5 * 7 * 16],
  ] as const)('%o on %s', (attributes, inputs, out, macs) => {
    expect(run('attention', attributes, ...inputs)).toMatchObject({ out, macs, params: 0, problems: [] })
  })
  test('tokens that are not known make the MACs unknown', () => {
    expect(run('attention', {}, 'N×?×8', 'N×7×8', 'N×7×8').macs).toBeNull()
    expect(run('attention', {}, '?', 'N×7×8', 'N×7×8')).toMatchObject({ out: '?', macs: null, problems: [] })
  })
  test('faults: other features, other numbers of keys and values', () => {
    expect(run('attention', {}, 'N×5×8', 'N×7×6', 'N×7×8').problems[0]).toContain('the features of queries and keys')
    expect(run('attention', {}, 'N×5×8', 'N×7×8', 'N×6×8').problems[0]).toContain('the numbers of keys and values')
  })
})

describe('recurrent layers', () => {
  const cell = { inputSize: 10, hiddenSize: 20, layers: 1, bias: true } as const
  test.each([
    // torch.nn.LSTM's documentation: LSTM(10, 20, 2) on 5×3×10.
    [{ ...cell, cell: 'lstm', layers: 2 }, '5×3×10', '5×3×20 2×3×20 2×3×20', 80 * (10 + 20 + 2 + 20 + 20 + 2)],
    [{ ...cell, cell: 'gru', bidirectional: true }, '5×3×10', '5×3×40 2×3×20', 2 * 60 * (10 + 20 + 2)],
    [{ ...cell, cell: 'rnn', bias: false, batchFirst: true }, 'N×5×10', 'N×5×20 1×N×20', 20 * 30],
    [{ ...cell, cell: 'lstm', projection: 4 }, '5×N×10', '5×N×4 1×N×4 1×N×20', 80 * (10 + 4 + 2) + 80],
    [{ ...cell, cell: 'lstm', step: true }, 'N×10', 'N×20 N×20', 80 * 32],
    [{ ...cell, cell: 'gru' }, '5×10', '5×20 1×20', 60 * 32],
  ] as const)('%o on %s', (attributes, input, out, params) => {
    expect(run('recurrent', attributes, input)).toMatchObject({ out, params, problems: [] })
  })
  test('every matrix is used once a step', () => {
    expect(run('recurrent', { ...cell, cell: 'lstm' }, '5×N×10').macs).toBe(5 * 80 * 30)
    expect(run('recurrent', { ...cell, cell: 'lstm' }, '?×N×10').macs).toBeNull()
  })
  test('faults', () => {
    expect(run('recurrent', { ...cell, cell: 'gru' }, '5×N×9').problems).toEqual([
      'it expects 10 input features and gets 9: 5×N×9 from the input x0.',
    ])
    expect(run('recurrent', { ...cell, cell: 'gru' }, 'N×3×5×10').problems).toHaveLength(1)
  })
})

test('bilinear forms', () => {
  const attributes = { in1Features: 20, in2Features: 30, outFeatures: 40, bias: true }
  // torch.nn.Bilinear's documentation: Bilinear(20, 30, 40) on 128×20 and 128×30.
  expect(run('bilinear', attributes, 'N×20', 'N×30')).toMatchObject({
    out: 'N×40',
    params: 24_040,
    macs: 24_000,
    problems: [],
  })
  expect(run('bilinear', attributes, 'N×20', 'N×31').problems).toEqual([
    'it expects 30 features in its input 2 and gets 31: N×31 from the input x1.',
  ])
})

describe('windows as columns, and back', () => {
  const window = (k: number, s: number, p = 0) => ({
    kernel: [k, k],
    stride: [s, s],
    dilation: [1, 1],
    padding: [
      [p, p],
      [p, p],
    ] as const,
  })
  test.each([
    // torch.nn.Unfold's documentation: 2×3 windows of 2×5×3×4 give 2×30×4; here square ones.
    ['unfold', window(3, 1), 'N×5×5×6', 'N×45×12'],
    ['unfold', window(2, 2), '5×4×6', '20×6'],
    ['unfold', window(3, 2, 1), 'N×4×8×8', 'N×36×16'],
    ['fold', { ...window(2, 2), size: [4, 6] }, 'N×20×6', 'N×5×4×6'],
    ['fold', { ...window(3, 1), size: [5, 6] }, 'N×45×12', 'N×5×5×6'],
  ] as const)('%s %o on %s', (op, attributes, input, out) => {
    expect(run(op, attributes as never, input)).toMatchObject({ out, macs: 0, params: 0, problems: [] })
  })
})

test('a table for bags of indices: one row a bag', () => {
  const table = { count: 10, features: 4, bag: true }
  expect(run('embedding', table, 'N×7').out).toBe('N×4')
  expect(run('embedding', table, '12', '3').out).toBe('3×4')
  expect(run('embedding', { count: 10, features: 4 }, 'N×7').out).toBe('N×7×4')
})

test('one half gates the other', () => {
  expect(run('activation', { function: 'glu', halves: 1 }, 'N×8×4×4').out).toBe('N×4×4×4')
  expect(run('activation', { function: 'glu', halves: -1 }, 'N×7').problems).toEqual([
    'it expects an even size and gets 7: N×7 from the input x0.',
  ])
})
