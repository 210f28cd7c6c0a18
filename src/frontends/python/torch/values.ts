import type { Dim } from '../../../core/dim'
import { Unknown } from '../interpreter/errors'
import { items } from '../interpreter/iterate'
import { dimOf } from '../interpreter/operators'
import { type Run, raise, refuse } from '../interpreter/run'
import {
  asInt,
  asNumber,
  asString,
  isUnknown,
  PyFloat,
  PyList,
  PyTuple,
  PyUnknown,
  type PyValue,
} from '../interpreter/values'
import { PyTensor } from './tensor'

export { Unknown }

/** A whole number; `otherwise` where the argument is left out. Fails as PyTorch does for anything else. */
export function int(value: PyValue | undefined, otherwise?: number): number {
  if (value === undefined || (value === null && otherwise !== undefined)) {
    if (otherwise !== undefined) return otherwise
    throw new Unknown('an argument is missing')
  }
  const n = asInt(value)
  if (n !== null) return n
  if (isUnknown(value)) throw new Unknown(value.reason)
  if (typeof value === 'object' && dimOf(value) !== undefined) throw new Unknown('it depends on the batch size')
  const f = asNumber(value) ?? only(value)
  if (f !== null && Number.isInteger(f)) return f
  return raise('TypeError', 'expected a whole number')
}

/** The number that a tensor of one element, or a number of NumPy, stands for; null for anything else. */
function only(value: PyValue): number | null {
  if (!(value instanceof PyTensor) || value.shape?.some(size => size !== 1)) return null
  if (value.data?.length !== 1) throw new Unknown('the value of this tensor is not known')
  return value.data[0]!
}

/** As `int`, but null where the number is not known: channels and features, of which layers can do without. */
export function count(value: PyValue | undefined): number | null {
  try {
    return int(value)
  } catch (error) {
    if (error instanceof Unknown && value !== undefined) return null
    throw error
  }
}

export function float(value: PyValue | undefined, otherwise: number): number {
  if (value === undefined || value === null) return otherwise
  const n = asNumber(value) ?? only(value)
  if (n !== null) return n
  throw new Unknown(isUnknown(value) ? value.reason : 'a number is not known')
}

export function bool(value: PyValue | undefined, otherwise: boolean): boolean {
  if (value === undefined || value === null) return otherwise
  if (typeof value === 'boolean') return value
  const n = asNumber(value)
  if (n !== null) return n !== 0
  if (isUnknown(value)) throw new Unknown(value.reason)
  return true
}

export const text = (value: PyValue | undefined, otherwise: string): string => asString(value ?? null) ?? otherwise

/** One number for all of `rank` axes, or one an axis: torch's int-or-tuple arguments. */
export function each(value: PyValue | undefined, rank: number, otherwise: number): number[] {
  if (value instanceof PyTuple || value instanceof PyList) {
    const numbers = value.items.map(v => int(v))
    if (numbers.length === rank) return numbers
    if (numbers.length === 1) return Array(rank).fill(numbers[0])
    return raise('ValueError', `expected ${rank} numbers and got ${numbers.length}`)
  }
  return Array(rank).fill(int(value, otherwise))
}

/** A dimension: a number, or N and its multiples; null where it is not known. */
export function dim(value: PyValue): Dim {
  if (isUnknown(value)) return null
  const known = dimOf(value)
  if (known !== undefined) return known
  const f = asNumber(value) ?? (value instanceof PyTensor && value.data?.length === 1 ? value.data[0]! : null)
  return f !== null && Number.isInteger(f) ? f : null
}

/** As `dim`, of a size that is asked for, which no float may be. */
function size(value: PyValue): Dim {
  if (value instanceof PyFloat) refuseFloat(value)
  return dim(value)
}

/** Fails as PyTorch does for a float where it takes whole numbers alone; what divides with `/` gives such. */
export function refuseFloat({ value }: PyFloat, argument?: string): never {
  const wanted = argument === undefined ? 'sizes to be whole numbers' : `${argument} to be a whole number`
  const got = Number.isInteger(value) ? `${value}.0` : String(value)
  return refuse('TypeError', `${argument ?? 'size'} must be int, not float`, {
    code: 'bad-argument',
    message: who => `${who} expects ${wanted} and gets ${got}.`,
    name: 'float',
    ...(argument === undefined ? {} : { argument }),
  })
}

/** Sizes given as one tuple or list, or one argument each; null where their number is not known. */
export function dims(run: Run, args: readonly PyValue[]): Dim[] | null {
  const first = args[0]
  if (args.length === 1 && !(typeof first === 'number')) {
    if (first !== undefined && isUnknown(first)) return null
    if (first instanceof PyTuple || first instanceof PyList) return first.items.map(size)
    if (dimOf(first!) === undefined && !(first instanceof PyTensor)) {
      const values = items(run, first!)
      return values ? values.map(size) : null
    }
  }
  return args.map(size)
}

/** Axes given as one number or several; null where the argument is None or left out. */
export function axes(value: PyValue | undefined): number[] | null {
  if (value === undefined || value === null) return null
  if (value instanceof PyTuple || value instanceof PyList) return value.items.map(v => int(v))
  return [int(value)]
}

/** The tensors among arguments, also inside lists, tuples and dicts a few levels deep. */
export function tensorsIn(values: Iterable<PyValue>, depth = 0, found: PyTensor[] = []): PyTensor[] {
  for (const value of values) {
    if (value instanceof PyTensor) found.push(value)
    else if (depth >= 4 || value === null || typeof value !== 'object') continue
    else if (value instanceof PyList || value instanceof PyTuple) tensorsIn(value.items, depth + 1, found)
    else if ('entries' in value) {
      const entries = [...(value.entries as Map<unknown, unknown>).values()].map(e =>
        Array.isArray(e) ? e[1] : e,
      ) as PyValue[]
      tensorsIn(entries, depth + 1, found)
    }
  }
  return found
}

export function tensor(value: PyValue | undefined): PyTensor {
  if (value instanceof PyTensor) return value
  if (value !== undefined && isUnknown(value)) throw new Unknown(value.reason)
  return raise('TypeError', 'expected a tensor')
}

export const unknown = (reason: string): PyUnknown => new PyUnknown(reason)
