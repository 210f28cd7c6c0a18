import { describe, expect, test } from 'vitest'
import { cheapest, type Saving } from '../../src/advisor/budget'

const saving = (place: string, of: string, saved: number): Saving<string> => ({ place, of, saved })
/** Three places: `a` can save 60, 50 or 20, `b` 30 or 10, `c` 25. */
const SAVINGS = [
  saving('a', 'a60', 60),
  saving('a', 'a20', 20),
  saving('a', 'a50', 50),
  saving('b', 'b10', 10),
  saving('b', 'b30', 30),
  saving('c', 'c25', 25),
]

describe('the cheapest set of edits', () => {
  test.each<[number, string[] | null]>([
    // One place is enough, and of its ways the mildest that still is.
    [20, ['a20']],
    [21, ['a50']],
    [55, ['a60']],
    // Two places are needed: the larger is kept as mild as the smaller allows.
    [70, ['a60', 'b10']],
    [75, ['a50', 'b30']],
    [90, ['a60', 'b30']],
    [115, ['a60', 'b30', 'c25']],
    [116, null],
    // Nothing is to be saved.
    [0, []],
    [-5, []],
  ])('to save %d', (need, expected) => {
    expect(cheapest(SAVINGS, need)?.map(({ of }) => of) ?? null).toEqual(expected)
  })

  test('without savings nothing can be saved', () => {
    expect(cheapest([], 1)).toBe(null)
  })
})
