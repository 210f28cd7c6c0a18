/**
 * Cuts a YAML text where it is safe, so that a keystroke costs one piece and damage in one row stays there: at the keys
 * of the root, at the items of a block list under such a key, and at the elements of a flow list there. Only texts are
 * looked at here; each piece is then parsed by the `yaml` package on its own.
 */

/** Part of a text from `start` up to `end`. */
export interface Piece {
  readonly start: number
  readonly end: number
}

/** One key of the root: all of it in `head`, unless its value is a list whose items were cut off. */
export interface Section {
  readonly head: Piece
  readonly items: readonly Piece[]
  /** `flow` lists stand in brackets at `open` and end before `close`; -1 where the closing bracket is missing. */
  readonly list: 'none' | 'block' | { readonly open: number; readonly close: number }
}

/** The sections of a text whose root is a block mapping; null where it is something else, or several documents. */
export function cutSections(text: string): readonly Section[] | null {
  const starts: number[] = []
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; at = nextLine(text, at)) {
    if (isBlank(text, at)) continue
    const first = text[at]!
    if (first === ' ' || first === '\t') {
      if (starts.length === 0) return null
      continue
    }
    if (text.startsWith('---', at) && starts.length === 0 && isBlank(text, at + 3)) continue
    if (first === '%' || /^(?:---|\.\.\.|\?)(?:\s|$)/.test(text.slice(at, at + 4))) return null
    KEY.lastIndex = at
    if (KEY.test(text)) starts.push(at)
    else if (starts.length === 0) return null
  }
  if (starts.length === 0) return null
  return starts.map((start, i) => cutList(text, start, starts[i + 1] ?? text.length))
}

/** The innermost bracket that a flow text leaves open, and the first that closes nothing; null where there is none. */
export function unmatchedBrackets(text: string): { readonly open: number | null; readonly close: number | null } {
  const open: number[] = []
  let close: number | null = null
  scan(text, 0, text.length, (at, c) => {
    if (c === '[' || c === '{') open.push(at)
    else if ((c === ']' || c === '}') && open.pop() === undefined) close ??= at
    return undefined
  })
  return { open: open.at(-1) ?? null, close }
}

/** How deep brackets and block indicators nest at most, roughly and from above; to refuse what would overflow a stack. */
export function nesting(text: string): number {
  let depth = 0
  let deepest = 0
  let dashes = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 0x5b || c === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (c === 0x5d || c === 0x7d) depth = Math.max(0, depth - 1)
    else if (c === 0x2d || c === 0x3f || c === 0x3a) deepest = Math.max(deepest, ++dashes)
    else if (c === 10) dashes = 0
    else if (c !== 0x20) dashes = Math.max(0, dashes - 1)
  }
  return deepest
}

const KEY = /(?:[A-Za-z_$][\w.$-]*|<<|"[^"\n\\]*"|'[^'\n]*')[ \t]*:(?=[ \t\r\n]|$)/y

const nextLine = (text: string, at: number): number => {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

/** Whether nothing but space and a comment stands from here to the end of the line. */
function isBlank(text: string, at: number): boolean {
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 10 || c === 0x23) return true
    if (c !== 0x20 && c !== 13 && c !== 9) return false
  }
  return true
}

function cutList(text: string, start: number, end: number): Section {
  const whole: Section = { head: { start, end }, items: [], list: 'none' }
  KEY.lastIndex = start
  KEY.test(text)
  const value = KEY.lastIndex
  let line = start
  if (isBlank(text, value)) {
    do line = nextLine(text, line)
    while (line < end && isBlank(text, line))
  } else line = value
  if (line >= end) return whole
  let first = line
  while (text[first] === ' ') first++
  if (text[first] === '[') return cutFlow(text, whole, first)
  return line !== value && isDash(text, first) ? cutBlock(text, whole, line, first - line) : whole
}

const isDash = (text: string, at: number): boolean => text[at] === '-' && /\s|^$/.test(text[at + 1] ?? '')

/** Items start at lines with a dash at the indent of the first; all else belongs to the item before. */
function cutBlock(text: string, whole: Section, from: number, indent: number): Section {
  const { start, end } = whole.head
  const starts: number[] = []
  for (let line = from; line < end; line = nextLine(text, line)) {
    let at = line
    while (text[at] === ' ') at++
    if (at - line === indent && isDash(text, at)) starts.push(line)
  }
  const items = starts.map((s, i) => ({ start: s, end: starts[i + 1] ?? end }))
  return { head: { start, end: from }, items, list: 'block' }
}

