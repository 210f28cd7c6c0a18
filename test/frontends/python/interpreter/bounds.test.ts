import { describe, expect, test } from 'vitest'
import { work } from '../../../support/work'
import { runProgram } from './run'

/** Programs that would take all time or memory there is. What is defined behind them is there all the same. */
const ENDLESS: Readonly<Record<string, string>> = {
  'a loop without end': 'while True: pass',
  'loops in loops': 'while True:\n    while True:\n        x = 1',
  'a long range': 'n = 0\nfor i in range(10**12):\n    n += i',
  'a range of a range': 'for i in range(10**6):\n    for j in range(10**6):\n        pass',
  'a list of billions': 'x = [0] * 10**9',
  'a list that doubles': 'x = [1]\nfor i in range(64):\n    x = x + x',
  'a list that holds itself': 'x = []\nfor i in range(64):\n    x.extend(x or [1])',
  'a tuple of billions': 'x = (0, 1) * 10**9',
  'a string of billions': "x = 'a' * 10**10",
  'a string that doubles': "x = 'ab'\nfor i in range(64):\n    x += x",
  'a string formatted into itself': "x = 'ab'\nfor i in range(64):\n    x = f'{x}{x}'",
  'a string joined with itself': "x = 'ab'\nfor i in range(64):\n    x = x.join([x, x])",
  'a string replaced by itself': "x = 'ab'\nfor i in range(64):\n    x = x.replace('a', x)",
  'a wide format': "x = '{:>1000000000}'.format(1) + '%1000000000d' % 1 + f'{1:1000000000}'",
  'a huge power': 'x = 10**10**8',
  'powers of powers': 'x = 3\nfor i in range(100):\n    x = x * x',
  'a huge shift': 'x = 1 << 10**9',
  'a huge number read': "x = int('9' * 100000)",
  'all of a range': 'x = list(range(10**10))',
  'the sum of a range': 'x = sum(range(10**10))',
  'a comprehension': 'x = [i for i in range(10**10)]',
  'a comprehension of comprehensions': 'x = [[j for j in range(10**5)] for i in range(10**5)]',
  'a set': 'x = {i for i in range(10**10)}',
  'a dict': 'x = {i: i for i in range(10**10)}',
  'any of a range': 'x = any(i < 0 for i in range(10**10))',
  'a generator without end': 'def g():\n    while True: yield 1\nx = list(g())',
  'a count without end': 'import itertools\nx = list(itertools.count())',
  'a cycle without end': 'import itertools\nx = sum(itertools.cycle([1]))',
  'a product': 'import itertools\nx = list(itertools.product(range(1000), repeat=10))',
  'a filter without end': 'import itertools\nx = next(filter(lambda v: v < 0, itertools.count()))',
  'a map without end': 'import itertools\nx = max(map(lambda v: v, itertools.count()))',
  'a zip without end': 'import itertools\nx = list(zip(itertools.count(), itertools.count()))',
  'deep recursion': 'def f(n): return f(n + 1)\nx = f(0)',
  'recursion in two directions': 'def f(n): return f(n + 1) + f(n + 2)\nx = f(0)',
  'a caught recursion': 'def f():\n    try: return f()\n    except RecursionError: return f()\nx = f()',
  'attributes that look themselves up':
    'class A:\n    def __getattr__(self, n): return getattr(self, n + n)\nx = A().y',
  'a property of itself': 'class A:\n    @property\n    def p(self): return self.p\nx = A().p',
  'a repr of itself': 'class A:\n    def __repr__(self): return repr(self)\nx = str(A())',
  'an equality of itself': 'class A:\n    def __eq__(self, o): return self == o\nx = A() == A()',
  'a length of itself': 'class A:\n    def __len__(self): return len(self)\nx = len(A())',
  'an iterator of itself': 'class A:\n    def __iter__(self): return iter(self)\nx = list(A())',
  'items without end': 'class A:\n    def __getitem__(self, i): return i\nx = list(A())',
  'a class of itself': 'class A(A): pass',
  'classes that make classes': 'def f(c):\n    class D(c): pass\n    return f(D)\nx = f(object)',
  'a decorator of itself': 'def d(f): return d(f)\n@d\ndef g(): pass',
  'an initializer that makes another': 'class A:\n    def __init__(self): self.a = A()\nx = A()',
  'a list in itself': 'x = []\nx.append(x)\ny = str(x)',
  'lists in themselves compared': 'x = []\nx.append(x)\ny = []\ny.append(y)\nz = x == y',
  'a list in itself copied': 'import copy\nx = []\nx.append(x)\ny = copy.deepcopy(x)',
  'a regular expression': "import re\nx = re.match(r'(a+)+$', 'a' * 40 + 'b')",
  'alternatives of a regular expression': "import re\nx = re.match(r'(a|aa)+$', 'a' * 60 + 'b')",
  'a regular expression of stars': "import re\nx = re.match(r'a*a*a*a*a*a*a*a*a*b', 'a' * 1500)",
  'built-ins that are replaced':
    'len = range = isinstance = super = lambda *a: None\nprint = None\nx = [len(1), range(2)]',
  'a literal of two megabytes': `x = [${'1, '.repeat(600_000)}]`,
  'a dict of half a megabyte': `x = {${Array.from({ length: 40_000 }, (_, i) => `${i}: [${i}]`).join(', ')}}`,
  'text that is evaluated': "exec('while True: pass')\neval('10**10**10')",
  'reduce without end': 'import functools, itertools\nx = functools.reduce(lambda a, b: a + b, itertools.count())',
  'a sort that lies': 'class A:\n    def __lt__(self, o): return True\nx = sorted([A() for i in range(2000)])',
}

describe('without end', () => {
  test.each(Object.entries(ENDLESS))('%s', (_, text) => {
    const start = work()
    const { names, stopped } = runProgram(`${text}\n\nclass After:\n    def f(self): return 7\n\nafter = After().f()\n`)
    // Some 2 s on a slow machine that does other work, too.
    expect(work() - start).toBeLessThan(8000)
    expect(stopped).toBeNull()
    expect(names.get('after')).toBe(7)
  })

  test('a cycle of imports', () => {
    const { names } = runProgram('import a\nafter = a.x', { a: 'import b\nx = 1', b: 'import c', c: 'import a, b' })
    expect(names.get('after')).toBe(1)
  })
  test('a chain of imports', () => {
    const files = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`m${i}`, `import m${i + 1}\nx = ${i}`]))
    const { names } = runProgram('import m0\nafter = 1', files)
    expect(names.get('after')).toBe(1)
  })
})
