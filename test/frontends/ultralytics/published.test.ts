import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { lines, openModel, rowParams, shapeOf } from './open'

interface Published {
  readonly yaml: string
  readonly scale: string
  readonly params: number
  readonly trainableParams: number
  readonly buffers: number
  readonly macs: number
  readonly output: readonly number[]
}

const published = lines<Published>('published.jsonl')
const corpora = new URL('../../../../shared/corpora/ultralytics/', import.meta.url)
const present = published.filter(({ yaml }) => existsSync(new URL(yaml, corpora)))

test('the list has every file and scale of the version', () => {
  expect(published).toHaveLength(236)
  expect(new Set(published.map(p => p.yaml)).size).toBe(64)
})

if (present.length > 0) {
  describe('published models', () => {
    test.each(present)('$yaml at scale $scale', ({ yaml, scale, output, ...totals }) => {
      const text = readFileSync(new URL(yaml, corpora), 'utf8')
      const built = openModel(text, { name: yaml.split('/').at(-1)!, model: scale })
      expect(built.problems).toEqual([])
      expect(built.totals).toMatchObject({ ...totals, completeness: 'exact' })
      expect(shapeOf(built.graph.outputs[0])).toEqual(output)
      expect(built.rows!.reduce((sum, row) => sum + rowParams(built.graph, row), 0)).toBe(totals.params)
      expect(built.inputAssumed).toBe(true)
    })
  })
}
