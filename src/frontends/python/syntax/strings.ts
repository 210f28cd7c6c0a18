import type * as ast from './ast'
import { fieldEnd, stringEnd, type Token } from './tokens'

/** What is needed to read the fields of a format string. */
export interface FormatContext {
  readonly text: string
  fieldExpression(start: number, end: number): ast.Expression
}

/** The characters of a literal that is no format string, escapes resolved. */
export function stringValue(text: string, token: Token): string {
  const { start, end } = content(text, token)
  const raw = text.slice(start, end).replace(/\r\n?/g, '\n')
  return token.text.includes('r') ? raw : resolveEscapes(raw, token.text.includes('b'))
}

/** The parts of a format string: text and fields, in order. */
export function formatParts(context: FormatContext, token: Token): (string | ast.FormatField)[] {
  const { start, end, mark } = content(context.text, token)
  return parts(context, start, end, mark, token.text.includes('r'), false)
}

function parts(
  context: FormatContext,
  start: number,
  end: number,
  mark: string,
  raw: boolean,
  spec: boolean,
): (string | ast.FormatField)[] {
  const { text } = context
  const out: (string | ast.FormatField)[] = []
  let literal = ''
  const flush = (): void => {
    if (literal) out.push(raw ? literal : resolveEscapes(literal, false))
    literal = ''
  }
  let at = start
  while (at < end) {
    const c = text[at]!
    if (!spec && (c === '{' || c === '}') && text[at + 1] === c) {
      literal += c
      at += 2
    } else if (c === '\\' && !raw && text.startsWith('\\N{', at)) {
      const close = text.indexOf('}', at)
      literal += text.slice(at, close < 0 ? end : close + 1)
      at = close < 0 ? end : close + 1
    } else if (c === '\\' && !raw) {
      literal += text.slice(at, at + 2)
      at += 2
    } else if (c === '{') {
      flush()
      const close = Math.min(fieldEnd(text, at, mark, end), end)
      out.push(...field(context, at, close, mark, raw))
      at = Math.max(close, at + 1)
    } else {
      literal += c
      at++
    }
  }
  flush()
  return out
}

/** One `{value!r:spec}`, from its brace to behind its closing one; `{value=}` gives the text too. */
function field(
  context: FormatContext,
  open: number,
  close: number,
  mark: string,
  raw: boolean,
): (string | ast.FormatField)[] {
  const { text } = context
  let at = open + 1
  let depth = 0
  for (; at < close - 1; at++) {
    const c = text[at]!
    if (c === '"' || c === "'") at = stringEnd(text, at, false, close).end - 1
    else if ('([{'.includes(c)) depth++
    else if (')]}'.includes(c)) depth--
    else if (depth === 0 && c === '!' && text[at + 1] !== '=') break
    else if (depth === 0 && c === ':') break
  }
  let valueEnd = at
  const source = text.slice(open + 1, valueEnd)
  const self = /=\s*$/.test(source) && !/[=!<>]=\s*$/.test(source)
  if (self) valueEnd = open + 1 + source.lastIndexOf('=')
  let conversion = ''
  if (text[at] === '!') {
    conversion = text[at + 1] ?? ''
    at += 2
  }
  const spec = text[at] === ':' ? parts(context, at + 1, close - 1, mark, raw, true) : []
  const value = context.fieldExpression(open + 1, valueEnd)
  if (!self) return [{ value, conversion, spec }]
  return [source, { value, conversion: conversion || (spec.length ? '' : 'r'), spec }]
}

function content(text: string, token: Token): { start: number; end: number; mark: string } {
  const quote = token.start + token.text.length
  const triple = text.startsWith(text[quote]!.repeat(3), quote) && token.end - quote >= 6
  const mark = triple ? text.slice(quote, quote + 3) : text[quote]!
  return { start: quote + mark.length, end: token.end - mark.length, mark }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
}

/** Resolves Python's escapes; what is no escape stays as it is, as Python does. Named characters stay as written. */
function resolveEscapes(text: string, bytes: boolean): string {
  if (!text.includes('\\')) return text
  const pattern = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\r\n|[\s\S]))/g
  return text.replace(pattern, (whole, octal, hex, short, long, other) => {
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8))
    if (hex) return String.fromCharCode(Number.parseInt(hex, 16))
    if (short && !bytes) return String.fromCharCode(Number.parseInt(short, 16))
    if (long && !bytes) {
      const point = Number.parseInt(long, 16)
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole
    }
    return other === '\r\n' ? '' : (ESCAPES[other as string] ?? whole)
  })
}
