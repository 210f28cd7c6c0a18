/** The largest whole number for which something holds that holds up to some number; null where not even for 1. */
export function largestWhere(holds: (n: number) => boolean): number | null {
  if (!holds(1)) return null
  let low = 1
  let high = 2
  while (holds(high) && high < LARGEST) high *= 2
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) low = middle
    else high = middle
  }
  return low
}

/** Nothing that is counted here is wider. */
const LARGEST = 2 ** 20
