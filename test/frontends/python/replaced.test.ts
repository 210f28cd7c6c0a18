/** Parts of a model that are replaced after it was built. Numbers are PyTorch 1.13's, or counted by hand beside the case. */
import { describe, expect, test } from 'vitest'
import { analysisOf } from '../../support/fixture'

const HEAD = `# convlens: input=3x8x8
import pkgutil
from copy import deepcopy
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Conv2d(8, 16, 3))

    def forward(self, x):
        return self.body(x)


`

const model = (factory: string) => {
  const analysis = analysisOf(`${HEAD}${factory}`, 'net.py')
  return analysis.model(analysis.find('make'))!
}
const layers = (of: ReturnType<typeof model>): string[] =>
  of.graph.nodes.filter(({ layer }) => layer).map(({ origin, outputs }) => `${origin.path} ${outputs[0]?.shape?.[1]}`)

describe('a part that takes the place of another', () => {
  // 3·8·25 + 8 weights of a 5×5, 16 of the norm, 8·16·9 + 16; the 5×5 goes first, where it stands.
  const expected = { params: 608 + 16 + 1168, layers: ['body.0 8', 'body.1 8', 'body.2 16'] }
  test.each([
    ['by index', 'net.body[0] = nn.Conv2d(3, 8, 5)'],
    ['by attribute', "setattr(net.body, '0', nn.Conv2d(3, 8, 5))"],
    ['by add_module', "net.body.add_module('0', nn.Conv2d(3, 8, 5))"],
  ])('is called in its order: %s', (_, line) => {
    const made = model(`def make():\n    net = Net()\n    ${line}\n    return net\n`)
    expect({ params: made.totals.params, layers: layers(made) }).toEqual(expected)
    expect(made.problems).toEqual([])
  })

  test('may be given to a deep copy, and the original keeps its own', () => {
    const made = model(
      'def make():\n    net = Net()\n    other = deepcopy(net)\n    other.body = nn.Conv2d(3, 4, 1)\n    return other\n',
    )
    // 12 weights and 4 biases.
    expect(made.totals.params).toBe(16)
    expect(made.problems.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})

describe('a model that something unknown may have changed', () => {
  test('under a name that is not known: what is left is a lower bound', () => {
    const made = model(
      'def make():\n    net = Net()\n    table = pkgutil.get_data(__name__, "x")\n    setattr(net, table, nn.Conv2d(3, 3, 1))\n    return net\n',
    )
    expect(made.totals.completeness).toBe('atLeast')
  })

  test('by a call that failed half way', () => {
    const made = model(
      'def prune(net):\n    {}["x"]\n    raise ValueError("no table")\n\n\ndef make():\n    net = Net()\n    prune(net)\n    return net\n',
    )
    expect(made.totals.completeness).toBe('atLeast')
  })

  test('by a table that is not known: layers made of it have unknown sizes, not those that stood there', () => {
    const made = model(`def make():
    table = {}
    for row in pkgutil.get_data(__name__, 'x.txt').split(';'):
        name, size = row.split(':')
        table[name] = int(size)
    net = Net()
    for name, part in net.named_modules():
        if isinstance(part, nn.Conv2d):
            size = table[name + '.weight']
            index = int(name.split('.')[1])
            net.body[index] = nn.Conv2d(size, size, 3)
    return net
`)
    // Of what is left the norm's 16 are known.
    expect(made.totals).toMatchObject({ completeness: 'atLeast', params: 16, macs: 0 })
  })
})

test('a loop that a bound ends leaves what it was building unknown', () => {
  const text = `# convlens: input=3x8x8
from torch import nn

layers = []
size = 3
while True:
    layers.append(nn.Conv2d(size, size, 1))
net = nn.Sequential(*layers)
`
  const analysis = analysisOf(text, 'net.py')
  const made = analysis.model()
  expect(made?.totals.completeness ?? 'atLeast').toBe('atLeast')
})
