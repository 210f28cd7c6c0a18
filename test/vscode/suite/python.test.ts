import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import {
  closeAll,
  codeLenses,
  diagnosticsOf,
  hintsOf,
  hoverText,
  openFixture,
  positionOf,
  until,
} from '../support/editor'

describe('a PyTorch file', () => {
  afterEach(closeAll)

  it('has hints, also of what it imports from the next file', async () => {
    const { document } = await openFixture('net.py')
    const shown = await hintsOf(document, found => found.some(hint => hint.text.includes('N×16×16×16')))
    const hints = shown.map(hint => hint.text)
    // 27·16 + 16 params at 256 positions; then 32·10 + 10.
    for (const hint of ['N×16×16×16 · 448 params · 111k MACs', 'x: N×3×32×32', 'N×10 · 330 params · 320 MACs']) {
      assert.ok(hints.includes(hint), `${hint} in: ${hints.join(' | ')}`)
    }
  })

  it('explains a layer where it is called, and a name where it is bound', async () => {
    const { document } = await openFixture('net.py')
    await hintsOf(document)
    assert.match(await hoverText(document, positionOf(document, 'self.fc(', 6)), /\*\*fc\*\* `Linear`/)
    assert.match(await hoverText(document, positionOf(document, 'x = self.stem')), /16 channels, height 16/)
  })

  it('has its totals above the class', async () => {
    const { document } = await openFixture('net.py')
    await hintsOf(document)
    const titles = (await codeLenses(document)).map(lens => lens.command?.title ?? '')
    assert.ok(titles.includes('input 3×32×32'), titles.join(' | '))
  })

  it('underlines the call that does not fit, and corrects the declaration', async () => {
    const { document } = await openFixture('net.py')
    const diagnostic = await until('a diagnostic', () => diagnosticsOf(document)[0])
    assert.equal(document.getText(diagnostic.range), 'self.conv(x)')
    assert.match(diagnostic.message, /^conv expects 8 input channels and gets 16\b/)
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      diagnostic.range,
      vscode.CodeActionKind.QuickFix.value,
      10,
    )
    const fix = actions.find(action => action.title === 'Set in_channels of conv to 16')
    assert.ok(fix?.edit, `the fix is among: ${actions.map(action => action.title).join(', ')}`)
    await vscode.workspace.applyEdit(fix.edit)
    assert.ok(document.getText().includes('nn.Conv2d(16, 32'))
    await until('the problem to go', () => diagnosticsOf(document).length === 0)
  })
})
