import type { OutlineItem } from '../frontend'
import { dataOf, member, spanOf } from './json'
import type { LayerEntry, ModelEntry } from './topology'

/** The layers by name, with their class and what sizes they say; models inside with theirs. */
export const outlineOf = (model: ModelEntry): readonly OutlineItem[] => model.layers.map(item)

function item(entry: LayerEntry): OutlineItem {
  return {
    name: entry.name,
    detail: [entry.type, sizes(entry)].filter(Boolean).join(' '),
    kind: entry.model ? 'block' : 'layer',
    span: spanOf(entry.node),
    nameSpan: spanOf(entry.typeNode ?? entry.node),
    children: entry.model ? outlineOf(entry.model) : [],
  }
}

function sizes({ config }: LayerEntry): string {
  const value = (...names: readonly string[]): unknown =>
    names.map(name => dataOf(member(config, name))).find(v => v !== null)
  const kernel = value('kernel_size', 'pool_size') ?? [value('nb_row'), value('nb_col')].filter(v => v !== undefined)
  const across = Array.isArray(kernel) ? kernel.join('×') : typeof kernel === 'number' ? String(kernel) : ''
  const width = value('filters', 'nb_filter', 'units', 'output_dim')
  return [across, typeof width === 'number' ? String(width) : ''].filter(Boolean).join(' ')
}
