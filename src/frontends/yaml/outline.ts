import type { OutlineItem } from '../frontend'
import type { YamlFile, YamlNode } from '../yamlSource'
import { type Item, readItem } from './items'
import type { LayerList } from './model'
import { firstLine } from './place'
import type { PositionalList } from './positional'

/** Rows further inside than this are left out of the outline. */
const MAX_DEPTH = 8

/** Blocks and layers of a layer list, composites with what is in them. */
export function outlineOf(file: YamlFile, list: LayerList): readonly OutlineItem[] {
  const isBlock = (name: string): boolean => list.blocks.has(name)
  const rows = (nodes: readonly YamlNode[], depth: number): OutlineItem[] =>
    depth > MAX_DEPTH
      ? []
      : nodes.map((node, i) => row(file, readItem(file, node, i, isBlock), i, n => rows(n, depth + 1)))
  const blocks = [...list.blocks.values()].map((block): OutlineItem => {
    const end = block.rows.at(-1)?.span.end ?? block.key.span.end
    const children = rows(block.rows, 1)
    const detail = block.params.map(p => p.name).join(', ')
    return {
      name: block.name,
      detail,
      kind: 'block',
      span: { start: block.key.span.start, end },
      nameSpan: block.key.span,
      children,
    }
  })
  const end = Math.max(list.key.span.end, list.rows.at(-1)?.span.end ?? 0)
  const model: OutlineItem = {
    name: list.name,
    detail: `${list.rows.length} rows`,
    kind: 'model',
    span: { start: list.key.span.start, end },
    nameSpan: list.key.span,
    children: rows(list.rows, 0),
  }
  return [...blocks, model]
}

function row(
  file: YamlFile,
  item: Item,
  index: number,
  inside: (rows: readonly YamlNode[]) => OutlineItem[],
): OutlineItem {
  const children: OutlineItem[] = []
  for (const key of ['residual', 'shortcut', 'layers', 'branches']) {
    const node = file.resolve(item.settings.get(key)?.value ?? null)
    if (node?.kind === 'list') {
      const lists = key === 'branches' ? node.items.map(b => file.resolve(b)) : [node]
      for (const list of lists) if (list?.kind === 'list') children.push(...inside(list.items))
    } else if (node?.kind === 'map' && key === 'branches') {
      for (const entry of node.entries) {
        const list = file.resolve(entry.value)
        if (list?.kind === 'list') children.push(...inside(list.items))
      }
    }
  }
  const detail = item.options
    .slice(0, 4)
    .map(o =>
      `${o.name} ${o.value ? file.text.slice(o.value.span.start, Math.min(o.value.span.end, o.value.span.start + 24)) : ''}`.trim(),
    )
    .join(', ')
  const name = item.name ? `${String(item.name.value)}: ${item.type}` : `${index}: ${item.type || '?'}`
  const span = item.node.span
  return { name, detail, kind: 'layer', span, nameSpan: inSpan(item.name?.span ?? item.typeSpan, span), children }
}

/** A name taken through an alias stands elsewhere; the row itself is shown then. */
const inSpan = <T extends { start: number; end: number }>(inner: T, outer: T): T =>
  inner.start >= outer.start && inner.end <= outer.end ? inner : outer

/** Rows of a positional file, backbone and head. */
export function positionalOutline(file: YamlFile, list: PositionalList, name: string): readonly OutlineItem[] {
  const items = list.rows.map((node, i): OutlineItem => {
    const cells = file.resolve(node)
    const type = cells?.kind === 'list' ? file.resolve(cells.items[2] ?? null) : null
    const args = cells?.kind === 'list' ? cells.items[3] : undefined
    const detail = args ? file.text.slice(args.span.start, Math.min(args.span.end, args.span.start + 60)) : ''
    const label = type?.kind === 'scalar' ? String(type.value) : '?'
    return {
      name: `${i}: ${label}`,
      detail,
      kind: 'layer',
      span: node.span,
      nameSpan: firstLine(file.text, node.span),
      children: [],
    }
  })
  const { span } = list.key
  const end = Math.max(span.end, ...items.slice(-1).map(i => i.span.end))
  return [
    {
      name,
      detail: `${items.length} rows`,
      kind: 'model',
      span: { start: span.start, end },
      nameSpan: span,
      children: items,
    },
  ]
}
