import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analysis/analyze'
import { conventions, countBy } from '../../src/core/conventions'
import type { Graph } from '../../src/core/graph'
import { type net, network, origin, resnet50, vgg16, window } from './build'

const by = (name: string, graph: Graph) => countBy(conventions.find(c => c.name === name)!, graph)
const work = (name: string, graph: Graph): number => by(name, graph).work!

describe('one Conv2d(3, 2, 3) with bias on 224×224, as the tools print it', () => {
  const graph = network([3, 224, 224], (n, x) => n.conv(x, 'c', 2, 3))
  test.each([
    ['fvcore', 2_661_336],
    ['thop', 2_661_336],
    ['ptflops', 2_759_904],
    ['torchinfo', 2_759_904],
    ['flopcounter', 5_322_672],
  ])('%s: %i', (name, count) => {
    expect(by(name, graph)).toEqual({ work: count, params: null, exact: true })
  })
})

describe('whole networks, as the tools’ own pages print them', () => {
  test('ptflops’ README: ResNet-50 4.13 GMac, VGG-16 15.52', () => {
    expect((work('ptflops', resnet50()) / 1e9).toFixed(2)).toBe('4.13')
    expect((work('ptflops', vgg16()) / 1e9).toFixed(2)).toBe('15.52')
  })
  test('torchinfo: a norm counts its 2C weights once, the linear layer its bias too', () => {
    // Convolutions without bias as MACs, 2 · 26,560 weights of norms, and the 1,000 biases of the linear layer.
    expect(work('torchinfo', resnet50())).toBe(4_089_184_256 + 2 * 26_560 + 1000)
  })
  test('fvcore counts 2 an element of a batch norm and 1 an input of the last pooling', () => {
    const norms = resnet50().nodes.filter(n => n.op === 'batch_norm')
    const elements = norms.reduce((sum, n) => sum + n.cost.activations!, 0)
    expect(work('fvcore', resnet50())).toBe(4_089_184_256 + 2 * elements + 2048 * 49)
  })
  test('Keras counts the moving statistics: ResNet-50 without conv biases has 25,557,032 + 53,120', () => {
    expect(by('keras', resnet50())).toEqual({ work: null, params: 25_557_032 + 53_120, exact: true })
  })
})

describe('single rules', () => {
  const one = (op: Parameters<ReturnType<typeof net>['add']>[0], attributes: object): Graph =>
    network([4, 8, 8], (n, x) => n.add(op, attributes, [x]))
  const norm = { channels: 4, axis: 1, scale: true, shift: true, statistics: 'none' }
  const up = { ...window(2, 2), outputPadding: [0, 0], inChannels: 4, outChannels: 6, groups: 1, bias: true }
  test.each([
    ['fvcore', one('layer_norm', { shape: [8], scale: true, shift: true }), 5 * 256],
    ['fvcore', one('batch_norm', { ...norm, scale: false, shift: false }), 256],
    ['fvcore', one('interpolate', { scale: [2, 2], mode: 'bilinear' }), 4 * 1024],
    ['thop', one('batch_norm', norm), 4 * 256],
    ['thop', one('group_norm', { ...norm, groups: 2 }), 0],
    ['thop', one('adaptive_avg_pool', { size: [1, 1] }), (64 + 1) * 4],
    ['thop', one('conv_transpose2d', up), 4 * 4 * 6 * 256],
    ['ptflops', one('activation', { function: 'relu' }), 2 * 256],
    ['ptflops', one('activation', { function: 'silu' }), 256],
    ['ptflops', one('conv_transpose2d', up), (4 * 4 + 1) * 6 * 256],
    ['flopcounter', one('conv_transpose2d', up), 2 * 4 * 4 * 6 * 64],
    ['netscope', one('local_response_norm', { size: 5 }), 5 * 256],
    // chIn · chOut · wOut · hOut · (kernel / stride)².
    ['netscope', one('conv_transpose2d', { ...up, ...window(4, 2, 1) }), 4 * 6 * 256 * 4],
    ['darknet', one('max_pool2d', window(2, 2)), 4 * 64],
    ['darknet', one('linear', { inFeatures: 8, outFeatures: 2, bias: true }), 0],
  ])('%s %#: %i', (name, graph, count) => {
    expect(work(name, graph)).toBe(count)
  })
  test('what is not understood makes a total a lower bound', () => {
    const graph = network(
      [3, 8, 8],
      (n, x) => n.builder.unknown('not modelled', [n.conv(x, 'c', 2, 1)], origin('odd'))[0]!,
    )
    expect(by('fvcore', graph)).toEqual({ work: 3 * 2 * 64, params: null, exact: false })
  })
})

test('every convention says its source and what differs', () => {
  expect(conventions.map(c => c.name)).toEqual([
    'fvcore',
    'torchinfo',
    'ptflops',
    'thop',
    'ultralytics',
    'flopcounter',
    'keras',
    'netscope',
    'darknet',
  ])
  for (const { source, says, work: counts, params } of conventions) {
    expect(source).toMatch(/\.(py|c|coffee)/)
    expect(says.length).toBeGreaterThan(0)
    expect(counts !== undefined || params !== undefined).toBe(true)
  }
})

const shared = fileURLToPath(new URL('../../../shared/', import.meta.url))

function graphOf(file: string, model: string | undefined, sizes: readonly number[] | undefined): Graph {
  const at = path.join(shared, file)
  const source = { uri: `file://${at}`, name: path.basename(at), text: readFileSync(at, 'utf8') }
  const inputs = sizes ? [{ shape: sizes }] : []
  return analyze(source, { ...(model ? { model } : {}), inputs })!.model()!.graph
}

if (existsSync(path.join(shared, 'oracle/ultralytics.jsonl')))
  test('Ultralytics’ published GFLOPs, to the digit that is published', () => {
    const lines = readFileSync(path.join(shared, 'oracle/ultralytics.jsonl'), 'utf8').split('\n').filter(Boolean)
    let held = 0
    for (const line of lines) {
      const { model, file, input, published_gflops: published } = JSON.parse(line)
      if (!published?.length) continue
      const giga = (work('ultralytics', graphOf(file, model, input)) / 1e9).toFixed(1)
      expect(published, model).toContain(giga)
      held++
    }
    expect(held).toBeGreaterThan(10)
  })

if (existsSync(path.join(shared, 'oracle/darknet.json')))
  test('Darknet’s BFLOPs, recomputed from its sources', () => {
    for (const { file, size, calc_bflops: bflops } of JSON.parse(
      readFileSync(path.join(shared, 'oracle/darknet.json'), 'utf8'),
    )) {
      const graph = graphOf(file, undefined, size ? [3, size, size] : undefined)
      expect(work('darknet', graph) / 1e9, file).toBeCloseTo(bflops, 2.5)
    }
  })
