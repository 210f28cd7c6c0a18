import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import type { Exports } from '../../../src/extension/activate'
import type { PanelNetwork } from '../../../src/protocol/panel'
import { closeAll, fixtureUri, openFixture, replaceText, until } from '../support/editor'

// A model is only sent once the page has run under its content security policy and has said that it is ready, so
// every model that is seen here has made the round trip.
describe('panel', () => {
  afterEach(closeAll)

  it('shows the numbers of the file in the editor', async () => {
    await openFixture('lenet.yaml')
    await vscode.commands.executeCommand('convlens.showPanel')
    const model = await shownModel('the model of lenet.yaml', found => found.file === 'lenet.yaml')
    // LeCun et al. 1998, as it is usually built: 156 + 2,416 + 48,120 + 10,164 + 850 params.
    assert.equal(model.params, 61_706)
    // 25·6·28² + 25·6·16·10² + 400·120 + 120·84 + 84·10.
    assert.equal(model.work, 416_520)
    assert.equal(
      model.stages.reduce((sum, stage) => sum + stage.work, 0),
      416_520,
    )
    assert.deepEqual(
      model.layers.map(layer => layer.place?.line),
      [4, 9, 15, 17, 19],
    )
  })

  it('follows what is typed', async () => {
    const editor = await openFixture('lenet.yaml')
    await vscode.commands.executeCommand('convlens.showPanel')
    await shownModel('the model as it was', found => found.params === 61_706)
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One)
    await replaceText(editor, 'out_channels: 6', 'out_channels: 8')
    // Two more maps: 2·26 params in the first convolution, 2·25·16 in the second.
    await shownModel('the model after the edit', found => found.params === 61_706 + 52 + 800)
  })

  it('keeps the last numbers, and says so, until the text can be read again', async () => {
    const editor = await openFixture('wide.py')
    await vscode.commands.executeCommand('convlens.showPanel')
    const { work, version } = await shownModel('wide.py', found => found.file === 'wide.py')
    const opened = await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One)
    const before = editor.document.getText()
    await replaceText(opened, '(nn.Module):', '(nn.Module')
    const kept = await shownModel('the last numbers', found => found.behind !== null)
    assert.deepEqual([kept.work, kept.version], [work, version])
    assert.match(kept.banners[0]!.text, /^Line \d+ does not parse yet\. These are the numbers before that\.$/)
    await replaceText(opened, '(nn.Module', '(nn.Module):')
    assert.equal(editor.document.getText(), before)
    await shownModel('the text as it is', found => found.behind === null && found.version > version)
  })

  it('is empty once the network is taken out of the text', async () => {
    const editor = await openFixture('lenet.yaml')
    await vscode.commands.executeCommand('convlens.showPanel')
    await shownModel('lenet.yaml', found => found.file === 'lenet.yaml')
    const opened = await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One)
    await replaceText(opened, editor.document.getText(), 'services:\n  web:\n    image: nginx\n')
    await until('an empty panel', () => panel().shown?.state === 'empty' || undefined)
  })

  it('goes to another file with a network, and not to one without', async () => {
    await openFixture('lenet.yaml')
    await vscode.commands.executeCommand('convlens.showPanel')
    await shownModel('lenet.yaml', found => found.file === 'lenet.yaml')
    await openInFirstColumn('compose.yaml')
    await new Promise(resolve => setTimeout(resolve, 500))
    assert.equal((panel().shown as PanelNetwork).file, 'lenet.yaml')
    await openInFirstColumn('tiny.cfg')
    await shownModel('tiny.cfg', found => found.file === 'tiny.cfg')
  })

  it('counts in the unit that is chosen', async () => {
    await openFixture('lenet.yaml')
    await vscode.commands.executeCommand('convlens.showPanel')
    await shownModel('MACs', found => found.unit === 'MACs' && found.work === 416_520)
    await vscode.commands.executeCommand('convlens.toggleUnit')
    try {
      await shownModel('FLOPs', found => found.unit === 'FLOPs' && found.work === 833_040)
    } finally {
      await vscode.commands.executeCommand('convlens.toggleUnit')
    }
  })

  it('is gone when it is closed', async () => {
    await openFixture('lenet.yaml')
    await vscode.commands.executeCommand('convlens.showPanel')
    await shownModel('lenet.yaml', found => found.file === 'lenet.yaml')
    await closeAll()
    await until('no panel', () => panel().shown === undefined)
  })
})

async function openInFirstColumn(name: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(fixtureUri(name))
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One)
}

function panel(): Exports['panel'] {
  const extension = vscode.extensions.getExtension<Exports>('convlens.convlens')
  assert.ok(extension?.isActive, 'the extension is active')
  return extension.exports.panel
}

/** Waits until the page has been given a network that `wanted` accepts. */
function shownModel(what: string, wanted: (model: PanelNetwork) => boolean): Promise<PanelNetwork> {
  return until(what, () => {
    const model = panel().shown
    return model?.state === 'network' && wanted(model) ? model : undefined
  })
}
