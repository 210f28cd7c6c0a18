/** What the annotator of 2018 counted wrongly, each against a number that follows from Caffe's source by hand. */
import { describe, expect, test } from 'vitest'
import { totals } from '../../../src/core/cost'
import { input, layer, messages, openNet, sizesOf } from './open'

const image = input('x', 10, 6, 8, 8)
const conv = (fields: string): string => `convolution_param { ${fields} }`

describe('element-wise operations', () => {
  test.each([
    ['PROD', 1],
    ['SUM', 1],
    ['MAX', 1],
  ])('%s costs one operation an element and bottom beyond the first, and no MACs', operation => {
    const opened = openNet(image + layer('y', 'Eltwise', 'x x x', `eltwise_param { operation: ${operation} }`))
    expect([opened.totals.otherOps, opened.totals.macs, opened.totals.params]).toEqual([2 * 6 * 8 * 8, 0, 0])
  })

  test('channels, sizes and rank must agree: nothing is stretched', () => {
    const narrow = openNet(image + input('z', 10, 1, 8, 8) + layer('y', 'Eltwise', 'x z'))
    expect(messages(narrow)).toEqual(['shape-mismatch: y: cannot add N×6×8×8 from x and N×1×8×8 from z.'])
    expect(sizesOf(narrow.layer('y'))).toEqual(['N', 6, 8, 8])
    const small = openNet(image + input('z', 10, 6, 7, 8) + layer('y', 'Eltwise', 'x z'))
    expect(messages(small)).toHaveLength(1)
  })

  test('factors of a sum are one a bottom, and none are learned', () => {
    const fields = 'eltwise_param { operation: SUM coeff: 1 coeff: -1 }'
    const two = openNet(image + layer('y', 'Eltwise', 'x x', fields))
    expect([messages(two), two.totals.params]).toEqual([[], 0])
    expect(messages(openNet(image + layer('y', 'Eltwise', 'x x x', fields)))).toEqual([
      'bad-argument: y expects one coeff a bottom, 3, and gets 2.',
    ])
  })
})

test('concat joins along the axis that it names, and the others must agree', () => {
  const wide = input('z', 10, 6, 8, 5)
  const joined = openNet(image + wide + layer('y', 'Concat', 'x z', 'concat_param { axis: 3 }'))
  expect([sizesOf(joined.layer('y')), messages(joined)]).toEqual([['N', 6, 8, 13], []])
  expect(messages(openNet(image + wide + layer('y', 'Concat', 'x z')))[0]).toMatch(/^shape-mismatch: .*8×8 and 8×5/)
})

test('Scale has C params and C more with a shift, PReLU C or 1', () => {
  const of = (type: string, params = ''): number => openNet(image + layer('y', type, 'x', params)).totals.params
  expect(of('Scale')).toBe(6)
  expect(of('Scale', 'scale_param { bias_term: true }')).toBe(12)
  expect(of('PReLU')).toBe(6)
  expect(of('PReLU', 'prelu_param { channel_shared: true }')).toBe(1)
})

test('a deconvolution has groups, a bias and a dilation', () => {
  // 21 channels each alone, 4×4: FCN's upsampling. 3·(4−1)·… size: 2·(10−1) + 2·(4−1) + 1 − 2·1 = 23.
  const params = conv('num_output: 21 kernel_size: 4 stride: 2 pad: 1 dilation: 2 group: 21 bias_term: true')
  const opened = openNet(input('x', 1, 21, 10, 10) + layer('y', 'Deconvolution', 'x', params))
  expect(sizesOf(opened.layer('y'))).toEqual(['N', 21, 23, 23])
  expect(opened.totals.params).toBe(21 * 16 + 21)
  expect(opened.totals.macs).toBe(21 * 16 * 100)
})

test('with padding the last window of a pooling starts inside the image', () => {
  const size = (height: number, fields: string): unknown =>
    sizesOf(
      openNet(input('x', 1, 1, height, height) + layer('y', 'Pooling', 'x', `pooling_param { ${fields} }`)).layer('y'),
    )?.[2]
  // ceil((5 + 2·1 − 2)/2) + 1 = 4 windows would start at 0, 2, 4, 6; 6 is 5 + 1, in the padding: 3 are left.
  expect(size(5, 'kernel_size: 2 stride: 2 pad: 1')).toBe(3 + Number((4 - 1) * 2 < 5 + 1))
  // ceil((4 + 2·1 − 2)/2) + 1 = 3, the last at 4 < 4 + 1: all stay.
  expect(size(4, 'kernel_size: 2 stride: 2 pad: 1')).toBe(3)
  // Without padding nothing is dropped: ceil((6 − 3)/2) + 1 = 3.
  expect(size(6, 'kernel_size: 3 stride: 2')).toBe(3)
  // A window of 1 with stride 2: ceil((5 − 1)/2) + 1 = 3.
  expect(size(5, 'kernel_size: 1 stride: 2')).toBe(3)
})

test('the statistics of BatchNorm are kept beside the params: 2C + 1, none of them learned', () => {
  const { totals: sums } = openNet(image + layer('y', 'BatchNorm', 'x'))
  expect([sums.params, sums.trainableParams, sums.buffers]).toEqual([0, 0, 13])
})

