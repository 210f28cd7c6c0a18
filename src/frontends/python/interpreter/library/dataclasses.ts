import { getAttribute, setPlain } from '../attributes'
import { call, NO_KWARGS } from '../call'
import { compare, equals } from '../operators'
import { type Run, raise } from '../run'
import { repr } from '../text'
import {
  dict,
  exceptionClasses,
  list,
  lookup,
  native,
  nativeClass,
  nativeMethod,
  pyModule,
  tuple,
  typeOf,
} from '../types'
import {
  hashKey,
  type Kwargs,
  PyClass,
  PyDict,
  PyList,
  PyObject,
  PySet,
  PyTuple,
  PyUnknown,
  type PyValue,
} from '../values'

interface Field {
  readonly name: string
  readonly default: PyValue | undefined
  readonly factory: PyValue | undefined
  readonly init: boolean
  readonly keywordOnly: boolean
  readonly metadata: PyValue
  /** Given to `__post_init__`, and no attribute (InitVar). */
  readonly passed: boolean
  readonly shown: boolean
  readonly compared: boolean
}

/** What field(...) gives until the decorator reads it. */
class PyField extends PyObject {
  constructor(
    cls: PyClass,
    readonly options: Kwargs,
  ) {
    super(cls)
  }
}
const fieldClass = nativeClass('Field', undefined, 'dataclasses')
const MISSING = new PyObject(nativeClass('_MISSING_TYPE', undefined, 'dataclasses'))

/** The fields of a dataclass, in the order of its initializer. Kept beside the class. */
const fieldsOf = new WeakMap<PyClass, readonly Field[]>()

const INIT_VAR = 'dataclasses.InitVar'

export const dataclassesModule = pyModule('dataclasses', [
  [
    'dataclass',
    native('dataclass', (_, [cls], kwargs) =>
      cls instanceof PyClass
        ? make(cls, kwargs)
        : native('dataclass', (_r, [c]) => (c instanceof PyClass ? make(c, kwargs) : c!)),
    ),
  ],
  ['field', native('field', (_, __, kwargs) => new PyField(fieldClass, kwargs))],
  ['Field', fieldClass],
  ['MISSING', MISSING],
  ['FrozenInstanceError', exceptionClasses.get('AttributeError')!],
  ['InitVar', new PyUnknown(INIT_VAR, true)],
  ['KW_ONLY', new PyUnknown('dataclasses.KW_ONLY', true)],
  ['is_dataclass', native('is_dataclass', (_, [v]) => allFields(v instanceof PyClass ? v : typeOf(v!)) !== null)],
  [
    'fields',
    native('fields', (_, [v]) => {
      const fields = allFields(v instanceof PyClass ? v : typeOf(v!)) ?? []
      return tuple(fields.map(describe))
    }),
  ],
  [
    'replace',
    native('replace', (run, [self], changes) => {
      const cls = typeOf(self!)
      const kwargs = new Map<string, PyValue>()
      for (const f of allFields(cls) ?? [])
        if (f.init) kwargs.set(f.name, changes.get(f.name) ?? getAttribute(run, self!, f.name))
      for (const [k, v] of changes) kwargs.set(k, v)
      return call(run, cls, [], kwargs)
    }),
  ],
  ['asdict', native('asdict', (run, [self]) => asDict(run, self!))],
  [
    'astuple',
    native('astuple', (run, [self]) =>
      tuple((allFields(typeOf(self!)) ?? []).map(f => getAttribute(run, self!, f.name))),
    ),
  ],
])

function make(cls: PyClass, options: Kwargs): PyClass {
  const fields: Field[] = []
  for (const base of [...cls.mro].reverse()) for (const f of fieldsOf.get(base) ?? []) put(fields, f)
  const own: Field[] = []
  const annotations = cls.dict.get('__annotations__')
  for (const [name, annotation] of annotations instanceof PyDict ? annotations.entries.values() : []) {
    if (typeof name !== 'string' || (annotation instanceof PyUnknown && annotation.reason === CLASS_VAR)) continue
    const given = cls.dict.get(name)
    const passed = annotation instanceof PyUnknown && annotation.reason === INIT_VAR
    const field: Field =
      given instanceof PyField
        ? {
            name,
            default: given.options.get('default') === MISSING ? undefined : given.options.get('default'),
            factory: given.options.get('default_factory'),
            init: given.options.get('init') !== false,
            keywordOnly: given.options.get('kw_only') === true,
            metadata: given.options.get('metadata') ?? dict(),
            passed,
            shown: !passed && given.options.get('repr') !== false,
            compared: !passed && given.options.get('compare') !== false,
          }
        : {
            name,
            default: given,
            factory: undefined,
            init: true,
            keywordOnly: options.get('kw_only') === true,
            metadata: dict(),
            passed,
            shown: !passed,
            compared: !passed,
          }
    own.push(field)
    put(fields, field)
    if (given instanceof PyField) {
      if (field.default !== undefined) cls.dict.set(name, field.default)
      else cls.dict.delete(name)
    }
  }
  fieldsOf.set(cls, own)
  const all = [...fields.filter(f => !f.keywordOnly), ...fields.filter(f => f.keywordOnly)]
  if (options.get('init') !== false && !cls.dict.has('__init__'))
    cls.dict.set(
      '__init__',
      nativeMethod('__init__', (run, [self, ...args], kwargs) => initialize(run, cls, all, self!, args, kwargs)),
    )
  if (options.get('eq') !== false && !cls.dict.has('__eq__')) {
    cls.dict.set(
      '__eq__',
      nativeMethod(
        '__eq__',
        (run, [a, b]) =>
          typeOf(a!) === typeOf(b!) &&
          all
            .filter(f => f.compared)
            .every(f => equals(run, getAttribute(run, a!, f.name), getAttribute(run, b!, f.name)) === true),
      ),
    )
  }
  if (!cls.dict.has('__repr__')) {
    cls.dict.set(
      '__repr__',
      nativeMethod(
        '__repr__',
        (run, [self]) =>
          `${cls.qualname}(${all
            .filter(f => f.shown)
            .map(f => `${f.name}=${repr(run, getAttribute(run, self!, f.name), 1)}`)
            .join(', ')})`,
      ),
    )
  }
  if (options.get('order') === true) {
    const values = (run: Run, self: PyValue): PyValue =>
      tuple(all.filter(f => f.compared).map(f => getAttribute(run, self, f.name)))
    for (const [name, operator] of [
      ['__lt__', '<'],
      ['__le__', '<='],
      ['__gt__', '>'],
      ['__ge__', '>='],
    ] as const)
      cls.dict.set(
        name,
        nativeMethod(name, (run, [a, b]) => compare(run, operator, values(run, a!), values(run, b!))),
      )
  }
  if (options.get('frozen') === true) cls.dict.set('__setattr__', REFUSE)
  cls.dict.set('__dataclass_fields__', fieldDict(all))
  return cls
}

