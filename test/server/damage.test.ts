import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CodeAction, CodeLens } from 'vscode-languageserver-types'
import type { ModelSummary } from '../../src/protocol'
import type { PanelModel } from '../../src/protocol/panel'
import type { PanelApplied } from '../../src/protocol/panelAdvice'
import { positionIn, startServer, type TestServer } from '../support/server'

const NET = `import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 3, padding=1)
        self.body = nn.Conv2d(32, 32, 3, padding=1)
        self.fc = nn.Linear(32, 10)

    def forward(self, x):
        x = self.body(self.stem(x))
        return self.fc(x.mean((2, 3)))


if __name__ == '__main__':
    Net()(torch.randn(1, 3, 16, 16))
`
// 896 + 9248 + 330 params; (27·32 + 9·32·32)·16² + 320 products.
const TOTALS = ['Net: 10.5k params', '2.6M MACs', 'input 3×16×16', 'Show cost']

describe('a file that cannot be read as it is typed', () => {
  let server: TestServer
  let count = 0
  let uri = ''
  beforeAll(async () => {
    server = await startServer({ initializationOptions: { commands: true } })
  })
  afterEach(() => server.connection.sendNotification('textDocument/didClose', { textDocument: { uri } }))
  afterAll(() => server.close())

  const request = <R>(method: string, params: object = {}): Promise<R> =>
    server.connection.sendRequest<R>(method, { uri, textDocument: { uri }, ...params })
  async function open(text = NET, name = 'net.py', languageId = 'python'): Promise<void> {
    uri = `file:///${count++}/${name}`
    server.open(uri, text, languageId)
    await lenses()
  }
  async function lenses(): Promise<CodeLens[]> {
    const found = await request<CodeLens[]>('textDocument/codeLens')
    return Promise.all(found.map(lens => server.connection.sendRequest<CodeLens>('codeLens/resolve', lens)))
  }
  const titles = async (): Promise<string[]> => (await lenses()).map(({ command }) => command!.title)
  const panel = (): Promise<PanelModel> => request('convlens/panelModel')

  it.each([
    ['an open bracket', 'nn.Conv2d(3, 32, 3, padding=1)', 'nn.Conv2d(3, 32, ', 'line 8 does not parse yet'],
    ['nothing assigned', 'nn.Conv2d(3, 32, 3, padding=1)', '', 'line 8 does not parse yet'],
    ['a class without its colon', 'class Net(nn.Module):', 'class Net(nn.Module', 'line 5 does not parse yet'],
    ['half of forward', 'def forward(self, x):', 'def forw', 'line 12 does not parse yet'],
    ['brackets that the editor closed', 'nn.Conv2d(3, 32, 3, padding=1)', 'nn.Conv2d()', 'line 8 does not run yet'],
    ['half a name', 'self.stem(x)', 'self.st', 'line 13 does not run yet'],
    ['half a base', 'nn.Module', 'nn.Modu', 'line 5 defines no network yet'],
    ['half an import', 'import torch.nn as nn', 'import torch.n', 'line 5 does not run yet'],
  ])('%s: the last numbers stay, and say so', async (_, before, after, why) => {
    await open()
    expect(await titles()).toEqual(TOTALS)
    server.edit(uri, before, after)
    expect(await titles()).toEqual([...TOTALS, `last numbers: ${why}`])
    const sentence = expect.stringMatching(new RegExp(`^L${why.slice(1)}.*\\.$`))
    expect(await request<ModelSummary>('convlens/summary')).toMatchObject({
      statusBar: '2.6M MACs · 10.5k',
      behind: sentence,
    })
    const model = await panel()
    expect(model).toMatchObject({ state: 'network', params: 10_474, atLeast: false, behind: sentence, broken: true })
    const [banner] = model.state === 'network' ? model.banners : []
    expect(banner).toMatchObject({ severity: 'info', line: Number(/\d+/.exec(why)![0]) })
    server.edit(uri, server.text(uri), NET)
    expect(await titles()).toEqual(TOTALS)
    expect(await panel()).toMatchObject({ behind: null, broken: false, banners: [] })
  })

  it('moves with the lines that are typed above, in lens and panel', async () => {
    await open()
    server.edit(uri, 'import torch\n', 'import torch\n\n\nx = (\n')
    const [first] = await lenses()
    expect(first!.range.start.line).toBe(7)
    const model = await panel()
    const places = model.state === 'network' ? model.layers.map(({ id, place }) => [id, place?.line]) : []
    expect(places).toEqual([
      ['stem', 11],
      ['body', 12],
      ['fc', 13],
    ])
  })

  it('takes another model or input meanwhile', async () => {
    await open()
    server.edit(uri, 'nn.Linear(32, 10)', 'nn.Linear(32, ')
    expect(await request('convlens/choose', { input: '3x32x32' })).toBeNull()
    expect((await titles())[2]).toBe('input 3×32×32')
  })

  it('shows no number of before on a line that says something else', async () => {
    await open()
    const [stem, body] = (await server.hints(uri)).slice(0, 2)
    server.edit(uri, 'nn.Linear(32, 10)', 'nn.Linear(32, ')
    server.edit(uri, 'nn.Conv2d(3, 32, 3, padding=1)', 'nn.Conv2d(3, 48, 3, padding=1)')
    const hints = await server.hints(uri)
    expect(hints).not.toContain(stem)
    expect(hints).toContain(body)
  })

  it('is not written to', async () => {
    await open()
    const pick = { place: `9:${NET.split('\n')[8]!.indexOf('nn.') + 1}`, form: 'bottleneck', ratio: 4 }
    const ask = (): Promise<PanelApplied> => request('convlens/applied', { picks: [pick] })
    expect((await ask()).refused).toBeNull()
    const range = {
      start: positionIn(NET, NET.indexOf('nn.Conv2d(32')),
      end: positionIn(NET, NET.indexOf('nn.Conv2d(32')),
    }
    const context = { diagnostics: [], only: ['refactor.rewrite'], triggerKind: 1 }
    const actions = (): Promise<CodeAction[]> => request('textDocument/codeAction', { range, context })
    expect((await actions()).filter(({ edit }) => edit).length).toBeGreaterThan(0)
    server.edit(uri, 'nn.Linear(32, 10)', 'nn.Linear(32, ')
    expect(await ask()).toMatchObject({ edits: [], refused: 'Line 10 does not parse yet.' })
    expect((await actions()).map(({ edit, disabled }) => [edit, disabled])).toEqual([
      [undefined, { reason: 'Line 10 does not parse yet' }],
    ])
  })

  it('is forgotten when the network is taken out, or the text is another one', async () => {
    await open()
    server.edit(uri, NET.slice(NET.indexOf('class Net'), NET.indexOf('if __name__')), '')
    expect((await titles()).join()).not.toContain('10.5k')
    await open()
    server.edit(uri, NET, `import torch\n\n\nclass Other(torch.nn.Module:\n    pass\n`)
    expect((await titles()).join()).not.toContain('10.5k')
  })

  it('never was: what can be read of it is shown', async () => {
    await open(NET.replace('nn.Linear(32, 10)', 'nn.Linear(32, '))
    expect((await titles())[0]).toMatch(/^Net: ≥ /)
    expect(await panel()).toMatchObject({ behind: null, broken: true })
  })

  it.each([
    [
      'net.yaml',
      'yaml',
      'input: [3, 8, 8]\nlayers:\n  - Conv2d: {out_channels: 4, kernel_size: 1}\n  - ReLU\n',
      ': 1}',
      ': 1',
    ],
    [
      'net.cfg',
      'darknet-cfg',
      '[net]\nwidth=8\nheight=8\nchannels=3\n\n[convolutional]\nfilters=4\nsize=1\nstride=1\n\n[maxpool]\nsize=2\nstride=2\n',
      '[maxpool]',
      '[maxpoo',
    ],
    [
      'net.prototxt',
      'prototxt',
      'name: "n"\ninput: "data"\ninput_dim: 1\ninput_dim: 3\ninput_dim: 8\ninput_dim: 8\nlayer {\n  name: "c"\n  type: "Convolution"\n  bottom: "data"\n  top: "c"\n  convolution_param { num_output: 4 kernel_size: 1 }\n}\n',
      'kernel_size: 1 }',
      'kernel_size: 1',
    ],
    [
      'net.json',
      'json',
      JSON.stringify(
        {
          class_name: 'Sequential',
          config: {
            name: 'n',
            layers: [
              { class_name: 'InputLayer', config: { batch_input_shape: [null, 8, 8, 3], name: 'in' } },
              {
                class_name: 'Conv2D',
                config: { name: 'c', filters: 4, kernel_size: [1, 1], strides: [1, 1], padding: 'valid' },
              },
            ],
          },
        },
        null,
        1,
      ),
      '"filters": 4,',
      '"filters": ',
    ],
  ])('%s keeps its numbers, too', async (name, languageId, text, before, after) => {
    await open(text, name, languageId)
    // 3·4 weights and 4 biases.
    expect((await titles())[0]).toMatch(/: 16 params$/)
    server.edit(uri, before, after)
    expect((await titles())[0]).toMatch(/: 16 params$/)
    expect((await titles()).at(-1)).toMatch(/^last numbers: line \d+ does not parse yet$/)
  })
})
