import { expect, test } from 'vitest'
import {
  freshName,
  inOrder,
  referenceEdits,
  renumbered,
  widthToWrite,
  withArguments,
} from '../../src/frontends/rewriteRows'

test('every number of every short list names the same row after rows are put in', () => {
  for (let length = 1; length <= 6; length++) {
    const rows = Array.from({ length }, (_, i) => `row ${i}`)
    for (let at = 0; at < length; at++) {
      for (const count of [1, 2, 3]) {
        const now = [...rows.slice(0, at), ...Array<string>(count).fill('new'), ...rows.slice(at)]
        for (let row = 0; row < length; row++) {
          // The new rows take what the rewritten row took: its numbers are read where it stood.
          const here = row === at ? at : now.indexOf(rows[row]!)
          for (let written = -row - 1; written < row; written++) {
            const name = (list: readonly string[], from: number, n: number) =>
              n < 0 ? (list[from + n] ?? 'input') : list[n]
            const after = renumbered({ row, written }, { at, count })
            expect(name(now, here, after)).toBe(name(rows, row, written))
            expect(after < 0).toBe(written < 0)
          }
        }
      }
    }
  }
})

test('a number that names no row before it stays as it is', () => {
  expect([5, 4, -7].map(written => renumbered({ row: 4, written }, { at: 1, count: 2 }))).toEqual([5, 4, -7])
})

test('a place that several rows read changes once, or not at all', () => {
  const span = { start: 7, end: 9 }
  const twice = [5, 6].map(row => ({ row, written: 3, span }))
  expect(referenceEdits(twice, { at: 2, count: 1 })).toEqual([{ span, newText: '4' }])
  expect(
    referenceEdits(
      [3, 4].map(row => ({ row, written: -2, span })),
      { at: 2, count: 1 },
    ),
  ).toBeNull()
})

test('edits in text order, an insertion in one with what is replaced behind it', () => {
  const edit = (start: number, end: number, newText: string) => ({ span: { start, end }, newText })
  expect(inOrder([edit(9, 9, 'c'), edit(2, 4, 'b'), edit(2, 2, 'a')])).toEqual([edit(2, 4, 'ab'), edit(9, 9, 'c')])
})

test('the number to write is found wherever there is one, and is the plainest', () => {
  for (const factor of [0.25, 0.33, 0.5, 0.75, 1, 1.25, 1.5, 2]) {
    const scaled = (n: number): number => Math.ceil((Math.min(n, 512) * factor) / 8) * 8
    const possible = new Set(Array.from({ length: 512 }, (_, i) => scaled(i + 1)))
    for (let wanted = 1; wanted <= 1100; wanted++) {
      const found = widthToWrite(wanted, factor, scaled)
      expect(found !== null, `${wanted} by ${factor}`).toBe(possible.has(wanted))
      if (found !== null) expect(scaled(found)).toBe(wanted)
    }
  }
  expect(widthToWrite(16, 0.25, n => Math.ceil((n * 0.25) / 8) * 8)).toBe(64)
  expect(widthToWrite(16, 0.25, n => Math.ceil((n * 0.25) / 8) * 8, [48])).toBe(48)
  expect(widthToWrite(16, 0, n => n)).toBeNull()
})

test('arguments by position, and names that are new', () => {
  expect(withArguments(['64', '3'], { 4: '64', 0: '8' }, ['', '1', '1', 'None'])).toEqual(['8', '3', '1', 'None', '64'])
  expect(freshName('conv', 'reduce', new Set(['conv_reduce', 'conv_reduce2']))).toBe('conv_reduce3')
})
