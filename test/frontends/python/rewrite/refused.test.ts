/** Where nothing is written, and the sentence that says why. */
import { expect, test } from 'vitest'
import type { Environment } from '../../../../src/frontends/frontend'
import { rewritten, type Wanted } from './open'

const network = (body: string, forward = 'self.conv(x)', before = ''): string => `import torch
from torch import nn
import torch.nn.functional as F
${before}

class Net(nn.Module):
    def __init__(self, c=64):
        super().__init__()
        self.first = nn.Conv2d(3, c, 1)
        ${body}

    def forward(self, x):
        x = self.first(x)
        return ${forward}
`

const others: Readonly<Record<string, string>> = {
  'file:///w/misc.py':
    'from torch import nn\n\nclass Stem(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.a = nn.Conv2d(64, 64, 3)\n        self.b = nn.Conv2d(64, 64, 3)\n\n    def forward(self, x):\n        return self.b(self.a(x))\n',
}
const environment: Environment = { host: { read: uri => others[uri], isDirectory: () => false }, searchPath: [] }

const TABLE: readonly (readonly [string, string, string, RegExp | string, Wanted?])[] = [
  [
    'a weight of the program',
    network('self.weight = nn.Parameter(torch.zeros(96, 64, 3, 3))', 'F.conv2d(x, self.weight)'),
    'conv2d',
    'The program gives conv2d its weight: there is no layer to put others in place of.',
  ],
  [
    'channels in an unpacked sequence',
    network('self.conv = nn.Conv2d(*(c, 96), 3)'),
    'conv',
    'The channels of conv are passed on in an unpacked sequence.',
  ],
  [
    'a program that looks at the layer',
    network(
      'self.conv = nn.Conv2d(c, 96, 3)\n        self.out = nn.Conv2d(self.conv.out_channels, 8, 1)',
      'self.out(self.conv(x))',
    ),
    'conv',
    /^Written there, .*\.$/,
  ],
  [
    'a helper that is no 1×1 and has a norm behind',
    network(
      'self.conv = block(c, 96)',
      'self.conv(x)',
      `class block(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.conv = nn.Conv2d(a, b, 3)
        self.bn = nn.BatchNorm2d(b)

    def forward(self, x):
        return self.bn(self.conv(x))
`,
    ).replace('self.first = nn.Conv2d(3, c, 1)', 'self.first = block(3, c)'),
    'conv.conv',
    'The helper block builds more than a convolution, and takes no kernel size to build the last 1×1 with.',
    { form: 'bottleneck', between: 'norm' },
  ],
  [
    'a layer of another file',
    network('self.conv = Stem()', 'self.conv(x)', 'from misc import Stem\n'),
    'conv.a',
    /^(?:It is declared in misc\.py\.|Written there, .*\.|The call does not say what its channels and its kernel are\.)$/,
    { environment },
  ],
]

for (const [title, text, path, sentence, wanted] of TABLE)
  test(title, () => {
    const refused = rewritten(text, path, wanted)
    if (typeof sentence === 'string') expect(refused).toBe(sentence)
    else expect(refused).toMatch(sentence)
  })

test('a statement that ends in a fault is left alone', () => {
  const text = network('self.conv = nn.Conv2d(c, 96, 3) 1')
  expect(rewritten(text, 'conv')).toBe('The statement cannot be read to its end.')
})

test('a fault elsewhere in the file is no reason', () => {
  const text = `${network('self.conv = nn.Conv2d(c, 96, 3)')}\n\ndef half(:\n    return 1\n`
  expect(rewritten(text, 'conv')).toContain('nn.Conv2d(c, c // 4, 1, bias=False)')
})
