import type { Span } from '../../base/text'
import type { Problem } from '../../core/problem'
import type { YamlEntry, YamlFile, YamlNode } from '../yamlSource'
import { plainOf } from './literal'
import { show } from './signature'

/** A row as it stands in the file. */
export interface RowSource {
  readonly index: number
  readonly section: string
  readonly span: Span
  /** Where its hint stands: the end of its first line, before a comment. */
  readonly anchor: number
  /** What it is made of; null where it is not `[from, repeats, module, args]`. The problem is told. */
  readonly parts: RowParts | null
}

export interface RowParts {
  readonly from: readonly Reference[]
  /** Whether `from` is a list: the module then takes a list. */
  readonly several: boolean
  readonly repeats: number
  readonly repeatsSpan: Span
  readonly module: string
  readonly moduleSpan: Span
  readonly args: readonly YamlNode[]
}

/** One number of a row's `from`. */
export interface Reference {
  readonly row: number
  readonly span: Span
}

/** The rows of `backbone` and `head`, counted through; a row that cannot be read keeps its place. */
export function readRows(
  file: YamlFile,
  entries: ReadonlyMap<string, YamlEntry>,
): { rows: RowSource[]; problems: Problem[] } {
  const rows: RowSource[] = []
  const problems: Problem[] = []
  for (const section of ['backbone', 'head']) {
    const entry = entries.get(section)
    const list = file.resolve(entry?.value ?? null)
    if (!entry || list === null) continue
    if (list.kind !== 'list') {
      problems.push(wrong(list.span, `${section} expects a list of rows [from, repeats, module, args].`))
      continue
    }
    for (const item of list.items) {
      const parts = readRow(file, item, rows.length, problems)
      rows.push({ index: rows.length, section, span: item.span, anchor: anchorOf(file.text, item.span), parts })
    }
  }
  return { rows, problems }
}

function readRow(file: YamlFile, item: YamlNode, index: number, problems: Problem[]): RowParts | null {
  const fail = (span: Span, message: string): null => {
    problems.push(wrong(span, `row ${index} ${message}.`))
    return null
  }
  const list = file.resolve(item)
  if (list?.kind !== 'list') {
    const got = list === null || list.kind === 'map' ? '' : ` and gets ${show(plainOf(file, list))}`
    return fail(item.span, `expects [from, repeats, module, args]${got}`)
  }
  if (list.items.length !== 4)
    return fail(item.span, `expects 4 entries, [from, repeats, module, args], and gets ${list.items.length}`)
  const [first, second, third, fourth] = list.items as [YamlNode, YamlNode, YamlNode, YamlNode]
  const from = file.resolve(first)
  const nodes = from?.kind === 'list' ? from.items : [first]
  const references: Reference[] = []
  for (const node of nodes) {
    const value = plainOf(file, node)
    if (!Number.isSafeInteger(value)) return fail(node.span, `expects from to be row numbers and gets ${show(value)}`)
    references.push({ row: value as number, span: node.span })
  }
  if (references.length === 0) return fail(first.span, 'expects from to name a row and gets an empty list')
  const repeats = plainOf(file, second)
  if (typeof repeats !== 'number' || Number.isNaN(repeats)) {
    return fail(second.span, `expects repeats to be a number and gets ${show(repeats)}`)
  }
  const module = plainOf(file, third)
  if (typeof module !== 'string') return fail(third.span, `expects the name of a module and gets ${show(module)}`)
  const args = file.resolve(fourth)
  if (args?.kind !== 'list')
    return fail(fourth.span, `expects a list of arguments and gets ${show(plainOf(file, fourth))}`)
  return {
    from: references,
    several: from?.kind === 'list',
    repeats,
    repeatsSpan: second.span,
    module,
    moduleSpan: third.span,
    args: args.items,
  }
}

/**
 * Where a hint stands: behind the row and what closes it where it ends on its first line, else at the end of that line
 * before a comment.
 */
function anchorOf(text: string, span: Span): number {
  const newline = text.indexOf('\n', span.start)
  if (newline < 0 || newline >= span.end) {
    let end = span.end
    for (let at = end; CLOSING.has(text.charCodeAt(at)); at++) if (text.charCodeAt(at) !== SPACE) end = at + 1
    return end
  }
  const line = text.slice(span.start, newline)
  const comment = /\s#/.exec(line)
  return span.start + (comment ? line.slice(0, comment.index) : line).trimEnd().length
}

const SPACE = 32

/** Space, `,` and `]`: what may follow a row of a flow list on its line. */
const CLOSING: ReadonlySet<number> = new Set([SPACE, 44, 93])

const wrong = (span: Span, message: string): Problem => ({ code: 'bad-argument', severity: 'error', span, message })
