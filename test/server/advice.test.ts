import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REQUESTS } from '../../src/protocol'
import type { PanelNetwork } from '../../src/protocol/panel'
import type { PanelApplied, PanelBudget, PanelDetail } from '../../src/protocol/panelAdvice'
import { startServer, type TestServer } from '../support/server'

const uri = 'file:///wide.yaml'
const WIDE = `input: [64, 56, 56]
layers:
  - Conv2d: {name: widen, out_channels: 256, kernel_size: 3, padding: 1, bias: false}
  - Conv2d: {name: heavy, out_channels: 256, kernel_size: 3, padding: 1, bias: false}
`
const HEAVY = 9 * 256 * 256 * 56 * 56
const THROUGH_64 = (256 * 64 + 9 * 64 * 64 + 64 * 256) * 56 * 56

describe('advice over stdio', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
    server.open(uri, WIDE)
  })
  afterAll(() => server.close())

  const ask = <T>(method: string, params: object): Promise<T | null> =>
    server.connection.sendRequest(method, { uri, ...params })
  const row = async (name: string) => {
    const model = (await ask<PanelNetwork>(REQUESTS.panelModel, {}))!
    const all = model.bottlenecks.groups.flatMap(group => group.proposals)
    const { at, group } = all.find(proposal => proposal.name === name)!
    return { version: model.version, pick: { place: at, name: group, form: 'bottleneck' } as const }
  }

  it('says all of one proposal, of the version that the panel was given', async () => {
    const { pick, version } = await row('heavy')
    expect(pick.place).toBe('4:5')
    const detail = (await ask<PanelDetail>(REQUESTS.proposal, { pick }))!
    expect(detail.version).toBe(version)
    expect(detail.outcome).toMatchObject({ holds: true, before: { macs: HEAVY }, after: { macs: THROUGH_64 } })
    expect(detail.device.name).toBe('T4 fp16')
    const other = (await ask<PanelDetail>(REQUESTS.proposal, { pick, device: 'a100-fp16' }))!
    expect(other.device.name).toBe('A100 fp16')
  })

  it('says what several come to, and which of them cannot be written', async () => {
    const { pick } = await row('heavy')
    const gone = { ...pick, place: '1:1' }
    const applied = (await ask<PanelApplied>(REQUESTS.applied, { picks: [pick, gone] }))!
    expect(applied.before.macs - applied.after.macs).toBe(HEAVY - THROUGH_64)
    expect(applied.count).toBe(1)
    expect(applied.dropped).toEqual([{ pick: gone, reason: 'There is no convolution at this place any more.' }])
    expect(applied.edits.every(({ range }) => range.start.line >= 3)).toBe(true)
  })

  it('finds edits under a budget', async () => {
    const budget = (await ask<PanelBudget>(REQUESTS.budget, { of: 'macs', most: 1e9 }))!
    expect(budget.met).toBe(true)
    const applied = (await ask<PanelApplied>(REQUESTS.applied, { picks: budget.picks }))!
    expect(applied.after.macs).toBeLessThanOrEqual(1e9)
  })

  it('has nothing to say of a file without a network', async () => {
    expect(await ask(REQUESTS.proposal, { uri: 'file:///no.yaml', pick: { place: '1:1', form: 'reduce' } })).toBeNull()
    expect(await ask(REQUESTS.applied, { uri: 'file:///no.yaml', picks: [] })).toBeNull()
    expect(await ask(REQUESTS.budget, { uri: 'file:///no.yaml', of: 'macs', most: 1 })).toBeNull()
  })
})
