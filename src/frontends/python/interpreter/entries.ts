import { raise } from './run'
import { typeOf } from './types'
import { hashKey, type PyDict, type PySet, type PyValue } from './values'

export function addToSet(set: PySet, item: PyValue): void {
  const key = hashKey(item)
  if (key === null) raise('TypeError', `unhashable type: '${typeOf(item).name}'`)
  if (!set.entries.has(key!)) set.entries.set(key!, item)
}

export function addToDict(into: PyDict, key: PyValue, value: PyValue): void {
  const hash = hashKey(key)
  if (hash === null) raise('TypeError', `unhashable type: '${typeOf(key).name}'`)
  into.entries.set(hash!, [into.entries.get(hash!)?.[0] ?? key, value])
}
