import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { convlens, file } from './terminal'

const NET = `# convlens: input=3x8x8
from parts import Part
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = Part()

    def forward(self, x):
        return self.part(x)
`
const PART = (width: number): string => `from torch import nn


class Part(nn.Conv2d):
    def __init__(self):
        super().__init__(3, ${width}, 1)
`
const environment = process.env.VIRTUAL_ENV
afterEach(() => {
  if (environment === undefined) delete process.env.VIRTUAL_ENV
  else process.env.VIRTUAL_ENV = environment
})

/** A folder beside a file, with a module in it. */
function packages(net: string, folder: string, width: number): string {
  const at = path.join(path.dirname(net), folder)
  mkdirSync(at, { recursive: true })
  writeFileSync(path.join(at, 'parts.py'), PART(width))
  return at
}

test('imports are looked up in the folders of --python-path, in their order', async () => {
  const net = file('net.py', NET)
  const first = packages(net, 'a', 4)
  const second = packages(net, 'b', 8)
  const { status, out } = await convlens(['annotate', net, '--python-path', first, '--python-path', second])
  expect(status).toBe(0)
  expect(out).toContain('Net: 16 params | 768 MACs')
  const other = await convlens(['annotate', net, '--python-path', second])
  expect(other.out).toContain('Net: 32 params | 1.5k MACs')
})

test('without it in the packages of the active virtual environment', async () => {
  const net = file('net.py', NET)
  packages(net, 'venv/lib/python3.11/site-packages', 4)
  process.env.VIRTUAL_ENV = path.join(path.dirname(net), 'venv')
  expect((await convlens(['check', net])).status).toBe(0)
  expect((await convlens(['annotate', net])).out).toContain('Net: 16 params | 768 MACs')
})

test('what is not found makes the totals lower bounds', async () => {
  delete process.env.VIRTUAL_ENV
  expect((await convlens(['annotate', file('net.py', NET)])).out).toContain('Net: ≥ 0 params')
})
