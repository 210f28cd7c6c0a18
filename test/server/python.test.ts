import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/folder'
import { startServer, type TestServer } from '../support/server'

const NET = `# convlens: input=3x8x8
from blocks import Block
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block()

    def forward(self, x):
        return self.block(x)
`
const BLOCK = (width: number): string => `from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, ${width}, 1)

    def forward(self, x):
        return self.conv(x)
`

describe('imports of an open Python file', () => {
  let server: TestServer | undefined
  afterEach(async () => {
    await server?.close()
    server = undefined
  })

  /** Files of a fresh folder; gives its path and URIs in it. */
  function folder(files: Readonly<Record<string, string>>): { at: string; uri: (name: string) => string } {
    const at = temporaryFolder()
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(at, name)), { recursive: true })
      writeFileSync(path.join(at, name), text)
    }
    return { at, uri: name => pathToFileURL(path.join(at, name)).href }
  }

  it('are read from the disk', async () => {
    const { uri } = folder({ 'blocks.py': BLOCK(4) })
    server = await startServer()
    server.open(uri('net.py'), NET, 'python')
    expect(await server.hints(uri('net.py'))).toContain('8: N×4×8×8 · expand · 16 params · 768 MACs')
  })

  it('are what an editor shows of them, saved or not, and change with it', async () => {
    const { uri } = folder({ 'blocks.py': BLOCK(4) })
    server = await startServer()
    server.open(uri('net.py'), NET, 'python')
    server.open(uri('blocks.py'), BLOCK(8), 'python')
    expect(await server.hints(uri('net.py'))).toContain('8: N×8×8×8 · expand · 32 params · 1.5k MACs')
    server.edit(uri('blocks.py'), '8, 1', '16, 1')
    expect(await server.hints(uri('net.py'))).toContain('8: N×16×8×8 · expand · 64 params · 3.1k MACs')
    await server.connection.sendNotification('textDocument/didClose', { textDocument: { uri: uri('blocks.py') } })
    expect(await server.hints(uri('net.py'))).toContain('8: N×4×8×8 · expand · 16 params · 768 MACs')
  })

  it('change when the client says that a file did, also one that was missing', async () => {
    const { at, uri } = folder({})
    server = await startServer()
    server.open(uri('net.py'), NET, 'python')
    expect((await server.hints(uri('net.py'))).join()).toContain('?')
    writeFileSync(path.join(at, 'blocks.py'), BLOCK(4))
    await server.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uri('blocks.py'), type: 1 }],
    })
    expect(await server.hints(uri('net.py'))).toContain('8: N×4×8×8 · expand · 16 params · 768 MACs')
  })

  it('are found on the search path of the settings, and in .venv', async () => {
    const { uri } = folder({ 'lib/blocks.py': BLOCK(4) })
    server = await startServer({ initializationOptions: { settings: { python: { searchPath: ['lib'] } } } })
    server.open(uri('net.py'), NET, 'python')
    expect(await server.hints(uri('net.py'))).toContain('8: N×4×8×8 · expand · 16 params · 768 MACs')
    const other = folder({ '.venv/lib/python3.12/site-packages/blocks/__init__.py': BLOCK(8) })
    server.open(other.uri('net.py'), NET, 'python')
    expect(await server.hints(other.uri('net.py'))).toContain('8: N×8×8×8 · expand · 32 params · 1.5k MACs')
  })

  it('say their problems where this file leads to them', async () => {
    const { uri } = folder({ 'blocks.py': BLOCK(4).replace('Conv2d(3', 'Conv2d(5') })
    server = await startServer()
    server.open(uri('net.py'), NET, 'python')
    const [found] = await server.diagnostics(uri('net.py'))
    expect(found).toMatchObject({
      message: 'In line 10 of blocks.py: conv expects 5 input channels and gets 3: N×3×8×8 from the input x.',
      range: { start: { line: 11, character: 15 }, end: { line: 11, character: 28 } },
    })
  })

  it('keep the hints of the whole file while a call is typed', async () => {
    const { uri } = folder({ 'blocks.py': BLOCK(4) })
    server = await startServer()
    server.open(uri('net.py'), NET, 'python')
    const before = await server.hints(uri('net.py'))
    expect(before.length).toBe(3)
    server.edit(uri('net.py'), 'self.block(x)', 'self.block(x')
    expect(await server.hints(uri('net.py'))).toEqual(before)
    server.edit(uri('net.py'), 'Block()\n', 'Block(\n')
    expect(await server.hints(uri('net.py'))).toEqual(before)
    expect(server.log).toEqual([])
  })

  it('are not asked of a cell of a notebook', async () => {
    server = await startServer()
    server.open('vscode-notebook-cell:/net.ipynb#X0', NET, 'python')
    expect(await server.rawHints('vscode-notebook-cell:/net.ipynb#X0')).toBeNull()
  })
})
