/** The first form of a layer, `layers { layer { } }`, as src/caffe/util/upgrade_proto.cpp brings it into the later ones. */
import { expect, test } from 'vitest'
import { openNet, sizesOf } from './open'

const old = (name: string, type: string, bottom: string, fields = '', top = name): string =>
  `layers {\n  layer { name: "${name}" type: "${type}" ${fields} }\n${bottom ? `  bottom: "${bottom}"\n` : ''}  top: "${top}"\n}\n`
const INPUT = 'name: "First"\ninput: "data"\ninput_dim: 10\ninput_dim: 3\ninput_dim: 15\ninput_dim: 15\n'

const NET =
  INPUT +
  old('conv1', 'conv', 'data', 'num_output: 8 kernelsize: 3 stride: 2 biasterm: false blobs_lr: 0. weight_decay: 1.') +
  old('relu1', 'relu', 'conv1', '', 'conv1') +
  old('norm1', 'lrn', 'conv1', 'local_size: 3 alpha: 0.1') +
  old('pad2', 'padding', 'norm1', 'pad: 2') +
  old('conv2', 'conv', 'pad2', 'num_output: 4 kernelsize: 5 group: 2') +
  old('pool2', 'pool', 'conv2', 'pool: AVE kernelsize: 2 stride: 2') +
  old('drop', 'dropout', 'pool2', 'dropout_ratio: 0.25', 'pool2') +
  old('fc', 'innerproduct', 'pool2', 'num_output: 5') +
  old('prob', 'softmax', 'fc')

test('shapes, params and multiply-accumulates', () => {
  const net = openNet(NET)
  expect(net.problems).toEqual([])
  // (15−3)/2 + 1 = 7; the padding of its own layer keeps 7; 7/2 rounded up is 4, with the last window cut.
  expect([sizesOf(net.layer('conv1')), sizesOf(net.layer('conv2')), sizesOf(net.layer('pool2'))]).toEqual([
    ['N', 8, 7, 7],
    ['N', 4, 7, 7],
    ['N', 4, 4, 4],
  ])
  expect(net.totals.params).toBe(27 * 8 + (25 * 4 * 4 + 4) + (64 * 5 + 5))
  expect(net.totals.macs).toBe(27 * 8 * 49 + 25 * 4 * 4 * 49 + 64 * 5)
  expect(net.totals.params - net.totals.trainableParams).toBe(27 * 8)
  expect([net.layer('pool2').op, net.layer('drop').attributes.p]).toEqual(['avg_pool2d', 0.25])
})

test('a problem points at the number in the text', () => {
  const { problems } = openNet(NET.replace('group: 2', 'group: 3'))
  const [first] = problems
  expect(NET.replace('group: 2', 'group: 3').slice(first!.span.start, first!.span.end)).toBe('3')
})

test('data: the size is what is cut out', () => {
  const data = old('data', 'data', '', 'source: "db" batchsize: 5 cropsize: 15 mirror: true')
  expect(openNet(data + NET.slice(INPUT.length)).inputs).toEqual([{ name: 'data', shape: [3, 15, 15] }])
})

test('a padding that nothing known reads is left out, and its bottom is missed by no one', () => {
  const net = openNet(INPUT + old('pad', 'padding', 'data', 'pad: 1') + old('relu', 'relu', 'data'))
  expect(net.problems.filter(({ severity }) => severity === 'error')).toEqual([])
})

test('edits are not offered in this form', () => {
  const { file, graph } = openNet(NET)
  const site = graph.nodes.find(({ origin }) => origin.path === 'conv2')!.origin.site
  const refused = file.rewrite!({ site, steps: [] } as never, {} as never)
  expect(refused).toEqual({ refused: 'Layers of its form are read, not written.' })
})
