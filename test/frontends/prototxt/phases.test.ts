import { describe, expect, test } from 'vitest'
import { input, layer, messages, openNet, sizesOf } from './open'

const data = (phase: string, size: number, more = ''): string =>
  `layer { name: "data" type: "Data" top: "data" top: "label" include { phase: ${phase} } transform_param { crop_size: ${size} mean_value: 1 mean_value: 2 mean_value: 3 ${more} } }\n`
const conv = layer('c', 'Convolution', 'data', 'convolution_param { num_output: 4 kernel_size: 1 }')
const loss = layer('loss', 'SoftmaxWithLoss', 'c label')

describe('phases', () => {
  const text = data('TRAIN', 227) + data('TEST', 224) + conv + loss
  const accuracy = 'include { phase: TEST }'

  test('the test phase is shown, the train phase can be chosen', () => {
    const opened = openNet(`name: "Net"\n${text}${layer('acc', 'Accuracy', 'c label', accuracy)}`)
    expect(opened.file.models.map(({ name, aliases }) => [name, aliases])).toEqual([
      ['Net', ['test', 'net']],
      ['Net-train', ['train']],
    ])
    expect(opened.inputs).toEqual([{ name: 'data', shape: [3, 224, 224] }])
    expect(messages(opened)).toEqual([])
    expect(openNet(text, { model: 'train' }).inputs).toEqual([{ name: 'data', shape: [3, 227, 227] }])
  })

  test('exclude, and the numbers of the words', () => {
    const other = text.replace('include { phase: TRAIN }', 'exclude { phase: 1 }')
    expect(openNet(other).inputs[0]!.shape).toEqual([3, 224, 224])
    expect(openNet(other, { model: 'train' }).inputs[0]!.shape).toEqual([3, 227, 227])
  })

  test('a file for training alone has the one phase that has data', () => {
    const opened = openNet(data('TRAIN', 227) + conv + loss)
    expect(opened.file.models.map(({ aliases }) => aliases)).toEqual([['train', 'net'].filter(a => a !== 'net')])
    expect(messages(opened)).toEqual([])
  })

  test('a layer of one phase that reads what only another phase has', () => {
    const opened = openNet(`${input('x', 1, 3, 8, 8)}${data('TRAIN', 8)}${conv}`)
    expect(messages(opened)).toEqual(['dangling-reference: c reads data, which data writes, in another phase.'])
  })

  test('a second phase that misses what only the first has is not run', () => {
    const sequence = layer('s', 'Reshape', 'x', 'include { phase: TEST } reshape_param { shape { dim: 0 dim: -1 } }')
    const both = `${input('x', 1, 3, 8, 8)}${sequence}${layer('f', 'InnerProduct', 's', 'inner_product_param { num_output: 2 }')}`
    const opened = openNet(both)
    expect([opened.file.models.length, messages(opened), sizesOf(opened.layer('f'))]).toEqual([1, [], ['N', 2]])
  })

  test('a network in a solver is read, and nothing is said of the solver', () => {
    const solver = `net_param {\n${input('data', 1, 3, 8, 8)}${conv}}\ntest_iter: 100\nbase_lr: 0.01\nsolver_mode: GPU\n`
    const opened = openNet(solver.replace(/^layer/gm, '  layer'))
    expect([messages(opened), opened.totals.params]).toEqual([[], 16])
  })

  test('stages: the deployed network comes first', () => {
    const staged =
      data('TRAIN', 227).replace('phase: TRAIN', 'stage: "train"') +
      data('TEST', 224).replace('phase: TEST', 'stage: "val"') +
      layer(
        'data',
        'Input',
        '',
        'include { stage: "deploy" } input_param { shape { dim: 1 dim: 3 dim: 32 dim: 32 } }',
      ) +
      conv +
      loss.replace('top: "loss"', 'top: "loss" exclude { stage: "deploy" }')
    const opened = openNet(staged)
    expect(opened.file.models.map(({ aliases }) => aliases[0])).toEqual(['deploy', 'val', 'train'])
    expect([sizesOf(opened.layer('c')), messages(opened)]).toEqual([['N', 4, 32, 32], []])
    expect(openNet(staged, { model: 'train' }).inputs[0]!.shape).toEqual([3, 227, 227])
  })

  test('levels', () => {
    const leveled = `${input('x', 1, 3, 8, 8)}${layer('a', 'ReLU', 'x', 'include { min_level: 1 }')}${layer('b', 'ReLU', 'x', 'include { max_level: 0 }')}`
    expect(openNet(leveled).graph.nodes.map(({ origin }) => origin.path)).toEqual(['x', 'b'])
    expect(openNet(`state { level: 2 }\n${leveled}`).graph.nodes.map(({ origin }) => origin.path)).toEqual(['x', 'a'])
  })
})

