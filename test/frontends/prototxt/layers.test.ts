/**
 * Every type of layer: the shape that Caffe's documentation and source give, params and multiply-accumulates counted by
 * hand beside each row.
 */
import { describe, expect, test } from 'vitest'
import { prototxt } from '../../../src/frontends/prototxt'
import { layerTypes } from '../../../src/frontends/prototxt/layers'
import { input, layer, messages, openNet, sizesOf } from './open'

type Row = readonly [
  what: string,
  text: string,
  sizes: readonly (number | string | null)[],
  params: number,
  macs: number,
  buffers?: number,
]

const image = (channels: number, height: number, width = height): string => input('x', 10, channels, height, width)
/** One layer, y, on an image x. */
const on = (x: string, type: string, params = '', top = 'y', bottoms = 'x'): string =>
  x + layer('y', type, bottoms, params, top)
const conv = (fields: string): string => `convolution_param { ${fields} }`
const pool = (fields: string): string => `pooling_param { ${fields} }`

const ROWS: readonly Row[] = [
  [
    '3×3 with bias: 9·3·8 + 8; on 30×30',
    on(image(3, 32), 'Convolution', conv('num_output: 8 kernel_size: 3')),
    ['N', 8, 30, 30],
    224,
    9 * 3 * 8 * 900,
  ],
  [
    'without bias, strided and padded: (32+2−3)/2 + 1 floored',
    on(image(3, 32), 'Convolution', conv('num_output: 8 kernel_size: 3 stride: 2 pad: 1 bias_term: false')),
    ['N', 8, 16, 16],
    216,
    216 * 256,
  ],
  [
    'groups divide the weights: 9·2·8',
    on(image(4, 8), 'Convolution', conv('num_output: 8 kernel_size: 3 pad: 1 group: 2')),
    ['N', 8, 8, 8],
    152,
    144 * 64,
  ],
  [
    'a dilated 3×3 covers 5',
    on(image(1, 16), 'Convolution', conv('num_output: 1 kernel_size: 3 dilation: 2')),
    ['N', 1, 12, 12],
    10,
    9 * 144,
  ],
  [
    'kernel_h and kernel_w',
    on(
      image(1, 9),
      'Convolution',
      conv('num_output: 1 kernel_h: 1 kernel_w: 7 pad_h: 0 pad_w: 3 stride_h: 1 stride_w: 2'),
    ),
    ['N', 1, 9, 5],
    8,
    7 * 45,
  ],
  [
    'a size an axis',
    on(image(1, 9), 'Convolution', conv('num_output: 1 kernel_size: 1 kernel_size: 3')),
    ['N', 1, 9, 7],
    4,
    3 * 63,
  ],
  [
    'a convolution of a volume: 27·2·4 + 4',
    on(input('x', 1, 2, 6, 6, 6), 'Convolution', conv('num_output: 4 kernel_size: 3')),
    ['N', 4, 4, 4, 4],
    220,
    27 * 2 * 4 * 64,
  ],
  [
    'depthwise of a fork: 9·6 + 6',
    on(image(6, 8), 'DepthwiseConvolution', conv('num_output: 6 kernel_size: 3 pad: 1')),
    ['N', 6, 8, 8],
    60,
    54 * 64,
  ],
  [
    'another fork’s word',
    on(image(6, 8), 'ConvolutionDepthwise', conv('num_output: 6 kernel_size: 3 pad: 1 bias_term: false')),
    ['N', 6, 8, 8],
    54,
    54 * 64,
  ],
  [
    'transposed: 2·(5−1) + 4 − 2·1 = 10; 16·3·2 at 25 positions',
    on(image(3, 5), 'Deconvolution', conv('num_output: 2 kernel_size: 4 stride: 2 pad: 1')),
    ['N', 2, 10, 10],
    98,
    96 * 25,
  ],
  [
    'InnerProduct of a map: 3·4·4·5 + 5',
    on(image(3, 4), 'InnerProduct', 'inner_product_param { num_output: 5 }'),
    ['N', 5],
    245,
    240,
  ],
  [
    'InnerProduct from the third axis on, at 3 positions',
    on(image(3, 4), 'InnerProduct', 'inner_product_param { num_output: 5 axis: 2 bias_term: false }'),
    ['N', 3, 5],
    80,
    240,
  ],
  [
    'an inner product stored transposed',
    on(input('x', 2, 7), 'InnerProduct', 'inner_product_param { num_output: 5 transpose: true }'),
    ['N', 5],
    40,
    35,
  ],
  ['Im2col', on(image(3, 5), 'Im2col', conv('kernel_size: 3')), ['N', 27, 3, 3], 0, 0],
  [
    'Embed: 100 rows of 8, and 8',
    on(input('x', 10, 4), 'Embed', 'embed_param { input_dim: 100 num_output: 8 }'),
    ['N', 4, 8],
    808,
    0,
  ],
  [
    'pooling rounds up: (7−2)/2 + 1',
    on(image(1, 7), 'Pooling', pool('kernel_size: 2 stride: 2')),
    ['N', 1, 4, 4],
    0,
    0,
  ],
  [
    'GoogLeNet’s pool1: (112−3)/2 + 1',
    on(image(64, 112), 'Pooling', pool('pool: MAX kernel_size: 3 stride: 2')),
    ['N', 64, 56, 56],
    0,
    0,
  ],
  [
    'rounded down where asked',
    on(image(1, 7), 'Pooling', pool('kernel_size: 2 stride: 2 round_mode: FLOOR')),
    ['N', 1, 3, 3],
    0,
    0,
  ],
  [
    'a fork’s word for it',
    on(image(1, 7), 'Pooling', pool('kernel_size: 2 stride: 2 ceil_mode: false')),
    ['N', 1, 3, 3],
    0,
    0,
  ],
  ['global pooling', on(image(8, 7, 9), 'Pooling', pool('pool: AVE global_pooling: true')), ['N', 8, 1, 1], 0, 0],
  [
    'a window of two sizes',
    on(image(8, 8), 'Pooling', pool('pool: AVE kernel_h: 2 kernel_w: 4 stride_h: 2 stride_w: 4')),
    ['N', 8, 4, 2],
    0,
    0,
  ],
  ['SPP of 3 levels: 1 + 4 + 16 cells', on(image(8, 13), 'SPP', 'spp_param { pyramid_height: 3 }'), ['N', 168], 0, 0],
  ['BatchNorm: nothing is learned, 2·6 + 1 values kept', on(image(6, 4), 'BatchNorm'), ['N', 6, 4, 4], 0, 0, 13],
  ['Scale', on(image(6, 4), 'Scale'), ['N', 6, 4, 4], 6, 0],
  ['Scale with a shift', on(image(6, 4), 'Scale', 'scale_param { bias_term: true }'), ['N', 6, 4, 4], 12, 0],
  [
    'Scale of all that follows axis 1',
    on(image(6, 4), 'Scale', 'scale_param { axis: 1 num_axes: -1 }'),
    ['N', 6, 4, 4],
    96,
    0,
  ],
  [
    'Scale with one factor in all',
    on(image(6, 4), 'Scale', 'scale_param { axis: 0 num_axes: 0 }'),
    ['N', 6, 4, 4],
    1,
    0,
  ],
  [
    'Scale by another blob',
    image(6, 4) + input('f', 10, 6) + layer('y', 'Scale', 'x f', 'scale_param { axis: 0 }'),
    ['N', 6, 4, 4],
    0,
    0,
  ],
  ['Bias', on(image(6, 4), 'Bias'), ['N', 6, 4, 4], 6, 0],
  [
    'BN with statistics',
    on(image(6, 4), 'BN', 'bn_param { slope_filler { value: 1 } frozen: true }'),
    ['N', 6, 4, 4],
    12,
    0,
    12,
  ],
  [
    'SegNet’s BN has none',
    on(image(6, 4), 'BN', 'bn_param { scale_filler { value: 1 } shift_filler { value: 0 } }'),
    ['N', 6, 4, 4],
    12,
    0,
    0,
  ],
  ['PReLU: a slope a channel', on(image(6, 4), 'PReLU'), ['N', 6, 4, 4], 6, 0],
  ['PReLU: one in all', on(image(6, 4), 'PReLU', 'prelu_param { channel_shared: true }'), ['N', 6, 4, 4], 1, 0],
  ['LRN', on(image(6, 4), 'LRN', 'lrn_param { local_size: 5 alpha: 0.0001 }'), ['N', 6, 4, 4], 0, 0],
  ['MVN', on(image(6, 4), 'MVN', 'mvn_param { across_channels: true }'), ['N', 6, 4, 4], 0, 0],
  [
    'Normalize with a factor a channel',
    on(image(512, 4), 'Normalize', 'norm_param { across_spatial: false channel_shared: false }'),
    ['N', 512, 4, 4],
    512,
    0,
  ],
  ['Normalize with one factor', on(image(512, 4), 'Normalize'), ['N', 512, 4, 4], 1, 0],
  ['Dropout', on(image(6, 4), 'Dropout', 'dropout_param { dropout_ratio: 0.4 }'), ['N', 6, 4, 4], 0, 0],
  ['Softmax', on(image(6, 4), 'Softmax'), ['N', 6, 4, 4], 0, 0],
  [
    'Eltwise',
    image(6, 4) + layer('z', 'ReLU', 'x') + layer('y', 'Eltwise', 'x z', 'eltwise_param { operation: MAX }'),
    ['N', 6, 4, 4],
    0,
    0,
  ],
  ['Concat of channels', image(6, 4) + layer('y', 'Concat', 'x x x'), ['N', 18, 4, 4], 0, 0],
  [
    'Concat along another axis',
    image(6, 4) + layer('y', 'Concat', 'x x', 'concat_param { axis: 2 }'),
    ['N', 6, 8, 4],
    0,
    0,
  ],
  [
    'Concat along the last axis, the older word',
    image(6, 4) + layer('y', 'Concat', 'x x', 'concat_param { concat_dim: 3 }'),
    ['N', 6, 4, 8],
    0,
    0,
  ],
  ['Axpy', input('f', 10, 6, 1, 1) + image(6, 4) + layer('y', 'Axpy', 'f x x'), ['N', 6, 4, 4], 0, 0],
  ['Slice in halves, the first', on(image(6, 4), 'Slice', '', 'y z'), ['N', 3, 4, 4], 0, 0],
  [
    'Slice at points, the first',
    on(image(6, 4), 'Slice', 'slice_param { axis: 1 slice_point: 1 slice_point: 3 }', 'y z v'),
    ['N', 1, 4, 4],
    0,
    0,
  ],
  ['Flatten', on(image(6, 4), 'Flatten'), ['N', 96], 0, 0],
  ['Flatten up to an axis', on(image(6, 4, 5), 'Flatten', 'flatten_param { axis: 1 end_axis: 2 }'), ['N', 24, 5], 0, 0],
  [
    'Reshape: 0 keeps, −1 is what remains',
    on(image(6, 4), 'Reshape', 'reshape_param { shape { dim: 0 dim: 2 dim: -1 } }'),
    ['N', 2, 48],
    0,
    0,
  ],
  [
    'Reshape of a part',
    on(image(6, 4), 'Reshape', 'reshape_param { shape { dim: 2 dim: 3 } axis: 1 num_axes: 1 }'),
    ['N', 2, 3, 4, 4],
    0,
    0,
  ],
  [
    'Reshape with the batch as a number',
    on(image(6, 4), 'Reshape', 'reshape_param { shape { dim: 10 dim: 96 } }'),
    ['N', 96],
    0,
    0,
  ],
  [
    'Permute',
    on(image(6, 4, 5), 'Permute', 'permute_param { order: 0 order: 2 order: 3 order: 1 }'),
    ['N', 4, 5, 6],
    0,
    0,
  ],
  [
    'Permute: the rest follows',
    on(image(6, 4, 5), 'Permute', 'permute_param { order: 0 order: 3 }'),
    ['N', 5, 6, 4],
    0,
    0,
  ],
  [
    'Crop to the second',
    image(6, 9) + input('z', 10, 3, 5, 7) + layer('y', 'Crop', 'x z', 'crop_param { axis: 2 offset: 1 }'),
    ['N', 6, 5, 7],
    0,
    0,
  ],
  ['Tile', on(image(6, 4), 'Tile', 'tile_param { axis: 2 tiles: 3 }'), ['N', 6, 12, 4], 0, 0],
  ['Reduction', on(image(6, 4), 'Reduction', 'reduction_param { axis: 2 }'), ['N', 6], 0, 0],
  ['ArgMax along an axis', on(image(6, 4), 'ArgMax', 'argmax_param { axis: 1 }'), ['N', 1, 4, 4], 0, 0],
  [
    'ArgMax of all, with the values',
    on(image(6, 4), 'ArgMax', 'argmax_param { top_k: 5 out_max_val: true }'),
    ['N', 2, 5, 1],
    0,
    0,
  ],
  ['ShuffleChannel', on(image(6, 4), 'ShuffleChannel', 'shuffle_channel_param { group: 3 }'), ['N', 6, 4, 4], 0, 0],
  ['BatchReindex', image(6, 4) + input('i', 3) + layer('y', 'BatchReindex', 'x i'), [3, 6, 4, 4], 0, 0],
  ['Filter', image(6, 4) + input('i', 10) + layer('y', 'Filter', 'x i'), ['N', 6, 4, 4], 0, 0],
  [
    'Interp: 5 pixels have 4 spaces; 4·8 + 1',
    on(image(6, 5), 'Interp', 'interp_param { zoom_factor: 8 }'),
    ['N', 6, 33, 33],
    0,
    0,
  ],
  ['Interp to a size', on(image(6, 5), 'Interp', 'interp_param { height: 90 width: 60 }'), ['N', 6, 90, 60], 0, 0],
  [
    'Interp: 321 pixels shrunk by 8: 320/8 + 1',
    on(image(6, 321), 'Interp', 'interp_param { shrink_factor: 8 }'),
    ['N', 6, 41, 41],
    0,
    0,
  ],
  [
    'Upsample with an odd size',
    image(6, 12) + layer('y', 'Upsample', 'x x', 'upsample_param { scale: 2 pad_out_h: true }'),
    ['N', 6, 23, 24],
    0,
    0,
  ],
  ['Reorg', on(image(64, 26), 'Reorg', 'reorg_param { stride: 2 }'), ['N', 256, 13, 13], 0, 0],
  [
    'Resample',
    on(image(6, 4), 'Resample', 'resample_param { height: 8 width: 10 type: LINEAR }'),
    ['N', 6, 8, 10],
    0,
    0,
  ],
  [
    'PriorBox: 1, 2, 1/2, 3, 1/3 and the larger square',
    image(3, 300) +
      input('f', 10, 512, 19, 19) +
      layer(
        'y',
        'PriorBox',
        'f x',
        'prior_box_param { min_size: 60 max_size: 111 aspect_ratio: 2 aspect_ratio: 3 flip: true }',
      ),
    [1, 2, 19 * 19 * 6 * 4],
    0,
    0,
  ],
  [
    'ROIPooling',
    image(512, 38) +
      input('rois', 300, 5) +
      layer('y', 'ROIPooling', 'x rois', 'roi_pooling_param { pooled_h: 7 pooled_w: 7 }'),
    ['30N', 512, 7, 7],
    0,
    0,
  ],
  [
    'PSROIPooling',
    image(1029, 38) +
      input('rois', 300, 5) +
      layer('y', 'PSROIPooling', 'x rois', 'psroi_pooling_param { output_dim: 21 group_size: 7 }'),
    ['30N', 21, 7, 7],
    0,
    0,
  ],
  ['losses give one number', image(6, 4) + input('l', 10) + layer('y', 'SoftmaxWithLoss', 'x l'), [], 0, 0],
  [
    'LSTM: 4·(7·5 + 5·5) + 20 weights; at 9 steps',
    input('x', 9, 10, 7) + input('cont', 9, 10) + layer('y', 'LSTM', 'x cont', 'recurrent_param { num_output: 5 }'),
    [9, 'N', 5],
    4 * 60 + 20,
    4 * 60 * 9,
  ],
  [
    'LSTM with a still image of 3 values: 4·5·3 more, once',
    input('x', 9, 10, 7) +
      input('cont', 9, 10) +
      input('s', 10, 3) +
      layer('y', 'LSTM', 'x cont s', 'recurrent_param { num_output: 5 }'),
    [9, 'N', 5],
    4 * 60 + 20 + 60,
    4 * 60 * 9 + 60,
  ],
  [
    'RNN: 7·5 + 5·5 + 5·5 weights and two biases',
    input('x', 9, 10, 7) + input('cont', 9, 10) + layer('y', 'RNN', 'x cont', 'recurrent_param { num_output: 5 }'),
    [9, 'N', 5],
    85 + 10,
    85 * 9,
  ],
  ['Parameter', layer('y', 'Parameter', '', 'parameter_param { shape { dim: 3 dim: 4 } }'), [3, 4], 12, 0],
]