/** The `__setattr__` of frozen classes. */
const REFUSE = nativeMethod('__setattr__', (_, [, name]) =>
  raise('AttributeError', `cannot assign to field '${String(name)}'`),
)

/** What `ClassVar[...]` evaluates to. */
export const CLASS_VAR = 'typing.ClassVar'

function put(fields: Field[], field: Field): void {
  const at = fields.findIndex(f => f.name === field.name)
  if (at < 0) fields.push(field)
  else fields[at] = field
}

function initialize(
  run: Run,
  cls: PyClass,
  fields: readonly Field[],
  self: PyValue,
  args: readonly PyValue[],
  kwargs: Kwargs,
): PyValue {
  const positional = fields.filter(f => f.init && !f.keywordOnly)
  if (args.length > positional.length)
    return raise(
      'TypeError',
      `${cls.name}() takes ${positional.length} positional arguments but ${args.length} were given`,
    )
  for (const name of kwargs.keys())
    if (!fields.some(f => f.init && f.name === name))
      return raise('TypeError', `${cls.name}() got an unexpected keyword argument '${name}'`)
  const passed: PyValue[] = []
  for (const field of fields) {
    const at = positional.indexOf(field)
    const value = at >= 0 && at < args.length ? args[at] : kwargs.get(field.name)
    const set = (to: PyValue): void => {
      if (field.passed) passed.push(to)
      else if (self instanceof PyObject) place(run, self, field.name, to)
    }
    if (value !== undefined) set(value)
    else if (field.factory !== undefined && field.factory !== MISSING) set(call(run, field.factory, []))
    else if (field.default !== undefined) set(field.default)
    else if (field.init) return raise('TypeError', `${cls.name}() missing required argument: '${field.name}'`)
  }
  const after = lookup(typeOf(self), '__post_init__')
  if (after !== undefined) call(run, after, [self, ...passed], NO_KWARGS)
  return null
}

/** A field of a frozen class is set all the same, and a `__setattr__` of the program sees it. */
function place(run: Run, self: PyObject, name: string, value: PyValue): void {
  const own = lookup(self.cls, '__setattr__')
  if (own !== undefined && own !== REFUSE) call(run, own, [self, name, value])
  else setPlain(run, self, name, value)
}

function allFields(cls: PyClass): readonly Field[] | null {
  const fields: Field[] = []
  let found = false
  for (const base of [...cls.mro].reverse()) {
    const own = fieldsOf.get(base)
    if (!own) continue
    found = true
    for (const f of own) put(fields, f)
  }
  return found ? fields : null
}

function describe(field: Field): PyValue {
  const made = new PyObject(fieldClass)
  made.attrs = new Map<string, PyValue>([
    ['name', field.name],
    ['default', field.default ?? MISSING],
    ['default_factory', field.factory ?? MISSING],
    ['init', field.init],
    ['metadata', field.metadata],
    ['type', new PyUnknown('an annotation', true)],
  ])
  return made
}

function fieldDict(fields: readonly Field[]): PyDict {
  const made = dict()
  for (const f of fields) made.entries.set(hashKey(f.name)!, [f.name, describe(f)])
  return made
}

function asDict(run: Run, value: PyValue): PyValue {
  if (value instanceof PyList) return list(value.items.map(v => asDict(run, v)))
  if (value instanceof PyTuple) return tuple(value.items.map(v => asDict(run, v)))
  const fields =
    value instanceof PyObject && !(value instanceof PyClass) && !(value instanceof PySet) ? allFields(value.cls) : null
  if (!fields) return value
  const made = dict()
  for (const f of fields) made.entries.set(hashKey(f.name)!, [f.name, asDict(run, getAttribute(run, value, f.name))])
  return made
}
