import type { Dim } from '../../../core/dim'
import type * as ast from '../syntax/ast'
import type { Frame } from './frame'
import type { Run } from './run'

/**
 * A value of the interpreted program. None, bools, strings and whole numbers are JavaScript's own (bigint beyond 2^53);
 * a float is a PyFloat, so that 1 and 1.0 stay apart. Everything else is an object with a class.
 */
export type PyValue = null | boolean | number | bigint | string | PyFloat | PySym | PyUnknown | PyObject

export type Kwargs = ReadonlyMap<string, PyValue>

/** A function of ours. Where it stands in the program is `run.frame`. */
export type Native = (run: Run, args: readonly PyValue[], kwargs: Kwargs) => PyValue

export class PyFloat {
  constructor(readonly value: number) {}
}

/** A dimension that is not a number: N, 2·N. An int as far as the program can tell. */
export class PySym {
  constructor(readonly dim: Exclude<Dim, number | null>) {}
}

/** Something that nothing is known of, and why. What is made from it is unknown for the same reason. */
export class PyUnknown {
  constructor(
    readonly reason: string,
    /** It owns no weights and touches no tensors: loggers, paths, plots. */
    readonly harmless = false,
  ) {}
}

/** An object: its class, and its attributes where it has any of its own. */
export class PyObject {
  attrs: Map<string, PyValue> | null = null
  constructor(public cls: PyClass) {}
  /** Told that a statement failed that would have put something into it. */
  lose(_reason: string): void {}
  /** What is counted depends on this of it: the shape of a tensor. */
  get outline(): string | null {
    return null
  }
  /** Whether what it is made of is counted: a module. */
  get counts(): boolean {
    return false
  }
  /** What it is made of depends on something that is not known. False where nobody counts what it is made of. */
  leaveOpen(_reason: string): boolean {
    return false
  }
}

/** A class. `dict` holds what its body bound; `mro` starts with the class itself (C3 linearization). */
export class PyClass extends PyObject {
  readonly dict = new Map<string, PyValue>()
  mro: PyClass[] = []
  /** Makes the empty instance, for classes whose instances are not plain objects. Inherited. */
  create: ((cls: PyClass, run: Run) => PyObject) | null = null
  /** Runs in place of __new__ and __init__: `int(x)`. Not inherited. */
  convert: ((run: Run, cls: PyClass, args: readonly PyValue[], kwargs: Kwargs) => PyValue) | null = null
  module = 'builtins'
  qualname: string
  /** Ours: the program cannot change it. */
  readonly native: boolean
  /** Of a class of ours, by name: whether its instances may have such an attribute and no class says anything of it. */
  free: Map<string, boolean> | null = null
  /** Where the program defines it. */
  definition: ast.ClassDef | null = null
  constructor(
    readonly name: string,
    public bases: readonly PyClass[],
    options: { metaclass?: PyClass | null; native?: boolean } = {},
  ) {
    super((options.metaclass ?? null) as unknown as PyClass)
    this.qualname = name
    this.native = options.native ?? false
  }
}

export class PyFunction extends PyObject {
  defaults: ReadonlyMap<string, PyValue>
  name: string
  qualname: string
  doc: string | null = null
  constructor(
    cls: PyClass,
    readonly definition: ast.FunctionDef | ast.Lambda,
    readonly closure: Frame,
    /** The class in whose body it stands, for zero-argument super(). */
    readonly owner: { cls: PyClass | null } | null,
    defaults: ReadonlyMap<string, PyValue>,
    qualname: string,
  ) {
    super(cls)
    this.defaults = defaults
    this.name = definition.kind === 'Lambda' ? '<lambda>' : definition.name
    this.qualname = qualname
  }
}

export class PyNative extends PyObject {
  /** Its parameters, as `bindNative` reads them, where programs may ask for them. */
  signature: string | null = null
  constructor(
    cls: PyClass,
    readonly name: string,
    readonly run: Native,
    /** Bound to an instance when it is looked up through one. */
    readonly method = false,
  ) {
    super(cls)
  }
}

export class PyMethod extends PyObject {
  constructor(
    cls: PyClass,
    readonly func: PyValue,
    readonly self: PyValue,
  ) {
    super(cls)
  }
}

export class PyTuple extends PyObject {
  constructor(
    cls: PyClass,
    readonly items: readonly PyValue[],
  ) {
    super(cls)
  }
}

export class PyList extends PyObject {
  /** A loop put items into it of which it is not known how many they are, for this reason. */
  mayHold: string | null = null
  constructor(
    cls: PyClass,
    readonly items: PyValue[],
  ) {
    super(cls)
  }
  override lose(reason: string): void {
    this.items.push(new PyUnknown(reason))
  }
}

/** A dict or a set: entries by the key of `hashKey`, in the order they came. Sets have null values. */
export class PyDict extends PyObject {
  readonly entries = new Map<string | number, [PyValue, PyValue]>()
  /** Something was stored under a key that is not known, for this reason: any key may be there. */
  mayHold: string | null = null
}

export class PySet extends PyObject {
  readonly entries = new Map<string | number, PyValue>()
  /** As for lists. */
  mayHold: string | null = null
}

