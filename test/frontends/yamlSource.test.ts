import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePiece } from '../../src/frontends/yamlNodes'
import { mergedEntries, readYaml, type YamlNode } from '../../src/frontends/yamlSource'

/** A node as plain values, aliases followed by the file. */
function plain(text: string): unknown {
  const file = readYaml(text)
  const value = (node: YamlNode | null): unknown => {
    const at = file.resolve(node)
    if (!at) return null
    if (at.kind === 'scalar') return at.value
    if (at.kind === 'list') return at.items.map(value)
    return Object.fromEntries(mergedEntries(file, at).map(e => [e.key.raw, value(e.value)]))
  }
  return value(file.root)
}

describe('values', () => {
  test.each<[string, unknown]>([
    ['a: 1\nb: [x, .5, 1e3, None, null, True, yes]', { a: 1, b: ['x', 0.5, 1000, 'None', null, true, 'yes'] }],
    ['a: "1"\nb: \'x\'', { a: '1', b: 'x' }],
    ['---\na: 1\n', { a: 1 }],
    ['\uFEFFa: 1\n', { a: 1 }],
    ['a:\r\n  - 1\r\n  - [2, 3]\r\n', { a: [1, [2, 3]] }],
    ['a:\n- 1\n- b: 2\n  c: 3\n', { a: [1, { b: 2, c: 3 }] }],
    [
      'a:\n  [\n    [1, 2], # one\n    [3, *x, {k: v}],\n  ]\n',
      {
        a: [
          [1, 2],
          [3, null, { k: 'v' }],
        ],
      },
    ],
    ['x: &x [1, 2]\na: *x\nb:\n  - *x\n', { x: [1, 2], a: [1, 2], b: [[1, 2]] }],
    ['x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n', { x: { a: 1, b: 2 }, y: { b: 3, a: 1 } }],
    ['a: |\n  text\n  - no item\nb: >\n  folded\n', { a: 'text\n- no item\n', b: 'folded\n' }],
    ['a:\n  - \n  - ~\n', { a: [null, null] }],
    ['- a\n- b\n', ['a', 'b']],
    ['[1, [2]]', [1, [2]]],
    ['', null],
    ['# only a comment\n', null],
  ])('%j', (text, expected) => expect(plain(text)).toEqual(expected))

  test('spans and raw text are those of the source', () => {
    const text = 'name: "a b"\nrows:\n  - [-1, 0x10, *up]\n'
    const { root } = readYaml(text)
    if (root?.kind !== 'map') throw new Error('no map')
    const rows = root.entries[1]!.value
    if (rows?.kind !== 'list' || rows.items[0]?.kind !== 'list') throw new Error('no list')
    const of = (node: YamlNode): string => text.slice(node.span.start, node.span.end)
    expect(root.entries[0]!.value).toMatchObject({ kind: 'scalar', value: 'a b', raw: '"a b"', quoted: true })
    expect([of(rows), ...rows.items[0].items.map(of)]).toEqual(['- [-1, 0x10, *up]', '-1', '0x10', '*up'])
    expect(rows.items[0].items[1]).toMatchObject({ value: 16, raw: '0x10', quoted: false })
  })
})

describe('damage stays where it is', () => {
  const problems = (text: string): string[] =>
    readYaml(text).problems.map(p => `${p.code} ${JSON.stringify(text.slice(p.span.start, p.span.end))} ${p.message}`)

  test.each<[string, unknown, string[]]>([
    ['a:\n  - [1, 2]\n  - [3, [4\n  - [5]\n', { a: [[1, 2], [3, [4]], [5]] }, ['syntax "[" This [ is never closed.']],
    [
      'a:\n  [\n    [1, 2],\n    [3, [4, 5],\n    [6],\n  ]\nb: 1\n',
      { a: [[1, 2], [3, [4, 5]], [6]], b: 1 },
      ['syntax "[" This [ is never closed.'],
    ],
    ['a:\n  [\n    [1, 2]],\n    [6],\n  ]\nb: 1\n', { a: [[1, 2], [6]], b: 1 }, ['syntax "]" This ] closes nothing.']],
    [
      'a:\n  - type: X\n    out_\n  - type: Y\n',
      { a: [{ type: 'X', out_: null }, { type: 'Y' }] },
      ['syntax "out_" A key needs a colon and a value.'],
    ],
    ['a: "x\nb: 2\n', { a: 'x', b: 2 }, ['syntax "x" This string is never closed.']],
    ['a: 1\na: 2\n', { a: 2 }, ['duplicate-name "a" a is given twice; the last one counts.']],
    ['a: {b: 1, b: 2}\n', { a: { b: 2 } }, ['duplicate-name "b" b is given twice; the last one counts.']],
    ['a: 1\n---\nb: 2\n', { a: 1 }, ['syntax "---" Only the first document of this file is read.']],
  ])('%j', (text, value, expected) => {
    expect(plain(text)).toEqual(value)
    expect(problems(text)).toEqual(expected)
  })
})

