import { describe, expect, it } from 'vitest'
import { callChoices } from '../../src/features/pin'
import { checkHints, hoverAt, lensesOf } from '../support/check'
import { analysisOf } from '../support/fixture'

/**
 * Counted by hand, on 3×16×16, convolutions without bias: stem 27·8 = 216 weights at 256 positions; body.0 is 72·8 = 576
 * at 256; body.1 has stride 2 and doubles the channels: 72·16 = 1,152 at 64 positions.
 */
const PYTHON = `# convlens: input=3x16x16
from torch import nn


class Block(nn.Module):
    def __init__(self, inner, outer, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(outer)

    def forward(self, x):
        x = self.conv(x)
        return self.norm(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 1, 1, bias=False)
        self.body = nn.Sequential(Block(8, 8), Block(8, 16, 2))
        self.once = Head()

    def forward(self, x):
        return self.once(self.body(self.stem(x)))


class Head(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))
`
const CONV = 7
const FORWARD = 11

/** The text with words over carets under some of its lines. */
const marked = (text: string, marks: Readonly<Record<string, string>>): string =>
  text
    .split('\n')
    .flatMap(line => {
      const words = marks[line.trim()]
      return words === undefined ? [line] : [line, `${' '.repeat(line.length - 1)}^ ${words}`]
    })
    .join('\n')

const ELSEWHERE = {
  'self.stem = nn.Conv2d(3, 8, 3, 1, 1, bias=False)': 'N×8×16×16 · 216 params · 55.3k MACs',
  'self.body = nn.Sequential(Block(8, 8), Block(8, 16, 2))': 'N×16×8×8 · 1.8k params · 221k MACs',
  'self.once = Head()': 'N×16',
  'return self.once(self.body(self.stem(x)))': 'N×16',
  'return x.mean((2, 3))': 'N×16',
}

describe('a pinned instance of a Python class', () => {
  it.each([
    [undefined, 'x: N×8×16×16 ×2', '8×16×16…16×8×8 ×2 · 1.7k params · 221k MACs', '8×16×16…16×8×8 ×2'],
    ['body.0', 'x: N×8×16×16', 'N×8×16×16 · 576 params · 147k MACs', 'N×8×16×16'],
    ['body.1', 'x: N×8×16×16', 'N×16×8×8 · 1.2k params · 73.7k MACs', 'N×16×8×8'],
  ])('%s', (pin, parameter, conv, shape) => {
    const words = {
      ...ELSEWHERE,
      'self.conv = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)': conv,
      'x = self.conv(x)': shape,
      'return self.norm(x)': shape,
    }
    const lines = marked(PYTHON, words).split('\n')
    // Three classes have a line def forward(self, x): in text order that of Block, Net, Head.
    const parameters = [parameter, 'x: N×3×16×16', 'x: N×16×8×8']
    const fixture = lines.flatMap(line =>
      line.trim() === 'def forward(self, x):'
        ? [line, `${' '.repeat(line.length - 1)}^ ${parameters.shift()}`]
        : [line],
    )
    checkHints(fixture.join('\n'), { name: 'net.py', ...(pin === undefined ? {} : { pin }) })
  })

  it('is said by the lens, which shows all again', () => {
    const at = (pin?: string) =>
      lensesOf(PYTHON, { name: 'net.py', ...(pin === undefined ? {} : { pin }) }).filter(lens => lens.startsWith('4:'))
    // 221,184 of 276,480 MACs; body.0 alone 147,456, body.1 73,728.
    expect(at()).toEqual([
      '4: 2 calls in Net, 80% of its MACs → convlens.showCost',
      '4: show all 2 → convlens.pinCall',
      '4: pin body.0 → convlens.pinCall',
    ])
    expect(at('body.1')).toEqual([
      '4: body.1, 1 of 2 calls in Net, 27% of its MACs → convlens.showCost',
      '4: show all 2 → convlens.showAllCalls',
      '4: pin another → convlens.pinCall',
    ])
  })

  it('is not offered for a block that is called once', () => {
    const lenses = lensesOf(PYTHON, { name: 'net.py' }).filter(lens => lens.startsWith('26:'))
    expect(lenses).toEqual(['26: 1 call in Net → convlens.showCost'])
  })

  it('is offered by the hover, which lists all calls whether one is pinned or not', () => {
    const fixture = PYTHON.replace('self.conv = ', 'self.co$0nv = ')
    const all = hoverAt(fixture, { name: 'net.py', commands: true })!
    expect(all).toContain(`[Pin one call](command:convlens.pinCall?${encodeURIComponent('["file:///net.py",null,7]')})`)
    expect(all).not.toContain('Show all calls')
    const pinned = hoverAt(fixture, { name: 'net.py', commands: true, pin: 'body.1' })!
    expect(pinned).toContain('[Show all calls](command:convlens.showAllCalls?')
    for (const where of ['body.0', 'body.1']) expect(pinned).toContain(where)
    // Numbers are put in for the call that is shown: 147,456 in body.0, 73,728 in body.1.
    expect(all).toContain('= 147,456 (')
    expect(pinned).toContain('= 73,728 (')
    expect(hoverAt(PYTHON.replace('self.stem = ', 'self.st$0em = '), { name: 'net.py', commands: true })).not.toContain(
      'Pin one call',
    )
  })

  it('is chosen among the calls of the block around the line, else of all blocks', () => {
    const analysis = analysisOf(PYTHON, 'net.py')
    const calls = [
      { path: 'body.0', block: 'Block', detail: 'N×8×16×16 · 147k MACs, 53%' },
      { path: 'body.1', block: 'Block', detail: 'N×16×8×8 · 73.7k MACs, 27%' },
    ]
    for (const line of [4, CONV, FORWARD, null, 0, 20]) expect(callChoices(analysis, line, 'MACs')).toEqual(calls)
    expect(callChoices(analysisOf('layers:\n  - ReLU\n', 'net.yaml'), 0, 'MACs')).toEqual([])
  })
})

