import type { Shape } from '../../../../core/shape'
import { PyFloat, type PyValue } from '../../interpreter/values'
import type { PyTensor } from '../tensor'

/** The numbers of small constant tensors, in row order. Larger ones are not computed. */
export const MAX_ELEMENTS = 4096

/** The sizes as numbers; null where one is not known, or there are too many elements to compute with. */
export function sizesOf(shape: Shape | null): number[] | null {
  if (shape === null) return null
  let count = 1
  const sizes: number[] = []
  for (const dim of shape) {
    if (typeof dim !== 'number') return null
    count *= dim
    sizes.push(dim)
  }
  return count <= MAX_ELEMENTS ? sizes : null
}

export const countOf = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)

/** Calls `visit` with the coordinates of every element in row order; the array is reused. */
export function walk(sizes: readonly number[], visit: (at: number[], index: number) => void): void {
  const at = sizes.map(() => 0)
  const count = countOf(sizes)
  for (let index = 0; index < count; index++) {
    visit(at, index)
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      if (++at[axis]! < sizes[axis]!) break
      at[axis] = 0
    }
  }
}

/** Where coordinates stand in row order; axes of size 1 are stretched, missing ones at the left are passed over. */
export function offset(at: readonly number[], sizes: readonly number[]): number {
  let index = 0
  const skipped = at.length - sizes.length
  for (let axis = 0; axis < sizes.length; axis++) {
    index = index * sizes[axis]! + (sizes[axis] === 1 ? 0 : at[skipped + axis]!)
  }
  return index
}

/** The numbers of a tensor of this shape whose elements stand elsewhere in another one; null where they are not known. */
export function moved(
  from: PyTensor,
  to: Shape | null,
  where: (at: readonly number[]) => readonly number[],
): number[] | null {
  const sizes = sizesOf(from.shape)
  const target = sizesOf(to)
  if (from.data === null || sizes === null || target === null) return null
  const out: number[] = []
  walk(target, at => out.push(from.data![offset(where(at), sizes)]!))
  return out
}

/** Numbers combined position by position, broadcast; null where an operand is not known. */
export function mapped(
  operands: readonly (PyTensor | number)[],
  to: Shape | null,
  dtype: string,
  f: (...numbers: number[]) => number,
): number[] | null {
  const target = sizesOf(to)
  if (target === null) return null
  const sources: { data: readonly number[]; sizes: readonly number[] }[] = []
  for (const operand of operands) {
    if (typeof operand === 'number') sources.push({ data: [operand], sizes: [] })
    else {
      const sizes = sizesOf(operand.shape)
      if (operand.data === null || sizes === null) return null
      sources.push({ data: operand.data, sizes })
    }
  }
  const round = rounding(dtype)
  const out: number[] = []
  walk(target, at => out.push(round(f(...sources.map(s => s.data[offset(at, s.sizes)]!)))))
  return out
}

/** Folds axes: `f` gets the numbers that fall together. */
export function folded(
  from: PyTensor,
  axes: readonly number[],
  dtype: string,
  f: (numbers: readonly number[]) => number,
): number[] | null {
  const sizes = sizesOf(from.shape)
  if (sizes === null || from.data === null) return null
  const kept = sizes.map((size, axis) => (axes.includes(axis) ? 1 : size))
  const groups: number[][] = Array.from({ length: countOf(kept) }, () => [])
  walk(sizes, (at, index) => groups[offset(at, kept)]!.push(from.data![index]!))
  const round = rounding(dtype)
  return groups.map(group => round(f(group)))
}

/** How numbers of a type are kept. */
export function rounding(dtype: string): (n: number) => number {
  if (dtype === 'float64') return n => n
  if (dtype === 'bool') return n => (n ? 1 : 0)
  return isFloating(dtype) ? Math.fround : Math.trunc
}

/** A number of a tensor as the program sees it. */
export const scalarOf = (n: number, dtype: string): PyValue =>
  dtype === 'bool' ? n !== 0 : isFloating(dtype) ? new PyFloat(n) : n

export const isFloating = (dtype: string): boolean => /^(b?float|complex)/.test(dtype)

const ORDER = 'bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64 complex128'.split(' ')

/** The type of a result: the widest; Python numbers count only where they are of a higher kind (torch.result_type). */
export function promoted(operands: readonly (PyTensor | PyValue)[]): string {
  let best = ''
  let scalars = 0
  for (const operand of operands) {
    if (typeof operand === 'object' && operand !== null && 'dtype' in operand) {
      const { dtype } = operand as PyTensor
      if (best === '' || ORDER.indexOf(dtype) > ORDER.indexOf(best)) best = dtype
    } else if (operand instanceof PyFloat) scalars = 2
    else if (typeof operand === 'number') scalars = Math.max(scalars, 1)
  }
  if (scalars === 2 && !isFloating(best)) return 'float32'
  if (scalars === 1 && (best === 'bool' || best === '')) return 'int64'
  return best || 'float32'
}
