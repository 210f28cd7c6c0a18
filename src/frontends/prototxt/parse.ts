/**
 * Protobuf's text format (protobuf.dev/reference/protobuf/textformat-spec) as far as definitions of networks use it, with
 * the place of everything: fields with values or messages, `:` optional before `{`, either quote, `[…]` lists, `,` and `;`
 * after fields, `<…>` messages, `#` comments. It reads on after damage, and needs no stack for deep nesting.
 */
import type { Span } from '../../base/text'

export interface Scalar {
  readonly kind: 'string' | 'number' | 'word'
  /** A string without its quotes and escapes; else as it stands. */
  readonly text: string
  readonly span: Span
}

export interface Message {
  readonly kind: 'message'
  readonly fields: readonly Field[]
  /** With its brackets. */
  readonly span: Span
}

/** One `name: value` or `name { … }`. A list gives a field for each of its values. */
export interface Field {
  readonly name: string
  readonly nameSpan: Span
  readonly value: Scalar | Message
  readonly span: Span
}

/** What does not parse, in a sentence. */
export interface Damage {
  readonly span: Span
  readonly message: string
}

export interface Parsed {
  readonly root: Message
  readonly damage: readonly Damage[]
}

/** Reads a text; what is damaged is left out and said. */
export function parse(text: string): Parsed {
  const damage: Damage[] = []
  const tokens = tokenize(text, damage)
  const root: Open = { fields: [], start: 0, close: '', name: null }
  const stack: Open[] = [root]
  let at = 0
  const say = (span: Span, message: string): void => {
    if (damage.length < MOST_DAMAGE) damage.push({ span, message })
  }
  /** Ends the innermost message at an offset. */
  const end = (offset: number): void => {
    const { fields, start, name } = stack.pop()!
    const span = { start, end: offset }
    const value: Message = { kind: 'message', fields, span }
    stack
      .at(-1)!
      .fields.push({ name: name!.text, nameSpan: name!.span, value, span: { start: name!.span.start, end: offset } })
  }
  while (at < tokens.length) {
    const token = tokens[at]!
    const top = stack.at(-1)!
    if (token.kind === 'mark') {
      at++
      if (token.text === ',' || token.text === ';') continue
      if (CLOSING.has(token.text) && stack.length > 1) {
        if (token.text !== top.close)
          say(token.span, `\`${token.text}\` closes what \`${top.close === '}' ? '{' : '<'}\` opened.`)
        end(token.span.end)
      } else say(token.span, `\`${token.text}\` stands where a field is expected.`)
      continue
    }
    if (token.kind !== 'word') {
      say(token.span, `${token.text.slice(0, LONGEST)} stands where the name of a field is expected.`)
      at++
      continue
    }
    // A layer never stands inside a layer: the one before it was not closed.
    if (stack.length > 1 && startsLine(text, token.span.start) && LAYERS.has(token.text) && opens(tokens, at)) {
      say(stack[1]!.name!.span, `${stack[1]!.name!.text} is not closed: a \`}\` is missing.`)
      const offset = token.span.start
      while (stack.length > 1) end(offset)
    }
    at = field(tokens, at, stack, say)
  }
  if (stack.length > 1) {
    const { name } = stack[1]!
    say(name!.span, `${name!.text} is not closed: a \`}\` is missing.`)
    while (stack.length > 1) end(text.length)
  }
  return { root: { kind: 'message', fields: root.fields, span: { start: 0, end: text.length } }, damage }
}

/** Messages that make a network when they stand at its outermost level. */
const LAYERS: ReadonlySet<string> = new Set(['layer', 'layers'])
const CLOSING: ReadonlySet<string> = new Set(['}', '>'])
/** More damage than this helps nobody. */
const MOST_DAMAGE = 100
const LONGEST = 40

export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'mark'
  readonly text: string
  readonly span: Span
}

interface Open {
  readonly fields: Field[]
  readonly start: number
  readonly close: string
  readonly name: Token | null
}

type Say = (span: Span, message: string) => void

