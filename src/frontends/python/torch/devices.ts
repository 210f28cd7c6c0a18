import { nativeClass, nativeMethod } from '../interpreter/types'
import { asInt, asString, PyObject, type PyValue } from '../interpreter/values'

/** torch.device: one object a name, so that equal devices are the same. Where a tensor lies changes nothing here. */
export const deviceClass = nativeClass('device', undefined, 'torch')

const objects = new Map<string, PyObject>()

/** The device of a name: `cpu`, `cuda:0`. */
export function deviceObject(name: string): PyObject {
  let device = objects.get(name)
  if (!device) {
    device = new PyObject(deviceClass)
    const [type, index] = name.split(':')
    device.attrs = new Map<string, PyValue>([
      ['type', type!],
      ['index', index === undefined ? null : Number(index)],
    ])
    if (objects.size < 64) objects.set(name, device)
  }
  return device
}

export const isDevice = (value: PyValue): boolean => value instanceof PyObject && value.cls === deviceClass

deviceClass.convert = (_run, _cls, args, kwargs) => {
  const [type, index] = [args[0] ?? kwargs.get('type') ?? null, args[1] ?? kwargs.get('index') ?? null]
  if (type instanceof PyObject && type.cls === deviceClass) return type
  const name = asString(type) ?? (asInt(type) === null ? 'cpu' : `cuda:${asInt(type)}`)
  const at = asInt(index)
  return deviceObject(at === null ? name : `${name}:${at}`)
}
const nameOf = (device: PyObject): string => {
  const index = device.attrs?.get('index')
  return `${device.attrs?.get('type')}${index === null || index === undefined ? '' : `:${index}`}`
}
deviceClass.dict.set(
  '__str__',
  nativeMethod('__str__', (_, [self]) => nameOf(self as PyObject)),
)
deviceClass.dict.set(
  '__repr__',
  nativeMethod('__repr__', (_, [self]) => `device('${nameOf(self as PyObject)}')`),
)
// A device is a context manager, too: `with torch.device('meta')`.
for (const name of ['__enter__', '__exit__'])
  deviceClass.dict.set(
    name,
    nativeMethod(name, () => null),
  )
