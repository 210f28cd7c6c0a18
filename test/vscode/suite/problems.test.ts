import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { closeAll, diagnosticsOf, openFixture, positionOf, until } from '../support/editor'

describe('problems', () => {
  afterEach(closeAll)

  it('says which layer expects what and gets what', async () => {
    const { document } = await openFixture('mismatch.yaml')
    const [diagnostic, ...others] = await problemsOf(document)
    assert.ok(diagnostic)
    assert.deepEqual(
      others.map(other => other.message),
      [],
    )
    assert.match(diagnostic.message, /^conv2 expects 8 input channels and gets 6\b/)
    assert.equal(codeOf(diagnostic), 'shape-mismatch')
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error)
    const row = new vscode.Range(positionOf(document, '- type: Conv2d\n    name: conv2'), endOf(document))
    assert.ok(row.contains(diagnostic.range), 'the range is in the row of conv2')
  })

  it('is corrected by its quick fix', async () => {
    const { document } = await openFixture('mismatch.yaml')
    const [diagnostic] = await problemsOf(document)
    assert.ok(diagnostic)
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      diagnostic.range,
      vscode.CodeActionKind.QuickFix.value,
      10,
    )
    const fix = actions.find(action => action.title === 'Set in_channels of conv2 to 6')
    assert.ok(fix?.edit, `the fix is among: ${actions.map(action => action.title).join(', ')}`)
    await vscode.workspace.applyEdit(fix.edit)
    assert.ok(document.getText().includes('in_channels: 6'))
    await until('the problem to go', () => diagnosticsOf(document).length === 0)
  })
})

async function problemsOf(document: vscode.TextDocument): Promise<vscode.Diagnostic[]> {
  return until('a diagnostic', () => {
    const found = diagnosticsOf(document)
    return found.length > 0 && found
  })
}

function codeOf(diagnostic: vscode.Diagnostic): string | number | undefined {
  return typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code
}

function endOf(document: vscode.TextDocument): vscode.Position {
  return document.positionAt(document.getText().length)
}
