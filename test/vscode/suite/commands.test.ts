import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { closeAll, hintsOf, openFixture, until } from '../support/editor'

describe('commands', () => {
  afterEach(closeAll)

  it('switch the hints off and on', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    await vscode.commands.executeCommand('convlens.toggleHints')
    await hintsOf(document, hints => hints.length === 0)
    await vscode.commands.executeCommand('convlens.toggleHints')
    await hintsOf(document)
  })

  it('switch the unit between MACs and FLOPs', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    await vscode.commands.executeCommand('convlens.toggleUnit')
    const hints = await hintsOf(document, found => found[0]?.text.includes('FLOPs') === true)
    // 2 × 117,600.
    assert.equal(hints[0]?.text, 'N×6×28×28 · 156 params · 235k FLOPs')
    await vscode.commands.executeCommand('convlens.toggleUnit')
    await hintsOf(document, found => found[0]?.text.includes('MACs') === true)
  })

  it('open one panel beside the editor, and not a second', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    await vscode.commands.executeCommand('convlens.showPanel')
    await until('the panel', () => panels().length === 1)
    assert.notEqual(panels()[0]?.group.viewColumn, vscode.ViewColumn.One)
    await vscode.commands.executeCommand('convlens.showPanel')
    await new Promise(resolve => setTimeout(resolve, 300))
    assert.equal(panels().length, 1)
  })
})

function panels(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(group => group.tabs)
    .filter(tab => tab.input instanceof vscode.TabInputWebview && /convlens/i.test(tab.input.viewType))
}
