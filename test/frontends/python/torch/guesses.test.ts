/** What decides on the layers of a model and is not known: their counts are lower bounds, and no number is told for sure. */
import { describe, expect, test } from 'vitest'
import { runTorch, shapeOf } from './support'

/** `setup` and `forward` are the bodies of __init__ and forward. */
const net = (setup: string, forward = 'return self.net(x)', methods = '') => {
  const block = (text: string): string => text.trim().replace(/^/gm, '        ')
  return runTorch(
    `from elsewhere import cfg, many

class Net(nn.Module):
    def __init__(self):
        super().__init__()
${block(setup)}
    def forward(self, x):
${block(forward)}
${methods}`,
    'Net()',
    [shapeOf('N×3×8×8')],
  )
}

const ADDED = 'layers = [nn.Conv2d(3, 4, 1)]\n'
const OPEN: Readonly<Record<string, readonly [string, string?, string?]>> = {
  'a layer in one arm': [`${ADDED}if cfg.bn:\n    layers.append(nn.BatchNorm2d(4))\nself.net = nn.Sequential(*layers)`],
  'a layer of a list of the model, in one arm': [
    'self.layers = [nn.Conv2d(3, 4, 1)]\nif cfg.bn:\n    self.layers.append(nn.BatchNorm2d(4))\nself.net = nn.Sequential(*self.layers)',
  ],
  'pooling in one arm': [
    'self.net = nn.Conv2d(3, 4, 1)',
    'if cfg.pool:\n    x = F.max_pool2d(x, 2)\nreturn self.net(x)',
  ],
  'pooling or not': ['self.net = nn.Conv2d(3, 4, 1)', 'x = F.max_pool2d(x, 2) if cfg.pool else x\nreturn self.net(x)'],
  'pooling as often as nobody knows': [
    'self.net = nn.Conv2d(3, 4, 1)',
    'for _ in many:\n    x = F.max_pool2d(x, 2)\nreturn self.net(x)',
  ],
  'layers as often as nobody knows': [
    `${ADDED}for i in range(cfg.n):\n    layers.append(nn.Conv2d(4, 4, 1))\nself.net = nn.Sequential(*layers)`,
  ],
  'layers while nobody knows': [
    `${ADDED}while cfg.more():\n    layers.append(nn.Conv2d(4, 4, 1))\nself.net = nn.Sequential(*layers)`,
  ],
  'layers joined in place': [
    `${ADDED}layers += [nn.BatchNorm2d(4)] if cfg.bn else []\nself.net = nn.Sequential(*layers)`,
  ],
  'layers joined in one arm': [
    `${ADDED}if cfg.bn:\n    layers = layers + [nn.BatchNorm2d(4)]\nself.net = nn.Sequential(*layers)`,
  ],
  'layers that are not known': [`${ADDED}layers += many\nself.net = nn.Sequential(*layers)`],
  'layers by name': [
    `layers = {'a': nn.Conv2d(3, 4, 1)}\nif cfg.bn:\n    layers['b'] = nn.BatchNorm2d(4)\nself.net = nn.ModuleDict(layers)`,
    'return self.net["a"](x)',
  ],
  'one of two layers': ['self.net = nn.Conv2d(3, 4, 1) if cfg.a else nn.Conv2d(3, 4, 3, padding=1)'],
  'one of two layers, under a name': [
    'if cfg.a:\n    net = nn.Conv2d(3, 4, 1)\nelse:\n    net = nn.Identity()\nself.net = net',
  ],
  'one of two classes': [
    'kind = nn.BatchNorm2d if cfg.bn else nn.Identity\nself.net = nn.Sequential(nn.Conv2d(3, 4, 1), kind(4))',
  ],
  'one of two functions': [
    'make = self.wide if cfg.wide else self.narrow\nself.net = make()',
    undefined,
    '    def wide(self):\n        return nn.Conv2d(3, 8, 1)\n    def narrow(self):\n        return nn.Conv2d(3, 4, 1)\n',
  ],
  'a layer that is given back early': [
    'self.net = self.norm()',
    undefined,
    '    def norm(self):\n        if cfg.bn:\n            return nn.BatchNorm2d(3)\n        return nn.Identity()\n',
  ],
  'options in one arm': [
    "options = {}\nif cfg.bn:\n    options['bias'] = False\nself.net = nn.Conv2d(3, 4, 1, **options)",
  ],
  'one of two options': ["self.net = nn.Conv2d(3, 4, 1, **({'bias': False} if cfg.bn else {}))"],
  'one of two numbers': ['self.net = nn.Conv2d(3, 8 if cfg.wide else 4, 1)'],
  'a number of layers': [
    `${ADDED}if cfg.bn:\n    layers.append(nn.BatchNorm2d(4))\nself.net = nn.Conv2d(3, len(layers), 1)`,
  ],
  'how many words there are': ['import collections\nself.net = nn.Conv2d(3, 3 + len(collections.Counter(many)), 1)'],
  'how many words of lines that are read': [
    `import collections
lines = []
for line in many:
    if len(line) == 2:
        lines.append([word for word in line])
words = ['<end>'] + sorted(set([word for line in lines for word in line]))
self.net = nn.Conv2d(3, len(words) + len(collections.Counter(list(words))), 1)`,
  ],
  'how many a list was extended by': ['words = [1]\nwords.extend(many)\nself.net = nn.Conv2d(3, len(words), 1)'],
  'how many were joined to a list': ['words = [1]\nwords += many\nself.net = nn.Conv2d(3, len(words), 1)'],
  'how many a dict was updated by': ['words = {1: 2}\nwords.update(many)\nself.net = nn.Conv2d(3, len(words), 1)'],
  'how many a set was updated by': ['words = {1}\nwords.update(many)\nself.net = nn.Conv2d(3, len(words), 1)'],
  'a dict with what is unpacked into it': ['self.net = nn.Conv2d(3, len({1: 2, **many}), 1)'],
  'a queue of what is not known': ['import collections\nself.net = nn.Conv2d(3, 1 + len(collections.deque(many)), 1)'],
  'keys that are not known': ['self.net = nn.Conv2d(3, 1 + len(dict.fromkeys(many)), 1)'],
}

// 3·4 + 4 weights of the convolution.
const SURE: Readonly<Record<string, string | readonly [string, string]>> = {
  'functions that keep the shape': [
    'self.net = nn.Conv2d(3, 4, 1)',
    'x = F.relu(x) if cfg.relu else x\nif cfg.twice:\n    x = x * 2\nreturn self.net(x)',
  ],
  'what is only said': 'self.net = nn.Conv2d(3, 4, 1)\nif cfg.verbose:\n    print(cfg)\n    names = [1, 2]',
  'the same number in both arms': 'self.net = nn.Conv2d(3, 4 if cfg.wide else 4, 1)',
  'a condition of what touches no weights':
    "import logging\nself.net = nn.Conv2d(3, 4, 1) if logging.getLogger('a').level else nn.Identity()",
  'numbers that start weights': 'self.net = nn.Conv2d(3, 4, 1)\nif cfg.init:\n    nn.init.zeros_(self.net.weight)',
}

describe('lower bounds', () => {
  test.each(Object.entries(OPEN))('%s', (_, [setup, forward, methods]) => {
    expect(net(setup, forward, methods)).toMatchObject({ exact: false, problems: [] })
  })
})

describe('exact', () => {
  test.each(Object.entries(SURE))('%s', (_, given) => {
    const [setup, forward] = typeof given === 'string' ? [given] : given
    expect(net(setup, forward)).toMatchObject({ exact: true, params: 16, problems: [] })
  })
})
