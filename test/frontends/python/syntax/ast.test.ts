import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { parse } from '../../../../src/frontends/python/syntax/parser'
import { statementText } from '../../../support/pythonAst'

/** Each `body` is what CPython 3.11's `ast` says of `text`, printed by test/support/pythonAst.py. */
const snippets = readFileSync(path.join(__dirname, 'snippets.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as { text: string; body: string[] })

describe('the tree is that of CPython', () => {
  test.each(snippets)('$text', ({ text, body }) => {
    const module = parse(text)
    expect(module.faults).toEqual([])
    expect(module.body.map(statementText)).toEqual(body)
  })

  for (const ending of ['\r\n', '\r']) {
    test(`with lines that end in ${JSON.stringify(ending)}`, () => {
      for (const { text, body } of snippets)
        expect(parse(text.replaceAll('\n', ending)).body.map(statementText)).toEqual(body)
    })
  }
})

/** Syntax that Python 3.12 and 3.13 added, which CPython 3.11 cannot be asked about. */
describe('newer syntax', () => {
  test.each([
    ['def f[T](x: T) -> T: return x', '(def f [][x:T=-]-[]- T [] [(return x)])'],
    ['class A[T: int, *Ts, **P](B): pass', '(class A [B][] [] [Pass])'],
    ['class A[T = int]: pass', '(class A [][] [] [Pass])'],
    ['type X[T] = list[T]', '(type X ([] list T))'],
    ['type X = int', '(type X int)'],
    [`f'{x['a']}'`, '(expr (f {([] x s"97") - (f )}))'],
    [`f"{f"{1}"}"`, '(expr (f {(f {i1 - (f )}) - (f )}))'],
    ['x = type', '(= [x] type)'],
    ['type(x)', '(expr (call type [x][]))'],
  ])('%s', (text, expected) => {
    const { body, faults } = parse(text)
    expect(faults).toEqual([])
    expect(body.map(statementText)).toEqual([expected])
  })
})

const python = ['python3', 'python'].find(name => spawnSync(name, ['-c', 'import ast; ast.Match']).status === 0)

/** CPython's own library, where a Python is at hand; else this file's table stands alone. */
const library = (): { name: string; text: string }[] => {
  const folder = spawnSync(python!, ['-c', 'import os; print(os.path.dirname(os.__file__))'], { encoding: 'utf8' })
  const root = folder.stdout.trim()
  return ['', 'json', 'email', 'asyncio', 'importlib', 'unittest']
    .flatMap(sub => {
      const at = path.join(root, sub)
      return readdirSync(at)
        .filter(name => name.endsWith('.py'))
        .map(name => ({ name: `${sub}/${name}`, text: readFileSync(path.join(at, name), 'utf8') }))
    })
    .filter(({ text }) => text.length < 150_000)
}

if (python)
  it("of CPython's library, statement by statement", () => {
    const files = library()
    const { stdout } = spawnSync(python!, [path.join(__dirname, '../../../support/pythonAst.py')], {
      input: files.map(file => `${JSON.stringify(file)}\n`).join(''),
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    })
    let compared = 0
    for (const [i, line] of stdout.trim().split('\n').entries()) {
      const { name, body, odd } = JSON.parse(line) as { name: string; body: string[] | null; odd: boolean[] }
      if (body === null) continue
      const module = parse(files[i]!.text)
      expect({ name, faults: module.faults }).toEqual({ name, faults: [] })
      expect({ name, statements: module.body.length }).toEqual({ name, statements: body.length })
      module.body.forEach((statement, at) => {
        if (odd[at]) return
        compared++
        const ours = statementText(statement)
        if (ours !== body[at]) expect({ name, ours }).toEqual({ name, ours: body[at] })
      })
    }
    expect(compared).toBeGreaterThan(1000)
  }, 120_000)
