import { closest, distance } from 'fastest-levenshtein'

/**
 * The known word that a misspelled one most likely means: the same letters in another case, or at most a third of the
 * letters and no more than two of them changed; else the only known word that begins with what is typed.
 */
export function nearest(text: string, known: readonly string[]): string | null {
  if (known.length === 0 || text.length > 60) return null
  const lower = text.toLowerCase()
  const recased = known.find(word => word.toLowerCase() === lower)
  if (recased !== undefined) return recased
  const near = closest(
    lower,
    known.map(word => word.toLowerCase()),
  )
  if (distance(lower, near) <= Math.min(2, Math.floor((text.length + 1) / 3)))
    return known.find(word => word.toLowerCase() === near)!
  const longer = text.length >= 3 ? known.filter(word => word.toLowerCase().startsWith(lower)) : []
  return longer.length === 1 ? longer[0]! : null
}
