import { callMethod } from '../attributes'
import { addToDict, addToSet } from '../entries'
import { items } from '../iterate'
import { equals, getItem } from '../operators'
import { type Run, raise, raiseKey } from '../run'
import { sortValues } from '../sort'
import {
  bytesClass,
  classmethodClass,
  dict,
  dictClass,
  frozensetClass,
  list,
  listClass,
  native,
  nativeMethod,
  rangeClass,
  setClass,
  tuple,
  tupleClass,
  typeOf,
  view,
} from '../types'
import {
  asInt,
  hashKey,
  isUnknown,
  type Kwargs,
  PyBytes,
  type PyClass,
  PyDict,
  PyList,
  PyObject,
  PyRange,
  PySet,
  PyTuple,
  PyUnknown,
  type PyValue,
  PyView,
  PyWrapped,
} from '../values'

type Method<T> = (self: T, args: readonly PyValue[], run: Run, kwargs: Kwargs) => PyValue

const LIST: Readonly<Record<string, Method<PyList>>> = {
  append: (l, [item], run) => {
    l.items.push(item ?? null)
    run.budget.grown(l.items.length)
    return null
  },
  extend: (l, [more], run) => {
    const values = items(run, more ?? null)
    run.budget.size(l.items.length + (values?.length ?? 0))
    for (const value of values ?? []) l.items.push(value)
    if (values === null) l.lose('what is added here is not known')
    opened(l, more ?? null)
    return null
  },
  insert: (l, [at, item]) => {
    const i = asInt(at ?? 0) ?? 0
    l.items.splice(i < 0 ? Math.max(0, i + l.items.length) : i, 0, item ?? null)
    return null
  },
  pop: (l, [at]) => {
    const i = at === undefined ? l.items.length - 1 : (asInt(at) ?? 0)
    const place = i < 0 ? i + l.items.length : i
    if (place < 0 || place >= l.items.length)
      return raise('IndexError', l.items.length ? 'pop index out of range' : 'pop from empty list')
    return l.items.splice(place, 1)[0]!
  },
  remove: (l, [item], run) => {
    const at = l.items.findIndex(v => equals(run, v, item ?? null) === true)
    if (at < 0) return raise('ValueError', 'list.remove(x): x not in list')
    l.items.splice(at, 1)
    return null
  },
  clear: l => {
    l.items.length = 0
    return null
  },
  copy: l => list([...l.items]),
  reverse: l => {
    l.items.reverse()
    return null
  },
  sort: (l, _, run, kwargs) => {
    const sorted = sortValues(run, l.items, kwargs)
    if (sorted) l.items.splice(0, l.items.length, ...sorted)
    return null
  },
  index: (l, [item], run) => indexOf(run, l.items, item ?? null),
  count: (l, [item], run) => l.items.filter(v => equals(run, v, item ?? null) === true).length,
}

const TUPLE: Readonly<Record<string, Method<PyTuple>>> = {
  index: (t, [item], run) => indexOf(run, t.items, item ?? null),
  count: (t, [item], run) => t.items.filter(v => equals(run, v, item ?? null) === true).length,
}

