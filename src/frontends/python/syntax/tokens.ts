/** Kinds of tokens. `newline` ends a logical line; indents and dedents frame blocks, as in Python's own tokenizer. */
export type TokenKind = 'name' | 'number' | 'string' | 'op' | 'newline' | 'indent' | 'dedent' | 'end' | 'error'

export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
  /** The characters of names, operators and errors; the prefix of strings in lower case. */
  readonly text: string
}

/**
 * Splits Python source into tokens (Python 3.13 lexical analysis). Never fails: what cannot be read is an `error` token.
 * A bracket that was left open is closed where the next line can only start a statement, so that a half-typed call
 * costs its own line and not the rest of the file.
 */
export function tokenize(text: string): Token[] {
  const tokens = scan(text, false)
  return tokens.some(t => t.kind === 'error' && t.text === UNTERMINATED) ? scan(text, true) : tokens
}

/** Tokens of an expression inside an f-string: no lines, no indentation. */
export function tokenizeExpression(text: string, start: number, end: number): Token[] {
  const lexer = new Lexer(text, start, end, false)
  lexer.brackets.push({ indent: 0 })
  lexer.run()
  const tokens = lexer.tokens.filter(t => t.kind !== 'newline' && t.kind !== 'indent' && t.kind !== 'dedent')
  return tokens
}

/** Where a string literal that starts at `quote` ends, and whether it was closed. `format` strings may nest. */
export function stringEnd(
  text: string,
  quote: number,
  format: boolean,
  limit = text.length,
): { end: number; closed: boolean } {
  const triple = text.startsWith(text[quote]!.repeat(3), quote)
  const mark = triple ? text.slice(quote, quote + 3) : text[quote]!
  let at = quote + mark.length
  while (at < limit) {
    const c = text[at]!
    if (c === '\\') at += text[at + 1] === '\r' && text[at + 2] === '\n' ? 3 : 2
    else if (text.startsWith(mark, at)) return { end: at + mark.length, closed: true }
    else if (!triple && (c === '\n' || c === '\r')) return { end: at, closed: false }
    else if (format && c === '{') at = text[at + 1] === '{' ? at + 2 : fieldEnd(text, at, mark, limit)
    else at++
  }
  return { end: Math.min(at, limit), closed: false }
}

/** The end of a replacement field that opens at `brace`, behind its `}`; stops before the closing mark of a broken one. */
export function fieldEnd(text: string, brace: number, mark: string, limit: number): number {
  let depth = 0
  let spec = false
  let at = brace
  while (at < limit) {
    const c = text[at]!
    if (!spec || depth > 1) {
      if ((c === '"' || c === "'") && !(text.startsWith(mark, at) && !closesLater(text, at, mark, limit))) {
        const prefix = /[rRbBuUfF]{0,2}$/.exec(text.slice(Math.max(brace, at - 2), at))![0].toLowerCase()
        const inner = stringEnd(text, at, prefix.includes('f'), limit)
        if (!inner.closed) return at
        at = inner.end
        continue
      }
    }
    if (text.startsWith(mark, at) && spec) return at
    if (c === '{' || c === '(' || c === '[') depth++
    else if (c === '}' || c === ')' || c === ']') {
      depth--
      if (depth === 0) return at + 1
    } else if (c === ':' && depth === 1 && text[at + 1] !== '=') spec = true
    else if (c === '!' && depth === 1 && text[at + 1] !== '=') spec = false
    else if ((c === '\n' || c === '\r') && mark.length === 1) return at
    at++
  }
  return at
}

const UNTERMINATED = 'unterminated'

/** Same quotes may be nested since Python 3.12; they are taken so only if they close again before the field does. */
function closesLater(text: string, at: number, mark: string, limit: number): boolean {
  const close = text.indexOf(mark, at + mark.length)
  if (close < 0 || close >= limit) return false
  const line = text.indexOf('\n', at)
  const between = text.slice(close + mark.length, line < 0 ? limit : line)
  return (mark.length === 3 || line < 0 || close < line) && between.includes('}') && between.includes(mark)
}

