/** A variable of an expression, and where it was written, from the beginning of the expression. */
export interface Reference {
  readonly name: string
  readonly start: number
}

export type Evaluated =
  | { readonly value: number | boolean | string; readonly references: readonly Reference[] }
  | { readonly error: string; readonly start: number; readonly end: number; readonly references: readonly Reference[] }

/**
 * Arithmetic on parameters, as in `${4 * width // groups}`: + - * / // % ** and comparisons with Python's precedences
 * and signs, `not`, `and`, `or`, parentheses, and the functions below. Nothing else runs. Results are exact or errors.
 */
export function evaluateExpression(
  source: string,
  lookup: (name: string) => number | boolean | string | undefined,
): Evaluated {
  const references: Reference[] = []
  try {
    if (source.length > MAX_LENGTH)
      throw new Failure(`An expression has at most ${MAX_LENGTH} characters.`, 0, source.length)
    const parser = new Parser(tokens(source), source.length, lookup, references)
    return { value: parser.all(), references }
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure
    return { error: failure.message, start: failure.start, end: failure.end, references }
  }
}

/** The functions that an expression may call. `round` goes to the even neighbour, as in Python. */
export const FUNCTIONS: Readonly<Record<string, (...args: number[]) => number>> = Object.assign(Object.create(null), {
  min: Math.min,
  max: Math.max,
  round: (x: number): number => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)),
  ceil: Math.ceil,
  floor: Math.floor,
  abs: Math.abs,
  int: Math.trunc,
})

const MAX_LENGTH = 500
const MAX_DEPTH = 40

type Scalar = number | boolean | string

class Failure extends Error {
  constructor(
    message: string,
    readonly start: number,
    readonly end: number,
  ) {
    super(message)
  }
}

interface Token {
  readonly text: string
  readonly start: number
  readonly kind: 'number' | 'name' | 'string' | 'sign'
}

function tokens(source: string): Token[] {
  const list: Token[] = []
  const pattern =
    /\s+|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|('[^']*'|"[^"]*")|(\*\*|\/\/|[<>=!]=|[-+*/%()<>,])/y
  let at = 0
  while (at < source.length) {
    pattern.lastIndex = at
    const match = pattern.exec(source)
    if (!match) throw new Failure(`${source[at]} has no meaning in an expression.`, at, at + 1)
    const kind = match[1] ? 'number' : match[2] ? 'name' : match[3] ? 'string' : match[4] ? 'sign' : null
    if (kind) list.push({ text: match[0], start: at, kind })
    at = pattern.lastIndex
  }
  return list
}

/** Binary operators by how tightly they bind, loosest first. `**` is apart: it groups from the right. */
const LEVELS: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '//', '%'],
]

class Parser {
  private at = 0
  private depth = 0

  constructor(
    private readonly list: readonly Token[],
    private readonly end: number,
    private readonly lookup: (name: string) => Scalar | undefined,
    private readonly references: Reference[],
  ) {}

  all(): Scalar {
    if (this.list.length === 0) throw new Failure('An expression is missing between the braces.', 0, this.end)
    const value = this.binary(0)
    const rest = this.list[this.at]
    if (rest)
      throw new Failure(`An operator is missing before ${rest.text}.`, rest.start, rest.start + rest.text.length)
    return value
  }

  private binary(level: number): Scalar {
    const signs = LEVELS[level]
    if (!signs) return this.unary()
    let left = this.binary(level + 1)
    for (
      let token = this.list[this.at];
      token && token.kind !== 'string' && signs.includes(token.text);
      token = this.list[this.at]
    ) {
      this.at++
      left = apply(token, left, this.binary(level + 1))
    }
    return left
  }

  private unary(): Scalar {
    const token = this.list[this.at]
    if (token?.text === '-' || token?.text === '+' || token?.text === 'not') {
      this.at++
      return this.nested(token, () => {
        const value = this.unary()
        if (token.text === 'not') return !value
        const number = numeric(token, value)
        return token.text === '-' ? 0 - number : number
      })
    }
    const base = this.primary()
    const power = this.list[this.at]
    if (power?.text !== '**') return base
    this.at++
    return this.nested(power, () => apply(power, base, this.unary()))
  }

  private primary(): Scalar {
    const token = this.list[this.at++]
    if (!token) throw new Failure('A value is missing at the end.', Math.max(0, this.end - 1), this.end)
    if (token.kind === 'number') return exact(token, Number(token.text))
    if (token.kind === 'string') return token.text.slice(1, -1)
    if (token.text === '(') {
      const value = this.nested(token, () => this.binary(0))
      this.expect(')', token)
      return value
    }
    if (token.kind !== 'name')
      throw new Failure(`A value is missing before ${token.text}.`, token.start, token.start + token.text.length)
    if (this.list[this.at]?.text === '(') return this.call(token)
    if (token.text === 'true' || token.text === 'True') return true
    if (token.text === 'false' || token.text === 'False') return false
    this.references.push({ name: token.text, start: token.start })
    const value = this.lookup(token.text)
    if (value === undefined)
      throw new Failure(`${token.text} is no parameter here.`, token.start, token.start + token.text.length)
    return value
  }

  private call(name: Token): Scalar {
    const f = FUNCTIONS[name.text]
    if (!f) throw new Failure(`There is no function ${name.text}.`, name.start, name.start + name.text.length)
    this.at++
    const args: number[] = []
    while (this.list[this.at]?.text !== ')') {
      args.push(this.nested(name, () => numeric(name, this.binary(0))))
      if (this.list[this.at]?.text === ',') this.at++
      else break
    }
    this.expect(')', name)
    if (args.length === 0) throw new Failure(`${name.text} needs a value.`, name.start, name.start + name.text.length)
    return exact(name, f(...args))
  }

  private nested<T>(token: Token, body: () => T): T {
    if (++this.depth > MAX_DEPTH)
      throw new Failure('This expression is nested too deeply.', token.start, token.start + 1)
    const value = body()
    this.depth--
    return value
  }

  private expect(sign: string, from: Token): void {
    if (this.list[this.at]?.text !== sign)
      throw new Failure(`This ${from.text} has no ${sign}.`, from.start, from.start + from.text.length)
    this.at++
  }
}

function apply(token: Token, left: Scalar, right: Scalar): Scalar {
  switch (token.text) {
    case 'or':
      return left || right
    case 'and':
      return left && right
    case '==':
      return left === right
    case '!=':
      return left !== right
  }
  const a = numeric(token, left)
  const b = numeric(token, right)
  if (b === 0 && ['/', '//', '%'].includes(token.text))
    throw new Failure('Division by 0.', token.start, token.start + token.text.length)
  switch (token.text) {
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    case '+':
      return exact(token, a + b)
    case '-':
      return exact(token, a - b)
    case '*':
      return exact(token, a * b)
    case '/':
      return exact(token, a / b)
    case '//':
      return exact(token, Math.floor(a / b))
    case '%':
      return exact(token, a - b * Math.floor(a / b))
    default:
      return exact(token, a ** b)
  }
}

function numeric(token: Token, value: Scalar): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  throw new Failure(
    `${token.text} expects numbers and gets the text ${value}.`,
    token.start,
    token.start + token.text.length,
  )
}

function exact(token: Token, value: number): number {
  const fine = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  if (!fine) throw new Failure('The result is too large to be exact.', token.start, token.start + token.text.length)
  return value === 0 ? 0 : value
}
