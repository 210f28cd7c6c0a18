import { items, onIterate } from '../../interpreter/iterate'
import { type Run, raise } from '../../interpreter/run'
import { iterator, list, nativeClass, nativeMethod, tuple } from '../../interpreter/types'
import { asString, PyDict, PyObject, type PyValue } from '../../interpreter/values'

/** `module._modules` and its kin: a dict of names that is the module's own, so that what is written there is registered. */
export const registryClass = nativeClass('OrderedDict', undefined, 'collections')

class PyRegistry extends PyObject {
  constructor(readonly map: Map<string, PyValue>) {
    super(registryClass)
  }
}

export const registry = (map: Map<string, PyValue>): PyObject => new PyRegistry(map)

type Method = (map: Map<string, PyValue>, args: readonly PyValue[], run: Run) => PyValue
const key = (value: PyValue | undefined): string => asString(value ?? null) ?? ''

const METHODS: Readonly<Record<string, Method>> = {
  __len__: map => map.size,
  __getitem__: (map, [name]) => {
    const found = map.get(key(name))
    return found === undefined ? raise('KeyError', key(name)) : found
  },
  __setitem__: (map, [name, value]) => {
    map.set(key(name), value ?? null)
    return null
  },
  __delitem__: (map, [name]) => {
    map.delete(key(name))
    return null
  },
  __contains__: (map, [name]) => map.has(key(name)),
  keys: map => list([...map.keys()]),
  values: map => list([...map.values()]),
  items: map => list([...map].map(([name, value]) => tuple([name, value]))),
  get: (map, [name, otherwise]) => map.get(key(name)) ?? otherwise ?? null,
  pop: (map, [name, otherwise]) => {
    const found = map.get(key(name))
    map.delete(key(name))
    return found ?? otherwise ?? null
  },
  clear: map => {
    map.clear()
    return null
  },
  update: (map, [more], run) => {
    if (more instanceof PyDict) for (const [name, value] of more.entries.values()) map.set(key(name), value)
    else if (more instanceof PyRegistry) for (const [name, value] of more.map) map.set(name, value)
    else {
      for (const pair of items(run, more ?? null) ?? []) {
        const [name, value] = items(run, pair) ?? []
        if (name !== undefined && value !== undefined) map.set(key(name), value)
      }
    }
    return null
  },
}

for (const [name, body] of Object.entries(METHODS)) {
  registryClass.dict.set(
    name,
    nativeMethod(name, (run, [self, ...args]) => (self instanceof PyRegistry ? body(self.map, args, run) : null)),
  )
}
const names = (value: PyValue): Iterator<PyValue> => (value as PyRegistry).map.keys()
onIterate(registryClass, (_, value) => names(value))
registryClass.dict.set(
  '__iter__',
  nativeMethod('__iter__', (_, [self]) => iterator(names(self!))),
)
