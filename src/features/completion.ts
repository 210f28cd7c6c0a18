/**
 * What may be typed: a front end's modules, keys and names, and the words of a `# convlens:` comment:
 *
 *   # convlens: max-m|
 *               max-macs=      a bound on the model's MACs: 600M
 */
import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver-types'
import type { Analysis, CompletionEntry } from '../analysis/analyze'
import { DIRECTIVE_KEYS } from '../analysis/directive'
import { lineSpan, positionAt } from '../base/text'
import { toRange } from './ranges'

export function completion(analysis: Analysis, offset: number): CompletionItem[] {
  const entries = directiveEntries(analysis, offset) ?? analysis.complete(offset)
  return entries.map(({ label, kind, detail, documentation, insert, span }, i) => ({
    label,
    kind: KINDS[kind],
    ...(detail ? { detail } : {}),
    ...(documentation ? { documentation: { kind: 'markdown' as const, value: documentation } } : {}),
    // The order in which a front end gives them is the order of use.
    sortText: String(i).padStart(4, '0'),
    filterText: label,
    insertTextFormat: InsertTextFormat.PlainText,
    textEdit: { range: toRange(analysis.lineStarts, span), newText: insert ?? label },
  }))
}

/** Inside a directive its keys, and after `model=` the names of the models; null elsewhere. */
function directiveEntries({ source, lineStarts, models }: Analysis, offset: number): CompletionEntry[] | null {
  const line = lineSpan(source.text, lineStarts, positionAt(lineStarts, offset).line)
  const before = source.text.slice(line.start, offset)
  const word = /(?:#|\/\/)[ \t]*convlens:(?:.*\s)?([^\s]*)$/.exec(before)?.[1]
  if (word === undefined) return null
  const rest = /^[^\s]*/.exec(source.text.slice(offset, line.end))![0].length
  const span = (from: string) => ({ start: offset - from.length, end: offset + rest })
  const value = /^model=(.*)$/.exec(word)?.[1]
  if (value !== undefined) {
    return models.map(({ name }) => ({ label: name, kind: 'value', insert: name, span: span(value) }))
  }
  if (word.includes('=')) return []
  return DIRECTIVE_KEYS.map(({ key, detail }) => ({ label: `${key}=`, kind: 'key', detail, span: span(word) }))
}

const KINDS: Readonly<Record<CompletionEntry['kind'], CompletionItemKind>> = {
  module: CompletionItemKind.Class,
  key: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  reference: CompletionItemKind.Reference,
}
