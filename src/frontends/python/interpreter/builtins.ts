import './methods/containers'
import './methods/strings'
import { parse } from '../syntax/parser'
import { callMethod, deleteAttribute, findAttribute, getAttribute, setAttribute, setPlain } from './attributes'
import { allocate, call, construct } from './call'
import { classFromParts, isCovered, matchesClass } from './classes'
import { addToDict, addToSet } from './entries'
import { evaluate } from './evaluate'
import type { Frame } from './frame'
import { instanceDict, namespace } from './instances'
import { items, iterate, lengthOf } from './iterate'
import { mergeInto, opened } from './methods/containers'
import { binary, compare, sliceRange, truthy } from './operators'
import { type Run, raise } from './run'
import { sortValues } from './sort'
import { format, repr, str } from './text'
import * as types from './types'
import {
  asInt,
  asNumber,
  asString,
  hashKey,
  identity,
  isUnknown,
  type Kwargs,
  type Native,
  normalInt,
  PyBoxed,
  PyClass,
  PyDict,
  PyFloat,
  PyFunction,
  PyIterator,
  PyMethod,
  PyModule,
  PyNative,
  PyObject,
  PyProperty,
  PySet,
  type PySlice,
  PySuper,
  PySym,
  PyTuple,
  PyUnknown,
  type PyValue,
  PyWrapped,
} from './values'

const unknown = (reason: string): PyUnknown => new PyUnknown(reason)

