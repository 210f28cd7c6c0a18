import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDim, countDim, type Dim, divDim, formatDim, mapDim, mulDim, N, sameDim } from '../../src/core/dim'
import {
  broadcast,
  elements,
  formatShape,
  product,
  resolveAxis,
  type Shape,
  sameShape,
  sum,
} from '../../src/core/shape'

const symbolic = fc.record({
  coefficient: fc.integer({ min: 1, max: 50 }),
  symbols: fc.array(fc.constantFrom('N', 'T'), { minLength: 1, maxLength: 2 }).map(s => s.sort()),
})
const known: fc.Arbitrary<Dim> = fc.oneof(fc.integer({ min: 1, max: 500 }), symbolic)
const dim: fc.Arbitrary<Dim> = fc.oneof(known, fc.constant(null))
const shape: fc.Arbitrary<Shape> = fc.array(fc.oneof(dim, fc.constant(1)), { maxLength: 4 })

const twoN = mulDim(2, N)

describe('dimensions', () => {
  test.each([
    [mulDim(3, 4), 12],
    [mulDim(N, N), { coefficient: 1, symbols: ['N', 'N'] }],
    [mulDim(0, null), 0],
    [mulDim(2, null), null],
    [mulDim(2 ** 30, 2 ** 30), null],
    [mulDim(Number.NaN, 2), null],
    [divDim(twoN, 2), N],
    [divDim(twoN, N), 2],
    [divDim(N, 2), null],
    [divDim(7, 2), null],
    [divDim(6, 0), null],
    [addDim(N, N), twoN],
    [addDim(N, 1), null],
    [addDim(N, 0), N],
    [mapDim(N, n => n + 1), null],
    [mapDim(4, n => n / 3), null],
  ])('%#: %o is %o', (actual, expected) => {
    expect(actual).toEqual(expected)
  })

  test('are written as users read them', () => {
    expect([5, N, twoN, null, mulDim(N, N)].map(formatDim)).toEqual(['5', 'N', '2N', '?', 'NN'])
    expect([[N, 3, null] as Shape, [], null].map(formatShape)).toEqual(['N×3×?', 'scalar', '?'])
  })

  test('a batch may be any number, so it equals none and differs from none', () => {
    expect(sameDim(N, 5)).toBeNull()
    expect(sameDim(N, N)).toBe(true)
    expect(sameDim(N, twoN)).toBe(false)
    expect(sameDim(null, 5)).toBeNull()
    expect(sameDim(4, 5)).toBe(false)
  })

  test('the batch counts as one element', () => {
    expect(countDim(twoN)).toBe(2)
    expect(elements([N, 3, 4])).toBe(12)
    expect(elements([N, null])).toBeNull()
    expect(elements([])).toBe(1)
  })

  test('a product divided by a factor is the other factor', () => {
    fc.assert(
      fc.property(known, known, (a, b) => {
        expect(divDim(mulDim(a, b), b)).toEqual(a)
      }),
    )
  })
  test('products and sums commute', () => {
    fc.assert(
      fc.property(dim, dim, (a, b) => {
        expect(mulDim(a, b)).toEqual(mulDim(b, a))
      }),
    )
    fc.assert(
      fc.property(dim, dim, (a, b) => {
        expect(addDim(a, b)).toEqual(addDim(b, a))
      }),
    )
  })
  test('products associate', () => {
    fc.assert(
      fc.property(known, known, known, (a, b, c) => {
        expect(mulDim(mulDim(a, b), c)).toEqual(mulDim(a, mulDim(b, c)))
      }),
    )
  })
})

describe('shapes', () => {
  test('joined: product and sum', () => {
    expect(product([N, 3, 4])).toEqual(mulDim(12, N))
    expect(sum([3, 4, 5])).toBe(12)
    expect(sum([3, null])).toBeNull()
  })
  test('compared', () => {
    expect(sameShape([N, 3], [N, 3])).toBe(true)
    expect(sameShape([N, 3], [N, 4])).toBe(false)
    expect(sameShape([N, null], [N, 4])).toBeNull()
    expect(sameShape([N], [N, 1])).toBe(false)
    expect(sameShape(null, [N])).toBeNull()
  })
  test.each([
    [-1, 3, 2],
    [0, 3, 0],
    [3, 3, null],
    [-4, 3, null],
    [0.5, 3, null],
    [Number.NaN, 3, null],
  ])('axis %d of %i dimensions is %o', (axis, rank, expected) => {
    expect(resolveAxis(axis, rank)).toBe(expected)
  })
  test('broadcasting commutes', () => {
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        const [ab, ba] = [broadcast([a, b]), broadcast([b, a])]
        expect(ab.conflict).toBe(ba.conflict)
        if (ab.conflict === undefined) expect(ab.shape).toEqual(ba.shape)
      }),
    )
  })
  test('broadcasting with ones at the left, or with itself, changes nothing', () => {
    fc.assert(
      fc.property(shape, a => {
        expect(broadcast([a, [1, ...a]]).shape).toEqual([1, ...a])
        expect(broadcast([a, a])).toEqual({ shape: a })
      }),
    )
  })
  test('the first axis that does not fit is named', () => {
    expect(
      broadcast([
        [N, 64, 8, 8],
        [N, 32, 7, 8],
      ]),
    ).toMatchObject({ conflict: 1 })
    expect(broadcast([[5, 8], [3]])).toMatchObject({ conflict: 1 })
  })
})