describe('bounded', () => {
  const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(10)}]`).join('\n')
  test.each<[string, string, number]>([
    ['10 MB', 'a: 1\n'.padEnd(10_000_001, '# filler\n'), 1],
    ['9 MB of one scalar', `a: ${'x'.repeat(9_000_000)}\n`, 0],
    ['deep brackets', `a: ${'['.repeat(10_000)}\n`, 2],
    ['deep dashes', `a:\n  ${'- '.repeat(10_000)}\n`, 1],
    ['alias bomb', `l0: &l0 [1]\n${levels}\n`, 0],
    ['alias of itself', 'a: &a [*a]\nb: &b *b\n', -1],
    ['NUL', 'a: \0\0\nb: [\0, \0]\n', -1],
    ['many keys', Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`).join('\n'), -1],
    ['quotes', `a: ${'"'.repeat(100_000)}\nb: ${"'".repeat(99_999)}\n`, -1],
    [
      '100,000 rows',
      `a:\n${Array.from({ length: 100_000 }, (_, i) => `  - [-1, 1, Conv, [${i % 997}]]`).join('\n')}`,
      0,
    ],
  ])('%s', (_, text, expected) => {
    const start = performance.now()
    const file = readYaml(text)
    expect(performance.now() - start).toBeLessThan(8000)
    if (expected >= 0) expect(file.problems.length).toBe(expected)
  })

  test('any characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab:-[]{}"\'#,&*|>?!%@ \n\n  \t\r\0') }), text => {
        const file = readYaml(text)
        for (const { span } of file.problems) {
          expect(span.start >= 0 && span.end <= text.length && span.start <= span.end).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

/** Model-like YAML: root keys with scalars, lists of rows, lists of mappings, flow lists, comments and anchors. */
const word = fc.constantFrom(
  'Conv',
  '-1',
  '64',
  '3.5',
  'nn.Conv2d',
  '"a b"',
  "'q'",
  'null',
  '*x',
  'x y',
  '1e3',
  "it's",
  'a#b',
)
const flow: fc.Arbitrary<string> = fc.letrec<{ node: string }>(tie => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    word,
    fc.array(tie('node'), { maxLength: 4 }).map(items => `[${items.join(', ')}]`),
    fc.array(tie('node'), { maxLength: 2 }).map(items => `{${items.map((v, i) => `k${i}: ${v}`).join(', ')}}`),
  ),
})).node
const tail = fc.constantFrom('', ' # note', '  # a, [b] "c', '\n', '\n\n      # between')
const row = fc.tuple(flow, flow, tail).map(([a, b, t]) => `[${a}, ${b}]${t}`)
const mapping = fc
  .array(fc.tuple(fc.constantFrom('type', 'out', 'from'), flow, tail), { minLength: 1, maxLength: 3 })
  .map(keys => keys.map(([k, v, t], i) => `${k}${i}: ${v}${t}`).join('\n    '))
const nested = fc
  .array(flow, { minLength: 1, maxLength: 3 })
  .map(items => `inner:\n${items.map(i => `      - ${i}`).join('\n')}`)
const value = fc.oneof(
  flow.map(v => ` ${v}`),
  fc.constantFrom(' |\n  text\n\n  more: text\n', ' >-\n  - folded\n', '', ' &x\n  - 1', ' &x [1]', ' "two\n  lines"'),
  fc
    .array(fc.oneof(row, mapping, nested, word, fc.constant('')), { minLength: 1, maxLength: 4 })
    .map(items => `${items.map(i => `\n  - ${i}`).join('')}`),
  fc
    .array(
      row.map(r => r),
      { minLength: 1, maxLength: 4 },
    )
    .map(rows => flowRows(rows)),
)
const flowRows = (rows: readonly string[]): string =>
  ` # rows\n  [\n${rows.map(r => `    ${/^(.*\])([^\]]*)$/s.exec(r)![1]},${/^(.*\])([^\]]*)$/s.exec(r)![2]}`).join('\n')}\n  ]`
const document = fc
  .array(fc.tuple(value, tail), { minLength: 1, maxLength: 5 })
  .map(sections => sections.map(([v, t], i) => `key${i}:${v}${t}`).join('\n'))

test('pieces give what the whole text gives, spans included', () => {
  let compared = 0
  fc.assert(
    fc.property(document, fc.boolean(), (lf, crlf) => {
      const text = crlf ? lf.replaceAll('\n', '\r\n') : lf
      const whole = parsePiece(text)
      if (whole.problems.length > 0) return
      compared++
      const file = readYaml(text)
      expect(file.problems).toEqual([])
      expect(file.root).toEqual(whole.root)
    }),
    { numRuns: 1500 },
  )
  expect(compared).toBeGreaterThan(500)
})

test('re-reading after an edit gives what reading afresh gives', () => {
  fc.assert(
    fc.property(
      document,
      fc.nat(),
      fc.nat(12),
      fc.constantFrom('', 'x', '[', ']', '\n', '- ', '"', ': '),
      (text, at, cut, put) => {
        const place = at % (text.length + 1)
        const edited = text.slice(0, place) + put + text.slice(place + cut)
        const again = readYaml(edited, readYaml(text))
        const fresh = readYaml(edited)
        expect(again.root).toEqual(fresh.root)
        expect(again.problems).toEqual(fresh.problems)
      },
    ),
    { numRuns: 1500 },
  )
})
