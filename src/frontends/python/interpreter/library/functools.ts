import { findAttribute, setAttribute } from '../attributes'
import { call } from '../call'
import { items } from '../iterate'
import { type Run, raise } from '../run'
import { dict, native, nativeClass, nativeMethod, propertyClass, pyModule, tuple } from '../types'
import {
  hashKey,
  isUnknown,
  type Kwargs,
  PyClass,
  PyFunction,
  PyMethod,
  PyNative,
  PyObject,
  PyProperty,
  PyUnknown,
  type PyValue,
} from '../values'

/** A call with some of its arguments fixed. */
export class PyPartial extends PyObject {
  constructor(
    cls: PyClass,
    readonly func: PyValue,
    readonly args: readonly PyValue[],
    readonly kwargs: Kwargs,
  ) {
    super(cls)
  }
}

export const partialClass = nativeClass('partial', undefined, 'functools')
partialClass.convert = (_, cls, [func, ...args], kwargs) => {
  if (func instanceof PyPartial)
    return new PyPartial(cls, func.func, [...func.args, ...args], new Map([...func.kwargs, ...kwargs]))
  return new PyPartial(cls, func!, args, kwargs)
}
partialClass.dict.set(
  '__call__',
  nativeMethod('__call__', (run, [self, ...args], kwargs) => {
    const { func, args: first, kwargs: fixed } = self as PyPartial
    return call(run, func, [...first, ...args], fixed.size ? new Map([...fixed, ...kwargs]) : kwargs)
  }),
)
const member = (name: string, get: (p: PyPartial) => PyValue): void =>
  void partialClass.dict.set(
    name,
    new PyProperty(
      propertyClass,
      native(name, (_, [self]) => get(self as PyPartial)),
    ),
  )
member('func', p => p.func)
member('args', p => tuple(p.args))
member('keywords', p => {
  const made = dict()
  for (const [k, v] of p.kwargs) made.entries.set(hashKey(k)!, [k, v])
  return made
})

export const functoolsModule = pyModule('functools', [
  ['partial', partialClass],
  ['partialmethod', partialClass],
  ['wraps', native('wraps', (_, [wrapped]) => native('wraps', (run, [func]) => copyIdentity(run, wrapped!, func!)))],
  ['update_wrapper', native('update_wrapper', (run, [func, wrapped]) => copyIdentity(run, wrapped!, func!))],
  [
    'reduce',
    native('reduce', (run, [f, source, start]) => {
      const values = items(run, source!)
      if (values === null) return new PyUnknown('its items are not known')
      let total = start ?? values.shift()
      if (total === undefined) return raise('TypeError', 'reduce() of empty iterable with no initial value')
      for (const value of values) total = call(run, f!, [total, value])
      return total
    }),
  ],
  // A cache changes nothing that is seen here: functions are taken as pure.
  ['lru_cache', native('lru_cache', (_, [f]) => (isCallable(f) ? f! : native('lru_cache', (_r, [g]) => g!)))],
  ['cache', native('cache', (_, [f]) => f!)],
  ['cached_property', native('cached_property', (_, [f]) => new PyProperty(propertyClass, f!, null, true))],
  ['total_ordering', native('total_ordering', (_, [cls]) => cls!)],
  ['singledispatch', native('singledispatch', (_, [f]) => f!)],
  ['cmp_to_key', native('cmp_to_key', () => new PyUnknown('functools.cmp_to_key is not modelled'))],
])

const isCallable = (value: PyValue | undefined): boolean =>
  value instanceof PyFunction || value instanceof PyNative || value instanceof PyMethod || value instanceof PyClass

/** functools.wraps: the name, the module and what `inspect.signature` follows. */
function copyIdentity(run: Run, wrapped: PyValue, func: PyValue): PyValue {
  if (!(func instanceof PyObject) || isUnknown(wrapped)) return func
  for (const name of ['__name__', '__qualname__', '__module__', '__doc__']) {
    const value = findAttribute(run, wrapped, name)
    if (value !== undefined && !(func instanceof PyClass)) {
      if (func instanceof PyFunction && name === '__name__' && typeof value === 'string') func.name = value
      setAttribute(run, func, name, value)
    }
  }
  if (!(func instanceof PyClass)) setAttribute(run, func, '__wrapped__', wrapped)
  return func
}
