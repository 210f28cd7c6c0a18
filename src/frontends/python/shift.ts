import { lazy } from '../../base/lazy'
import type { Span } from '../../base/text'
import { type Token, tokenize } from './syntax/tokens'

/** A text with its tokens. */
export interface Text {
  readonly text: string
  readonly tokens: readonly Token[]
}
/** Its tokens are found when they are asked for. */
export const textOf = (text: string): Text => {
  const tokens = lazy(() => tokenize(text))
  return {
    text,
    get tokens() {
      return tokens()
    },
  }
}

/** Where the places of one text are in another one that has the same words. */
export interface Shift {
  /** Of what is spelled there; of an empty place, of what stands behind it. */
  place(span: Span): Span
}

/** How the places of a text move with one edit; null where the edit changes, adds or takes a word, or the edit is at the start. */
export function shiftBetween(before: Text, after: string): Shift | null {
  const old = before.text
  const least = Math.min(old.length, after.length)
  let first = 0
  while (first < least && old.charCodeAt(first) === after.charCodeAt(first)) first++
  let same = 0
  while (same < least - first && old.charCodeAt(old.length - 1 - same) === after.charCodeAt(after.length - 1 - same)) {
    same++
  }
  // Offset 0 stands for places that are none.
  if (first === 0 && old !== after) return null
  const last = old.length - same
  const line = old.slice(old.lastIndexOf('\n', first - 1) + 1, first)
  const changed = old.slice(first, last) + after.slice(first, after.length - same)
  if (/\S/.test(changed) && !(line + changed).includes('#')) return null
  const by = after.length - old.length
  const start = (at: number): number => (at < first ? at : at >= last ? at + by : Number.NaN)
  const end = (at: number): number => (at <= first ? at : at >= last ? at + by : Number.NaN)
  const tokens = tokenize(after)
  if (tokens.length !== before.tokens.length) return null
  for (let i = 0; i < tokens.length; i++) {
    const a = before.tokens[i]!
    const b = tokens[i]!
    if (a.kind !== b.kind || a.text !== b.text) return null
    if (a.start === a.end) continue
    if (b.start !== start(a.start) || b.end !== end(a.end)) return null
    if (a.start < last && a.end > first) return null
  }
  return { place: span => ({ start: start(span.start), end: span.end > span.start ? end(span.end) : start(span.end) }) }
}