/**
 * Elements end at the commas of the list's own level. A line that opens a bracket where the rows do is a new row even
 * if the one before was not closed.
 */
function cutFlow(text: string, whole: Section, open: number): Section {
  const { start, end } = whole.head
  const items: Piece[] = []
  let depth = 0
  let from = -1
  let column = -1
  let last = open
  let close = -1
  const finish = (to: number): void => {
    if (from >= 0) items.push({ start: from, end: to })
    from = -1
  }
  scan(text, open, end, (at, c, lineStart) => {
    const opensRow = c === '[' && at > open && text.slice(lineStart, at).trim() === ''
    if (opensRow && column === at - lineStart && depth > 1) {
      finish(last)
      depth = 1
    }
    if (depth === 1 && from < 0 && c !== ',' && c !== ']') {
      from = at
      if (opensRow && column < 0) column = at - lineStart
    }
    if (c === '[' || c === '{') depth++
    else if (c === ']' || c === '}') depth--
    else if (c === ',' && depth === 1) finish(at)
    last = at + 1
    if (depth > 0) return undefined
    if (column >= 0 && rowFollows(text, at + 1, end, column)) {
      // One bracket too many in a row; the list goes on.
      depth = 1
      if (from < 0) from = at
      return undefined
    }
    finish(at)
    close = at
    return 'stop'
  })
  if (close < 0) finish(end)
  else {
    const after = text.slice(close + 1, end)
    if (!isBlank(after, 0) || /^[ \t]*[^\s#]/m.test(after.slice(nextLine(after, 0)))) return whole
  }
  return items.length < 2 ? whole : { head: { start, end: open }, items, list: { open, close } }
}

/** Whether the next line with content opens a bracket at `column`, behind no more than a comma and a comment. */
function rowFollows(text: string, at: number, end: number, column: number): boolean {
  let line = text[at] === ',' ? at + 1 : at
  if (!isBlank(text, line)) return false
  do line = nextLine(text, line)
  while (line < end && isBlank(text, line))
  return line < end && text[line + column] === '[' && text.slice(line, line + column).trim() === ''
}

/**
 * Calls back with every significant character of a flow text: brackets, commas, and the first character of each
 * quoted or plain run; comments and quoted contents are skipped.
 */
function scan(
  text: string,
  from: number,
  to: number,
  visit: (at: number, c: string, lineStart: number) => 'stop' | undefined,
): void {
  let lineStart = text.lastIndexOf('\n', from - 1) + 1
  let inWord = false
  for (let i = from; i < to; i++) {
    const c = text[i]!
    if (c === '\n') lineStart = i + 1
    if (c === ' ' || c === '\t' || c === '\r' || c === '\n') {
      // A plain scalar may hold spaces; a quote or a hash starts something new only behind one.
      inWord = false
      continue
    }
    if (c === '#' && !inWord) {
      const end = text.indexOf('\n', i)
      if (end < 0 || end >= to) return
      i = end - 1
      continue
    }
    const structural = c === '[' || c === ']' || c === '{' || c === '}' || c === ','
    if (!structural && inWord) continue
    if (visit(i, c, lineStart) === 'stop') return
    inWord = !structural
    if (!structural && (c === '"' || c === "'") && startsToken(text, i)) {
      i = quoteEnd(text, i, to)
      inWord = true
    }
  }
}

/** Whether a quote at this place opens a string: behind an indicator, not in the middle of a plain scalar. */
function startsToken(text: string, at: number): boolean {
  let before = at - 1
  while (before >= 0 && /\s/.test(text[before]!)) before--
  return (
    before < 0 ||
    '[{,:-?'.includes(text[before]!) ||
    /[&!][^\s,[\]{}]*$/.test(text.slice(Math.max(0, before - 80), before + 1))
  )
}

function quoteEnd(text: string, open: number, to: number): number {
  const quote = text[open]!
  for (let i = open + 1; i < to; i++) {
    if (text[i] === '\\' && quote === '"') i++
    else if (text[i] === quote) {
      if (quote === "'" && text[i + 1] === "'") i++
      else return i
    }
  }
  return to
}
