import type { TextEdit } from '../core/problem'
import { lineEndAt, lineStartAt } from './rewriteRows'
import { withoutComments } from './yamlRows'
import type { YamlEntry, YamlMap } from './yamlSource'

/** What a mapping says otherwise than the one it is made after: keys with their value as text, null for none at all. */
export type Changes = ReadonlyMap<string, string | null>

/**
 * A mapping in the style of one that stands in the text (braces or lines, separators, indentation, quotes of keys),
 * without its comments. New keys come last. Null where anchors or tags stand in it.
 */
export function mapLike(text: string, map: YamlMap, changes: Changes): string | null {
  const { entries, span } = map
  const flow = text[span.start] === '{'
  const gaps = entries.slice(1).map(({ key }, i) => withoutComments(text.slice(endOf(entries[i]!), key.span.start)))
  const between = flow ? (gaps[0] ?? ', ') : lineEndAt(text, span.start) + indentOf(text, map)
  const kept = entries.filter(({ key }) => changes.get(key.raw) !== null).map(entry => entryLike(text, entry, changes))
  const made = [...kept, ...added(text, map, changes)]
  if (made.includes(null) || (flow && !gaps.every(gap => /^[\s,]*$/.test(gap)))) return null
  const body = made.join(between)
  if (!flow) return body
  const [first, last] = [entries[0], entries.at(-1)]
  if (!first || !last) return `{${body}}`
  const head = withoutComments(text.slice(span.start, first.key.span.start))
  return head + body + withoutComments(text.slice(endOf(last), span.end))
}

/** The edits that change a mapping where it stands. Whatever else is in it stays as it is, comments too. */
export function mapEdits(text: string, map: YamlMap, changes: Changes): TextEdit[] {
  const { entries, span } = map
  const flow = text[span.start] === '{'
  const edits: TextEdit[] = []
  const goes = ({ key }: YamlEntry): boolean => changes.get(key.raw) === null
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!
    const value = changes.get(entry.key.raw)
    if (value === undefined) continue
    if (value !== null) {
      if (entry.value && value !== text.slice(entry.value.span.start, entry.value.span.end)) {
        edits.push({ span: entry.value.span, newText: value })
      }
      continue
    }
    const from = i
    while (i + 1 < entries.length && goes(entries[i + 1]!)) i++
    const next = entries[i + 1]
    const before = entries[from - 1]
    // Of a row's lines each goes with what stands behind it; the first stands behind the dash and hands that on.
    const start = before ? lineOf(text, endOf(before), flow) : entry.key.span.start
    const end = before || !next ? lineOf(text, endOf(entries[i]!), flow) : next.key.span.start
    edits.push({ span: { start, end }, newText: '' })
  }
  const last = entries.findLast(entry => !goes(entry))
  const more = added(text, map, changes)
  if (last && more.length > 0) {
    const gap = entries[1] ? withoutComments(text.slice(endOf(entries[0]!), entries[1].key.span.start)) : ', '
    const between = flow ? gap : lineEndAt(text, span.start) + indentOf(text, map)
    const at = lineOf(text, endOf(last), flow)
    edits.push({ span: { start: at, end: at }, newText: more.map(one => between + one).join('') })
  }
  return edits
}

/** The end of an entry. */
export const endOf = ({ key, value }: YamlEntry): number => value?.span.end ?? key.span.end + 1

function entryLike(text: string, { key, value }: YamlEntry, changes: Changes): string | null {
  const name = text.slice(key.span.start, key.span.end)
  const given = changes.get(key.raw)
  if (!value) return given ? `${name}: ${given}` : `${name}:`
  const colon = withoutComments(text.slice(key.span.end, value.span.start))
  const plain = /^\s*:\s*$/.test(colon)
  if (given !== undefined) return plain ? name + colon + given : `${name}: ${given}`
  return plain ? name + colon + text.slice(value.span.start, value.span.end).trimEnd() : null
}

/** Entries that the mapping does not have, spelled like those that it has. */
function added(text: string, { entries }: YamlMap, changes: Changes): string[] {
  const names = new Set(entries.map(({ key }) => key.raw))
  const model = entries.find(({ value }) => value?.kind === 'scalar')
  const colon = model?.value ? text.slice(model.key.span.end, model.value.span.start) : ': '
  return [...changes].flatMap(([key, value]) =>
    value === null || names.has(key) ? [] : [key + (/^\s*:[ \t]*$/.test(colon) ? colon : ': ') + value],
  )
}

/** Of a block mapping, the end of the line on which an entry ends; a flow mapping has no lines of its own. */
function lineOf(text: string, at: number, flow: boolean): number {
  if (flow) return at
  const end = /[\r\n]/.exec(text.slice(at))
  return end ? at + end.index : text.length
}

/** The blanks under which the entries of a block mapping stand. */
export function indentOf(text: string, { span }: YamlMap): string {
  return text.slice(lineStartAt(text, span.start), span.start).replace(/\S/g, ' ')
}
