/** Scripts as people write them: command lines, helpers of other packages, loops over data. Counts are derived by hand. */
import { describe, expect, test } from 'vitest'
import { analysisOf } from '../../support/fixture'

const HEAD = `import argparse
import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
`
const net = (init: string, forward: string, before = '', after = ''): string =>
  `${HEAD}${before}

class Net(nn.Module):
    def __init__(self):
        super().__init__()
${init.replace(/^/gm, '        ')}

    def forward(self, x):
${forward.replace(/^/gm, '        ')}

${after}`

/** Programs that run, with the params of their first model; null where only a lower bound is known. */
const RUNS: Readonly<Record<string, readonly [text: string, params: number | null]>> = {
  // 12·5 + 5
  'options have their defaults, and texts are read by their type': [
    net(
      'self.fc = nn.Linear(opt.latent_dim, opt.width)',
      'return self.fc(x)',
      `
parser = argparse.ArgumentParser()
group = parser.add_argument_group('model')
group.add_argument('--latent_dim', '-z', type=int, default='12')
parser.add_argument('--out-width', dest='width', type=int, default=5)
parser.add_argument('--resume', action='store_true')
opt, rest = parser.parse_known_args()
`,
    ),
    65,
  ],
  'arguments that the program hands over itself': [
    net(
      'self.fc = nn.Linear(opt.a, sum(opt.b))',
      'return self.fc(x)',
      `
parser = argparse.ArgumentParser()
parser.add_argument('--a', type=int, required=True)
parser.add_argument('--b', type=int, nargs='+')
opt = parser.parse_args(['--a=12', '--b', '2', '3'])
`,
    ),
    65,
  ],
  'what must be given is not known': [
    net(
      'self.fc = nn.Linear(opt.a, 5)',
      'return self.fc(x)',
      "\nparser = argparse.ArgumentParser()\nparser.add_argument('a', type=int)\nopt = parser.parse_args()\n",
    ),
    null,
  ],
  'what must be given is never its default': [
    net(
      'self.fc = nn.Linear(opt.a, 5)',
      'return self.fc(x)',
      "\nparser = argparse.ArgumentParser()\nparser.add_argument('--a', type=int, default=12, required=True)\nopt = parser.parse_args()\n",
    ),
    null,
  ],
  // 3·8·9 + 8 and the parameter of 8
  'helpers of timm without timm': [
    net(
      'self.conv = nn.Conv2d(3, 8, to_2tuple(3))\nself.p = nn.Parameter(torch.zeros(1, 8, 1, 1))\ntrunc_normal_(self.p, std=0.02)\nself.drop = DropPath(0.1)',
      'return self.drop(self.conv(x)) + self.p',
      '\nfrom timm.models.layers import DropPath, to_2tuple, trunc_normal_\n',
    ),
    232,
  ],
  'a convolution of one’s own on the base of PyTorch’s': [
    `${HEAD}
class Own(nn.modules.conv._ConvNd):
    def __init__(self, i, o, k):
        super().__init__(i, o, (k, k), (1, 1), (0, 0), (1, 1), False, (0, 0), 1, True, 'zeros')

    def forward(self, x):
        return F.conv2d(x, self.weight, self.bias, self.stride, self.padding)

net = nn.Sequential(Own(3, 8, 3), nn.ReLU())
net(torch.randn(1, 3, 8, 8))
`,
    224,
  ],
  'a script module among modules': [
    `${HEAD}
class Part(torch.jit.ScriptModule):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    @torch.jit.script_method
    def forward(self, x):
        return self.conv(x)

net = nn.Sequential(Part(), nn.ReLU())
net(torch.randn(1, 3, 8, 8))
`,
    224,
  ],
  'what train() makes for use': [
    net(
      'self.bias = nn.Parameter(torch.zeros(8))',
      'return x + (self.bias if self.training else self.ready)',
      '',
      `    def train(self, mode=True):
        super().train(mode)
        if not mode:
            self.ready = self.bias[:]

Net()(torch.randn(1, 8))
`,
    ),
    8,
  ],
  'classes that a decorator of PyTorch gives back': [
    `${HEAD}
@torch.compiler.allow_in_graph
class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        return self.conv(x)

net = nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(*[Part() for _ in range(1)]))
net(torch.randn(1, 3, 8, 8))
`,
    224,
  ],
  'how many lines a file has is not known': [
    net(
      'self.fc = nn.Linear(4, len(names))',
      'return self.fc(x)',
      "\nnames = []\nfor line in open('names.txt'):\n    names.append(line.strip())\n",
    ),
    null,
  ],
  'a training loop, drawn once': [
    net(
      'self.fc = nn.Linear(4, 2)',
      'return self.fc(x)',
      '',
      `model = Net()
for epoch in range(100000):
    for i in range(1000):
        loss = model(torch.randn(8, 4)).sum()
        loss.backward()
`,
    ),
    10,
  ],
  'variables of the environment, and what stands behind a program’s name': [
    net(
      'self.fc = nn.Linear(4, 2)',
      'return self.fc(x)',
      "\nrank = int(os.environ['LOCAL_RANK'])\npath = sys.argv[1]\nroot = os.path.join(sys.path[0], path)\n",
    ),
    10,
  ],
  'another way for another device': [
    net(
      'self.fc = nn.Linear(4, 2)\nself.count = 2',
      'if (x.is_cuda or x.is_xpu) and self.count > 1:\n    y = nn.parallel.data_parallel(self.fc, x, range(2))\nelse:\n    y = self.fc(x)\nreturn y',
    ),
    10,
  ],
  'names that a text binds': [
    net('self.fc = nn.Linear(4, 2)', 'return self.fc(x)', "\nexec(open('version.py').read())\nprint(__version__)\n"),
    10,
  ],
  'an unknown number of values between others': [
    net(
      'self.fc = nn.Linear(4, 2)',
      '_, h, w, dim, device = *unknown(x), x.device\nreturn self.fc(x)',
      '\nfrom elsewhere import unknown\n',
    ),
    10,
  ],
}

