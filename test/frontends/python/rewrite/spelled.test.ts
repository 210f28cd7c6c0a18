/** How a rewriting is written: in the names, the arguments and the layout of the file. */
import { describe, expect, test } from 'vitest'
import { rewritten, type Wanted } from './open'

const NN = 'import torch\nimport torch.nn as nn'

/** A network of one convolution as a file writes it, between a 1×1 that makes 64 channels and the end. */
const network = (
  imports: string,
  layer: string,
  { cls = 'nn.Module', first = 'nn.Conv2d(3, 64, 1)', size = '' } = {},
) =>
  `${imports}


class Net(${cls}):
    def __init__(self, c=64):
        super().__init__()
        self.first = ${first}
        ${layer}

    def forward(self, x):
        return self.conv(self.first(x))${size}
`

/** Makes room: where the file has lines as long as this, so may be what is written. */
const WIDE = `${NN}\nNOTE = '${'.'.repeat(100)}'`

/** The call that assigns self.conv, what becomes of it, and how it is asked for. */
const CALLS: readonly (readonly [string, string, string, string, Wanted?])[] = [
  [
    'reduce',
    NN,
    'self.conv = nn.Conv2d(64, 96, 3, padding=1)',
    `        self.conv = nn.Sequential(
            nn.Conv2d(64, 16, 1, bias=False),
            nn.Conv2d(16, 96, 3, padding=1),
        )`,
  ],
  [
    'bottleneck: the bias moves to the last',
    NN,
    'self.conv = nn.Conv2d(64, 96, 3, padding=1)',
    `        self.conv = nn.Sequential(
            nn.Conv2d(64, 16, 1, bias=False),
            nn.Conv2d(16, 16, 3, padding=1, bias=False),
            nn.Conv2d(16, 96, 1),
        )`,
    { form: 'bottleneck' },
  ],
  [
    'expand: no bias, as written',
    NN,
    'self.conv = nn.Conv2d(64, 96, 3, 2, 1, bias=False)',
    `        self.conv = nn.Sequential(
            nn.Conv2d(64, 16, 3, 2, 1, bias=False),
            nn.Conv2d(16, 96, 1, bias=False),
        )`,
    { form: 'expand' },
  ],
  [
    'separable, with a bias that an expression decides',
    NN,
    'self.conv = nn.Conv2d(64, 96, 3, bias=c < 100)',
    `        self.conv = nn.Sequential(
            nn.Conv2d(64, 64, 3, bias=False, groups=64),
            nn.Conv2d(64, 96, 1, bias=c < 100),
        )`,
    { form: 'separable' },
  ],
  [
    'a bias by position',
    NN,
    "self.conv = nn.Conv2d(64, 96, 3, 1, 1, 1, 1, True, 'reflect')",
    `        self.conv = nn.Sequential(
            nn.Conv2d(64, 16, 3, 1, 1, 1, 1, False, 'reflect'),
            nn.Conv2d(16, 96, 1, bias=True),
        )`,
    { form: 'expand' },
  ],
  [
    'arguments by name',
    NN,
    'self.conv = nn.Conv2d(in_channels=c, out_channels=96, kernel_size=3, padding="same")',
    `        self.conv = nn.Sequential(
            nn.Conv2d(in_channels=c, out_channels=c // 4, kernel_size=1, bias=False),
            nn.Conv2d(in_channels=c // 4, out_channels=96, kernel_size=3, padding="same"),
        )`,
  ],
  [
    'some arguments by name, in another order',
    NN,
    'self.conv = nn.Conv2d(c, kernel_size=3, out_channels=96)',
    `        self.conv = nn.Sequential(
            nn.Conv2d(c, out_channels=c // 4, kernel_size=1, bias=False),
            nn.Conv2d(c // 4, kernel_size=3, out_channels=96),
        )`,
  ],
  [
    'a factor in the channels',
    NN,
    'self.conv = nn.Conv2d(c // 2 * 2, 96, 3)',
    `        self.conv = nn.Sequential(
            nn.Conv2d(c // 2 * 2, (c // 2) // 2, 1, bias=False),
            nn.Conv2d((c // 2) // 2, 96, 3),
        )`,
  ],
  [
    'a sum of channels',
    NN,
    'self.conv = nn.Conv2d(c - 16 + 16, 96, 3)',
    `        self.conv = nn.Sequential(
            nn.Conv2d(c - 16 + 16, (c - 16 + 16) // 4, 1, bias=False),
            nn.Conv2d((c - 16 + 16) // 4, 96, 3),
        )`,
  ],
  [
    'a width that is given',
    WIDE,
    'self.conv = nn.Conv2d(c, 96, 3)',
    '        self.conv = nn.Sequential(nn.Conv2d(c, 5, 1, bias=False), nn.Conv2d(5, 96, 3))',
    { width: 5 },
  ],
  [
    'arguments on lines of their own, with a comment',
    NN,
    `self.conv = nn.Conv2d(
            c,
            96,
            kernel_size=3,
            padding=1  # keeps the size
        )`,
    `        self.conv = nn.Sequential(
            nn.Conv2d(
                c,
                c // 4,
                kernel_size=3,
                padding=1,  # keeps the size
                bias=False,
            ),
            nn.Conv2d(c // 4, 96, kernel_size=1),`,
    { form: 'expand' },
  ],
  [
    'a comment behind the call stays there',
    NN,
    'self.conv = nn.Conv2d(c, 96, 3)  # wide, and said at some length so that the line is a long one',
    '        self.conv = nn.Sequential(nn.Conv2d(c, 16, 1, bias=False), nn.Conv2d(16, 96, 3))  # wide, and said at some length so that the line is a long one',
    { width: 16 },
  ],
  [
    'Sequential of OrderedDict',
    `${NN}\nfrom collections import OrderedDict`,
    "self.conv = nn.Sequential(OrderedDict([('a', nn.Conv2d(c, 96, 3)), ('b', nn.ReLU())]))",
    `        self.conv = nn.Sequential(OrderedDict([('a', nn.Sequential(
            nn.Conv2d(c, c // 4, 1, bias=False),
            nn.Conv2d(c // 4, 96, 3),
        )), ('b', nn.ReLU())]))`,
  ],
  [
    'add_module',
    NN,
    "self.add_module('conv', nn.Conv2d(c, 96, 3))",
    `        self.add_module('conv', nn.Sequential(
            nn.Conv2d(c, c // 4, 1, bias=False),
            nn.Conv2d(c // 4, 96, 3),
        ))`,
  ],
  [
    'a list that becomes a Sequential',
    NN,
    'self.conv = nn.Sequential(*[nn.Conv2d(c, c, 3) for _ in range(2)])',
    `        self.conv = nn.Sequential(*[nn.Sequential(
            nn.Conv2d(c, c // 4, 1, bias=False),
            nn.Conv2d(c // 4, c, 3),
        ) for _ in range(2)])`,
  ],
  [
    'a class that finds its input channels',
    WIDE,
    'self.conv = nn.LazyConv2d(96, 3)',
    '        self.conv = nn.Sequential(nn.LazyConv2d(16, 1, bias=False), nn.LazyConv2d(96, 3))',
  ],
  [
    'a partial that fixes the kernel',
    `${WIDE}\nfrom functools import partial\nconv3 = partial(nn.Conv2d, kernel_size=3, padding=1)`,
    'self.conv = conv3(c, 96)',
    '        self.conv = nn.Sequential(nn.Conv2d(c, c // 4, 1, bias=False), conv3(c // 4, 96))',
  ],
  [
    'a class of torch.nn under another name',
    WIDE,
    'layer = nn.Conv2d\n        self.conv = layer(c, 96, 3)',
    '        self.conv = nn.Sequential(layer(c, c // 4, 1, bias=False), layer(c // 4, 96, 3))',
  ],
  [
    'arguments that every layer of the file gets',
    WIDE,
    "dd = {'device': None, 'dtype': None}\n        self.conv = nn.Conv2d(c, 96, 3, **dd)",
    '        self.conv = nn.Sequential(nn.Conv2d(c, c // 4, 1, bias=False, **dd), nn.Conv2d(c // 4, 96, 3, **dd))',
  ],
  [
    'a helper: the argument that carries the channels is found',
    `${WIDE}\n\n\ndef conv3x3(out, cin, stride=1):\n    return nn.Conv2d(cin, out, 3, stride, 1, bias=False)`,
    'self.conv = conv3x3(96, c)',
    '        self.conv = nn.Sequential(nn.Conv2d(c, c // 4, 1, bias=False), conv3x3(96, c // 4))',
  ],
  [
    'a helper of two arguments becomes a bottleneck',
    `${NN}\n\n\ndef conv3x3(inplanes, planes, stride=1):\n    return nn.Conv2d(inplanes, planes, 3, stride, 1, bias=False)`,
    'self.conv = conv3x3(c, planes=96)',
    `        self.conv = nn.Sequential(
            nn.Conv2d(c, c // 4, 1, bias=False),
            conv3x3(c // 4, planes=c // 4),
            nn.Conv2d(c // 4, 96, 1, bias=False),
        )`,
    { form: 'bottleneck' },
  ],
  [
    'a helper whose channels have a default',
    `${WIDE}\n\n\ndef last(out, width=64):\n    return nn.Conv2d(width, out, 3)`,
    'self.conv = last(96)',
    '        self.conv = nn.Sequential(nn.Conv2d(64, 16, 1, bias=False), last(96, width=16))',
  ],
  [
    'a method that makes convolutions',
    WIDE,
    'self.conv = self.make(c, 96)\n\n    def make(self, ni, no):\n        return nn.Conv2d(ni, no, 3)',
    '        self.conv = nn.Sequential(nn.Conv2d(c, c // 4, 1, bias=False), self.make(c // 4, 96))',
  ],
]

