import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CodeAction, CodeLens, Diagnostic, DocumentHighlight, InlayHint } from 'vscode-languageserver-types'
import type { PanelNetwork } from '../../src/protocol/panel'
import { CELLS } from '../support/notebook'
import { positionIn, startServer, type TestServer } from '../support/server'

const NOTEBOOK = 'file:///work/net.ipynb'
const cellUri = (name: string): string => `vscode-notebook-cell:/work/net.ipynb#${name}`
const [IMPORTS, STEM, NET] = ['a', 'b', 'c'].map(cellUri) as [string, string, string]

/** The cells, of which the last is c. */
async function open(server: TestServer, texts: readonly string[] = CELLS): Promise<void> {
  const uris = texts.map((_, i) => cellUri('abcdef'[i]!))
  await server.connection.sendNotification('notebookDocument/didOpen', {
    notebookDocument: {
      uri: NOTEBOOK,
      notebookType: 'jupyter-notebook',
      version: 1,
      cells: uris.map(document => ({ kind: 2, document })),
    },
    cellTextDocuments: uris.map((uri, i) => ({ uri, languageId: 'python', version: 1, text: texts[i] })),
  })
}

const change = (server: TestServer, cells: object): Promise<void> =>
  server.connection.sendNotification('notebookDocument/didChange', {
    notebookDocument: { uri: NOTEBOOK, version: 2 },
    change: { cells },
  })

/** Replaces text of a cell, as typing does. */
function edit(server: TestServer, uri: string, text: string, before: string, after: string): Promise<void> {
  const start = text.indexOf(before)
  const range = { start: positionIn(text, start), end: positionIn(text, start + before.length) }
  return change(server, { textContent: [{ document: { uri, version: 2 }, changes: [{ range, text: after }] }] })
}

/** Of the last cell: 4 channels in, 5 wanted. */
const CALL = positionIn(CELLS[2], CELLS[2].indexOf('self.fc(x)') + 6)

