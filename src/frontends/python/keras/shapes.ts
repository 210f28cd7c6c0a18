import { type Dim, N } from '../../../core/dim'
import type { Shape } from '../../../core/shape'
import { dimOf, fromDim } from '../interpreter/operators'
import { tuple } from '../interpreter/types'
import { asInt, isUnknown, PyList, PyTuple, PyUnknown, type PyValue } from '../interpreter/values'

/** A shape as Keras gives it to a program: a tuple, the batch N. A size that is left open is None. */
export const shapeTuple = (shape: Shape | null, open = true): PyValue =>
  shape === null
    ? new PyUnknown('this shape is not known')
    : tuple(shape.map(dim => (dim === null && open ? null : fromDim(dim))))

/** Sizes that a program gives: a tuple, a list or one number; None is a size that is left open. Null for anything else. */
export function shapeOf(value: PyValue | undefined): Dim[] | null {
  if (value instanceof PyTuple || value instanceof PyList) return value.items.map(sizeOf)
  if (value === undefined || value === null || isUnknown(value)) return null
  const size = sizeOf(value)
  return size === null ? null : [size]
}

function sizeOf(value: PyValue): Dim {
  const size = asInt(value)
  if (size !== null) return size
  return typeof value === 'object' && value !== null ? (dimOf(value) ?? null) : null
}

/** With the batch in front. */
export const batched = (shape: Shape): Shape => [N, ...shape]
