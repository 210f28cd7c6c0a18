import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { applied, fixesOf } from '../../../../src/analysis/corrections'
import { cellsOf, lineOf, modelOf, openPython } from '../open'
import { newLines, wrongPrograms } from './table'

const errorsOf = (text: string) => modelOf(text)!.problems.filter(p => p.severity === 'error')

describe('programs that PyTorch refuses', () => {
  const wrong = wrongPrograms()
  test('are many', () => expect(wrong.length).toBeGreaterThanOrEqual(100))

  test.each(wrong)('$title', ({ text, line, words: [code, ...numbers], fixed, titles }) => {
    const analysis = openPython(text)
    const errors = analysis.model()!.problems.filter(p => p.severity === 'error')
    // One bug is told once.
    expect(errors.map(p => `${p.code} in line ${lineOf(text, p)}`)).toEqual([`${code} in line ${line}`])
    const { message } = errors[0]!
    for (const number of numbers) expect(message).toMatch(new RegExp(`(?<!\\d)${number}(?!\\d)`))

    const fixes = fixesOf(analysis, errors[0]!)
    const texts = fixes.map(fix => applied(text, fix.edits))
    expect(texts[0] === undefined ? [] : newLines(text, texts[0])).toEqual(fixed)
    if (titles.length > 0) expect(fixes.map(fix => fix.title)).toEqual(titles)
    else expect(fixes.length).toBeLessThan(2)
    expect(fixes.slice(1).every(fix => !fix.preferred)).toBe(true)
    // Whichever is chosen, the program is right then.
    for (const after of texts) expect(errorsOf(after)).toEqual([])
  })
})

describe('programs that run', () => {
  const right = cellsOf(readFileSync(path.join(import.meta.dirname, 'right.py'), 'utf8'))
  test('are many', () => expect(right.length).toBeGreaterThanOrEqual(100))

  test.each(right)('$title', ({ text, words }) => {
    const model = modelOf(text)
    if (words[0] === 'silent') {
      expect(model?.problems.filter(p => p.severity === 'error' || p.severity === 'warning') ?? []).toEqual([])
      return
    }
    if (!model) throw new Error('There is no model.')
    expect(model.problems.filter(p => p.severity !== 'hint')).toEqual([])
    expect(model.uncounted).toEqual([])
    const expected = words.map(word => (word === 'scalar' ? [] : word.split('×').map(Number)))
    expect(model.graph.outputs).toHaveLength(expected.length)
    model.graph.outputs.forEach(({ shape }, i) => {
      expect(shape).toHaveLength(expected[i]!.length)
      // The batch that the program ran with stands where N does.
      expect(shape!.map((dim, at) => (typeof dim === 'number' ? dim : expected[i]![at]))).toEqual(expected[i])
      expect(shape!.filter(dim => typeof dim !== 'number').length).toBeLessThanOrEqual(1)
    })
  })
})

describe('a model whose input nobody names', () => {
  const net = (declared: string, forward: string, head = ''): string =>
    `${head}import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n${declared.replace(/^/gm, '        ')}\n\n    def forward(self, x):\n        return ${forward}\n`
  const told = (text: string): string[] => modelOf(text)!.problems.map(p => `${p.severity} ${p.code}`)
  const LENET = net(
    'self.conv = nn.Conv2d(1, 8, 5)\nself.fc = nn.Linear(8 * 24 * 24, 10)',
    'self.fc(self.conv(x).flatten(1))',
  )

  test('is not wrong for sizes that it was not made for', () => {
    // A size that it takes is found, where there is one: 19 is no multiple of the 8 maps.
    expect(told(LENET)).toEqual([])
    expect(told(LENET.replace('8 * 24 * 24', '19'))).toEqual(['hint shape-mismatch'])
    expect(told(`# convlens: input=1x28x28\n${LENET}`)).toEqual([])
    expect(told(`# convlens: input=1x32x32\n${LENET}`)).toEqual(['error shape-mismatch'])
    expect(
      told(
        net(
          'self.pos = nn.Parameter(torch.zeros(1, 65, 8))\nself.c = nn.Conv2d(3, 8, 4, 4)',
          'self.c(x).flatten(2).transpose(1, 2) + self.pos',
        ),
      ),
    ).toEqual(['hint shape-mismatch'])
  })

  test('is wrong where its channels do not meet, or its names', () => {
    expect(told(net('self.a = nn.Conv2d(3, 8, 3)\nself.b = nn.Conv2d(16, 8, 3)', 'self.b(self.a(x))'))).toEqual([
      'error shape-mismatch',
    ])
    expect(told(net('self.a = nn.Conv2d(3, 8, 3)', 'self.c(x)'))).toEqual(['error bad-argument'])
  })

  test('is not wrong where only we made it without its arguments, or its class is completed by others', () => {
    const quantized = `from torch import nn


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c = nn.Conv2d(3, width, 3)

    def forward(self, x):
        return self.c(x)


class Quantized(Net):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)

    def forward(self, x):
        return super().forward(x)
`
    const completed = `from torch import nn


class Base(nn.Module):
    def forward(self, x):
        return self.conv1(x)


class Whole(Base):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3)
`
    for (const text of [quantized, completed]) {
      const problems = modelOf(text)?.problems ?? []
      expect(problems.filter(p => p.severity === 'error')).toEqual([])
    }
  })
})