const DICT: Readonly<Record<string, Method<PyDict>>> = {
  get: (d, [key, otherwise]) => {
    if (key !== undefined && isUnknown(key)) return new PyUnknown(key.reason)
    const found = d.entries.get(keyOf(key ?? null))
    if (found) return found[1]
    return d.mayHold === null ? (otherwise ?? null) : new PyUnknown(d.mayHold)
  },
  keys: d => view(d, 'keys'),
  values: d => view(d, 'values'),
  items: d => view(d, 'items'),
  setdefault: (d, [key, value]) => {
    const found = d.entries.get(keyOf(key ?? null))
    if (found) return found[1]
    d.entries.set(keyOf(key ?? null), [key ?? null, value ?? null])
    return value ?? null
  },
  pop: (d, [key, otherwise]) => {
    const hash = keyOf(key ?? null)
    const found = d.entries.get(hash)
    if (found) {
      d.entries.delete(hash)
      return found[1]
    }
    return otherwise !== undefined ? otherwise : raiseKey(key ?? null)
  },
  popitem: (d, args, _, kwargs) => {
    const first = (args[0] ?? kwargs.get('last')) === false
    const entries = [...d.entries]
    const last = first ? entries[0] : entries.at(-1)
    if (!last) return raise('KeyError', 'popitem(): dictionary is empty')
    d.entries.delete(last[0])
    return tuple(last[1])
  },
  update: (d, [more], run, kwargs) => {
    if (more !== undefined && more !== null) mergeInto(run, d, more)
    for (const [k, v] of kwargs) addToDict(d, k, v)
    return null
  },
  copy: d => {
    const copy = new PyDict(d.cls)
    copy.mayHold = d.mayHold
    for (const [k, [key, value]] of d.entries) copy.entries.set(k, [key, value])
    if (d.attrs) copy.attrs = new Map(d.attrs)
    return copy
  },
  clear: d => {
    d.entries.clear()
    return null
  },
  move_to_end: (d, [key, last]) => {
    const hash = keyOf(key ?? null)
    const entry = d.entries.get(hash)
    if (!entry) return raise('KeyError', 'key')
    d.entries.delete(hash)
    if (last === false) {
      const rest = [...d.entries]
      d.entries.clear()
      d.entries.set(hash, entry)
      for (const [k, v] of rest) d.entries.set(k, v)
    } else d.entries.set(hash, entry)
    return null
  },
}

const SET: Readonly<Record<string, Method<PySet>>> = {
  add: (s, [item]) => {
    addToSet(s, item ?? null)
    return null
  },
  discard: (s, [item]) => {
    s.entries.delete(keyOf(item ?? null))
    return null
  },
  remove: (s, [item]) => (s.entries.delete(keyOf(item ?? null)) ? null : raiseKey(item ?? null)),
  pop: s => {
    const first = s.entries.entries().next()
    if (first.done) return raise('KeyError', 'pop from an empty set')
    s.entries.delete(first.value[0])
    return first.value[1]
  },
  clear: s => {
    s.entries.clear()
    return null
  },
  copy: s => {
    const copy = new PySet(s.cls)
    for (const [k, v] of s.entries) copy.entries.set(k, v)
    return copy
  },
  update: (s, args, run) => {
    for (const more of args) {
      for (const item of items(run, more) ?? []) addToSet(s, item)
      opened(s, more)
    }
    return null
  },
  union: (s, args, run) => combine(run, s, args, (out, other) => addAll(out, other)),
  intersection: (s, args, run) => combine(run, s, args, (out, other) => keep(out, other, true)),
  difference: (s, args, run) => combine(run, s, args, (out, other) => keep(out, other, false)),
  issubset: (s, [other], run) => {
    const keys = new Set((items(run, other ?? null) ?? []).map(keyOf))
    return [...s.entries.keys()].every(k => keys.has(k))
  },
  issuperset: (s, [other], run) => (items(run, other ?? null) ?? []).every(v => s.entries.has(keyOf(v))),
  isdisjoint: (s, [other], run) => !(items(run, other ?? null) ?? []).some(v => s.entries.has(keyOf(v))),
}

define(listClass, PyList, LIST)
define(tupleClass, PyTuple, TUPLE)
define(dictClass, PyDict, DICT)
define(setClass, PySet, SET)
define(frozensetClass, PySet, SET)
define(bytesClass, PyBytes, { decode: b => b.value })
define(rangeClass, PyRange, { index: (r, [v]) => ((asInt(v ?? 0) ?? 0) - r.start) / r.step })

// What a subclass reaches through super().
const direct = (cls: PyClass, name: string, run: (run: Run, args: readonly PyValue[]) => PyValue): void =>
  void cls.dict.set(
    name,
    nativeMethod(name, (r, args) => run(r, args)),
  )
