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
  /** It may well be JSON, of more than what is read. */
  readonly isLimit: boolean
}

/**
 * Reads a JSON text and keeps where its strings stand; what the keys in `skipped` hold is passed over. Never throws;
 * depth and the number of containers are bounded.
 */
export function readJson(text: string, skipped: ReadonlySet<string> = new Set()): JsonNode | JsonFault {
  try {
    const reader = new Reader(text, skipped)
    const value = reader.value(0, true)
    reader.skipSpace()
    if (reader.at < text.length) reader.fail('expected the end of the text')
    return value
  } catch (error) {
    if (error instanceof Fault) return { offset: error.offset, message: error.message, isLimit: error.isLimit }
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
    readonly isLimit: boolean,
  ) {
    super(message)
  }
}

class Reader {
  at = 0
  private containers = 0
  constructor(
    readonly text: string,
    readonly skipped: ReadonlySet<string>,
  ) {}

  fail(message: string, isLimit = false): never {
    throw new Fault(this.at, message, isLimit)
  }

  skipSpace(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? '.')) this.at++
  }

  value(depth: number, keep: boolean): JsonNode {
    if (depth > MOST_DEPTH) this.fail(`nested deeper than ${MOST_DEPTH}`, true)
    this.skipSpace()
    const c = this.text[this.at]
    if (c === '"') return this.string()
    if (c === '{' || c === '[') {
      if (keep && ++this.containers > MOST_CONTAINERS) this.fail(`more than ${MOST_CONTAINERS} lists and objects`, true)
      if (c === '{') return { kind: 'object', entries: this.object(depth, keep) }
      return { kind: 'array', items: this.array(depth, keep) }
    }
    OTHER.lastIndex = this.at
    if (!OTHER.test(this.text)) this.fail(c === undefined ? 'the text ends early' : 'expected a value')
    this.at = OTHER.lastIndex
    return OTHER_NODE
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

  array(depth: number, keep: boolean): readonly JsonNode[] {
    const items: JsonNode[] = []
    this.at++
    for (let first = true; this.more(']', first); first = false) {
      const item = this.value(depth + 1, keep)
      if (keep) items.push(item)
    }
    return items
  }

  object(depth: number, keep: boolean): ReadonlyMap<string, JsonNode> {
    const entries = new Map<string, JsonNode>()
    this.at++
    for (let first = true; this.more('}', first); first = false) {
      this.skipSpace()
      if (this.text[this.at] !== '"') this.fail('expected a key')
      const key = stringOf(this.text, this.string())
      this.skipSpace()
      if (key === null || this.text[this.at] !== ':') this.fail('expected a colon')
      this.at++
      const value = this.value(depth + 1, keep && !this.skipped.has(key))
      if (keep) entries.set(key, value)
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
/** Of those that are kept: what takes memory. */
const MOST_CONTAINERS = 500_000
const OTHER_NODE: JsonNode = { kind: 'other' }
