import { call } from '../call'
import { onSubclass } from '../classes'
import { equals } from '../operators'
import { type Run, raise } from '../run'
import { repr, str } from '../text'
import {
  dict,
  intClass,
  iterator,
  lookup,
  native,
  nativeClass,
  nativeMethod,
  objectClass,
  propertyClass,
  pyModule,
  strClass,
  typeClass,
} from '../types'
import {
  hashKey,
  type Kwargs,
  PyBoxed,
  PyClass,
  PyDict,
  PyFunction,
  PyNative,
  PyObject,
  PyProperty,
  PyTuple,
  type PyValue,
  PyWrapped,
} from '../values'

/** A member: stands for its value where the enum mixes in int or str. */
class PyMember extends PyBoxed {
  constructor(
    cls: PyClass,
    readonly member: string,
    value: PyValue,
  ) {
    super(cls, value)
  }
}

const enumMeta = nativeClass('EnumMeta', [typeClass], 'enum')
const enumClass = (name: string, bases: PyClass[]): PyClass => {
  const cls = nativeClass(name, bases, 'enum')
  cls.cls = enumMeta
  return cls
}
const Enum = enumClass('Enum', [objectClass])
const IntEnum = enumClass('IntEnum', [intClass, Enum])
const StrEnum = enumClass('StrEnum', [strClass, Enum])
const Flag = enumClass('Flag', [Enum])
const autoClass = nativeClass('auto', undefined, 'enum')

enumMeta.dict.set(
  '__iter__',
  nativeMethod('__iter__', (_, [cls]) => iterator(members(cls as PyClass)[Symbol.iterator]())),
)
enumMeta.dict.set(
  '__len__',
  nativeMethod('__len__', (_, [cls]) => members(cls as PyClass).length),
)
enumMeta.dict.set(
  '__getitem__',
  nativeMethod(
    '__getitem__',
    (_, [cls, name]) => (cls as PyClass).dict.get(String(name)) ?? raise('KeyError', String(name)),
  ),
)
enumMeta.dict.set(
  '__contains__',
  nativeMethod('__contains__', (_, [cls, v]) => members(cls as PyClass).some(m => m === v || m.value === v)),
)
Enum.dict.set(
  'name',
  new PyProperty(
    propertyClass,
    native('name', (_, [self]) => (self as PyMember).member),
  ),
)
Enum.dict.set(
  'value',
  new PyProperty(
    propertyClass,
    native('value', (_, [self]) => (self as PyMember).value),
  ),
)
Enum.dict.set(
  '__repr__',
  nativeMethod(
    '__repr__',
    (run, [self]) =>
      `<${(self as PyMember).cls.name}.${(self as PyMember).member}: ${repr(run, (self as PyMember).value)}>`,
  ),
)
Enum.dict.set(
  '__str__',
  nativeMethod('__str__', (run, [self]) => {
    const { cls, member, value } = self as PyMember
    return cls.mro.includes(strClass) && !cls.mro.includes(Enum) ? str(run, value) : `${cls.name}.${member}`
  }),
)
Enum.dict.set(
  '__eq__',
  nativeMethod('__eq__', (run, [self, other]) => {
    const plain = (self as PyMember).cls.mro.some(c => c === intClass || c === strClass)
    return plain
      ? equals(run, (self as PyMember).value, other instanceof PyMember ? other.value : other!)
      : self === other
  }),
)
Enum.dict.set('_value_', Enum.dict.get('value')!)
Enum.dict.set('_name_', Enum.dict.get('name')!)
for (const cls of [Enum, IntEnum, StrEnum, Flag]) onSubclass(cls, makeEnum)

export const enumModule = pyModule('enum', [
  ['Enum', Enum],
  ['IntEnum', IntEnum],
  ['StrEnum', StrEnum],
  ['Flag', Flag],
  ['IntFlag', IntEnum],
  ['EnumMeta', enumMeta],
  ['EnumType', enumMeta],
  ['auto', autoClass],
  ['unique', native('unique', (_, [cls]) => cls!)],
])

const members = (cls: PyClass): PyMember[] => {
  const all = cls.dict.get('__members__')
  // An alias is the member that had the value first.
  return all instanceof PyDict ? ([...new Set([...all.entries.values()].map(e => e[1]))] as PyMember[]) : []
}

/** Turns what the body bound into members. */
function makeEnum(run: Run, cls: PyClass, _kwargs: Kwargs): PyValue {
  const all = dict()
  const byValue = new Map<string | number, PyMember>()
  let last = 0
  const init = lookup(cls, '__init__')
  for (const [name, given] of [...cls.dict]) {
    if (name.startsWith('_') || name.startsWith(' ') || isBehaviour(given)) continue
    const auto = given instanceof PyObject && given.cls === autoClass
    const value: PyValue = auto ? (cls.mro.includes(strClass) ? name.toLowerCase() : last + 1) : given
    if (typeof value === 'number') last = value
    const key = hashKey(value)
    const same = key === null ? undefined : byValue.get(key)
    const member = same ?? new PyMember(cls, name, value)
    if (key !== null) byValue.set(key, member)
    cls.dict.set(name, member)
    all.entries.set(hashKey(name)!, [name, member])
    if (!same && init instanceof PyFunction)
      call(run, init, [member, ...(value instanceof PyTuple ? value.items : [value])])
  }
  cls.dict.set('__members__', all)
  cls.convert = (_, kind, [value]) => {
    const key = hashKey(value instanceof PyMember ? value.value : value!)
    const found = key === null ? undefined : members(kind).find(m => m === value || hashKey(m.value) === key)
    return found ?? raise('ValueError', `${repr(run, value ?? null)} is not a valid ${kind.name}`)
  }
  return cls
}

const isBehaviour = (value: PyValue): boolean =>
  value instanceof PyFunction ||
  value instanceof PyNative ||
  value instanceof PyProperty ||
  value instanceof PyWrapped ||
  value instanceof PyClass
