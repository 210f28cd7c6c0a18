import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { effectiveKernel, type Rounding, slide, slideBack, type Window } from '../../src/core/window'

const one = (
  kernel: number,
  stride: number,
  before: number,
  after: number,
  dilation: number,
  rounding?: Rounding,
): Window => ({
  kernel: [kernel],
  stride: [stride],
  dilation: [dilation],
  padding: [[before, after]],
  ...(rounding ? { rounding } : {}),
})

const small = fc.record({
  size: fc.integer({ min: 1, max: 30 }),
  kernel: fc.integer({ min: 1, max: 7 }),
  stride: fc.integer({ min: 1, max: 5 }),
  before: fc.integer({ min: 0, max: 4 }),
  after: fc.integer({ min: 0, max: 4 }),
  dilation: fc.integer({ min: 1, max: 3 }),
})

describe('windows that slide', () => {
  test('floor: as many as there are positions at which the whole window fits', () => {
    fc.assert(
      fc.property(small, ({ size, kernel, stride, before, after, dilation }) => {
        let fits = 0
        for (let start = -before; start + dilation * (kernel - 1) < size + after; start += stride) fits++
        const { size: count, short } = slide(size, one(kernel, stride, before, after, dilation), 0)
        if (fits === 0) expect({ count, short }).toEqual({ count: null, short: size + before + after })
        else expect({ count, short }).toEqual({ count: fits, short: undefined })
      }),
    )
  })

  test('ceil: one more where the last whole one leaves something over; clipped, only if it starts before the end padding', () => {
    fc.assert(
      fc.property(small, ({ size, kernel, stride, before, after, dilation }) => {
        const reach = effectiveKernel(kernel, dilation)
        fc.pre(size + before + after >= reach)
        let count = 0
        let clipped = 0
        for (let start = -before; ; start += stride) {
          const whole = start + reach <= size + after
          const previousLeaves = start - stride + reach < size + after
          if (!whole && !previousLeaves) break
          count++
          if (start < size) clipped++
          if (!whole) break
        }
        expect(slide(size, one(kernel, stride, before, after, dilation, 'ceil'), 0).size).toBe(count)
        // A window may start in the padding at the end only in floor mode; PyTorch drops at most the last one.
        if (clipped >= count - 1) {
          expect(slide(size, one(kernel, stride, before, after, dilation, 'ceilClip'), 0).size).toBe(clipped)
        }
      }),
    )
  })

  test('same: every stride-th position, whatever the kernel', () => {
    fc.assert(
      fc.property(small, ({ size, kernel, stride, dilation }) => {
        let count = 0
        for (let at = 0; at < size; at += stride) count++
        const window: Window = { kernel: [kernel], stride: [stride], dilation: [dilation], padding: 'same' }
        expect(slide(size, window, 0).size).toBe(count)
      }),
    )
  })

  test('back: the largest size that slides to the given one is reached with output padding stride − 1', () => {
    fc.assert(
      fc.property(small, ({ size, kernel, stride, before, after, dilation }) => {
        const window = one(kernel, stride, before, after, dilation)
        for (let more = 0; more < stride; more++) {
          const up = slideBack(size, window, 0, more) as number
          if (up >= 1) expect(slide(up, window, 0).size).toBe(size)
        }
        const next = slideBack(size, window, 0, stride) as number
        if (next >= 1) expect(slide(next, window, 0).size).toBe(size + 1)
      }),
    )
  })

  test('an unknown size stays unknown unless stride 1 and padding keep it', () => {
    expect(slide(null, one(3, 1, 1, 1, 1), 0).size).toBeNull()
    const symbol = { coefficient: 1, symbols: ['T'] }
    expect(slide(symbol, one(3, 1, 1, 1, 1), 0).size).toBe(symbol)
    expect(slide(symbol, one(3, 2, 1, 1, 1), 0).size).toBeNull()
    expect(slideBack(symbol, one(2, 2, 0, 0, 1), 0, 0)).toBeNull()
  })
})
