import type { Span } from '../base/text'
import type { Problem } from '../core/problem'
import { cutSections, type Piece, type Section } from './yamlChunks'
import { type Parsed, parsePiece, shiftNode, shiftSpan, WRAP } from './yamlNodes'

/**
 * A YAML text as plain nodes with spans. Kinds that `yaml` knows and we do not need (comments, styles) are left out.
 * An alias is a node of its own, resolved on demand, so that alias bombs cost nothing.
 */
export type YamlNode = YamlScalar | YamlList | YamlMap | YamlAlias

export interface YamlScalar {
  readonly kind: 'scalar'
  readonly span: Span
  /** As the YAML 1.2 core schema reads it; the text of a quoted scalar is always a string. */
  readonly value: string | number | boolean | null
  /** The characters as written, quotes included. */
  readonly raw: string
  readonly quoted: boolean
}

export interface YamlList {
  readonly kind: 'list'
  readonly span: Span
  readonly items: readonly YamlNode[]
}

export interface YamlMap {
  readonly kind: 'map'
  readonly span: Span
  readonly entries: readonly YamlEntry[]
}

/** `value` is null where nothing stands after the colon. */
export interface YamlEntry {
  readonly key: YamlScalar
  readonly value: YamlNode | null
}

export interface YamlAlias {
  readonly kind: 'alias'
  readonly span: Span
  readonly name: string
}

/** A YAML text that was read once. */
export interface YamlFile {
  readonly text: string
  readonly root: YamlNode | null
  /** Syntax errors, with the span they concern. */
  readonly problems: readonly Problem[]
  /** The node that an alias stands for (followed through aliases, bounded); null when there is no such anchor. */
  resolve(node: YamlNode | null): Exclude<YamlNode, YamlAlias> | null
}

/** Larger texts are not read. */
const MAX_SIZE = 10_000_000
/** Pieces that are new are parsed no longer than this, in milliseconds; a text of many megabytes takes longer. */
const MAX_TIME = 4000
const MAX_PROBLEMS = 200

/**
 * Reads a text. `previous` is what the same document gave before: pieces with the same text are not parsed again.
 * Never throws; what is damaged is left out and told in `problems`.
 */
export function readYaml(text: string, previous?: YamlFile): YamlFile {
  if (previous?.text === text) return previous
  const reader = new Reader(text, previous ? memory.get(previous) : undefined)
  const root = text.length > MAX_SIZE ? null : (reader.sections() ?? reader.document())
  if (text.length > MAX_SIZE) reader.limit(`${MAX_SIZE / 1e6} MB`)
  const anchors = new Map<string, YamlNode[]>()
  for (const { name, node } of reader.anchors) {
    const named = anchors.get(name)
    if (named) named.push(node)
    else anchors.set(name, [node])
  }
  const file: YamlFile = {
    text,
    root,
    problems: reader.problems.slice(0, MAX_PROBLEMS).sort((a, b) => a.span.start - b.span.start),
    resolve: node => resolve(node, anchors),
  }
  memory.set(file, reader.pieces)
  return file
}

/** The entries of a map with those that `<<` merges into it; its own come first and win. */
export function mergedEntries(file: YamlFile, map: YamlMap): readonly YamlEntry[] {
  if (!map.entries.some(e => e.key.raw === '<<')) return map.entries
  const own = map.entries.filter(e => e.key.raw !== '<<')
  const merged = [...own]
  const names = new Set(own.map(e => e.key.raw))
  for (const entry of map.entries) {
    if (entry.key.raw !== '<<') continue
    const value = file.resolve(entry.value)
    for (const source of value?.kind === 'list' ? value.items : [value]) {
      const from = file.resolve(source)
      if (from?.kind !== 'map') continue
      for (const e of from.entries) {
        if (!names.has(e.key.raw) && e.key.raw !== '<<') merged.push(e)
        names.add(e.key.raw)
      }
    }
  }
  return merged
}

/** A piece as it was read at a place; `at` is where its spans count from. */
interface Known {
  readonly at: number
  readonly parsed: Parsed
}

/** What is remembered of a file: its pieces by their text. */
const memory = new WeakMap<YamlFile, ReadonlyMap<string, Known>>()

class Reader {
  readonly anchors: { name: string; node: YamlNode }[] = []
  readonly problems: Problem[] = []
  readonly pieces = new Map<string, Known>()
  private readonly deadline = Date.now() + MAX_TIME
  private stopped = false

  constructor(
    private readonly text: string,
    private readonly known: ReadonlyMap<string, Known> | undefined,
  ) {}

  /** The root mapping, read section by section; null when the text does not have that form. */
  sections(): YamlMap | null {
    const sections = cutSections(this.text)
    if (!sections) return null
    const entries: YamlEntry[] = []
    const keys = new Map<string, YamlScalar>()
    for (const section of sections) {
      for (const entry of this.section(section)) {
        if (keys.has(entry.key.raw)) this.problems.push(twice(entry.key))
        keys.set(entry.key.raw, entry.key)
        entries.push(entry)
      }
    }
    const last = entries.at(-1)
    if (!last) return null
    const span = { start: entries[0]!.key.span.start, end: last.value?.span.end ?? last.key.span.end }
    return { kind: 'map', span, entries }
  }