describe('a notebook', () => {
  let server: TestServer
  beforeEach(async () => {
    server = await startServer()
  })
  afterEach(() => server.close())

  it('is asked for, in Python', () => {
    expect(server.capabilities.notebookDocumentSync).toEqual({
      notebookSelector: [{ notebook: 'jupyter-notebook', cells: [{ language: 'python' }] }],
    })
  })

  it('has hints in each cell that come from the others', async () => {
    await open(server)
    expect(await server.hints(IMPORTS)).toEqual([])
    expect(await server.hints(STEM)).toEqual(['3: N×4×8×8 · 112 params · 6.9k MACs', '5: x: N×3×8×8', '6: N×4×8×8'])
    expect(await server.hints(NET)).toEqual([
      '4: N×4×8×8 · 112 params · 6.9k MACs',
      '5: N×10 · 60 params · 50 MACs',
      '7: x: N×3×8×8',
      '8: N×4',
      '9: N×10',
    ])
    expect(await server.hints(NET, 7, 8)).toEqual(['7: x: N×3×8×8', '8: N×4'])
  })

  it('resolves a hint to a place in another cell', async () => {
    await open(server)
    const hint = (await server.rawHints(STEM))[0]!
    const resolved = await server.connection.sendRequest<InlayHint>('inlayHint/resolve', hint)
    expect(resolved.position).toEqual({ line: 3, character: 53 })
    const parts = resolved.label as { location?: object; tooltip?: object }[]
    expect(parts[0]!.tooltip).toBeDefined()
    expect(parts[0]!.location).toEqual({
      uri: STEM,
      range: { start: { line: 6, character: 15 }, end: { line: 6, character: 27 } },
    })
    const shown = (await server.rawHints(NET)).find(other => other.position.line === 4)!
    const other = await server.connection.sendRequest<InlayHint>('inlayHint/resolve', shown)
    expect((other.label as { location?: { uri: string } }[])[0]!.location?.uri).toBe(NET)
  })

  it('explains a layer where it is called', async () => {
    await open(server)
    expect(await server.hover(NET, CALL)).toMatch(/\*\*fc\*\* `Linear`/)
    const found = await server.at<{ range: object }>('textDocument/hover', NET, CALL)
    expect(found.range).toEqual({ start: { line: 9, character: 15 }, end: { line: 9, character: 25 } })
    expect(await server.hover(IMPORTS, { line: 0, character: 3 })).toBeNull()
  })

  it('underlines in the right cell, and fixes there', async () => {
    const waiting = server.diagnostics(NET)
    await open(server)
    const [found] = await waiting
    expect(found).toMatchObject({
      code: 'shape-mismatch',
      range: { start: { line: 9, character: 15 }, end: { line: 9, character: 25 } },
    } satisfies Partial<Diagnostic>)
    const ask = (uri: string): Promise<CodeAction[]> =>
      server.connection.sendRequest('textDocument/codeAction', {
        textDocument: { uri },
        range: found!.range,
        context: { diagnostics: [] },
      })
    const fix = (await ask(NET)).find(({ title }) => title === 'Set in_features of fc to 4')
    expect(fix?.edit?.changes).toEqual({
      [NET]: [{ range: { start: { line: 5, character: 28 }, end: { line: 5, character: 29 } }, newText: '4' }],
    })
    expect(fix?.diagnostics?.[0]?.range.start).toEqual({ line: 9, character: 15 })
    expect(await ask(STEM)).toEqual([])
  })

  it('offers rewriting edits, in the cells that they change', async () => {
    const wide = `class Wide(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(256, 256, 3, padding=1)

    def forward(self, x):
        return self.conv(x)


Wide()(torch.randn(1, 256, 56, 56))`
    await open(server, ['import torch\nfrom torch import nn', wide])
    const at = { line: 3, character: 25 }
    const actions = await server.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: STEM },
      range: { start: at, end: at },
      context: { diagnostics: [], only: ['refactor.rewrite'] },
    })
    const first = actions.find(({ title }) => title.startsWith('Insert 1×1 bottleneck'))
    expect(first?.title).toMatch(/^Insert 1×1 bottleneck 256→\d+→\d+→256: −\d+% MACs of this line/)
    const changes = first!.edit!.changes!
    expect(Object.keys(changes)).toEqual([STEM])
    const lines = wide.split('\n')
    // Undone from the last to the first, the edits leave a cell with three convolutions in place of one.
    let text = wide
    for (const { range, newText } of [...changes[STEM]!].reverse()) {
      const offset = (p: { line: number; character: number }): number =>
        lines.slice(0, p.line).join('\n').length + (p.line > 0 ? 1 : 0) + p.character
      text = text.slice(0, offset(range.start)) + newText + text.slice(offset(range.end))
    }
    expect(text.match(/nn\.Conv2d/g)).toHaveLength(3)
    expect(text.endsWith('Wide()(torch.randn(1, 256, 56, 56))')).toBe(true)
  })

  it('says by its cell which line does not parse, and where layers stand', async () => {
    await open(server)
    const model = (): Promise<PanelNetwork> => server.connection.sendRequest('convlens/panelModel', { uri: NOTEBOOK })
    const lengths = CELLS.map(text => text.split('\n').length)
    expect((await model()).cells).toEqual([1, 1 + lengths[0]!, 1 + lengths[0]! + lengths[1]!])
    await edit(server, NET, CELLS[2], 'nn.Linear(', 'nn.Linear((')
    expect((await model()).behind).toMatch(/^Line \d+ of cell 3 does not parse yet\.$/)
  })

  it('has its lens in the cell of the class, and says where it leads by the notebook', async () => {
    await open(server)
    const lenses = (uri: string): Promise<CodeLens[]> =>
      server.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } })
    expect(await lenses(IMPORTS)).toEqual([])
    const [first] = await lenses(NET)
    expect(first!.range.start).toEqual({ line: 1, character: 0 })
    const resolved = await server.connection.sendRequest<CodeLens>('codeLens/resolve', first)
    expect(resolved.command?.title).toBe('Net: 172 params')
    expect(await server.connection.sendRequest('convlens/summary', { uri: STEM })).toMatchObject({
      uri: NOTEBOOK,
      model: 'Net',
      input: '3×8×8',
    })
  })

  it('keeps what is marked within the cell', async () => {
    await open(server)
    const marked = await server.at<DocumentHighlight[]>('textDocument/documentHighlight', NET, CALL)
    expect(marked.every(({ range }) => range.start.line < 12)).toBe(true)
  })

  it('is analysed again when a cell is edited', async () => {
    const before = server.diagnostics(NET)
    await open(server)
    expect(await before).toHaveLength(1)
    const after = server.diagnostics(NET)
    await edit(server, NET, CELLS[2], 'Stem(4)', 'Stem(5)')
    expect(await after).toEqual([])
    expect(await server.hints(STEM)).toContain('3: N×5×8×8 · 140 params · 8.6k MACs')
    expect(server.log).toEqual([])
  })

  it('counts lines anew when a cell grows above others', async () => {
    await open(server)
    const before = await server.hints(NET)
    await edit(server, STEM, CELLS[1], 'class Stem', '# one\n# two\nclass Stem')
    expect(await server.hints(NET)).toEqual(before)
    expect((await server.hints(STEM))[0]).toMatch(/^5: N×4×8×8/)
  })

  it('follows cells that are added, moved and deleted', async () => {
    await open(server)
    const added = cellUri('new')
    const text = 'class Tail(nn.Module):\n    def forward(self, x):\n        return x\n\nTail()(torch.randn(1, 7))'
    await change(server, {
      structure: {
        array: { start: 1, deleteCount: 0, cells: [{ kind: 2, document: added }] },
        didOpen: [{ uri: added, languageId: 'python', version: 1, text }],
      },
    })
    // The first model that is called is shown: the new one.
    expect(await server.hints(added)).toContain('1: x: N×7')
    expect((await server.hints(NET)).join()).not.toContain('N×4×8×8')
    await change(server, { structure: { array: { start: 1, deleteCount: 1 } } })
    await change(server, {
      structure: { array: { start: 3, deleteCount: 0, cells: [{ kind: 2, document: added }] } },
    })
    expect((await server.hints(NET))[0]).toMatch(/^4: N×4×8×8/)
    expect(await server.hints(added)).not.toContain('1: x: N×7')
    await change(server, {
      structure: { array: { start: 1, deleteCount: 1 }, didClose: [{ uri: STEM }] },
    })
    expect(await server.rawHints(STEM)).toBeNull()
    expect((await server.hints(NET)).join()).not.toContain('N×4×8×8')
    expect(server.log).toEqual([])
  })

  it('takes its problems back when it closes', async () => {
    const before = server.diagnostics(NET)
    await open(server)
    expect(await before).toHaveLength(1)
    const after = server.diagnostics(NET)
    await server.connection.sendNotification('notebookDocument/didClose', {
      notebookDocument: { uri: NOTEBOOK },
      cellTextDocuments: [IMPORTS, STEM, NET].map(uri => ({ uri })),
    })
    expect(await after).toEqual([])
    expect(await server.rawHints(NET)).toBeNull()
  })

  it('without a network is silent', async () => {
    await open(server, ['import numpy as np\nx = np.zeros(3)', 'print(x'])
    expect(await server.rawHints(IMPORTS)).toBeNull()
    expect(await server.rawHints(STEM)).toBeNull()
    expect(server.log).toEqual([])
  })

  it('keeps the hints of other cells while one does not parse', async () => {
    await open(server)
    const before = await server.hints(NET)
    await edit(server, IMPORTS, CELLS[0], 'from torch import nn', 'from torch import nn\nx = (')
    expect(await server.hints(NET)).toEqual(before)
  })

  it('that nobody opened is asked in vain', async () => {
    await change(server, { textContent: [] })
    await edit(server, NET, CELLS[2], 'Stem(4)', 'Stem(5)')
    expect(await server.rawHints(NET)).toBeNull()
    expect(server.log).toEqual([])
  })
})
