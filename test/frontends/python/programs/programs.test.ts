import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { cellsOf, lineOf, modelOf } from '../open'

const cells = (name: string) => cellsOf(readFileSync(path.join(__dirname, name), 'utf8'))

describe('programs that PyTorch refuses', () => {
  const wrong = cells('wrong.py').filter(cell => cell.words[0] !== 'silent')
  test('are many', () => expect(wrong.length).toBeGreaterThanOrEqual(60))

  test.each(wrong)('$title', ({ text, line, words: [code, ...numbers] }) => {
    const errors = modelOf(text)!.problems.filter(p => p.severity === 'error')
    expect(errors.map(p => `${p.code} in line ${lineOf(text, p)}`)).toContain(`${code} in line ${line}`)
    const message = errors[0]!.message
    for (const number of numbers) expect(message).toMatch(new RegExp(`(?<!\\d)${number}(?!\\d)`))
  })
})

describe('programs that run', () => {
  const right = cells('right.py')
  test('are many', () => expect(right.length).toBeGreaterThanOrEqual(60))

  test.each(right)('$title', ({ text, words }) => {
    const model = modelOf(text)!
    expect(model.problems.filter(p => p.severity !== 'hint')).toEqual([])
    expect(model.uncounted).toEqual([])
    const expected = words.map(word => (word === 'scalar' ? [] : word.split('×').map(Number)))
    expect(model.graph.outputs).toHaveLength(expected.length)
    model.graph.outputs.forEach(({ shape }, i) => {
      expect(shape).toHaveLength(expected[i]!.length)
      // The batch that the program ran with stands where N does.
      expect(shape!.map((dim, at) => (typeof dim === 'number' ? dim : expected[i]![at]))).toEqual(expected[i])
      expect(shape!.filter(dim => typeof dim !== 'number').length).toBeLessThanOrEqual(1)
    })
  })
})
