import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLError } from 'yaml'
import type { Span } from '../base/text'
import type { Problem } from '../core/problem'
import { nesting, unmatchedBrackets } from './yamlChunks'
import type { YamlEntry, YamlNode, YamlScalar } from './yamlSource'

/** A piece of YAML as nodes, with spans from the beginning of the piece. */
export interface Parsed {
  readonly root: YamlNode | null
  readonly anchors: readonly { readonly name: string; readonly node: YamlNode }[]
  readonly problems: readonly Problem[]
}

/** Deeper nesting is refused: the parser and everything behind it walk nodes recursively. */
const MAX_NESTING = 200

/** The brackets that are put around elements of a flow list, to parse them on their own. */
export const WRAP = ['[', '\n]'] as const

/** Parses a text with the `yaml` package and converts what it gives. `wrapped`: it stands in WRAP. Never throws. */
export function parsePiece(text: string, wrapped = false): Parsed {
  if (nesting(text) > MAX_NESTING) return tooDeep(text)
  try {
    const options = { prettyErrors: false, uniqueKeys: false, logLevel: 'silent', keepSourceTokens: false } as const
    const document = parseDocument(text, options)
    const anchors: { name: string; node: YamlNode }[] = []
    const problems = syntaxProblems(document.errors, text, wrapped)
    const root = convert(document.contents as Node | null, text, anchors, problems)
    return wrapped && problems.length > 0
      ? within(text.length - WRAP[1].length, { root, anchors, problems })
      : { root, anchors, problems }
  } catch {
    return tooDeep(text)
  }
}

/** The same nodes, `by` characters later. */
export const shiftNode = (node: YamlNode, by: number): YamlNode => withSpans(node, span => shiftSpan(span, by))

/** A bracket that is open ends where the piece does and not in the brackets put around it. */
function within(end: number, { root, anchors, problems }: Parsed): Parsed {
  const cut = (span: Span): Span => ({ start: Math.min(span.start, end), end: Math.min(span.end, end) })
  return {
    root: root && withSpans(root, cut),
    anchors: anchors.map(({ name, node }) => ({ name, node: withSpans(node, cut) })),
    problems: problems.map(found => ({ ...found, span: cut(found.span) })),
  }
}

function withSpans(node: YamlNode, change: (span: Span) => Span): YamlNode {
  const span = change(node.span)
  switch (node.kind) {
    case 'scalar':
      return { kind: 'scalar', span, value: node.value, raw: node.raw, quoted: node.quoted }
    case 'alias':
      return { kind: 'alias', span, name: node.name }
    case 'list':
      return { kind: 'list', span, items: node.items.map(item => withSpans(item, change)) }
    case 'map':
      return { kind: 'map', span, entries: node.entries.map(entry => entryWithSpans(entry, change)) }
  }
}

export const shiftSpan = (span: Span, by: number): Span => ({ start: span.start + by, end: span.end + by })

const entryWithSpans = ({ key, value }: YamlEntry, change: (span: Span) => Span): YamlEntry => ({
  key: withSpans(key, change) as YamlScalar,
  value: value && withSpans(value, change),
})

function convert(
  node: Node | null,
  text: string,
  anchors: { name: string; node: YamlNode }[],
  problems: Problem[],
): YamlNode | null {
  if (!node?.range) return null
  const span: Span = { start: node.range[0], end: node.range[1] }
  if (isAlias(node)) return { kind: 'alias', span, name: node.source }
  let made: YamlNode | null = null
  if (isScalar(node)) made = scalar(node.value, span, text, node.type)
  else if (isSeq(node)) {
    const items = node.items.map(item => convert(item as Node, text, anchors, problems) ?? nothing(span.start))
    made = { kind: 'list', span: node.flow ? span : tight(span, items.at(-1)), items }
  } else if (isMap(node)) {
    const entries: YamlEntry[] = []
    const seen = new Set<string>()
    for (const pair of node.items) {
      const key = keyOf(pair.key as Node | null, text)
      if (!key) continue
      if (seen.has(key.raw)) problems.push(duplicate(key))
      seen.add(key.raw)
      const value = convert(pair.value as Node | null, text, anchors, problems)
      entries.push({ key, value: value?.kind === 'scalar' && value.raw === '' && !value.quoted ? null : value })
    }
    const last = entries.at(-1)
    made = { kind: 'map', span: node.flow ? span : tight(span, last?.value ?? last?.key), entries }
  }
  if (made && node.anchor) anchors.push({ name: node.anchor, node: made })
  return made
}

