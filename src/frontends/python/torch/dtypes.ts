import { native, nativeClass, nativeMethod, propertyClass } from '../interpreter/types'
import { asString, PyClass, PyObject, PyProperty, type PyValue } from '../interpreter/values'

/** torch.dtype: one object a type, so that programs may compare them by identity. */
export const dtypeClass = nativeClass('dtype', undefined, 'torch')

class PyDtype extends PyObject {
  constructor(readonly name: string) {
    super(dtypeClass)
  }
}

/** Bytes an element. */
const WIDTHS: Readonly<Record<string, number>> = {
  bool: 1,
  uint8: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  float16: 2,
  bfloat16: 2,
  float32: 4,
  float64: 8,
  complex64: 8,
  complex128: 16,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  qint8: 1,
  quint8: 1,
  qint32: 4,
}

const ALIASES: Readonly<Record<string, string>> = {
  half: 'float16',
  float: 'float32',
  double: 'float64',
  short: 'int16',
  int: 'int32',
  long: 'int64',
  cfloat: 'complex64',
  cdouble: 'complex128',
}

const objects = new Map(Object.keys(WIDTHS).map(name => [name, new PyDtype(name)]))

/** The object of a type by its name: `float32`. */
export const dtypeObject = (name: string): PyValue => objects.get(name) ?? objects.get('float32')!

/** The members of `torch` that are types: `torch.float32`, `torch.long`. */
export const dtypeMembers: readonly [string, PyValue][] = [
  ...objects,
  ...Object.entries(ALIASES).map(([alias, name]): [string, PyValue] => [alias, objects.get(name)!]),
]

/** The name of a type given as torch.dtype, a string or a class of Python; null for anything else. */
export function dtypeName(value: PyValue): string | null {
  if (value instanceof PyDtype) return value.name
  const text = asString(value)
  if (text !== null) {
    const name = text.replace('torch.', '')
    return objects.has(name) ? name : (ALIASES[name] ?? null)
  }
  if (value instanceof PyClass && value.native)
    return ({ int: 'int64', float: 'float32', bool: 'bool' } as Record<string, string>)[value.name] ?? null
  return null
}

/** Bytes an element of a type takes. */
export const bytesOf = (name: string): number => WIDTHS[name] ?? 4

const property = (name: string, read: (dtype: PyDtype) => PyValue): void =>
  void dtypeClass.dict.set(
    name,
    new PyProperty(
      propertyClass,
      native(name, (_, [self]) => (self instanceof PyDtype ? read(self) : null)),
    ),
  )
property('is_floating_point', d => d.name.includes('float'))
property('is_complex', d => d.name.startsWith('complex'))
property('itemsize', d => bytesOf(d.name))
for (const name of ['__repr__', '__str__']) {
  dtypeClass.dict.set(
    name,
    nativeMethod(name, (_, [self]) => `torch.${(self as PyDtype).name}`),
  )
}
