/** Families of networks as their papers write them, recognised from the graph: names of layers say nothing. */
import { describe, expect, test } from 'vitest'
import { analyze, type ModelAnalysis } from '../../src/analysis/analyze'
import { type PaperTable, paperTable } from '../../src/analysis/paper'
import { PAPER_DEFAULTS } from '../../src/features/paperCells'
import { paperReport } from '../../src/features/paperFormats'

/** A PyTorch network: what it builds, how it calls it, and its input. */
function torch(init: string, forward: string, input = '3x224x224', more = ''): ModelAnalysis {
  const text = `# convlens: input=${input}
import torch
from torch import nn
import torch.nn.functional as F
${more}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
${indented(init)}
    def forward(self, x):
${indented(forward)}
`
  const analysis = analyze({ uri: 'file:///net.py', name: 'net.py', text })!
  return analysis.model(analysis.models.find(({ name }) => name === 'Net'))!
}
const indented = (lines: string): string => lines.replace(/^/gm, '        ')

/** Rows that have a name: name, type, patch and output. */
const named = ({ rows }: PaperTable): string[][] =>
  rows.filter(row => row.name).map(row => [row.name, row.type, row.patch, row.output!.join('×')])

function isTrue(model: ModelAnalysis): PaperTable {
  const table = paperTable(model.graph)
  const nodes = table.rows.flatMap(row => row.nodes)
  expect(new Set(nodes).size).toBe(nodes.length)
  for (const key of ['params', 'macs'] as const)
    expect(table.rows.reduce((sum, row) => sum + row.sum[key], 0)).toBe(model.totals[key])
  return table
}

/** Sandler et al., MobileNetV2 (2018), Table 2: expansion, channels, repeats, stride of each row. */
test('MobileNetV2 has the rows of its paper', () => {
  const more = `
class Unit(nn.Module):
    def __init__(self, cin, cout, stride, t):
        super().__init__()
        wide = cin * t
        self.skip = stride == 1 and cin == cout
        layers = []
        if t != 1:
            layers += [nn.Conv2d(cin, wide, 1, bias=False), nn.BatchNorm2d(wide), nn.ReLU6()]
        layers += [nn.Conv2d(wide, wide, 3, stride, 1, groups=wide, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(),
                   nn.Conv2d(wide, cout, 1, bias=False), nn.BatchNorm2d(cout)]
        self.body = nn.Sequential(*layers)
    def forward(self, x):
        return x + self.body(x) if self.skip else self.body(x)
`
  const model = torch(
    `layers, cin = [nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6()], 32
for t, c, n, s in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
    for i in range(n):
        layers.append(Unit(cin, c, s if i == 0 else 1, t))
        cin = c
layers += [nn.Conv2d(cin, 1280, 1, bias=False), nn.BatchNorm2d(1280), nn.ReLU6()]
self.layers = nn.Sequential(*layers)
self.last = nn.Linear(1280, 1000)`,
    'return self.last(self.layers(x).mean([2, 3]))',
    '3x224x224',
    more,
  )
  const table = isTrue(model)
  const unit = (cin: number, c: number): string => `[1×1, ${6 * cin}; 3×3 dw, ${6 * cin}; 1×1, ${c}]`
  const row = (name: string, size: number, cin: number, c: number, n: number): string[] => {
    const others = n > 2 ? `, ${unit(c, c)} ×${n - 1}` : n > 1 ? `, ${unit(c, c)}` : ''
    return [name, 'inverted residual', unit(cin, c) + others, `${size}×${size}×${c}`]
  }
  expect(named(table)).toEqual([
    ['conv1_1', 'convolution', '3×3/2', '112×112×32'],
    ['conv1_2', 'inverted residual', '[3×3 dw, 32; 1×1, 16]', '112×112×16'],
    row('conv2_x', 56, 16, 24, 2),
    row('conv3_x', 28, 24, 32, 3),
    row('conv4_1', 14, 32, 64, 4),
    row('conv4_2', 14, 64, 96, 3),
    row('conv5_1', 7, 96, 160, 3),
    row('conv5_2', 7, 160, 320, 1),
    ['conv5_3', 'convolution', '1×1/1', '7×7×1280'],
    ['fc', 'linear', '', '1×1×1000'],
  ])
  // 3.4M and 300M in the paper.
  expect([table.total.params, table.total.macs]).toEqual([3_504_872, 300_774_272])
})

describe('what is an inverted residual', () => {
  const small = (first: string, last: string): PaperTable =>
    isTrue(
      torch(
        `self.a = nn.Sequential(${first}nn.Conv2d(32, 32, 3, 1, 1, groups=32), nn.ReLU(), nn.Conv2d(32, 16, 1)${last})`,
        'return self.a(x)',
        '8x8x8',
      ),
    )
  const expand = 'nn.Conv2d(8, 32, 1), nn.ReLU(), '
  test.each([
    ['expanded and brought back without an activation', expand, '', 'inverted residual'],
    ['a norm behind it', expand, ', nn.BatchNorm2d(16)', 'inverted residual'],
    ['an activation behind it', expand, ', nn.ReLU()', 'convolution'],
    ['an activation behind the norm', expand, ', nn.BatchNorm2d(16), nn.ReLU()', 'convolution'],
  ])('%s', (_, first, last, type) => {
    expect(small(first, last).rows.map(row => row.type)).toEqual([type])
  })

  test('MobileNet’s separable pairs are none, and are told pairwise', () => {
    const pair = (cin: number, cout: number): string =>
      `nn.Conv2d(${cin}, ${cin}, 3, 1, 1, groups=${cin}), nn.ReLU(), nn.Conv2d(${cin}, ${cout}, 1), nn.ReLU()`
    const { rows } = isTrue(
      torch(
        `self.a = nn.Sequential(${pair(8, 16)}, ${[1, 2, 3].map(() => pair(16, 16)).join(', ')})`,
        'return self.a(x)',
        '8x8x8',
      ),
    )
    expect(rows.map(row => [row.type, row.patch])).toEqual([
      ['convolution', '[3×3 dw, 8; 1×1, 16], [3×3 dw, 16; 1×1, 16] ×3'],
    ])
  })
})