/** `d.keys()`, `d.values()`, `d.items()`: what the dict holds when it is looked at. */
export class PyView extends PyObject {
  constructor(
    cls: PyClass,
    readonly of: PyDict,
    readonly pick: (entry: readonly [PyValue, PyValue]) => PyValue,
  ) {
    super(cls)
  }
}

export class PyRange extends PyObject {
  constructor(
    cls: PyClass,
    readonly start: number,
    readonly stop: number,
    readonly step: number,
  ) {
    super(cls)
  }
  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step))
  }
}

export class PySlice extends PyObject {
  constructor(
    cls: PyClass,
    readonly start: PyValue,
    readonly stop: PyValue,
    readonly step: PyValue,
  ) {
    super(cls)
  }
}

/** Anything that gives values one after the other: generators, zip, iter(…). */
export class PyIterator extends PyObject {
  constructor(
    cls: PyClass,
    readonly source: Iterator<PyValue>,
  ) {
    super(cls)
  }
}

export class PyModule extends PyObject {
  constructor(
    cls: PyClass,
    readonly name: string,
    readonly dict: Map<string, PyValue>,
    /** Asked for names that `dict` lacks: submodules, lazily made library members. Undefined: there is no such name. */
    readonly missing: ((name: string) => PyValue | undefined) | null = null,
    readonly file: string | null = null,
  ) {
    super(cls)
  }
}

export class PyProperty extends PyObject {
  constructor(
    cls: PyClass,
    readonly getter: PyValue,
    readonly setter: PyValue = null,
    /** Computed once and kept on the instance (functools.cached_property). */
    readonly cached = false,
  ) {
    super(cls)
  }
}

/** staticmethod and classmethod. */
export class PyWrapped extends PyObject {
  constructor(
    cls: PyClass,
    readonly func: PyValue,
  ) {
    super(cls)
  }
}

export class PySuper extends PyObject {
  constructor(
    cls: PyClass,
    readonly after: PyClass,
    readonly self: PyValue,
  ) {
    super(cls)
  }
}

/** str and bytes of a subclass, enum members with a mixed-in value: an object that stands for a plain value. */
export class PyBoxed extends PyObject {
  constructor(
    cls: PyClass,
    public value: PyValue,
  ) {
    super(cls)
  }
}

export class PyBytes extends PyObject {
  constructor(
    cls: PyClass,
    readonly value: string,
  ) {
    super(cls)
  }
}

export const isUnknown = (value: PyValue): value is PyUnknown => value instanceof PyUnknown

/** The JavaScript number of an int, bool or float; null for anything else. */
export function asNumber(value: PyValue): number | null {
  if (typeof value === 'number') return value
  if (value instanceof PyFloat) return value.value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof PyBoxed) return asNumber(value.value)
  return null
}

/** A whole number; null for anything else, floats included. */
export function asInt(value: PyValue): number | null {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof PyBoxed) return asInt(value.value)
  return null
}

export const asString = (value: PyValue): string | null =>
  typeof value === 'string' ? value : value instanceof PyBoxed && typeof value.value === 'string' ? value.value : null

/** An int as small as it can be held: bigints only where a number would lose digits. */
export function normalInt(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}

/** What a dict or set finds a value by; equal numbers of different types have one key. Null where it is unhashable. */
export function hashKey(value: PyValue): string | number | null {
  switch (typeof value) {
    case 'string':
      return `s${value}`
    case 'number':
      return value
    case 'boolean':
      return value ? 1 : 0
    case 'bigint':
      return `i${value}`
  }
  if (value === null) return 'None'
  if (value instanceof PyFloat) return Number.isInteger(value.value) ? value.value : `f${value.value}`
  if (value instanceof PyTuple) {
    const known = longKeys.get(value)
    if (known !== undefined) return known
    let key = 't'
    for (const item of value.items) {
      const part = hashKey(item)
      if (part === null) return null
      key += `(${typeof part === 'number' ? `n${part}` : part.length}:${part})`
    }
    if (key.length < 1000) return key
    // Tuples of tuples double with every level: what is long is made once, and what is very long is equal to itself only.
    if (key.length > LONGEST_KEY) key = `o${identity(value)}`
    longKeys.set(value, key)
    return key
  }
  if (value instanceof PySym) return `y${value.dim.coefficient}${value.dim.symbols.join()}`
  if (value instanceof PyBoxed) return value.cls.dict.has('__members__') ? `o${identity(value)}` : hashKey(value.value)
  if (value instanceof PyBytes) return `b${value.value}`
  if (value instanceof PyList || value instanceof PyDict) return null
  if (value instanceof PySet)
    return value.cls.name === 'frozenset' ? `S${[...value.entries.keys()].map(String).sort().join()}` : null
  return `o${identity(value)}`
}

const LONGEST_KEY = 100_000
const longKeys = new WeakMap<PyTuple, string>()

const identities = new WeakMap<object, number>()
let nextIdentity = 1
/** What id() gives: a number of its own for each object. */
export function identity(value: object): number {
  let id = identities.get(value)
  if (id === undefined) {
    id = nextIdentity++
    identities.set(value, id)
  }
  return id
}