const FUNCTIONS: Readonly<Record<string, Native>> = {
  exit: () => raise('SystemExit', '', true),
  quit: () => raise('SystemExit', '', true),
  len: (run, [value]) => {
    if (value !== undefined && isUnknown(value)) return unknown(value.reason)
    const length = lengthOf(run, value ?? null)
    if (length !== null) return length
    // A tensor's length may be the batch.
    const own = value === undefined ? undefined : callMethod(run, value, '__len__')
    return own instanceof PySym ? own : unknown('this length is not known')
  },
  isinstance: (run, [value, cls]) => {
    if (isUnknown(value!)) return unknown(value.reason)
    void run
    if (isCovered(value!, cls ?? null)) return true
    const result = matchesClass(types.typeOf(value!), cls ?? null)
    return result === null ? unknown('this type is not known') : result
  },
  issubclass: (_, [cls, of]) => {
    const result = cls instanceof PyClass ? matchesClass(cls, of ?? null) : null
    return result === null ? unknown('this type is not known') : result
  },
  print: () => null,
  input: () => unknown('what is typed is not known'),
  open: () => new PyUnknown('files are not read', true),
  id: (_, [value]) => (value !== null && typeof value === 'object' ? identity(value) : 0),
  hash: (_, [value]) => {
    const key = hashKey(value ?? null)
    if (key === null) return raise('TypeError', `unhashable type: '${types.typeOf(value ?? null).name}'`)
    return typeof key === 'number' ? key : hashOf(key)
  },
  callable: (_, [value]) =>
    isUnknown(value!)
      ? unknown(value.reason)
      : value instanceof PyFunction ||
        value instanceof PyNative ||
        value instanceof PyClass ||
        value instanceof PyMethod ||
        types.lookup(types.typeOf(value!), '__call__') !== undefined,
  repr: (run, [value]) => (isUnknown(value!) ? unknown(value.reason) : repr(run, value!)),
  ascii: (run, [value]) => repr(run, value!),
  format: (run, [value, spec]) => format(run, value!, asString(spec ?? '') ?? ''),
  getattr: (run, [value, name, otherwise]) => {
    const key = asString(name ?? null)
    if (key === null) return unknown('this attribute is not known')
    if (otherwise === undefined) return getAttribute(run, value!, key)
    const found = findAttribute(run, value!, key)
    return found !== undefined ? found : otherwise
  },
  hasattr: (run, [value, name]) => {
    if (isUnknown(value!)) return unknown(value.reason)
    const key = asString(name ?? null)
    if (key === null) return unknown('this attribute is not known')
    run.handlers++
    try {
      const found = findAttribute(run, value!, key)
      return found !== undefined && isUnknown(found) && value instanceof PyModule ? false : found !== undefined
    } finally {
      run.handlers--
    }
  },
  setattr: (run, [value, name, to]) => {
    const key = asString(name ?? null)
    if (key !== null) setAttribute(run, value!, key, to!)
    else if (value instanceof PyObject && name !== undefined && isUnknown(name)) value.lose(name.reason)
    return null
  },
  delattr: (run, [value, name]) => {
    const key = asString(name ?? null)
    if (key !== null) deleteAttribute(run, value!, key)
    else if (value instanceof PyObject && name !== undefined && isUnknown(name)) value.lose(name.reason)
    return null
  },
  iter: (run, [value]) => {
    if (value instanceof PyIterator) return value
    const source = iterate(run, value!)
    return source === null ? unknown('its items are not known') : types.iterator(source)
  },
  next: (run, [value, otherwise]) => {
    if (isUnknown(value!)) return unknown(value.reason)
    if (!(value instanceof PyIterator)) {
      const own = callMethod(run, value!, '__next__')
      return own !== undefined ? own : raise('TypeError', `'${types.typeOf(value!).name}' object is not an iterator`)
    }
    const next = value.source.next()
    if (!next.done) return next.value
    return otherwise !== undefined ? otherwise : raise('StopIteration', '')
  },
  enumerate: (run, args, kwargs) => {
    const start = asInt(args[1] ?? kwargs.get('start') ?? 0) ?? 0
    const source = iterate(run, args[0] ?? kwargs.get('iterable')!)
    return source === null ? unknown('its items are not known') : types.iterator(numbered(source, start))
  },
  zip: (run, args) => {
    const sources = args.map(a => iterate(run, a))
    if (sources.includes(null)) return unknown('its items are not known')
    return types.iterator(zipped(sources as Iterator<PyValue>[]))
  },
  map: (run, [f, ...sources]) => {
    const each = sources.map(s => iterate(run, s))
    if (each.includes(null)) return unknown('its items are not known')
    return types.iterator(mapped(run, f!, each as Iterator<PyValue>[]))
  },
  filter: (run, [f, source]) => {
    const from = iterate(run, source!)
    return from === null ? unknown('its items are not known') : types.iterator(filtered(run, f ?? null, from))
  },
  reversed: (run, [value]) => {
    const own = value instanceof PyObject ? types.lookup(value.cls, '__reversed__') : undefined
    if (own !== undefined) return call(run, own, [value!])
    const values = items(run, value!)
    return values === null ? unknown('its items are not known') : types.iterator(values.reverse()[Symbol.iterator]())
  },
  sorted: (run, [value], kwargs) => {
    const values = items(run, value!)
    const sorted = values && sortValues(run, values, kwargs)
    if (!sorted) return unknown('this order is not known')
    const made = types.list(sorted)
    opened(made, value!)
    return made
  },
  sum: (run, args, kwargs) => {
    const values = items(run, args[0]!)
    if (values === null) return unknown('this sum is not known')
    return values.reduce<PyValue>((total, v) => binary(run, '+', total, v), args[1] ?? kwargs.get('start') ?? 0)
  },
  min: (run, args, kwargs) => extreme(run, '<', args, kwargs),
  max: (run, args, kwargs) => extreme(run, '>', args, kwargs),
  any: (run, [value]) => quantify(run, value!, true),
  all: (run, [value]) => quantify(run, value!, false),
  abs: (run, [value]) => {
    if (value instanceof PyFloat) return new PyFloat(Math.abs(value.value))
    if (typeof value === 'bigint') return value < 0n ? -value : value
    const n = asInt(value!)
    if (n !== null) return Math.abs(n)
    return callMethod(run, value!, '__abs__') ?? unknown('this is not known')
  },
  round: (run, args, kwargs) => {
    const [value] = args
    const digits = args[1] ?? kwargs.get('ndigits') ?? null
    const own =
      asNumber(value!) === null && !isUnknown(value!) ? callMethod(run, value!, '__round__', [digits]) : undefined
    return own ?? roundValue(value!, digits)
  },
  divmod: (run, [a, b]) => types.tuple([binary(run, '//', a!, b!), binary(run, '%', a!, b!)]),
  pow: (run, [a, b, modulus]) =>
    modulus === undefined || modulus === null
      ? binary(run, '**', a!, b!)
      : binary(run, '%', binary(run, '**', a!, b!), modulus),
  ord: (_, [c]) => asString(c ?? null)?.codePointAt(0) ?? unknown('a character'),
  chr: (_, [n]) => String.fromCodePoint(Math.min(Math.max(asInt(n ?? 0) ?? 0, 0), 0x10ffff)),
  hex: (_, [n]) => `0x${(asInt(n ?? 0) ?? 0).toString(16)}`,
  oct: (_, [n]) => `0o${(asInt(n ?? 0) ?? 0).toString(8)}`,
  bin: (_, [n]) => `0b${(asInt(n ?? 0) ?? 0).toString(2)}`,
  vars: (_, [value]) => attributesOf(value ?? null),
  dir: (_, [value]) => types.list(namesOf(value ?? null)),
  globals: run => namespace(run.frame.module.names),
  locals: run => namespace(run.frame.names),
  eval: (run, [text]) => evaluated(run, asString(text ?? null)),
  exec: () => unknown('exec is not run'),
  compile: () => unknown('compile is not run'),
  __import__: (run, [name]) => {
    const module = asString(name ?? null)
    return module === null
      ? unknown('a module that is not known')
      : run.importModule(module.split('.')[0]!, run.frame.module)
  },
}

