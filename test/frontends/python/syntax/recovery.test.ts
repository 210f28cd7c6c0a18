import { describe, expect, test } from 'vitest'
import type * as ast from '../../../../src/frontends/python/syntax/ast'
import { parse } from '../../../../src/frontends/python/syntax/parser'

/** Statements inside `__init__`, half-typed or wrong. Around them stands a class with two methods, a function and a class. */
const INSIDE: readonly string[] = [
  'self.conv = nn.Conv2d(3, ',
  'self.conv = nn.Conv2d(',
  'self.conv = nn.Conv2d(3, 4, kernel_size=',
  'self.conv = nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU(',
  'self.k = [1, 2',
  'self.k = {"a": 1,',
  'self.k = x[1:',
  'self.k = f(*',
  '"""half a docstring',
  "'''half another",
  "self.name = 'conv",
  'self.name = f"{x',
  'self.name = "a" "b',
  'self.a.',
  'self.a =',
  'self.a = 1 +',
  'self.a = 1 + \\',
  'self',
  'for',
  'for x in',
  'for x in y',
  'for i in range(3',
  'if',
  'if x',
  'if x:',
  'if x == (1',
  'while x',
  'with',
  'with a as',
  'try:\n            x',
  'else:',
  'elif x:',
  'except',
  'def',
  'def inner(',
  'return (',
  'return',
  'lambda',
  'f = lambda x',
  '@',
  'import',
  'from a import',
  'from . import (a,',
  'x = await',
  'x = yield from',
  'x ->',
  'self.q = 1)',
  'self.q = ]',
  'self.q = “x”',
  'x = $y ? 3 : 4',
  'print "x"',
  'exec "x" in y',
  'self.q = \0',
  'self.q = 0x',
  'self.q = 1__0',
  'raise X, "y"',
  'x = not',
  'x = a if b',
  'x = {**',
  'x = [y for',
  'x = [y for y in z',
  'del',
  'assert',
  'global',
  'a, b = ',
  '(a, b',
  'a: ',
  'nn.Conv2d(3, 8, 3) nn.ReLU()',
]

const ODD_LINES: readonly (readonly [string, string])[] = [
  ['a stray indent', '            self.q = 1'],
  ['a dedent to a column of its own', '      self.q = 1'],
  ['a tab for eight columns', '\tself.q = 1'],
  ['a form feed', '\f        self.q = 1'],
  ['white space only', '   \t  '],
  ['an unresolved conflict', '<<<<<<< HEAD\n        self.q = 1\n=======\n        self.q = 2\n>>>>>>> theirs'],
]

/** Lines at the left margin, between a class and a function. */
const OUTSIDE: readonly string[] = [
  'class',
  'class X',
  'class X(',
  'class X(nn.Module',
  'class X(nn.Module)',
  'class X(nn.Module):',
  'class X:\n    def forward(self',
  'class X:\n    def forward(self, x):\n        return self.conv(x',
  'class X:\n    def forward(self, x):\n        """what it does',
  'def f(',
  'def f(a, b=',
  'def f(a):',
  'def f(a) ->',
  'def f(self',
  '@decorator',
  '@decorator(',
  'x = [',
  'x = {"a": [1, (2',
  '"""',
  "x = '''text",
  'r"""',
  'if x',
  '    x = 1',
  'from a import (',
  'import',
  'print "x"',
  ')',
  '}',
  '%matplotlib inline',
  '!pip install torch',
  '$',
]

const AROUND = {
  before: `import torch.nn as nn


class A(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3)
`,
  after: `        self.b = nn.Conv2d(8, 8, 3)

    def forward(self, x):
        return self.b(self.a(x))


def make():
    return A()


class B(A):
    pass
`,
}

describe('a damaged line inside a method costs itself only', () => {
  const check = (line: string): void => {
    const module = parse(`${AROUND.before}${line}\n${AROUND.after}`)
    expect(definitions(module.body)).toEqual(['class A', 'def make', 'class B'])
    const a = module.body.find(s => s.kind === 'ClassDef' && s.name === 'A') as ast.ClassDef
    expect(definitions(a.body)).toEqual(['def __init__', 'def forward'])
    const [init, forward] = a.body.filter(s => s.kind === 'FunctionDef')
    expect(assigned(init!.body)).toContain('a')
    // What is left open may take the line that follows with it, and never more.
    if (!CONTINUES.has(line.trim())) expect(assigned(init!.body)).toContain('b')
    expect(forward!.body.map(s => s.kind)).toEqual(['Return'])
  }
  test.each(INSIDE)('%j', line => check(`        ${line}`))
  test.each(ODD_LINES)('%s', (_, line) => check(line))
})

/** These go on in the next line as far as Python's grammar goes. */
const CONTINUES = new Set(['self.a = 1 + \\', 'def inner(', 'f = lambda x'])

test.each(OUTSIDE)('a damaged line at the margin keeps what is around it: %j', line => {
  const top = `${AROUND.before}${AROUND.after.split('\n\n\n')[0]}\n\n\n`
  const rest = AROUND.after.slice(AROUND.after.indexOf('def make'))
  for (const text of [`${top}${line}\n\n\n${rest}`, `${top}${line}\n${rest}`]) {
    const names = definitions(parse(text).body)
    expect(names).toContain('class A')
    expect(names).toContain('def make')
    expect(names).toContain('class B')
  }
})

