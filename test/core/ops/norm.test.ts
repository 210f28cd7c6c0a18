import { expect, test } from 'vitest'
import { run } from './run'

const channels = (count: number | null, more: object = {}) =>
  ({ channels: count, axis: 1, scale: true, shift: true, statistics: 'buffer', ...more }) as const

test('batch norm: 2C params, 2C buffers, 2 operations an element', () => {
  expect(run('batch_norm', channels(64), 'N×64×56×56')).toMatchObject({
    out: 'N×64×56×56',
    params: 128,
    buffers: 128,
    macs: 0,
    otherOps: 2 * 64 * 56 * 56,
    problems: [],
  })
})

test('Keras counts the statistics as params that are not trained; Caffe’s has no scale', () => {
  expect(run('batch_norm', channels(32, { axis: -1, statistics: 'frozen' }), 'N×8×8×32')).toMatchObject({
    params: 128,
    buffers: 0,
  })
  expect(run('batch_norm', channels(32, { scale: false, shift: false }), 'N×32×8×8')).toMatchObject({
    params: 0,
    buffers: 64,
  })
})

test('instance, group and layer norm: no statistics, 7 operations an element', () => {
  const none = { statistics: 'none' } as const
  expect(run('instance_norm', channels(8, none), 'N×8×4×4')).toMatchObject({
    params: 16,
    buffers: 0,
    otherOps: 7 * 128,
  })
  expect(run('group_norm', { ...channels(8, none), groups: 4 }, 'N×8×4×4')).toMatchObject({ params: 16, problems: [] })
  expect(run('layer_norm', { shape: [768], scale: true, shift: true }, 'N×197×768')).toMatchObject({
    out: 'N×197×768',
    params: 1536,
  })
  expect(run('layer_norm', { shape: [768], scale: true, shift: false, rms: true }, 'N×197×768').params).toBe(768)
  expect(run('local_response_norm', { size: 5 }, 'N×64×56×56')).toMatchObject({
    params: 0,
    otherOps: 8 * 64 * 56 * 56,
  })
})

test.each([
  ['batch_norm', channels(64), 'N×32×8×8', 'it expects 64 channels and gets 32: N×32×8×8 from the input x0.'],
  ['batch_norm', channels(0), 'N×32×8×8', 'it expects channels to be a whole number from 1 and gets 0.'],
  ['group_norm', { ...channels(10), groups: 4 }, 'N×10×8×8', 'it: groups 4 does not divide 10 channels.'],
  [
    'layer_norm',
    { shape: [64], scale: true, shift: true },
    'N×7×32',
    'it expects the last dimensions to be 64 and gets N×7×32 from the input x0.',
  ],
  ['local_response_norm', { size: 0 }, 'N×8×4×4', 'it expects size to be a whole number from 1 and gets 0.'],
] as const)('%s %o on %s', (op, attributes, input, message) => {
  const { problems, out } = run(op, attributes as never, input)
  expect(problems).toEqual([message])
  expect(out).toBe(input)
})

test('unknown channels are no fault', () => {
  expect(run('batch_norm', channels(64), 'N×?×8×8')).toMatchObject({ problems: [], otherOps: null })
  expect(run('batch_norm', channels(null), 'N×64×8×8')).toMatchObject({ problems: [], params: null })
  expect(run('layer_norm', { shape: [64], scale: true, shift: true }, '?').problems).toEqual([])
})