test('gates are beside the way: a ResNet with them has the depth of one without', () => {
  const more = `
class Unit(nn.Module):
    def __init__(self, gated):
        super().__init__()
        self.a, self.b = nn.Conv2d(16, 16, 3, 1, 1), nn.Conv2d(16, 16, 3, 1, 1)
        self.f, self.g, self.gated = nn.Linear(16, 4), nn.Linear(4, 16), gated
    def forward(self, x):
        y = self.b(F.relu(self.a(x)))
        if self.gated:
            s = torch.sigmoid(self.g(F.relu(self.f(y.mean([2, 3])))))
            y = y * s[:, :, None, None]
        return F.relu(x + y)
`
  const table = isTrue(torch('self.u = nn.Sequential(Unit(True), Unit(True))', 'return self.u(x)', '16x8x8', more))
  expect(table.rows.map(row => [row.type, row.patch, row.depth])).toEqual([['residual', '[3×3, 16; 3×3, 16] ×2', 4]])
  expect(table.depth).toBe(4)
})

test('a unit that splits its channels is no dense block', () => {
  const table = isTrue(
    torch(
      'self.a = nn.Conv2d(8, 8, 3, 1, 1)',
      'for _ in range(2):\n    p, q = x.chunk(2, 1)\n    x = torch.cat([p, F.relu(self.a(q))], 1)\nreturn x',
      '16x8x8',
    ),
  )
  expect(table.rows.map(row => [row.type, row.patch])).toEqual([['split block', '[3×3, 8] ×2']])
  expect(table.total.params).toBe(9 * 64 + 8)
})

test('branches that part again are told in parentheses, whether they are joined once or twice', () => {
  const init = `self.a = nn.Conv2d(8, 4, 1)
self.b = nn.Conv2d(8, 6, 1)
self.l, self.r = nn.Conv2d(6, 6, (1, 3), padding=(0, 1)), nn.Conv2d(6, 6, (3, 1), padding=(1, 0))`
  const twice = 'b = self.b(x)\nreturn torch.cat([self.a(x), torch.cat([self.l(b), self.r(b)], 1)], 1)'
  const once = 'b = self.b(x)\nreturn torch.cat([self.a(x), self.l(b), self.r(b)], 1)'
  for (const forward of [twice, once]) {
    const { rows } = isTrue(torch(init, forward, '8x8x8'))
    expect(rows.map(row => row.kind)).toEqual(['inception'])
    expect(rows[0]!.branches.map(({ column, channels, text }) => [column, channels, text])).toEqual([
      ['n1x1', 4, '1×1, 4'],
      ['others', null, '1×1, 6; (1×3, 6 + 3×1, 6)'],
    ])
  }
})

test('a residual block around branches', () => {
  const { rows } = isTrue(
    torch(
      `self.a, self.b, self.c = nn.Conv2d(8, 4, 1), nn.Conv2d(8, 6, 3, padding=1), nn.Conv2d(10, 8, 1)`,
      'return x + self.c(torch.cat([self.a(x), self.b(x)], 1))',
      '8x8x8',
    ),
  )
  expect(rows.map(row => [row.type, row.patch])).toEqual([['residual', '[(1×1, 4 + 3×3, 6); 1×1, 8]']])
})

test('a map keeps its order around linear layers on its channels', () => {
  const { rows } = isTrue(
    torch(
      'self.a, self.b = nn.Conv2d(16, 16, 7, padding=3, groups=16), nn.Linear(16, 16)',
      'return x + self.b(self.a(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)',
      '16x8x12',
    ),
  )
  expect(rows.map(row => row.output)).toEqual([[8, 12, 16]])
})

test('where the analysis stopped, the total is a lower bound', () => {
  const model = torch('self.a = nn.Conv2d(3, 8, 3)', 'return self.a(x)', '3x8x8')
  const { total } = paperTable({ ...model.graph, stopped: 'too long' } as never)
  expect([total.paramsExact, total.macsExact]).toEqual([false, false])
})

test('LaTeX and CSV of a name and of cells with marks of theirs', () => {
  const text = `name: 50% a_b #1 & c\ninput: [8, 8, 8]
layers:
  - branches:
      a: [{Conv2d: {out_channels: 8, kernel_size: 1}}]
      b: [{Conv2d: {out_channels: 4, kernel_size: 1}}, {Conv2d: {out_channels: 6, kernel_size: [1, 7], padding: [0, 3]}}]
    merge: concat
`
  const model = analyze({ uri: 'file:///net.yaml', name: 'net.yaml', text })!.model()!
  const latex = paperReport(model, 'latex', PAPER_DEFAULTS)
  expect(latex.replace(/\\[%_#&]/g, '')).not.toMatch(/[%_#]/)
  const rows = latex.split('\n').filter(line => line.endsWith('\\\\'))
  expect(new Set(rows.map(row => row.replaceAll('\\&', '').split('&').length)).size).toBe(1)
  expect(latex).not.toMatch(/[^\n\x20-\x7e]/)
  const [head, first] = paperReport(model, 'csv', PAPER_DEFAULTS).split('\r\n')
  const cells = (line: string): string[] => line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)!.slice(0, -1)
  expect(cells(first!).length).toBe(cells(head!).length)
  expect(first).toContain('"1×1, 4; 1×7, 6"')
})
