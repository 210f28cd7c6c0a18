import { findAttribute, setAttribute } from '../attributes'
import { call } from '../call'
import { items } from '../iterate'
import { equals, truthy } from '../operators'
import { type Run, raise } from '../run'
import {
  dict,
  lookup,
  native,
  nativeClass,
  nativeFunctionClass,
  nativeMethod,
  propertyClass,
  pyModule,
  tuple,
} from '../types'
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
  [
    'lru_cache',
    native('lru_cache', (run, [f]) =>
      isCallable(f) ? cached(run, f!) : native('lru_cache', (r, [g]) => cached(r, g!)),
    ),
  ],
  ['cache', native('cache', (run, [f]) => cached(run, f!))],
  ['cached_property', native('cached_property', (_, [f]) => new PyProperty(propertyClass, f!, null, true))],
  ['total_ordering', native('total_ordering', (_, [cls]) => ordered(cls!))],
  ['singledispatch', native('singledispatch', (_, [f]) => f!)],
  ['cmp_to_key', native('cmp_to_key', () => new PyUnknown('functools.cmp_to_key is not modelled'))],
])

const isCallable = (value: PyValue | undefined): boolean =>
  value instanceof PyFunction || value instanceof PyNative || value instanceof PyMethod || value instanceof PyClass

/** A function that keeps what it gave for the same arguments. */
function cached(run: Run, f: PyValue): PyValue {
  const results = new Map<string, PyValue>()
  const wrapper = new PyNative(
    nativeFunctionClass,
    f instanceof PyFunction ? f.name : 'cached',
    (r, args, kwargs) => {
      const keys = [...args, ...[...kwargs].flat()].map(hashKey)
      if (keys.includes(null)) return call(r, f, args, kwargs)
      const key = JSON.stringify(keys)
      let result = results.get(key)
      if (result === undefined) {
        result = call(r, f, args, kwargs)
        results.set(key, result)
      }
      return result
    },
    true,
  )
  copyIdentity(run, f, wrapper)
  return wrapper
}

/** The comparisons that a class lacks, from the one it has and `==`. */
function ordered(cls: PyValue): PyValue {
  if (!(cls instanceof PyClass)) return cls
  const given = (['lt', 'gt', 'le', 'ge'] as const).find(name => lookup(cls, `__${name}__`) !== undefined)
  if (!given) return cls
  const strict = given === 'lt' || given === 'gt'
  const base = `__${given}__`
  const holds = (run: Run, a: PyValue, b: PyValue): boolean | PyUnknown =>
    truthy(run, call(run, lookup(cls, base)!, [a, b]))
  for (const name of ['lt', 'gt', 'le', 'ge'] as const) {
    if (lookup(cls, `__${name}__`) !== undefined) continue
    const turned = name[0] !== given[0]
    const wantsStrict = name === 'lt' || name === 'gt'
    cls.dict.set(
      `__${name}__`,
      nativeMethod(`__${name}__`, (run, [a, b]) => {
        const [x, y] = turned ? [b!, a!] : [a!, b!]
        const result = holds(run, x, y)
        if (typeof result !== 'boolean' || wantsStrict === strict) return result
        const same = equals(run, a!, b!)
        if (typeof same !== 'boolean') return same
        return wantsStrict ? result && !same : result || same
      }),
    )
  }
  return cls
}

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
