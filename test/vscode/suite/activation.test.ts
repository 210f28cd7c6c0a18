import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { closeAll, diagnosticsOf, hintsOf, inlayHints, openFixture } from '../support/editor'

describe('activation', () => {
  afterEach(closeAll)

  it('happens on a model file, which then has hints', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    assert.equal(vscode.extensions.getExtension('convlens.convlens')?.isActive, true)
  })

  it('leaves a YAML file that defines no network alone', async () => {
    // The model's hints prove that the server has started and would have answered.
    await hintsOf((await openFixture('lenet.yaml')).document)
    const { document } = await openFixture('compose.yaml')
    assert.deepEqual(await inlayHints(document), [])
    assert.deepEqual(diagnosticsOf(document), [])
  })

  it('registers every command of the manifest', async () => {
    await hintsOf((await openFixture('lenet.yaml')).document)
    const manifest = vscode.extensions.getExtension('convlens.convlens')?.packageJSON
    const declared: string[] = manifest.contributes.commands.map((entry: { command: string }) => entry.command)
    const registered = new Set(await vscode.commands.getCommands(true))
    assert.ok(declared.length > 0)
    assert.deepEqual(
      declared.filter(command => !registered.has(command)),
      [],
    )
  })
})