describe('in place of a call stands', () => {
  for (const [title, imports, layer, expected, wanted] of CALLS)
    test(title, () => {
      const path = layer.includes('OrderedDict') ? 'conv.a' : layer.includes(' for _ ') ? 'conv.0' : 'conv'
      expect(rewritten(network(imports, layer), path, wanted)).toBe(expected)
    })
})

describe('names as the file has them', () => {
  const layer = (conv: string): string => `self.conv = ${conv}(64, 96, 3)`
  test.each([
    ['import torch', 'torch.nn.Module', 'torch.nn.Conv2d', 'torch.nn.Sequential(torch.nn.Conv2d('],
    ['import torch.nn as tnn', 'tnn.Module', 'tnn.Conv2d', 'tnn.Sequential(tnn.Conv2d('],
    ['from torch import nn as N', 'N.Module', 'N.Conv2d', 'N.Sequential(N.Conv2d('],
    ['from torch.nn import *', 'Module', 'Conv2d', 'Sequential(Conv2d('],
    ['from torch.nn import Module, Conv2d as C, Sequential as S', 'Module', 'C', 'S(C('],
    ['from torch import nn\nConv = nn.Conv2d', 'nn.Module', 'Conv', 'nn.Sequential(Conv('],
  ])('%s', (imports, cls, conv, expected) => {
    const text = network(imports, layer(conv), { cls, first: `${conv}(3, 64, 1)` })
    expect(rewritten(text, 'conv').replaceAll(/\s*\n\s*/g, '')).toContain(
      `self.conv = ${expected}64, 16, 1, bias=False)`,
    )
  })

  test('a file that imports single names imports one more', () => {
    const text = network('from torch.nn import Conv2d, Module', layer('Conv2d'), {
      cls: 'Module',
      first: 'Conv2d(3, 64, 1)',
    })
    expect(rewritten(text, 'conv').split('\n')[0]).toBe('from torch.nn import Conv2d, Module, Sequential')
    expect(rewritten(text, 'conv', { between: 'norm' }).split('\n')[0]).toBe(
      'from torch.nn import Conv2d, Module, Sequential, BatchNorm2d, ReLU',
    )
  })

  test('tabs and carriage returns', () => {
    const text = network(NN, layer('nn.Conv2d')).replaceAll('    ', '\t').replaceAll('\n', '\r\n')
    expect(rewritten(text, 'conv')).toBe(
      '\t\tself.conv = nn.Sequential(\r\n\t\t\tnn.Conv2d(64, 16, 1, bias=False),\r\n\t\t\tnn.Conv2d(16, 96, 3),\r\n\t\t)\r',
    )
  })
})

