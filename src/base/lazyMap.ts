/**
 * A Map that takes no memory until something is put into it: of thousands of objects that could each hold many things
 * under names, most hold none.
 */
export class LazyMap<K, V> implements Map<K, V> {
  private made: Map<K, V> | null = null

  get size(): number {
    return this.made === null ? 0 : this.made.size
  }
  get [Symbol.toStringTag](): string {
    return 'LazyMap'
  }
  get(key: K): V | undefined {
    return this.made === null ? undefined : this.made.get(key)
  }
  has(key: K): boolean {
    return this.made?.has(key) ?? false
  }
  set(key: K, value: V): this {
    this.made ??= new Map()
    this.made.set(key, value)
    return this
  }
  delete(key: K): boolean {
    return this.made?.delete(key) ?? false
  }
  clear(): void {
    this.made = null
  }
  forEach(callback: (value: V, key: K, map: Map<K, V>) => void): void {
    this.made?.forEach(callback)
  }
  keys(): MapIterator<K> {
    return this.shown().keys()
  }
  values(): MapIterator<V> {
    return this.shown().values()
  }
  entries(): MapIterator<[K, V]> {
    return this.shown().entries()
  }
  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.shown().entries()
  }

  /** While nothing is in it, the one empty Map of all. */
  private shown(): Map<K, V> {
    return this.made ?? (NOTHING as Map<K, V>)
  }
}

const NOTHING: Map<unknown, unknown> = new Map()
