/**
 * An edit that changes no word of a program gives what a reading from the start gives, without running it again; every
 * other edit runs it. That it did not run is seen by the weights, which are told apart by identity.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Analysis, analyze, type Environment } from '../../../src/analysis/analyze'
import { diskEnvironment } from '../../../src/cli/disk'
import type { Origin, Site } from '../../../src/core/graph'
import { hintTable } from '../../../src/features/hintLines'
import { shiftBetween, textOf } from '../../../src/frontends/python/shift'
import { tokenize } from '../../../src/frontends/python/syntax/tokens'

const root = path.join(__dirname, '../../..')
const torchvision = path.join(root, '.cache/torchvision/usr/lib/python3/dist-packages')
const disk = diskEnvironment([torchvision])

const FILES = [
  'examples/resnet_bottleneck.py',
  'examples/inception_module.py',
  'examples/bottleneck_4x4.py',
  'test/frontends/python/fixtures/varied.py',
  ...['resnet', 'densenet', 'googlenet']
    .map(name => `.cache/torchvision/usr/lib/python3/dist-packages/torchvision/models/${name}.py`)
    .filter(file => existsSync(path.join(root, file))),
]

describe('comments and blank lines', () => {
  test.each(FILES)('%s', { timeout: 60_000 }, file => {
    const text = readFileSync(path.join(root, file), 'utf8')
    const uri = pathToFileURL(path.join(root, file)).href
    const read = (of: string, previous?: Analysis): Analysis =>
      analyze({ uri, name: path.basename(file), text: of, languageId: 'python' }, { environment: disk }, previous)!
    const first = read(text)
    first.model()
    const ends = lineEnds(text)
    fc.assert(
      fc.property(
        fc.nat(ends.length - 1),
        fc.constantFrom('  # so wide', '\n', '  # 64 channels\n# and more', ' ', '\n\n    # x = 3\n'),
        (line, typed) => {
          const at = ends[line]!
          const edited = text.slice(0, at) + typed + text.slice(at)
          const moved = read(edited, first)
          expect(picture(moved)).toEqual(picture(read(edited)))
          expect(sharesWeights(moved, first)).toBe(true)
        },
      ),
      { numRuns: 12, seed: 7 },
    )
  })
})

const NET = `from torch import nn
from sizes import WIDTH

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, WIDTH, 3)  # wide
        self.head = nn.Conv2d(WIDTH, 10, 1)

    def forward(self, x):
        return self.head(self.conv(x))
`
const MODELS = `from torch import nn

class Wrong(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.head = nn.Conv2d(9, 10, 1)

    def forward(self, x):
        return self.head(self.conv(x))
`

describe('what is run again', () => {
  const environmentOf = (width: number): Environment => ({
    host: { read: uri => (uri === 'file:///w/sizes.py' ? `WIDTH = ${width}\n` : undefined), isDirectory: () => false },
    searchPath: [],
  })
  const read = (text: string, environment: Environment, previous?: Analysis): Analysis =>
    analyze({ uri: 'file:///w/net.py', name: 'net.py', text, languageId: 'python' }, { environment }, previous)!

  test('a number that was changed', () => {
    const before = read(NET, environmentOf(8))
    // 3 · 8 · 9 + 8 and 8 · 10 + 10.
    expect(before.model()!.totals.params).toBe(314)
    const edited = read(NET.replace('10, 1', '20, 1'), environmentOf(8), before)
    // 8 · 20 + 20 in place of 90.
    expect(edited.model()!.totals.params).toBe(404)
  })

  test('a module that it imports was changed', () => {
    const before = read(NET, environmentOf(8))
    expect(before.model()!.totals.params).toBe(314)
    // 3 · 16 · 9 + 16 and 16 · 10 + 10.
    expect(read(NET.replace('wide', 'wider'), environmentOf(16), before).model()!.totals.params).toBe(618)
  })

  test('with the same module it is not', () => {
    const before = read(NET, environmentOf(8))
    before.model()
    const after = read(NET.replace('wide', 'wider'), environmentOf(8), before)
    expect(sharesWeights(after, before)).toBe(true)
    // A text that moved is a start for the next one.
    const next = read(NET.replace('wide', 'wider still'), environmentOf(8), after)
    expect(sharesWeights(next, before)).toBe(true)
    expect(next.model()!.totals.params).toBe(314)
  })

  test('a model in which something is wrong, whose problem moves', () => {
    const before = read(MODELS, environmentOf(8))
    const place = (a: Analysis): string[] => a.model()!.problems.map(p => a.source.text.slice(p.span.start, p.span.end))
    expect(place(before)).toHaveLength(1)
    const after = read(MODELS.replace('3)\n', '3)  # here\n\n'), environmentOf(8), before)
    expect(place(after)).toEqual(place(before))
    expect(sharesWeights(after, before)).toBe(false)
  })

  test('a word in a comment that makes the file the main program', () => {
    const text = `${NET}\nif __name__ == '__main' + '__':\n    Net()\n`
    const before = read(text, environmentOf(8))
    before.model()
    expect(sharesWeights(read(text.replace('wide', '__main__'), environmentOf(8), before), before)).toBe(false)
  })
})

describe('places', () => {
  test('the same words at other places', () => {
    const shift = shiftBetween(textOf('a = 1 # one\nb = 2\n'), 'a = 1 # number one\nb = 2\n')!
    expect(shift.place({ start: 0, end: 5 })).toEqual({ start: 0, end: 5 })
    expect(shift.place({ start: 12, end: 17 })).toEqual({ start: 19, end: 24 })
  })

  // Found without reading the words again; what is read in full says the same.
  test.each([
    ['a comment that grows', 'a = 1 # one\nb = 2\n', 'a = 1 # one more\nb = 2\n'],
    ['a comment that loses its end', 'a = (1, # one\n  2)\nb = 2\n', 'a = (1, # o\n  2)\nb = 2\n'],
    ['a comment where nothing stood', 'a = 1\nb = 2\n', 'a = 1  # one\nb = 2\n'],
    ['a comment before another', 'a = 1 # one\nb = 2\n', 'a = 1 # so # one\nb = 2\n'],
  ])('%s', (_, before, after) => {
    const shift = shiftBetween(textOf(before), after)!
    const words = (text: string) => tokenize(text).filter(t => t.end > t.start)
    expect(words(before).map(({ start, end }) => shift.place({ start, end }))).toEqual(
      words(after).map(({ start, end }) => ({ start, end })),
    )
  })

  test.each([
    ['a comment behind a backslash', 'a = 1 + \\\n  2\n', 'a = 1 + \\ # one\n  2\n'],
    ['a sign of a comment in a string', "a = '# 1'\nb = 2\n", "a = '# 12'\nb = 2\n"],
    ['a comment before code', 'a = (1, 2)\nb = 2\n', 'a = (1, # 2)\nb = 2\n'],
    ['a comment that ends', 'a = 1 # b = 2\n', 'a = 1 # \nb = 2\n'],
    ['a number', 'a = 1\nb = 2\n', 'a = 1\nb = 23\n'],
    ['a word', 'a = 1\nb = c\n', 'a = 1\nb = d\n'],
    ['the inside of a string', "a = 1\nb = 'cd'\n", "a = 1\nb = 'ced'\n"],
    ['an indentation', 'if a:\n    b\n    c\n', 'if a:\n    b\nc\n'],
    ['a comment around code', 'a = 1\nb = 2\n', 'a = 1\n# b = 2\n'],
    ['a line cut in two', 'a = (1)\nb = 2 + c\n', 'a = (1)\nb = 2 \n+ c\n'],
  ])('%s moves nothing', (_, before, after) => {
    expect(shiftBetween(textOf(before), after)).toBeNull()
  })
})

/** Ends of lines between whole tokens: what is put there stands in no string. */
function lineEnds(text: string): number[] {
  const tokens = tokenize(text)
  return (
    [...text.matchAll(/\n/g)]
      .map(match => match.index)
      .filter(at => at > 0 && !tokens.some(t => t.start < at && t.end > at))
      // A line that goes on behind a backslash takes no comment.
      .filter(at => text[at - 1] !== '\\')
  )
}