describe('a norm and an activation behind the narrow map', () => {
  const block = (body: string, forward: string, imports = NN) => `${imports}
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, c=64, norm_layer=nn.BatchNorm2d):
        super().__init__()
        self.first = nn.Conv2d(3, 64, 1)
        self.conv = nn.Conv2d(64, 96, 3, padding=1)
        ${body}

    def forward(self, x):
        x = self.conv(self.first(x))
        return ${forward}
`
  test.each([
    ['none in the network: the usual', 'pass', 'x', ['nn.BatchNorm2d(16)', 'nn.ReLU()']],
    [
      'as the network has them',
      'self.bn = nn.BatchNorm2d(96, eps=0.001)\n        self.act = nn.LeakyReLU(0.1)',
      'self.act(self.bn(x))',
      ['nn.BatchNorm2d(16, eps=0.001)', 'nn.LeakyReLU(0.1)'],
    ],
    [
      'a class that the block is given',
      'self.bn = norm_layer(96)',
      'F.silu(self.bn(x))',
      ['norm_layer(16)', 'nn.SiLU()'],
    ],
    [
      'in place where the file does that',
      'self.bn = nn.InstanceNorm2d(96, affine=True)\n        self.other = nn.ReLU(inplace=True)',
      'F.relu(self.bn(x))',
      ['nn.InstanceNorm2d(16, affine=True)', 'nn.ReLU(inplace=True)'],
    ],
    [
      'groups that do not divide the width give way',
      'self.bn = nn.GroupNorm(32, 96)\n        self.act = nn.GELU()',
      'self.act(self.bn(x))',
      ['nn.BatchNorm2d(16)', 'nn.GELU()'],
    ],
    [
      'a gate is no activation between layers',
      'self.bn = nn.BatchNorm2d(num_features=96)',
      'torch.sigmoid(self.bn(x))',
      ['nn.BatchNorm2d(num_features=16)', 'nn.ReLU()'],
    ],
  ])('%s', (_, body, forward, [norm, activation]) => {
    expect(rewritten(block(body, forward), 'conv', { between: 'norm' })).toBe(
      `        self.conv = nn.Sequential(
            nn.Conv2d(64, 16, 1, bias=False),
            ${norm},
            ${activation},
            nn.Conv2d(16, 96, 3, padding=1),
        )`,
    )
  })

  test.each([
    [1, '[3, 8]'],
    [3, '[3, 4, 8, 8]'],
  ])('over %i axes', rank => {
    const text = `from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv${rank}d(3, 64, 1)
        self.conv = nn.Conv${rank}d(64, 96, 3, padding=1)

    def forward(self, x):
        return self.conv(self.first(x))
`
    expect(rewritten(text, 'conv', { between: 'norm' })).toContain(`nn.BatchNorm${rank}d(16)`)
  })
})