/** eval: `eval(f"layers.{name}")` is an expression as any other, in the names of where it stands. */
function evaluated(run: Run, text: string | null): PyValue {
  if (text === null || text.length > MOST_EVALUATED) return unknown('what eval is given is not known')
  const { body, faults } = parse(text.trim())
  const [statement] = body
  if (faults.length > 0 || body.length !== 1 || statement?.kind !== 'Expression')
    return raise('SyntaxError', 'invalid syntax')
  const { at } = run.frame
  const value = evaluate(run, placed(statement.value, at))
  run.frame.at = at
  return value
}
const MOST_EVALUATED = 1000

/** The tree of a text that stands nowhere, every part of it at the call that has it. */
function placed<T>(tree: T, at: { readonly start: number; readonly end: number }): T {
  if (Array.isArray(tree)) return tree.map(part => placed(part, at)) as T
  if (tree === null || typeof tree !== 'object') return tree
  const copy = Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, placed(part, at)]))
  return ('start' in copy ? { ...copy, start: at.start, end: at.end } : copy) as T
}

/** Every built-in name. */
export const builtins: ReadonlyMap<string, PyValue> = (() => {
  const names = new Map<string, PyValue>()
  for (const [name, run] of Object.entries(FUNCTIONS)) names.set(name, types.native(name, run))
  for (const cls of [
    types.objectClass,
    types.typeClass,
    types.intClass,
    types.boolClass,
    types.floatClass,
    types.complexClass,
    types.strClass,
    types.bytesClass,
    types.tupleClass,
    types.listClass,
    types.dictClass,
    types.setClass,
    types.frozensetClass,
    types.rangeClass,
    types.sliceClass,
    types.propertyClass,
    types.staticmethodClass,
    types.classmethodClass,
    types.superClass,
  ])
    names.set(cls.name, cls)
  for (const [name, cls] of types.exceptionClasses) names.set(name, cls)
  names.set('EnvironmentError', types.exceptionClasses.get('OSError')!)
  names.set('IOError', types.exceptionClasses.get('OSError')!)
  names.set('NotImplemented', types.NOT_IMPLEMENTED)
  names.set('Ellipsis', types.ELLIPSIS)
  names.set('__debug__', true)
  return names
})()

// Conversions.

