import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  CodeLens,
  CompletionItem,
  DocumentSymbol,
  InlayHint,
  Location,
  LocationLink,
} from 'vscode-languageserver-types'
import { longTexts } from '../support/generate'
import { positionIn, startServer, type TestServer } from '../support/server'

const NET = `input: [3, 32, 32]
layers:
  - Conv2d: {name: stem, out_channels: 8, kernel_size: 3, padding: 1}
  - ReLU
  - MaxPool2d: {kernel_size: 2}
  - Conv2d: {out_channels: 16, kernel_size: 3, padding: 1}
  - Add: {from: [-1, -1]}
`
// 27·8 + 8 params and 27·8·32² products; then 72·16 + 16 and 72·16·16².
const HINTS = [
  '2: N×8×32×32 · 224 params · 221k MACs',
  '4: N×8×16×16',
  '5: N×16×16×16 · 1.2k params · 295k MACs',
  '6: N×16×16×16',
]

describe('language server over stdio', () => {
  let server: TestServer
  let count = 0
  const open = (text: string, languageId?: string, name = 'net.yaml'): string => {
    const uri = `file:///${count++}/${name}`
    server.open(uri, text, languageId)
    return uri
  }
  beforeAll(async () => {
    server = await startServer({ initializationOptions: { commands: true } })
  })
  afterAll(() => server.close())

  it('says what it can do', () => {
    expect(server.capabilities).toMatchObject({
      textDocumentSync: 2,
      inlayHintProvider: { resolveProvider: true },
      hoverProvider: true,
      codeLensProvider: { resolveProvider: true },
      definitionProvider: true,
      referencesProvider: true,
      documentSymbolProvider: true,
    })
  })

  it('answers hints, of the lines that are asked for', async () => {
    const uri = open(NET)
    expect(await server.hints(uri)).toEqual(HINTS)
    expect(await server.hints(uri, 4, 5)).toEqual(HINTS.slice(1, 3))
  })

  it('follows an edit', async () => {
    const uri = open(NET)
    await server.hints(uri)
    server.edit(uri, 'out_channels: 8', 'out_channels: 4')
    expect((await server.hints(uri))[0]).toBe('2: N×4×32×32 · 112 params · 111k MACs')
  })

  it('resolves a hint with tooltips', async () => {
    const uri = open(NET)
    const [hint] = await server.rawHints(uri)
    const resolved = await server.connection.sendRequest<InlayHint>('inlayHint/resolve', hint)
    const tooltips = (resolved.label as { tooltip?: { value: string } }[]).map(part => part.tooltip?.value)
    expect(tooltips.at(-1)).toBe('MACs = k² · Cin · Cout · H′ · W′ = 9 · 3 · 8 · 32 · 32 = 221,184')
  })

  it('answers hover, definition, references, highlights, completion, symbols and lenses', async () => {
    const text = NET.replace('[-1, -1]', '[-1, stem]').replace('kernel_size: 2', 'kernel_size: 1')
    const uri = open(text)
    expect(await server.hover(uri, positionIn(text, text.indexOf('Conv2d')))).toContain('221,184')
    const at = positionIn(text, text.indexOf('stem]') + 1)
    const found = await server.at<(Location | LocationLink)[]>('textDocument/definition', uri, at)
    expect(found.map(link => ('targetRange' in link ? link.targetRange : link.range).start.line)).toEqual([2])
    const uses = await server.at<Location[]>('textDocument/references', uri, at, {
      context: { includeDeclaration: true },
    })
    expect(uses.map(use => use.range.start.line).sort()).toEqual([2, 6])
    expect(await server.at<unknown[]>('textDocument/documentHighlight', uri, at)).toHaveLength(2)
    expect(await server.at<CompletionItem[]>('textDocument/completion', uri, at)).toBeInstanceOf(Array)
    const symbols = await server.at<DocumentSymbol[]>('textDocument/documentSymbol', uri, at)
    expect(symbols.length).toBeGreaterThan(0)
    const lenses = await server.at<CodeLens[]>('textDocument/codeLens', uri, at)
    const resolved = await Promise.all(
      lenses.map(lens => server.connection.sendRequest<CodeLens>('codeLens/resolve', lens)),
    )
    expect(resolved.map(lens => lens.command?.title)).toContain('input 3×32×32')
  })

  it('publishes problems with the code and its documentation, and takes them back', async () => {
    const bad = NET.replace('name: stem,', 'name: stem, in_channels: 4,')
    const uri = open(bad)
    const [diagnostic] = await server.diagnostics(uri)
    expect(diagnostic).toMatchObject({
      code: 'shape-mismatch',
      source: 'ConvLens',
      severity: 1,
      message: 'stem expects 4 input channels and gets 3: N×3×32×32 from the input.',
    })
    expect(diagnostic!.codeDescription?.href).toMatch(/#shape-mismatch$/)
    server.edit(uri, 'in_channels: 4', 'in_channels: 3')
    expect(await server.diagnostics(uri)).toEqual([])
  })

  it('keeps the hint of a line that does not parse, and those of all others', async () => {
    const uri = open(NET)
    await server.hints(uri)
    server.edit(uri, 'kernel_size: 3, padding: 1}\n  - Add', 'kernel_size: 3, padding: 1\n  - Add')
    const hints = await server.hints(uri)
    expect(hints).toContain('5: N×16×16×16 · 1.2k params · 295k MACs')
    expect(hints.slice(0, 2)).toEqual(HINTS.slice(0, 2))
  })

  it('answers every half-typed state of a file', async () => {
    const uri = open('')
    let text = ''
    for (const character of NET) {
      const position = positionIn(text, text.length)
      text += character
      void server.connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: text.length + 1 },
        contentChanges: [{ range: { start: position, end: position }, text: character }],
      })
      await server.rawHints(uri)
    }
    expect((await server.hints(uri)).slice(0, 3)).toEqual(HINTS.slice(0, 3))
    expect(server.log).toEqual([])
  })

  it('says nothing about a file that is no network', async () => {
    const uri = open('services:\n  web:\n    image: nginx\n')
    expect(await server.rawHints(uri)).toBeNull()
    expect(await server.hover(uri, { line: 1, character: 3 })).toBeNull()
    expect(await server.connection.sendRequest('convlens/summary', { uri })).toBeNull()
  })

  it('survives garbage', async () => {
    const garbage = [
      '\u0000\uffff\ud800',
      '&a [*a, *a]',
      'layers: [[[[[[[[',
      `layers: ${'['.repeat(20_000)}`,
      'layers:\n  - Conv2d: {out_channels: .nan, kernel_size: -1e308}\n',
      'layers:\n  - Conv2d: {out_channels: 1e400, kernel_size: 0}\n  - repeat: 1e9\n    layers: [ReLU]\n',
      'backbone: 3\nhead: null\n',
      'backbone:\n  - [99, 1, Conv, [64]]\n  - [-7, 1, Concat, [1]]\nhead: []\n',
      '[net]\n[route]\nlayers=-99999999999999\n[shortcut]\nfrom=x\n[convolutional]\nfilters=NaN\nsize=-3\n',
      `layers:\n${'  - {b: '.repeat(2000)}`,
    ]
    for (const text of garbage) {
      const uri = open(
        text,
        text.startsWith('[net]') ? 'darknet-cfg' : 'yaml',
        text.startsWith('[net]') ? 'x.cfg' : 'x.yaml',
      )
      await server.rawHints(uri)
      await server.hover(uri, { line: 0, character: 3 })
      await server.hover(uri, { line: 1_000_000, character: 1_000_000 })
    }
    expect(server.log).toEqual([])
  })

  it.each(Object.keys(longTexts))('answers a text of 10,000 layers: %s', async format => {
    const { name, text } = longTexts[format]!(10_000)
    const uri = open(text, name.endsWith('.cfg') ? 'darknet-cfg' : 'yaml', name)
    expect((await server.rawHints(uri)).length).toBe(10_000)
    expect(server.log).toEqual([])
  })

  it('shows another input and takes the choice back', async () => {
    const uri = open(NET)
    const choose = (params: object): Promise<string | null> =>
      server.connection.sendRequest('convlens/choose', { uri, ...params })
    expect(await choose({ input: '3x64x64' })).toBeNull()
    expect((await server.hints(uri))[0]).toBe('2: N×8×64×64 · 224 params · 885k MACs')
    expect(await choose({ input: 'wide' })).toMatch(/3x224x224/)
    expect(await choose({ input: null })).toBeNull()
    expect(await server.hints(uri)).toEqual(HINTS)
  })

  it('shows another scale of a file', async () => {
    const uri = open(
      'nc: 3\nscales:\n  n: [1.0, 0.5, 1024]\n  s: [1.0, 1.0, 1024]\nbackbone:\n  - [-1, 1, Conv, [16, 3, 2]]\nhead: []\n',
      'yaml',
      'yolo99.yaml',
    )
    expect((await server.hints(uri))[0]).toMatch(/^5: N×8×320×320/)
    expect(await server.connection.sendRequest('convlens/choose', { uri, model: 's' })).toBeNull()
    expect((await server.hints(uri))[0]).toMatch(/^5: N×16×320×320/)
    const summary = await server.connection.sendRequest<{ model: string }>('convlens/summary', { uri })
    expect(summary.model).toBe('yolo99s')
  })

  it('writes summaries', async () => {
    const uri = open(NET)
    const get = (format: string): Promise<string> =>
      server.connection.sendRequest('convlens/copySummary', { uri, format })
    expect(await get('markdown')).toContain('| **total** |')
    expect((await get('csv')).split('\n').length).toBeGreaterThan(3)
    expect(await get('keras')).toContain(' Total params: 1,392 (5.44 KB)\n')
    expect(JSON.parse(await get('json')).files[0].models[0].totals.params).toBe(224 + 1168)
    expect(await server.connection.sendRequest('convlens/copyTable', { uri, line: 2 })).toContain('| where |')
  })

  it('answers a cancelled request with an error and goes on', async () => {
    const uri = open(longTexts.yaml!(3000).text)
    const { CancellationTokenSource } = await import('vscode-jsonrpc/node')
    const source = new CancellationTokenSource()
    const busy = server.rawHints(uri)
    const cancelled = server.connection.sendRequest(
      'textDocument/hover',
      { textDocument: { uri }, position: { line: 3, character: 5 } },
      source.token,
    )
    source.cancel()
    await expect(cancelled).rejects.toMatchObject({ code: -32800 })
    expect((await busy).length).toBe(3000)
  })

  it('has no answer for a document that is not open', async () => {
    expect(await server.rawHints('file:///never.yaml')).toBeNull()
  })
})

