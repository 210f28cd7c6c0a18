import { describe, expect, test } from 'vitest'
import { run } from './run'

const linear = (inFeatures: number | null, outFeatures: number, bias = true) => ({ inFeatures, outFeatures, bias })

test.each([
  // torch.nn.Linear's documentation: Linear(20, 30) on a batch of rows.
  [linear(20, 30), 'N×20', 'N×30', 630, 600],
  [linear(2048, 1000), 'N×2048', 'N×1000', 2_049_000, 2_048_000],
  // A sequence: in · out at every position.
  [linear(768, 3072), 'N×197×768', 'N×197×3072', 768 * 3072 + 3072, 197 * 768 * 3072],
  [linear(8, 4, false), '8', '4', 32, 32],
])('%o on %s', (attributes, input, out, params, macs) => {
  expect(run('linear', attributes, input)).toMatchObject({ out, params, macs, problems: [] })
})

test('a bias is an operation an output; an unknown position makes the MACs unknown', () => {
  expect(run('linear', linear(2048, 1000), 'N×2048').otherOps).toBe(1000)
  expect(run('linear', linear(8, 4), 'N×?×8').macs).toBeNull()
})

describe('faults', () => {
  test('with the sentence on flattening where that would help', () => {
    expect(run('linear', linear(2048 * 49, 10), 'N×2048×7×7').problems).toEqual([
      'it expects 100352 input features and gets 7, the last of N×2048×7×7 from the input x0. Flatten it first?',
    ])
    expect(run('linear', linear(2048, 10), 'N×2048×7×7').problems).toEqual([
      'it expects 2048 input features and gets 7, the last of N×2048×7×7 from the input x0. Flattened it would be 100352.',
    ])
  })
  test('a plain one', () => {
    const { problems, out } = run('linear', linear(512, 10), 'N×2048')
    expect(problems).toEqual(['it expects 512 input features and gets 2048: N×2048 from the input x0.'])
    expect(out).toBe('N×10')
  })
  test('sizes that no layer has', () => {
    expect(run('linear', linear(512, -1), 'N×512').problems).toEqual([
      'it expects out_features to be a whole number from 1 and gets -1.',
    ])
  })
})

test('matrix products: the inner size for every output', () => {
  // torch.matmul's documentation: vector × vector, matrix × vector, batched × broadcast vector and matrix.
  const product = (a: string, b: string) => run('matmul', {}, a, b)
  expect(product('3', '3')).toMatchObject({ out: 'scalar', macs: 3 })
  expect(product('3×4', '4')).toMatchObject({ out: '3', macs: 12 })
  expect(product('10×3×4', '4')).toMatchObject({ out: '10×3' })
  expect(product('10×3×4', '10×4×5')).toMatchObject({ out: '10×3×5' })
  expect(product('10×3×4', '4×5')).toMatchObject({ out: '10×3×5' })
  // Attention of ViT-B/16 on 197 tokens, 12 heads of 64: 29.8M MACs.
  expect(product('N×12×197×64', 'N×12×64×197')).toMatchObject({ out: 'N×12×197×197', macs: 12 * 197 * 197 * 64 })
  expect(product('N×3×4', 'N×5×6').problems).toEqual([
    'it: cannot multiply N×3×4 from the input x0 by N×5×6 from the input x1: 4 columns, 5 rows.',
  ])
  expect(product('N×3×?', 'N×4×5')).toMatchObject({ out: 'N×3×5' })
  expect(product('?', 'N×5×6')).toMatchObject({ out: '?', macs: null })
})

test('locally connected layers have weights for every position (darknet src/local_layer.c)', () => {
  const window = {
    kernel: [3, 3],
    stride: [1, 1],
    dilation: [1, 1],
    padding: [
      [1, 1],
      [1, 1],
    ] as const,
  }
  const attributes = { ...window, inChannels: 4, outChannels: 2, groups: 1, bias: true, positions: 49 }
  expect(run('local_conv2d', attributes, 'N×4×7×7')).toMatchObject({
    out: 'N×2×7×7',
    params: 49 * 9 * 4 * 2 + 49 * 2,
    macs: 49 * 9 * 4 * 2,
  })
  expect(run('local_conv2d', { ...attributes, positions: null }, '?')).toMatchObject({
    out: '?',
    params: null,
    macs: null,
  })
})

