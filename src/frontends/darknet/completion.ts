import type { Span } from '../../base/text'
import type { CompletionEntry, Source } from '../frontend'
import type { Key } from './key'
import { layerTypes } from './layers'
import { NETWORK_NAMES } from './network'
import { keysOf } from './remarks'
import { parseCfg, type Section } from './syntax'
import { shorten } from './values'

/** Layers that a reference may name are offered up to this far back. */
const NEAR = 12

/** Names of sections behind `[`, keys at the start of a line, words and layers behind `=`. */
export function completeCfg({ text }: Source, offset: number): readonly CompletionEntry[] {
  const line = lineAround(text, offset)
  const before = text.slice(line.start, offset)
  const start = line.start + before.length - before.trimStart().length
  if (/^\s*[#;]/.test(before)) return []
  if (/^\s*\[/.test(before)) return sectionNames({ start, end: headerEnd(text, start, line.end) })
  const { sections } = parseCfg(text.slice(0, line.start))
  const section = sections.at(-1)
  const equals = before.indexOf('=')
  if (equals < 0) {
    const span = { start, end: wordEnd(text, offset, line.end) }
    const names = before.trim() === '' ? sectionNames(span) : []
    return section ? [...keyNames(section, afterwards(text, line.end), span), ...names] : names
  }
  const key = section && keysOf(section.name)?.find(known => known.name === before.slice(0, equals).trim())
  return section && key ? valuesOf(key, sections, text, line, offset) : []
}

const sectionNames = (span: Span): CompletionEntry[] => [
  {
    label: '[net]',
    kind: 'module',
    detail: 'input and training',
    documentation: 'The network; the first section.',
    span,
  },
  ...layerTypes.map(
    ({ names, doc }): CompletionEntry => ({ label: `[${names[0]}]`, kind: 'module', documentation: doc, span }),
  ),
]

function keyNames(section: Section, rest: string, span: Span): CompletionEntry[] {
  const given = new Set(
    [...section.options, ...(parseCfg(`[${section.name}]\n${rest}`).sections[0]?.options ?? [])].map(o => o.key),
  )
  const common = (keysOf(section.name) ?? []).filter(key => !given.has(key.name))
  return common.map(({ name, fallback, doc }) => ({
    label: name,
    kind: 'key',
    ...(fallback === '' ? {} : { detail: `default ${fallback}` }),
    documentation: doc,
    insert: `${name}=`,
    span,
  }))
}

function valuesOf(key: Key, sections: readonly Section[], text: string, line: Span, offset: number): CompletionEntry[] {
  const from = Math.max(text.lastIndexOf('=', offset - 1), text.lastIndexOf(',', offset - 1)) + 1
  const typed = text.slice(from, offset)
  const span = { start: from + typed.length - typed.trimStart().length, end: wordEnd(text, offset, line.end) }
  if (key.kind === 'layers') return nearLayers(sections, span)
  const words = key.kind === 'flag' ? ['0', '1'] : (key.values ?? [])
  return words.map(label => ({
    label,
    kind: 'value',
    ...(label === key.fallback ? { detail: 'default' } : {}),
    span,
  }))
}

function nearLayers(sections: readonly Section[], span: Span): CompletionEntry[] {
  const own = sections.length - (NETWORK_NAMES.includes(sections[0]?.name ?? '') ? 2 : 1)
  const offset = sections.length - 1 - own
  return Array.from({ length: Math.min(NEAR, Math.max(0, own)) }, (_, i) => {
    const index = own - 1 - i
    const name = sections[index + offset]!.name
    return { label: String(index - own), kind: 'reference', detail: shorten(`${index} ${name}`), span }
  })
}

function lineAround(text: string, offset: number): Span {
  let start = Math.min(offset, text.length)
  while (start > 0 && !isLineEnd(text.charCodeAt(start - 1))) start--
  let end = Math.min(offset, text.length)
  while (end < text.length && !isLineEnd(text.charCodeAt(end))) end++
  return { start, end }
}

/** The lines behind, up to the next section. */
function afterwards(text: string, from: number): string {
  const next = text.slice(from).search(/[\r\n][ \t]*\[/)
  return next < 0 ? text.slice(from) : text.slice(from, from + next)
}

/** Behind the closing bracket where there is one, else behind the name. */
function headerEnd(text: string, start: number, lineEnd: number): number {
  const rest = text.slice(start, lineEnd)
  return start + (/^\[[^\]#;]*\]?/.exec(rest)?.[0].trimEnd().length ?? 1)
}

function wordEnd(text: string, offset: number, lineEnd: number): number {
  let end = offset
  while (end < lineEnd && /[\w-]/.test(text[end]!)) end++
  return end
}

const isLineEnd = (code: number): boolean => code === 10 || code === 13
