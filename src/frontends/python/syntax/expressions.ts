import type * as ast from './ast'
import { type FormatContext, formatParts, stringValue } from './strings'
import { type Token, tokenizeExpression } from './tokens'

/** Thrown inside the parser where a statement cannot be read; caught at the statement, never seen outside. */
class Fault extends Error {}

/** Expressions nest no deeper than this. */
const MAX_DEPTH = 200

/** Reads the expressions of Python; statements are a subclass. Positions are those of the whole text. */
export class ExpressionParser implements FormatContext {
  at = 0
  readonly faults: ast.SyntaxFault[] = []
  protected depth = 0

  constructor(
    readonly text: string,
    readonly tokens: readonly Token[],
  ) {}

  // The words of the grammar.

  protected peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)]!
  }

  protected next(): Token {
    const token = this.peek()
    if (this.at < this.tokens.length - 1) this.at++
    return token
  }

  /** Where the last token ended, layout aside. */
  protected get lastEnd(): number {
    for (let i = this.at - 1; i >= 0; i--) {
      const { kind, end } = this.tokens[i]!
      if (kind !== 'newline' && kind !== 'dedent' && kind !== 'indent') return end
    }
    return 0
  }

  protected isOp(text: string): boolean {
    const token = this.peek()
    return token.kind === 'op' && token.text === text
  }

  protected takeOp(text: string): boolean {
    if (!this.isOp(text)) return false
    this.next()
    return true
  }

  protected expectOp(text: string): void {
    if (!this.takeOp(text)) this.fail(this.peek(), `Expected ${text}.`)
  }

  /** A comma between items, or a line end where one is missing: what stands around it is read all the same. */
  protected separator(): boolean {
    if (this.takeOp(',')) return true
    const { kind, text, start } = this.peek()
    const begins = kind === 'number' || kind === 'string' || (kind === 'name' && !KEYWORDS.has(text))
    const end = this.lastEnd
    if (!begins || !/[\r\n]/.test(this.text.slice(end, start))) return false
    this.fault(end, end, 'Expected ,.')
    return true
  }

  protected isWord(text: string): boolean {
    const token = this.peek()
    return token.kind === 'name' && token.text === text
  }

  protected takeWord(text: string): boolean {
    if (!this.isWord(text)) return false
    this.next()
    return true
  }

  protected expectWord(text: string): void {
    if (!this.takeWord(text)) this.fail(this.peek(), `Expected ${text}.`)
  }

  protected identifier(): string {
    const token = this.peek()
    if (token.kind !== 'name' || KEYWORDS.has(token.text)) this.fail(token, 'Expected a name.')
    return this.next().text
  }

  protected atLineEnd(): boolean {
    const { kind, text } = this.peek()
    return kind === 'newline' || kind === 'end' || (kind === 'op' && text === ';')
  }

  protected fault(start: number, end: number, message: string): void {
    if (this.faults.length < 1000) this.faults.push({ start, end, message })
  }

  protected fail(at: { start: number; end: number }, message: string): never {
    this.fault(at.start, at.end, message)
    throw new Fault(message)
  }

  protected isFault(error: unknown): boolean {
    return error instanceof Fault
  }

  /** An expression inside an f-string, by a parser of its own over that part of the text. */
  fieldExpression(start: number, end: number): ast.Expression {
    const inner = new ExpressionParser(this.text, tokenizeExpression(this.text, start, end))
    inner.depth = this.depth + 1
    try {
      const value = inner.isWord('yield') ? inner.yieldExpression() : inner.starExpressions()
      if (inner.peek().kind === 'end') return value
    } catch (error) {
      if (!this.isFault(error)) throw error
    }
    this.fault(start, end, 'This field cannot be read.')
    return { kind: 'Missing', start, end }
  }

  // Lists of expressions.

  /** `a`, `a, *b`, `a,`: a tuple where there is a comma; also named expressions. */
  protected starExpressions(): ast.Expression {
    return this.list(() => (this.isOp('*') ? this.starred() : this.namedExpression()))
  }

  /** The same, as after `return`, `in` and `->`. */
  protected expressions(): ast.Expression {
    return this.starExpressions()
  }

  /** What `for` and `del` bind. */
  protected targets(): ast.Expression {
    return this.list(() => this.target())
  }

  protected target(): ast.Expression {
    return this.isOp('*') ? this.starred() : this.bitwise(0)
  }

  private list(item: () => ast.Expression): ast.Expression {
    const first = item()
    if (!this.isOp(',')) return first
    const items = [first]
    while (this.takeOp(',')) {
      if (!this.startsExpression()) break
      items.push(item())
    }
    return { kind: 'Tuple', start: first.start, end: this.lastEnd, items }
  }

  private startsExpression(): boolean {
    const { kind, text } = this.peek()
    if (kind === 'number' || kind === 'string') return true
    if (kind === 'name') return !KEYWORDS.has(text) || EXPRESSION_WORDS.has(text)
    return kind === 'op' && ['(', '[', '{', '-', '+', '~', '*', '...'].includes(text)
  }

  private starred(): ast.Starred {
    const { start } = this.next()
    const value = this.bitwise(0)
    return { kind: 'Starred', start, end: value.end, value }
  }

  // Expressions, loosest first.

  protected namedExpression(): ast.Expression {
    const token = this.peek()
    if (token.kind === 'name' && this.peek(1).kind === 'op' && this.peek(1).text === ':=') {
      const id = this.identifier()
      this.next()
      const value = this.expression()
      return {
        kind: 'Walrus',
        start: token.start,
        end: value.end,
        target: { kind: 'Name', start: token.start, end: token.end, id },
        value,
      }
    }
    return this.expression()
  }

  protected expression(): ast.Expression {
    if (++this.depth > MAX_DEPTH) {
      this.depth = 0
      this.fail(this.peek(), 'This expression is nested too deeply.')
    }
    const value = this.isWord('lambda') ? this.lambda() : this.conditional()
    this.depth--
    return value
  }

  private conditional(): ast.Expression {
    const body = this.disjunction()
    if (!this.isWord('if')) return body
    this.next()
    const test = this.disjunction()
    this.expectWord('else')
    const orelse = this.expression()
    return { kind: 'Conditional', start: body.start, end: orelse.end, test, body, orelse }
  }

  private lambda(): ast.Lambda {
    const { start } = this.next()
    const parameters = this.parameters(':', false)
    this.expectOp(':')
    const body = this.expression()
    return { kind: 'Lambda', start, end: body.end, parameters, body }
  }

  private disjunction(): ast.Expression {
    return this.boolean('or', () => this.boolean('and', () => this.inversion()))
  }

  private boolean(operator: 'and' | 'or', operand: () => ast.Expression): ast.Expression {
    const first = operand()
    if (!this.isWord(operator)) return first
    const values = [first]
    while (this.takeWord(operator)) values.push(operand())
    return { kind: 'BoolOp', start: first.start, end: this.lastEnd, operator, values }
  }

  private inversion(): ast.Expression {
    const { start } = this.peek()
    if (!this.takeWord('not')) return this.comparison()
    const operand = this.guarded(() => this.inversion())
    return { kind: 'Unary', start, end: operand.end, operator: 'not', operand }
  }

  private comparison(): ast.Expression {
    const left = this.bitwise(0)
    const rest: { operator: ast.Comparison; right: ast.Expression }[] = []
    for (let operator = this.comparator(); operator; operator = this.comparator())
      rest.push({ operator, right: this.bitwise(0) })
    return rest.length === 0 ? left : { kind: 'Compare', start: left.start, end: this.lastEnd, left, rest }
  }

  private comparator(): ast.Comparison | null {
    const { kind, text } = this.peek()
    if (kind === 'op' && COMPARISONS.has(text)) {
      this.next()
      return text === '<>' ? '!=' : (text as ast.Comparison)
    }
    if (kind !== 'name') return null
    if (text === 'in') {
      this.next()
      return 'in'
    }
    if (text === 'not' && this.peek(1).text === 'in') {
      this.next()
      this.next()
      return 'not in'
    }
    if (text !== 'is') return null
    this.next()
    return this.takeWord('not') ? 'is not' : 'is'
  }

  /** Binary operators by their level, `|` loosest; all associate to the left. */
  protected bitwise(level: number): ast.Expression {
    if (level === LEVELS.length) return this.unary()
    let left = this.bitwise(level + 1)
    for (let token = this.peek(); token.kind === 'op' && LEVELS[level]!.has(token.text); token = this.peek()) {
      this.next()
      const right = this.bitwise(level + 1)
      left = {
        kind: 'Binary',
        start: left.start,
        end: right.end,
        operator: token.text as ast.BinaryOperator,
        left,
        right,
      }
    }
    return left
  }

  /** `1`, `-1.5`, `2 + 3j`: what patterns compare with. */
  protected arithmetic(): ast.Expression {
    return this.bitwise(4)
  }

  private unary(): ast.Expression {
    const token = this.peek()
    if (token.kind !== 'op' || !(token.text === '-' || token.text === '+' || token.text === '~')) return this.power()
    this.next()
    const operand = this.guarded(() => this.unary())
    return { kind: 'Unary', start: token.start, end: operand.end, operator: token.text, operand }
  }

  private power(): ast.Expression {
    const left = this.awaited()
    if (!this.isOp('**')) return left
    this.next()
    const right = this.guarded(() => this.unary())
    return { kind: 'Binary', start: left.start, end: right.end, operator: '**', left, right }
  }

  private awaited(): ast.Expression {
    const token = this.peek()
    if (!(token.kind === 'name' && token.text === 'await')) return this.primary()
    this.next()
    const value = this.primary()
    return { kind: 'Await', start: token.start, end: value.end, value }
  }

  private primary(): ast.Expression {
    let value = this.atom()
    for (;;) {
      if (this.takeOp('.')) value = this.attribute(value)
      else if (this.takeOp('(')) {
        const args = this.arguments()
        value = { kind: 'Call', start: value.start, end: this.lastEnd, func: value, args }
      } else if (this.takeOp('[')) {
        const index = this.subscript()
        this.expectOp(']')
        value = { kind: 'Subscript', start: value.start, end: this.lastEnd, value, index }
      } else return value
    }
  }

  /** A name that is still missing after its dot leaves the value before it readable. */
  private attribute(value: ast.Expression): ast.Expression {
    const token = this.peek()
    if (token.kind !== 'name') this.fail(token, 'Expected a name after the dot.')
    this.next()
    return { kind: 'Attribute', start: value.start, end: token.end, value, name: token.text, nameStart: token.start }
  }

  private subscript(): ast.Expression {
    const items: ast.Expression[] = []
    const { start } = this.peek()
    let comma = false
    while (!this.isOp(']')) {
      items.push(this.isOp('*') ? this.starred() : this.slice())
      if (!this.takeOp(',')) break
      comma = true
    }
    if (items.length === 0) this.fail(this.peek(), 'Expected an index.')
    if (!comma && items[0]!.kind !== 'Starred') return items[0]!
    return { kind: 'Tuple', start, end: this.lastEnd, items }
  }

  private slice(): ast.Expression {
    const { start } = this.peek()
    const lower = this.isOp(':') ? null : this.namedExpression()
    if (lower && !this.isOp(':')) return lower
    this.expectOp(':')
    const ends = (): boolean => this.isOp(']') || this.isOp(',') || this.isOp(':')
    const upper = ends() ? null : this.expression()
    const step = this.takeOp(':') && !ends() ? this.expression() : null
    return { kind: 'Slice', start, end: this.lastEnd, lower, upper, step }
  }

  /** After `(` of a call, through its `)`. */
  protected arguments(): ast.Argument[] {
    const args: ast.Argument[] = []
    while (!this.isOp(')')) {
      const token = this.peek()
      const star = token.kind === 'op' ? (token.text === '*' ? 1 : token.text === '**' ? 2 : 0) : 0
      if (star > 0) {
        this.next()
        const value = this.expression()
        args.push({ start: token.start, end: value.end, name: null, star, value })
      } else if (token.kind === 'name' && this.peek(1).kind === 'op' && this.peek(1).text === '=') {
        const name = this.identifier()
        this.next()
        const value = this.expression()
        args.push({ start: token.start, end: value.end, name, star: 0, value })
      } else {
        const element = this.namedExpression()
        const value = this.isFor() ? this.comprehension('GeneratorExp', element, null, element.start) : element
        args.push({ start: token.start, end: value.end, name: null, star: 0, value })
      }
      if (!this.separator()) break
    }
    this.expectOp(')')
    return args
  }

  private isFor(): boolean {
    return this.isWord('for') || (this.isWord('async') && this.peek(1).text === 'for')
  }

  private comprehension(
    kind: ast.Comprehension['kind'],
    element: ast.Expression,
    value: ast.Expression | null,
    start: number,
  ): ast.Comprehension {
    const clauses: ast.ComprehensionClause[] = []
    while (this.isFor()) {
      this.takeWord('async')
      this.next()
      const target = this.targets()
      this.expectWord('in')
      const iterable = this.disjunction()
      const conditions: ast.Expression[] = []
      while (this.takeWord('if')) conditions.push(this.isWord('lambda') ? this.lambda() : this.namedOrDisjunction())
      clauses.push({ target, iterable, conditions })
    }
    return { kind, start, end: this.lastEnd, element, value, clauses }
  }

  private namedOrDisjunction(): ast.Expression {
    return this.peek(1).text === ':=' ? this.namedExpression() : this.disjunction()
  }

  private atom(): ast.Expression {
    const token = this.peek()
    const { start, end } = token
    switch (token.kind) {
      case 'name':
        return this.nameOrSingleton(token)
      case 'number':
        this.next()
        return { kind: 'Number', start, end, ...numberValue(token.text) }
      case 'string':
        return this.strings()
      case 'op':
        if (token.text === '(') return this.guarded(() => this.parenthesised(start))
        if (token.text === '[') return this.guarded(() => this.listDisplay(start))
        if (token.text === '{') return this.guarded(() => this.braces(start))
        if (token.text === '...') {
          this.next()
          return { kind: 'Singleton', start, end, value: 'Ellipsis' }
        }
    }
    return this.fail(
      token,
      token.kind === 'error' ? (ERRORS[token.text] ?? `Unexpected ${token.text}.`) : 'Expected an expression.',
    )
  }

  private nameOrSingleton(token: Token): ast.Expression {
    const { start, end, text } = token
    const singleton = SINGLETONS.get(text)
    if (singleton !== undefined) {
      this.next()
      return { kind: 'Singleton', start, end, value: singleton }
    }
    if (text === 'yield' || KEYWORDS.has(text)) this.fail(token, `Unexpected ${text}.`)
    this.next()
    return { kind: 'Name', start, end, id: text }
  }

  protected guarded<T>(read: () => T): T {
    if (++this.depth > MAX_DEPTH) {
      this.depth = 0
      this.fail(this.peek(), 'This expression is nested too deeply.')
    }
    const value = read()
    this.depth--
    return value
  }

  private parenthesised(start: number): ast.Expression {
    this.next()
    if (this.takeOp(')')) return { kind: 'Tuple', start, end: this.lastEnd, items: [] }
    if (this.isWord('yield')) {
      const value = this.yieldExpression()
      this.expectOp(')')
      return value
    }
    const first = this.isOp('*') ? this.starred() : this.namedExpression()
    if (this.isFor()) {
      const generator = this.comprehension('GeneratorExp', first, null, start)
      this.expectOp(')')
      return { ...generator, end: this.lastEnd }
    }
    if (!this.isOp(',')) {
      this.expectOp(')')
      return first
    }
    const items = [first]
    while (this.takeOp(',')) {
      if (this.isOp(')')) break
      items.push(this.isOp('*') ? this.starred() : this.namedExpression())
    }
    this.expectOp(')')
    return { kind: 'Tuple', start, end: this.lastEnd, items }
  }

  private listDisplay(start: number): ast.Expression {
    this.next()
    const items: ast.Expression[] = []
    while (!this.isOp(']')) {
      items.push(this.isOp('*') ? this.starred() : this.namedExpression())
      if (items.length === 1 && this.isFor()) {
        const list = this.comprehension('ListComp', items[0]!, null, start)
        this.expectOp(']')
        return { ...list, end: this.lastEnd }
      }
      if (!this.separator()) break
    }
    this.expectOp(']')
    return { kind: 'List', start, end: this.lastEnd, items }
  }

  private braces(start: number): ast.Expression {
    this.next()
    const entries: { key: ast.Expression | null; value: ast.Expression }[] = []
    const items: ast.Expression[] = []
    while (!this.isOp('}')) {
      if (this.takeOp('**')) entries.push({ key: null, value: this.bitwise(0) })
      else {
        const key = this.isOp('*') ? this.starred() : this.namedExpression()
        if (this.takeOp(':')) {
          const value = this.expression()
          entries.push({ key, value })
          if (entries.length === 1 && this.isFor())
            return this.closeBraces(this.comprehension('DictComp', key, value, start))
        } else {
          items.push(key)
          if (items.length === 1 && this.isFor())
            return this.closeBraces(this.comprehension('SetComp', key, null, start))
        }
      }
      if (!this.separator()) break
    }
    this.expectOp('}')
    if (items.length > 0) return { kind: 'Set', start, end: this.lastEnd, items }
    return { kind: 'Dict', start, end: this.lastEnd, entries }
  }

  private closeBraces(comprehension: ast.Comprehension): ast.Comprehension {
    this.expectOp('}')
    return { ...comprehension, end: this.lastEnd }
  }

  protected yieldExpression(): ast.Yield {
    const { start } = this.next()
    const from = this.takeWord('from')
    const value = from ? this.expression() : this.startsExpression() ? this.starExpressions() : null
    return { kind: 'Yield', start, end: this.lastEnd, value, from }
  }

  /** Neighbouring literals are one string. */
  private strings(): ast.Expression {
    const { start } = this.peek()
    const parts: (string | ast.FormatField)[] = []
    let format = false
    let bytes = false
    while (this.peek().kind === 'string') {
      const token = this.next()
      if (token.text.includes('f') || token.text.includes('t')) {
        format = true
        parts.push(...formatParts(this, token))
      } else parts.push(stringValue(this.text, token))
      bytes ||= token.text.includes('b')
    }
    if (!format) return { kind: 'String', start, end: this.lastEnd, value: parts.join(''), bytes }
    return { kind: 'FormatString', start, end: this.lastEnd, parts }
  }

  // Parameters of functions and lambdas.

  protected parameters(close: string, annotated: boolean): ast.Parameters {
    const positionalOnly: ast.Parameter[] = []
    let positional: ast.Parameter[] = []
    const keywordOnly: ast.Parameter[] = []
    let rest: ast.Parameter | null = null
    let keywords: ast.Parameter | null = null
    let starred = false
    while (!this.isOp(close)) {
      if (this.takeOp('/')) {
        positionalOnly.push(...positional)
        positional = []
      } else if (this.takeOp('**')) keywords = this.parameter(annotated)
      else if (this.takeOp('*')) {
        starred = true
        if (!this.isOp(',')) rest = this.parameter(annotated)
      } else (starred ? keywordOnly : positional).push(this.parameter(annotated))
      if (!this.takeOp(',')) break
    }
    return { positionalOnly, positional, rest, keywordOnly, keywords }
  }

  private parameter(annotated: boolean): ast.Parameter {
    const { start } = this.peek()
    const name = this.identifier()
    const annotation = annotated && this.takeOp(':') ? (this.isOp('*') ? this.starred() : this.expression()) : null
    const value = this.takeOp('=') ? this.expression() : null
    return { start, end: this.lastEnd, name, annotation, default: value }
  }
}

