import { callMethod } from './attributes'
import { PyError } from './errors'
import { type Run, raise } from './run'
import { lookup, typeClass, typeOf } from './types'
import {
  asInt,
  asString,
  PyBytes,
  PyClass,
  PyDict,
  PyIterator,
  PyList,
  PyObject,
  PyRange,
  PySet,
  PyTuple,
  PyUnknown,
  type PyValue,
  PyView,
} from './values'

/** Framework values that can be iterated say how by this hook on their class. */
export type Iterate = (run: Run, value: PyValue) => Iterator<PyValue> | null
const hooks = new Map<PyClass, Iterate>()
export const onIterate = (cls: PyClass, iterate: Iterate): void => void hooks.set(cls, iterate)

/** The values of anything that can be iterated, one by one; null where it is unknown what they are. */
export function iterate(run: Run, value: PyValue): Iterator<PyValue> | null {
  const filled = value instanceof PyView ? value.of : value
  if ((filled instanceof PyDict || filled instanceof PySet) && filled.mayHold !== null && filled.entries.size === 0)
    return null
  if (value instanceof PyTuple || value instanceof PyList) return counted(run, value.items)
  if (value instanceof PyIterator) return value.source
  if (value instanceof PyRange) return rangeItems(run, value)
  if (value instanceof PyDict) return entriesOf(run, value, e => e[0])
  if (value instanceof PyView) return entriesOf(run, value.of, value.pick)
  if (value instanceof PySet) return [...value.entries.values()][Symbol.iterator]()
  if (value instanceof PyUnknown) return null
  const text = asString(value)
  if (text !== null) return [...text][Symbol.iterator]()
  if (value instanceof PyBytes) return [...value.value].map(c => c.charCodeAt(0))[Symbol.iterator]()
  const cls = typeOf(value)
  for (const c of cls.mro) {
    const hook = hooks.get(c)
    if (hook && !programDefines(cls, '__iter__', c)) return hook(run, value)
  }
  const iter = lookup(cls, '__iter__')
  if (iter !== undefined) return adapt(run, run.call(iter, [value]))
  if (value instanceof PyClass && value.cls && value.cls !== typeClass) {
    const meta = lookup(value.cls, '__iter__')
    if (meta !== undefined) return iterate(run, run.call(meta, [value]))
  }
  if (lookup(cls, '__getitem__') !== undefined) return byIndex(run, value)
  return raise('TypeError', `'${cls.name}' object is not iterable`)
}

/** All of them in an array, bounded; null where they are unknown. */
export function items(run: Run, value: PyValue): PyValue[] | null {
  if (value instanceof PyTuple || value instanceof PyList) return [...value.items]
  const source = iterate(run, value)
  if (source === null) return null
  const out: PyValue[] = []
  for (let next = source.next(); !next.done; next = source.next()) {
    out.push(next.value)
    run.budget.grown(out.length)
    run.budget.step()
  }
  return out
}

/** len(value); null where it is unknown. */
export function lengthOf(run: Run, value: PyValue): number | null {
  if ((value instanceof PyList || value instanceof PyDict || value instanceof PySet) && value.mayHold !== null)
    return null
  if (value instanceof PyTuple || value instanceof PyList) return value.items.length
  if (value instanceof PyDict || value instanceof PySet) return value.entries.size
  if (value instanceof PyRange) return value.length
  if (value instanceof PyView) return value.of.mayHold === null ? value.of.entries.size : null
  if (value instanceof PyBytes) return value.value.length
  const text = asString(value)
  if (text !== null) return [...text].length
  if (value instanceof PyUnknown) return null
  const own = callMethod(run, value, '__len__')
  if (own !== undefined) return asInt(own)
  if (value instanceof PyClass && value.cls) {
    const meta = lookup(value.cls, '__len__')
    if (meta !== undefined) return asInt(run.call(meta, [value]))
  }
  return raise('TypeError', `object of type '${typeOf(value).name}' has no len()`)
}

/** A dict must not grow or shrink while it is gone over. */
function* entriesOf(run: Run, { entries }: PyDict, pick: PyView['pick']): Generator<PyValue> {
  const { size } = entries
  for (const entry of entries.values()) {
    run.budget.step()
    yield pick(entry)
    if (entries.size !== size) raise('RuntimeError', 'dictionary changed size during iteration')
  }
}

function programDefines(cls: PyClass, name: string, below: PyClass): boolean {
  for (const c of cls.mro) {
    if (c === below) return false
    if (c.dict.has(name)) return true
  }
  return false
}

function adapt(run: Run, value: PyValue): Iterator<PyValue> | null {
  if (
    !(value instanceof PyObject) ||
    value instanceof PyIterator ||
    value instanceof PyTuple ||
    value instanceof PyList
  )
    return iterate(run, value)
  const next = lookup(value.cls, '__next__')
  if (next === undefined) return iterate(run, value)
  return {
    next() {
      try {
        return { done: false, value: run.call(next, [value]) }
      } catch (error) {
        if (error instanceof PyError && error.exception.cls.name === 'StopIteration')
          return { done: true, value: undefined }
        throw error
      }
    },
  }
}

function* byIndex(run: Run, value: PyValue): Generator<PyValue> {
  for (let i = 0; ; i++) {
    run.budget.step()
    try {
      yield callMethod(run, value, '__getitem__', [i])!
    } catch (error) {
      if (error instanceof PyError && error.exception.cls.name === 'IndexError') return
      throw error
    }
  }
}

/** A list may grow while it is iterated, as in Python. */
function* counted(run: Run, values: readonly PyValue[]): Generator<PyValue> {
  for (let i = 0; i < values.length; i++) {
    run.budget.step()
    yield values[i]!
  }
}

function* rangeItems(run: Run, { start, stop, step }: PyRange): Generator<PyValue> {
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) {
    run.budget.step()
    yield i
  }
}
