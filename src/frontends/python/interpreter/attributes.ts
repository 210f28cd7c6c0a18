import { PyError } from './errors'
import { defaultsOf, docOf, instanceDict, keywordDefaultsOf, namespace } from './instances'
import { type Run, raise } from './run'
import {
  bind,
  classmethodClass,
  isSubclass,
  lookup,
  nativeMethod,
  staticmethodClass,
  tuple,
  typeClass,
  typeOf,
} from './types'
import { unknownBase } from './unknownBase'
import {
  type Kwargs,
  PyClass,
  PyFunction,
  PyMethod,
  PyModule,
  PyNative,
  PyObject,
  PyProperty,
  PySuper,
  PyUnknown,
  type PyValue,
  PyWrapped,
} from './values'

/** `value.name`, as Python looks it up: data of the class that computes, the instance, the class, `__getattr__`. */
export function getAttribute(run: Run, value: PyValue, name: string): PyValue {
  const found = findAttribute(run, value, name)
  if (found !== undefined) return found
  if (value instanceof PyModule) return raise('AttributeError', `module '${value.name}' has no attribute '${name}'`)
  if (value instanceof PyClass) return raise('AttributeError', `type object '${value.name}' has no attribute '${name}'`)
  return raise('AttributeError', `'${typeOf(value).name}' object has no attribute '${name}'`)
}

/** The same; undefined where there is no such attribute. */
export function findAttribute(run: Run, value: PyValue, name: string): PyValue | undefined {
  if (value instanceof PyUnknown) return new PyUnknown(value.reason, value.harmless)
  if (value instanceof PyModule) return moduleMember(value, name)
  if (value instanceof PySuper) return superAttribute(run, value, name)
  if (value instanceof PyClass) return classAttribute(run, value, name)
  const cls = typeOf(value)
  if (name === '__class__') return cls
  const inClass = lookup(cls, name)
  if (inClass instanceof PyProperty) return property(run, inClass, value, name)
  if (inClass !== undefined && isData(inClass)) return run.call(lookup(inClass.cls, '__get__')!, [inClass, value, cls])
  const own = value instanceof PyObject ? value.attrs?.get(name) : undefined
  if (own !== undefined) return own
  if (inClass !== undefined) {
    const get = describes(inClass) ? lookup(inClass.cls, '__get__') : undefined
    return get !== undefined ? run.call(get, [inClass, value, cls]) : descend(inClass, value, cls)
  }
  const special = specialAttribute(run, value, cls, name)
  if (special !== undefined) return special
  const getattr = lookup(cls, '__getattr__')
  return getattr === undefined ? undefined : lastResort(run, getattr, value, name)
}

export function moduleMember(value: PyModule, name: string): PyValue | undefined {
  if (name === '__name__') return value.name
  if (name === '__file__') return value.file ?? ''
  const found = value.dict.get(name)
  if (found !== undefined) return found
  if (name === '__dict__') return namespace(value.dict)
  const made = value.missing?.(name)
  if (made !== undefined) value.dict.set(name, made)
  return made
}

/** Calls a method by name; undefined where the object has none. */
export function callMethod(
  run: Run,
  self: PyValue,
  name: string,
  args: readonly PyValue[] = [],
  kwargs?: Kwargs,
): PyValue | undefined {
  const method = findAttribute(run, self, name)
  return method === undefined ? undefined : run.call(method, args, kwargs)
}

/** `value.name = to`. */
export function setAttribute(run: Run, value: PyValue, name: string, to: PyValue): void {
  if (value instanceof PyUnknown) return
  if (value instanceof PyModule) {
    value.dict.set(name, to)
    return
  }
  if (value instanceof PyClass) {
    if (!value.native) value.dict.set(name, to)
    return
  }
  if (!(value instanceof PyObject)) raise('AttributeError', `'${typeOf(value).name}' object has no attribute '${name}'`)
  const own = lookup(value.cls, '__setattr__')
  if (own !== undefined) run.call(own, [value, name, to])
  else setPlain(run, value, name, to)
}

