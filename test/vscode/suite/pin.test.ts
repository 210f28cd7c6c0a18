import * as vscode from 'vscode'
import { closeAll, codeLenses, fixtureUri, hintsOf, openFixture, until } from '../support/editor'

describe('pinning a call', () => {
  afterEach(closeAll)

  const lensOf = async (document: vscode.TextDocument, title: RegExp): Promise<vscode.Command> =>
    until(`a lens ${title}`, async () => {
      const lenses = await codeLenses(document)
      return lenses.map(({ command }) => command).find(command => title.test(command?.title ?? ''))
    })
  const run = ({ command, arguments: args = [] }: vscode.Command): Thenable<unknown> =>
    vscode.commands.executeCommand(command, ...args)

  it('shows its shapes alone until all are asked for', async () => {
    const { document } = await openFixture('repeated.py')
    await hintsOf(document, found => found.some(({ text }) => text.startsWith('8×16×16…16×8×8 ×2')))
    await run(await lensOf(document, /^pin body\.0$/))
    await hintsOf(document, found => found.some(({ text }) => text === 'N×8×16×16 · 576 params · 147k MACs'))
    await lensOf(document, /^body\.0, 1 of 2 calls in Net, 53% of its MACs$/)
    await run(await lensOf(document, /^show all 2$/))
    await hintsOf(document, found => found.some(({ text }) => text.startsWith('8×16×16…16×8×8 ×2')))
  })

  it('works from the palette', async () => {
    const { document } = await openFixture('repeated.py')
    await hintsOf(document)
    await vscode.commands.executeCommand('convlens.pinCall', document.uri, 'body.1')
    await hintsOf(document, found => found.some(({ text }) => text === 'N×16×8×8 · 1.2k params · 73.7k MACs'))
    await vscode.commands.executeCommand('convlens.showAllCalls')
    await hintsOf(document, found => found.some(({ text }) => text.startsWith('8×16×16…16×8×8 ×2')))
  })

  it('works in a notebook, whose lens stands in another cell than the model', async () => {
    const notebook = await vscode.workspace.openNotebookDocument(fixtureUri('net.ipynb'))
    await vscode.window.showNotebookDocument(notebook)
    const [, block] = notebook.getCells().filter(cell => cell.kind === vscode.NotebookCellKind.Code)
    const { document } = block!
    await hintsOf(document)
    await run(await lensOf(document, /^pin blocks\.1$/))
    await hintsOf(document, found => found.some(({ text }) => text === 'N×16×16×16 · 2.3k params · 590k MACs'))
    await vscode.commands.executeCommand('convlens.showAllCalls')
    await hintsOf(document, found => found.some(({ text }) => text.startsWith('N×16×16×16 ×3')))
  })
})