  /** The whole text at once; of several documents the first. */
  document(): YamlNode | null {
    const marks = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/gm
    let end = this.text.length
    for (let mark = marks.exec(this.text); mark; mark = marks.exec(this.text)) {
      if (/^[ \t]*[^\s#%-]/m.test(this.text.slice(0, mark.index))) {
        end = mark.index
        break
      }
    }
    if (this.text.slice(end).replace(marks, '').trim() !== '') {
      const message = 'Only the first document of this file is read.'
      this.problems.push({ code: 'syntax', severity: 'warning', span: { start: end, end: end + 3 }, message })
    }
    const offset = this.text.charCodeAt(0) === 0xfeff ? 1 : 0
    return this.piece(this.text.slice(offset, end), offset).root
  }

  limit(what: string): void {
    if (this.stopped) return
    this.stopped = true
    const span = { start: 0, end: Math.min(this.text.length, 1) }
    this.problems.push({
      code: 'limit',
      severity: 'warning',
      span,
      message: `This file takes more than ${what}; the rest is not read.`,
    })
  }

  private section({ head, items, list }: Section): readonly YamlEntry[] {
    const root = this.piece(this.text.slice(head.start, head.end), head.start).root
    const entries = root?.kind === 'map' ? root.entries : []
    const key = entries.at(-1)?.key
    if (list === 'none' || !key) return entries
    const nodes: YamlNode[] = []
    for (const item of items) {
      if (this.stopped) break
      nodes.push(...this.item(item, list !== 'block'))
    }
    const first = nodes[0]?.span.start ?? key.span.end
    let span: Span
    if (list === 'block')
      span = { start: this.text.indexOf('-', items[0]!.start), end: nodes.at(-1)?.span.end ?? first }
    else {
      span = { start: list.open, end: list.close < 0 ? (nodes.at(-1)?.span.end ?? list.open + 1) : list.close + 1 }
      if (list.close < 0) this.problems.push(neverClosed(list.open))
    }
    return [...entries.slice(0, -1), { key, value: { kind: 'list', span, items: nodes } }]
  }

  /** The nodes of one item: a block item as it stands, a flow element in brackets of its own. */
  private item({ start, end }: Piece, flow: boolean): readonly YamlNode[] {
    const source = this.text.slice(start, end)
    const { root } = flow ? this.piece(WRAP.join(source), start - WRAP[0].length, true) : this.piece(source, start)
    return root?.kind === 'list' ? root.items : []
  }

  /** Parses a piece, or takes it from what was read before and moves it to `at`. */
  private piece(source: string, at: number, wrapped = false): Parsed {
    const known = this.pieces.get(source) ?? this.known?.get(source)
    if (!known && Date.now() > this.deadline) this.limit(`${MAX_TIME / 1000} seconds`)
    if (this.stopped) return { root: null, anchors: [], problems: [] }
    const parsed = known ? moved(known.parsed, at - known.at) : moved(parsePiece(source, wrapped), at)
    if (known?.at !== at || !this.pieces.has(source)) this.pieces.set(source, { at, parsed })
    for (const anchor of parsed.anchors) this.anchors.push(anchor)
    for (const problem of parsed.problems) this.problems.push(problem)
    return parsed
  }
}

function moved({ root, anchors, problems }: Parsed, by: number): Parsed {
  if (by === 0) return { root, anchors, problems }
  return {
    root: root && shiftNode(root, by),
    anchors: anchors.length === 0 ? anchors : anchors.map(a => ({ name: a.name, node: shiftNode(a.node, by) })),
    problems: problems.length === 0 ? problems : problems.map(p => ({ ...p, span: shiftSpan(p.span, by) })),
  }
}

/** Aliases that lead to aliases are followed this far. */
const MAX_HOPS = 20

function resolve(
  node: YamlNode | null,
  anchors: ReadonlyMap<string, readonly YamlNode[]>,
): Exclude<YamlNode, YamlAlias> | null {
  let at = node
  for (let hops = 0; at?.kind === 'alias' && hops < MAX_HOPS; hops++) {
    const { name, span } = at
    at = anchors.get(name)?.findLast(a => a.span.start < span.start) ?? null
  }
  return at?.kind === 'alias' ? null : at
}

const twice = (key: YamlScalar): Problem => ({
  code: 'duplicate-name',
  severity: 'warning',
  span: key.span,
  message: `${key.raw} is given twice; the last one counts.`,
})

const neverClosed = (at: number): Problem => ({
  code: 'syntax',
  severity: 'error',
  span: { start: at, end: at + 1 },
  message: 'This [ is never closed.',
})
