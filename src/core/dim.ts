/** A whole number times symbols, such as N or 4·N: what the batch and its products are. Symbols are sorted, never none. */
export interface Sym {
  readonly coefficient: number
  readonly symbols: readonly string[]
}

/** One dimension: a whole number, a symbolic product, or null where it is unknown. */
export type Dim = number | Sym | null

/** The batch. It is never multiplied into a cost. */
export const N: Sym = { coefficient: 1, symbols: ['N'] }

/** Whether two dimensions are equal; null where that depends on something unknown (N may be 5). */
export function sameDim(a: Dim, b: Dim): boolean | null {
  if (a === null || b === null) return null
  if (typeof a === 'number' && typeof b === 'number') return a === b
  if (symbols(a) === symbols(b)) return coefficient(a) === coefficient(b)
  return null
}

/** Product; null when a factor is unknown or the result is no safe integer. */
export function mulDim(a: Dim, b: Dim): Dim {
  if (a === 0 || b === 0) return 0
  if (a === null || b === null) return null
  return make(coefficient(a) * coefficient(b), [...symbolList(a), ...symbolList(b)].sort())
}

/** Exact quotient; null when it is unknown or not a whole product. */
export function divDim(a: Dim, b: Dim): Dim {
  if (a === null || b === null || b === 0) return null
  const rest = [...symbolList(a)]
  for (const symbol of symbolList(b)) {
    const at = rest.indexOf(symbol)
    if (at < 0) return null
    rest.splice(at, 1)
  }
  const quotient = coefficient(a) / coefficient(b)
  return Number.isInteger(quotient) ? make(quotient, rest) : null
}

/** Sum; null unless both are like terms (2·N + N = 3·N, but N + 1 has no name). */
export function addDim(a: Dim, b: Dim): Dim {
  if (a === 0) return b
  if (b === 0) return a
  if (a === null || b === null || symbols(a) !== symbols(b)) return null
  return make(coefficient(a) + coefficient(b), [...symbolList(a)])
}

/** Applies a whole-number function to a number; symbolic and unknown dimensions give null. */
export const mapDim = (dim: Dim, f: (n: number) => number): Dim => (typeof dim === 'number' ? make(f(dim), []) : null)

/** The number of elements a dimension stands for in one image: symbols count as 1. Null when unknown. */
export const countDim = (dim: Dim): number | null => (dim === null ? null : coefficient(dim))

/** `64`, `N`, `4N`, `?`. */
export function formatDim(dim: Dim): string {
  if (dim === null) return '?'
  if (typeof dim === 'number') return String(dim)
  return (dim.coefficient === 1 ? '' : dim.coefficient) + dim.symbols.join('')
}

const coefficient = (dim: number | Sym): number => (typeof dim === 'number' ? dim : dim.coefficient)
const symbolList = (dim: number | Sym): readonly string[] => (typeof dim === 'number' ? [] : dim.symbols)
const symbols = (dim: number | Sym): string => symbolList(dim).join()

function make(value: number, symbolNames: readonly string[]): Dim {
  if (!Number.isSafeInteger(value)) return null
  return symbolNames.length === 0 || value === 0 ? value : { coefficient: value, symbols: symbolNames }
}
