import { expect, it } from 'vitest'
import { panelModel } from '../../src/features/panelModel'
import type { PanelNetwork, PanelRow } from '../../src/protocol/panel'
import { analysisOf } from '../support/fixture'

const panelOf = (text: string): PanelNetwork =>
  panelModel(analysisOf(text, 'net.py'), { uri: 'net.py' }) as PanelNetwork
const all = (rows: readonly PanelRow[]): PanelRow[] => rows.flatMap(row => [row, ...all(row.children)])
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length

it('a stage that a helper builds stands on the line that asked for it, and is found from both', () => {
  const text = `import torch.nn as nn

class Block(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.one = nn.Conv2d(a, b, 3, padding=1)
        self.two = nn.Conv2d(b, b, 3, padding=1)
    def forward(self, x):
        return self.two(self.one(x))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = self.make(3, 8)
        self.layer2 = self.make(8, 8)
    def make(self, a, b):
        layers = [Block(a, b), Block(b, b)]
        return nn.Sequential(*layers)
    def forward(self, x):
        return self.layer2(self.layer1(x))
`
  const { rows, layers } = panelOf(text)
  const places = all(rows).map(({ id, place }) => [id, place?.line])
  expect(places).toContainEqual(['layer1/', lineOf(text, 'self.layer1 =')])
  expect(places).toContainEqual(['layer2/', lineOf(text, 'self.layer2 =')])
  const [first] = layers
  const lines = first!.places.map(({ line }) => line)
  for (const part of ['self.one =', 'self.layer1 =', 'nn.Sequential']) expect(lines).toContain(lineOf(text, part))
})

it('a layer that is not known is listed once, where it is declared, however often it is called', () => {
  const text = `import torch.nn as nn
from elsewhere import Gate

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 1)
        self.gate = Gate(8)
        self.unused = Gate(9)
    def forward(self, x):
        x = self.gate(self.stem(x))
        return self.gate(x)
`
  const { banners, layers } = panelOf(text)
  const [banner] = banners.filter(({ list }) => list.length)
  expect(banner!.list.map(({ line }) => line)).toEqual([lineOf(text, 'self.gate ='), lineOf(text, 'self.unused =')])
  expect(banner!.list[0]!.text).toBe('Gate: elsewhere.Gate is not found, 2 calls')
  expect(banner!.title).toBe('2 lines are not counted.')
  expect(layers.filter(({ unknown }) => unknown).map(({ id }) => id)).toEqual(['gate', 'gate#2', 'unused'])
})

it('a layer that is not known and only tried while the model is built still makes totals lower bounds', () => {
  const text = `import torch
import torch.nn as nn
from elsewhere import Backbone

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = Backbone()
        self.body(torch.zeros(1, 3, 32, 32))
        self.head = nn.Conv2d(3, 8, 1)
    def forward(self, x):
        return self.head(x)
`
  const { banners, atLeast } = panelOf(text)
  expect(atLeast).toBe(true)
  expect(banners.flatMap(({ list }) => list.map(({ line }) => line))).toEqual([lineOf(text, 'self.body =')])
})
