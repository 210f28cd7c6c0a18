import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { applied, fixesOf } from '../../../../src/analysis/corrections'
import { cellsOf, lineOf, modelOf, openPython } from '../open'
import { newLines, wrongPrograms } from './table'

const errorsOf = (text: string) => modelOf(text)!.problems.filter(p => p.severity === 'error')

describe('programs that Keras refuses', () => {
  const wrong = wrongPrograms('keras_wrong.py')
  test('are many', () => expect(wrong.length).toBeGreaterThanOrEqual(40))

  test.each(wrong)('$title', ({ text, line, words: [code, ...numbers], fixed, titles }) => {
    const analysis = openPython(text)
    const errors = analysis.model()!.problems.filter(p => p.severity === 'error')
    // One bug is told once.
    expect(errors.map(p => `${p.code} in line ${lineOf(text, p)}`)).toEqual([`${code} in line ${line}`])
    const { message } = errors[0]!
    for (const number of numbers) expect(message).toMatch(new RegExp(`(?<!\\w)${number}(?!\\w)`))
    expect(message).not.toMatch(/^\w+Error/)

    const fixes = fixesOf(analysis, errors[0]!)
    const texts = fixes.map(fix => applied(text, fix.edits))
    expect(texts[0] === undefined ? [] : newLines(text, texts[0])).toEqual(fixed)
    if (titles.length > 0) expect(fixes.map(fix => fix.title)).toEqual(titles)
    // Whichever is chosen, the program is right then.
    for (const after of texts) expect(errorsOf(after)).toEqual([])
  })
})

describe('programs that Keras accepts', () => {
  const right = cellsOf(readFileSync(path.join(import.meta.dirname, 'keras_right.py'), 'utf8'))
  test('are many', () => expect(right.length).toBeGreaterThanOrEqual(30))

  test.each(right)('$title', ({ text, words }) => {
    const model = modelOf(text)
    if (!model) throw new Error('There is no model.')
    if (words[0] === 'silent') {
      expect(model.problems.filter(p => p.severity === 'error' || p.severity === 'warning')).toEqual([])
      return
    }
    expect(model.problems.filter(p => p.severity !== 'hint')).toEqual([])
    expect(model.uncounted).toEqual([])
    const shapes = model.graph.outputs.map(({ shape }) => shape!.map(d => (typeof d === 'number' ? d : 1)).join('×'))
    expect(shapes).toEqual(words)
  })
})