/** object.__setattr__: properties with setters, else the instance. */
export function setPlain(run: Run, value: PyObject, name: string, to: PyValue): void {
  if (value.cls.native && isFree(value.cls, name)) {
    value.attrs ??= new Map()
    value.attrs.set(name, to)
    return
  }
  const inClass = lookup(value.cls, name)
  if (inClass instanceof PyProperty && !inClass.cached) {
    if (inClass.setter === null && !(inClass.getter instanceof PyNative))
      raise('AttributeError', `property '${name}' of '${value.cls.name}' object has no setter`)
    if (inClass.setter !== null) {
      run.call(inClass.setter, [value, to])
      return
    }
  }
  if (inClass !== undefined && describes(inClass)) {
    const set = lookup(inClass.cls, '__set__')
    if (set !== undefined) {
      run.call(set, [inClass, value, to])
      return
    }
  }
  if (value.cls.mro.some(c => c.dict.has('__slots__')) && !hasPlace(value.cls, name))
    raise('AttributeError', `'${value.cls.name}' object has no attribute '${name}'`)
  value.attrs ??= new Map()
  value.attrs.set(name, to)
}

/** Whether no class of ours says anything of an attribute. They never change: each name is looked up once a class. */
function isFree(cls: PyClass, name: string): boolean {
  cls.free ??= new Map()
  const names = cls.free
  let known = names.get(name)
  if (known === undefined) {
    known = lookup(cls, name) === undefined && !cls.mro.some(c => c.dict.has('__slots__'))
    if (names.size < MOST_NAMES) names.set(name, known)
  }
  return known
}
/** A program may make up names without end. */
const MOST_NAMES = 200

/** Objects of the program's own classes may say themselves what an attribute is (descriptors). */
const describes = (member: PyValue): member is PyObject =>
  member instanceof PyObject && !(member instanceof PyClass) && !member.cls.native

const isData = (member: PyValue): member is PyObject =>
  describes(member) && lookup(member.cls, '__set__') !== undefined && lookup(member.cls, '__get__') !== undefined

/** Whether instances may have an attribute, in a class with `__slots__`. */
function hasPlace(cls: PyClass, name: string): boolean {
  for (const c of cls.mro) {
    if (c.native) continue
    const slots = c.dict.get('__slots__')
    if (slots === undefined) return true
    if (slots === name || slots instanceof PyUnknown) return true
    if (slots instanceof PyObject && 'items' in slots && (slots.items as PyValue[]).includes(name)) return true
  }
  return cls.mro.some(c => c.native && c.create !== null)
}

export function deleteAttribute(run: Run, value: PyValue, name: string): void {
  if (!(value instanceof PyObject)) return
  const own = lookup(value.cls, '__delattr__')
  if (own !== undefined) run.call(own, [value, name])
  else if (value instanceof PyModule) value.dict.delete(name)
  else if (value instanceof PyClass) {
    if (!value.native) value.dict.delete(name)
  } else if (!value.attrs?.delete(name)) raise('AttributeError', name)
}

/** What a class member becomes when it is looked up through an instance. */
export function descend(member: PyValue, self: PyValue, cls: PyClass): PyValue {
  if (member instanceof PyFunction) return bind(member, self)
  if (member instanceof PyNative) return member.method ? bind(member, self) : member
  if (member instanceof PyWrapped) {
    if (member.cls === staticmethodClass) return member.func
    if (member.cls === classmethodClass) return bind(member.func, cls)
  }
  return member
}

function property(run: Run, member: PyProperty, self: PyValue, name: string): PyValue {
  if (member.cached && self instanceof PyObject) {
    const kept = self.attrs?.get(name)
    if (kept !== undefined) return kept
    const value = run.call(member.getter, [self])
    self.attrs ??= new Map()
    self.attrs.set(name, value)
    return value
  }
  return run.call(member.getter, [self])
}

