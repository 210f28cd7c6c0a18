import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type * as ast from '../../../../src/frontends/python/syntax/ast'
import { parse } from '../../../../src/frontends/python/syntax/parser'
import { statementText } from '../../../support/pythonAst'

const root = path.join(__dirname, '../../../..')
const torchvision = path.join(root, '.cache/torchvision/usr/lib/python3/dist-packages/torchvision/models')
const files = [
  path.join(__dirname, '../fixtures/varied.py'),
  ...(existsSync(torchvision)
    ? readdirSync(torchvision)
        .filter(name => name.endsWith('.py'))
        .map(name => path.join(torchvision, name))
    : []),
].map(file => readFileSync(file, 'utf8'))

const PIECES = [
  ...['(', ')', '[', ']', '{', '}', '"', "'", '"""', "'''", ':', ',', '.', '=', '\\', '\n', '\n    ', '    ', '#', '@'],
  ...[
    'def ',
    'class ',
    'return ',
    'if ',
    'for ',
    'lambda',
    'self.',
    'f"{',
    'nn.Conv2d(3, ',
    '\t',
    '\r',
    '\0',
    '“',
    'é',
  ],
]

interface Damage {
  readonly file: string
  readonly at: number
  readonly drop: number
  readonly insert: string
}
const damage: fc.Arbitrary<Damage> = fc.constantFrom(...files).chain(file =>
  fc.record({
    file: fc.constant(file),
    at: fc.nat(file.length),
    drop: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 200 }), fc.constant(1e9)),
    insert: fc.oneof(fc.constant(''), fc.constantFrom(...PIECES)),
  }),
)

const damaged = ({ file, at, drop, insert }: Damage): string =>
  file.slice(0, at) + insert + (drop > file.length ? '' : file.slice(at + drop))

describe('text that is cut, shortened and mixed up', () => {
  test('never throws; what ends before the damage is read as ever', () => {
    fc.assert(
      fc.property(damage, given => {
        const before = parse(given.file).body
        const after = parse(damaged(given)).body
        // The statement at the damage, and the one before it, may be what the damage is part of.
        const whole = before.filter((_, i) => (before[i + 1]?.end ?? Number.POSITIVE_INFINITY) < given.at)
        expect(after.slice(0, whole.length).map(statementText)).toEqual(whole.map(statementText))
      }),
      { numRuns: 500 },
    )
  })

  test('most of what stands behind the damage survives it', () => {
    let kept = 0
    let all = 0
    for (const given of fc.sample(damage, { numRuns: 400, seed: 7 })) {
      if (given.drop > given.file.length) continue
      const end = given.at + given.drop
      const after = new Set(definitions(parse(damaged(given)).body).map(statementText))
      for (const definition of definitions(parse(given.file).body)) {
        if (definition.start <= end) continue
        all++
        if (after.has(statementText(definition))) kept++
      }
    }
    expect(kept / all).toBeGreaterThan(0.98)
  })

  test('a bracket left open anywhere', () => {
    expect(survival(['(', '[', '{', 'nn.Conv2d(3, '])).toBeGreaterThan(0.98)
  })
  test('a quote left open anywhere', () => {
    expect(survival(['"""', "'''", '"', "'"])).toBeGreaterThan(0.95)
  })
})

/** The share of the definitions behind an insertion that are read as before, over places spread evenly. */
function survival(pieces: readonly string[]): number {
  let kept = 0
  let all = 0
  for (const file of files) {
    const original = definitions(parse(file).body)
    for (let i = 0; i < PLACES; i++) {
      const at = Math.floor((file.length * (i + 0.5)) / PLACES)
      const text = file.slice(0, at) + pieces[i % pieces.length] + file.slice(at)
      const after = new Set(definitions(parse(text).body).map(statementText))
      for (const definition of original) {
        if (definition.start <= at) continue
        all++
        if (after.has(statementText(definition))) kept++
      }
    }
  }
  return kept / all
}
const PLACES = 40

const definitions = (body: readonly ast.Statement[]): ast.Statement[] =>
  body.filter(s => s.kind === 'ClassDef' || s.kind === 'FunctionDef')