/** Reads one field whose name is at `at`, or opens its message; gives the place behind it. */
function field(tokens: readonly Token[], at: number, stack: Open[], say: Say): number {
  const name = tokens[at]!
  const { fields } = stack.at(-1)!
  const colon = tokens[at + 1]?.text === ':' && tokens[at + 1]?.kind === 'mark'
  let next = at + (colon ? 2 : 1)
  const token = tokens[next]
  const put = (value: Scalar): void => {
    fields.push({ name: name.text, nameSpan: name.span, value, span: { start: name.span.start, end: value.span.end } })
  }
  if (token?.kind === 'mark' && (token.text === '{' || token.text === '<')) {
    stack.push({ fields: [], start: token.span.start, close: token.text === '{' ? '}' : '>', name })
    return next + 1
  }
  if (token?.kind === 'mark' && token.text === '[' && colon) {
    for (next++; next < tokens.length && tokens[next]!.text !== ']'; ) {
      const value = scalar(tokens, next)
      if (!value && tokens[next]!.text !== ',') break
      if (value) put(value.scalar)
      next = value ? value.next : next + 1
    }
    if (tokens[next]?.text === ']') return next + 1
    say(token.span, `The list of ${name.text} is not closed: a \`]\` is missing.`)
    return next
  }
  const value = colon ? scalar(tokens, next) : null
  if (!value) {
    say(name.span, colon ? `${name.text} has no value.` : `${name.text} has neither a value nor a message.`)
    return next
  }
  put(value.scalar)
  return value.next
}

/** A value at a place; strings that stand side by side are one. */
function scalar(tokens: readonly Token[], at: number): { scalar: Scalar; next: number } | null {
  const first = tokens[at]
  if (!first || first.kind === 'mark' || isName(tokens, at)) return null
  let next = at + 1
  let { text, span } = first
  while (first.kind === 'string' && tokens[next]?.kind === 'string') {
    const more = tokens[next++]!
    text += more.text
    span = { start: span.start, end: more.span.end }
  }
  return { scalar: { kind: first.kind, text, span }, next }
}

/** Whether a word names a field: then the one before it has no value yet. */
const isName = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]!.kind === 'word' && tokens[at + 1]?.kind === 'mark' && /[:{<]/.test(tokens[at + 1]!.text)

const opens = (tokens: readonly Token[], at: number): boolean => {
  const next = tokens[at + 1]
  return next?.text === '{' || (next?.text === ':' && tokens[at + 2]?.text === '{')
}

function startsLine(text: string, offset: number): boolean {
  const before = text[offset - 1]
  return before === undefined || before === '\n' || before === '\r'
}

/** The words, numbers, strings and marks of a text, comments left out. */
export const tokensOf = (text: string): readonly Token[] => tokenize(text, [])

const TOKEN =
  /#[^\r\n]*|[\s\uFEFF]+|([A-Za-z_][\w./-]*)|([-+]?(?:\.\d|\d)[\w.+-]*)|"((?:\\[^\r\n]|[^"\\\r\n])*)("?)|'((?:\\[^\r\n]|[^'\\\r\n])*)('?)|([{}<>:,;[\]])|([\s\S])/uy

function tokenize(text: string, damage: Damage[]): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [whole, word, number, double, doubleEnd, single, singleEnd, mark, other] = match
    const span = { start: match.index, end: match.index + whole.length }
    if (word !== undefined) tokens.push({ kind: 'word', text: word, span })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, span })
    else if (double !== undefined || single !== undefined) {
      tokens.push({ kind: 'string', text: unescaped(double ?? single!), span })
      if (!(doubleEnd ?? singleEnd) && damage.length < MOST_DAMAGE) {
        damage.push({ span, message: 'The string is not closed on its line.' })
      }
    } else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark, span })
    else if (other !== undefined && damage.length < MOST_DAMAGE) {
      damage.push({ span, message: `\`${other}\` is not part of the format.` })
    }
  }
  return tokens
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

const unescaped = (text: string): string =>
  text.includes('\\') ? text.replace(/\\(.)/gsu, (_, c: string) => ESCAPES[c] ?? c) : text
