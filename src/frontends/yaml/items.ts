import type { Span } from '../../base/text'
import type { Site } from '../../core/graph'
import { mergedEntries, type YamlEntry, type YamlFile, type YamlNode, type YamlScalar } from '../yamlSource'
import type { Given } from './arguments'
import { layerType } from './layers'
import { firstLine, lineAnchor } from './place'

/** Keys of a row that are no options of its layer. */
export const ROW_KEYS = ['type', 'name', 'from', 'repeat', 'first', 'when'] as const
/** Keys that make a row a composite of other rows, and the keys that go with them. */
export const COMPOSITE_KEYS = { branches: ['merge', 'dim'], residual: ['shortcut'], layers: [] } as const

export type Composite = keyof typeof COMPOSITE_KEYS

/** One row of a layer list, in any of its spellings, before anything in it is evaluated. */
export interface Item {
  readonly node: YamlNode
  readonly site: Site
  /** The first line of the row: where problems of the row as a whole are shown. */
  readonly head: Span
  readonly kind: 'layer' | Composite | 'none'
  /** Type as written: `nn.Conv2d`, the name of a block, the composite's key. */
  readonly type: string
  readonly typeSpan: Span
  readonly name: YamlScalar | null
  /** `from`, `repeat`, `merge`, … by key. */
  readonly settings: ReadonlyMap<string, YamlEntry>
  readonly options: readonly Given[]
}

/** Reads a row. `index` names it in messages when it has no name of its own. */
export function readItem(file: YamlFile, row: YamlNode, index: number, isBlock: (name: string) => boolean): Item {
  const node = file.resolve(row)
  if (node?.kind === 'map') return mapItem(file, row, mergedEntries(file, node), index, isBlock)
  if (node?.kind === 'scalar' && typeof node.value === 'string') {
    return item(file, row, index, { kind: 'layer', type: node.value, typeSpan: row.span, name: null, options: [] })
  }
  return item(file, row, index, { kind: 'none', type: '', typeSpan: row.span, name: null, options: [] })
}

function mapItem(
  file: YamlFile,
  row: YamlNode,
  entries: readonly YamlEntry[],
  index: number,
  isBlock: (name: string) => boolean,
): Item {
  const find = (key: string): YamlEntry | undefined => entries.find(e => e.key.raw === key)
  const composite = (['branches', 'residual', 'layers'] as const).find(key => find(key))
  const written = find('type')
  // torch's own name for a list of rows says no more than the list does.
  const isList = written && composite === 'layers' && typeText(file, written).endsWith('Sequential')
  const type = isList ? undefined : written
  const settings = new Map<string, YamlEntry>()
  const options: Given[] = []
  const put = (entry: YamlEntry, keys: readonly string[]): void => {
    if (keys.includes(entry.key.raw)) settings.set(entry.key.raw, entry)
    else options.push({ name: keyText(entry.key), key: entry.key.span, value: entry.value })
  }
  if (type || composite) {
    const keys = type ? ROW_KEYS : [...ROW_KEYS, composite!, ...COMPOSITE_KEYS[composite!]]
    for (const entry of entries) {
      const value = type && OPTION_KEYS.includes(entry.key.raw) ? file.resolve(entry.value) : null
      if (value?.kind === 'map') for (const inner of mergedEntries(file, value)) put(inner, [])
      else if (value?.kind === 'list') options.push(...positional(typeText(file, type!), value.items))
      else put(entry, keys)
    }
    const at = type
      ? {
          type: typeText(file, type),
          typeSpan: type.value?.span ?? type.key.span,
        }
      : { type: composite!, typeSpan: find(composite!)!.key.span }
    return item(
      file,
      row,
      index,
      { kind: type ? (at.type ? 'layer' : 'none') : composite!, ...at, name: nameOf(file, settings), options },
      settings,
    )
  }
  // `- Conv2d: {…}`: the key that names a layer is the type, its value the options.
  const known = entries.find(e => layerType(keyText(e.key)) || isBlock(keyText(e.key)))
  const sugar = known ?? entries.find(e => !(ROW_KEYS as readonly string[]).includes(e.key.raw))
  if (!sugar) {
    for (const entry of entries) put(entry, ROW_KEYS)
    return item(
      file,
      row,
      index,
      { kind: 'none', type: '', typeSpan: row.span, name: nameOf(file, settings), options },
      settings,
    )
  }
  const value = file.resolve(sugar.value)
  for (const entry of entries) if (entry !== sugar) put(entry, ROW_KEYS)
  if (value?.kind === 'map') for (const entry of mergedEntries(file, value)) put(entry, ROW_KEYS)
  else if (value && !(value.kind === 'scalar' && value.value === null)) {
    options.push(...unnamed(keyText(sugar.key), sugar.key.span, sugar.value!, value))
  }
  const at = { type: keyText(sugar.key), typeSpan: sugar.key.span }
  return item(file, row, index, { kind: 'layer', ...at, name: nameOf(file, settings), options }, settings)
}

