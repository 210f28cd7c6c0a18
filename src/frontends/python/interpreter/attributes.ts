import { PyError } from './errors'
import { type Run, raise } from './run'
import { bind, classmethodClass, isSubclass, lookup, staticmethodClass, tuple, typeClass, typeOf } from './types'
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
  const own = value instanceof PyObject ? value.attrs?.get(name) : undefined
  if (own !== undefined) return own
  if (inClass !== undefined) return descend(inClass, value, cls)
  const special = specialAttribute(run, value, cls, name)
  if (special !== undefined) return special
  const getattr = lookup(cls, '__getattr__')
  if (getattr === undefined) return undefined
  try {
    return run.call(getattr, [value, name])
  } catch (error) {
    if (error instanceof PyError && error.exception.cls.name === 'AttributeError') return undefined
    throw error
  }
}

export function moduleMember(value: PyModule, name: string): PyValue | undefined {
  if (name === '__name__') return value.name
  if (name === '__file__') return value.file ?? ''
  const found = value.dict.get(name)
  if (found !== undefined) return found
  if (name === '__dict__') return undefined
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
  const inClass = lookup(value.cls, name)
  if (inClass instanceof PyProperty && inClass.setter !== null) {
    run.call(inClass.setter, [value, to])
    return
  }
  value.attrs ??= new Map()
  value.attrs.set(name, to)
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
  }
  const found = lookup(cls, name)
  if (found !== undefined) {
    if (found instanceof PyWrapped) return found.cls === staticmethodClass ? found.func : bind(found.func, cls)
    return found
  }
  const meta = cls.cls ? lookup(cls.cls, name) : undefined
  if (meta instanceof PyProperty) return run.call(meta.getter, [cls])
  if (meta !== undefined) return descend(meta, cls, cls.cls)
  const getattr = cls.cls && cls.cls !== typeClass ? lookup(cls.cls, '__getattr__') : undefined
  return getattr === undefined ? undefined : run.call(getattr, [cls, name])
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
  return undefined
}

function specialAttribute(run: Run, value: PyValue, cls: PyClass, name: string): PyValue | undefined {
  if (name === '__doc__') return null
  if (name === '__module__') return value instanceof PyFunction ? value.closure.module.name : cls.module
  if (value instanceof PyFunction) {
    if (name === '__name__') return value.name
    if (name === '__qualname__') return value.qualname
  }
  if (value instanceof PyNative && (name === '__name__' || name === '__qualname__')) return value.name
  if (value instanceof PyMethod) {
    if (name === '__self__') return value.self
    if (name === '__func__') return value.func
    return findAttribute(run, value.func, name)
  }
  return undefined
}