type Convert = NonNullable<PyClass['convert']>
/** Set on the built-in class only: subclasses of the program are made by __new__ and __init__. */
const converts = (cls: PyClass, convert: Convert): void => {
  cls.convert = convert
}

converts(types.intClass, (run, _, args, kwargs) => {
  const value = args[0] ?? kwargs.get('x') ?? 0
  if (value instanceof PySym) return value
  if (isUnknown(value)) return unknown(value.reason)
  if (typeof value === 'bigint') return value
  const text = asString(value)
  if (text !== null) {
    const base = asInt(args[1] ?? kwargs.get('base') ?? 10) ?? 10
    const digits = text.trim().replaceAll('_', '')
    const parsed =
      base === 10
        ? /^[+-]?\d+$/.test(digits)
          ? normalInt(BigInt(digits.slice(0, 1000)))
          : null
        : Number.parseInt(digits, base)
    return parsed === null || Number.isNaN(parsed)
      ? raise('ValueError', `invalid literal for int() with base ${base}: '${text}'`)
      : parsed
  }
  const number = asNumber(value)
  if (number !== null) {
    if (!Number.isFinite(number))
      return raise(Number.isNaN(number) ? 'ValueError' : 'OverflowError', 'cannot convert float to integer')
    const whole = Math.trunc(number) + 0
    return Number.isSafeInteger(whole) ? whole : BigInt(whole)
  }
  return (
    callMethod(run, value, '__int__') ??
    callMethod(run, value, '__index__') ??
    raise('TypeError', `int() argument must be a string or a number, not '${types.typeOf(value).name}'`)
  )
})
converts(types.floatClass, (run, _, args) => {
  const value = args[0] ?? 0
  if (isUnknown(value)) return unknown(value.reason)
  if (value instanceof PySym) return unknown('it depends on the batch size')
  const text = asString(value)
  if (text !== null) {
    const t = text.trim().toLowerCase().replaceAll('_', '')
    if (/^[+-]?(inf|infinity)$/.test(t))
      return new PyFloat(t.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)
    if (t === 'nan') return new PyFloat(Number.NaN)
    const parsed = t === '' ? Number.NaN : Number(t)
    return Number.isNaN(parsed)
      ? raise('ValueError', `could not convert string to float: '${text}'`)
      : new PyFloat(parsed)
  }
  const number = asNumber(value)
  if (number !== null) return new PyFloat(number)
  return (
    callMethod(run, value, '__float__') ??
    raise('TypeError', `float() argument must be a string or a number, not '${types.typeOf(value).name}'`)
  )
})
converts(types.boolClass, (run, _, args) => (args.length ? truthy(run, args[0]!) : false))
converts(types.strClass, (run, _, args) =>
  args.length ? (isUnknown(args[0]!) ? unknown(args[0]!.reason) : str(run, args[0]!)) : '',
)
converts(types.complexClass, () => unknown('complex numbers are not modelled'))
converts(types.bytesClass, (_, __, [value]) => types.bytes(asString(value ?? '') ?? ''))
converts(types.noneClass, () => null)
converts(types.tupleClass, (run, _, args) => {
  if (args.length === 0) return types.tuple([])
  const values = items(run, args[0]!)
  return values === null ? unknown('its items are not known') : types.tuple(values)
})
converts(types.listClass, (run, _, args) => {
  if (args.length === 0) return types.list([])
  const values = items(run, args[0]!)
  if (values === null) return unknown('its items are not known')
  const made = types.list(values)
  opened(made, args[0]!)
  return made
})
converts(types.dictClass, (run, _, args, kwargs) => {
  const made = types.dict()
  if (args[0] !== undefined) {
    if (isUnknown(args[0])) return unknown(args[0].reason)
    mergeInto(run, made, args[0])
  }
  for (const [k, v] of kwargs) addToDict(made, k, v)
  return made
})
for (const cls of [types.setClass, types.frozensetClass]) {
  converts(cls, (run, kind, args) => {
    const made = new PySet(kind)
    const values = args.length ? items(run, args[0]!) : []
    if (values === null) return unknown('its items are not known')
    for (const value of values) addToSet(made, value)
    if (args.length) opened(made, args[0]!)
    return made
  })
}
/** The whole number that an object stands for: NumPy's numbers, tensors of one. */
function index(run: Run, value: PyValue): PyValue {
  const method = value instanceof PyObject ? types.lookup(value.cls, '__index__') : undefined
  return method === undefined ? value : call(run, method, [value])
}
converts(types.rangeClass, (run, __, args) => {
  const indices = args.map(a => (asInt(a) === null ? index(run, a) : a))
  const numbers = indices.map(asInt)
  if (numbers.includes(null)) {
    const bad = indices.find(a => asInt(a) === null)!
    if (isUnknown(bad) || bad instanceof PySym) return unknown('this range depends on something that is not known')
    return raise('TypeError', `'${types.typeOf(bad).name}' object cannot be interpreted as an integer`)
  }
  const [a, b, c] = numbers as number[]
  if (c === 0) return raise('ValueError', 'range() arg 3 must not be zero')
  return args.length === 1 ? types.range(0, a!) : types.range(a!, b!, c ?? 1)
})
converts(types.sliceClass, (_, __, args) =>
  args.length === 1 ? types.slice(null, args[0]!, null) : types.slice(args[0]!, args[1]!, args[2] ?? null),
)
converts(
  types.propertyClass,
  (_, cls, args, kwargs) =>
    new PyProperty(cls, args[0] ?? kwargs.get('fget') ?? null, args[1] ?? kwargs.get('fset') ?? null),
)
converts(types.staticmethodClass, (_, cls, [func]) => new PyWrapped(cls, func!))
converts(types.classmethodClass, (_, cls, [func]) => new PyWrapped(cls, func!))
converts(types.typeClass, (run, _, args) => {
  if (args.length === 1) return isUnknown(args[0]!) ? unknown(args[0]!.reason) : types.typeOf(args[0]!)
  const bases = items(run, args[1]!) ?? []
  return args[2] instanceof PyDict
    ? classFromParts(
        run,
        str(run, args[0]!),
        bases.filter(b => b instanceof PyClass),
        args[2],
      )
    : unknown('a class that is not known')
})
converts(types.superClass, (run, cls, args) => {
  if (args.length === 2 && args[0] instanceof PyClass) return new PySuper(cls, args[0], args[1]!)
  let { frame }: { frame: Frame | null } = run
  while (frame && frame.first === undefined && frame.parent) frame = frame.parent
  const owner = frame?.owner?.cls
  return owner instanceof PyClass && frame!.first !== undefined
    ? new PySuper(cls, owner, frame!.first)
    : raise('RuntimeError', 'super(): no arguments')
})

