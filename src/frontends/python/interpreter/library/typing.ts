import { onSubclass } from '../classes'
import { native, nativeClass, pyModule, tupleClass } from '../types'
import { type PyClass, PyDict, PyUnknown, type PyValue } from '../values'
import { namedTuple } from './collections'
import { CLASS_VAR } from './dataclasses'

/** Names of typing that mean nothing to values; subscripted or called they stay what they are. */
const harmless = (name: string): PyUnknown => new PyUnknown(name, true)

const generic = nativeClass('Generic', undefined, 'typing')
generic.dict.set(
  '__class_getitem__',
  native('__class_getitem__', () => generic),
)
const protocol = nativeClass('Protocol', undefined, 'typing')
protocol.dict.set(
  '__class_getitem__',
  native('__class_getitem__', () => protocol),
)
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
const abstract = (name: string, methods: readonly string[]): [string, PyClass] => {
  const cls = nativeClass(name, undefined, 'collections.abc')
  cls.mro = [cls, ...cls.mro.slice(1)]
  abstractMethods.set(cls, methods)
  cls.dict.set(
    '__class_getitem__',
    native('__class_getitem__', () => cls),
  )
  return [name, cls]
}

/** Classes that isinstance answers by what a value can do. */
export const abstractMethods = new Map<PyClass, readonly string[]>()

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
    abstract('Iterable', ['__iter__']),
    abstract('Sequence', ['__getitem__', '__len__']),
    abstract('Mapping', ['keys', '__getitem__']),
    abstract('Callable', ['__call__']),
    abstract('Hashable', ['__hash__']),
  ],
  name => (/^[A-Z]/.test(name) ? harmless(name) : undefined),
)