describe('scripts that run', () => {
  test.each(Object.entries(RUNS))('%s', (_, [text, params]) => {
    const model = analysisOf(text, 'script.py').model()!
    expect(model.problems.filter(({ severity }) => severity === 'error' || severity === 'warning')).toEqual([])
    if (params === null) expect(model.totals.completeness).toBe('atLeast')
    else {
      expect(model.totals).toMatchObject({ params })
      expect(model.graph.outputs[0]?.shape?.at(-1)).toEqual(expect.any(Number))
    }
  })
})

describe('a model that nobody makes as we do', () => {
  const text = `${HEAD}
class Net(nn.Module):
    def __init__(self, dims=None, heads=0):
        super().__init__()
        self.a = nn.Linear(dims[0], 8)
        self.b = nn.Linear(8 // heads, 2)

    def forward(self, x):
        return self.b(self.a(x)[..., :2])

`
  test('its defaults are no errors', () => {
    const { problems } = analysisOf(text, 'net.py').model()!
    // What fails first leaves the rest in doubt.
    expect(problems.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      "hint With the defaults of Net(): TypeError: 'NoneType' object is not subscriptable",
    ])
  })

  test('what it passes on to its base may be given: what the base would have set is not missed', () => {
    const passing = `${HEAD}
class Base(nn.Module):
    def __init__(self, channels, depth=1):
        super().__init__()
        self.channels = channels

class Between(Base):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

class Net(Between):
    def __init__(self, width=2, **kwargs):
        super().__init__(depth=2, **kwargs)
        self.a = nn.Linear(self.channels, width)

    def forward(self, x):
        return self.a(x)

`
    expect(
      analysisOf(passing, 'net.py')
        .model()!
        .problems.filter(p => p.severity === 'error'),
    ).toEqual([])
    // A misspelled name is one, whoever makes the class.
    const misspelled = passing.replace(
      '**kwargs)\n        self.a',
      '**kwargs)\n        self.b = nn.Linearr(2, 2)\n        self.a',
    )
    expect(
      analysisOf(misspelled, 'net.py')
        .model()!
        .problems.map(({ code }) => code),
    ).toContain('unknown-layer')
  })

  test('as the main program makes it, it comes first', () => {
    // 4·8 + 8 and 2·2 + 2
    const main = `${text}if __name__ == '__main__':\n    model = Net([4], heads=4)\n    print(model(torch.randn(1, 4)).shape)\n`
    const model = analysisOf(main, 'net.py').model()!
    expect(model).toMatchObject({ name: 'model', totals: { params: 46, completeness: 'exact' }, problems: [] })
  })

  test('where it is given no name either, its class is made so', () => {
    const main = `${text}if __name__ == '__main__':\n    print(Net([4], heads=4)(torch.randn(1, 4)).shape)\n`
    const model = analysisOf(main, 'net.py').model()!
    expect(model).toMatchObject({ name: 'Net', totals: { params: 46, completeness: 'exact' }, problems: [] })
  })

  test('what it is called with without arguments stays an error', () => {
    const called = analysisOf(`${text}Net()(torch.randn(1, 4))\n`, 'net.py').model()!
    expect(called.problems.some(({ severity }) => severity === 'error')).toBe(true)
  })
})
