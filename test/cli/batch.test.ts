import { expect, test } from 'vitest'
import { convlens, file, SMALL } from './terminal'

interface Answer {
  readonly id: unknown
  readonly error?: string
  readonly ms?: number
  readonly models?: { name: string; totals: { macs: number } }[]
}

async function batch(...lines: (string | object)[]): Promise<Map<unknown, Answer>> {
  const input = lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
  const { status, out, err } = await convlens(['batch'], { input })
  expect({ status, err }).toEqual({ status: 0, err: '' })
  const answers = out
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Answer)
  return new Map(answers.map(answer => [answer.id, answer]))
}

test('one answer a request, with the models of analyze and the time it took', async () => {
  const cfg = file('small.cfg', SMALL)
  const answers = await batch(
    { id: 1, file: cfg },
    { id: 'two', file: cfg, model: 'small', input: ['3x16x16'] },
    { id: 3, file: cfg },
  )
  expect(answers.size).toBe(3)
  expect(answers.get(1)).toMatchObject({ models: [{ name: 'small', totals: { macs: 7040 } }], problems: [] })
  // Four times the positions; the caches do not mix inputs up.
  expect(answers.get('two')!.models![0]!.totals.macs).toBe(4 * 7040)
  expect(answers.get(3)!.models![0]!.totals.macs).toBe(7040)
  expect(answers.get(1)!.ms).toBeGreaterThan(0)
})

test('a bad line is answered and does not end it', async () => {
  const cfg = file('small.cfg', SMALL)
  const answers = await batch(
    'not json',
    '[]',
    '',
    { id: 1 },
    { id: 2, file: 'missing.cfg' },
    { id: 3, file: cfg, model: 'other' },
    { id: 4, file: cfg, input: ['wide'] },
    { id: 5, file: cfg, input: 7 },
    { id: 6, file: cfg, model: {} },
    { id: 7, file: cfg },
  )
  expect(answers.get(1)!.error).toBe("The request's file expects a path.")
  expect(answers.get(2)!.error).toBe('missing.cfg: no such file.')
  expect(answers.get(3)!.error).toContain('no model other')
  expect(answers.get(4)!.error).toContain('3x224x224')
  expect(answers.get(5)!.error).toBe("The request's input expects a list of shapes.")
  expect(answers.get(6)!.error).toBe("The request's model expects a name.")
  expect(answers.get(7)!.models).toHaveLength(1)
  expect(answers.get(null)!.error).toBeTruthy()
})

test('an empty batch is no error', async () => {
  expect((await batch()).size).toBe(0)
})
