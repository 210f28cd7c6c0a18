/**
 * The numbers of a small constant tensor, laid out as NumPy prints an array:
 *
 *   [[[ 5]
 *     [11]
 *     [17]]
 *
 *    [[23]
 *     [29]
 *     [35]]]
 */
export function numbersText(data: readonly number[], sizes: readonly number[]): string {
  const texts = data.map(numberText)
  const width = Math.max(0, ...texts.map(text => text.length))
  const rows = (axis: number, from: number, count: number): string => {
    if (axis === sizes.length) return texts[from]!.padStart(width)
    const size = sizes[axis]!
    const each = size === 0 ? 0 : count / size
    const parts = Array.from({ length: size }, (_, i) => rows(axis + 1, from + i * each, each))
    const last = sizes.length - axis - 1
    const between = last === 0 ? ' ' : `${'\n'.repeat(last)}${' '.repeat(axis + 1)}`
    return `[${parts.join(between)}]`
  }
  return rows(0, 0, data.length)
}

/** At most four decimals, none that are zeros. */
const numberText = (n: number): string => {
  if (Number.isNaN(n)) return 'nan'
  if (!Number.isFinite(n)) return n > 0 ? 'inf' : '-inf'
  const rounded = Number(n.toPrecision(5))
  return Math.abs(rounded) >= 1e7 || (rounded !== 0 && Math.abs(rounded) < 1e-4)
    ? rounded.toExponential()
    : String(rounded)
}