/** Keys under which other tools' lists keep the options of a layer. */
const OPTION_KEYS: readonly string[] = ['args', 'kwargs', 'params']

const typeText = (file: YamlFile, type: YamlEntry): string => {
  const written = file.resolve(type.value)
  return written?.kind === 'scalar' && written.value !== null ? String(written.value) : ''
}

/** `- MaxPool2d: 2`: the value of the option that must be given; `- Conv2d: [3, 64, 7]`: options in torch.nn's order. */
function unnamed(type: string, key: Span, node: YamlNode, value: YamlNode): Given[] {
  const params = layerType(type)?.params.filter(p => !p.inferred)
  const first = params?.find(p => p.default === undefined) ?? params?.[0]
  if (value.kind === 'list' && (first?.type === 'int' || first?.type === 'number')) return positional(type, value.items)
  return [{ name: first?.name ?? 'args', key, value: node }]
}

const positional = (type: string, values: readonly YamlNode[]): Given[] => {
  const params = layerType(type)?.params ?? []
  return values.slice(0, 32).map((value, i) => ({ name: params[i]?.name ?? `argument ${i + 1}`, key: null, value }))
}

const keyText = (key: YamlScalar): string => (typeof key.value === 'string' ? key.value : key.raw)

function nameOf(file: YamlFile, settings: ReadonlyMap<string, YamlEntry>): YamlScalar | null {
  const node = file.resolve(settings.get('name')?.value ?? null)
  return node?.kind === 'scalar' && node.value !== null ? node : null
}

function item(
  file: YamlFile,
  node: YamlNode,
  index: number,
  parts: Pick<Item, 'kind' | 'type' | 'typeSpan' | 'name' | 'options'>,
  settings: Item['settings'] = new Map(),
): Item {
  const attributes: Record<string, { span: Span; spelled: string }> = {}
  const params = parts.kind === 'layer' ? layerType(parts.type)?.params : undefined
  for (const option of parts.options) {
    const attribute = params?.find(p => p.name === option.name)?.attribute
    if (attribute && option.value) attributes[attribute] = { span: option.value.span, spelled: option.name }
  }
  const head = node.span.start < node.span.end ? firstLine(file.text, node.span) : dash(file.text, node.span)
  const named = parts.name ? String(parts.name.value) : ''
  const site: Site = {
    span: parts.kind === 'layer' ? node.span : head,
    anchor: lineAnchor(file.text, node.span.start),
    name: named && !named.includes('${') ? named : `${parts.type || 'row'} ${index}`,
    attributes,
  }
  return { node, site, head, ...parts, settings }
}

/** An empty row is shown at its dash. */
function dash(text: string, { start }: Span): Span {
  const at = text.lastIndexOf('-', start)
  return at < 0 ? { start, end: start } : { start: at, end: at + 1 }
}