/** Block collections reach to the end of their last content, not over the blank lines and comments behind it. */
const tight = (span: Span, last: YamlNode | null | undefined): Span => ({
  start: span.start,
  end: Math.max(span.start, last?.span.end ?? span.end),
})

function scalar(value: unknown, span: Span, text: string, type: unknown): YamlScalar {
  const raw = text.slice(span.start, span.end)
  const quoted =
    type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' || type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED'
  const plain = value === null || ['string', 'number', 'boolean'].includes(typeof value)
  return { kind: 'scalar', span, value: plain ? (value as YamlScalar['value']) : raw, raw, quoted }
}

const nothing = (at: number): YamlScalar => ({
  kind: 'scalar',
  span: { start: at, end: at },
  value: null,
  raw: '',
  quoted: false,
})

/** Keys that are no scalars have no meaning in a model file; they are kept by their text. */
function keyOf(node: Node | null, text: string): YamlScalar | null {
  if (!node?.range) return null
  const span: Span = { start: node.range[0], end: node.range[1] }
  if (isScalar(node)) return scalar(node.value, span, text, node.type)
  const raw = text.slice(span.start, span.end)
  return { kind: 'scalar', span, value: raw, raw, quoted: false }
}

const duplicate = (key: YamlScalar): Problem => ({
  code: 'duplicate-name',
  severity: 'warning',
  span: key.span,
  message: `${key.raw} is given twice; the last one counts.`,
})

const tooDeep = (text: string): Parsed => ({
  root: null,
  anchors: [],
  problems: [
    {
      code: 'limit',
      severity: 'warning',
      span: { start: 0, end: text.trimEnd().length },
      message: `More than ${MAX_NESTING} levels of nesting; this part is not read.`,
    },
  ],
})

/** One problem a piece of damage: an open bracket is told where it opens, and what follows from it is left out. */
function syntaxProblems(errors: readonly YAMLError[], text: string, wrapped: boolean): Problem[] {
  if (errors.length === 0) return []
  const margin = wrapped ? WRAP[0].length : 0
  const { open, close } = unmatchedBrackets(wrapped ? text.slice(margin, -WRAP[1].length) : text)
  const problems: Problem[] = []
  if (open !== null) problems.push(syntax(character(open + margin), `This ${text[open + margin]} is never closed.`))
  else if (close !== null)
    problems.push(syntax(character(close + margin), `This ${text[close + margin]} closes nothing.`))
  const from = (open ?? close ?? Number.POSITIVE_INFINITY) + margin
  const places = new Set<number>()
  for (const error of errors) {
    const [start, end] = error.pos
    if (start >= from || places.has(start) || places.size >= 20) continue
    places.add(start)
    problems.push(syntax(visible(text, start, end), sentence(error)))
  }
  return problems
}

const character = (at: number): Span => ({ start: at, end: at + 1 })

const syntax = (span: Span, message: string): Problem => ({ code: 'syntax', severity: 'error', span, message })

/** An error at a line's end or behind the text is shown at the last word before it. */
function visible(text: string, start: number, end: number): Span {
  let to = Math.min(end, text.length)
  while (to > 0 && /\s/.test(text[to - 1]!)) to--
  let from = Math.min(start, to)
  while (from > 0 && from === to && /\S/.test(text[from - 1]!) && text[from - 1] !== ',') from--
  const word = /^[\w.$-]+/.exec(text.slice(from))?.[0].length ?? 0
  return { start: from, end: Math.max(to, from + word) }
}

function sentence(error: YAMLError): string {
  if (error.message.startsWith('Implicit map key')) return 'A key needs a colon and a value.'
  if (error.message.startsWith('Missing closing')) return 'This string is never closed.'
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY') return 'A second key: value on one line; is it indented too far?'
  return `${error.message.replace(/\.$/, '')}.`
}
