import { describe, expect, test } from 'vitest'
import { convlens, file, SMALL } from './terminal'

const run = (text: string, ...args: string[]) => convlens(['check', file('small.cfg', text), ...args])

test('passes without budgets and within them', async () => {
  expect((await run(SMALL)).status).toBe(0)
  const { status, out } = await run(SMALL, '--max-params', '126', '--max-macs', '7040')
  expect(status).toBe(0)
  expect(out).toMatch(/small\.cfg: passes\. small: 126 params \| 7\.0k MACs \| input 3×8×8\n$/)
})

test('fails one over, and says by how much', async () => {
  const { status, out } = await run(SMALL, '--max-params', '125', '--max-macs', '7039')
  expect(status).toBe(1)
  expect(out).toContain('small has 126 params, 1 over the budget of 125 (126 of 125).')
  expect(out).toContain('(7,040 of 7,039)')
  expect(out).toContain('small.cfg: fails.')
})

test('the file’s own budget counts', async () => {
  expect((await run(`# convlens: max-macs=7k\n${SMALL}`)).status).toBe(1)
  expect((await run(`# convlens: max-macs=8k max-params=126\n${SMALL}`)).status).toBe(0)
})

test('fails on an error in the network', async () => {
  const { status, out } = await run(SMALL.replace('size=2', 'size=-2'))
  expect(status).toBe(1)
  expect(out).toMatch(/small\.cfg:15:\d+: error: /)
})

describe('formats', () => {
  test('json', async () => {
    const { out } = await run(SMALL, '--max-macs', '7k', '--format', 'json')
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      passed: false,
      files: [
        {
          model: 'small',
          passed: false,
          totals: { params: 126, macs: 7040, completeness: 'exact' },
          problems: [{ code: 'over-budget', severity: 'error', line: 1 }],
        },
      ],
    })
  })

  test('github: a workflow command, escaped', async () => {
    const at = file('small, 100%.cfg', SMALL)
    const { out } = await convlens(['check', at, '--max-macs', '7k', '--format', 'github'])
    const name = at.replace('%', '%25').replace(',', '%2C')
    expect(out).toBe(
      `::error file=${name},line=1,endLine=1,col=1,endColumn=6,title=ConvLens%3A over-budget::` +
        'small, 100%25 has 7.0k MACs, 40 over the budget of 7.0k (7,040 of 7,000).\n',
    )
  })

  test('sarif 2.1.0', async () => {
    const { out } = await run(SMALL.replace('size=2', 'size=-2'), '--format', 'sarif')
    const log = JSON.parse(out)
    expect(log.version).toBe('2.1.0')
    const [{ tool, results }] = log.runs
    expect(tool.driver.name).toBe('ConvLens')
    expect(results).toContainEqual(
      expect.objectContaining({ level: 'error', ruleId: 'bad-argument', locations: [on(15)] }),
    )
    expect(tool.driver.rules).toContainEqual({ id: 'bad-argument' })
  })
})

const on = (startLine: number): unknown => ({
  physicalLocation: {
    artifactLocation: { uri: expect.stringMatching(/small\.cfg$/) },
    region: expect.objectContaining({ startLine, endLine: startLine }),
  },
})
