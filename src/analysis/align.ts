import { diffArrays } from 'diff'

/** Something with a place among the modules of a network, and how like another it is. */
export interface Alignable {
  /** Module path. Segments that are numbers say an order and no name: `layer1.0.conv2`, `model.4.cv1`. */
  readonly path: string
  /** From "the same in every respect" to "of one family"; things that share a key are alike to that degree. */
  readonly keys: readonly string[]
}

/** Two that stand for each other, or one that the other side lacks. */
export type Pair<T> = readonly [T, T] | readonly [T, null] | readonly [null, T]

/**
 * Aligns two lists of layers, each in the order of its network: modules by their names, those that are numbered by what
 * is in them (an inserted row shifts the numbers of all that follow), and what is left by likeness between the
 * neighbours that were found. The answer is in the order of `b`; what only `a` has stands after what it follows in `a`.
 */
export function align<T extends Alignable>(a: readonly T[], b: readonly T[]): Pair<T>[] {
  const found = new Map<T, T>()
  const context: Context<T> = { found, taken: new Set(), ids: new Map() }
  alignBranches(branchOf(a), branchOf(b), context)
  alignRest(a, b, context)
  return merge(a, b, found)
}

interface Context<T> {
  readonly found: Map<T, T>
  readonly taken: Set<T>
  /** Numbers for texts, which compare faster. */
  readonly ids: Map<string, number>
}

/** A module: what is called by its own path, and the modules in it, in the order in which they come first. */
interface Branch<T> {
  readonly segment: string
  readonly own: T[]
  readonly children: Map<string, Branch<T>>
}

const branch = <T>(segment: string): Branch<T> => ({ segment, own: [], children: new Map() })

function branchOf<T extends Alignable>(items: readonly T[]): Branch<T> {
  const root = branch<T>('')
  for (const item of items) {
    let at = root
    for (const segment of item.path === '' ? [] : item.path.split('.')) {
      let next = at.children.get(segment)
      if (!next) {
        next = branch(segment)
        at.children.set(segment, next)
      }
      at = next
    }
    at.own.push(item)
  }
  return root
}

const leavesOf = <T>({ own, children }: Branch<T>): T[] => [...own, ...[...children.values()].flatMap(leavesOf)]

/** `3`, and `0_1` of the second thing that stands in one place. */
const isNumber = (segment: string): boolean => /^\d+(_\d+)?$/.test(segment)

function alignBranches<T extends Alignable>(a: Branch<T>, b: Branch<T>, context: Context<T>): void {
  const [ownA, ownB] = alignOwn(a.own, b.own, context)
  const [restA, restB] = alignChildren([...a.children.values()], [...b.children.values()], context)
  // A layer that became a module with several in it, or the other way round.
  alignInside(ownA, restB.flatMap(leavesOf), context)
  alignInside(restA.flatMap(leavesOf), ownB, context)
}

/** Calls of one path: alike ones first, then in order. Gives what one side has more of. */
function alignOwn<T extends Alignable>(a: readonly T[], b: readonly T[], context: Context<T>): [T[], T[]] {
  const pairs = a.length === 1 && b.length === 1 ? [] : sequence(a, b, STRICT, keyIn(context))
  for (const [x, y] of pairs) pair(x, y, context)
  const [restA, restB] = [left(a, context), left(b, context)]
  const both = Math.min(restA.length, restB.length)
  for (let i = 0; i < both; i++) pair(restA[i]!, restB[i]!, context)
  return [restA.slice(both), restB.slice(both)]
}

function alignChildren<T extends Alignable>(
  a: readonly Branch<T>[],
  b: readonly Branch<T>[],
  context: Context<T>,
): [Branch<T>[], Branch<T>[]] {
  const places = new Map(b.map(({ segment }, i) => [segment, i]))
  const keys = branchKeys(context)
  const named: [number, number][] = []
  const doubtful: [Branch<T>, Branch<T>][] = []
  for (const [i, x] of a.entries()) {
    const j = isNumber(x.segment) ? undefined : places.get(x.segment)
    if (j === undefined) continue
    const y = b[j]!
    // A layer of another family may have taken the name, and stand beside the one that had it.
    if (isModule(x) || isModule(y) || keys(x, FAMILY) === keys(y, FAMILY)) named.push([i, j])
    else doubtful.push([x, y])
  }
  const pairs: [Branch<T>, Branch<T>][] = named.map(([i, j]) => [a[i]!, b[j]!])
  const paired = new Set(pairs.flat())
  for (const [fromA, toA, fromB, toB] of gapsBetween(increasing(named), a.length, b.length)) {
    const restA = a.slice(fromA, toA).filter(each => !paired.has(each))
    const restB = b.slice(fromB, toB).filter(each => !paired.has(each))
    for (const [x, y] of alignGap(restA, restB, keys)) {
      pairs.push([x, y])
      paired.add(x).add(y)
    }
  }
  for (const [x, y] of doubtful) {
    if (paired.has(x) || paired.has(y)) continue
    pairs.push([x, y])
    paired.add(x).add(y)
  }
  for (const [x, y] of pairs) alignBranches(x, y, context)
  return [a.filter(each => !paired.has(each)), b.filter(each => !paired.has(each))]
}

