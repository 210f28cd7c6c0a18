import type { YamlEntry, YamlFile, YamlList, YamlMap } from '../yamlSource'
import type { Item } from './items'

/** How a row is written: its mapping, and the mapping or the list that holds the layer's options. */
export interface Form {
  readonly row: YamlMap
  readonly options: YamlMap | YamlList
  /** The entry whose value the options are; null where they stand in the row itself. */
  readonly under: YamlEntry | null
}

/** How the row of a convolution is written; a sentence where it cannot be written another time. */
export function formOf({ node, options }: Item): Form | string {
  if (node.kind === 'alias') return 'Its row is an alias of another row.'
  if (node.kind !== 'map') return 'Its row has no options.'
  const inside = (at: { start: number; end: number } | undefined): boolean =>
    at !== undefined && at.start >= node.span.start && at.end <= node.span.end
  const merges = (map: YamlMap): boolean => map.entries.some(({ key }) => key.raw === '<<')
  if (merges(node) || !options.every(({ key, value }) => inside(key ?? value?.span))) return ELSEWHERE
  const keys = ['out_channels', 'kernel_size']
  const has = (map: YamlMap): boolean => keys.every(key => map.entries.some(entry => entry.key.raw === key))
  if (has(node)) return { row: node, options: node, under: null }
  for (const under of node.entries) {
    const value = under.value
    if (value?.kind === 'map' && has(value)) return merges(value) ? ELSEWHERE : { row: node, options: value, under }
    if (value?.kind === 'list' && value.items.some(item => options.some(option => option.value === item))) {
      return options.every(({ key }) => key === null)
        ? { row: node, options: value, under }
        : 'Its options stand in several places.'
    }
  }
  return 'Its options stand in several places.'
}

const ELSEWHERE = 'It takes options from elsewhere in the file, through an anchor.'

/** How the row that uses a block is written. */
export function useFormOf({ node, options, type, settings }: Item): Form | string {
  if (node.kind === 'alias') return 'Its row is an alias of another row.'
  if (node.kind !== 'map') return 'Its row has no options.'
  const under = settings.has('type') ? null : (node.entries.find(({ key }) => key.value === type) ?? null)
  const map = under ? under.value : node
  if (map?.kind !== 'map') return 'Its row has no options.'
  if ([node, map].some(({ entries }) => entries.some(({ key }) => key.raw === '<<'))) return ELSEWHERE
  return options.every(({ key }) => map.entries.some(entry => entry.key.span.start === key?.start))
    ? { row: node, options: map, under }
    : 'Its options stand in several places.'
}

/** In brackets and braces an expression needs quotes. */
export const quoted =
  ({ text }: YamlFile, { options }: Form) =>
  (value: string): string =>
    value.includes('${') && '[{'.includes(text[options.span.start]!) ? `"${value}"` : value
