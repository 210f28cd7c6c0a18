import { lineSpan, lineStarts, positionAt } from '../../base/text'
import type { Site } from '../../core/graph'
import { member, spanOf } from './json'
import type { LayerEntry, ModelEntry } from './topology'

/** Our names of attributes and the arguments that say them, the first that the file has. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  outChannels: ['filters', 'nb_filter'],
  outFeatures: ['units', 'output_dim'],
  kernel: ['kernel_size', 'pool_size', 'nb_row', 'filter_length'],
  stride: ['strides', 'subsample'],
  padding: ['padding', 'border_mode'],
  dilation: ['dilation_rate', 'atrous_rate'],
  groups: ['groups'],
}

/** The place of each layer: its class name, and the end of that line. */
export function sitesOf(model: ModelEntry, text: string): (entry: LayerEntry) => Site {
  const starts = lineStarts(text)
  const lineAt = (offset: number): number => positionAt(starts, offset).line
  const perLine = new Map<number, number>()
  const all = (entries: readonly LayerEntry[]): void => {
    for (const entry of entries) {
      const line = lineAt((entry.typeNode ?? entry.node).offset)
      perLine.set(line, (perLine.get(line) ?? 0) + 1)
      if (entry.model) all(entry.model.layers)
    }
  }
  all(model.layers)
  const made = new Map<LayerEntry, Site>()
  return entry => {
    const known = made.get(entry)
    if (known) return known
    const place = entry.typeNode ?? entry.node
    const line = lineAt(place.offset)
    const { start, end } = lineSpan(text, starts, line)
    const anchor = start + text.slice(start, end).trimEnd().length
    const attributes: Record<string, { span: ReturnType<typeof spanOf>; spelled: string }> = {}
    for (const [name, spellings] of Object.entries(ATTRIBUTES)) {
      for (const spelled of spellings) {
        const value = member(entry.config, spelled)
        if (!value || attributes[name]) continue
        attributes[name] = { span: spanOf(value), spelled }
      }
    }
    // A line that holds several layers, or most of the file, has no room for a hint.
    const hintless = perLine.get(line)! > 1 || anchor - start > MOST_LINE
    const site: Site = {
      span: spanOf(place),
      anchor,
      name: entry.name,
      attributes,
      whole: spanOf(entry.node),
      ...(hintless ? { hintless } : {}),
    }
    made.set(entry, site)
    return site
  }
}

/** Nobody reads to the end of longer lines. */
const MOST_LINE = 1000
