import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { runProgram } from './run'

const folder = path.join(__dirname, 'programs')
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8')

/** Each `.out` is what CPython 3.11 printed for the `.py` beside it. */
describe('programs print what they print with CPython', () => {
  const names = readdirSync(folder).filter(name => name.endsWith('.py'))
  test.each(names)('%s', name => {
    const { output, failed, stopped } = runProgram(read(name))
    expect(failed).toEqual([])
    expect(stopped).toBeNull()
    expect(output.split('\n')).toEqual(read(name.replace('.py', '.out')).split('\n'))
  })
})

describe('imports', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['a module', 'import a\nprint(a.x, a.__name__)', { a: 'x = 1' }, '1 a\n'],
    ['names of a module', 'from a import x as y, f\nprint(y, f())', { a: 'x = 1\ndef f(): return x + 1' }, '1 2\n'],
    ['all names', 'from a import *\nprint(x, "_y" in globals())', { a: 'x = 1\n_y = 2' }, '1 False\n'],
    ['__all__', 'from a import *\nprint(_y, "x" in globals())', { a: "__all__ = ['_y']\nx = 1\n_y = 2" }, '2 False\n'],
    [
      'relative ones',
      'from p.b import z\nprint(z)',
      { 'p.__init__': '', 'p.a': 'x = 3', 'p.b': 'from . import a\nfrom .a import x\nz = a.x + x' },
      '6\n',
    ],
    [
      'a level up',
      'from p.q.b import x\nprint(x)',
      { 'p.__init__': '', 'p.a': 'x = 3', 'p.q.__init__': '', 'p.q.b': 'from ..a import x' },
      '3\n',
    ],
    [
      'circular ones',
      'import a\nprint(a.f())',
      { a: 'import b\ndef f(): return b.g()', b: 'import a\ndef g(): return a.h if hasattr(a, "h") else 5' },
      '5\n',
    ],
    [
      'one that may be missing',
      'try:\n    import nowhere_at_all\n    ok = True\nexcept ImportError:\n    ok = False\nprint("done")',
      {},
      'done\n',
    ],
    ['a module that computes its names', 'import a\nprint(a.q)', { a: 'def __getattr__(n): return n * 2' }, 'qq\n'],
    ['the name of a module', 'import a\nprint(__name__, a.n)', { a: 'n = __name__' }, '__main__ a\n'],
    ['inside a function', 'def f():\n    import a\n    return a.x\nprint(f())', { a: 'x = 4' }, '4\n'],
  ])('%s', (_, text, files, output) => {
    expect(runProgram(text, files)).toMatchObject({ output, failed: [], stopped: null })
  })

  test('__main__ guards hold in a module that is not the program', () => {
    const text = 'x = 1\nif __name__ == "__main__":\n    x = 2\nprint(x)'
    expect(runProgram(text).output).toBe('2\n')
    expect(runProgram(text, {}, 'net').output).toBe('1\n')
  })
})
