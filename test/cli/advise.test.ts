import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { convlens, file } from './terminal'

/** Inception's 5×5 of the literature: 32 filters of 5×5 on 28×28×256, and a 1×1 behind it. */
const INCEPTION = `input: [256, 28, 28]  # as tutorials have it
layers:
  - Conv2d: {out_channels: 32, kernel_size: 5, padding: 2}
  - Conv2d: {out_channels: 8, kernel_size: 1}
`

const advise = (name: string, ...args: string[]) => convlens(['advise', name, ...args])

describe('JSON, as other tools read it', () => {
  test('holds the worked example to the digit: 160,563,200 against 13,246,464 through 16', async () => {
    const { status, out } = await advise(
      file('a.yaml', INCEPTION),
      '--form',
      'reduce',
      '--width',
      '16',
      '--format',
      'json',
    )
    expect(status).toBe(0)
    const { schemaVersion, model, totals, proposals, held } = JSON.parse(out)
    expect({ schemaVersion, model }).toEqual({ schemaVersion: 1, model: 'a' })
    // 5·5·256·32 + 32 weights and 32·8 + 8; the products of both at 28 × 28 positions.
    expect(totals).toEqual({ params: 204_832 + 264, macs: 160_563_200 + 200_704 })
    expect(proposals).toHaveLength(1)
    expect(proposals[0]).toMatchObject({
      line: 3,
      form: 'reduce',
      width: '16',
      widths: [16],
      // 256·16 weights without a bias, 5·5·16·32 + 32.
      before: { macs: 160_563_200, params: 204_832, kernels: 1, traffic: 200_704 + 25_088 + 204_832 },
      after: { macs: 13_246_464, params: 4_096 + 12_832, kernels: 2, activations: 12_544 + 25_088 },
      model: { after: { macs: 13_246_464 + 200_704, params: 16_928 + 264 } },
      // 25·256·32 / (256 + 25·32), and the same of the weights.
      breakEven: { macs: 204_800 / 1_056, params: 204_800 / 1_056 },
      bound: { device: 'T4 fp16' },
    })
    expect(proposals[0].id).toMatch(/^3:\d+:reduce$/)
    expect(held).toEqual([expect.objectContaining({ line: 4, form: 'reduce', reason: 'Already 1×1: reduces 32→8' })])
  })

  test('gives edits that make the text that --apply writes', async () => {
    const name = file('a.yaml', INCEPTION)
    const { proposals } = JSON.parse((await advise(name, '--form', 'reduce', '--format', 'json')).out)
    const lines = INCEPTION.split('\n')
    for (const { line, column, endLine, endColumn, newText } of [...proposals[0].edits].reverse()) {
      const after = lines[endLine - 1]!.slice(endColumn - 1)
      lines.splice(line - 1, endLine - line + 1, lines[line - 1]!.slice(0, column - 1) + newText + after)
    }
    await advise(name, '--form', 'reduce', '--apply', proposals[0].id)
    expect(readFileSync(name, 'utf8')).toBe(lines.join('\n'))
  })
})

describe('the table', () => {
  test('says what becomes what, and writes few proposals out in whole numbers', async () => {
    const { out } = await advise(file('a.yaml', INCEPTION), '--form', 'reduce', '--width', '16')
    expect(out).toMatch(/3:\d+:reduce +Conv2d 5x5 256→32 +256→16→32 +16 +−92% +−92%/)
    expect(out).toContain('MACs        160,563,200 → 13,246,464 (−92%)')
    expect(out).toContain('Already 1×1: reduces 32→8')
  })

  test('is a sentence where there is nothing to insert', async () => {
    const { out, status } = await advise(
      file('b.yaml', 'input: [3, 8, 8]\nlayers:\n  - Conv2d: {out_channels: 8, kernel_size: 3}\n'),
    )
    expect(status).toBe(0)
    expect(out).toContain('Nothing to insert.')
    expect(out).toContain('Only 3 input channels')
  })
})

describe('a budget', () => {
  test('is met by one edit, which --apply all writes', async () => {
    const name = file('a.yaml', INCEPTION)
    const { out, status } = await advise(name, '--max-macs', '50M', '--apply', 'all')
    expect(status).toBe(0)
    expect(out).toContain('a in all: 160,763,904 → ')
    const check = await convlens(['check', name, '--max-macs', '50M'])
    expect(check.out).toContain('passes')
  })

  test('that cannot be met says how low it gets, and nothing is written', async () => {
    const name = file('a.yaml', INCEPTION)
    const { err, status } = await advise(name, '--max-macs', '100k', '--apply', 'all')
    expect(status).toBe(2)
    expect(err).toMatch(/^convlens: a cannot be brought under 100k MACs by these edits: they lead to [\d.]+M\.\n$/)
    expect(readFileSync(name, 'utf8')).toBe(INCEPTION)
  })

  test('that is met already needs nothing', async () => {
    const { out, status } = await advise(file('a.yaml', INCEPTION), '--max-macs', '1G')
    expect(status).toBe(0)
    expect(out).toContain('Nothing to insert.')
  })
})

describe('what cannot be is said in a sentence, with exit status 2', () => {
  test.each([
    [['--width', '0'], /--width.*whole number of channels, from 1/],
    [['--ratio', '1'], /--ratio.*number above 1/],
    [['--form', 'squeeze'], /--form.*reduce, bottleneck, expand, separable/],
    [['--device', 'abacus'], /no device abacus; it is one of t4-fp16, /],
    [['--apply', '9:9:reduce'], /no proposal 9:9:reduce; there are 3:/],
    [['--apply', 'all'], /--apply all goes with --max-macs or --max-params/],
    [['--max-macs', '1M', '--max-params', '1M'], /give one budget/],
  ])('%j', async (args, sentence) => {
    const name = file('a.yaml', INCEPTION)
    const { status, err } = await advise(name, ...args)
    expect(status).toBe(2)
    expect(err).toMatch(sentence)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(readFileSync(name, 'utf8')).toBe(INCEPTION)
  })

  test('a width that does not pay is held back with its break-even', async () => {
    const { out, status } = await advise(file('a.yaml', INCEPTION), '--form', 'reduce', '--width', '200')
    expect(status).toBe(0)
    expect(out).toContain('r 200 costs more MACs than as written: it pays below 194')
  })

  test('two proposals for one place', async () => {
    const name = file('a.yaml', INCEPTION)
    const { proposals } = JSON.parse((await advise(name, '--format', 'json')).out)
    const ids = proposals.map(({ id }: { id: string }) => id)
    const { status, err } = await advise(name, '--apply', ...ids)
    expect(status).toBe(2)
    expect(err).toMatch(/two proposals for 3:\d+: one place takes one\./)
  })
})
