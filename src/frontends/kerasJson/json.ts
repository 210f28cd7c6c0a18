import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser/lib/esm/main.js'
import type { Span } from '../../base/text'
import type { Problem } from '../../core/problem'
import type { ConfigValue } from '../kerasLayers'

export type JsonNode = Node

/** Deeper than any model: a layer in a model in a model takes a dozen levels each. */
const MOST_DEPTH = 500
/** Larger files are weights, not definitions. */
const MOST_CHARACTERS = 32 * 1024 * 1024
const MOST_PROBLEMS = 50

/** A text as a tree with places. What is broken is told, and the rest is read; null where nothing can be. */
export function parseJson(text: string): { readonly root: JsonNode | null; readonly problems: readonly Problem[] } {
  if (text.length > MOST_CHARACTERS) return refused(text, `files of more than ${MOST_CHARACTERS} characters`)
  if (isDeep(text)) return refused(text, `JSON nested more than ${MOST_DEPTH} deep`)
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: false, disallowComments: true }) ?? null
  const problems = errors.slice(0, MOST_PROBLEMS).map(({ error, offset, length }): Problem => {
    const what = printParseErrorCode(error)
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
    return {
      code: 'syntax',
      severity: 'error',
      span: { start: offset, end: Math.min(text.length, offset + Math.max(1, length)) },
      message: `This is no JSON: ${what}.`,
    }
  })
  return { root, problems: [...problems, ...unsafeKeys(text, root)] }
}

/** Keys that programs in some languages take for an object's prototype: no layer has them. They are told and left out. */
const UNSAFE: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor'])

function unsafeKeys(text: string, root: JsonNode | null): Problem[] {
  // Keys are seldom escaped; where they may be, all are looked at.
  if (!root || !/__proto__|prototype|constructor|\\u/.test(text)) return []
  const found: Problem[] = []
  const open: JsonNode[] = [root]
  for (let node = open.pop(); node && found.length < MOST_PROBLEMS; node = open.pop()) {
    const [key] = node.type === 'property' ? (node.children ?? []) : []
    if (key && UNSAFE.has(String(key.value))) {
      const message = `A layer has no argument ${String(key.value)}; it is not read.`
      found.push({ code: 'unknown-option', severity: 'warning', span: spanOf(key), message })
    }
    open.push(...(node.children ?? []))
  }
  return found.sort((a, b) => a.span.start - b.span.start)
}

function refused(text: string, what: string): ReturnType<typeof parseJson> {
  const end = Math.min(text.length, 1)
  const message = `${what[0]!.toUpperCase()}${what.slice(1)} are not read.`
  return { root: null, problems: [{ code: 'limit', severity: 'warning', span: { start: 0, end }, message }] }
}

/** The parser recurses: what would overflow its stack is found first. */
function isDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (quoted) {
      if (code === BACKSLASH) i++
      else if (code === QUOTE || code === NEWLINE) quoted = false
    } else if (code === QUOTE) quoted = true
    else if (code === OPEN_LIST || code === OPEN_MAP) {
      if (++depth > MOST_DEPTH) return true
    } else if (code === CLOSE_LIST || code === CLOSE_MAP) depth--
  }
  return false
}

const [QUOTE, BACKSLASH, NEWLINE, OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [34, 92, 10, 91, 93, 123, 125]

export const spanOf = ({ offset, length }: JsonNode): Span => ({ start: offset, end: offset + length })

/** The value of a key; the last where it stands twice, as parsers have it. */
export function member(node: JsonNode | undefined, key: string): JsonNode | undefined {
  if (node?.type !== 'object') return undefined
  return node.children?.findLast(property => property.children?.[0]?.value === key)?.children?.[1]
}

/** Keys and values of a mapping. */
export const members = (node: JsonNode | undefined): [string, JsonNode][] =>
  node?.type !== 'object'
    ? []
    : (node.children ?? []).flatMap((property): [string, JsonNode][] => {
        const [key, value] = property.children ?? []
        return key && value && !UNSAFE.has(String(key.value)) ? [[String(key.value), value]] : []
      })

export const elementsOf = (node: JsonNode | undefined): readonly JsonNode[] =>
  node?.type === 'array' ? (node.children ?? []) : []

export const textOf = (node: JsonNode | undefined): string | undefined =>
  node?.type === 'string' ? (node.value as string) : undefined

/** Plain data. Keys that would reach an object's prototype are ordinary keys here. */
export function dataOf(node: JsonNode | undefined): ConfigValue {
  if (!node) return null
  if (node.type === 'array') return elementsOf(node).map(dataOf)
  if (node.type === 'object') return Object.fromEntries(members(node).map(([key, value]) => [key, dataOf(value)]))
  const value: unknown = node.value
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
