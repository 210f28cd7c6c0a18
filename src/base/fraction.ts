/**
 * A positive number as p / q in lowest terms with p of at most 64: 0.375 is 3 / 8. Null where there is none that near,
 * up to what floating point loses.
 */
export function fractionOf(value: number): readonly [p: number, q: number] | null {
  if (!(value > 0 && value < 1e9)) return null
  for (let p = 1; p <= MOST; p++) {
    const q = Math.round(p / value)
    if (q > 0 && Math.abs(p / q - value) < value * 1e-12) return [p, q]
  }
  return null
}

const MOST = 64
