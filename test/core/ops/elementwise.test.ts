import { describe, expect, test } from 'vitest'
import { run } from './run'

const add = (...inputs: string[]) => run('elementwise', { function: 'add' }, ...inputs)

describe('elementwise', () => {
  test.each([
    [['N×64×8×8', 'N×64×8×8'], 'N×64×8×8'],
    [['N×64×8×8', 'N×64×1×1'], 'N×64×8×8'],
    [['N×64×8×8', '64×1×1'], 'N×64×8×8'],
    [['N×64×8×8', 'scalar'], 'N×64×8×8'],
    [['N×1×8×8', 'N×64×1×8'], 'N×64×8×8'],
    // NumPy's broadcasting documentation: 8×1×6×1 with 7×1×5.
    [['8×1×6×1', '7×1×5'], '8×7×6×5'],
    [['N×64×?×8', 'N×64×8×8'], 'N×64×8×8'],
    [['N×64×8×8', '?'], '?'],
  ])('%o gives %s', (inputs, out) => {
    expect(add(...inputs)).toMatchObject({ out, problems: [] })
  })
  test('an operation an output and further input', () => {
    expect(add('N×8×4×4', 'N×8×4×4').otherOps).toBe(128)
    expect(add('N×8×4×4', 'N×8×4×4', 'N×8×4×4').otherOps).toBe(256)
  })
  test('what does not broadcast', () => {
    const { problems, out } = add('N×64×8×8', 'N×64×7×7')
    expect(problems).toEqual(['it: cannot add N×64×8×8 and N×64×7×7, they differ at dimension 2.'])
    expect(out).toBe('N×64×8×8')
  })
  test('learnable weights of the inputs', () => {
    expect(run('elementwise', { function: 'add', weights: 2 }, 'N×8×4×4', 'N×8×4×4').params).toBe(2)
  })
})

describe('activations', () => {
  test('keep the shape, an operation an element', () => {
    expect(run('activation', { function: 'relu' }, 'N×64×8×8')).toMatchObject({
      out: 'N×64×8×8',
      otherOps: 4096,
      params: 0,
    })
    expect(run('softmax', { axis: 1 }, 'N×1000')).toMatchObject({ out: 'N×1000', otherOps: 5000 })
    expect(run('dropout', { p: 0.5 }, 'N×1000')).toMatchObject({ out: 'N×1000', otherOps: 0 })
    expect(run('identity', {}, 'N×?')).toMatchObject({ out: 'N×?', otherOps: 0 })
  })
  test('PReLU has one slope or one a channel', () => {
    expect(run('prelu', { parameters: 1 }, 'N×64×8×8')).toMatchObject({ params: 1, problems: [] })
    expect(run('prelu', { parameters: 64 }, 'N×64×8×8')).toMatchObject({ params: 64, problems: [] })
    expect(run('prelu', { parameters: 32 }, 'N×64×8×8').problems).toEqual([
      'it expects 32 channels and gets 64: N×64×8×8 from the input x0.',
    ])
  })
  test('scale: a factor and a shift a channel (Caffe’s Scale)', () => {
    const scale = { channels: 64, axis: 1, scale: true, bias: true }
    expect(run('scale', scale, 'N×64×8×8')).toMatchObject({ params: 128, otherOps: 2 * 4096, problems: [] })
    expect(run('scale', scale, 'N×32×8×8').problems).toHaveLength(1)
  })
})

describe('interpolation', () => {
  test.each([
    [{ scale: [2, 2], mode: 'nearest' }, 'N×256×13×13', 'N×256×26×26'],
    [{ scale: [1.5, 1.5], mode: 'bilinear' }, 'N×8×5×5', 'N×8×7×7'],
    [{ scale: [0.5, 0.5], mode: 'nearest' }, 'N×8×5×5', 'N×8×2×2'],
    [{ size: [32, null], mode: 'nearest' }, 'N×8×5×5', 'N×8×32×?'],
    [{ scale: [2, 2], mode: 'nearest', channelsLast: true }, 'N×5×6×8', 'N×10×12×8'],
    [{ scale: [2], mode: 'linear' }, 'N×8×5', 'N×8×10'],
    [{ scale: [2, 2], mode: 'nearest' }, '?', '?'],
  ])('%o on %s', (attributes, input, out) => {
    expect(run('interpolate', attributes, input)).toMatchObject({ out, problems: [] })
  })
  test('nearest costs nothing, bilinear 4 operations an output', () => {
    expect(run('interpolate', { scale: [2, 2], mode: 'nearest' }, 'N×2×4×4').otherOps).toBe(0)
    expect(run('interpolate', { scale: [2, 2], mode: 'bilinear' }, 'N×2×4×4').otherOps).toBe(4 * 128)
  })
})
