import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layerLists } from '../../../src/frontends/yaml'
import { built } from './support'

const EXAMPLES = join(__dirname, '..', '..', '..', 'examples')
const texts = readdirSync(EXAMPLES)
  .filter(f => f.endsWith('.yaml'))
  .map(f => readFileSync(join(EXAMPLES, f), 'utf8'))

/** A kindle-like file, so that positional rows are damaged too. */
const POSITIONAL = `input_size: [32, 32]
input_channel: 3
depth_multiple: 0.5
width_multiple: 1.0
act: &act SiLU
backbone:
  [
    [-1, 1, Focus, [8, 3], {activation: *act}],
    [-1, 3, C3, [16]],
    [-1, 1, MobileViTBlock, [16, 32, 1]],
    [[0, -1], 1, Concat, [1]],
    [-1, 1, SPP, [16, [5, 9]]],
    [-1, 2, MV2Block, [16, 2]],
    [-1, 1, nn.Upsample, [None, 2]],
  ]
head:
  - [[3, 5], 1, YOLOHead, [3, [[1, 2, 3, 4], [5, 6, 7, 8]]]]
`

const PIECES = [
  ...[
    '',
    ' ',
    '\n',
    '  - ',
    '- ',
    ':',
    ': ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '${',
    '}',
    '#',
    '&a ',
    '*a',
    '<<: ',
    '-1',
    '1e9',
  ],
  ...[
    '.nan',
    '.inf',
    '-.inf',
    '0',
    '99999999999999999999',
    'null',
    'true',
    '~',
    '\0',
    '\t',
    'from: ',
    'repeat: 3',
    'name: a',
  ],
  ...['type: ', 'Conv2d', 'residual:', 'branches:', 'layers:', 'blocks:', '__proto__', 'constructor', '1.5', '|', '> '],
]

describe('whatever is typed', () => {
  test('nothing throws, spans lie in the text, numbers are whole', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...texts, POSITIONAL),
        fc.array(fc.tuple(fc.nat(), fc.nat(20), fc.constantFrom(...PIECES)), { minLength: 1, maxLength: 4 }),
        (start, edits) => {
          let text = start
          for (const [at, cut, put] of edits) {
            const place = at % (text.length + 1)
            text = text.slice(0, place) + put + text.slice(place + cut)
          }
          const { file, model, sums } = built(text)
          const spans = [...file.problems, ...model.graph.problems].flatMap(p => [
            p.span,
            ...(p.related ?? []).map(r => r.span),
            ...(p.fixes ?? []).flatMap(f => f.edits.map(e => e.span)),
          ])
          spans.push(
            ...model.graph.nodes.map(n => n.origin.site.span),
            ...model.graph.links.flatMap(l => [l.span, l.target]),
          )
          for (const span of spans) {
            expect([span, 0 <= span.start && span.start <= span.end && span.end <= text.length]).toEqual([span, true])
          }
          for (const number of [sums.params, sums.macs, sums.buffers]) expect(Number.isSafeInteger(number)).toBe(true)
          file.outline()
          layerLists.detect({ uri: 'a', name: 'a.yaml', text })
          layerLists.complete!({ uri: 'a', name: 'a.yaml', text }, edits[0]![0] % (text.length + 1))
        },
      ),
      { numRuns: 400 },
    )
  }, 60_000)

  test('a file built after an edit equals the file built afresh', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts, POSITIONAL), fc.nat(), fc.constantFrom(...PIECES), (text, at, put) => {
        const place = at % (text.length + 1)
        const edited = text.slice(0, place) + put + text.slice(place)
        const source = { uri: 'a', name: 'a.yaml', text: edited }
        const again = layerLists.open(source, layerLists.open({ ...source, text }))
        const fresh = layerLists.open(source)
        const brief = (file: typeof again) => {
          const { graph } = file.build({ model: '', inputs: [] })
          return [
            file.problems,
            graph.problems,
            graph.nodes.map(n => [n.origin.path, n.op, n.cost, n.origin.site.span]),
          ]
        }
        expect(brief(again)).toEqual(brief(fresh))
      }),
      { numRuns: 100 },
    )
  }, 60_000)
})

const nest = (levels: number): string =>
  Array.from(
    { length: levels },
    (_, i) =>
      `  b${i}:\n    layers: [${Array(10)
        .fill(i === 0 ? 'ReLU' : `b${i - 1}`)
        .join(', ')}]\n`,
  ).join('')

describe('bounded', () => {
  test.each<[string, string, RegExp | null]>([
    [
      '100,000 rows',
      `input: [3, 8, 8]\nlayers:\n${'  - {type: Conv2d, out_channels: 3, kernel_size: 1}\n'.repeat(100_000)}`,
      null,
    ],
    ['300,000 rows', `input: [3, 8, 8]\nlayers:\n${'  - ReLU\n'.repeat(300_000)}`, /Stopped after/],
    [
      '10,000 positional rows',
      `input_shape: [3, 8, 8]\nbackbone:\n  [\n${'    [-1, 1, Conv, [8, 1]],\n'.repeat(10_000)}  ]\n`,
      null,
    ],
    [
      'blocks ten times in ten blocks, nine deep',
      `input: [3, 8, 8]\nblocks:\n${nest(9)}layers: [b8]\n`,
      /Stopped after/,
    ],
    [
      'repeats in repeats',
      `input: [3, 8, 8]\nlayers:\n  - layers:\n      - layers: [ReLU]\n        repeat: 10000\n    repeat: 10000\n`,
      /Stopped after/,
    ],
    [
      'repeats of nothing',
      `input: [3, 8, 8]\nlayers:\n  - layers:\n      - layers: []\n        repeat: 10000\n    repeat: 10000\n`,
      /Stopped after/,
    ],
    [
      'lists in lists',
      `input: [3, 8, 8]\nlayers:\n${Array.from({ length: 90 }, (_, i) => `${'  '.repeat(i + 1)}- layers:\n`).join('')}`,
      null,
    ],
    [
      'an alias of its own list',
      'input: [3, 8, 8]\nlayers: &l\n  - layers: *l\n  - ReLU\n',
      /lists inside one another/,
    ],
    [
      'aliases of aliases',
      `input: [3, 8, 8]\na: &a [ReLU]\n${Array.from(
        { length: 8 },
        (_, i) =>
          `a${i}: &a${i} [${Array(10)
            .fill(`{layers: *a${i === 0 ? '' : i - 1}}`)
            .join(', ')}]\n`,
      ).join('')}layers: *a7\n`,
      /Stopped after/,
    ],
    ['10 MB', `input: [3, 8, 8]\nlayers:\n${'#'.repeat(10_000_001)}`, /more than 10 MB/],
  ])(
    '%s',
    (_, text, said) => {
      const start = performance.now()
      const { problems } = built(text)
      expect(performance.now() - start).toBeLessThan(15_000)
      if (said) expect(problems.join('\n')).toMatch(said)
      else expect(problems.filter(p => !p.startsWith('limit'))).toEqual([])
    },
    30_000,
  )
})