describe('another client', () => {
  it('gets its settings by workspace/configuration, and no commands', async () => {
    const server = await startServer({
      configuration: section => (section === 'convlens' ? { unit: 'FLOPs', hints: { quietLayers: true } } : null),
    })
    const uri = 'file:///net.yaml'
    server.open(uri, NET)
    let hints = await server.hints(uri)
    for (let tries = 0; tries < 50 && !hints[0]!.includes('FLOPs'); tries++) {
      await new Promise(resolve => setTimeout(resolve, 20))
      hints = await server.hints(uri)
    }
    expect(hints.slice(0, 2)).toEqual(['2: N×8×32×32 · 224 params · 442k FLOPs', '3: N×8×32×32'])
    expect(await server.hover(uri, { line: 2, character: 6 })).not.toContain('command:')
    await server.close()
  })

  it('gets settings that it sends itself', async () => {
    const server = await startServer()
    const uri = 'file:///net.yaml'
    server.open(uri, NET)
    expect(await server.hints(uri)).toEqual(HINTS)
    await server.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { convlens: { hints: { enabled: false } } },
    })
    expect(await server.hints(uri)).toEqual([])
    await server.close()
  })

  it('can start again after the end', async () => {
    for (let i = 0; i < 2; i++) {
      const server = await startServer()
      server.open('file:///net.yaml', NET)
      expect(await server.hints('file:///net.yaml')).toEqual(HINTS)
      await server.close()
    }
  })
})

describe('refresh', () => {
  it('is asked for when other words are to be shown than were sent, and only then', async () => {
    const server = await startServer()
    const uri = 'file:///net.yaml'
    let refreshes = 0
    server.connection.onRequest('workspace/inlayHint/refresh', () => {
      refreshes++
      return null
    })
    const rest = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 400))
    server.open(uri, NET)
    await server.hints(uri)
    server.edit(uri, 'padding: 1}', 'padding: 1 }')
    await rest()
    expect(refreshes).toBe(0)
    server.edit(uri, 'out_channels: 8', 'out_channels: 4')
    await rest()
    expect(refreshes).toBe(1)
    await server.close()
  })
})
