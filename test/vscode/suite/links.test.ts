import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { closeAll, codeLenses, hintsOf, openFixture, positionOf, until } from '../support/editor'

describe('links', () => {
  afterEach(closeAll)

  it('of a hover may run four commands and no others', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      positionOf(document, 'Conv2d', 2),
    )
    const ours = hovers.flatMap(hover => hover.contents).find(isMarkdown)
    assert.ok(ours)
    assert.deepEqual(ours.isTrusted, {
      enabledCommands: ['convlens.showCost', 'convlens.pinCall', 'convlens.showAllCalls', 'convlens.copyTable'],
    })
    assert.match(ours.value, /\]\(command:convlens\.showCost\?/)
  })

  it('of a lens on unknown rows lead to the first', async () => {
    const content = 'input: [3, 8, 8]\nlayers:\n  - Flatten\n  - NobodyKnowsThis\n'
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content })
    const editor = await vscode.window.showTextDocument(document)
    await hintsOf(document)
    const lens = (await codeLenses(document)).find(({ command }) => command?.title === '1 row unknown')
    assert.ok(lens?.command)
    await vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []))
    await until('the cursor on the row', () => editor.selection.active.line === 3)
  })

  it('say what a hint means when it is looked at', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      new vscode.Range(0, 0, document.lineCount, 0),
    )
    const label = hints[0]?.label
    assert.ok(Array.isArray(label))
    assert.deepEqual(
      label.map(part => part.value),
      ['N×6×28×28', ' · ', '156 params', ' · ', '118k MACs'],
    )
  })
})

const isMarkdown = (content: vscode.MarkdownString | vscode.MarkedString): content is vscode.MarkdownString =>
  content instanceof vscode.MarkdownString && content.value.includes('Conv2d')
