import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { breakEven, type Direct, directWork, type FormName, formWork, stepsOf } from '../../src/advisor/forms'

const square = (k: number, cin: number, cout: number, input: number, output = input, groups = 1): Direct => ({
  window: k * k,
  cin,
  cout,
  groups,
  input: input * input,
  output: output * output,
  bias: 0,
})

describe('worked examples', () => {
  const inception = square(5, 256, 32, 28)
  test('the 5×5 of a GoogLeNet module on 256 channels through a 1×1 to 16 (Szegedy et al. 2015)', () => {
    expect(directWork(inception).macs).toBe(160_563_200)
    expect(formWork('reduce', inception, 16).macs).toBe(3_211_264 + 10_035_200)
  })
  test('the same on the 192 channels that inception(3a) has', () => {
    expect(directWork(square(5, 192, 32, 28)).macs).toBe(120_422_400)
    expect(formWork('reduce', square(5, 192, 32, 28), 16).macs).toBe(12_443_648)
  })
  test('100 to 40 channels on 20×20 through 20', () => {
    const block = square(5, 100, 40, 20)
    expect(directWork(block)).toMatchObject({ macs: 40_000_000, params: 100_000 })
    expect(formWork('reduce', block, 20)).toMatchObject({ macs: 8_800_000, params: 22_000 })
    expect(formWork('reduce', block, 10)).toMatchObject({ macs: 4_400_000, params: 11_000 })
    const small = square(3, 100, 40, 20)
    expect(directWork(small)).toMatchObject({ macs: 14_400_000, params: 36_000 })
    expect(formWork('reduce', small, 20)).toMatchObject({ macs: 3_680_000, params: 9_200 })
  })
  test('4×4 from 256 to 256 through 64', () => {
    const direct = square(4, 256, 256, 8)
    expect(directWork(direct).params).toBe(1_048_576)
    expect(formWork('reduce', direct, 64).params).toBe(278_528)
    const biased = { ...direct, bias: 256 }
    expect(directWork(biased).params).toBe(1_048_832)
    // The bias stays on the last layer alone; with one on the 1×1 too it would be 278,848.
    expect(formWork('reduce', biased, 64).params).toBe(278_848 - 64)
  })
  test('a 3×3 from C to C through C/2, C/4 and C/8 is 2.77, 8.47 and 23.0 times smaller', () => {
    const direct = square(3, 256, 256, 14)
    const ratios = [128, 64, 32].map(r => directWork(direct).macs / formWork('bottleneck', direct, r).macs)
    expect(ratios.map(ratio => ratio.toPrecision(3))).toEqual(['2.77', '8.47', '23.0'])
  })
  test('traffic of a 3×3 from 256 to 256 through 64: +12.9% on 56×56, −32% on 28×28, −68% on 14×14', () => {
    const change = (size: number): number => {
      const direct = square(3, 256, 256, size)
      return formWork('bottleneck', direct, 64).traffic / directWork(direct).traffic - 1
    }
    expect(change(56)).toBeCloseTo(0.129, 3)
    expect([28, 14].map(size => Math.round(100 * change(size)))).toEqual([-32, -68])
  })
  test('a depthwise separable layer takes Cin (k² + Cout) H′W′ MACs (Howard et al. 2017)', () => {
    const direct = square(3, 64, 128, 56, 28)
    expect(formWork('separable', direct, 0)).toMatchObject({ macs: 64 * (9 + 128) * 28 * 28, params: 64 * (9 + 128) })
  })
})

describe('break-even widths', () => {
  test('bottleneck of C to C at stride 1: r/C below (−1 + √(1 + k⁴)) / k², 0.895 for 3 and 0.961 for 5', () => {
    for (const [k, ratio] of [
      [3, 0.895],
      [5, 0.961],
    ] as const) {
      expect(breakEven('bottleneck', square(k, 512, 512, 14), 'macs')! / 512).toBeCloseTo(ratio, 3)
    }
  })
  test('traffic of a square bottleneck is saved only where HW < (k² C² − 2 C r − k² r²) / (4 r)', () => {
    const direct = square(3, 256, 256, 56)
    const r = breakEven('bottleneck', direct, 'traffic')!
    expect((9 * 256 * 256 - 2 * 256 * r - 9 * r * r) / (4 * r)).toBeCloseTo(56 * 56, 6)
  })
  test.each(['reduce', 'bottleneck', 'expand'] as const)('%s costs the same at each of its break-even widths', form => {
    const direct: Direct = { window: 15, cin: 48, cout: 96, groups: 1, input: 900, output: 225, bias: 96 }
    for (const of of ['macs', 'params', 'traffic'] as const) {
      const r = breakEven(form, direct, of)!
      expect(formWork(form, direct, r)[of]).toBeCloseTo(directWork(direct)[of], 4)
    }
  })
  test('none where the direct convolution is cheaper at any width, and none without a width', () => {
    const depthwise = square(3, 256, 256, 14, 14, 256)
    expect(breakEven('reduce', depthwise, 'traffic')).toBeLessThan(1)
    expect(breakEven('separable', square(3, 64, 64, 14), 'macs')).toBeNull()
  })
})

test('stride stays on the k×k: the reducing 1×1 writes the whole map', () => {
  const [reduction, spatial, expansion] = stepsOf('bottleneck', square(3, 64, 128, 56, 28))
  expect([reduction!.output, spatial!.output, expansion!.output]).toEqual([56 * 56, 28 * 28, 28 * 28])
})

const table = new URL('../../../shared/oracle/bottleneck.csv', import.meta.url)

if (existsSync(table))
  test('an independent table of 59 cases, every row and column', () => {
    const [head, ...rows] = readFileSync(table, 'utf8').trim().split('\n')
    const names = head!.trim().split(',')
    const forms: Record<string, FormName> = { A: 'reduce', B: 'bottleneck', C: 'expand' }
    for (const row of rows) {
      const text = Object.fromEntries(
        row
          .trim()
          .split(',')
          .map((cell, i) => [names[i]!, cell]),
      )
      const of = (name: string): number => Number(text[name])
      const [k, s, p, h] = [of('k'), of('s'), of('p'), of('h')]
      const out = Math.floor((h + 2 * p - k) / s) + 1
      const direct = square(k, of('cin'), of('cout'), h, out, of('g'))
      const before = directWork(direct)
      const after = formWork(forms[text.form!]!, direct, of('r'))
      const intensity = (work: { macs: number; traffic: number }): string =>
        ((2 * work.macs) / (4 * work.traffic)).toFixed(2)
      expect({
        ho: out,
        mac_direct: before.macs,
        par_direct: before.params,
        traffic_direct: before.traffic,
        mac: after.macs,
        par: after.params,
        traffic: after.traffic,
        mac_ratio: Number((before.macs / after.macs).toFixed(4)),
        r_breakeven_mac: Number(breakEven(forms[text.form!]!, direct, 'macs')!.toFixed(3)),
        AI_direct_fp32: Number(intensity(before)),
        AI_new_fp32: Number(intensity(after)),
      }).toEqual(Object.fromEntries(names.slice(9).map(name => [name, of(name)])))
    }
    expect(rows).toHaveLength(59)
  })