function classAttribute(run: Run, cls: PyClass, name: string): PyValue | undefined {
  switch (name) {
    case '__name__':
      return cls.name
    case '__qualname__':
      return cls.qualname
    case '__module__':
      return cls.module
    case '__mro__':
      return tuple(cls.mro)
    case '__bases__':
      return tuple(cls.bases)
    case '__class__':
      return cls.cls ?? typeClass
    case '__doc__':
      return cls.dict.get('__doc__') ?? null
    case '__dict__':
      return namespace(cls.dict)
  }
  const inMro = lookup(cls, name)
  const found = inMro === undefined ? OBJECT.get(name) : inMro
  if (found !== undefined) {
    const get = describes(found) ? lookup(found.cls, '__get__') : undefined
    if (get !== undefined) return run.call(get, [found, null, cls])
    if (found instanceof PyWrapped) return found.cls === staticmethodClass ? found.func : bind(found.func, cls)
    return found
  }
  const meta = cls.cls ? lookup(cls.cls, name) : undefined
  if (meta instanceof PyProperty) return run.call(meta.getter, [cls])
  if (meta !== undefined) return descend(meta, cls, cls.cls)
  const getattr = cls.cls && cls.cls !== typeClass ? lookup(cls.cls, '__getattr__') : undefined
  return getattr === undefined ? undefined : lastResort(run, getattr, cls, name)
}

/** `__getattr__`, whose AttributeError says that there is no such attribute. */
function lastResort(run: Run, getattr: PyValue, value: PyValue, name: string): PyValue | undefined {
  try {
    return run.call(getattr, [value, name])
  } catch (error) {
    if (error instanceof PyError && error.exception.cls.name === 'AttributeError') return undefined
    throw error
  }
}

function superAttribute(run: Run, { after, self }: PySuper, name: string): PyValue | undefined {
  const cls = self instanceof PyClass && !(self.cls && isSubclass(self.cls, after)) ? self : typeOf(self)
  const at = cls.mro.indexOf(after)
  for (const c of cls.mro.slice(at + 1)) {
    const member = c.dict.get(name)
    if (member === undefined) continue
    if (member instanceof PyProperty) return run.call(member.getter, [self])
    if (name === '__new__') return member instanceof PyWrapped ? member.func : member
    if (self instanceof PyClass && cls === self) {
      if (member instanceof PyWrapped) return member.cls === staticmethodClass ? member.func : bind(member.func, self)
      return member
    }
    return descend(member, self, cls)
  }
  const last = OBJECT.get(name)
  if (last !== undefined && !(self instanceof PyClass)) return bind(last, self)
  const lost = self instanceof PyClass ? null : unknownBase(cls)
  return lost === null ? undefined : new PyUnknown(lost)
}

/** What object does where no class says otherwise: found by `super()` and by `object.` only, as it is the usual course. */
const OBJECT: ReadonlyMap<string, PyValue> = new Map<string, PyValue>([
  [
    '__setattr__',
    nativeMethod('__setattr__', (run, [self, name, value]) => {
      if (self instanceof PyObject && typeof name === 'string') setPlain(run, self, name, value!)
      return null
    }),
  ],
  [
    '__delattr__',
    nativeMethod('__delattr__', (_, [self, name]) => {
      if (self instanceof PyObject && typeof name === 'string') self.attrs?.delete(name)
      return null
    }),
  ],
])

function specialAttribute(run: Run, value: PyValue, cls: PyClass, name: string): PyValue | undefined {
  if (name === '__doc__') return value instanceof PyFunction ? docOf(value) : null
  if (name === '__module__') return value instanceof PyFunction ? value.closure.module.name : cls.module
  if (value instanceof PyFunction) {
    if (name === '__name__') return value.name
    if (name === '__qualname__') return value.qualname
    if (name === '__defaults__') return defaultsOf(value)
    if (name === '__kwdefaults__') return keywordDefaultsOf(value)
  }
  if (name === '__dict__' && value instanceof PyObject && !(value instanceof PyNative)) return instanceDict(value)
  if (name === '__cause__' || name === '__context__' || name === '__traceback__') return null
  if (value instanceof PyProperty) {
    if (name === 'fget') return value.getter
    if (name === 'fset') return value.setter
  }
  if (value instanceof PyNative && (name === '__name__' || name === '__qualname__')) return value.name
  if (value instanceof PyMethod) {
    if (name === '__self__') return value.self
    if (name === '__func__') return value.func
    return findAttribute(run, value.func, name)
  }
  return undefined
}
