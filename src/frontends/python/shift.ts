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
  const typed = after.slice(first, after.length - same)
  const changed = old.slice(first, last) + typed
  if (/\S/.test(changed) && !(line + changed).includes('#')) return null
  const by = after.length - old.length
  const start = (at: number): number => (at < first ? at : at >= last ? at + by : Number.NaN)
  const end = (at: number): number => (at <= first ? at : at >= last ? at + by : Number.NaN)
  const shift: Shift = {
    place: span => ({ start: start(span.start), end: span.end > span.start ? end(span.end) : start(span.end) }),
  }
  if (!changed.includes('\n') && !changed.includes('\r') && isComment(before, first, last, typed)) return shift
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
  return shift
}

/**
 * Whether a piece of a line stands behind the `#` of a comment, or `typed` makes it a comment where nothing stood: the
 * tokens of a text do not depend on it.
 */
function isComment({ text, tokens }: Text, first: number, last: number, typed: string): boolean {
  let low = 0
  let high = tokens.length
  while (low < high) {
    const middle = (low + high) >> 1
    const { start, end } = tokens[middle]!
    if (end < first || (end === first && start < end)) low = middle + 1
    else high = middle
  }
  const next = tokens[low]
  if (next === undefined || next.start < last) return false
  const line = Math.max(text.lastIndexOf('\n', first - 1), text.lastIndexOf('\r', first - 1)) + 1
  const before = text.slice(Math.max(line, tokens[low - 1]?.end ?? 0), first)
  if (before.includes('#')) return true
  // What a backslash carries on is no place for a comment.
  return /^[ \t]*#/.test(typed) && /^[ \t]*$/.test(before + text.slice(first, last)) && isEnd(text, last)
}

/** Whether nothing but a comment stands on the rest of a line. */
function isEnd(text: string, from: number): boolean {
  REST.lastIndex = from
  return REST.test(text)
}
const REST = /[ \t]*(?:[#\r\n]|$)/y