const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}]*/uy
const NUMBER =
  /0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:(?:\d(?:_?\d)*)?\.\d(?:_?\d)*|\d(?:_?\d)*\.?)(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?/y
const OPERATOR =
  /\*\*=|\/\/=|>>=|<<=|\.\.\.|->|:=|\*\*|\/\/|>>|<<|<=|>=|==|!=|<>|[-+*/%@&|^]=|[-+*/%@&|^~<>()[\]{},:.;=!]/y
const STRING = /(?:[rR][bBfF]?|[bB][rR]?|[fF][rR]?|[uU]|[tT][rR]?)?(?=["'])/y
/** At the start of a line inside brackets these can only start a statement. */
const STATEMENT_ONLY =
  /(?:def|class|return|import|raise|assert|del|pass|break|continue|while|with|try|except|finally|global|nonlocal)\b(?!\s*=[^=])|@[\w.]+\s*(?:\(.*)?$/my
const DOTTED_ASSIGNMENT = /[A-Za-z_]\w*(?:\.\w+)+\s*=(?!=)/y
const INFIX_KEYWORDS = new Set(['for', 'if', 'else', 'in', 'and', 'or', 'not', 'is', 'async', 'as', 'from'])
const OPERATOR_KEYWORDS = new Set([
  ...INFIX_KEYWORDS,
  'lambda',
  'await',
  'yield',
  'return',
  'assert',
  'import',
  'del',
  'raise',
  'elif',
  'while',
  'with',
  'except',
  'print',
  'exec',
])
const HEADER = /^(?:async[ \t]+)?(def|class)[ \t]/
/** Behind the colon of a header: the indentation of the line that follows, and what it begins. */
const BODY = /^[ \t]*(?:#.*)?(?:\r?\n[ \t]*(?:#.*)?)*\r?\n([ \t]*)(?:(?:async[ \t]+)?(def|class|@)|(?=[^\s#]))/
const LONGEST_HEADER = 4000
/** A triple-quoted string that swallows such a line was left open before it. */
const TOP_LEVEL = /\n(?:def|class|import|from|@)[ \w]/

function scan(text: string, suspicious: boolean): Token[] {
  const lexer = new Lexer(text, 0, text.length, suspicious)
  lexer.run()
  return lexer.tokens
}

class Lexer {
  readonly tokens: Token[] = []
  readonly brackets: { indent: number }[] = []
  private readonly indents = [0]
  private at: number
  private lineIndent = 0

  constructor(
    private readonly text: string,
    start: number,
    private readonly limit: number,
    private readonly suspicious: boolean,
  ) {
    this.at = start
  }

  run(): void {
    if (this.brackets.length === 0) this.startLine()
    while (this.at < this.limit) this.next()
    this.push('newline', this.at, this.at, '')
    while (this.indents.length > 1) {
      this.indents.pop()
      this.push('dedent', this.at, this.at, '')
    }
    this.push('end', this.at, this.at, '')
  }

  private next(): void {
    const { text } = this
    const c = text[this.at]!
    if (c === ' ' || c === '\t' || c === '\f') this.at++
    else if (c === '#') this.at = this.lineEnd(this.at)
    else if (c === '\n' || c === '\r') this.newline()
    else if (c === '\\' && (text[this.at + 1] === '\n' || text[this.at + 1] === '\r')) {
      this.at += text[this.at + 1] === '\r' && text[this.at + 2] === '\n' ? 3 : 2
    } else if (!this.string() && !this.word() && !this.number() && !this.operator()) {
      this.push('error', this.at, this.at + 1, c)
      this.at++
    }
  }

  private newline(): void {
    const start = this.at
    this.at += this.text.startsWith('\r\n', start) ? 2 : 1
    if (this.brackets.length > 0) {
      if (!this.bracketLeftOpen()) return
      this.brackets.length = 0
      this.push('error', start, start, 'bracket')
    }
    this.push('newline', start, start, '')
    this.startLine()
  }

  /** Whether the line that begins here cannot continue the open bracket. Only says so where no valid program would. */
  private bracketLeftOpen(): boolean {
    const { text } = this
    let at = this.at
    while (text[at] === ' ' || text[at] === '\t') at++
    if (at >= this.limit || '\r\n#)]},.:'.includes(text[at]!)) return false
    STATEMENT_ONLY.lastIndex = at
    if (STATEMENT_ONLY.test(text)) return true
    DOTTED_ASSIGNMENT.lastIndex = at
    if (DOTTED_ASSIGNMENT.test(text)) return true
    const last = this.tokens.at(-1)
    if (!last || this.column(at) > this.brackets[0]!.indent) return false
    const operandBefore =
      last.kind === 'number' ||
      last.kind === 'string' ||
      (last.kind === 'name' && !OPERATOR_KEYWORDS.has(last.text)) ||
      (last.kind === 'op' && ')]}'.includes(last.text))
    IDENTIFIER.lastIndex = at
    const word = IDENTIFIER.exec(text)?.[0]
    return (
      operandBefore &&
      word !== undefined &&
      !INFIX_KEYWORDS.has(word) &&
      !(last.kind === 'string' && /["']/.test(text[at + word.length] ?? ''))
    )
  }

  private column(at: number): number {
    let start = at
    while (start > 0 && this.text[start - 1] !== '\n' && this.text[start - 1] !== '\r') start--
    return indentation(this.text.slice(start, at))
  }

  /** Measures the indentation of a line that is not blank, and opens or closes blocks. */
  private startLine(): void {
    const { text } = this
    for (;;) {
      const start = this.at
      while (this.at < this.limit && ' \t\f'.includes(text[this.at]!)) this.at++
      const c = text[this.at]
      if (this.at >= this.limit) return
      if (c === '#') this.at = this.lineEnd(this.at)
      else if (this.at === start && isConflictMark(text, start)) {
        this.at = this.lineEnd(this.at)
        this.push('error', start, this.at, 'conflict')
        this.push('newline', this.at, this.at, '')
      }
      if (text[this.at] === '\n' || text[this.at] === '\r') {
        this.at += text.startsWith('\r\n', this.at) ? 2 : 1
        continue
      }
      if (this.at >= this.limit) return
      this.lineIndent = indentation(text.slice(start, this.at))
      break
    }
    const width = this.strayHeader() ?? this.lineIndent
    if (width > this.indents.at(-1)!) {
      this.indents.push(width)
      this.push('indent', this.at, this.at, '')
      return
    }
    // A dedent to a column that no block has falls into the inner one of the blocks around it.
    while (width <= (this.indents.at(-2) ?? -1)) {
      this.indents.pop()
      this.push('dedent', this.at, this.at, '')
    }
  }

  /**
   * A `def` or `class` that is indented too far, so that its own body does not stand deeper than itself, belongs to the
   * block that this body belongs to: else what it defines would become part of the definition before it. Its indentation
   * then; null for every other line, and for a definition that has no body yet.
   */
  private strayHeader(): number | null {
    const { text, tokens, at, lineIndent } = this
    if (lineIndent === 0 || (tokens.at(-2)?.kind === 'op' && tokens.at(-2)!.text === ':')) return null
    const header = HEADER.exec(text.slice(at, at + 16))
    const behind = header && BODY.exec(text.slice(headerEnd(text, at), at + LONGEST_HEADER))
    if (!behind) return null
    const kind = header[1]
    const [, body, following = ''] = behind
    const inside = indentation(body!)
    const unfinished = following !== '' && (kind === 'def' || following === 'class')
    if (inside > lineIndent || (unfinished && this.indents.includes(lineIndent))) return null
    const outside = this.indents.findLast(width => width < inside)
    if (outside === undefined) return null
    this.push('error', at, at, 'indentation')
    this.push('newline', at, at, '')
    return outside
  }

  private string(): boolean {
    STRING.lastIndex = this.at
    const prefix = STRING.exec(this.text)?.[0]?.toLowerCase()
    if (prefix === undefined) return false
    const quote = this.at + prefix.length
    const format = prefix.includes('f') || prefix.includes('t')
    let { end, closed } = stringEnd(this.text, quote, format, this.limit)
    const triple = this.text.startsWith(this.text[quote]!.repeat(3), quote)
    if (this.suspicious && triple && (!closed || TOP_LEVEL.test(this.text.slice(quote, end)))) {
      end = this.lineEnd(quote)
      closed = false
    }
    if (closed) this.push('string', this.at, end, prefix)
    else this.push('error', this.at, end, triple ? UNTERMINATED : 'string')
    this.at = Math.max(end, this.at + 1)
    return true
  }

  private word(): boolean {
    IDENTIFIER.lastIndex = this.at
    const word = IDENTIFIER.exec(this.text)?.[0]
    if (word === undefined) return false
    this.push('name', this.at, this.at + word.length, word)
    this.at += word.length
    return true
  }

  private number(): boolean {
    NUMBER.lastIndex = this.at
    const digits = NUMBER.exec(this.text)?.[0]
    if (!digits) return false
    this.push('number', this.at, this.at + digits.length, digits)
    this.at += digits.length
    return true
  }

  private operator(): boolean {
    OPERATOR.lastIndex = this.at
    const op = OPERATOR.exec(this.text)?.[0]
    if (!op) return false
    if (op === '(' || op === '[' || op === '{') this.brackets.push({ indent: this.lineIndent })
    else if ((op === ')' || op === ']' || op === '}') && this.brackets.length) this.brackets.pop()
    this.push('op', this.at, this.at + op.length, op)
    this.at += op.length
    return true
  }

  private lineEnd(from: number): number {
    let at = from
    while (at < this.limit && this.text[at] !== '\n' && this.text[at] !== '\r') at++
    return at
  }

  private push(kind: TokenKind, start: number, end: number, text: string): void {
    this.tokens.push({ kind, start, end, text })
  }
}

/** Behind the colon that ends the header of a definition. */
function headerEnd(text: string, start: number): number {
  let depth = 0
  const limit = Math.min(text.length, start + LONGEST_HEADER)
  for (let at = start; at < limit; at++) {
    const c = text[at]!
    if (c === '"' || c === "'") at = Math.max(at, stringEnd(text, at, false, limit).end - 1)
    else if ('([{'.includes(c)) depth++
    else if (')]}'.includes(c)) depth--
    else if (c === '\n' && depth <= 0) return limit
    else if (c === ':' && depth <= 0) return at + 1
  }
  return limit
}

/** A line that a version control system left in the text: it belongs to no block. */
const isConflictMark = (text: string, at: number): boolean => {
  CONFLICT.lastIndex = at
  return CONFLICT.test(text)
}
const CONFLICT = /(?:<{7}|>{7}|\|{7})(?: .*)?$|={7}$/my

/** Columns of leading white space; a tab goes to the next multiple of 8, as in Python. */
function indentation(space: string): number {
  let width = 0
  for (const c of space) {
    if (c === '\t') width = (Math.floor(width / 8) + 1) * 8
    else if (c === '\f') width = 0
    else width++
  }
  return width
}