test('embeddings look up rows: no MACs', () => {
  expect(run('embedding', { count: 1000, features: 16 }, 'N×20')).toMatchObject({
    out: 'N×20×16',
    params: 16000,
    macs: 0,
  })
  expect(run('parameter', { shape: [1, 197, 768], kind: 'trainable' })).toMatchObject({
    out: '1×197×768',
    params: 197 * 768,
  })
  expect(run('parameter', { shape: [5], kind: 'buffer' })).toMatchObject({ params: 0, buffers: 5 })
  expect(run('constant', { shape: [2, 3] })).toMatchObject({ out: '2×3', params: 0, macs: 0, otherOps: 0 })
})

describe('einsum', () => {
  const einsum = (text: string, ...inputs: string[]) => {
    const [left, right] = text.split('->')
    const labels = (term: string): string[] => term.match(/\.\.\.|\w/g) ?? []
    return run('einsum', { operands: left!.split(',').map(labels), output: labels(right!) }, ...inputs)
  }
  test.each([
    ['bij,bjk->bik', ['N×3×4', 'N×4×5'], 'N×3×5', 3 * 4 * 5],
    ['bhid,bhjd->bhij', ['N×2×7×8', 'N×2×9×8'], 'N×2×7×9', 2 * 7 * 9 * 8],
    ['...ij,...jk->...ik', ['N×2×3×4', '2×4×5'], 'N×2×3×5', 2 * 3 * 4 * 5],
    // No label is summed: an elementwise product.
    ['i,j->ij', ['4', '5'], '4×5', 0],
    ['bij->bji', ['N×3×4'], 'N×4×3', 0],
    // k is summed before the product.
    ['ij,jk->i', ['3×4', '4×5'], '3', 3 * 4],
    // From left to right: i·j·k, then i·k·l.
    ['ij,jk,kl->il', ['2×3', '3×4', '4×5'], '2×5', 2 * 3 * 4 + 2 * 4 * 5],
  ] as const)('%s of %s', (text, inputs, out, macs) => {
    expect(einsum(text, ...inputs)).toMatchObject({ out, macs, problems: [] })
  })
  test('sizes that differ and wrong ranks are faults', () => {
    expect(einsum('ij,jk->ik', '3×4', '5×6').problems).toHaveLength(1)
    expect(einsum('ij->ji', '3×4×5').problems).toHaveLength(1)
  })
})

test('computed shapes cost what they say, views nothing', () => {
  expect(run('compute', { function: 'roll', shapes: [[2, 3]] }, '2×3')).toMatchObject({
    out: '2×3',
    macs: 0,
    otherOps: 0,
  })
  expect(
    run(
      'compute',
      {
        function: 'topk',
        shapes: [
          [2, 3],
          [2, 3],
        ],
        operations: 4,
      },
      '2×9',
    ),
  ).toMatchObject({
    out: '2×3 2×3',
    otherOps: 24,
  })
  expect(run('view', { function: 'expand', shape: [5, 3] }, '1×3')).toMatchObject({ out: '5×3', otherOps: 0 })
})

test('maps that are folded into the batch are convolved each', () => {
  const attributes = { inChannels: 8, outChannels: 4, kernel: [3, 3], stride: [1, 1], dilation: [1, 1], groups: 1 }
  const conv = {
    ...attributes,
    padding: [
      [1, 1],
      [1, 1],
    ] as [number, number][],
    bias: false,
  }
  expect(run('conv2d', conv, '6N×8×5×5').macs).toBe(6 * 9 * 8 * 4 * 25)
  expect(run('conv2d', conv, '6×8×5×5').macs).toBe(9 * 8 * 4 * 25)
})