describe('layers', () => {
  test.each(ROWS.map(row => [row[0], row] as const))('%s', (_, [, text, sizes, params, macs, buffers = 0]) => {
    const opened = openNet(text)
    expect(messages(opened)).toEqual([])
    expect(sizesOf(opened.layer('y'))).toEqual(sizes)
    const { completeness } = opened.totals
    expect({
      params: opened.totals.params,
      macs: opened.totals.macs,
      buffers: opened.totals.buffers,
      completeness,
    }).toEqual({
      params,
      macs,
      buffers,
      completeness: 'exact',
    })
  })

  test.each([
    'ReLU',
    'ReLU6',
    'Sigmoid',
    'TanH',
    'ELU',
    'Swish',
    'AbsVal',
    'BNLL',
    'Power',
    'Exp',
    'Log',
    'Threshold',
    'Clip',
  ])('%s is one operation an element', type => {
    const opened = openNet(on(image(6, 4), type))
    expect(sizesOf(opened.layer('y'))).toEqual(['N', 6, 4, 4])
    expect([opened.totals.otherOps, opened.totals.params, messages(opened)]).toEqual([96, 0, []])
  })

  test('the second top of a pooling and of a loss', () => {
    const two = openNet(on(image(6, 5), 'Pooling', pool('kernel_size: 2 stride: 2'), 'y mask'))
    expect(two.graph.outputs.map(({ shape }) => shape?.slice(1))).toEqual([
      [6, 3, 3],
      [6, 3, 3],
    ])
    const loss = openNet(image(6, 4) + input('l', 10) + layer('y', 'SoftmaxWithLoss', 'x l', '', 'loss prob'))
    expect(loss.graph.outputs.map(({ shape }) => shape?.length)).toEqual([0, 4])
  })

  test('all pieces of a slice', () => {
    const { graph } = openNet(
      on(image(6, 4), 'Slice', 'slice_param { axis: 1 slice_point: 1 slice_point: 3 }', 'y z v'),
    )
    expect(graph.outputs.map(({ shape }) => shape?.[1])).toEqual([1, 2, 3])
    const batch = openNet(on(image(6, 4), 'Slice', 'slice_param { slice_dim: 0 }', 'y z'))
    expect(sizesOf(batch.layer('y'))).toEqual(['N', 6, 4, 4])
  })

  test('a convolution with several bottoms has its weights once', () => {
    const { totals, graph } = openNet(
      image(3, 8) +
        input('z', 10, 3, 16, 16) +
        layer('y', 'Convolution', 'x z', conv('num_output: 4 kernel_size: 1'), 'y w'),
    )
    expect([totals.params, totals.macs]).toEqual([16, 12 * 64 + 12 * 256])
    expect(graph.outputs.map(({ shape }) => shape?.slice(1))).toEqual([
      [4, 8, 8],
      [4, 16, 16],
    ])
  })

  test('the states of a recurrent layer', () => {
    const text =
      input('x', 9, 10, 7) +
      input('cont', 9, 10) +
      input('h', 1, 10, 5) +
      layer('y', 'RNN', 'x cont h', 'recurrent_param { num_output: 5 expose_hidden: true }', 'y last')
    expect(openNet(text).graph.outputs.map(({ shape }) => shape?.[0])).toEqual([9, 1])
  })

  test('SSD: boxes and confidences of the head', () => {
    const text =
      image(3, 300) +
      input('f', 10, 512, 2, 2) +
      layer('loc', 'Convolution', 'f', conv('num_output: 16 kernel_size: 1')) +
      layer('conf', 'Convolution', 'f', conv('num_output: 84 kernel_size: 1')) +
      layer('p1', 'Permute', 'loc', 'permute_param { order: 0 order: 2 order: 3 order: 1 }') +
      layer('f1', 'Flatten', 'p1') +
      layer('p2', 'Permute', 'conf', 'permute_param { order: 0 order: 2 order: 3 order: 1 }') +
      layer('f2', 'Flatten', 'p2') +
      layer('box', 'PriorBox', 'f x', 'prior_box_param { min_size: 10 max_size: 20 aspect_ratio: 2 flip: true }') +
      layer('y', 'DetectionOutput', 'f1 f2 box', 'detection_output_param { num_classes: 21 }')
    const opened = openNet(text)
    expect([sizesOf(opened.layer('y')), messages(opened)]).toEqual([[1, 1, 'K', 7], []])
    expect(messages(openNet(text.replace('num_output: 84', 'num_output: 80')))).toEqual([
      'shape-mismatch: y expects 336 confidences and gets 320: N×320 from f2.',
    ])
  })

  test('every type has a name of its own, words about it, and is listed', () => {
    const names = layerTypes.flatMap(type => type.names)
    expect(new Set(names).size).toBe(names.length)
    for (const { doc } of layerTypes) expect(doc).toMatch(/^[A-Z].*\.$/s)
    expect(prototxt.supported()[0]!.names).toEqual(names)
  })
})
