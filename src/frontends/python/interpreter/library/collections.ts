import { bindNative } from '../arguments'
import { call } from '../call'
import { addToDict } from '../entries'
import { items } from '../iterate'
import { mergeInto, opened } from '../methods/containers'
import { binary } from '../operators'
import type { Run } from '../run'
import { repr } from '../text'
import {
  classmethodClass,
  dictClass,
  linearize,
  list,
  listClass,
  native,
  nativeClass,
  nativeMethod,
  propertyClass,
  pyModule,
  tuple,
  tupleClass,
} from '../types'
import {
  asInt,
  asString,
  hashKey,
  isUnknown,
  PyClass,
  PyDict,
  PyList,
  PyProperty,
  PyTuple,
  PyUnknown,
  type PyValue,
  PyWrapped,
} from '../values'

export const orderedDictClass = nativeClass('OrderedDict', [dictClass], 'collections')
orderedDictClass.convert = (run, cls, args, kwargs) => {
  const made = new PyDict(cls)
  if (args[0] !== undefined) mergeInto(run, made, args[0])
  for (const [k, v] of kwargs) addToDict(made, k, v)
  return made
}

/** A dict that makes the values it lacks. */
class PyDefaultDict extends PyDict {
  factory: PyValue = null
}
const defaultDictClass = nativeClass('defaultdict', [dictClass], 'collections')
defaultDictClass.create = cls => new PyDefaultDict(cls)
defaultDictClass.convert = (run, cls, [factory, source]) => {
  const made = new PyDefaultDict(cls)
  made.factory = factory ?? null
  if (source !== undefined) mergeInto(run, made, source)
  return made
}
defaultDictClass.dict.set(
  '__missing__',
  nativeMethod('__missing__', (run, [self, key]) => {
    const { factory } = self as PyDefaultDict
    const value = factory === null ? null : call(run, factory, [])
    addToDict(self as PyDict, key!, value)
    return value
  }),
)

const counterClass = nativeClass('Counter', [dictClass], 'collections')
counterClass.convert = (run, cls, [source]) => {
  const made = new PyDict(cls)
  if (source === undefined) return made
  opened(made, source)
  for (const item of items(run, source) ?? []) {
    const key = hashKey(item)
    if (key === null) {
      if (isUnknown(item)) made.mayHold ??= item.reason
      continue
    }
    const known = made.entries.get(key)
    made.entries.set(key, [item, known ? binary(run, '+', known[1], 1) : 1])
  }
  return made
}
counterClass.dict.set(
  '__missing__',
  nativeMethod('__missing__', () => 0),
)
counterClass.dict.set(
  'most_common',
  nativeMethod('most_common', (_, [self, n]) => {
    const { mayHold } = self as PyDict
    if (mayHold !== null) return new PyUnknown(mayHold)
    const rows = [...(self as PyDict).entries.values()].sort((a, b) => (asInt(b[1]) ?? 0) - (asInt(a[1]) ?? 0))
    return list(rows.slice(0, n === undefined ? undefined : (asInt(n) ?? 0)).map(([k, v]) => tuple([k, v])))
  }),
)

const dequeClass = nativeClass('deque', [listClass], 'collections')
dequeClass.convert = (run, cls, [source]) => {
  const made = new PyList(cls, source === undefined ? [] : (items(run, source) ?? []))
  if (source !== undefined) opened(made, source)
  return made
}
dequeClass.dict.set(
  'appendleft',
  nativeMethod('appendleft', (_, [self, item]) => {
    ;(self as PyList).items.unshift(item!)
    return null
  }),
)
dequeClass.dict.set(
  'popleft',
  nativeMethod('popleft', (_, [self]) => (self as PyList).items.shift() ?? null),
)

/** A tuple class with named fields; `defaults` are those of the last fields. */
export function namedTuple(
  name: string,
  fields: readonly string[],
  defaults: ReadonlyMap<string, PyValue>,
  base: PyClass = tupleClass,
): PyClass {
  const cls = new PyClass(name, [base], { metaclass: base.cls })
  cls.mro = linearize(cls) ?? [cls]
  cls.dict.set('_fields', tuple(fields))
  fields.forEach((field, i) => {
    cls.dict.set(
      field,
      new PyProperty(
        propertyClass,
        native(field, (_, [self]) => (self as PyTuple).items[i] ?? null),
      ),
    )
  })
  const signature = fields.map(f => (defaults.has(f) ? `${f}=` : f)).join(',')
  cls.dict.set(
    '__new__',
    native('__new__', (_, [kind, ...args], kwargs) => {
      const bound = bindNative(name, signature, args, kwargs)
      return new PyTuple(
        kind as PyClass,
        fields.map(f => bound[f] ?? defaults.get(f) ?? null),
      )
    }),
  )
  cls.dict.set(
    '__init__',
    nativeMethod('__init__', () => null),
  )
  cls.dict.set(
    '__repr__',
    nativeMethod(
      '__repr__',
      (run, [self]) =>
        `${name}(${fields.map((f, i) => `${f}=${repr(run, (self as PyTuple).items[i] ?? null)}`).join(', ')})`,
    ),
  )
  cls.dict.set(
    '_replace',
    nativeMethod(
      '_replace',
      (_, [self], kwargs) =>
        new PyTuple(
          (self as PyTuple).cls,
          fields.map((f, i) => kwargs.get(f) ?? (self as PyTuple).items[i]!),
        ),
    ),
  )
  cls.dict.set(
    '_make',
    new PyWrapped(
      classmethodClass,
      native('_make', (run, [kind, values]) => call(run, kind!, items(run, values!) ?? [])),
    ),
  )
  cls.dict.set(
    '_asdict',
    nativeMethod('_asdict', (_, [self]) => {
      const made = new PyDict(dictClass)
      fields.forEach((f, i) => {
        addToDict(made, f, (self as PyTuple).items[i] ?? null)
      })
      return made
    }),
  )
  return cls
}

export const collectionsModule = pyModule('collections', [
  ['OrderedDict', orderedDictClass],
  ['defaultdict', defaultDictClass],
  ['Counter', counterClass],
  ['deque', dequeClass],
  ['ChainMap', native('ChainMap', () => new PyUnknown('collections.ChainMap is not modelled'))],
  [
    'namedtuple',
    native('namedtuple', (run, args, kwargs) => {
      const { typename, field_names, defaults } = bindNative(
        'namedtuple',
        'typename, field_names, *, defaults=, rename=, module=',
        args,
        kwargs,
      )
      const names = fieldNames(run, field_names!)
      const values = defaults ? (items(run, defaults) ?? []) : []
      return namedTuple(
        asString(typename!) ?? 'tuple',
        names,
        new Map(values.map((v, i) => [names[names.length - values.length + i]!, v])),
      )
    }),
  ],
])

function fieldNames(run: Run, value: PyValue): string[] {
  const text = asString(value)
  if (text !== null) return text.replaceAll(',', ' ').split(/\s+/).filter(Boolean)
  return (items(run, value) ?? []).map(v => asString(v) ?? '_')
}
