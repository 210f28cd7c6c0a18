/**
 * Networks that people published, where their files lie beside the checkout: params and multiply-accumulates against
 * those of the papers and of the authors, shapes against the papers' tables.
 */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { paperTable } from '../../../src/analysis/paper'
import { openNet, sizesOf } from './open'

const shared = new URL('../../../../shared/', import.meta.url)
const corpora = new URL('corpora/caffe/', shared)
const here = existsSync(corpora)
const read = (file: string): string => readFileSync(new URL(file, corpora), 'utf8')

interface Case {
  readonly file: string
  readonly calc: { readonly learnable_params: number; readonly bn_running_stats: number; readonly MACs_M: number }
}
const cases: readonly Case[] = here ? JSON.parse(readFileSync(new URL('oracle/caffe.json', shared), 'utf8')) : []

describe('files as their authors wrote them', () => {
  test.each(cases.length > 0 ? cases : [null])('$file', found => {
    if (!found) return expect(here).toBe(false)
    const { totals, problems } = openNet(readFileSync(new URL(found.file, shared), 'utf8'))
    expect(problems.filter(({ severity }) => severity === 'error' || severity === 'warning')).toEqual([])
    expect(totals.params).toBe(found.calc.learnable_params)
    expect(totals.buffers).toBe(found.calc.bn_running_stats)
    expect(totals.macs / 1e6).toBeCloseTo(found.calc.MACs_M, 1)
    expect(totals.completeness).toBe('exact')
  })

  /** He et al., Deep Residual Learning, Table 1: 3.8 and 11.3 G; with the stride on the 1×1. */
  test('ResNet-50 and ResNet-152', () => {
    if (!here) return expect(cases).toEqual([])
    const macs = (depth: number): number =>
      openNet(read(`KaimingHe+deep-residual-networks/prototxt/ResNet-${depth}-deploy.prototxt`)).totals.macs / 1e9
    expect(macs(50)).toBeCloseTo(3.858, 3)
    expect(macs(152)).toBeCloseTo(11.282, 3)
  })

  /** Szegedy et al., Going Deeper with Convolutions, Table 1: the output sizes. */
  test('GoogLeNet’s modules, and inception (3a): 163,328 weights and 128 M', () => {
    if (!here) return expect(cases).toEqual([])
    const net = openNet(read('BVLC+caffe/models/bvlc_googlenet/deploy.prototxt'))
    const outputs = ['3a', '3b', '4a', '4b', '4c', '4d', '4e', '5a', '5b'].map(name =>
      sizesOf(net.layer(`inception_${name}/output`))!
        .slice(1)
        .join('×'),
    )
    expect(outputs).toEqual([
      ...['256×28×28', '480×28×28', '512×14×14', '512×14×14', '512×14×14', '528×14×14'],
      ...['832×14×14', '832×7×7', '1024×7×7'],
    ])
    const own = net.graph.nodes.filter(({ origin }) => origin.path.startsWith('inception_3a/'))
    const weights = own.flatMap(({ layer }) => layer?.weights.filter(({ name }) => name === 'weight') ?? [])
    expect(weights.reduce((sum, { elements }) => sum + elements!, 0)).toBe(163_328)
    expect(Math.round(own.reduce((sum, { cost }) => sum + cost.macs!, 0) / 1e6)).toBe(128)
  })
})

/** VGG-16 as FCN-8s uses it (Long et al.), written from the paper's table: fc6 as a 7×7, a first pad of 100. */
describe('FCN-8s', () => {
  const conv = (name: string, bottom: string, params: string): string =>
    `layer { name: "${name}" type: "Convolution" bottom: "${bottom}" top: "${name}" convolution_param { ${params} } }\n`
  const layer = (name: string, type: string, bottoms: readonly string[], params = ''): string =>
    `layer { name: "${name}" type: "${type}" ${bottoms.map(b => `bottom: "${b}"`).join(' ')} top: "${name}" ${params} }\n`

  function fcn8s(size: number): string {
    let text = `layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: ${size} dim: ${size} } } }\n`
    let last = 'data'
    for (const [stage, [channels, count]] of (
      [
        [64, 2],
        [128, 2],
        [256, 3],
        [512, 3],
        [512, 3],
      ] as const
    ).entries()) {
      for (let i = 1; i <= count; i++) {
        const name = `conv${stage + 1}_${i}`
        text += conv(name, last, `num_output: ${channels} kernel_size: 3 pad: ${name === 'conv1_1' ? 100 : 1}`)
        last = name
      }
      text += layer(`pool${stage + 1}`, 'Pooling', [last], 'pooling_param { kernel_size: 2 stride: 2 }')
      last = `pool${stage + 1}`
    }
    const up = (name: string, from: string, kernel: number, stride: number): string =>
      layer(
        name,
        'Deconvolution',
        [from],
        `convolution_param { num_output: 21 bias_term: false kernel_size: ${kernel} stride: ${stride} }`,
      )
    const crop = (name: string, from: string, like: string, offset: number): string =>
      layer(name, 'Crop', [from, like], `crop_param { axis: 2 offset: ${offset} }`)
    return (
      text +
      conv('fc6', 'pool5', 'num_output: 4096 kernel_size: 7') +
      conv('fc7', 'fc6', 'num_output: 4096 kernel_size: 1') +
      conv('score_fr', 'fc7', 'num_output: 21 kernel_size: 1') +
      up('upscore2', 'score_fr', 4, 2) +
      conv('score_pool4', 'pool4', 'num_output: 21 kernel_size: 1') +
      crop('score_pool4c', 'score_pool4', 'upscore2', 5) +
      layer('fuse_pool4', 'Eltwise', ['upscore2', 'score_pool4c']) +
      up('upscore_pool4', 'fuse_pool4', 4, 2) +
      conv('score_pool3', 'pool3', 'num_output: 21 kernel_size: 1') +
      crop('score_pool3c', 'score_pool3', 'upscore_pool4', 9) +
      layer('fuse_pool3', 'Eltwise', ['upscore_pool4', 'score_pool3c']) +
      up('upscore8', 'fuse_pool3', 16, 8) +
      crop('score', 'upscore8', 'data', 31)
    )
  }

  test('at 384: 125.0 G, 134,489,759 params', () => {
    const { totals, problems } = openNet(fcn8s(384))
    expect(problems).toEqual([])
    expect((totals.macs / 1e9).toFixed(1)).toBe('125.0')
    // VGG-16’s 14,714,688; fc6, fc7; three scores; three upsamplings of 21×21.
    const fc = 49 * 512 * 4096 + 4096 + 4096 * 4096 + 4096
    const scores = 21 * (4096 + 512 + 256) + 3 * 21
    expect(totals.params).toBe(14_714_688 + fc + scores + 21 * 21 * (16 + 16 + 256))
  })

  test('fc7 is 4096×8×8 at 224, and the score is as large as the image', () => {
    const net = openNet(fcn8s(224))
    expect(sizesOf(net.layer('fc7'))).toEqual(['N', 4096, 8, 8])
    expect(sizesOf(net.layer('score'))).toEqual(['N', 21, 224, 224])
  })
})

