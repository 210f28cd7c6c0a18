import { lineStarts, positionAt, type Span } from '../../base/text'
import type { Site } from '../../core/graph'
import { numbersGiven } from './arguments'
import type { Places } from './torch/trace'

/** Sites of a program: one an expression, wherever its file is. The analysed file's carry where the hint stands. */
export interface ProgramPlaces extends Places {
  /** What messages call a place, once the model is complete: the attribute that holds the layer. */
  rename(site: Site, name: string): void
}

export function programPlaces(file: string, text: string, read: (file: string) => string | undefined): ProgramPlaces {
  const sites = new Map<string, MutableSite>()
  // A node of a syntax tree is of one file, and is asked for at each of its calls.
  const bySpan = new Map<Span, MutableSite>()
  const renamed = new Set<Site>()
  const starts = new Map<string, readonly number[]>()
  const startsOf = (of: string): readonly number[] => {
    let known = starts.get(of)
    if (!known) {
      known = lineStarts(of === file ? text : (read(of) ?? ''))
      starts.set(of, known)
    }
    return known
  }
  return {
    site(of, span, name, signature) {
      const before = bySpan.get(span)
      if (before) return before
      const key = `${of} ${span.start} ${span.end}`
      const known = sites.get(key)
      if (known) {
        bySpan.set(span, known)
        return known
      }
      const own = of === file
      const made: MutableSite = {
        span: { start: span.start, end: span.end },
        anchor: own ? anchorOf(text, span) : span.end,
        name,
        ...(own ? {} : { uri: of ?? NOWHERE, line: of === null ? 0 : positionAt(startsOf(of), span.start).line }),
      }
      if (own && signature) made.attributes = numbersGiven(span, signature)
      sites.set(key, made)
      bySpan.set(span, made)
      return made
    },
    rename(site, name) {
      if (renamed.has(site)) return
      renamed.add(site)
      ;(site as MutableSite).name = name
    },
  }
}

/** What stands in no file: the expression that a reader asked for. */
const NOWHERE = 'expression:'

/** The end of the line on which a place starts, before a comment and the white space in front of it. */
export function anchorOf(text: string, { start }: Span): number {
  let at = start
  let quote = ''
  for (; at < text.length; at++) {
    const c = text[at]!
    if (c === '\n' || c === '\r') break
    if (quote) {
      if (c === '\\') at++
      else if (text.startsWith(quote, at)) {
        at += quote.length - 1
        quote = ''
      }
    } else if (c === '"' || c === "'") {
      quote = text.startsWith(c.repeat(3), at) ? c.repeat(3) : c
      at += quote.length - 1
    } else if (c === '#') break
  }
  at = Math.min(at, text.length)
  while (at > start && ' \t'.includes(text[at - 1]!)) at--
  return at
}

type MutableSite = { -readonly [K in keyof Site]: Site[K] }
