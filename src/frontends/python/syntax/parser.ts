import type * as ast from './ast'
import { ExpressionParser } from './expressions'
import { tokenize } from './tokens'

/**
 * Reads Python 3.13 source into our AST. Never throws and never gives up: a statement that cannot be read becomes
 * `Broken`, with a fault that says where, and the statements around it stand.
 */
export function parse(text: string): ast.Module {
  const parser = new StatementParser(text, tokenize(text))
  const body = parser.block(true)
  return { body, faults: parser.faults }
}

/** Statements nest no deeper than this; what is deeper is left out as broken. */
const MAX_BLOCKS = 100
/** An `if` has no more arms than this: each nests in the one before it. */
const MAX_ARMS = 500

class StatementParser extends ExpressionParser {
  private blocks = 0

  /** The statements of a block up to its dedent, or of the whole file. */
  block(top = false): ast.Statement[] {
    const body: ast.Statement[] = []
    for (;;) {
      const token = this.peek()
      if (token.kind === 'end') break
      if (token.kind === 'dedent') {
        if (!top) break
        this.next()
      } else if (token.kind === 'newline') this.next()
      else if (token.kind === 'indent') {
        // An indented line that opens no block: its statements count as this block's, so nothing is lost.
        this.next()
        this.fault(token.start, token.end, 'Unexpected indentation.')
        body.push(...this.block())
        if (this.peek().kind === 'dedent') this.next()
      } else this.statement(body)
    }
    return body
  }

  private statement(into: ast.Statement[]): void {
    const { at: start, depth, blocks } = this
    const size = into.length
    try {
      const compound = this.compound()
      if (compound) into.push(compound)
      else this.simpleLine(into)
    } catch (error) {
      if (!this.isFault(error)) throw error
      this.depth = depth
      this.blocks = blocks
      into.length = Math.max(size, into.length)
      into.push(this.recover(start))
    }
  }

  /** Skips the rest of the logical line; a block that it would have opened is read as statements of this block. */
  private recover(start: number): ast.Broken {
    const from = this.tokens[start]!.start
    while (this.peek().kind !== 'newline' && this.peek().kind !== 'end') this.next()
    const end = this.peek().start
    if (this.peek().kind === 'newline') this.next()
    return { kind: 'Broken', start: from, end }
  }

  private simpleLine(into: ast.Statement[]): void {
    for (;;) {
      into.push(this.simple())
      if (!this.takeOp(';')) break
      if (this.peek().kind === 'newline') break
    }
    const token = this.peek()
    if (token.kind === 'newline') this.next()
    else if (token.kind !== 'end') this.fail(token, 'Expected the end of the statement.')
  }

  private compound(): ast.Statement | null {
    const token = this.peek()
    if (token.kind === 'op' && token.text === '@') return this.decorated()
    if (token.kind !== 'name') return null
    switch (token.text) {
      case 'if':
        return this.ifStatement()
      case 'for':
        return this.forStatement(token.start)
      case 'while':
        return this.whileStatement()
      case 'with':
        return this.withStatement(token.start)
      case 'try':
        return this.tryStatement()
      case 'def':
        return this.functionDef([], token.start, false)
      case 'class':
        return this.classDef([], token.start)
      case 'async': {
        const following = this.peek(1).text
        if (following === 'def') {
          this.next()
          return this.functionDef([], token.start, true)
        }
        if (following === 'for' || following === 'with') {
          this.next()
          return following === 'for' ? this.forStatement(token.start) : this.withStatement(token.start)
        }
        return null
      }
      case 'match':
        return this.matchAhead() ? this.matchStatement() : null
      default:
        return null
    }
  }

  private suite(): ast.Statement[] {
    this.expectOp(':')
    if (this.peek().kind !== 'newline') {
      const body: ast.Statement[] = []
      this.simpleLine(body)
      return body
    }
    this.next()
    if (this.peek().kind !== 'indent') {
      this.fault(this.peek().start, this.peek().start, 'Expected an indented block.')
      return []
    }
    this.next()
    if (++this.blocks > MAX_BLOCKS) {
      let depth = 1
      while (depth > 0 && this.peek().kind !== 'end') {
        const { kind } = this.next()
        depth += kind === 'indent' ? 1 : kind === 'dedent' ? -1 : 0
      }
      this.blocks--
      return []
    }
    const body = this.block()
    this.blocks--
    if (this.peek().kind === 'dedent') this.next()
    return body
  }

