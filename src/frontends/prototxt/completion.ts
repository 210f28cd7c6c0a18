import type { Span } from '../../base/text'
import type { CompletionEntry, Source } from '../frontend'
import { layerTypes, typeOf } from './layers'
import { type LayerText, readNetwork } from './network'
import { V1_TYPES } from './oldTypes'
import { type Message, type Token, tokensOf } from './parse'
import { fieldsOfLayer } from './remarks'
import { type FieldType, networkFields } from './schema'
import { shorten } from './spelling'

/** Blobs are offered up to this far back. */
const NEAR = 12

/** Fields where a name may stand; types, words and blobs behind a colon. */
export function completePrototxt({ text }: Source, offset: number): readonly CompletionEntry[] {
  const line = text.slice(Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1, offset)
  if (/^[^"']*#/.test(line)) return []
  const { names, value, start } = placeAt(text, offset)
  const { layers, root } = readNetwork(text)
  const layer = layers.find(({ field: { span } }) => span.start < offset && offset <= span.end)
  const fields = fieldsAt(names, layer)
  if (value === null) {
    const outer = names.length === 0 ? givenIn(root, ['']) : layer ? givenIn(layer.message, names) : []
    const given = new Set(outer.filter(name => !isRepeated(fields, name)))
    return fieldNames(fields, given, { start, end: wordEnd(text, offset) })
  }
  const field = fields.find(({ name }) => name === value)
  const old = layer?.old ?? names[0] === 'layers'
  const inLayer = names.length === 1
  if (inLayer && value === 'type')
    return old ? oldTypes(text, start, offset) : quotedAll(text, start, offset, typeNames())
  if (inLayer && (value === 'bottom' || value === 'top')) {
    return quotedAll(text, start, offset, blobsBefore(layers, layer, offset))
  }
  return field ? wordsOf(field, { start, end: wordEnd(text, offset) }) : []
}

/** The messages that are open at an offset, the field whose value is typed there, and where what is typed starts. */
function placeAt(text: string, offset: number): { names: string[]; value: string | null; start: number } {
  const tokens = tokensOf(text.slice(0, offset))
  const names: string[] = []
  let before: Token | undefined
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'mark') continue
    if (token.text === '{' || token.text === '<') {
      before = tokens[i - 1]?.text === ':' ? tokens[i - 2] : tokens[i - 1]
      names.push(before?.kind === 'word' ? before.text : '')
    } else if (token.text === '}' || token.text === '>') names.pop()
  }
  const last = tokens.at(-1)
  const typed = last && last.kind !== 'mark' && last.span.end === offset ? last : undefined
  const colon = tokens.at(typed ? -2 : -1)
  const field = tokens.at(typed ? -3 : -2)
  const value = colon?.kind === 'mark' && colon.text === ':' && field?.kind === 'word' ? field.text : null
  return { names, value, start: typed?.span.start ?? offset }
}

function fieldsAt(names: readonly string[], layer: LayerText | undefined): readonly FieldType[] {
  if (names.length === 0) return networkFields
  const outer = names[0] === 'layer' || names[0] === 'layers'
  let fields: readonly FieldType[] = outer
    ? fieldsOfLayer(layer ?? { type: '', old: names[0] === 'layers' })
    : (networkFields.find(({ name }) => name === names[0])?.message?.fields ?? [])
  for (const name of names.slice(1)) fields = fields.find(field => field.name === name)?.message?.fields ?? []
  return fields
}

/** What stands already in the innermost of the messages that lead from one. */
function givenIn(message: Message, names: readonly string[]): string[] {
  let { fields } = message
  for (const name of names.slice(1)) {
    const inner = fields.find(field => field.name === name)?.value
    fields = inner?.kind === 'message' ? inner.fields : []
  }
  return fields.map(({ name }) => name)
}

const isRepeated = (fields: readonly FieldType[], name: string): boolean =>
  fields.some(field => field.name === name && field.repeated)

const fieldNames = (fields: readonly FieldType[], given: ReadonlySet<string>, span: Span): CompletionEntry[] =>
  fields
    .filter(({ name }) => !given.has(name))
    .map(({ name, kind, fallback, doc }) => ({
      label: name,
      kind: 'key',
      ...(fallback === '' ? {} : { detail: `default ${fallback}` }),
      documentation: doc,
      insert: kind === 'message' ? `${name} {` : `${name}: `,
      span,
    }))

interface Named {
  readonly name: string
  readonly kind: CompletionEntry['kind']
  readonly doc?: string
  readonly detail?: string
}

const typeNames = (): Named[] =>
  layerTypes.flatMap(({ names, doc }) => names.map(name => ({ name, kind: 'module' as const, doc })))

/** Names in quotes, in place of what is typed; quotes that stand there are used. */
function quotedAll(text: string, start: number, offset: number, names: readonly Named[]): CompletionEntry[] {
  const typed = text[start] === '"' || text[start] === "'" ? text[start] : ''
  const quote = typed || '"'
  let end = offset
  while (end < text.length && !/["'\r\n\s{}#]/.test(text[end]!)) end++
  const close = text[end] === quote ? '' : quote
  const from = start + typed.length
  return names.map(({ name, kind, doc, detail }) => ({
    label: name,
    kind,
    ...(detail ? { detail } : {}),
    ...(doc ? { documentation: doc } : {}),
    insert: `${typed ? '' : quote}${name}${close}`,
    span: { start: from, end },
  }))
}

const oldTypes = (text: string, start: number, offset: number): CompletionEntry[] =>
  [...V1_TYPES].map(([label, name]) => {
    const documentation = typeOf.get(name)?.doc
    const span = { start, end: wordEnd(text, offset) }
    return { label, kind: 'module', ...(documentation ? { documentation } : {}), span }
  })

/** What the layers before write, the last first. */
function blobsBefore(layers: readonly LayerText[], own: LayerText | undefined, offset: number): Named[] {
  const before = layers.filter(layer => layer !== own && layer.header.start < offset).slice(-NEAR)
  const names = before.toReversed().flatMap(({ tops, type }) => tops.map(({ text }) => ({ text, type })))
  return [...new Map(names.map(({ text, type }) => [text, type]))].map(([name, type]) => ({
    name,
    kind: 'reference',
    detail: shorten(type),
  }))
}

function wordsOf(field: FieldType, span: Span): CompletionEntry[] {
  const words = field.kind === 'flag' ? ['true', 'false'] : (field.values ?? [])
  return words
    .filter(word => word !== '')
    .map(label => ({ label, kind: 'value', ...(label === field.fallback ? { detail: 'default' } : {}), span }))
}

function wordEnd(text: string, offset: number): number {
  let end = offset
  while (end < text.length && /\w/.test(text[end]!)) end++
  return end
}
