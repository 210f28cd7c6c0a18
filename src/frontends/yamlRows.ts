import type { Span } from '../base/text'
import type { TextEdit } from '../core/problem'
import { lineEndAt, lineStartAt } from './rewriteRows'
import type { YamlList } from './yamlSource'

/** Why `rowsBefore` finds no place. */
export const NO_PLACE = 'No row can be put before it: an anchor, a tag or a key stands there.'

/**
 * The edit that puts rows before an item of a list, each as the item itself stands there: on a line of its own behind
 * the same dash, or in brackets with a comma. Null where something else stands before the item, an anchor or a tag.
 */
export function rowsBefore(text: string, { start }: Span, rows: readonly string[]): TextEdit | null {
  const between = betweenRows(text, start)
  return between === null ? null : { span: { start, end: start }, newText: rows.map(row => row + between).join('') }
}

function betweenRows(text: string, start: number): string | null {
  const before = text.slice(lineStartAt(text, start), start)
  // Of several dashes on one line only the last is this list's own.
  if (/^[ \t]*(?:-[ \t]+)+$/.test(before)) return lineEndAt(text, start) + before.replace(/-(?=.*-)/g, ' ')
  if (/^[ \t]*\[?[ \t]*$/.test(before)) return `,${lineEndAt(text, start)}${before.replace('[', ' ')}`
  const beside = /[[,]([ \t]*)$/.exec(before.slice(-100))
  return beside ? `,${before.trimEnd().endsWith(',') ? beside[1] : ' '}` : null
}

/**
 * A list of other items in the style of one that stands in the text: its brackets or dashes, what separates its items,
 * its indentation; without its comments. Null where anchors or tags stand between the items.
 */
export function listLike(text: string, { span, items }: YamlList, values: readonly string[]): string | null {
  const [first] = items
  const last = items.at(-1)
  if (!first || !last) return `[${values.join(', ')}]`
  const clean = (from: number, to: number): string => withoutComments(text.slice(from, to))
  const head = clean(span.start, first.span.start)
  const tail = text[span.start] === '[' ? clean(last.span.end, span.end) : ''
  const gaps = items.slice(1).map((item, i) => clean(items[i]!.span.end, item.span.start))
  if (![head, tail, ...gaps].every(gap => /^[\s,[\]-]*$/.test(gap))) return null
  const usual = gaps.at(-1) ?? (head.startsWith('[') ? ', ' : null)
  if (usual === null && values.length > 1) return null
  return values.reduce((made, value, i) => made + (i === 0 ? '' : (gaps[i - 1] ?? usual)) + value, head) + tail
}

/** What separates two nodes, without comments in it. */
export const withoutComments = (gap: string): string => {
  if (!gap.includes('#')) return gap
  const without = (line: string): string => {
    const at = line.indexOf('#')
    return at < 0 ? line : line.slice(0, at).trimEnd() + (line.endsWith('\r') ? '\r' : '')
  }
  return gap.split('\n').map(without).join('\n')
}