  private decorated(): ast.Statement {
    const start = this.peek().start
    const decorators: ast.Expression[] = []
    while (this.takeOp('@')) {
      decorators.push(this.namedExpression())
      if (this.peek().kind === 'newline') this.next()
      else this.fail(this.peek(), 'Expected the end of the decorator.')
    }
    const async = this.takeWord('async')
    if (this.isWord('def')) return this.functionDef(decorators, start, async)
    if (this.isWord('class')) return this.classDef(decorators, start)
    return this.fail(this.peek(), 'Expected a function or a class after the decorator.')
  }

  private functionDef(decorators: ast.Expression[], start: number, async: boolean): ast.FunctionDef {
    this.next()
    const nameStart = this.peek().start
    const name = this.identifier()
    this.typeParameters()
    this.expectOp('(')
    const parameters = this.parameters(')', true)
    this.expectOp(')')
    const returns = this.takeOp('->') ? this.expressions() : null
    const body = this.suite()
    return {
      kind: 'FunctionDef',
      start,
      end: this.lastEnd,
      name,
      nameStart,
      parameters,
      returns,
      body,
      decorators,
      async,
    }
  }

  private classDef(decorators: ast.Expression[], start: number): ast.ClassDef {
    this.next()
    const nameStart = this.peek().start
    const name = this.identifier()
    this.typeParameters()
    const args = this.takeOp('(') ? this.arguments() : []
    const body = this.suite()
    return { kind: 'ClassDef', start, end: this.lastEnd, name, nameStart, args, body, decorators }
  }

  /** `[T, *Ts, **P]` after a name says nothing about values: read over. */
  private typeParameters(): void {
    if (!this.takeOp('[')) return
    for (let depth = 1; depth > 0; ) {
      const token = this.next()
      if (token.kind === 'newline' || token.kind === 'end') this.fail(token, 'Expected ].')
      if (token.text === '[') depth++
      if (token.text === ']') depth--
    }
  }

  private ifStatement(arms = 1): ast.If {
    const { start } = this.next()
    const test = this.namedExpression()
    const body = this.suite()
    let orelse: ast.Statement[] = []
    if (this.isWord('elif')) {
      if (arms >= MAX_ARMS) this.fail(this.peek(), 'This statement has too many branches.')
      orelse = [this.ifStatement(arms + 1)]
    } else if (this.isElse()) orelse = this.elseSuite()
    return { kind: 'If', start, end: this.lastEnd, test, body, orelse }
  }

  private forStatement(start: number): ast.For {
    this.next()
    const target = this.targets()
    this.expectWord('in')
    const iterable = this.expressions()
    const body = this.suite()
    return { kind: 'For', start, target, iterable, body, orelse: this.elseSuite(), end: this.lastEnd }
  }

  private whileStatement(): ast.While {
    const { start } = this.next()
    const test = this.namedExpression()
    const body = this.suite()
    return { kind: 'While', start, test, body, orelse: this.elseSuite(), end: this.lastEnd }
  }

  private isElse(): boolean {
    return this.isWord('else') && this.peek(1).text === ':'
  }

  private elseSuite(): ast.Statement[] {
    if (!this.isElse()) return []
    this.next()
    return this.suite()
  }

  private withStatement(start: number): ast.With {
    this.next()
    const mark = this.at
    const items = this.takeOp('(') ? (this.parenthesisedItems() ?? this.withItems(mark)) : this.withItems(mark)
    const body = this.suite()
    return { kind: 'With', start, end: this.lastEnd, items, body }
  }

  /** `with (a as b, c):`; null where the parentheses belong to an expression. */
  private parenthesisedItems(): ast.With['items'] | null {
    const items: { context: ast.Expression; target: ast.Expression | null }[] = []
    try {
      while (!this.isOp(')')) {
        items.push(this.withItem())
        if (!this.takeOp(',')) break
      }
      return this.takeOp(')') && this.isOp(':') ? items : null
    } catch (error) {
      if (this.isFault(error)) return null
      throw error
    }
  }

