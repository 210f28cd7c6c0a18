import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { analyze, type ModelAnalysis } from '../../src/analysis/analyze'
import { type PaperTable, paperTable } from '../../src/analysis/paper'
import { PAPER_DEFAULTS, type PaperOptions, paperCells, paperParams } from '../../src/features/paperCells'
import { FACENET, FACENET_PARAMS, GOOGLENET, RESNET50, VGG16 } from '../fixtures/paper/tables'

const root = path.join(import.meta.dirname, '../..')
const shared = path.join(root, '../shared')

const modelOf = (name: string, text: string): ModelAnalysis =>
  analyze({ uri: `file:///${path.basename(name)}`, name: path.basename(name), text })!.model()!
const fileOf = (name: string): ModelAnalysis => modelOf(name, readFileSync(name, 'utf8'))
const example = (name: string): ModelAnalysis => fileOf(path.join(root, 'examples', name))
const list = (layers: string): PaperTable =>
  paperTable(modelOf('net.yaml', `input: [16, 8, 8]\nlayers:\n${layers}`).graph)

/** Rows with a name: name, output, columns and so on, by their heads. */
function named(model: ModelAnalysis, heads: readonly string[], options: Partial<PaperOptions> = {}): string[][] {
  const { head, rows } = paperCells(paperTable(model.graph), { ...PAPER_DEFAULTS, ...options })
  const at = heads.map(name => head.indexOf(name))
  return rows.filter(row => row[0] !== '').map(row => at.map(i => row[i]!))
}

const MODULE = ['layer', 'output size', '#1×1', '#3×3 reduce', '#3×3', '#5×5 reduce', '#5×5', 'pool proj']
const deploy = path.join(shared, 'corpora/caffe/BVLC+caffe/models/bvlc_googlenet/deploy.prototxt')
const googlenets = [path.join(root, 'examples/googlenet.yaml'), ...(existsSync(deploy) ? [deploy] : [])]

describe.each(googlenets.map(file => [path.basename(file), file]))('GoogLeNet of %s', (_, file) => {
  const model = fileOf(file)
  const table = paperTable(model.graph)

  test('has the columns of the paper, which are the weights', () => {
    const modules = table.rows.filter(row => row.kind === 'inception')
    expect(named(model, MODULE).filter(row => /^\d/.test(row[0]!))).toEqual(GOOGLENET.map(row => row.slice(0, 8)))
    expect(modules.map(row => row.sum.weights)).toEqual(GOOGLENET.map(row => row[8]))
    expect(modules.map(row => row.depth)).toEqual(modules.map(() => 2))
  })

  test('ops are within 1M of the paper', () => {
    const modules = table.rows.filter(row => row.kind === 'inception')
    for (const [i, row] of GOOGLENET.entries()) {
      if (row[9] !== null) expect(Math.abs(modules[i]!.sum.macs / 1e6 - row[9]), row[0]).toBeLessThan(1)
    }
    const [, conv2] = table.rows.filter(row => row.kind === 'convolution')
    expect(conv2).toMatchObject({
      type: 'convolution',
      patch: '3×3/1',
      depth: 2,
      sum: { weights: 114_688, macs: 359_661_568 },
    })
  })

  test('poolings, depth and totals', () => {
    expect(
      table.rows.filter(row => row.kind === 'pool').map(row => `${row.type} ${row.patch} ${row.output!.join('×')}`),
    ).toEqual([
      'max pool 3×3/2 56×56×64',
      'max pool 3×3/2 28×28×192',
      'max pool 3×3/2 14×14×480',
      'max pool 3×3/2 7×7×832',
      'avg pool 7×7/1 1×1×1024',
    ])
    expect(table.depth).toBe(22)
    expect(table.total).toMatchObject({ params: 6_998_552, weights: 6_990_272, macs: 1_582_671_872 })
    expect(table.rows.some(row => row.type === 'dropout (40%)')).toBe(true)
  })
})