for (const cls of [listClass, dictClass]) {
  direct(cls, '__init__', (run, [self, source]) => {
    if (source === undefined) return null
    if (self instanceof PyList) for (const item of items(run, source) ?? []) self.items.push(item)
    else if (self instanceof PyDict) mergeInto(run, self, source)
    return null
  })
}
dictClass.dict.set(
  '__init__',
  nativeMethod('__init__', (run, [self, source], kwargs) => {
    if (!(self instanceof PyDict)) return null
    if (source !== undefined) mergeInto(run, self, source)
    for (const [k, v] of kwargs) addToDict(self, k, v)
    return null
  }),
)

dictClass.dict.set(
  'fromkeys',
  new PyWrapped(
    classmethodClass,
    native('fromkeys', (run, [, keys, value]) => {
      const made = dict()
      for (const key of items(run, keys ?? null) ?? []) addToDict(made, key, value ?? null)
      opened(made, keys ?? null)
      return made
    }),
  ),
)

/** Nobody knows how much something holds that was filled from what is not known, or from what is open itself. */
export function opened(into: PyList | PyDict | PySet, source: PyValue): void {
  if (isUnknown(source)) into.mayHold ??= source.reason
  else if (source instanceof PyList || source instanceof PyDict || source instanceof PySet)
    into.mayHold ??= source.mayHold
  else if (source instanceof PyView) into.mayHold ??= source.of.mayHold
}

/** Adds a mapping, or pairs, to a dict. */
export function mergeInto(run: Run, into: PyDict, source: PyValue): void {
  opened(into, source)
  if (source instanceof PyDict) {
    for (const [k, v] of [...source.entries.values()]) addToDict(into, k, v)
    return
  }
  const keys = source instanceof PyObject ? callMethod(run, source, 'keys') : undefined
  if (keys !== undefined) {
    for (const key of items(run, keys) ?? []) addToDict(into, key, getItem(run, source, key))
    return
  }
  for (const pair of items(run, source) ?? []) {
    const [key, value] = items(run, pair) ?? []
    if (key !== undefined && value !== undefined) addToDict(into, key, value)
  }
}

function define<T extends PyValue>(
  cls: PyClass,
  kind: abstract new (...args: never[]) => T & object,
  methods: Readonly<Record<string, Method<T>>>,
): void {
  for (const [name, method] of Object.entries(methods)) {
    if (name.startsWith('__')) continue
    cls.dict.set(
      name,
      nativeMethod(name, (run, [self, ...args], kwargs) => {
        if (!(self instanceof kind)) return new PyUnknown(`${cls.name}.${name} of something that is not known`)
        return method(self as T, args, run, kwargs)
      }),
    )
  }
}

function keyOf(value: PyValue): string | number {
  const key = hashKey(value)
  return key === null ? raise('TypeError', `unhashable type: '${typeOf(value).name}'`) : key
}

function indexOf(run: Run, values: readonly PyValue[], item: PyValue): PyValue {
  const at = values.findIndex(v => equals(run, v, item) === true)
  return at < 0 ? raise('ValueError', 'the value is not in the list') : at
}

function combine(
  run: Run,
  set: PySet,
  others: readonly PyValue[],
  apply: (out: PySet, other: PyValue[]) => void,
): PyValue {
  const out = new PySet(set.cls)
  for (const [k, v] of set.entries) out.entries.set(k, v)
  for (const other of others) apply(out, items(run, other) ?? [])
  return out
}

function addAll(out: PySet, other: readonly PyValue[]): void {
  for (const value of other) addToSet(out, value)
}

function keep(out: PySet, other: readonly PyValue[], inside: boolean): void {
  const keys = new Set(other.map(keyOf))
  for (const key of [...out.entries.keys()]) if (keys.has(key) !== inside) out.entries.delete(key)
}
