/**
 * A value of a JSON text with the places of its strings. What is neither a string nor a container is not told apart:
 * nobody here reads numbers.
 */
export type JsonNode =
  | { readonly kind: 'string'; readonly start: number; readonly end: number }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, JsonNode> }
  | { readonly kind: 'other' }

/** Where a text stops being JSON, and why. */
export interface JsonFault {
  readonly offset: number
  readonly message: string
}

/** Reads a JSON text and keeps where its strings stand. Never throws; nesting is bounded. */
export function readJson(text: string): JsonNode | JsonFault {
  try {
    const reader = new Reader(text)
    const value = reader.value(0)
    reader.skipSpace()
    if (reader.at < text.length) reader.fail('expected the end of the text')
    return value
  } catch (error) {
    if (error instanceof Fault) return { offset: error.offset, message: error.message }
    throw error
  }
}

/** What a string of the text says; null where an escape in it is wrong. */
export function stringOf(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): string | null {
  try {
    return JSON.parse(text.slice(start, end)) as string
  } catch {
    return null
  }
}

class Fault extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message)
  }
}

class Reader {
  at = 0
  constructor(readonly text: string) {}

  fail(message: string): never {
    throw new Fault(this.at, message)
  }

  skipSpace(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? '.')) this.at++
  }

  value(depth: number): JsonNode {
    if (depth > MOST_DEPTH) this.fail(`nested deeper than ${MOST_DEPTH}`)
    this.skipSpace()
    const c = this.text[this.at]
    if (c === '"') return this.string()
    if (c === '{') return { kind: 'object', entries: this.object(depth) }
    if (c === '[') return { kind: 'array', items: this.array(depth) }
    OTHER.lastIndex = this.at
    if (!OTHER.test(this.text)) this.fail(c === undefined ? 'the text ends early' : 'expected a value')
    this.at = OTHER.lastIndex
    return { kind: 'other' }
  }

  /** Found by its quotes alone: outputs hold pictures of many megabytes. */
  string(): JsonNode & { kind: 'string' } {
    const start = this.at
    for (let quote = start; ; ) {
      quote = this.text.indexOf('"', quote + 1)
      if (quote < 0) this.fail('a string does not end')
      let slashes = 0
      while (this.text[quote - 1 - slashes] === '\\') slashes++
      if (slashes % 2 === 1) continue
      this.at = quote + 1
      return { kind: 'string', start, end: this.at }
    }
  }

  array(depth: number): JsonNode[] {
    const items: JsonNode[] = []
    this.at++
    while (this.more(']', items.length === 0)) items.push(this.value(depth + 1))
    return items
  }

  object(depth: number): Map<string, JsonNode> {
    const entries = new Map<string, JsonNode>()
    this.at++
    while (this.more('}', entries.size === 0)) {
      this.skipSpace()
      if (this.text[this.at] !== '"') this.fail('expected a key')
      const key = stringOf(this.text, this.string())
      this.skipSpace()
      if (key === null || this.text[this.at] !== ':') this.fail('expected a colon')
      this.at++
      entries.set(key, this.value(depth + 1))
    }
    return entries
  }

  /** Whether another member follows; passes the comma before it, or the closing bracket. */
  more(close: string, first: boolean): boolean {
    this.skipSpace()
    const c = this.text[this.at]
    if (c === close) {
      this.at++
      return false
    }
    if (first) return true
    if (c !== ',') this.fail(c === undefined ? 'the text ends early' : `expected a comma or ${close}`)
    this.at++
    return true
  }
}

const OTHER = /true|false|null|-?\d[\d.eE+-]*|-?Infinity|NaN/y
/** Notebooks nest a few levels; deeper texts are made to overflow something. */
const MOST_DEPTH = 200