/**
 * ResNets as their authors released them for Caffe, written from Table 1 of He et al.: the stride of a stage on its
 * first 1×1, no biases but that of conv1 in the file of 50 layers, BatchNorm and Scale behind each convolution.
 */
describe('ResNet-50, 101 and 152', () => {
  const STAGES = { 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3] } as const

  const layer = (name: string, type: string, bottoms: readonly string[], top: string, params = ''): string =>
    `layer { name: "${name}" type: "${type}" ${bottoms.map(b => `bottom: "${b}"`).join(' ')} top: "${top}" ${params} }\n`

  function conv(name: string, bottom: string, channels: number, kernel: number, stride: number, bias = false): string {
    const pad = (kernel - 1) / 2
    const fields = `num_output: ${channels} kernel_size: ${kernel} pad: ${pad} stride: ${stride}${bias ? '' : ' bias_term: false'}`
    return (
      layer(name, 'Convolution', [bottom], name, `convolution_param { ${fields} }`) +
      layer(`bn_${name}`, 'BatchNorm', [name], name, 'batch_norm_param { use_global_stats: true }') +
      layer(`scale_${name}`, 'Scale', [name], name, 'scale_param { bias_term: true }')
    )
  }
  const relu = (blob: string): string => layer(`${blob}_relu`, 'ReLU', [blob], blob)

  function resnet(depth: keyof typeof STAGES): string {
    let text = `input: "data" input_dim: 1 input_dim: 3 input_dim: 224 input_dim: 224\n${conv('conv1', 'data', 64, 7, 2, depth === 50)}${relu('conv1')}`
    text += layer('pool1', 'Pooling', ['conv1'], 'pool1', 'pooling_param { kernel_size: 3 stride: 2 pool: MAX }')
    let last = 'pool1'
    STAGES[depth].forEach((count, stage) => {
      const width = 64 * 2 ** stage
      for (let i = 0; i < count; i++) {
        const name = `res${stage + 2}_${i}`
        const stride = i === 0 && stage > 0 ? 2 : 1
        let skip = last
        if (i === 0) {
          skip = `${name}_skip`
          text += conv(skip, last, 4 * width, 1, stride)
        }
        text += conv(`${name}_a`, last, width, 1, stride) + relu(`${name}_a`)
        text += conv(`${name}_b`, `${name}_a`, width, 3, 1) + relu(`${name}_b`)
        text += conv(`${name}_c`, `${name}_b`, 4 * width, 1, 1)
        text += layer(name, 'Eltwise', [skip, `${name}_c`], name) + relu(name)
        last = name
      }
    })
    text += layer('pool5', 'Pooling', [last], 'pool5', 'pooling_param { kernel_size: 7 stride: 1 pool: AVE }')
    text += layer('fc1000', 'InnerProduct', ['pool5'], 'fc1000', 'inner_product_param { num_output: 1000 }')
    return text + layer('prob', 'Softmax', ['fc1000'], 'prob')
  }

  /** 3.8, 7.6 and 11.3 G in the paper; params and multiply-accumulates to the digit as the released files have them. */
  test.each([
    [50, '3.858', 25_557_096, 3_857_973_248],
    [101, '7.570', 44_549_160, 7_570_194_432],
    [152, '11.282', 60_192_808, 11_282_415_616],
  ] as const)('ResNet-%i: %s G', (depth, giga, params, macs) => {
    const { totals, problems } = openNet(resnet(depth))
    expect(problems.filter(({ severity }) => severity !== 'hint')).toEqual([])
    expect((totals.macs / 1e9).toFixed(3)).toBe(giga)
    expect([totals.params, totals.macs, totals.completeness]).toEqual([params, macs, 'exact'])
    // Convolutions on the way down and the layer of classes: what a ResNet is named after.
    const { total, rows, depth: counted } = paperTable(openNet(resnet(depth)).graph)
    expect([counted, total.macs]).toEqual([depth, macs])
    expect(rows.filter(row => row.kind === 'residual').map(row => row.patch.split('×').at(-1))).toEqual(
      STAGES[depth].map(String),
    )
  })
})