/**
 * Modules between two neighbours that were found: by what is in them, then by number, and numbered ones then by sharing a
 * kind of layer (a layer that became a module under a number that shifted).
 */
function alignGap<T extends Alignable>(
  a: readonly Branch<T>[],
  b: readonly Branch<T>[],
  keys: (branch: Branch<T>, level: number) => number,
): [Branch<T>, Branch<T>][] {
  if (!a.length || !b.length) return []
  const pairs = sequence(a, b, ALL, keys)
  const paired = new Set<Branch<T>>(pairs.flat())
  const bySegment = new Map(b.filter(each => !paired.has(each)).map(each => [each.segment, each]))
  for (const x of a) {
    const y = paired.has(x) ? undefined : bySegment.get(x.segment)
    if (!y || !(isModule(x) || isModule(y))) continue
    pairs.push([x, y])
    paired.add(x).add(y)
  }
  const restB = b.filter(each => !paired.has(each) && isNumber(each.segment))
  let next = 0
  for (const x of a) {
    if (paired.has(x) || !isNumber(x.segment)) continue
    const kinds = kindsOf(x)
    const at = restB.slice(next, next + LOOK_AHEAD).findIndex(y => {
      return (isModule(x) || isModule(y)) && [...kindsOf(y)].some(kind => kinds.has(kind))
    })
    if (at < 0) continue
    pairs.push([x, restB[next + at]!])
    next += at + 1
  }
  return pairs
}

const isModule = <T>({ children }: Branch<T>): boolean => children.size > 0

const kindsOf = <T extends Alignable>(each: Branch<T>): Set<string> =>
  new Set(leavesOf(each).map(({ keys }) => keys[KIND]!))

/** The one of several layers that is most like what stood there alone. */
function alignInside<T extends Alignable>(a: readonly T[], b: readonly T[], context: Context<T>): void {
  if (!a.length || !b.length) return
  for (const [x, y] of sequence(left(a, context), left(b, context), ALL, keyIn(context))) pair(x, y, context)
}

/** What is left of both sides, wherever it stands, between the neighbours that were found. */
function alignRest<T extends Alignable>(a: readonly T[], b: readonly T[], context: Context<T>): void {
  const places = new Map(b.map((item, j) => [item, j]))
  const anchors: [number, number][] = []
  for (const [i, item] of a.entries()) {
    const j = places.get(context.found.get(item)!)
    if (j !== undefined) anchors.push([i, j])
  }
  for (const [fromA, toA, fromB, toB] of gapsBetween(increasing(anchors), a.length, b.length)) {
    const restA = left(a.slice(fromA, toA), context)
    const restB = left(b.slice(fromB, toB), context)
    // Far from any neighbour a layer of the same kind need not be the same one.
    const levels = Math.max(restA.length, restB.length) <= NEAR ? STRICT_AND_KIND : STRICT
    for (const [x, y] of sequence(restA, restB, levels, keyIn(context))) pair(x, y, context)
  }
}

function pair<T>(x: T, y: T, { found, taken }: Context<T>): void {
  found.set(x, y)
  taken.add(x).add(y)
}

const left = <T>(items: readonly T[], { taken }: Context<T>): T[] => items.filter(item => !taken.has(item))

const keyIn =
  <T extends Alignable>({ ids }: Context<T>) =>
  (item: T, level: number): number =>
    idOf(ids, item.keys[level]!)

/** Modules are as like as what is in them, in order. */
function branchKeys<T extends Alignable>({ ids }: Context<T>): (branch: Branch<T>, level: number) => number {
  const known = new Map<Branch<T>, number[]>()
  return (each, level) => {
    let keys = known.get(each)
    if (!keys) {
      const leaves = leavesOf(each)
      keys = ALL.map(at => idOf(ids, leaves.map(({ keys }) => idOf(ids, keys[at]!)).join(' ')))
      known.set(each, keys)
    }
    return keys[level]!
  }
}

function idOf(ids: Map<string, number>, text: string): number {
  let id = ids.get(text)
  if (id === undefined) {
    id = ids.size
    ids.set(text, id)
  }
  return id
}