// object, type and the decorators' own methods.

const define = (cls: PyClass, name: string, run: Native): void => void cls.dict.set(name, types.nativeMethod(name, run))
define(types.objectClass, '__init__', () => null)
types.objectClass.dict.set(
  '__new__',
  types.native('__new__', (run, [cls, ...args], kwargs) =>
    cls instanceof PyClass ? allocateFrom(run, cls, args, kwargs) : null,
  ),
)
define(types.objectClass, '__setattr__', (run, [self, name, value]) => {
  if (self instanceof PyObject) setPlain(run, self, asString(name ?? null) ?? '', value!)
  return null
})
define(types.objectClass, '__getattribute__', (run, [self, name]) =>
  getAttribute(run, self!, asString(name ?? null) ?? ''),
)
define(types.objectClass, '__init_subclass__', () => null)
types.objectClass.dict.delete('__setattr__')
define(types.typeClass, '__call__', (run, [cls, ...args], kwargs) => construct(run, cls as PyClass, args, kwargs))
define(types.typeClass, '__init__', () => null)
define(types.typeClass, 'mro', (_, [cls]) => types.list([...(cls as PyClass).mro]))
define(types.typeClass, '__subclasses__', () => unknown('the subclasses of a class are not listed'))
types.typeClass.dict.set(
  '__new__',
  types.native('__new__', (run, [meta, name, bases, names]) =>
    meta instanceof PyClass && bases !== undefined && names instanceof PyDict
      ? classFromParts(
          run,
          str(run, name!),
          (items(run, bases) ?? []).filter(b => b instanceof PyClass),
          names,
          meta,
        )
      : unknown('a class that is not known'),
  ),
)
define(
  types.propertyClass,
  'setter',
  (_, [self, f]) => new PyProperty(types.propertyClass, (self as PyProperty).getter, f!),
)
define(
  types.propertyClass,
  'getter',
  (_, [self, f]) => new PyProperty(types.propertyClass, f!, (self as PyProperty).setter),
)
define(types.propertyClass, 'deleter', (_, [self]) => self!)
define(types.exceptionClasses.get('BaseException')!, '__init__', (_, [self, ...args]) => {
  if (self instanceof PyObject) {
    self.attrs ??= new Map()
    self.attrs.set('args', types.tuple(args))
  }
  return null
})
define(types.floatClass, 'is_integer', (_, [self]) => Number.isInteger(asNumber(self!)))
define(types.intClass, 'bit_length', (_, [self]) => (asInt(self!) ?? 0).toString(2).length)
define(types.sliceClass, 'indices', (_, [self, length]) => {
  const { start, stop, step } = self as PySlice
  const range = sliceRange(start, stop, step, asInt(length ?? 0) ?? 0)
  return range ? types.tuple([range.start, range.stop, range.step]) : unknown('the ends of this slice are not known')
})
for (const name of ['start', 'stop', 'step'] as const)
  types.sliceClass.dict.set(
    name,
    new PyProperty(
      types.propertyClass,
      types.native(name, (_, [self]) => (self as PySlice)[name]),
    ),
  )
