import { distance, closest as nearest } from 'fastest-levenshtein'

/** The known word that a misspelled one most likely means: at most two letters off, a third of a short word. */
export function closest(text: string, known: readonly string[]): string | null {
  if (text.length > 60 || known.length === 0) return null
  const lower = text.toLowerCase()
  const same = known.find(word => word.toLowerCase() === lower)
  if (same !== undefined) return same
  const guess = nearest(text, known as string[])
  return distance(lower, guess.toLowerCase()) <= Math.min(2, Math.floor(text.length / 3)) ? guess : null
}

/** A word of the file as messages show it. */
export const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text)
