import type { Span } from '../../base/text'
import type { OutlineItem } from '../frontend'
import type { YamlEntry, YamlFile } from '../yamlSource'
import { plainOf } from './literal'
import type { RowSource } from './rows'
import { show } from './signature'

/** The sections with their rows: `4 C2f` and its arguments. */
export function outlineOf(
  file: YamlFile,
  entries: ReadonlyMap<string, YamlEntry>,
  rows: readonly RowSource[],
): OutlineItem[] {
  const items: OutlineItem[] = []
  for (const section of ['backbone', 'head']) {
    const entry = entries.get(section)
    if (!entry) continue
    const children = rows.filter(row => row.section === section).map(row => rowItem(file, row))
    const span: Span = { start: entry.key.span.start, end: entry.value?.span.end ?? entry.key.span.end }
    items.push({
      name: section,
      detail: `${children.length} rows`,
      kind: 'section',
      span,
      nameSpan: entry.key.span,
      children,
    })
  }
  return items
}

function rowItem(file: YamlFile, { index, span, parts }: RowSource): OutlineItem {
  const name = parts ? `${index} ${parts.module}` : String(index)
  const detail = parts ? parts.args.map(node => show(plainOf(file, node))).join(', ') : ''
  return { name, detail, kind: 'layer', span, nameSpan: parts?.moduleSpan ?? span, children: [] }
}
