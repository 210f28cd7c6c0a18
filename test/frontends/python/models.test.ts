import { describe, expect, test } from 'vitest'
import { modelOf, openPython } from './open'

const FILE = `import torch
import torch.nn as nn


class Part(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = nn.Conv2d(c, 8, 3)

    def forward(self, x):
        return self.c(x)


class Net(nn.Module):
    def __init__(self, c=3):
        super().__init__()
        self.p = Part(c)

    def forward(self, x):
        return self.p(x)


def small(**kw):
    return Net(**kw)
`
const SUMMARY = `from torchinfo import summary\nif __name__ == "__main__":\n    summary(Net(), input_size=(1, 3, 40, 40))\n`
const OTHER = 'm = Net(c=1)\nm(torch.randn(1, 1, 28, 28))\n'

test('modules are called one after the other, also when they are named', () => {
  const text = `import torch.nn as nn
from torch.utils.checkpoint import checkpoint_sequential


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleList([nn.Conv2d(3, 4, 1), nn.Conv2d(4, 5, 1)])

    def forward(self, x):
        step = 0.1 * x.grad
        return checkpoint_sequential(functions=[m for m in self.parts], segments=1, input=x)
`
  const { graph, problems } = modelOf(text)!
  expect(graph.outputs[0]?.shape?.slice(1)).toEqual([5, 224, 224])
  expect(problems).toEqual([])
})

describe('which model, which input', () => {
  // Parameters are 8·c·9 + 8 of the one convolution.
  test.each<[string, string, string | undefined, string, number[], boolean, number]>([
    ['the first factory, by its first layer', FILE, undefined, 'small', [3, 224, 224], true, 224],
    ['a class by name', FILE, 'Net', 'Net', [3, 224, 224], true, 224],
    ['a call with arguments', FILE, 'Net(c=5)', 'Net(c=5)', [5, 224, 224], true, 368],
    ['a part, made by a call', FILE, 'Part(4)', 'Part(4)', [4, 224, 224], true, 296],
    ['a directive', `# convlens: input=3x64x64 model=Net\n${FILE}`, undefined, 'Net', [3, 64, 64], false, 224],
    ['a summary', FILE + SUMMARY, undefined, 'Net', [3, 40, 40], false, 224],
    ['a use with other arguments is no use of this model', FILE + OTHER, 'Net', 'Net', [3, 224, 224], true, 224],
    ['what a name stands for, by its own use', FILE + OTHER, 'm', 'm', [1, 28, 28], false, 80],
  ])('%s', (_, text, asked, name, input, assumed, params) => {
    const model = modelOf(text, asked)!
    expect(model.name).toBe(name)
    expect(model.inputs.map(i => i.shape)).toEqual([input])
    expect(model.inputAssumed).toBe(assumed)
    expect(model.totals.params).toBe(params)
    expect(model.problems).toEqual([])
  })

  test('what is made of a class without arguments is the class', () => {
    const names = (text: string): string[] => openPython(text).models.map(({ name }) => name)
    expect(names(`${FILE}net = Net()\nnet(torch.randn(1, 3, 8, 8))\n`)).toEqual(['small', 'Net'])
    expect(names(`${FILE}net = Net(4)\n`)).toEqual(['small', 'Net', 'net'])
    expect(modelOf(`${FILE}net = Net()\nnet(torch.randn(1, 3, 28, 28))\n`)!.inputs[0]!.shape).toEqual([3, 28, 28])
  })

  test('a loss that stands at the top level is no model', () => {
    const text = `import torch.nn as nn\ncriterion = nn.CrossEntropyLoss()\nnet = nn.Sequential(nn.Conv2d(3, 8, 1))\n`
    expect(openPython(text).models.map(m => m.name)).toEqual(['net'])
  })

  test('parts and unknown names are no models', () => {
    expect(openPython(FILE).models.map(m => m.name)).toEqual(['small', 'Net'])
    expect(modelOf(FILE, 'Nothing')).toBeUndefined()
  })
})

test('a function that gives a list of layers, or layers with what they give, is no model', () => {
  const helpers = `
def blocks(c=8):
    return [None, nn.Conv2d(3, c, 1)]


def stem(c=8):
    return nn.Conv2d(3, c, 1), c
`
  const { models, chosen } = openPython(`import torch.nn as nn\n${helpers}${FILE}`)!
  expect(models.map(m => m.name)).toEqual(['small', 'Net'])
  expect(chosen?.name).toBe('small')
})

describe('a model that the file makes', () => {
  const NET = `import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, hidden, out):
        super().__init__()
        self.a = nn.Linear(4, hidden, bias=False)
        self.b = nn.Linear(hidden, out, bias=False)
    def forward(self, x):
        return self.b(self.a(x))
`
  test('is made with what the names stood for then, whatever they stand for later', () => {
    const text = `${NET}hidden, out = 8, 2
net = Net(hidden, out)
net(torch.zeros(1, 4))
hidden = 100
net = None
`
    expect(modelOf(text)!.totals).toMatchObject({ params: 4 * 8 + 8 * 2, completeness: 'exact' })
  })

  test('has its params where its forward raises', () => {
    const text = NET.replace('return self.b(', "raise ValueError('no')\n        return self.b(")
    const { totals } = modelOf(`${text}net = Net(8, 2)\n`)!
    expect(totals).toMatchObject({ params: 4 * 8 + 8 * 2, completeness: 'atLeast' })
  })
})
