import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isProgram, readNotebook } from '../../src/analysis/ipynb'
import { cellOfLine, joinCells, type Program } from '../../src/analysis/notebook'
import { lineStarts } from '../../src/base/text'
import { CELLS, notebookFile } from '../support/notebook'

const FILE = 'file:///net.ipynb'

function program(text: string): Program {
  const read = readNotebook(text, FILE)
  if (!isProgram(read)) throw new Error(read.message)
  return read
}

describe('the cells of a notebook', () => {
  test('are one program, each on lines of its own, and only those of code', () => {
    const { text, cells } = program(notebookFile(['md:# Title', 'a = 1\nb = 2', 'md:text', '', 'c = 3\n']))
    expect(text).toBe('a = 1\nb = 2\n\nc = 3\n')
    expect(cells.map(({ number, line, lines }) => [number, line, lines])).toEqual([
      [1, 0, 2],
      [2, 2, 1],
      [3, 3, 2],
    ])
  })

  test('say where each of their lines stands in the file', () => {
    const file = notebookFile([...CELLS])
    const lines = file.split('\n')
    for (const cell of program(file).cells) {
      cell.text.split('\n').forEach((line, i) => {
        // The empty line after a last line end has no string of its own.
        if (line !== '') expect(lines[cell.fileLines![i]!]).toContain(JSON.stringify(line).slice(1, -1))
      })
    }
  })

  test('may be written as one string, in old worksheets, and with other line ends', () => {
    const one = { cells: [{ cell_type: 'code', source: 'a = 1\nb = 2' }] }
    expect(program(JSON.stringify(one)).text).toBe('a = 1\nb = 2')
    const old = { worksheets: [{ cells: [{ cell_type: 'code', input: ['a = 1\n', 'b = 2'] }] }] }
    expect(program(JSON.stringify(old)).text).toBe('a = 1\nb = 2')
    const { text, cells } = joinCells(['a\r', 'b\r\nc', 'd'].map(cell => ({ uri: '', text: cell })))
    expect(cells.map(({ line }) => text.slice(lineStarts(text)[line])[0])).toEqual(['a', 'b', 'd'])
  })

  test('of another language are none', () => {
    const other = notebookFile(['x <- 1'], { kernelspec: { language: 'R' } })
    expect(readNotebook(other, FILE)).toMatchObject({
      code: 'no-model',
      message: 'The cells of this notebook are in R, not in Python.',
    })
    const cell = { cell_type: 'code', source: 'ls', metadata: { vscode: { languageId: 'shellscript' } } }
    expect(program(JSON.stringify({ cells: [cell] })).text).toBe('')
  })

  test('are found by line', () => {
    const { text, cells } = joinCells(['a\nb', '', 'c'].map(cell => ({ uri: cell, text: cell })))
    expect(lineStarts(text).map((_, line) => cellOfLine(cells, line)!.number)).toEqual([1, 1, 2, 3])
    expect(cellOfLine(cells, 99)!.number).toBe(3)
    expect(cellOfLine([], 0)).toBeUndefined()
  })

  test('keep every offset of what is typed, whatever that is', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'%!?\\\'"#([{)]} \n\rax=1'), maxLength: 40 })
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), texts => {
        const { text, cells } = joinCells(texts.map(one => ({ uri: '', text: one })))
        const typed = texts.map(one => one.replace(/\r$/, '\n')).join('\n')
        expect(text.length).toBe(typed.length)
        expect(lineStarts(text)).toEqual(lineStarts(typed))
        expect(cells.at(-1)!.line + cells.at(-1)!.lines).toBe(lineStarts(text).length)
      }),
    )
  })
})

describe('a file that is no notebook is a problem with a code', () => {
  test.each([
    ['', 'syntax', 'it is no JSON from line 1, column 1 on: the text ends early'],
    ['{"cells": [\n  {"a" 1}]}', 'syntax', 'line 2, column 8 on: expected a colon'],
    ['{"cells": [1, 2', 'syntax', 'the text ends early'],
    ['{"cells": ["a\\"]}', 'syntax', 'a string does not end'],
    ['{"cells": []} x', 'syntax', 'expected the end of the text'],
    ['[]', 'syntax', 'it has no list of cells'],
    ['{"cells": {"a": 1}}', 'syntax', 'it has no list of cells'],
    ['['.repeat(100_000), 'limit', 'nested deeper than 200'],
    [`[${'{},'.repeat(600_000)}`, 'limit', 'more than 500000 lists and objects'],
    [JSON.stringify({ cells: Array(10_001).fill({ cell_type: 'code', source: '' }) }), 'limit', '10000 code cells'],
    [JSON.stringify({ cells: [{ cell_type: 'code', source: 'x'.repeat(4_000_001) }] }), 'limit', '4M characters'],
  ])('%.30j', (text, code, message) => {
    const read = readNotebook(text, FILE)
    expect(read).toMatchObject({ code, severity: 'error' })
    expect((read as { message: string }).message).toContain(message)
  })

  test('odd shapes inside are empty cells', () => {
    const cells = [1, null, 'code', [], {}, { cell_type: 'code' }, { cell_type: 'code', source: 7 }]
    const odd = { cells: [...cells, { cell_type: 'code', source: ['x = 1\n', 5, null, 'y = 2'] }], metadata: 'none' }
    expect(program(JSON.stringify(odd)).text.trim()).toBe('x = 1\ny = 2')
  })

  test('nothing that is damaged throws', () => {
    const whole = notebookFile([...CELLS])
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(40), fc.string({ maxLength: 5 }), (at, cut, put) => {
        readNotebook(whole.slice(0, at) + put + whole.slice(at + cut), FILE)
      }),
    )
  })

  test('outputs of many megabytes are passed over', () => {
    const cell = { cell_type: 'code', source: 'x = 1', outputs: [{ data: { 'image/png': 'A'.repeat(2e7) } }] }
    const text = JSON.stringify({ cells: [cell, { ...cell, outputs: Array(600_000).fill({ a: [1] }) }] })
    const start = performance.now()
    expect(program(text).text).toBe('x = 1\nx = 1')
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
