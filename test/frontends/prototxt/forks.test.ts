/** Layers and fields that only forks of Caffe have; params and multiply-accumulates counted by hand. */
import { describe, expect, test } from 'vitest'
import { input, layer, messages, openNet, sizesOf } from './open'

const image = input('x', 10, 4, 8, 8)

describe('BatchNorm of NVIDIA’s fork', () => {
  const norm = (fields: string, params = ''): string =>
    image + layer('y', 'BatchNorm', 'x', `batch_norm_param { ${fields} } ${params}`)

  test.each([['scale_bias: true'], ['scale_filler { value: 1 }'], ['bias_filler { value: 0 }']])(
    '%s learns a scale and a shift a channel',
    fields => {
      const { totals } = openNet(norm(fields))
      expect([totals.params, totals.buffers]).toEqual([8, 9])
    },
  )

  test('the first three learning rates are those of what is stored', () => {
    const zero = 'param { lr_mult: 0 } '
    expect(openNet(norm('scale_bias: true', zero.repeat(3))).totals.trainableParams).toBe(8)
    expect(openNet(norm('scale_bias: true', zero.repeat(5))).totals.trainableParams).toBe(0)
  })

  test('without them nothing is learned', () => {
    expect(openNet(norm('scale_bias: false')).totals.params).toBe(0)
  })
})

test('VideoData: frames of all segments lie in the channels', () => {
  const video = (fields: string): string =>
    `layer { name: "d" type: "VideoData" top: "d" top: "l" transform_param { crop_size: 8 } video_data_param { ${fields} } }\n`
  expect(openNet(video('new_length: 5 num_segments: 3 modality: FLOW')).inputs[0]!.shape).toEqual([30, 8, 8])
  expect(openNet(video('new_length: 1 num_segments: 3')).inputs[0]!.shape).toEqual([9, 8, 8])
  // Three segments of a video are three images: a 1×1 of 10 channels to 2 on each.
  const { totals } = openNet(
    video('new_length: 5 num_segments: 3 modality: FLOW') +
      layer('r', 'Reshape', 'd', 'reshape_param { shape { dim: [-1, 10, 8, 8] } }') +
      layer('c', 'Convolution', 'r', 'convolution_param { num_output: 2 kernel_size: 1 bias_term: false }'),
  )
  expect([totals.params, totals.macs]).toEqual([20, 3 * 20 * 64])
})

test('the label of images with maps is a map', () => {
  const { graph } = openNet(
    'layer { name: "d" type: "ImageSegData" top: "d" top: "l" transform_param { crop_size: 9 } }\n' +
      layer('y', 'ReLU', 'l'),
  )
  expect(graph.outputs[0]!.shape!.slice(1)).toEqual([1, 9, 9])
})

test('one of several sizes at random is assumed', () => {
  const sizes = [300, 400].map(side => `resize_param { height: ${side} width: ${side} }`).join(' ')
  const opened = openNet(
    `layer { name: "d" type: "AnnotatedData" top: "d" top: "l" transform_param { mean_value: 1 mean_value: 2 mean_value: 3 ${sizes} } }\n`,
  )
  expect([opened.inputAssumed, messages(opened)]).toEqual([true, []])
})

test('a depthwise convolution of unknown channels is unknown, and no error', () => {
  const opened = openNet(
    layer('p', 'Python', '', 'python_param { module: "m" layer: "L" }') +
      layer('y', 'DepthwiseConvolution', 'p', 'convolution_param { num_output: 8 kernel_size: 3 group: 8 }'),
  )
  expect(opened.problems.filter(({ severity }) => severity === 'error')).toEqual([])
  expect([opened.totals.completeness, sizesOf(opened.layer('y'))]).toEqual(['atLeast', null])
})

test('a deformable convolution has the weights of a plain one, whatever its offsets', () => {
  const opened = openNet(
    image +
      input('o', 10, 18, 8, 8) +
      layer(
        'y',
        'DeformableConvolution',
        'x o',
        'deformable_convolution_param { num_output: 6 kernel_size: 3 pad: 1 }',
      ),
  )
  expect([sizesOf(opened.layer('y')), opened.totals.params, opened.totals.macs]).toEqual([
    ['N', 6, 8, 8],
    9 * 4 * 6 + 6,
    9 * 4 * 6 * 64,
  ])
})

test('per_fla_fuse joins maps of different sizes as vectors', () => {
  const opened = openNet(
    image + input('z', 10, 2, 3, 3) + layer('y', 'Concat', 'x z', 'concat_param { axis: 1 per_fla_fuse: true }'),
  )
  expect([sizesOf(opened.layer('y')), messages(opened)]).toEqual([['N', 4 * 64 + 2 * 9], []])
})

test('heads of detectors and of faces', () => {
  const face = openNet(
    image +
      input('l', 10) +
      layer('y', 'MarginInnerProduct', 'x l', 'margin_inner_product_param { num_output: 5 }', 'y m'),
  )
  expect([face.totals.params, face.totals.macs, messages(face)]).toEqual([4 * 64 * 5, 4 * 64 * 5, []])
  const boxes = openNet(image + layer('y', 'Yolov3DetectionOutput', 'x'))
  expect([boxes.totals.completeness, sizesOf(boxes.layer('y'))]).toEqual(['exact', [1, 1, 'K', 7]])
})

test('a type like none of Caffe’s is a fork’s: told, not warned of; a misspelled one is warned of', () => {
  const severity = (type: string): string[] =>
    openNet(image + layer('y', type, 'x')).problems.map(problem => problem.severity)
  expect(severity('GatedAttentionUnit')).toEqual(['info'])
  expect(severity('Convolutoin')).toEqual(['warning'])
})

test('regions that are found in the image: their number is not known, the weights behind them are', () => {
  const opened = openNet(
    image +
      input('b', 10, 8, 8, 8) +
      layer('p', 'Proposal', 'x b x') +
      layer('r', 'ROIAlign', 'x p', 'roi_pooling_param { pooled_h: 2 pooled_w: 2 }') +
      layer('f', 'InnerProduct', 'r', 'inner_product_param { num_output: 5 }'),
  )
  expect(opened.problems.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(sizesOf(opened.layer('r'))).toEqual([null, 4, 2, 2])
  expect([opened.totals.params, opened.totals.completeness]).toEqual([16 * 5 + 5, 'atLeast'])
})

test('a Filter that prunes channels has one bottom; one that picks images has two', () => {
  const pruned = openNet(image + layer('y', 'Filter', 'x', 'filter_param { num_output: 3 }'))
  expect([messages(pruned), sizesOf(pruned.layer('y')), pruned.totals.completeness]).toEqual([
    [],
    ['N', 3, 8, 8],
    'atLeast',
  ])
  expect(messages(openNet(image + layer('y', 'Filter', 'x')))).toEqual([
    'bad-argument: y expects at least 2 bottoms and gets 1.',
  ])
})

test('an input without sizes is nothing beside the layer that gives it', () => {
  const both = openNet(`input: "x"\n${image}${layer('y', 'ReLU', 'x')}`)
  expect([messages(both), both.inputs]).toEqual([[], [{ name: 'x', shape: [4, 8, 8] }]])
  const sized = openNet(`input: "x" input_dim: 1 input_dim: 4 input_dim: 8 input_dim: 8\n${image}`)
  expect(messages(sized)).toEqual(['duplicate-name: x writes x, which the input writes already.'])
})
