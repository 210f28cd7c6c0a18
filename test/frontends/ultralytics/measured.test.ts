import { describe, expect, test } from 'vitest'
import { ultralytics } from '../../../src/frontends/ultralytics'
import { MODULES } from '../../../src/frontends/ultralytics/modules'
import { lines, openModel, rowMacs, rowParams, shapeOf } from './open'

interface Measured {
  readonly name: string
  readonly yaml: readonly string[]
  readonly input: readonly number[]
  readonly params: number
  readonly trainableParams: number
  readonly buffers: number
  readonly macs: number
  readonly rows: readonly (readonly [params: number, macs: number, output: readonly number[]])[]
}

const cases = lines<Measured>('measured.jsonl')

describe('small models, measured in the framework itself', () => {
  test.each(cases)('$name', ({ yaml, input, params, trainableParams, buffers, macs, rows }) => {
    const text = `${yaml.join('\n')}\n`
    const built = openModel(text, { input })
    expect(built.problems).toEqual([])
    expect(
      built.rows!.map(row => [rowParams(built.graph, row), rowMacs(built.graph, row), shapeOf(row.output)]),
    ).toEqual(rows)
    expect(built.totals).toMatchObject({ params, trainableParams, buffers, macs, completeness: 'exact' })
    expect(ultralytics.detect({ uri: 'file:///model.yaml', name: 'model.yaml', text })).toBe(true)
  })

  test('have every module of Ultralytics', () => {
    const used = new Set(cases.flatMap(c => c.yaml.map(line => /, ([A-Za-z]\w*), \[/.exec(line)?.[1])))
    expect([...MODULES.keys()].filter(name => !name.includes('.') && !used.has(name))).toEqual([])
  })
})
