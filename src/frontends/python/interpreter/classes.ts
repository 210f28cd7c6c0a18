import type * as ast from '../syntax/ast'
import { findAttribute } from './attributes'
import { Stopped } from './errors'
import { Frame } from './frame'
import { namespace } from './instances'
import { items } from './iterate'
import { type Run, raise } from './run'
import { str } from './text'
import { isSubclass, linearize, lookup, objectClass, tuple, typeClass } from './types'
import { UNKNOWN_BASE, unknownBase } from './unknownBase'
import { isUnknown, PyClass, type PyDict, PyObject, PyTuple, type PyValue } from './values'

/** Runs when a class with this class among its bases is made; gives what the class statement binds (Enum, NamedTuple). */
export type ClassHook = (run: Run, cls: PyClass, kwargs: ReadonlyMap<string, PyValue>) => PyValue
const hooks = new Map<PyClass, ClassHook>()
export const onSubclass = (cls: PyClass, hook: ClassHook): void => void hooks.set(cls, hook)

/** A class statement. A base that is not known is left out, and the class is marked as partly known. */
export function makeClass(run: Run, definition: ast.ClassDef): PyValue {
  const bases: PyClass[] = []
  const kwargs = new Map<string, PyValue>()
  let metaclass: PyClass = typeClass
  let missing: string | null = null
  for (const { name, star, value } of definition.args) {
    const given = run.evaluate(value)
    if (name === 'metaclass') {
      if (given instanceof PyClass) metaclass = given
    } else if (name !== null) kwargs.set(name, given)
    else if (star === 1) {
      for (const base of items(run, given) ?? []) if (base instanceof PyClass) bases.push(base)
    } else if (given instanceof PyClass && star === 0) bases.push(given)
    else if (isUnknown(given)) missing = given.reason
    // Generic[T], Protocol[...] and the like name no class of ours.
  }
  const { frame } = run
  const cls = newClass(definition.name, bases, metaclass)
  cls.module = frame.module.name
  cls.qualname =
    frame.kind === 'class' ? `${str(run, frame.names.get('__qualname__') ?? '')}.${definition.name}` : definition.name
  cls.definition = definition
  if (missing) cls.dict.set(UNKNOWN_BASE, missing)
  const body = new Frame('class', frame.module, frame, frame, null, cls.dict)
  const owner = { cls }
  body.owner = owner
  cls.dict.set('__qualname__', cls.qualname)
  cls.dict.set('__module__', frame.module.name)
  const doc = definition.body[0]
  if (doc?.kind === 'Expression' && doc.value.kind === 'String') cls.dict.set('__doc__', doc.value.value)
  run.frame = body
  try {
    run.execute(definition.body)
  } finally {
    run.frame = frame
  }
  return byMetaclass(run, cls, kwargs, owner) ?? finish(run, cls, kwargs)
}

/** What the program's own metaclass makes of a class statement; undefined where it has no say. */
function byMetaclass(
  run: Run,
  cls: PyClass,
  kwargs: ReadonlyMap<string, PyValue>,
  owner: { cls: PyClass },
): PyValue | undefined {
  const own = (name: string): PyValue | undefined =>
    cls.cls.mro.find(c => !c.native && c.dict.has(name))?.dict.get(name)
  const making = own('__new__')
  const init = own('__init__')
  if (making === undefined && init === undefined) return undefined
  const args = [
    cls.name,
    tuple(cls.bases.filter(b => b !== objectClass || cls.definition!.args.some(a => a.name === null))),
    namespace(cls.dict),
  ]
  const made =
    making === undefined
      ? finish(run, cls, kwargs)
      : run.call(
          making instanceof PyObject && 'func' in making ? (making.func as PyValue) : making,
          [cls.cls, ...args],
          kwargs,
        )
  if (!(made instanceof PyClass)) return made
  if (made !== cls) {
    // Methods of the body belong to the class that came out: zero-argument super() starts from it.
    owner.cls = made
    made.module = cls.module
    made.qualname = cls.qualname
    made.definition = cls.definition
  }
  if (init !== undefined) run.call(init, [made, ...args], kwargs)
  return made
}

