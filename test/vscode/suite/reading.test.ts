import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { closeAll, codeLenses, hintsOf, hoverText, openFixture, positionOf } from '../support/editor'

describe('reading a model', () => {
  afterEach(closeAll)

  it('explains a layer in the hover, with exact numbers', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    const text = await hoverText(document, positionOf(document, 'Conv2d', 2))
    // 28 × 28 positions, 6 filters of 1 × 5 × 5 weights.
    for (const part of ['117,600', '156', '6×28×28']) assert.ok(text.includes(part), `${part} in:\n${text}`)
  })

  it('shows the totals in a code lens', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    const titles = (await codeLenses(document)).map(lens => lens.command?.title ?? '').join(' | ')
    for (const part of ['61.7k params', '417k MACs', 'input 1×32×32']) {
      assert.ok(titles.includes(part), `${part} in: ${titles}`)
    }
  })

  it('lists the layers as symbols', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    )
    const lines = new Set(symbols.flatMap(withChildren).map(symbol => symbol.selectionRange.start.line))
    for (const line of [3, 6, 8, 11, 13, 14, 16, 18]) assert.ok(lines.has(line), `a symbol on line ${line + 1}`)
  })

  it('finds the layer that a row names', async () => {
    const { document } = await openFixture('yolo.yaml')
    await hintsOf(document)
    const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      positionOf(document, '[[-1, 0]', 6),
    )
    assert.deepEqual(
      found.map(target => ('targetRange' in target ? target.targetRange : target.range).start.line),
      [3],
    )
  })

  it('completes the names of layers', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      positionOf(document, 'MaxPool2d'),
    )
    // VS Code adds the words of the file, as plain text.
    const ours = list.items.filter(item => item.kind !== vscode.CompletionItemKind.Text)
    const labels = ours.map(item => (typeof item.label === 'string' ? item.label : item.label.label))
    for (const label of ['Conv2d', 'MaxPool2d', 'Linear']) {
      assert.ok(labels.includes(label), `${label} in: ${labels.join(', ')}`)
    }
  })
})

function withChildren(symbol: vscode.DocumentSymbol): vscode.DocumentSymbol[] {
  return [symbol, ...symbol.children.flatMap(withChildren)]
}
