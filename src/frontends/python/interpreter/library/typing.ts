import { onAbstract, onSubclass } from '../classes'
import { items } from '../iterate'
import { mergeInto } from '../methods/containers'
import { containsValue, deleteItem, getItem, setItem } from '../operators'
import { type Run, raiseKey } from '../run'
import {
  bytesClass,
  classmethodClass,
  dict,
  dictClass,
  floatClass,
  frozensetClass,
  functionClass,
  intClass,
  isSubclass,
  iteratorClass,
  list,
  listClass,
  lookup,
  methodClass,
  native,
  nativeClass,
  nativeFunctionClass,
  nativeMethod,
  noneClass,
  pyModule,
  rangeClass,
  setClass,
  strClass,
  tuple,
  tupleClass,
  typeClass,
} from '../types'
import { type Kwargs, type PyClass, PyDict, PyUnknown, type PyValue, PyWrapped } from '../values'
import { collectionsModule, namedTuple } from './collections'
import { CLASS_VAR } from './dataclasses'

/** Names of typing that mean nothing to values; subscripted or called they stay what they are. */
const harmless = (name: string): PyUnknown => new PyUnknown(name, true)

const generic = nativeClass('Generic', undefined, 'typing')
const itself = new PyWrapped(
  classmethodClass,
  native('__class_getitem__', (_, [cls]) => cls!),
)
generic.dict.set('__class_getitem__', itself)
const protocol = nativeClass('Protocol', undefined, 'typing')
protocol.dict.set('__class_getitem__', itself)
const namedTupleClass = nativeClass('NamedTuple', [tupleClass], 'typing')
onSubclass(namedTupleClass, (_, cls) => {
  const annotations = cls.dict.get('__annotations__')
  const fields = annotations instanceof PyDict ? [...annotations.entries.values()].map(e => String(e[0])) : []
  const defaults = new Map(fields.filter(f => cls.dict.has(f)).map((f): [string, PyValue] => [f, cls.dict.get(f)!]))
  const made = namedTuple(cls.name, fields, defaults)
  for (const [name, value] of cls.dict) if (!fields.includes(name)) made.dict.set(name, value)
  made.module = cls.module
  return made
})
const typedDict = nativeClass('TypedDict', undefined, 'typing')
/** An abstract class: subclasses of `kinds`, and of what has all the `methods`. */
const abstract = (
  name: string,
  kinds: readonly PyClass[],
  methods: readonly string[],
  bases?: readonly PyClass[],
): [string, PyClass] => {
  const cls = nativeClass(name, bases, 'collections.abc')
  cls.dict.set('__class_getitem__', itself)
  onAbstract(
    cls,
    c => kinds.some(k => isSubclass(c, k)) || (methods.length > 0 && methods.every(m => lookup(c, m) !== undefined)),
  )
  return [name, cls]
}

type Mixin = (run: Run, self: PyValue, args: readonly PyValue[], kwargs: Kwargs) => PyValue
const keysOf = (run: Run, self: PyValue): PyValue[] => items(run, self) ?? []
/** What a mapping of the program has from its own `__getitem__`, `__iter__` and `__len__`. */
const READING: Readonly<Record<string, Mixin>> = {
  get: (run, self, [key, otherwise]) =>
    containsValue(run, self, key!) === true ? getItem(run, self, key!) : (otherwise ?? null),
  keys: (run, self) => list(keysOf(run, self)),
  values: (run, self) => list(keysOf(run, self).map(k => getItem(run, self, k))),
  items: (run, self) => list(keysOf(run, self).map(k => tuple([k, getItem(run, self, k)]))),
}
const WRITING: Readonly<Record<string, Mixin>> = {
  update(run, self, [more], kwargs) {
    const all = dict()
    if (more !== undefined) mergeInto(run, all, more)
    for (const [k, v] of all.entries.values()) setItem(run, self, k, v)
    for (const [k, v] of kwargs) setItem(run, self, k, v)
    return null
  },
  pop(run, self, [key, otherwise]) {
    if (containsValue(run, self, key!) !== true) return otherwise !== undefined ? otherwise : raiseKey(key!)
    const value = getItem(run, self, key!)
    deleteItem(run, self, key!)
    return value
  },
  setdefault(run, self, [key, value]) {
    if (containsValue(run, self, key!) !== true) setItem(run, self, key!, value ?? null)
    return getItem(run, self, key!)
  },
}
function mapping(
  name: string,
  methods: Readonly<Record<string, Mixin>>,
  bases?: readonly PyClass[],
): [string, PyClass] {
  const row = abstract(name, [dictClass], [], bases)
  for (const [key, method] of Object.entries(methods))
    row[1].dict.set(
      key,
      nativeMethod(key, (run, [self, ...args], kwargs) => method(run, self!, args, kwargs)),
    )
  return row
}

const SEQUENCES = [listClass, tupleClass, strClass, rangeClass, bytesClass]
const ITERABLES = [...SEQUENCES, dictClass, setClass, frozensetClass, iteratorClass]
const CALLABLES = [functionClass, nativeFunctionClass, methodClass, typeClass]

const readOnly = mapping('Mapping', READING)

export const typingModule = pyModule(
  'typing',
  [
    ['TYPE_CHECKING', false],
    ['Generic', generic],
    ['Protocol', protocol],
    ['NamedTuple', namedTupleClass],
    ['TypedDict', typedDict],
    ['ClassVar', new PyUnknown(CLASS_VAR, true)],
    ['cast', native('cast', (_, [, value]) => value!)],
    ['TypeVar', native('TypeVar', () => harmless('TypeVar'))],
    ['NewType', native('NewType', (_, [, cls]) => cls!)],
    ['overload', native('overload', (_, [f]) => f!)],
    ['final', native('final', (_, [f]) => f!)],
    ['override', native('override', (_, [f]) => f!)],
    ['no_type_check', native('no_type_check', (_, [f]) => f!)],
    ['runtime_checkable', native('runtime_checkable', (_, [f]) => f!)],
    ['get_type_hints', native('get_type_hints', () => harmless('typing.get_type_hints'))],
    // Aliases that are called and subclassed like what they stand for.
    ...(
      [
        ['OrderedDict', 'OrderedDict'],
        ['DefaultDict', 'defaultdict'],
        ['Counter', 'Counter'],
        ['Deque', 'deque'],
      ] as const
    ).map(([alias, name]): [string, PyValue] => [alias, collectionsModule.dict.get(name)!]),
    abstract('Iterable', ITERABLES, ['__iter__']),
    abstract('Iterator', [iteratorClass], ['__iter__', '__next__']),
    abstract('Collection', ITERABLES.slice(0, -1), ['__iter__', '__len__', '__contains__']),
    abstract('Sized', ITERABLES.slice(0, -1), ['__len__']),
    abstract('Container', ITERABLES.slice(0, -1), ['__contains__']),
    abstract('Sequence', SEQUENCES, []),
    abstract('MutableSequence', [listClass], []),
    readOnly,
    mapping('MutableMapping', WRITING, [readOnly[1]]),
    abstract('Set', [setClass, frozensetClass], []),
    abstract('Callable', CALLABLES, ['__call__']),
    abstract('Hashable', [intClass, strClass, tupleClass, floatClass, noneClass], []),
  ],
  name => (/^[A-Z]/.test(name) ? harmless(name) : undefined),
)
