/** Marks a sum that leaves something out. */
export const atLeast = '≥ '

/**
 * A count as hints show it: below 1000 as is, k and M with at most one decimal below 100,
 * G and T with three digits. Rounds first and then chooses the decimals (99,950 is 100k).
 */
export function formatCount(value: number): string {
  if (Math.abs(value) < 1000) return trimZero(value)
  for (const [unit, suffix] of SUFFIXES) {
    const scaled = value / unit
    if (Math.abs(scaled) < 999.5 || suffix === 'T') {
      return (unit < 1e9 ? oneDecimalBelow100(scaled) : threeDigits(scaled)) + suffix
    }
  }
  return String(value)
}

/** A whole number with `,` between thousands: 1,605,632. */
export const formatExact = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** Decimal bytes with three digits: 4.82 MB. */
export function formatBytes(value: number): string {
  if (value < 1000) return `${Math.round(value)} B`
  for (const [unit, suffix] of BYTE_SUFFIXES) {
    if (value / unit < 999.5 || suffix === 'TB') return `${threeDigits(value / unit)} ${suffix}`
  }
  return `${value} B`
}

/** Seconds as µs (whole from 10, else one decimal) or ms (two decimals): 572 µs, 1.35 ms. */
export function formatSeconds(value: number): string {
  const micro = value * 1e6
  if (micro < 9.95) return `${micro.toFixed(1)} µs`
  if (micro < 999.5) return `${Math.round(micro)} µs`
  if (micro < 999.995e3) return `${(micro / 1e3).toFixed(2)} ms`
  return `${threeDigits(micro / 1e6)} s`
}

/** A share of 0..1: one decimal below 10 %, none above, `<0.1%`, `0%`. */
export function formatShare(share: number): string {
  const percent = share * 100
  if (percent === 0) return '0%'
  if (Math.abs(percent) < 0.1) return '<0.1%'
  return Math.abs(percent) < 9.95 ? `${percent.toFixed(1)}%` : `${Math.round(percent)}%`
}

/** A relative change with its sign, −88% or +13%. */
export function formatChange(before: number, after: number): string {
  if (before === after) return '='
  if (before === 0) return '+∞%'
  const change = after / before - 1
  return (change < 0 ? '−' : '+') + formatShare(Math.abs(change))
}

/** Arithmetic intensity and other ratios: one decimal below 10, none above. */
export const formatRatio = (value: number): string => (value < 9.95 ? value.toFixed(1) : String(Math.round(value)))

/** `1 row`, `2 rows`. */
export const plural = (count: number, noun: string): string => `${formatExact(count)} ${noun}${count === 1 ? '' : 's'}`

const SUFFIXES: readonly (readonly [number, string])[] = [
  [1e3, 'k'],
  [1e6, 'M'],
  [1e9, 'G'],
  [1e12, 'T'],
]
const BYTE_SUFFIXES: readonly (readonly [number, string])[] = [
  [1e3, 'kB'],
  [1e6, 'MB'],
  [1e9, 'GB'],
  [1e12, 'TB'],
]

const trimZero = (value: number): string => String(Number(value.toFixed(1)))
const oneDecimalBelow100 = (value: number): string =>
  Math.abs(value) < 99.95 ? value.toFixed(1) : String(Math.round(value))
function threeDigits(value: number): string {
  const size = Math.abs(value)
  return size < 9.995 ? value.toFixed(2) : size < 99.95 ? value.toFixed(1) : String(Math.round(value))
}
