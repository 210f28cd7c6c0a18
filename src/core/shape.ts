import { addDim, countDim, type Dim, formatDim, mulDim, sameDim } from './dim'

/** The dimensions of a tensor, batch first where there is one. */
export type Shape = readonly Dim[]

/** Separator of dimensions in text: U+00D7. */
const TIMES = '×'

/** `N×64×112×112`; `?` where even the rank is unknown; `scalar` for no dimensions. */
export const formatShape = (shape: Shape | null): string =>
  shape === null
    ? '?'
    : shape.length === 0
      ? 'scalar'
      : shape.length > MOST_DIMS
        ? `${shape.slice(0, 4).map(formatDim).join(TIMES)}${TIMES}…`
        : shape.map(formatDim).join(TIMES)

/** Tensors of more dimensions are none that a reader would count. */
const MOST_DIMS = 16

/** Elements of one image's tensor (the batch counts as 1); null when a dimension is unknown or there are too many. */
export function elements(shape: Shape | null): number | null {
  if (shape === null) return null
  let product = 1
  for (const dim of shape) {
    const count = countDim(dim)
    if (count === null || !(count >= 0)) return null
    product *= count
  }
  return Number.isSafeInteger(product) ? product : null
}

/** The shape with every number that cannot be a size (negative, fractional, NaN, unsafe) made unknown. */
export const soundShape = (shape: Shape | null): Shape | null =>
  shape === null || shape.every(isSize) ? shape : shape.map(dim => (isSize(dim) ? dim : null))

const isSize = (dim: Dim): boolean => typeof dim !== 'number' || (Number.isSafeInteger(dim) && dim >= 0)

/** Product of the dimensions, the batch kept as a symbol. */
export const product = (shape: Shape): Dim => shape.reduce<Dim>(mulDim, 1)

/** Sum of dimensions, null unless they are like terms. */
export const sum = (dims: readonly Dim[]): Dim => dims.reduce<Dim>(addDim, 0)

/** True, false, or null where it depends on something unknown. */
export function sameShape(a: Shape | null, b: Shape | null): boolean | null {
  if (a === null || b === null) return null
  if (a.length !== b.length) return false
  let same: boolean | null = true
  for (let i = 0; i < a.length; i++) {
    const equal = sameDim(a[i]!, b[i]!)
    if (equal === false) return false
    if (equal === null) same = null
  }
  return same
}

/** A negative axis counted from the end; null when it lies outside the rank. */
export function resolveAxis(axis: number, rank: number): number | null {
  const at = axis < 0 ? axis + rank : axis
  return Number.isInteger(at) && at >= 0 && at < rank ? at : null
}

/**
 * The shape that NumPy's and PyTorch's broadcasting gives: ranks are filled with 1 at the left, a 1 stretches.
 * `conflict` names the axis of the result at which two known sizes differ and none is 1.
 */
export function broadcast(shapes: readonly (Shape | null)[]): { shape: Shape | null; conflict?: number } {
  if (shapes.some(s => s === null)) return { shape: null }
  const rank = Math.max(...shapes.map(s => s!.length))
  const out: Dim[] = []
  let conflict: number | undefined
  for (let axis = 0; axis < rank; axis++) {
    let dim: Dim = 1
    for (const shape of shapes) {
      const at = axis - (rank - shape!.length)
      const next = at < 0 ? 1 : shape![at]!
      if (next === 1) continue
      if (dim === 1) dim = next
      else {
        const equal = sameDim(dim, next)
        if (equal === false) conflict ??= axis
        // A number is what the other one, if it is not 1, must be too; of two names nothing can be told.
        if (equal === null) dim = typeof dim === 'number' ? dim : typeof next === 'number' ? next : null
      }
    }
    out.push(dim)
  }
  return conflict === undefined ? { shape: out } : { shape: out, conflict }
}
