import { expect, test } from 'vitest'
import type { Environment } from '../../../src/frontends/frontend'
import { pytorch } from '../../../src/frontends/python'

const net = `from torch import nn

class Net(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(3, channels, 1)

    def forward(self, x):
        return self.conv(x)
`
const files: Readonly<Record<string, string>> = {
  'file:///w/zoo/__init__.py': 'from .net import *\nfrom .factories import wide\n',
  'file:///w/zoo/net.py': net,
  'file:///w/zoo/factories.py': 'from .net import Net\n\ndef wide():\n    return Net(8)\n',
}
const environment: Environment = { host: { read: uri => files[uri], isDirectory: () => false }, searchPath: [] }
const source = { uri: 'file:///w/zoo/net.py', name: 'net.py', text: net }

test('a factory that another module of the package defines can be asked for by name', () => {
  const file = pytorch.open(source, undefined, environment)
  expect(file.named!('wide')).toBeDefined()
  const { graph } = file.build({ model: 'wide', inputs: [{ shape: [3, 8, 8] }] })
  // 3 · 8 weights and 8 biases.
  expect(graph.layers.flatMap(l => l.weights.map(w => w.elements))).toEqual([24, 8])
})

test('a name that no module of the package defines is no model', () => {
  expect(pytorch.open(source, undefined, environment).named!('narrow')).toBeUndefined()
})

test('what does not fit inside an imported file is told at the model that comes to it', () => {
  const text = `import torch
from zoo.parts import Body

model = Body()
model(torch.randn(1, 3, 8, 8))
`
  const parts = `from torch import nn

class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3)
        self.b = nn.Conv2d(16, 8, 3)

    def forward(self, x):
        return self.b(self.a(x))
`
  const host = { read: (uri: string) => (uri.endsWith('/zoo/parts.py') ? parts : files[uri]), isDirectory: () => false }
  const script = { uri: 'file:///w/main.py', name: 'main.py', text }
  const file = pytorch.open(script, undefined, { host, searchPath: ['file:///w'] })
  const { graph } = file.build({ model: 'model', inputs: [{ shape: [3, 8, 8] }] })
  const [problem] = graph.problems
  expect(problem?.code).toBe('shape-mismatch')
  expect(problem?.message).toBe('In line 10 of parts.py: b expects 16 input channels and gets 8: N×8×6×6 from a.')
  expect(text.slice(problem!.span.start).split('\n')[0]).toBe('model = Body()')
})

test('a submodule comes without its package, where a module of the package asks for it', () => {
  const model = `from torch import nn
from .parts import layer

class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = layer()

    def forward(self, x):
        return self.conv(x)
`
  const all: Readonly<Record<string, string>> = {
    // The package runs first in Python: what it imports never comes in the middle of parts.
    'file:///w/zoo/__init__.py': "from .model import *\nfrom .config import size\n\n__version__ = '1'\n",
    'file:///w/zoo/config.py': 'def size():\n    return 8\n',
    'file:///w/zoo/parts/__init__.py':
      'from zoo import config\nfrom torch import nn\n\ndef layer():\n    return nn.Conv2d(3, config.size(), 1)\n',
    'file:///w/zoo/model.py': model,
  }
  const beside: Environment = { host: { read: uri => all[uri], isDirectory: () => false }, searchPath: [] }
  const file = pytorch.open({ uri: 'file:///w/zoo/model.py', name: 'model.py', text: model }, undefined, beside)
  const { graph } = file.build({ model: 'Body', inputs: [{ shape: [3, 8, 8] }] })
  expect(graph.layers.flatMap(l => l.weights.map(w => w.elements))).toEqual([24, 8])
})

test('a module by a name that the program puts together', () => {
  const model = `import importlib
from torch import nn

layers = [importlib.import_module(f'zoo.{name}') for name in ('parts',)]
near = importlib.import_module('.parts', package='zoo')

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = layers[0].layer(near.SIZE)

    def forward(self, x):
        return self.conv(x)
`
  const all: Readonly<Record<string, string>> = {
    'file:///w/zoo/__init__.py': '',
    'file:///w/zoo/parts.py':
      'from torch import nn\n\nSIZE = 8\n\ndef layer(size):\n    return nn.Conv2d(3, size, 1)\n',
    'file:///w/zoo/model.py': model,
  }
  const beside: Environment = { host: { read: uri => all[uri], isDirectory: () => false }, searchPath: [] }
  const file = pytorch.open({ uri: 'file:///w/zoo/model.py', name: 'model.py', text: model }, undefined, beside)
  const { graph } = file.build({ model: 'Net', inputs: [{ shape: [3, 8, 8] }] })
  expect(graph.layers.flatMap(l => l.weights.map(w => w.elements))).toEqual([24, 8])
})

test('names of a module that could not be run are not missed', () => {
  const model = `from torch import nn
from zoo.parts import layer

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = layer(8)

    def forward(self, x):
        return self.conv(x)
`
  const all: Readonly<Record<string, string>> = {
    'file:///w/zoo/__init__.py': '',
    'file:///w/zoo/parts.py': 'from .tables import table\n\ndef layer(size):\n    return size\n',
    'file:///w/zoo/tables.py': "def table():\n    raise ValueError('not here')\n\ntable()\n",
    'file:///w/model.py': model,
  }
  const beside: Environment = { host: { read: uri => all[uri], isDirectory: () => false }, searchPath: [] }
  const file = pytorch.open({ uri: 'file:///w/model.py', name: 'model.py', text: model }, undefined, beside)
  const { graph } = file.build({ model: 'Net', inputs: [{ shape: [3, 8, 8] }] })
  expect(graph.problems.filter(p => p.severity === 'error').map(p => p.message)).toEqual([])
})