const sharesWeights = (a: Analysis, b: Analysis): boolean =>
  a
    .model()!
    .graph.layers.some(
      (layer, i) => layer.weights.length > 0 && layer.weights[0] === b.model()!.graph.layers[i]?.weights[0],
    )

const siteOf = (site: Site | undefined) => site && { ...site }
const originOf = ({ site, called, asked, returned, ...rest }: Origin) => ({
  ...rest,
  sites: [site, called, asked, returned].map(siteOf),
})

/** All that a reader can see of a model, without what is told apart by identity only. */
function picture(analysis: Analysis) {
  const model = analysis.model()!
  const { graph } = model
  return {
    models: analysis.models,
    totals: model.totals,
    problems: model.problems,
    inputs: model.inputs,
    nodes: graph.nodes.map(node => ({
      id: node.id,
      op: node.op,
      attributes: node.attributes,
      origin: originOf(node.origin),
      scope: node.scope && graph.scopes.indexOf(node.scope),
      layer: node.layer && graph.layers.indexOf(node.layer),
      inputs: node.inputs.map(v => [v.shape, v.producer && graph.nodes.indexOf(v.producer)]),
      outputs: node.outputs.map(v => [v.shape, v.cause && graph.nodes.indexOf(v.cause)]),
      cost: node.cost,
    })),
    scopes: graph.scopes.map(({ origin, parent, first, last }) => ({
      first,
      last,
      origin: originOf(origin),
      parent: parent && graph.scopes.indexOf(parent),
    })),
    layers: graph.layers.map(({ op, origin, weights }) => ({ op, origin: originOf(origin), weights })),
    sites: model.sites.map(({ site }) => ({ ...site })),
    bindings: model.bindings!.map(({ name, parameter, site, shapes }) => ({
      name,
      parameter,
      site: { ...site },
      shapes,
    })),
    hints: hintTable(analysis, { unit: 'MACs', quietLayers: false, maximumLength: 0 })
      .between(0, Number.POSITIVE_INFINITY)
      .map(({ line, offset, parts }) => ({ line, offset, parts })),
  }
}