describe('a helper with a norm and an activation inside', () => {
  const text = `import torch
from torch import nn


class BasicConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, bias=False, **kwargs)
        self.bn = nn.BatchNorm2d(out_channels, eps=0.001)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = BasicConv2d(3, 64, kernel_size=1)
        self.b = BasicConv2d(64, 96, kernel_size=3, padding=1, stride=2)

    def forward(self, x):
        return self.b(self.a(x))
`
  const rows: readonly (readonly [Wanted, string])[] = [
    [
      { form: 'reduce' },
      'nn.Conv2d(64, 16, kernel_size=1, bias=False), BasicConv2d(16, 96, kernel_size=3, padding=1, stride=2)',
    ],
    [
      { form: 'reduce', between: 'norm' },
      'BasicConv2d(64, 16, kernel_size=1), BasicConv2d(16, 96, kernel_size=3, padding=1, stride=2)',
    ],
    [
      { form: 'bottleneck', between: 'norm' },
      'BasicConv2d(64, 16, kernel_size=1), BasicConv2d(16, 16, kernel_size=3, padding=1, stride=2), BasicConv2d(16, 96, kernel_size=1)',
    ],
    [
      { form: 'bottleneck' },
      'nn.Conv2d(64, 16, kernel_size=1, bias=False), nn.Conv2d(16, 16, kernel_size=3, stride=2, padding=1, bias=False), BasicConv2d(16, 96, kernel_size=1)',
    ],
    [
      { form: 'separable', between: 'norm' },
      'BasicConv2d(64, 64, kernel_size=3, padding=1, stride=2, groups=64), BasicConv2d(64, 96, kernel_size=1)',
    ],
  ]
  test.each(rows)('%o', (wanted, layers) => {
    const inside = rewritten(text, 'b.conv', wanted)
      .replaceAll(/\s*\n\s*/g, ' ')
      .replace(/^.*nn\.Sequential\( ?(.*?),? ?\)$/, '$1')
    expect(inside).toBe(layers)
  })
})