  private withItems(mark: number): ast.With['items'] {
    this.at = mark
    const items = [this.withItem()]
    while (this.takeOp(',')) items.push(this.withItem())
    return items
  }

  private withItem(): { context: ast.Expression; target: ast.Expression | null } {
    const context = this.expression()
    return { context, target: this.takeWord('as') ? this.target() : null }
  }

  private tryStatement(): ast.Try {
    const { start } = this.next()
    const body = this.suite()
    const handlers: ast.Handler[] = []
    while (this.isWord('except')) {
      const token = this.next()
      this.takeOp('*')
      const type = this.isOp(':') ? null : this.expressions()
      const name = this.takeWord('as') ? this.identifier() : null
      const handler = this.suite()
      handlers.push({ start: token.start, end: this.lastEnd, type, name, body: handler })
    }
    const orelse = this.elseSuite()
    let finalbody: ast.Statement[] = []
    if (this.isWord('finally')) {
      this.next()
      finalbody = this.suite()
    }
    return { kind: 'Try', start, end: this.lastEnd, body, handlers, orelse, finalbody }
  }

  private simple(): ast.Statement {
    const token = this.peek()
    const { start } = token
    if (token.kind === 'name') {
      switch (token.text) {
        case 'pass':
        case 'break':
        case 'continue':
          this.next()
          return {
            kind: token.text === 'pass' ? 'Pass' : token.text === 'break' ? 'Break' : 'Continue',
            start,
            end: token.end,
          }
        case 'return': {
          this.next()
          const value = this.atLineEnd() ? null : this.expressions()
          return { kind: 'Return', start, end: this.lastEnd, value }
        }
        case 'raise': {
          this.next()
          const exception = this.atLineEnd() ? null : this.expression()
          const cause = exception && this.takeWord('from') ? this.expression() : null
          return { kind: 'Raise', start, end: this.lastEnd, exception, cause }
        }
        case 'global':
        case 'nonlocal': {
          this.next()
          const names = [this.identifier()]
          while (this.takeOp(',')) names.push(this.identifier())
          return { kind: token.text === 'global' ? 'Global' : 'Nonlocal', start, end: this.lastEnd, names }
        }
        case 'del': {
          this.next()
          const target = this.targets()
          return {
            kind: 'Delete',
            start,
            end: this.lastEnd,
            targets: target.kind === 'Tuple' ? target.items : [target],
          }
        }
        case 'assert': {
          this.next()
          const test = this.expression()
          return {
            kind: 'Assert',
            start,
            test,
            message: this.takeOp(',') ? this.expression() : null,
            end: this.lastEnd,
          }
        }
        case 'import':
          return this.importStatement()
        case 'from':
          return this.importFrom()
        case 'type':
          if (this.peek(1).kind === 'name' && (this.peek(2).text === '=' || this.peek(2).text === '['))
            return this.typeAlias()
      }
    }
    return this.expressionStatement()
  }

  private typeAlias(): ast.TypeAlias {
    const { start } = this.next()
    const name = this.identifier()
    this.typeParameters()
    this.expectOp('=')
    const value = this.expression()
    return { kind: 'TypeAlias', start, end: this.lastEnd, name, value }
  }

  private importStatement(): ast.Import {
    const { start } = this.next()
    const names = [this.importedModule()]
    while (this.takeOp(',')) names.push(this.importedModule())
    return { kind: 'Import', start, end: this.lastEnd, names }
  }

  private importedModule(): ast.ImportedName {
    const { start } = this.peek()
    const name = this.dottedName()
    return { start, name, alias: this.takeWord('as') ? this.identifier() : null, end: this.lastEnd }
  }

