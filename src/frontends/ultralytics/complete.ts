import type { Span } from '../../base/text'
import type { CompletionEntry, Source } from '../frontend'
import { readYaml } from '../yamlSource'
import type { Rule } from './arrange'
import { rootEntries } from './header'
import { type Entry, MODULES } from './modules'
import { readRows } from './rows'
import type { Parameter } from './signature'

/**
 * What may be typed at an offset: keys at the margin; in a row, earlier rows, modules, and names for its arguments.
 * It looks at the characters before the offset, so that it works while the row is broken.
 */
export function completeAt(source: Source, offset: number): readonly CompletionEntry[] {
  const { text } = source
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  const word = /[\w.]*$/.exec(line)![0]
  const span: Span = {
    start: offset - word.length,
    end: offset + /^[\w.]*/.exec(text.slice(offset, offset + 200))![0].length,
  }
  if (/^\w*$/.test(line)) return keys(span)
  const section = sectionAt(text, offset)
  const row = /^\s*-\s*\[(.*)$/.exec(line)?.[1]
  if (section === null || row === undefined) return []
  const place = placeIn(row)
  if (place === 0) return references(source, offset, span)
  if (place === 2) return [...MODULES.values()].map(entry => moduleEntry(entry, span))
  return place === 3 ? values(span) : []
}

/** The arguments that a row gives, as completion shows them: `[c2, shortcut=False, g=1, e=0.5]`. */
export function rowSignature({ module, rule }: Entry): string {
  const given = module.parameters.filter((_, i) => !isPutIn(rule, i, module.parameters.length)).map(spelledParameter)
  return `[${(rule === 'told' ? ['c2', ...given] : given).join(', ')}]`
}

/** Whether a constructor's parameter is put in by the framework, not by the row. */
function isPutIn(rule: Rule, i: number, count: number): boolean {
  switch (rule) {
    case 'scaled':
    case 'input':
    case 'stem':
    case 'split':
      return i === 0
    case 'repeated':
      return i === 0 || i === 2
    case 'stemBlock':
      return i === 0 || i === 4
    case 'head':
    case 'masks':
      return i >= count - 3
    case 'levelsLast':
      return i === count - 1
    case 'levelsSecond':
      return i === 1
    case 'norm':
      return true
    default:
      return false
  }
}

const spelledParameter = ({ name, spelled }: Parameter): string => (spelled === undefined ? name : `${name}=${spelled}`)

const moduleEntry = (entry: Entry, span: Span): CompletionEntry => ({
  label: entry.module.name,
  kind: 'module',
  detail: rowSignature(entry),
  documentation: entry.module.doc,
  span,
})

/** The rows before this one, nearest first. */
function references(source: Source, offset: number, span: Span): CompletionEntry[] {
  const file = readYaml(source.text)
  const before = readRows(file, rootEntries(file)).rows.filter(row => row.span.end < offset)
  const minus = source.text[span.start - 1] === '-' ? { start: span.start - 1, end: span.end } : span
  const previous: CompletionEntry = { label: '-1', kind: 'reference', detail: 'the row before', span: minus }
  const rows = before.slice(-MAX_REFERENCES).reverse()
  return [
    previous,
    ...rows.map(row => ({
      label: String(row.index),
      kind: 'reference' as const,
      detail: row.parts?.module ?? '?',
      span: minus,
    })),
  ]
}

const MAX_REFERENCES = 200

/** Which of a row's entries the end of this text stands in: 0 from, 1 repeats, 2 module, 3 arguments. */
function placeIn(row: string): number {
  let depth = 0
  let place = 0
  for (const character of row) {
    if (character === '[') depth++
    else if (character === ']') depth--
    else if (character === ',' && depth === 0) place++
    if (depth < 0) return -1
  }
  return place
}

/** The list that an offset stands in; null outside of both. */
function sectionAt(text: string, offset: number): string | null {
  const keys = text.slice(0, offset).match(/^[A-Za-z_]\w*(?=[ \t]*:)/gm)
  const last = keys?.at(-1)
  return last === 'backbone' || last === 'head' ? last : null
}

const values = (span: Span): CompletionEntry[] =>
  VALUES.map(([label, detail]) => ({ label, kind: 'value', detail, span }))

const VALUES = [
  ['nc', 'the number of classes'],
  ['kpt_shape', 'keypoints and their dimensions'],
  ['None', 'the default'],
  ['True', ''],
  ['False', ''],
] as const

const keys = (span: Span): CompletionEntry[] =>
  KEYS.map(([label, detail]) => ({ label, kind: 'key', detail, insert: `${label}: `, span }))

const KEYS = [
  ['nc', 'number of classes'],
  ['scales', 'a mapping from names to [depth, width, max_channels]'],
  ['backbone', 'rows [from, repeats, module, args]'],
  ['head', 'rows [from, repeats, module, args]'],
  ['activation', 'what Conv applies, such as nn.ReLU()'],
  ['kpt_shape', '[keypoints, dimensions]'],
  ['reg_max', 'bins of a box edge'],
  ['end2end', 'a second head that needs no suppression'],
  ['depth_multiple', 'factor of repeats, where there are no scales'],
  ['width_multiple', 'factor of channels, where there are no scales'],
] as const
