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
