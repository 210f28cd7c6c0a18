import { dict, dictClass, tuple } from './types'
import { hashKey, PyDict, type PyFunction, type PyObject, type PyValue } from './values'

/** `object.__dict__`: what is stored there is an attribute of the object. */
export function instanceDict(object: PyObject): PyDict {
  object.attrs ??= new Map()
  return new PyNamespace(object.attrs)
}

/** A dict that is a copy of a namespace. */
export function namespace(names: ReadonlyMap<string, PyValue>): PyDict {
  const made = dict()
  for (const [k, v] of names) if (!k.startsWith(' ')) made.entries.set(hashKey(k)!, [k, v])
  return made
}

/** `f.__defaults__`: of the positional parameters, in order. */
export function defaultsOf({ definition: { parameters }, defaults }: PyFunction): PyValue {
  const given = [...parameters.positionalOnly, ...parameters.positional].flatMap(p => defaults.get(p.name) ?? [])
  return given.length > 0 ? tuple(given) : null
}

/** `f.__doc__`: the string that its body starts with. */
export function docOf({ definition }: PyFunction): PyValue {
  const first = definition.kind === 'FunctionDef' ? definition.body[0] : undefined
  return first?.kind === 'Expression' && first.value.kind === 'String' ? first.value.value : null
}

/** `f.__kwdefaults__`. */
export function keywordDefaultsOf({ definition: { parameters }, defaults }: PyFunction): PyValue {
  const made = new Map<string, PyValue>()
  for (const { name } of parameters.keywordOnly) {
    const value = defaults.get(name)
    if (value !== undefined) made.set(name, value)
  }
  return made.size > 0 ? namespace(made) : null
}

class PyNamespace extends PyDict {
  override readonly entries: Map<string | number, [PyValue, PyValue]>
  constructor(names: Map<string, PyValue>) {
    super(dictClass)
    this.entries = new NamespaceEntries(names)
  }
}

const nameOf = (key: string | number): string => String(key).slice(1)

/** The entries of a dict as a view of names: keys of strings are `s` and the name (`hashKey`). */
class NamespaceEntries extends Map<string | number, [PyValue, PyValue]> {
  private names: Map<string, PyValue> | undefined
  constructor(names: Map<string, PyValue>) {
    super()
    this.names = names
  }
  override get size(): number {
    return this.names?.size ?? 0
  }
  override has(key: string | number): boolean {
    return this.names!.has(nameOf(key))
  }
  override get(key: string | number): [PyValue, PyValue] | undefined {
    const name = nameOf(key)
    const value = this.names!.get(name)
    return value === undefined ? undefined : [name, value]
  }
  override set(key: string | number, [, value]: [PyValue, PyValue]): this {
    this.names!.set(nameOf(key), value)
    return this
  }
  override delete(key: string | number): boolean {
    return this.names!.delete(nameOf(key))
  }
  override clear(): void {
    this.names!.clear()
  }
  override *entries(): MapIterator<[string | number, [PyValue, PyValue]]> {
    for (const [name, value] of this.names!) yield [`s${name}`, [name, value]]
  }
  override *keys(): MapIterator<string | number> {
    for (const name of this.names!.keys()) yield `s${name}`
  }
  override *values(): MapIterator<[PyValue, PyValue]> {
    for (const entry of this.names!) yield entry
  }
  override [Symbol.iterator](): MapIterator<[string | number, [PyValue, PyValue]]> {
    return this.entries()
  }
}