test('the separable stem is one convolution with the weights and ops of the paper', () => {
  const [stem] = paperTable(example('googlenet-separable.yaml').graph).rows
  expect(stem).toMatchObject({ name: 'conv1', patch: '7×7/2', depth: 1, sum: { weights: 2712, macs: 34_019_328 } })
  const [name, , , , , ...rest] = paperCells(paperTable(example('googlenet-separable.yaml').graph), {
    ...PAPER_DEFAULTS,
    biases: 'none',
  }).rows[0]!
  expect([name, ...rest.slice(-2)]).toEqual(['conv1', '2.7K', '34M'])
})

test('FaceNet’s NN2 gives every row of its table; 4a as its columns come to', () => {
  const rows = named(example('facenet-nn2.yaml'), [...MODULE, 'params', 'ops'], { biases: 'both' })
  expect(rows).toEqual(FACENET.map(row => [...row]))
  const table = paperTable(example('facenet-nn2.yaml').graph)
  expect(table.rows.find(row => row.name === '4a')!.sum).toMatchObject({ params: 545_536, macs: 544_768 * 196 })
})

test('FaceNet’s NN2 as printed: every cell but the params of 4a, which no rounding of K gives with the others', () => {
  const printed = FACENET_PARAMS
  const { rows } = paperTable(example('facenet-nn2.yaml').graph)
  const params = printed.map(([name]) => rows.find(row => row.name === name)!.sum.params)
  const wrong = (write: (value: number) => string): string[] =>
    printed.flatMap(([name, text], i) => (write(params[i]!) === text ? [] : [name]))
  const K = (round: (value: number) => number, kilo: number) => (value: number) =>
    value < 1e6 ? `${round(value / kilo)}K` : `${(round(value / 1e5) / 10).toFixed(1)}M`
  expect(wrong(value => paperParams(value, 1000))).toEqual(['4a'])
  expect(wrong(K(Math.round, 1000))).toEqual(['4a'])
  expect(wrong(K(Math.floor, 1000))).toEqual(['conv2', '3a', '3b', '3c', '5a', '5b'])
  expect(wrong(K(Math.ceil, 1000)).length).toBeGreaterThan(5)
  expect(wrong(K(Math.round, 1024)).length).toBeGreaterThan(5)
  // Counted without biases 4a is what is printed, and 3a and 3b are not.
  const weights = new Map(rows.map(row => [row.name, paperParams(row.sum.weights, 1000)]))
  expect(['3a', '3b', '4a'].map(name => weights.get(name))).toEqual(['163K', '227K', '545K'])
})

test('FaceNet’s NN2 against the table beside the project, where it is', () => {
  const file = path.join(shared, 'oracle/table-facenet-nn2.json')
  if (!existsSync(file)) return expect(FACENET).toHaveLength(13)
  const published = JSON.parse(readFileSync(file, 'utf8'))
  const rows = paperTable(example('facenet-nn2.yaml').graph).rows
  for (const [name, [params, ops]] of Object.entries<[number, number]>(published.recomputed_params_and_MACs_M)) {
    const { sum } = rows.find(row => row.name === name)!
    expect([name, sum.params]).toEqual([name, params])
    expect(Math.abs((sum.macs + sum.biasOps) / 1e6 - ops), name).toBeLessThan(0.051)
  }
})

test.each([
  ['examples/resnet50.yaml'],
  ['../shared/corpora/caffe/KaimingHe+deep-residual-networks/prototxt/ResNet-50-deploy.prototxt'],
])('ResNet-50 of %s has the stages of the paper', name => {
  const file = path.join(root, name)
  if (!existsSync(file)) return expect(name).toContain('shared')
  const model = fileOf(file)
  expect(named(model, ['layer', 'output size', 'patch size/stride'])).toEqual(RESNET50.map(row => [...row]))
  const { rows, depth } = paperTable(model.graph)
  expect(depth).toBe(50)
  expect(rows.filter(row => row.kind === 'residual').map(row => row.depth)).toEqual([9, 12, 18, 9])
})