describe('a definition that is indented too far is no part of the one before it', () => {
  const text = (before: string, header: string, body: string): string => `class A:
    def f(self):
        return 1

${before}${header}
${body}
`
  test.each([
    ['a class below the body of a method', '            class B(A):', '    def f(self):\n        return 2'],
    ['a class at a column of its own', '     class B(A):', '    def f(self):\n        return 2'],
    ['a class in the column of the methods', '    class B(A):', '    def f(self):\n        return 2'],
    ['a class with a comment behind it', '  class B(A):  # of: A', '  # b\n\n  f = 2'],
    ['a function over several lines', '        def B(\n            a: int = 1,\n        ):', '    f = 2\n    return f'],
  ])('%s', (_, header, body) => {
    const module = parse(text('', header, body))
    expect(module.faults.length).toBeGreaterThan(0)
    expect(module.body.flatMap(s => ('name' in s ? [s.name] : []))).toEqual(['A', 'B'])
    expect(definitions((module.body[0] as ast.ClassDef).body)).toEqual(['def f'])
  })

  test('what has no body yet stays where it stands', () => {
    const module = parse(text('', '    def g(self):', '    def h(self):\n        return 2'))
    expect(definitions((module.body[0] as ast.ClassDef).body)).toEqual(['def f', 'def g', 'def h'])
  })

  test('programs that are right are read as ever', () => {
    const module = parse(text('', '    def g(self): return {1: 2}', '    x = {3:\n 4}\n    class C: pass\n    y = 1'))
    expect(module.faults).toEqual([])
    expect((module.body[0] as ast.ClassDef).body).toHaveLength(5)
  })
})

test('many faults do not make what follows unreadable', () => {
  const module = parse(`${'x = ((((((((((a.\n'.repeat(2000)}class Z:\n    x = ((((1))))\n`)
  expect(definitions(module.body)).toEqual(['class Z'])
})

const ENDLESS: Readonly<Record<string, string>> = {
  'brackets, closed': `x = ${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  'brackets, open': `x = ${'('.repeat(10_000)}`,
  'brackets, a line each': '(\n'.repeat(20_000),
  subscripts: `x${'[0'.repeat(10_000)}`,
  attributes: `x${'.a'.repeat(200_000)}`,
  calls: `f${'(1)'.repeat(100_000)}`,
  signs: `x = ${'-'.repeat(100_000)}1`,
  nots: `x = ${'not '.repeat(50_000)}1`,
  sums: `x = 1${' + 1'.repeat(100_000)}`,
  powers: `x = 1${'**1'.repeat(50_000)}`,
  comparisons: `x = a${' < a'.repeat(100_000)}`,
  lambdas: `x = ${'lambda: '.repeat(20_000)}1`,
  conditionals: `x = ${'1 if a else '.repeat(20_000)}1`,
  'one line of 2 MB': `x = [${'1, '.repeat(700_000)}]`,
  'a string of 2 MB': `x = "${'a'.repeat(2_000_000)}"`,
  'a comment of 2 MB': `#${'#'.repeat(2_000_000)}`,
  'a number of 300,000 digits': `x = ${'1'.repeat(300_000)}`,
  'format fields': `f"${'{'.repeat(5000)}`,
  'format strings in each other': `f"{x:{x:{x:`.repeat(3000),
  'format strings': "f'{'".repeat(20_000),
  blocks: Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}if x:`).join('\n'),
  branches: `if a: pass\n${'elif b: pass\n'.repeat(20_000)}`,
  decorators: `${'@a\n'.repeat(50_000)}def f(): pass`,
  comprehensions: `x = ${'[y for y in '.repeat(5000)}`,
  'triple quotes': '"""\n'.repeat(20_001),
  quotes: "'".repeat(300_001),
  stars: `f(${'*'.repeat(100_000)})`,
  targets: `${'a = '.repeat(100_000)}1`,
  statements: 'x;'.repeat(200_000),
  'open functions': 'def f():\n  x = (\n'.repeat(20_000),
  patterns: `match x:\n  case ${'['.repeat(10_000)}`,
  alternatives: `match x:\n  case ${'a | '.repeat(20_000)}b: pass`,
  'characters of no token': '\u200b\ufeff\0'.repeat(50_000),
  escapes: `'${'\\x'.repeat(100_000)}'`,
}

describe('without end', () => {
  test.each(Object.entries(ENDLESS))('%s', (_, text) => {
    const start = performance.now()
    const module = parse(`${text}\n\nclass Z:\n    pass\n`)
    expect(definitions(module.body)).toContain('class Z')
    // Some 0.1 to 0.9 seconds on a slow machine; what grows with the square would take minutes.
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

const definitions = (body: readonly ast.Statement[]): string[] =>
  body.flatMap(s => (s.kind === 'ClassDef' ? [`class ${s.name}`] : s.kind === 'FunctionDef' ? [`def ${s.name}`] : []))

/** Names of the attributes that statements of a method assign, nested blocks included. */
const assigned = (body: readonly ast.Statement[]): string[] =>
  body.flatMap(s => {
    if (s.kind === 'Assign' && s.targets[0]?.kind === 'Attribute') return [s.targets[0].name]
    return 'body' in s && Array.isArray(s.body) ? assigned(s.body as ast.Statement[]) : []
  })
