import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { closeAll, hintsOf, openFixture } from '../support/editor'

describe('activation', () => {
  afterEach(closeAll)

  it('starts on a model file and writes a hint beside each layer', async () => {
    const { document } = await openFixture('lenet.yaml')
    const hints = await hintsOf(document)
    const extension = vscode.extensions.getExtension('convlens.convlens')
    assert.equal(extension?.isActive, true)
    const layerLines = linesHolding(document, '- type:')
    assert.deepEqual(
      layerLines.filter(line => !hints.some(hint => hint.line >= line && hint.line <= line + 2)),
      [],
      'every layer has a hint on one of its lines',
    )
  })
})

function linesHolding(document: vscode.TextDocument, text: string): number[] {
  return Array.from({ length: document.lineCount }, (_, line) => line).filter(line =>
    document.lineAt(line).text.includes(text),
  )
}
