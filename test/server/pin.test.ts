import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CodeLens } from 'vscode-languageserver-types'
import type { Calls } from '../../src/protocol'
import { startServer, type TestServer } from '../support/server'

const URI = 'file:///net.py'
/** On 3×8×8: a.conv 3·4 weights and 4 biases at 64 positions, b.conv 4·8 and 8. */
const NET = `# convlens: input=3x8x8
from torch import nn


class Unit(nn.Module):
    def __init__(self, inner, outer):
        super().__init__()
        self.conv = nn.Conv2d(inner, outer, 1)

    def forward(self, x):
        return self.conv(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Unit(3, 4)
        self.b = Unit(4, 8)

    def forward(self, x):
        return self.b(self.a(x))
`
const ALL = '7: 4×8×8…8×8×8 ×2 · expand · 2.8k MACs'
const A = '7: N×4×8×8 · expand · 16 params · 768 MACs'
const B = '7: N×8×8×8 · expand · 40 params · 2.0k MACs'

describe('a pinned call', () => {
  let server: TestServer
  beforeEach(async () => {
    server = await startServer({ initializationOptions: { commands: true } })
    server.open(URI, NET, 'python')
  })
  afterEach(() => server.close())

  const pin = (path: string | null, uri = URI): Promise<string | null> =>
    server.connection.sendRequest('convlens/choose', { uri, pin: path })
  const conv = async (): Promise<string | undefined> => (await server.hints(URI)).find(hint => hint.startsWith('7:'))
  const calls = (line?: number): Promise<Calls | null> =>
    server.connection.sendRequest('convlens/calls', { uri: URI, line })

  async function lensTitles(): Promise<string[]> {
    const lenses = await server.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
      textDocument: { uri: URI },
    })
    const here = lenses.filter(lens => lens.range.start.line === 4)
    const resolved = here.map(lens => server.connection.sendRequest<CodeLens>('codeLens/resolve', lens))
    return (await Promise.all(resolved)).map(lens => lens.command!.title)
  }

  it('is shown alone until all are asked for again', async () => {
    expect(await conv()).toBe(ALL)
    expect(await lensTitles()).toEqual(['2 calls in Net, 100% of its MACs', 'show all 2', 'pin a'])
    expect(await pin('b')).toBeNull()
    expect(await conv()).toBe(B)
    expect(await lensTitles()).toEqual(['b, 1 of 2 calls in Net, 73% of its MACs', 'show all 2', 'pin another'])
    expect((await calls())?.pinned).toBe('b')
    expect(await server.hover(URI, { line: 7, character: 15 })).toContain('Show all calls')
    expect(await pin(null)).toBeNull()
    expect(await conv()).toBe(ALL)
  })

  it('has views asked again', async () => {
    await server.hints(URI)
    const asked = new Promise<void>(resolve =>
      server.connection.onRequest('workspace/codeLens/refresh', () => resolve()),
    )
    await pin('a')
    await asked
    expect(await conv()).toBe(A)
  })

  it('stays while other things are edited, and goes silently with its path', async () => {
    await pin('b')
    server.edit(URI, 'Unit(4, 8)', 'Unit(4, 16)')
    expect(await conv()).toBe('7: N×16×8×8 · expand · 80 params · 4.1k MACs')
    server.edit(URI, 'self.b = Unit', 'self.c = Unit')
    server.edit(URI, 'self.b(self.a(x))', 'self.c(self.a(x))')
    expect(await conv()).toBe('7: 4×8×8…16×8×8 ×2 · expand · 4.9k MACs')
    expect((await lensTitles())[0]).toBe('2 calls in Net, 100% of its MACs')
    expect((await calls())?.pinned).toBeNull()
    // It does not come back by itself.
    server.edit(URI, 'self.c = Unit', 'self.b = Unit')
    server.edit(URI, 'self.c(self.a(x))', 'self.b(self.a(x))')
    expect(await conv()).toBe('7: 4×8×8…16×8×8 ×2 · expand · 4.9k MACs')
    expect(server.log).toEqual([])
  })

  it('is kept while the text does not parse', async () => {
    await pin('b')
    expect(await conv()).toBe(B)
    server.edit(URI, 'self.b = Unit(4, 8)', 'self.b = Unit(4, 8')
    await server.hints(URI)
    server.edit(URI, 'self.b = Unit(4, 8', 'self.b = Unit(4, 8)')
    expect(await conv()).toBe(B)
  })

  it('is refused where there is no such call', async () => {
    expect(await pin('c')).toBe('There is no call c in Net.')
    expect(await pin('a', 'file:///other.py')).toBe('No network was found in this file.')
    expect(await conv()).toBe(ALL)
  })

  it('is forgotten when the document closes', async () => {
    await pin('a')
    await server.connection.sendNotification('textDocument/didClose', { textDocument: { uri: URI } })
    server.open(URI, NET, 'python')
    expect(await conv()).toBe(ALL)
  })

  it('is one of those that are listed', async () => {
    expect((await calls(7))?.calls.map(call => call.path)).toEqual(['a', 'b'])
    expect((await calls())?.calls[1]).toEqual({ path: 'b', block: 'Unit', detail: 'N×8×8×8 · 2.0k MACs, 73%' })
  })

  it('is not offered to clients without our commands', async () => {
    const other = await startServer()
    other.open(URI, NET, 'python')
    const lenses = await other.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
      textDocument: { uri: URI },
    })
    expect(lenses.filter(lens => lens.range.start.line === 4)).toHaveLength(1)
    await other.close()
  })
})
