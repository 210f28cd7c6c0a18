import { expect, test } from 'vitest'
import { convlens, file, SMALL } from './terminal'

test('json is the contract: every key, exact integers, lines from 1', async () => {
  const cfg = file('small.cfg', SMALL)
  const { status, out } = await convlens(['analyze', cfg, '--format', 'json'])
  expect(status).toBe(0)
  const report = JSON.parse(out)
  expect(report).toMatchObject({ schemaVersion: 1, files: [{ file: cfg, format: 'darknet', problems: [] }] })
  const [model] = report.files[0].models
  expect(Object.keys(report.files[0])).toEqual(['file', 'format', 'models', 'problems'])
  expect(model).toMatchObject({
    name: 'small',
    line: 1,
    inputs: [{ shape: ['N', 3, 8, 8] }],
    outputs: [{ name: 'output', shape: ['N', 2, 4, 4] }],
    uncounted: [],
  })
  // Beside the multiply-accumulates: 2 an element of the norm, 1 of the activation, 4 an output of the pooling, 1 a bias.
  const otherOps = 2 * 256 + 256 + 4 * 64 + 32
  expect(model.totals).toEqual({
    params: 126,
    trainableParams: 126,
    buffers: 8,
    macs: 7040,
    flops: 14080,
    otherOps,
    activations: expect.any(Number),
    peakActivations: expect.any(Number),
    completeness: 'exact',
  })
  const convolution = model.layers.find((layer: { op: string }) => layer.op === 'conv2d')
  expect(convolution).toEqual({
    path: expect.any(String),
    type: expect.any(String),
    op: 'conv2d',
    line: 6,
    declaredLine: 6,
    inputs: [['N', 3, 8, 8]],
    outputs: [['N', 4, 8, 8]],
    params: 108,
    macs: 6912,
    stride: 1,
    receptiveField: 3,
  })
  const sum = (key: 'params' | 'macs'): number =>
    model.layers.reduce((total: number, layer: Record<string, number>) => total + layer[key]!, 0)
  expect([sum('params'), sum('macs')]).toEqual([126, 7040])
})

test('the table has aligned columns and nothing at the ends of its lines', async () => {
  const { out } = await convlens(['analyze', file('small.cfg', SMALL)])
  const lines = out.split('\n')
  expect(lines.slice(0, 7)).toEqual([
    'small, input 3×8×8',
    '',
    'layer  what                           output   params  MACs  share  field  line',
    '0      convolutional 3×3 3→4          N×4×8×8     116  6.9k    98%      3     6',
    '1      maxpool                        N×4×4×4       –     –      –      4    14',
    '2      convolutional 1×1 reduces 4→2  N×2×4×4      10   128   1.8%      4    18',
    'total                                             126  7.0k',
  ])
  expect(out).toContain('params       126 (8 buffers beside them)\n')
  expect(out).toContain('MACs         7,040 (14.1k FLOPs)\n')
})

test('csv has a row for every call, in whole numbers', async () => {
  const cfg = file('small.cfg', SMALL)
  const { out } = await convlens(['analyze', cfg, '--format', 'csv'])
  const [head, first] = out.split('\r\n')
  expect(head).toBe('file,model,path,type,op,line,inputs,outputs,params,macs,stride,receptive_field')
  expect(first!.split(',').slice(4)).toEqual(['conv2d', '6', 'Nx3x8x8', 'Nx4x8x8', '108', '6912', '1', '3'])
})

test('markdown has the totals and a table', async () => {
  const { out } = await convlens(['analyze', file('small.cfg', SMALL), '--format', 'markdown'])
  expect(out).toContain('## small\n\n126 params, 7.0k MACs, input 3×8×8\n\n| layer |')
  expect(out).toContain('| 1 | maxpool | N×4×4×4 | – | – | – | 14 |\n')
  expect(out).toContain('| **total** | | | **126** | **7.0k** | | |\n')
})

test('several files give one report', async () => {
  const files = [file('a.cfg', SMALL), file('b.cfg', SMALL)]
  const { out } = await convlens(['analyze', '--format', 'json', ...files])
  expect(JSON.parse(out).files.map((f: { file: string }) => f.file)).toEqual(files)
})

test('a file that cannot be used does not stop the others', async () => {
  const { status, out, err } = await convlens(['analyze', 'missing.cfg', file('a.cfg', SMALL), '--format', 'json'])
  expect(status).toBe(2)
  expect(err).toBe('convlens: missing.cfg: no such file.\n')
  expect(JSON.parse(out).files).toHaveLength(1)
})

test('another tool’s totals beside ours: Darknet counts 2 a MAC and the pooling', async () => {
  const { out } = await convlens(['analyze', file('a.cfg', SMALL), '--convention', 'darknet'])
  expect(out).toContain(
    `Darknet BFLOPs:\n  ${(2 * 7040 + 4 * 64).toLocaleString('en')} FLOPs\n  7,040 MACs as counted here\n`,
  )
})

test('progress stands on a terminal only', async () => {
  const cfg = file('a.cfg', SMALL)
  expect((await convlens(['analyze', cfg], { tty: true })).err).toContain(`reading ${cfg}`)
  expect((await convlens(['analyze', cfg])).err).toBe('')
})

test('a class that needs arguments is named with them, in a file that offers no model', async () => {
  const text = `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.fc = nn.Linear(3, units)

    def forward(self, x):
        return self.fc(x)
`
  const { status, out } = await convlens(['analyze', file('needs.py', text), '--model', 'Net(4)', '--format', 'json'])
  expect(status).toBe(0)
  expect(JSON.parse(out).files[0].models[0].totals.params).toBe(3 * 4 + 4)
  expect((await convlens(['analyze', file('needs.py', text)])).status).toBe(2)
})
