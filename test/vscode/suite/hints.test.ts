import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { closeAll, hintsOf, openFixture, replaceText } from '../support/editor'

describe('hints', () => {
  afterEach(closeAll)

  // LeNet-5 by hand: 61,706 params in all, as its paper's later readers count them.
  it('shows shape, params and MACs at the end of each layer of our YAML', async () => {
    const { document } = await openFixture('lenet.yaml')
    assert.deepEqual(await shown(document), [
      '  - type: Conv2d | N×6×28×28 · 156 params · 118k MACs',
      '  - type: MaxPool2d | N×6×14×14',
      '  - type: Conv2d | N×16×10×10 · 2.4k params · 240k MACs',
      '  - type: MaxPool2d | N×16×5×5',
      '  - type: Flatten | N×400',
      '  - type: Linear | N×120 · 48.1k params · 48.0k MACs',
      '  - type: Linear | N×84 · 10.2k params · 10.1k MACs',
      '  - type: Linear | N×10 · 850 params · 840 MACs',
    ])
  })

  // A Conv of Ultralytics is a convolution without bias and a batch norm: 3·16·9 + 2·16 params at 640 × 640.
  it('reads an Ultralytics model', async () => {
    const { document } = await openFixture('yolo.yaml')
    assert.deepEqual(await shown(document), [
      '  - [-1, 1, Conv, [16, 3, 2]] | N×16×320×320 · 464 params · 44.2M MACs',
      '  - [-1, 1, Conv, [32, 3, 2]] | N×32×160×160 · 4.7k params · 118M MACs',
      '  - [-1, 1, nn.Upsample, [None, 2, "nearest"]] | N×32×320×320',
      '  - [[-1, 0], 1, Concat, [1]] | N×48×320×320',
    ])
  })

  // 3·8·9 weights, 8 biases and 8 scales; the running mean and variance are no params.
  it('reads a Darknet cfg', async () => {
    const { document } = await openFixture('tiny.cfg')
    assert.deepEqual(await shown(document), [
      '[convolutional] | N×8×32×32 · 232 params · 221k MACs',
      '[maxpool] | N×8×16×16',
    ])
  })

  it('follows the typing', async () => {
    const editor = await openFixture('lenet.yaml')
    await hintsOf(editor.document)
    await replaceText(editor, 'out_channels: 6', 'out_channels: 8')
    const hints = await hintsOf(editor.document, found => found[0]?.text.startsWith('N×8×28×28') === true)
    assert.equal(hints[0]?.text, 'N×8×28×28 · 208 params · 157k MACs')
    assert.equal(hints[2]?.text, 'N×16×10×10 · 3.2k params · 320k MACs')
  })

  it('keeps the hints that half-typed text does not reach', async () => {
    const editor = await openFixture('lenet.yaml')
    await hintsOf(editor.document)
    await replaceText(editor, 'out_features: 84', 'out_fea')
    const hints = await hintsOf(editor.document)
    assert.deepEqual(
      hints.slice(0, 6).map(hint => hint.text),
      [
        'N×6×28×28 · 156 params · 118k MACs',
        'N×6×14×14',
        'N×16×10×10 · 2.4k params · 240k MACs',
        'N×16×5×5',
        'N×400',
        'N×120 · 48.1k params · 48.0k MACs',
      ],
    )
  })

  it('reads a file that was never saved', async () => {
    const content = 'input: [3, 8, 8]\nlayers:\n  - type: Conv2d\n    out_channels: 4\n    kernel_size: 3\n'
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content })
    await vscode.window.showTextDocument(document)
    assert.deepEqual(await shown(document), ['  - type: Conv2d | N×4×6×6 · 112 params · 3.9k MACs'])
  })
})

/** `line | hint` for every hint. */
async function shown(document: vscode.TextDocument): Promise<string[]> {
  return (await hintsOf(document)).map(hint => `${document.lineAt(hint.line).text} | ${hint.text}`)
}