describe('a pinned instance of a YAML block', () => {
  const YAML = `input: [3, 16, 16]
blocks:
  unit:
    params: {channels: , stride: 1}
    layers:
      - Conv2d: {out_channels: "\${channels}", kernel_size: 3, stride: "\${stride}", padding: 1, bias: false}
layers:
  - unit: {name: first, channels: 8}
  - unit: {name: rest, channels: 16, repeat: 2, first: {stride: 2}}
`
  // 27·8 at 256 positions; 72·16 and 144·16 at 64.
  const outside = {
    '- unit: {name: first, channels: 8}': 'N×8×16×16 · 216 params · 55.3k MACs',
    '- unit: {name: rest, channels: 16, repeat: 2, first: {stride: 2}}': 'N×16×8×8 · 3.5k params · 221k MACs',
  }
  const row = '- Conv2d: {out_channels: "${channels}", kernel_size: 3, stride: "${stride}", padding: 1, bias: false}'
  it.each([
    [undefined, '8×16×16…16×8×8 ×3 · 3.7k params · 276k MACs'],
    ['first', 'N×8×16×16 · 216 params · 55.3k MACs'],
    ['rest.0', 'N×16×8×8 · 1.2k params · 73.7k MACs'],
    ['rest.1', 'N×16×8×8 · 2.3k params · 147k MACs'],
  ])('%s', (pin, words) =>
    checkHints(marked(YAML, { ...outside, [row]: words }), { ...(pin === undefined ? {} : { pin }) }),
  )

  it('is said by the lens', () => {
    expect(lensesOf(YAML)).toContain('2: pin rest.0 → convlens.pinCall')
    expect(lensesOf(YAML, { pin: 'rest.1' })).toContain(
      '2: rest.1, 1 of 3 calls in net, 53% of its MACs → convlens.showCost',
    )
  })
})
