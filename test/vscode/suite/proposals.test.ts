import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import type { Exports } from '../../../src/extension/activate'
import type { PanelNetwork, PanelProposal } from '../../../src/protocol/panel'
import type { PanelPick } from '../../../src/protocol/panelAdvice'
import { closeAll, fixtureUri, openFixture, replaceText, until } from '../support/editor'

/** Multiply-accumulates of 3×3 and 1×1 convolutions on a map of 56×56. */
const macs = (window: number, cin: number, cout: number): number => window * cin * cout * 56 * 56
const AS_WRITTEN = macs(9, 64, 256) + macs(9, 256, 256)

describe('proposals', () => {
  afterEach(closeAll)

  it('are written in one undo step, and undo brings the text back to the byte', async () => {
    const { document } = await openFixture('wide.py')
    const before = document.getText()
    const model = await shown()
    assert.equal(model.work, AS_WRITTEN)
    const { version } = document
    await panel().receive({ type: 'apply', version: model.version, params: { picks: [pickOf(model, 'heavy')] } })
    assert.equal(document.version, version + 1, 'one change')
    const after = document.getText()
    assert.match(after, /Conv2d\(256, 64, 1, bias=False\)/)
    // What stands elsewhere is as it was: the lines before and behind the convolution.
    const [head, tail] = before.split(/^ *self\.heavy = .*$/m)
    assert.ok(after.startsWith(head!) && after.endsWith(tail!))
    const through64 = macs(1, 256, 64) + macs(9, 64, 64) + macs(1, 64, 256)
    await shown(found => found.work === macs(9, 64, 256) + through64)
    await vscode.window.showTextDocument(document)
    await vscode.commands.executeCommand('undo')
    assert.equal(document.getText(), before)
    await shown(found => found.work === AS_WRITTEN)
  })

  it('are written together from several ticks', async () => {
    const { document } = await openFixture('wide.py')
    const model = await shown()
    const picks = [pickOf(model, 'widen'), pickOf(model, 'heavy')]
    await panel().receive({ type: 'apply', version: model.version, params: { picks } })
    const widen = macs(1, 64, 16) + macs(9, 16, 16) + macs(1, 16, 256)
    const heavy = macs(1, 256, 64) + macs(9, 64, 64) + macs(1, 64, 256)
    await shown(found => found.work === widen + heavy)
    await vscode.window.showTextDocument(document)
    await vscode.commands.executeCommand('undo')
    await shown(found => found.work === AS_WRITTEN)
  })

  it('open a diff editor as a preview, which changes nothing', async () => {
    const { document } = await openFixture('wide.py')
    const before = document.getText()
    const model = await shown()
    await panel().receive({ type: 'preview', version: model.version, params: { picks: [pickOf(model, 'heavy')] } })
    const diff = await until('a diff editor', () => {
      const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {}
      return input instanceof vscode.TabInputTextDiff ? input : undefined
    })
    assert.equal(diff.original.toString(), document.uri.toString())
    const edited = await vscode.workspace.openTextDocument(diff.modified)
    assert.match(edited.getText(), /Conv2d\(256, 64, 1, bias=False\)/)
    assert.equal(edited.languageId, 'python')
    assert.equal(document.getText(), before)
    assert.equal(document.isDirty, false)
    // What it shows is written: it has nothing left to say.
    await panel().receive({ type: 'apply', version: model.version, params: { picks: [pickOf(model, 'heavy')] } })
    assert.equal(document.getText(), edited.getText())
    const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs)
    assert.deepEqual(
      tabs.filter(({ input }) => input instanceof vscode.TabInputTextDiff),
      [],
    )
    assert.ok(tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.path === document.uri.path))
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One)
    await vscode.commands.executeCommand('undo')
  })

  it('are refused when the file changed meanwhile', async () => {
    const editor = await openFixture('wide.py')
    const model = await shown()
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One)
    await replaceText(editor, 'import torch\n', 'import torch\n\n')
    const typed = editor.document.getText()
    await panel().receive({ type: 'apply', version: model.version, params: { picks: [pickOf(model, 'heavy')] } })
    assert.equal(editor.document.getText(), typed)
    // The panel comes by itself to what the text now says, and what was chosen is written there.
    const next = await shown(found => found.version === editor.document.version)
    await panel().receive({ type: 'apply', version: next.version, params: { picks: [pickOf(next, 'heavy')] } })
    assert.notEqual(editor.document.getText(), typed)
  })

  it('are written into the cell of a notebook that declares the layer', async () => {
    const notebook = await vscode.workspace.openNotebookDocument(fixtureUri('net.ipynb'))
    await vscode.window.showNotebookDocument(notebook)
    const texts = (): string[] => notebook.getCells().map(cell => cell.document.getText())
    const before = texts()
    const model = await shown(() => true, 'net.ipynb')
    await panel().receive({ type: 'apply', version: model.version, params: { picks: [pickOf(model, 'conv')] } })
    const after = texts()
    assert.deepEqual(
      after.flatMap((text, i) => (text === before[i] ? [] : [i])),
      [2],
      'the cell of Block alone',
    )
    assert.match(after[2]!, /nn\.Sequential\([\s\S]*\n\n {4}def forward/)
    // Three calls of 16→16 on 16×16 through 8.
    const saved = 3 * 16 * 16 * (9 * 16 * 16 - 16 * 8 - 9 * 8 * 8 - 8 * 16)
    await shown(found => found.work === model.work - saved, 'net.ipynb')
  })
})

const panel = (): Exports['panel'] => {
  const extension = vscode.extensions.getExtension<Exports>('convlens.convlens')
  assert.ok(extension?.isActive, 'the extension is active')
  return extension.exports.panel
}

/** Opens the panel and waits until its page has been given a file. */
async function shown(wanted: (model: PanelNetwork) => boolean = () => true, file = 'wide.py'): Promise<PanelNetwork> {
  await vscode.commands.executeCommand('convlens.showBottlenecks')
  return until(`the model of ${file}`, () => {
    const model = panel().shown
    return model?.state === 'network' && model.file === file && wanted(model) ? model : undefined
  })
}

function pickOf({ bottlenecks }: PanelNetwork, name: string): PanelPick {
  const all: PanelProposal[] = bottlenecks.groups.flatMap(group => group.proposals)
  const row = all.find(proposal => proposal.name === name)
  assert.ok(row, `${name} is proposed`)
  return { place: row.at, name: row.group, form: 'bottleneck', ratio: 4 }
}