test('VGG-16 in PyTorch has the rows of configuration D', () => {
  const text = `import torch.nn as nn
class VGG(nn.Module):
    def __init__(self):
        super().__init__()
        layers, cin = [], 3
        for v in [64, 64, 'M', 128, 128, 'M', 256, 256, 256, 'M', 512, 512, 512, 'M', 512, 512, 512, 'M']:
            if v == 'M':
                layers += [nn.MaxPool2d(2, 2)]
            else:
                layers += [nn.Conv2d(cin, v, 3, padding=1), nn.ReLU(True)]
                cin = v
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Linear(25088, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000))
    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))
`
  const model = modelOf('vgg.py', text)
  expect(named(model, ['layer', 'output size', 'patch size/stride'])).toEqual(VGG16.map(row => [...row]))
})

describe('small graphs', () => {
  test('names do not matter, the graph does: branches from one value that are joined along channels', () => {
    const { rows } = list(`  - branches:
      a: [{Conv2d: {out_channels: 8, kernel_size: 1}}]
      b: [{Conv2d: {out_channels: 4, kernel_size: 1}}, {Conv2d: {out_channels: 6, kernel_size: 3, padding: 1}}]
    merge: concat
`)
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ kind: 'inception', type: 'inception (1a)', output: [8, 8, 14], depth: 2 })
    expect(rows[0]!.branches.map(b => [b.column, b.reduce, b.channels])).toEqual([
      ['n1x1', null, 8],
      ['n3x3', 4, 6],
    ])
    // 16·8 + 8 + 16·4 + 4 + 9·4·6 + 6
    expect(rows[0]!.sum).toMatchObject({ weights: 408, params: 426, macs: 408 * 64, biasOps: 18 * 64 })
  })

  test('branches that are added are no module', () => {
    const { rows } = list(`  - branches:
      a: [{Conv2d: {out_channels: 8, kernel_size: 1}}]
      b: [{Conv2d: {out_channels: 4, kernel_size: 1}}, {Conv2d: {out_channels: 8, kernel_size: 3, padding: 1}}]
    merge: add
`)
    expect(rows.map(row => [row.kind, row.patch])).toEqual([['residual', '[1×1, 4; 3×3, 8]']])
  })

  test('a depthwise convolution and a 1×1 are one layer, two with an activation between', () => {
    const dw = '  - Conv2d: {out_channels: 16, kernel_size: 3, padding: 1, groups: 16}\n'
    const pw = '  - Conv2d: {out_channels: 32, kernel_size: 1}\n'
    expect(list(dw + pw).rows.map(row => [row.patch, row.depth])).toEqual([['3×3/1', 1]])
    expect(list(`${dw}  - ReLU\n${pw}`).rows.map(row => [row.patch, row.depth])).toEqual([['[3×3 dw, 16; 1×1, 32]', 2]])
  })

  test('what is not understood stays unknown, and so does the total', () => {
    const model = modelOf(
      'net.py',
      `import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3)
    def forward(self, x):
        return torch.fft.rfft2(self.a(x))
`,
    )
    const table = paperTable(model.graph)
    const { rows, total } = paperCells(table, PAPER_DEFAULTS)
    expect(rows.at(-1)!.slice(-2)).toEqual(['?', '?'])
    expect(total.slice(-2).every(cell => cell.startsWith('≥ '))).toBe(true)
  })
})

test.each(['densenet121.yaml', 'squeezenet1_0.yaml', 'fcn32s.yaml', 'network-in-network.yaml', 'resnet18.yaml'])(
  'rows of %s add up to the totals, each node in one row',
  name => {
    const model = example(name)
    const { rows, total } = paperTable(model.graph)
    expect({ params: total.params, macs: total.macs }).toEqual({ params: model.totals.params, macs: model.totals.macs })
    const nodes = rows.flatMap(row => row.nodes)
    expect(new Set(nodes).size).toBe(nodes.length)
  },
)