describe('layers in place need no memory', () => {
  const chain = (top: (i: number) => string): string =>
    image +
    layer('c', 'Convolution', 'x', conv('num_output: 6 kernel_size: 1')) +
    layer('b', 'BatchNorm', 'c', '', top(0)) +
    layer('s', 'Scale', top(0), '', top(1)) +
    layer('r', 'ReLU', top(1), '', top(2)) +
    layer('p', 'PReLU', top(2), '', top(3))

  test('a convolution and four layers over its map', () => {
    const map = 6 * 8 * 8
    const inPlace = openNet(chain(() => 'c')).totals
    const apart = openNet(chain(i => `t${i}`)).totals
    expect([inPlace.activations, apart.activations]).toEqual([map, 5 * map])
    // The image and the map.
    expect(inPlace.peakActivations).toBe(2 * map)
    expect([inPlace.macs, inPlace.params, inPlace.traffic]).toEqual([apart.macs, apart.params, apart.traffic])
  })

  test('a sum over its first bottom', () => {
    const text = `${image}${layer('c', 'ReLU', 'x')}${layer('e', 'Eltwise', 'c x', '', 'c')}`
    expect(openNet(text).totals.activations).toBe(384)
  })
})

test('the batch is not multiplied in', () => {
  const net = (batch: number): string =>
    input('x', batch, 3, 32, 32) +
    layer('c', 'Convolution', 'x', conv('num_output: 4 kernel_size: 3')) +
    layer('f', 'InnerProduct', 'c', 'inner_product_param { num_output: 10 }')
  expect(openNet(net(64)).totals).toEqual(openNet(net(1)).totals)
  expect(openNet(net(64)).totals.macs).toBe(27 * 4 * 900 + 4 * 900 * 10)
})

test('a layer that nobody knows is said to be unknown, and nothing behind it is guessed', () => {
  const opened = openNet(
    image + layer('a', 'Attention', 'x') + layer('c', 'Convolution', 'a', conv('num_output: 4 kernel_size: 1')),
  )
  expect(messages(opened)).toEqual(['unknown-layer: Caffe has no Attention layer.'])
  expect(opened.totals.completeness).toBe('atLeast')
  expect(sizesOf(opened.layer('a'))).toBeNull()
  const python = openNet(image + layer('a', 'Python', 'x', 'python_param { module: "m" layer: "L" }'))
  expect([messages(python), python.totals.completeness]).toEqual([[], 'atLeast'])
  expect(python.graph.nodes.at(-1)!.unknown).toBe('what a Python layer gives is not in the file')
})

describe('weights', () => {
  const shared = (one: string, two: string, fields = 'num_output: 4 kernel_size: 1'): string =>
    image +
    layer('a', 'Convolution', 'x', `${one} ${conv(fields)}`) +
    layer('b', 'Convolution', 'x', `${two} ${conv(fields)}`)

  test('with one name are counted once, their work twice', () => {
    const both = 'param { name: "w" } param { name: "b" }'
    const { totals: sums, graph } = openNet(shared(both, both))
    expect([sums.params, sums.macs]).toEqual([28, 2 * 24 * 64])
    expect(graph.nodes.filter(n => n.op === 'conv2d').map(n => n.cost.params)).toEqual([28, 0])
  })

  test('shared in part', () => {
    expect(openNet(shared('param { name: "w" }', 'param { name: "w" }')).totals.params).toBe(24 + 4 + 4)
  })

  test('of another shape are told', () => {
    const text =
      image +
      layer('a', 'Convolution', 'x', `param { name: "w" } ${conv('num_output: 4 kernel_size: 1')}`) +
      layer('b', 'Convolution', 'x', `param { name: "w" } ${conv('num_output: 4 kernel_size: 3')}`)
    expect(messages(openNet(text))).toEqual([
      'shape-mismatch: b cannot share the weights w of a: 4×6×3×3 is not 4×6×1×1.',
    ])
  })

  test('with a learning rate of 0 are frozen', () => {
    const { totals: sums } = openNet(shared('param { lr_mult: 0 } param { lr_mult: 2 }', ''))
    expect([sums.params, sums.trainableParams]).toEqual([56, 32])
  })

  test('in the older form', () => {
    const one = (name: string): string =>
      `layers { name: "${name}" type: CONVOLUTION bottom: "x" top: "${name}" param: "w" param: "b" blobs_lr: 1 blobs_lr: 0 ${conv('num_output: 4 kernel_size: 1')} }\n`
    const opened = openNet(`input: "x" input_dim: 2 input_dim: 6 input_dim: 8 input_dim: 8\n${one('a')}${one('c')}`)
    expect(messages(opened)).toEqual([])
    expect([opened.totals.params, opened.totals.trainableParams, totals(opened.graph).macs]).toEqual([
      28,
      24,
      2 * 24 * 64,
    ])
  })
})

test('regions of an image are many: convolutions and linear layers behind them count all of them', () => {
  const opened = openNet(
    input('x', 2, 4, 20, 20) +
      input('rois', 600, 5) +
      layer('p', 'ROIPooling', 'x rois', 'roi_pooling_param { pooled_h: 7 pooled_w: 7 }') +
      layer('c', 'Convolution', 'p', conv('num_output: 8 kernel_size: 1 bias_term: false')) +
      layer('f', 'InnerProduct', 'c', 'inner_product_param { num_output: 10 bias_term: false }') +
      layer('r', 'Reshape', 'f', 'reshape_param { shape { dim: 600 dim: -1 } }'),
  )
  expect(messages(opened)).toEqual([])
  expect(opened.totals.macs).toBe(300 * (4 * 8 * 49 + 8 * 49 * 10))
  expect(opened.layer('r').outputs[0]!.shape).toEqual([{ coefficient: 300, symbols: ['N'] }, 10])
})
