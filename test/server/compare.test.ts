import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CodeLens } from 'vscode-languageserver-types'
import { NOTIFICATIONS, REQUESTS } from '../../src/protocol'
import type { CompareParams, PanelCompared, PanelComparison } from '../../src/protocol/panelCompare'
import { startServer, type TestServer } from '../support/server'

const NET = `input: [3, 32, 32]
layers:
  - Conv2d: {name: stem, out_channels: 8, kernel_size: 3, padding: 1}
  - Conv2d: {name: body, out_channels: 16, kernel_size: 3, padding: 1}
`
const NARROW = NET.replace('out_channels: 16', 'out_channels: 8')

describe('comparing over stdio', () => {
  let server: TestServer
  let count = 0
  const open = (text: string): string => {
    const uri = `file:///compare${count++}/net.yaml`
    server.open(uri, text)
    return uri
  }
  const compare = (params: CompareParams): Promise<PanelComparison | null> =>
    server.connection.sendRequest(REQUESTS.compare, params)
  const titles = async (uri: string): Promise<string[]> => {
    const lenses = await server.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } })
    const resolved = await Promise.all(
      lenses.map(lens => server.connection.sendRequest<CodeLens>('codeLens/resolve', lens)),
    )
    return resolved.map(lens => lens.command?.title ?? '')
  }
  /** Lenses are asked for again until one says it, as an editor does when it is told that they changed. */
  const since = async (uri: string, wanted: (said: string | undefined) => boolean): Promise<string | undefined> => {
    for (let i = 0; i < 100; i++) {
      const said = (await titles(uri)).find(title => title.endsWith(' since HEAD'))
      if (wanted(said)) return said
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    throw new Error(`The lenses say ${await titles(uri)}`)
  }
  const head = (uri: string, text: string | null): Promise<void> =>
    server.connection.sendNotification(NOTIFICATIONS.headText, { uri, text })

  beforeAll(async () => {
    server = await startServer({ initializationOptions: { commands: true } })
  })
  afterAll(() => server.close())

  it('compares a document with another text in its place', async () => {
    const uri = open(NARROW)
    const a = { label: 'net.yaml @ HEAD', uri, text: NET }
    const result = (await compare({ uri, a, b: { label: 'net.yaml', uri } })) as PanelCompared
    expect(result.a).toEqual({ label: 'net.yaml @ HEAD', model: 'net', input: '3×32×32' })
    expect(result.counts).toEqual({ equal: 1, changed: 1, added: 0, removed: 0 })
    // 27·8·32² + 72·16·32² and 27·8·32² + 72·8·32² products.
    expect(result.totals[0]).toMatchObject({ label: 'MACs', a: '1.4M', b: '811k', change: '−42%' })
    expect(result.groups.flatMap(({ rows }) => rows.map(({ layer }) => layer))).toEqual(['stem', 'body'])
  })

  it('compares with a proposal that is ticked', async () => {
    const uri = open(NET.replaceAll('3, 32, 32', '64, 32, 32').replace('out_channels: 8', 'out_channels: 64'))
    const picks = [{ place: '3:5', form: 'bottleneck' as const, ratio: 4 }]
    const b = { label: 'with 1 ticked proposal', uri, picks }
    const result = (await compare({ uri, a: { label: 'net.yaml', uri }, b })) as PanelCompared
    expect(result.counts).toMatchObject({ added: 2 })
    expect(result.totals[0]).toMatchObject({ direction: 'gain' })
  })

  it('keeps the model and the input that were chosen for the document', async () => {
    const uri = open(NET)
    await server.connection.sendRequest(REQUESTS.choose, { uri, input: '3x16x16' })
    const a = { label: 'before', uri, text: NARROW }
    const result = (await compare({ uri, a, b: { label: 'now', uri } })) as PanelCompared
    expect([result.a.input, result.b.input]).toEqual(['3×16×16', '3×16×16'])
  })

  it.each([
    ['no network in it', { text: 'title: notes\n' }, 'No network was found in before.'],
    ['a model that it lacks', { text: NET, model: 'nope' }, 'There is no model nope in before.'],
    ['a document that is not open', { uri: 'file:///nowhere.yaml' }, 'No network was found in before.'],
  ])('says so of a side with %s', async (_, side, message) => {
    const uri = open(NET)
    const result = await compare({ uri, a: { label: 'before', uri, ...side }, b: { label: 'now', uri } })
    expect(result).toEqual({ state: 'refused', side: 'a', message })
  })

  it('says above the model what changed since HEAD, once it knows HEAD and while there is a change', async () => {
    const uri = open(NARROW)
    expect((await titles(uri)).some(title => title.includes('HEAD'))).toBe(false)
    await head(uri, NET)
    expect(await since(uri, said => said !== undefined)).toBe('−42% MACs since HEAD')
    server.edit(uri, 'out_channels: 8', 'out_channels: 4')
    // 27·4·32² + 36·8·32² products.
    expect(await since(uri, said => said !== '−42% MACs since HEAD')).toBe('−71% MACs since HEAD')
    await head(uri, null)
    await since(uri, said => said === undefined)
    await head(uri, server.text(uri))
    await new Promise(resolve => setTimeout(resolve, 700))
    expect((await titles(uri)).some(title => title.includes('HEAD'))).toBe(false)
  })

  it('keeps working when HEAD is no network', async () => {
    const uri = open(NET)
    await head(uri, ': [')
    await new Promise(resolve => setTimeout(resolve, 600))
    expect((await titles(uri)).some(title => title.includes('HEAD'))).toBe(false)
    expect(server.log.filter(line => /error/i.test(line))).toEqual([])
  })
})