define(types.iteratorClass, '__next__', (run, [self]) => FUNCTIONS.next!(run, [self!], new Map()))
define(types.iteratorClass, 'send', (_, [self, value]) => {
  const next = (self as PyIterator).source.next(value ?? null)
  return next.done ? raise('StopIteration', '') : next.value
})
define(types.iteratorClass, 'close', () => null)

/** object.__new__ of a class of the program: for subclasses of int, str and tuple the value comes along. */
function allocateFrom(run: Run, cls: PyClass, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  const kind = cls.mro.find(c => c.convert)
  const made = allocate(run, cls)
  const fixed = made instanceof PyBoxed || made instanceof PyTuple
  if (kind?.convert && fixed && args.length > 0) {
    const value = kind.convert(run, kind, args, kwargs)
    if ('value' in made) (made as { value: PyValue }).value = value
    if (made instanceof PyTuple && value instanceof PyTuple) (made as { items: readonly PyValue[] }).items = value.items
  }
  return made
}
for (const cls of [types.intClass, types.strClass, types.floatClass, types.tupleClass]) {
  cls.dict.set(
    '__new__',
    types.native('__new__', (run, [kind, ...args], kwargs) =>
      kind instanceof PyClass
        ? kind.convert
          ? kind.convert(run, kind, args, kwargs)
          : allocateFrom(run, kind, args, kwargs)
        : null,
    ),
  )
}

function* numbered(source: Iterator<PyValue>, start: number): Generator<PyValue> {
  for (let next = source.next(), i = start; !next.done; next = source.next(), i++) yield types.tuple([i, next.value])
}

function* zipped(sources: readonly Iterator<PyValue>[]): Generator<PyValue> {
  if (sources.length === 0) return
  for (;;) {
    const row: PyValue[] = []
    for (const source of sources) {
      const next = source.next()
      if (next.done) return
      row.push(next.value)
    }
    yield types.tuple(row)
  }
}

function* mapped(run: Run, f: PyValue, sources: readonly Iterator<PyValue>[]): Generator<PyValue> {
  for (const row of zipped(sources)) yield call(run, f, (row as PyTuple).items)
}

