import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { closeAll, hintsOf, openFixture } from '../support/editor'

/** LeNet-5 by hand: 25·6 weights at 28×28, 25·6·16 at 10×10, then 400·120, 120·84 and 84·10; 236 biases in all. */
describe('Copy Paper Table', () => {
  afterEach(closeAll)

  it('asks for the form and for what is counted, and puts the table on the clipboard', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    await vscode.env.clipboard.writeText('before')
    const done = vscode.commands.executeCommand('convlens.copyPaperTable')
    await pick(0)
    await pick(1)
    await done
    const text = await vscode.env.clipboard.readText()
    assert.match(text, /^## lenet\n/)
    assert.match(text, /Params: K = 1000, weights alone/)
    assert.deepEqual(
      text
        .split('\n')
        .filter(line => /conv\d|fc\d|total/.test(line))
        .map(line => line.split('|').map(cell => cell.trim()))
        .map(cells => [cells[1], cells[3], cells[4], cells.at(-3), cells.at(-2)]),
      [
        ['conv1', '5×5/1', '28×28×6', '150', '0.1M'],
        ['conv2', '5×5/1', '10×10×16', '2.4K', '0.2M'],
        ['fc3', '', '1×1×120', '48K', '48K'],
        ['fc4', '', '1×1×84', '10K', '10K'],
        ['fc5', '', '1×1×10', '840', '840'],
        ['total', '', '', '61K', '0.4M'],
      ],
    )
  })

  it('copies LaTeX and, with exact numbers, CSV', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    const copied = async (form: number, count: number): Promise<string> => {
      const done = vscode.commands.executeCommand('convlens.copyPaperTable', document.uri.toString())
      await pick(form)
      await pick(count)
      await done
      return vscode.env.clipboard.readText()
    }
    const latex = await copied(1, 0)
    assert.match(latex, /^\\begin\{table\}/)
    assert.match(latex, /conv1 & convolution & 5\$\\times\$5\/1 & 28\$\\times\$28\$\\times\$6 & 1 & 156 & 0\.1M \\\\/)
    const csv = await copied(2, 3)
    const total = csv.split('\r\n').find(line => line.startsWith('total'))
    // Params and multiply-accumulates, the second with an addition an output: 4704 + 1600 + 120 + 84 + 10.
    assert.deepEqual(total?.split(',').slice(-3), ['61706', String(416_520 + 6518), ''])
  })

  it('copies nothing when a question is left', async () => {
    const { document } = await openFixture('lenet.yaml')
    await hintsOf(document)
    await vscode.env.clipboard.writeText('before')
    const done = vscode.commands.executeCommand('convlens.copyPaperTable')
    await shownQuestion()
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen')
    await done
    assert.equal(await vscode.env.clipboard.readText(), 'before')
  })
})

/** Takes an item of the list of questions that is shown. */
async function pick(at: number): Promise<void> {
  await shownQuestion()
  for (let i = 0; i < at; i++) await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext')
  await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem')
}

/** No event tells that a list is shown: it takes the focus soon after it is asked for. */
const shownQuestion = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 800))