/** type(name, bases, namespace). */
export function classFromParts(
  run: Run,
  name: string,
  bases: readonly PyClass[],
  names: PyDict,
  metaclass = typeClass,
): PyValue {
  const cls = newClass(name, bases, metaclass)
  for (const [key, value] of names.entries.values()) cls.dict.set(str(run, key), value)
  return finish(run, cls, new Map())
}

const MOST_ANCESTORS = 500

function newClass(name: string, bases: readonly PyClass[], metaclass: PyClass): PyClass {
  let meta = metaclass
  for (const { cls: inherited } of bases) {
    if (!inherited || isSubclass(meta, inherited)) continue
    if (!isSubclass(inherited, meta) && !inherited.native && !meta.native)
      raise(
        'TypeError',
        'metaclass conflict: the metaclass of a derived class must be a subclass of those of its bases',
      )
    meta = inherited
  }
  const cls = new PyClass(name, bases.length > 0 ? bases : [objectClass], { metaclass: meta })
  const mro = linearize(cls)
  if (!mro) raise('TypeError', `Cannot create a consistent method resolution order (MRO) for bases of ${name}`)
  if (mro!.length > MOST_ANCESTORS) throw new Stopped(`${MOST_ANCESTORS} classes above one another`)
  cls.mro = mro!
  return cls
}

/** __set_name__, __init_subclass__, and what our own bases add. */
function finish(run: Run, cls: PyClass, kwargs: ReadonlyMap<string, PyValue>): PyValue {
  for (const base of cls.mro.slice(1)) {
    const hook = hooks.get(base)
    if (hook) return hook(run, cls, kwargs)
  }
  for (const [name, value] of [...cls.dict]) {
    if (value instanceof PyObject && !(value instanceof PyClass) && lookup(value.cls, '__set_name__') !== undefined) {
      const own = findAttribute(run, value, '__set_name__')
      if (own !== undefined) run.call(own, [cls, name])
    }
  }
  const parent = cls.mro.slice(1).find(c => c.dict.has('__init_subclass__'))
  const init = parent?.dict.get('__init_subclass__')
  if (init !== undefined && parent && !parent.native)
    run.call(init instanceof PyObject && 'func' in init ? (init.func as PyValue) : init, [cls], kwargs)
  return cls
}

const abstract = new Map<PyClass, (cls: PyClass) => boolean>()
/** A class whose instances are told by what they can do (collections.abc). */
export const onAbstract = (cls: PyClass, covers: (cls: PyClass) => boolean): void => void abstract.set(cls, covers)

const byValue = new Map<PyClass, (value: PyValue) => boolean>()
/** A class of which some values are instances that are objects of another one here. */
export const onInstance = (cls: PyClass, covers: (value: PyValue) => boolean): void => void byValue.set(cls, covers)
export const isCovered = (value: PyValue, wanted: PyValue): boolean =>
  wanted instanceof PyTuple
    ? wanted.items.some(one => isCovered(value, one))
    : wanted instanceof PyClass && byValue.get(wanted)?.(value) === true

/** isinstance(value's class, wanted), where wanted is a class, a tuple of them, or something unknown. */
export function matchesClass(cls: PyClass, wanted: PyValue): boolean | null {
  if (wanted instanceof PyTuple) {
    let result: boolean | null = false
    for (const one of wanted.items) {
      const match = matchesClass(cls, one)
      if (match === true) return true
      if (match === null) result = null
    }
    return result
  }
  if (wanted instanceof PyClass) {
    if (isSubclass(cls, wanted) || abstract.get(wanted)?.(cls)) return true
    return unknownBase(cls) !== null ? null : false
  }
  return wanted === null ? cls.name === 'NoneType' : isUnknown(wanted) ? null : false
}
