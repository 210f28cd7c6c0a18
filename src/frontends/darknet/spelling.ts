import { distance, closest as nearest } from 'fastest-levenshtein'

/** The known word that a misspelled one most likely means: at most two letters off, a third of a short word. */
export function closest(text: string, known: readonly string[]): string | null {
  if (text.length > 60 || known.length === 0) return null
  const guess = nearest(text.toLowerCase(), known as string[])
  return distance(text.toLowerCase(), guess.toLowerCase()) <= Math.min(2, Math.floor(text.length / 3)) ? guess : null
}
