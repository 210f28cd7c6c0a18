/** One way to write a place: what it would save, in the unit of the budget. */
export interface Saving<T> {
  readonly place: string
  readonly of: T
  /** More than 0. */
  readonly saved: number
}

/**
 * The cheapest set of edits that saves at least `need`: as few places as can do it, each changed once, and of the ways
 * to write those the mildest that still do. Savings of different places add up, since a rewrite leaves the shapes around
 * it alone. Null where all places together save less.
 */
export function cheapest<T>(savings: readonly Saving<T>[], need: number): Saving<T>[] | null {
  const byPlace = new Map<string, Saving<T>[]>()
  for (const saving of savings) byPlace.set(saving.place, [...(byPlace.get(saving.place) ?? []), saving])
  const places = [...byPlace.values()]
    .map(ways => ways.sort((a, b) => b.saved - a.saved))
    .sort((a, b) => b[0]!.saved - a[0]!.saved)
  const chosen: Saving<T>[][] = []
  let sum = 0
  for (const ways of places) {
    if (sum >= need) break
    chosen.push(ways)
    sum += ways[0]!.saved
  }
  if (sum < need) return null
  return chosen
    .reverse()
    .map(ways => {
      const others = sum - ways[0]!.saved
      const mildest = ways.findLast(way => others + way.saved >= need)!
      sum = others + mildest.saved
      return mildest
    })
    .reverse()
}