describe('data', () => {
  const source = (type: string, params: string): string => layer('data', type, '', params, 'data label') + conv

  test.each([
    ['ImageData', 'image_data_param { new_height: 64 new_width: 48 }', [3, 64, 48]],
    [
      'ImageData',
      'image_data_param { new_height: 64 new_width: 48 is_color: false } transform_param { crop_size: 32 }',
      [1, 32, 32],
    ],
    ['WindowData', 'window_data_param { crop_size: 227 }', [3, 227, 227]],
    ['MemoryData', 'memory_data_param { batch_size: 4 channels: 1 height: 28 width: 20 }', [1, 28, 20]],
    ['Data', 'transform_param { crop_size: 20 force_gray: true }', [1, 20, 20]],
    ['Data', 'input_param { shape: { dim: 1 dim: 3 dim: 20 dim: 24 } }', [3, 20, 24]],
    ['Data', 'data_param { crop_size: 20 force_encoded_color: true }', [3, 20, 20]],
    ['AnnotatedData', 'transform_param { force_color: true resize_param { height: 300 width: 320 } }', [3, 300, 320]],
    ['DummyData', 'dummy_data_param { num: 4 channels: 2 height: 8 width: 9 }', [2, 8, 9]],
    ['DummyData', 'dummy_data_param { shape { dim: 4 dim: 2 dim: 8 dim: 9 } shape { dim: 4 } }', [2, 8, 9]],
  ])('%s %s', (type, params, shape) => {
    const opened = openNet(source(type, params))
    expect([opened.inputs[0], opened.inputAssumed, messages(opened)]).toEqual([{ name: 'data', shape }, false, []])
    expect(opened.layer('c').cost.params).toBe(shape[0]! * 4 + 4)
  })

  test('three channels are assumed where the file gives a size alone, and said to be', () => {
    const opened = openNet(source('Data', 'transform_param { crop_size: 227 }'))
    expect([opened.inputs[0]!.shape, opened.inputAssumed]).toEqual([[3, 227, 227], true])
    const asked = { inputs: [{ shape: [3, 224, 224] }], assumed: true }
    expect(openNet(source('Data', 'transform_param { crop_size: 227 }'), asked).inputs[0]!.shape).toEqual([3, 227, 227])
  })

  test.each(['Data', 'HDF5Data', 'Python'])(
    'sizes that lie with the data of %s are not known, but may be said',
    type => {
      const text = layer('data', type, '', '', 'data') + conv
      const opened = openNet(text)
      expect(messages(opened)).toEqual([
        'bad-argument: The size of data is not in the file. Say it in a comment: # convlens: input=3x224x224',
      ])
      expect(opened.layer('c').outputs[0]!.shape?.slice(2) ?? [null, null]).toEqual([null, null])
      const told = openNet(text, { inputs: [{ shape: [1, 28, 28] }] })
      expect([sizesOf(told.layer('c')), messages(told)]).toEqual([['N', 4, 28, 28], []])
    },
  )

  test('inputs of the older forms, and sizes that are chosen', () => {
    const two = `input: "data" input: "info"\ninput_shape { dim: 10 dim: 3 dim: 8 dim: 8 }\ninput_shape { dim: 10 dim: 3 }\n${conv}`
    expect(openNet(two).inputs).toEqual([
      { name: 'data', shape: [3, 8, 8] },
      { name: 'info', shape: [3] },
    ])
    expect(
      openNet(two, { inputs: [{ shape: [3, 16, 16] }] })
        .layer('c')
        .outputs[0]!.shape?.slice(1),
    ).toEqual([4, 16, 16])
    expect(openNet(two, { inputs: [{ name: 'info', shape: [5] }] }).inputs[1]!.shape).toEqual([5])
    expect(
      openNet(`input: "data" input_dim: 1 input_dim: 3 input_dim: 6 input_dim: 7\n${conv}`).inputs[0]!.shape,
    ).toEqual([3, 6, 7])
  })

  test('regions are no batch', () => {
    const text = input('x', 1, 8, 20, 20) + input('rois', 300, 5)
    const pool = layer('p', 'ROIPooling', 'x rois', 'roi_pooling_param { pooled_h: 2 pooled_w: 2 }')
    const opened = openNet(text + pool + layer('f', 'InnerProduct', 'p', 'inner_product_param { num_output: 10 }'))
    expect(opened.totals.macs).toBe(300 * 32 * 10)
  })
})
