import type { Span } from '../../base/text'
import type { Problem, ProblemCode, Severity } from '../../core/problem'

/** One `key=value` line. Keys and values are as Darknet reads them: without any white space. */
export interface Option {
  readonly key: string
  readonly keySpan: Span
  /** Null for a line without a value: Darknet ignores it. A comment behind a value is not part of it. */
  readonly value: string | null
  /** Where the value stands, empty behind the `=` where there is none. */
  readonly valueSpan: Span
}

/** A `[name]` line and the options that follow it. */
export interface Section {
  readonly name: string
  /** The header, brackets included. */
  readonly header: Span
  /** Whether the closing bracket is there. */
  readonly closed: boolean
  readonly options: readonly Option[]
  /** From the header to the end of the last line that says something. */
  readonly span: Span
}

export interface Cfg {
  readonly sections: readonly Section[]
  readonly problems: readonly Problem[]
}

/** A cfg of a real network has some thousand sections and 100 kB; what goes far beyond is not read. */
const MAX_SECTIONS = 50_000
const MAX_TEXT = 4_000_000
const MAX_PROBLEMS = 500

/**
 * Reads a cfg as Darknet's `read_cfg` and `read_option` do (src/parser.c, src/option_list.c): white space has no
 * meaning, `#` and `;` start comment lines, and what cannot be read is skipped. Never throws.
 */
export function parseCfg(text: string): Cfg {
  const reader = new Reader(text)
  reader.read()
  return { sections: reader.sections, problems: reader.problems }
}

type OpenSection = { -readonly [K in keyof Section]: Section[K] } & {
  options: Option[]
  span: { start: number; end: number }
}

class Reader {
  readonly sections: OpenSection[] = []
  readonly problems: Problem[] = []
  private current: OpenSection | undefined
  private toldStray = false

  constructor(private readonly text: string) {}

  read(): void {
    const { text } = this
    const length = text.length > MAX_TEXT ? Math.max(0, text.lastIndexOf('\n', MAX_TEXT)) : text.length
    let at = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0
    while (at < length) {
      let end = at
      while (end < length && !isLineEnd(text.charCodeAt(end))) end++
      const next = end + 1
      while (at < end && isBlank(text.charCodeAt(at))) at++
      while (end > at && isBlank(text.charCodeAt(end - 1))) end--
      if (at < end && !this.line(at, end)) return
      at = next
    }
    if (length < text.length) {
      this.limit({ start: length, end: length + 1 }, `${MAX_TEXT.toLocaleString('en')} characters`)
    }
  }

  /** One line without the white space around it; false when a bound is reached. */
  private line(start: number, end: number): boolean {
    const first = this.text.charCodeAt(start)
    if (first === HASH || first === SEMICOLON) return true
    if (first === BRACKET) return this.header(start, end)
    if (this.current) this.option(this.current, start, end)
    else if (!this.toldStray) {
      this.toldStray = true
      this.report('syntax', 'error', { start, end }, 'Darknet expects a [net] section before the first option.')
    }
    return true
  }

  private header(start: number, end: number): boolean {
    if (this.sections.length === MAX_SECTIONS) {
      this.limit({ start, end }, `${MAX_SECTIONS.toLocaleString('en')} sections`)
      return false
    }
    const line = this.text.slice(start, end)
    const close = line.indexOf(']')
    const comment = line.search(/[#;]/)
    const named = close >= 0 ? close : comment >= 0 ? comment : line.length
    const name = compact(line.slice(1, named))
    const header = { start, end: start + (close >= 0 ? close + 1 : line.slice(0, named).trimEnd().length) }
    if (close < 0) {
      this.report('syntax', 'error', header, `[${name} lacks its closing bracket.`, {
        title: 'Add ]',
        edits: [{ span: { start: header.end, end: header.end }, newText: ']' }],
      })
    } else if (header.end < end) {
      const rest = { start: header.end, end }
      this.report(
        'syntax',
        'warning',
        rest,
        `Darknet takes the whole line as the name of the section; nothing may follow [${name}].`,
      )
    }
    this.current = { name, header, closed: close >= 0, options: [], span: { start, end } }
    this.sections.push(this.current)
    return true
  }

  private option(section: OpenSection, start: number, end: number): void {
    const { text } = this
    let equals = start
    while (equals < end && text.charCodeAt(equals) !== EQUALS) equals++
    let keyEnd = equals
    while (keyEnd > start && isBlank(text.charCodeAt(keyEnd - 1))) keyEnd--
    let from = Math.min(equals + 1, end)
    while (from < end && isBlank(text.charCodeAt(from))) from++
    let to = from
    while (to < end && text.charCodeAt(to) !== HASH && text.charCodeAt(to) !== SEMICOLON) to++
    while (to > from && isBlank(text.charCodeAt(to - 1))) to--
    const key = compact(text.slice(start, keyEnd))
    const value = from < to ? compact(text.slice(from, to)) : null
    section.options.push({ key, keySpan: { start, end: keyEnd }, value, valueSpan: { start: from, end: to } })
    section.span.end = end
    if (value !== null) return
    const missing = equals < end ? `${key}= has no value` : `this line is no key=value`
    this.report('syntax', 'warning', { start, end }, `Darknet ignores this: ${missing}.`)
  }

  private limit(span: Span, what: string): void {
    const message = `Stopped after ${what}; the rest is not counted.`
    this.problems.push({ code: 'limit', severity: 'warning', span, message })
  }

  private report(code: ProblemCode, severity: Severity, span: Span, message: string, fix?: Fix): void {
    if (this.problems.length >= MAX_PROBLEMS) return
    this.problems.push({ code, severity, span, message, ...(fix ? { fixes: [fix] } : {}) })
  }
}

type Fix = NonNullable<Problem['fixes']>[number]

const BYTE_ORDER_MARK = 0xfeff
const HASH = 35
const SEMICOLON = 59
const EQUALS = 61
const BRACKET = 91

const isLineEnd = (code: number): boolean => code === 10 || code === 13
const isBlank = (code: number): boolean => code === 32 || code === 9
const compact = (text: string): string => (/\s/.test(text) ? text.replace(/\s+/g, '') : text)