  private importFrom(): ast.ImportFrom {
    const { start } = this.next()
    let level = 0
    while (this.isOp('.') || this.isOp('...')) level += this.next().text.length
    const module = this.isWord('import') ? '' : this.dottedName()
    this.expectWord('import')
    if (this.isOp('*')) {
      const star = this.next()
      return {
        kind: 'ImportFrom',
        start,
        end: star.end,
        module,
        level,
        names: [{ start: star.start, end: star.end, name: '*', alias: null }],
      }
    }
    const bracketed = this.takeOp('(')
    const names: ast.ImportedName[] = []
    do {
      if (bracketed && this.isOp(')')) break
      const { start: from } = this.peek()
      const name = this.identifier()
      names.push({ start: from, name, alias: this.takeWord('as') ? this.identifier() : null, end: this.lastEnd })
    } while (this.takeOp(','))
    if (bracketed) this.expectOp(')')
    return { kind: 'ImportFrom', start, end: this.lastEnd, module, level, names }
  }

  private dottedName(): string {
    let name = this.identifier()
    while (this.takeOp('.')) name += `.${this.identifier()}`
    return name
  }

  private expressionStatement(): ast.Statement {
    const { start } = this.peek()
    const first = this.isWord('yield') ? this.yieldExpression() : this.starExpressions()
    const token = this.peek()
    if (token.kind === 'op') {
      if (token.text === '=') {
        const chain = [first]
        while (this.takeOp('=')) chain.push(this.isWord('yield') ? this.yieldExpression() : this.starExpressions())
        const value = chain.pop()!
        for (const target of chain) this.checkTarget(target)
        return { kind: 'Assign', start, end: this.lastEnd, targets: chain, value }
      }
      if (token.text === ':') {
        this.next()
        this.checkTarget(first)
        const annotation = this.expression()
        const value = this.takeOp('=') ? (this.isWord('yield') ? this.yieldExpression() : this.starExpressions()) : null
        return { kind: 'AnnotatedAssign', start, end: this.lastEnd, target: first, annotation, value }
      }
      if (AUGMENTED.test(token.text)) {
        this.next()
        this.checkTarget(first)
        const operator = token.text.slice(0, -1) as ast.BinaryOperator
        const value = this.isWord('yield') ? this.yieldExpression() : this.starExpressions()
        return { kind: 'AugmentedAssign', start, end: this.lastEnd, target: first, operator, value }
      }
    }
    return { kind: 'Expression', start, end: first.end, value: first }
  }

  private checkTarget(target: ast.Expression): void {
    const fine = ['Name', 'Attribute', 'Subscript', 'Tuple', 'List', 'Starred', 'Missing'].includes(target.kind)
    if (!fine) this.fail(target, 'This cannot be assigned to.')
  }

  /** `match` opens a statement where its line ends in `:` and does not read as an expression. */
  private matchAhead(): boolean {
    const following = this.peek(1)
    if (following.kind === 'newline' || following.kind === 'end') return false
    if (following.kind === 'op' && !['(', '[', '{', '-', '*', '~', '...'].includes(following.text)) return false
    let depth = 0
    for (let i = 1; ; i++) {
      const token = this.peek(i)
      if (token.kind === 'newline' || token.kind === 'end' || token.kind === 'error') return false
      if (token.kind !== 'op') continue
      if ('([{'.includes(token.text)) depth++
      else if (')]}'.includes(token.text)) depth--
      else if (token.text === '=' && depth === 0) return false
      else if (token.text === ':' && depth === 0)
        return (
          this.peek(i + 1).kind === 'newline' && this.peek(i + 2).kind === 'indent' && this.peek(i + 3).text === 'case'
        )
    }
  }

  private matchStatement(): ast.Match {
    const { start } = this.next()
    const subject = this.starExpressions()
    this.expectOp(':')
    this.next()
    this.next()
    const cases: { pattern: ast.Pattern; guard: ast.Expression | null; body: ast.Statement[] }[] = []
    while (this.takeWord('case')) {
      const pattern = this.openPattern()
      const guard = this.takeWord('if') ? this.namedExpression() : null
      cases.push({ pattern, guard, body: this.suite() })
    }
    if (this.peek().kind === 'dedent') this.next()
    return { kind: 'Match', start, end: this.lastEnd, subject, cases }
  }

