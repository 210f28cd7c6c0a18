import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import {
  closeAll,
  codeLenses,
  diagnosticsOf,
  fixtureUri,
  hintsOf,
  hoverText,
  positionOf,
  until,
} from '../support/editor'

describe('a notebook', () => {
  afterEach(closeAll)

  /** The documents of its code cells. */
  async function openCells(): Promise<vscode.TextDocument[]> {
    const notebook = await vscode.workspace.openNotebookDocument(fixtureUri('net.ipynb'))
    await vscode.window.showNotebookDocument(notebook)
    return notebook
      .getCells()
      .filter(cell => cell.kind === vscode.NotebookCellKind.Code)
      .map(cell => cell.document)
  }

  it('has hints in every cell, of all cells together', async () => {
    const [, block, net] = await openCells()
    // 9·16·16 + 16 params and 9·16·16 · 16² MACs, three times.
    const inBlock = await hintsOf(block!, found => found.length > 2)
    assert.equal(inBlock[0]?.text, 'N×16×16×16 ×3 · 7.0k params · 1.8M MACs')
    const inNet = (await hintsOf(net!)).map(({ line, text }) => `${line}: ${text}`)
    for (const hint of ['3: N×16×16×16 · 448 params · 111k MACs', '7: x: N×3×32×32', '10: N×10']) {
      assert.ok(inNet.includes(hint), `${hint} in: ${inNet.join(' | ')}`)
    }
  })

  it('explains, and has its totals above the class', async () => {
    const [, , net] = await openCells()
    await hintsOf(net!)
    assert.match(await hoverText(net!, positionOf(net!, 'self.fc(', 6)), /\*\*fc\*\* `Linear`/)
    const titles = (await codeLenses(net!)).map(lens => lens.command?.title ?? '')
    assert.ok(titles.includes('input 3×32×32'), titles.join(' | '))
  })

  it('is gone to by the lines of its cells together', async () => {
    const [, block, net] = await openCells()
    await hintsOf(net!)
    // Three lines of imports, seven of the block, then the third cell.
    for (const [line, cell, own] of [
      [14, net, 4],
      [6, block, 3],
    ] as const) {
      await vscode.commands.executeCommand('convlens.revealLine', fixtureUri('net.ipynb').toString(), line)
      await until(`the cursor in line ${own} of its cell`, () => {
        const editor = vscode.window.activeTextEditor
        return editor?.document === cell && editor?.selection.active.line === own
      })
    }
  })

  it('copies the table of a line', async () => {
    const [, , net] = await openCells()
    await hintsOf(net!)
    await vscode.commands.executeCommand('convlens.copyTable', fixtureUri('net.ipynb').toString(), 15)
    assert.match(await vscode.env.clipboard.readText(), /\*\*fc\*\* `Linear` linear 17→10/)
  })

  it('underlines in the cell, corrects there, and is read again when a cell changes', async () => {
    const [, block, net] = await openCells()
    const diagnostic = await until('a diagnostic', () => diagnosticsOf(net!)[0])
    assert.equal(net!.getText(diagnostic.range), 'self.fc(x)')
    assert.deepEqual(diagnosticsOf(block!), [])
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      net!.uri,
      diagnostic.range,
      vscode.CodeActionKind.QuickFix.value,
      10,
    )
    const fix = actions.find(action => action.title === 'Set in_features of fc to 16')
    assert.ok(fix?.edit, `the fix is among: ${actions.map(action => action.title).join(', ')}`)
    await vscode.workspace.applyEdit(fix.edit)
    assert.ok(net!.getText().includes('nn.Linear(16, 10)'))
    await until('the problem to go', () => diagnosticsOf(net!).length === 0)
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
  })
})
