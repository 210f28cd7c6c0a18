import { describe, expect, test } from 'vitest'
import {
  formatBytes,
  formatChange,
  formatCount,
  formatExact,
  formatRatio,
  formatSeconds,
  formatShare,
} from '../../src/base/format'

// The rules and most examples are those of the design: counts, bytes, times, shares, changes, ratios.
describe('numbers', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.0k'],
    [9408, '9.4k'],
    [99_949, '99.9k'],
    [99_950, '100k'],
    [131_072, '131k'],
    [999_499, '999k'],
    [999_500, '1.0M'],
    [25_557_032, '25.6M'],
    [118_013_952, '118M'],
    [999_500_000, '1.00G'],
    [4_089_184_256, '4.09G'],
    [15_470_264_320, '15.5G'],
    [138_357_544_000, '138G'],
    [1.5e12, '1.50T'],
    [5e15, '5000T'],
  ])('count %d is %s', (value, text) => expect(formatCount(value)).toBe(text))

  test.each([
    [0, '0'],
    [999, '999'],
    [1_605_632, '1,605,632'],
  ])('exact %d is %s', (value, text) => expect(formatExact(value)).toBe(text))

  test.each([
    [864, '864 B'],
    [38_900, '38.9 kB'],
    [4_816_896, '4.82 MB'],
    [51_114_064, '51.1 MB'],
    [277e6, '277 MB'],
    [1e9, '1.00 GB'],
  ])('%d bytes are %s', (value, text) => expect(formatBytes(value)).toBe(text))

  test.each([
    [5.1e-6, '5.1 µs'],
    [9.94e-6, '9.9 µs'],
    [9.96e-6, '10 µs'],
    [572.4e-6, '572 µs'],
    [1.349e-3, '1.35 ms'],
    [2, '2.00 s'],
  ])('%d seconds are %s', (value, text) => expect(formatSeconds(value)).toBe(text))

  test.each([
    [0, '0%'],
    [0.0005, '<0.1%'],
    [0.001, '0.1%'],
    [0.028, '2.8%'],
    [0.05, '5.0%'],
    [0.0994, '9.9%'],
    [0.0996, '10%'],
    [0.36, '36%'],
    [1, '100%'],
  ])('share %d is %s', (value, text) => expect(formatShare(value)).toBe(text))

  test.each([
    [100, 12, '−88%'],
    [100, 113, '+13%'],
    [1000, 1049, '+4.9%'],
    [5, 5, '='],
  ])('%d to %d is %s', (before, after, text) => expect(formatChange(before, after)).toBe(text))

  test.each([
    [1, '1.0'],
    [9.94, '9.9'],
    [9.96, '10'],
    [138.2, '138'],
  ])('ratio %d is %s', (value, text) => expect(formatRatio(value)).toBe(text))
})