/** Pairs in the order of both lists: at the first level all that agree there, between them those of the next level. */
function sequence<E>(
  a: readonly E[],
  b: readonly E[],
  levels: readonly number[],
  keyOf: (item: E, level: number) => number,
): [E, E][] {
  const [level, ...further] = levels
  if (level === undefined || !a.length || !b.length) return []
  const common = longestCommon(
    a.map(item => keyOf(item, level)),
    b.map(item => keyOf(item, level)),
  )
  const pairs: [E, E][] = common.map(([i, j]) => [a[i]!, b[j]!])
  for (const [fromA, toA, fromB, toB] of gapsBetween(common, a.length, b.length)) {
    pairs.push(...sequence(a.slice(fromA, toA), b.slice(fromB, toB), further, keyOf))
  }
  return pairs
}

/** Places of a longest common subsequence; of a shorter one where the lists have too little in common to look on. */
function longestCommon(a: readonly number[], b: readonly number[]): [number, number][] {
  const pairs: [number, number][] = []
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) pairs.push([start, start++])
  let [endA, endB] = [a.length, b.length]
  const tail: [number, number][] = []
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) tail.push([--endA, --endB])
  const inB = new Set(b.slice(start, endB))
  const inA = new Set(a.slice(start, endA).filter(key => inB.has(key)))
  // What only one side has cannot be common; without it the search is short even for lists that share little.
  const at = (list: readonly number[], end: number): number[] =>
    list.slice(start, end).flatMap((key, i) => (inA.has(key) ? [start + i] : []))
  const [placesA, placesB] = [at(a, endA), at(b, endB)]
  const keysA = placesA.map(i => a[i]!)
  const keysB = placesB.map(j => b[j]!)
  const parts = diffArrays(keysA, keysB, { maxEditLength: MOST_EDITS })
  if (parts) {
    let [i, j] = [0, 0]
    for (const { added, removed, count } of parts) {
      if (!added && !removed) for (let k = 0; k < count; k++) pairs.push([placesA[i + k]!, placesB[j + k]!])
      if (!added) i += count
      if (!removed) j += count
    }
  } else {
    let next = 0
    for (const [i, key] of keysA.entries()) {
      const found = keysB.slice(next, next + LOOK_AHEAD).indexOf(key)
      if (found < 0) continue
      pairs.push([placesA[i]!, placesB[next + found]!])
      next += found + 1
    }
  }
  return [...pairs, ...tail.reverse()]
}

/** What lies between pairs of places that increase on both sides, as [from, to) of each. */
function gapsBetween(
  pairs: readonly (readonly [number, number])[],
  lengthA: number,
  lengthB: number,
): [number, number, number, number][] {
  const gaps: [number, number, number, number][] = []
  let [a, b] = [0, 0]
  for (const [i, j] of [...pairs, [lengthA, lengthB] as const]) {
    if (i > a && j > b) gaps.push([a, i, b, j])
    a = i + 1
    b = j + 1
  }
  return gaps
}

/** The most of pairs, ordered by their first place, whose second places increase as well. */
function increasing(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  // Of the runs of each length, the one that ends lowest; a run is found again through the pair before each.
  const ends: number[] = []
  const before: number[] = []
  for (const [at, [, j]] of pairs.entries()) {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (pairs[ends[middle]!]![1] < j) low = middle + 1
      else high = middle
    }
    before.push(low > 0 ? ends[low - 1]! : -1)
    ends[low] = at
  }
  const run: (readonly [number, number])[] = []
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at]!) run.push(pairs[at]!)
  return run.reverse()
}

function merge<T>(a: readonly T[], b: readonly T[], found: ReadonlyMap<T, T>): Pair<T>[] {
  const of = new Map([...found].map(([x, y]) => [y, x]))
  const after = new Map<T | null, T[]>()
  let last: T | null = null
  for (const item of a) {
    if (found.has(item)) {
      last = item
      continue
    }
    const list = after.get(last)
    if (list) list.push(item)
    else after.set(last, [item])
  }
  const removed = (item: T | null): Pair<T>[] => (after.get(item) ?? []).map(each => [each, null] as const)
  return [
    ...removed(null),
    ...b.flatMap((item): Pair<T>[] => {
      const own = of.get(item)
      return own === undefined ? [[null, item]] : [[own, item], ...removed(own)]
    }),
  ]
}

/** Levels of keys: the same in every respect, alike (what it does and gives), of a kind, of a family. */
const ALL = [0, 1, 2, 3] as const
const STRICT = [0, 1] as const
const STRICT_AND_KIND = [0, 1, 2] as const
const KIND = 2
const FAMILY = 3

const MOST_EDITS = 600
const LOOK_AHEAD = 64
const NEAR = 32