const SINGLETONS: ReadonlyMap<string, null | boolean> = new Map([
  ['None', null],
  ['True', true],
  ['False', false],
])
const KEYWORDS = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
)
const EXPRESSION_WORDS = new Set(['None', 'True', 'False', 'lambda', 'not', 'await', 'yield'])
const COMPARISONS = new Set(['<', '>', '==', '!=', '<=', '>=', '<>'])
const LEVELS: readonly ReadonlySet<string>[] = [
  new Set(['|']),
  new Set(['^']),
  new Set(['&']),
  new Set(['<<', '>>']),
  new Set(['+', '-']),
  new Set(['*', '/', '//', '%', '@']),
]
const ERRORS: Readonly<Record<string, string>> = {
  unterminated: 'This string is not closed.',
  string: 'This string is not closed.',
  bracket: 'A bracket is not closed.',
  indentation: 'Unexpected indentation.',
  conflict: 'A conflict of two versions is not resolved.',
}

/** The value of a numeric literal; whole numbers beyond 2^53 stay exact as bigints. */
function numberValue(text: string): { value: number | bigint; float: boolean; imaginary: boolean } {
  const digits = text.replaceAll('_', '')
  if (/^0[xXoObB]/.test(digits)) {
    const value = Number(digits)
    return { value: Number.isSafeInteger(value) ? value : BigInt(digits), float: false, imaginary: false }
  }
  const imaginary = /[jJ]$/.test(digits)
  const float = imaginary || /[.eE]/.test(digits)
  const value = Number(imaginary ? digits.slice(0, -1) : digits)
  if (float || Number.isSafeInteger(value) || digits.length > MAX_DIGITS) return { value, float, imaginary }
  return { value: BigInt(digits), float, imaginary }
}

/** Longer whole numbers are read as floats: nothing that counts layers is so large. */
const MAX_DIGITS = 1000