  private openPattern(): ast.Pattern {
    const { start } = this.peek()
    const first = this.pattern()
    if (!this.isOp(','))
      return first.kind === 'StarPattern' ? { kind: 'SequencePattern', start, end: first.end, items: [first] } : first
    const items = [first]
    while (this.takeOp(',')) {
      if (this.isOp(':') || this.isWord('if')) break
      items.push(this.pattern())
    }
    return { kind: 'SequencePattern', start, end: this.lastEnd, items }
  }

  private pattern(): ast.Pattern {
    const { start } = this.peek()
    if (this.takeOp('*')) {
      const name = this.identifier()
      return { kind: 'StarPattern', start, end: this.lastEnd, name: name === '_' ? null : name }
    }
    const items = [this.guarded(() => this.closedPattern())]
    while (this.takeOp('|')) items.push(this.guarded(() => this.closedPattern()))
    const pattern: ast.Pattern = items.length === 1 ? items[0]! : { kind: 'OrPattern', start, end: this.lastEnd, items }
    if (!this.takeWord('as')) return pattern
    return { kind: 'CapturePattern', start, name: this.identifier(), pattern, end: this.lastEnd }
  }

  private closedPattern(): ast.Pattern {
    const token = this.peek()
    const { start } = token
    if (token.kind === 'op' && (token.text === '(' || token.text === '[')) {
      this.next()
      const close = token.text === '(' ? ')' : ']'
      const items: ast.Pattern[] = []
      let comma = false
      while (!this.isOp(close)) {
        items.push(this.pattern())
        if (!this.takeOp(',')) break
        comma = true
      }
      this.expectOp(close)
      if (token.text === '(' && items.length === 1 && !comma && items[0]!.kind !== 'StarPattern') return items[0]!
      return { kind: 'SequencePattern', start, end: this.lastEnd, items }
    }
    if (this.takeOp('{')) return this.mappingPattern(start)
    if (token.kind === 'name' && !['None', 'True', 'False'].includes(token.text)) {
      if (this.peek(1).text !== '.' && this.peek(1).text !== '(') {
        this.next()
        return {
          kind: 'CapturePattern',
          start,
          end: token.end,
          name: token.text === '_' ? null : token.text,
          pattern: null,
        }
      }
      const value = this.dottedExpression()
      return this.takeOp('(')
        ? this.classPattern(start, value)
        : { kind: 'ValuePattern', start, end: this.lastEnd, value }
    }
    return { kind: 'ValuePattern', start, value: this.arithmetic(), end: this.lastEnd }
  }

  private dottedExpression(): ast.Expression {
    const token = this.next()
    let value: ast.Expression = { kind: 'Name', start: token.start, end: token.end, id: token.text }
    while (this.takeOp('.')) {
      const nameStart = this.peek().start
      const name = this.identifier()
      value = { kind: 'Attribute', start: value.start, end: this.lastEnd, value, name, nameStart }
    }
    return value
  }

  private mappingPattern(start: number): ast.Pattern {
    const entries: { key: ast.Expression; pattern: ast.Pattern }[] = []
    let rest: string | null = null
    while (!this.isOp('}')) {
      if (this.takeOp('**')) rest = this.identifier()
      else {
        const key =
          this.peek().kind === 'name' && this.peek(1).text === '.' ? this.dottedExpression() : this.arithmetic()
        this.expectOp(':')
        entries.push({ key, pattern: this.pattern() })
      }
      if (!this.takeOp(',')) break
    }
    this.expectOp('}')
    return { kind: 'MappingPattern', start, end: this.lastEnd, entries, rest }
  }

  private classPattern(start: number, type: ast.Expression): ast.Pattern {
    const items: ast.Pattern[] = []
    const named: { name: string; pattern: ast.Pattern }[] = []
    while (!this.isOp(')')) {
      if (this.peek().kind === 'name' && this.peek(1).text === '=') {
        const name = this.identifier()
        this.next()
        named.push({ name, pattern: this.pattern() })
      } else items.push(this.pattern())
      if (!this.takeOp(',')) break
    }
    this.expectOp(')')
    return { kind: 'ClassPattern', start, end: this.lastEnd, type, items, named }
  }
}

const AUGMENTED = /^(?:\*\*|\/\/|>>|<<|[-+*/%@&|^])=$/