describe('the width of a line that builds many layers', () => {
  const stages = (widths: readonly number[]) => `from torch import nn


class Block(nn.Module):
    def __init__(self, planes, more):
        super().__init__()
        self.conv = nn.Conv2d(planes, planes, 3, padding=1)
        self.more = nn.Conv2d(planes, more, 1)

    def forward(self, x):
        return self.more(self.conv(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stages = nn.Sequential(nn.Conv2d(3, ${widths[0]}, 1), ${widths
          .map((w, i) => `Block(${w}, ${widths[i + 1] ?? 8})`)
          .join(', ')})

    def forward(self, x):
        return self.stages(x)
`
  // Of 72 the rule gives max(8, round(72 / 32) · 8) = 16, of 144 it gives 40 (4.5 rounds up), of 24 it gives 8.
  test.each<[readonly number[], Wanted, string]>([
    [[64, 128], {}, 'planes // 4'],
    [[64, 128], { ratio: 8 }, 'planes // 8'],
    [[72, 144, 24], {}, 'max(8, (planes + 16) // 32 * 8)'],
    [[72, 144, 24], { multiple: 1 }, 'planes // 4'],
    [[60, 100], { ratio: 3, multiple: 1 }, 'max(1, (2 * planes + 3) // 6)'],
    [[60, 90], { ratio: 2.5 }, 'max(8, (planes + 10) // 20 * 8)'],
    [[60, 100], { ratio: 2.5 }, 'planes * 2 // 5'],
    // 60 / 18.4 = 3.26 and 100 / 18.4 = 5.43: 24 and 40. 1 / 18.4 is 5 / 92.
    [[60, 100], { ratio: 2.3 }, 'max(8, (5 * planes + 46) // 92 * 8)'],
    [[60, 100], { ratio: Math.E }, 'max(8, int(planes / 21.74625462767236 + 0.5) * 8)'],
    // 24 of 64 and 48 of 128 are three eighths.
    [[64, 128], { ratio: 64 / 24 }, 'planes * 3 // 8'],
    [[64, 128], { ratio: 1.5 }, 'max(8, (planes + 6) // 12 * 8)'],
    [[64, 128], { width: 12 }, '12'],
    // Both round to 16, which no quotient says.
    [[60, 68], {}, '16'],
  ])('%j %o is %s', (widths, wanted, expected) => {
    const text = rewritten(stages(widths), 'stages.1.conv', wanted).replaceAll(/\s*\n\s*/g, '')
    expect(text).toContain(`nn.Conv2d(planes, ${expected}, 1, bias=False),`)
    expect(text).toContain(`nn.Conv2d(${expected}, planes, 3, padding=1)`)
  })
})
