import { describe, expect, test } from 'vitest'
import { withoutMagics } from '../../src/analysis/magics'

/** Blank lines are written `~`: as long as they were. */
const shown = (cell: string): string =>
  withoutMagics(cell)
    .split('\n')
    .map(line => (line.trim() === '' && line !== '' ? '~' : line))
    .join('\n')

describe('lines that IPython takes', () => {
  test.each([
    ['%matplotlib inline\nx = 1', '~\nx = 1'],
    ['  %load_ext autoreload', '~'],
    ['%%time\nx = 1', '~\nx = 1'],
    ['\n%%capture out\nx = 1', '\n~\nx = 1'],
    ['%%bash\nls -l\nexit 1', '~\n~\n~'],
    ['%%writefile net.py\nimport torch', '~\n~'],
    ['!pip install torch \\\n  torchvision\nimport torch', '~\n~\nimport torch'],
    ['?nn.Conv2d\nnn.Conv2d??\nx', '~\n~\nx'],
    ['%time net = Net()', 'if 1: net = Net()'],
    ['%timeit net(x)', '~'],
    ['files = !ls\nx, y = %sql select 1', '~\n~'],
    ['pip install -U torch\nconda install timm\ncd ../data\nls -l', '~\n~\n~\n~'],
  ])('%j', (cell, expected) => expect(shown(cell)).toBe(expected))

  test.each([
    'x = (7\n     %size)',
    "text = '''\n!not a command\n%nor this\n'''",
    'total = a \\\n  %b',
    'x = "%s?" % name',
    'y = x != 2  # why?',
    'assert a != b\nx = y % z\nx %= 3',
    'ls = [1]\ncat in ls\nrm.x\ncp(1)\ncat = rm - 1\nman if more else less',
    "s = 'it''s'  # don't\nz = 1",
  ])('are none of Python: %j', cell => expect(withoutMagics(cell)).toBe(cell))

  test('a comment with an apostrophe opens no string', () =>
    expect(shown("x = 1  # don't\n!ls\ny = 'a\n%cd x")).toBe("x = 1  # don't\n~\ny = 'a\n~"))
})

test.each([
  [' '.repeat(2e6), 'x'],
  ['a,'.repeat(1e6), '='],
  ['\n'.repeat(1e6), '%'],
  ['a\\\n'.repeat(5e5), ''],
  ['?'.repeat(2e6), ' '],
  ["'".repeat(2e6), '('],
])('long cells take time in proportion: %.4j', (many, end) => {
  const start = performance.now()
  expect(withoutMagics(many + end)).toHaveLength(many.length + end.length)
  expect(performance.now() - start).toBeLessThan(2000)
})
