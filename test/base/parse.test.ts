import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCount, parseSizes } from '../../src/base/parse'
import { lineSpan, lineStarts, positionAt } from '../../src/base/text'

test.each([
  ['3x224x224', [3, 224, 224]],
  ['3×224×224', [3, 224, 224]],
  [' 3, 224 ,224 ', [3, 224, 224]],
  ['3X8', [3, 8]],
  ['512', [512]],
  ['', null],
  ['3x', null],
  ['0x8', null],
  ['-3x8', null],
  ['3x8.5', null],
  ['3x1e9', null],
  ['9999999999', null],
])('sizes %j', (text, expected) => {
  expect(parseSizes(text)).toEqual(expected)
})

test.each([
  ['600M', 600e6],
  ['1.5G', 1.5e9],
  ['5k', 5000],
  ['4096', 4096],
  ['2T', 2e12],
  ['M', null],
  ['-5M', null],
  ['5 MB', null],
  ['', null],
])('count %j', (text, expected) => {
  expect(parseCount(text)).toBe(expected)
})

describe('positions', () => {
  test('of every kind of line end', () => {
    const text = 'a\nbc\r\nd\re'
    const starts = lineStarts(text)
    expect(starts).toEqual([0, 2, 6, 8])
    expect(positionAt(starts, 3)).toEqual({ line: 1, column: 1 })
    expect(lineSpan(text, starts, 1)).toEqual({ start: 2, end: 4 })
    expect(lineSpan(text, starts, 3)).toEqual({ start: 8, end: 9 })
  })
  test('an offset is its line’s start and its column', () => {
    const texts = fc.array(fc.constantFrom('a', '\n', '\r', '\r\n', '😀')).map(parts => parts.join(''))
    fc.assert(
      fc.property(texts, fc.nat(50), (text, at) => {
        const offset = Math.min(at, text.length)
        const starts = lineStarts(text)
        const { line, column } = positionAt(starts, offset)
        expect(starts[line]! + column).toBe(offset)
        expect(line).toBe(starts.filter(start => start <= offset).length - 1)
      }),
    )
  })
})
