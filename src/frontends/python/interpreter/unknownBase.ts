import { lookup } from './types'
import type { PyClass } from './values'

/** In the dict of a class one of whose bases is not known: why. */
export const UNKNOWN_BASE = ' unknown base'

/** The reason why a class is not fully known, from any of its ancestors. */
export const unknownBase = (cls: PyClass): string | null => {
  const reason = lookup(cls, UNKNOWN_BASE)
  return typeof reason === 'string' ? reason : null
}