function* filtered(run: Run, f: PyValue, source: Iterator<PyValue>): Generator<PyValue> {
  for (let next = source.next(); !next.done; next = source.next()) {
    run.budget.step()
    const kept = truthy(run, f === null ? next.value : call(run, f, [next.value]))
    if (typeof kept !== 'boolean') yield unknown(kept.reason)
    else if (kept) yield next.value
  }
}

function quantify(run: Run, value: PyValue, wanted: boolean): PyValue {
  const source = iterate(run, value)
  if (source === null) return unknown('its items are not known')
  let doubt: PyUnknown | null = null
  for (let next = source.next(); !next.done; next = source.next()) {
    run.budget.step()
    const truth = truthy(run, next.value)
    if (truth === wanted) return wanted
    if (typeof truth !== 'boolean') doubt = truth
  }
  return doubt ?? !wanted
}

function extreme(run: Run, operator: '<' | '>', args: readonly PyValue[], kwargs: Kwargs): PyValue {
  const values = args.length === 1 ? items(run, args[0]!) : [...args]
  if (values === null) return unknown('its items are not known')
  if (values.length === 0) return kwargs.get('default') ?? raise('ValueError', 'arg is an empty sequence')
  const key = kwargs.get('key') ?? null
  const keyed = values.map(v => (key === null ? v : call(run, key, [v])))
  let best = 0
  for (let i = 1; i < keyed.length; i++) {
    const better = truthy(run, compare(run, operator, keyed[i]!, keyed[best]!))
    if (typeof better !== 'boolean') return unknown(better.reason)
    if (better) best = i
  }
  return values[best]!
}

/** Half to even, as Python rounds. */
export function roundValue(value: PyValue, digits: PyValue): PyValue {
  if (isUnknown(value) || value instanceof PySym) return isUnknown(value) ? unknown(value.reason) : value
  if (!(value instanceof PyFloat)) {
    const by = digits === null ? 0 : (asInt(digits) ?? 0)
    const n = asInt(value)
    if (by >= 0 || n === null) return value
    const unit = 10 ** Math.min(-by, 15)
    return halfToEven(n / unit) * unit
  }
  const places = digits === null ? null : asInt(digits)
  if (places === null) {
    const whole = halfToEven(value.value)
    return Number.isSafeInteger(whole)
      ? whole
      : Number.isFinite(whole)
        ? BigInt(whole)
        : raise('OverflowError', 'cannot convert float to integer')
  }
  return new PyFloat(roundTo(value.value, Math.min(Math.max(places, -15), 100)))
}

/** Exact ties of the binary value go to the even digit; toFixed would take them away from zero. */
function roundTo(value: number, places: number): number {
  if (places < 0) return halfToEven(value / 10 ** -places) * 10 ** -places
  const scaled = value * 10 ** places
  const tie =
    places <= 15 && Math.abs(scaled % 1) === 0.5 && scaled / 10 ** places === value && (value * 2 ** 20) % 1 === 0
  return tie ? halfToEven(scaled) / 10 ** places : Number(value.toFixed(places))
}

/** FNV-1a: hashes of strings differ from run to run in Python; here they are the same. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193) >>> 0
  return hash
}

export function halfToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value) + 0
  return (floor % 2 === 0 ? floor : floor + 1) + 0
}

function attributesOf(value: PyValue): PyValue {
  if (value instanceof PyModule) return namespace(value.dict)
  if (value instanceof PyClass) return namespace(value.dict)
  return value instanceof PyObject ? instanceDict(value) : namespace(new Map())
}

function namesOf(value: PyValue): PyValue[] {
  const names = new Set<string>()
  if (value instanceof PyModule) for (const n of value.dict.keys()) names.add(n)
  else {
    if (value instanceof PyObject && value.attrs) for (const n of value.attrs.keys()) names.add(n)
    for (const c of (value instanceof PyClass ? value : types.typeOf(value)).mro)
      for (const n of c.dict.keys()) names.add(n)
  }
  return [...names].sort()
}
