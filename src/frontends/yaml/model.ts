import type { Span } from '../../base/text'
import type { Dim } from '../../core/dim'
import type { InputShape, Source } from '../frontend'
import {
  mergedEntries,
  type YamlEntry,
  type YamlFile,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from '../yamlSource'

/** A block: rows with parameters, used like a type of layer. */
export interface Block {
  readonly name: string
  readonly key: YamlScalar
  readonly params: readonly BlockParam[]
  readonly rows: readonly YamlNode[]
}

export interface BlockParam {
  readonly name: string
  readonly span: Span
  /** Null where a use must give it. */
  readonly value: YamlNode | null
}

/** What a file with layers under one key says, unevaluated. */
export interface LayerList {
  readonly name: string
  /** The key that holds the rows: `layers`, `model`, `backbone`. */
  readonly key: YamlScalar
  readonly rows: readonly YamlNode[]
  readonly blocks: ReadonlyMap<string, Block>
  /** Entries of the root that are not understood where this one stands. */
  readonly unknownKeys: readonly YamlEntry[]
  readonly input: YamlEntry | null
  readonly root: readonly YamlEntry[]
}

export const LIST_KEYS = ['layers', 'model', 'network']
export const INPUT_KEYS = ['input', 'inputs', 'input_shape', 'input_size']
const CHANNEL_KEYS = ['input_channels', 'input_channel']
const OTHER_KEYS = [...CHANNEL_KEYS, 'name', 'blocks', 'description', 'version', 'output']

/** The layer list of a file; null when it has none. */
export function readLayerList(file: YamlFile, source: Pick<Source, 'name'>): LayerList | null {
  const root = file.resolve(file.root)
  if (root?.kind === 'list')
    return listOf(
      file,
      source,
      [],
      {
        kind: 'scalar',
        span: { start: root.span.start, end: root.span.start },
        value: 'layers',
        raw: 'layers',
        quoted: false,
      },
      root.items,
    )
  if (root?.kind !== 'map') return null
  return fromMap(file, source, root) ?? nested(file, source, root)
}

/** `model: {input: …, layers: […]}`. */
function nested(file: YamlFile, source: Pick<Source, 'name'>, root: YamlMap): LayerList | null {
  for (const entry of mergedEntries(file, root)) {
    const value = LIST_KEYS.includes(entry.key.raw) ? file.resolve(entry.value) : null
    const found = value?.kind === 'map' ? fromMap(file, source, value) : null
    if (found) return found
  }
  return null
}

function fromMap(file: YamlFile, source: Pick<Source, 'name'>, map: YamlMap): LayerList | null {
  const entries = mergedEntries(file, map)
  for (const key of LIST_KEYS) {
    const entry = entries.find(e => e.key.raw === key)
    const value = file.resolve(entry?.value ?? null)
    if (entry && value?.kind === 'list') return listOf(file, source, entries, entry.key, value.items)
  }
  const empty = entries.find(e => e.key.raw === 'layers')
  return empty && file.resolve(empty.value)?.kind !== 'map' ? listOf(file, source, entries, empty.key, []) : null
}

function listOf(
  file: YamlFile,
  source: Pick<Source, 'name'>,
  entries: readonly YamlEntry[],
  key: YamlScalar,
  rows: readonly YamlNode[],
): LayerList {
  const value = (name: string): YamlNode | null => entries.findLast(e => e.key.raw === name)?.value ?? null
  const name = file.resolve(value('name'))
  const known = [...OTHER_KEYS, ...INPUT_KEYS, key.raw]
  return {
    name: name?.kind === 'scalar' && name.value !== null ? String(name.value) : baseName(source.name),
    key,
    rows,
    blocks: readBlocks(file, value('blocks')),
    unknownKeys: entries.filter(e => !known.includes(e.key.raw)),
    input: entries.findLast(e => INPUT_KEYS.includes(e.key.raw)) ?? null,
    root: entries,
  }
}

export const baseName = (name: string): string => name.replace(/(?:\.convlens)?\.ya?ml$/i, '') || 'model'

function readBlocks(file: YamlFile, node: YamlNode | null): ReadonlyMap<string, Block> {
  const blocks = new Map<string, Block>()
  const map = file.resolve(node)
  if (map?.kind !== 'map') return blocks
  for (const { key, value } of mergedEntries(file, map)) {
    const at = file.resolve(value)
    const name = String(key.value)
    if (at?.kind === 'list') blocks.set(name, { name, key, params: [], rows: at.items })
    else if (at?.kind === 'map') {
      const entries = mergedEntries(file, at)
      const rows = file.resolve(entries.find(e => e.key.raw === 'layers')?.value ?? null)
      const params = file.resolve(entries.find(e => e.key.raw === 'params')?.value ?? null)
      blocks.set(name, { name, key, params: readParams(file, params), rows: rows?.kind === 'list' ? rows.items : [] })
    } else blocks.set(name, { name, key, params: [], rows: [] })
  }
  return blocks
}

/** `params: {width: 64, stride:}` or, without defaults, `params: [width, stride]`. */
function readParams(file: YamlFile, node: YamlNode | null): BlockParam[] {
  if (node?.kind === 'map') {
    return mergedEntries(file, node).map(({ key, value }) => ({ name: String(key.value), span: key.span, value }))
  }
  if (node?.kind !== 'list') return []
  return node.items.flatMap(item => {
    const at = file.resolve(item)
    return at?.kind === 'scalar' ? [{ name: String(at.value), span: at.span, value: null }] : []
  })
}

/** Sizes of an input as written, batch excluded; null when it is no list of whole numbers. */
export function readShape(file: YamlFile, node: YamlNode | null): readonly Dim[] | null {
  const at = file.resolve(node)
  if (at?.kind === 'scalar') return sizesIn(at)
  if (at?.kind !== 'list' || at.items.length === 0 || at.items.length > 5) return null
  const dims = at.items.map(item => file.resolve(item))
  const fine = dims.every(
    d =>
      d?.kind === 'scalar' &&
      Number.isSafeInteger(d.value) &&
      (d.value as number) >= 1 &&
      (d.value as number) < 2 ** 31,
  )
  return fine ? dims.map(d => (d as YamlScalar).value as number) : null
}

/** `784`, and `3x224x224` as the command line takes it. */
function sizesIn({ value, quoted }: YamlScalar): readonly Dim[] | null {
  if (typeof value !== 'number' && (quoted || !/^\d+(?:x\d+){1,4}$/.test(String(value)))) return null
  const dims = String(value).split('x').map(Number)
  return dims.every(d => Number.isSafeInteger(d) && d >= 1 && d < 2 ** 31) ? dims : null
}

/** One input, or several by name: `input: {image: [3, 32, 32], side: [10]}`. */
export function readInputs(
  file: YamlFile,
  entry: YamlEntry | null,
  root: readonly YamlEntry[] = [],
): InputShape[] | null {
  // `input_size: [H, W]` beside `input_channels: C`.
  const beside = root.find(e => CHANNEL_KEYS.includes(e.key.raw))
  const channels = beside ? readShape(file, beside.value) : null
  const at = file.resolve(entry?.value ?? null)
  if (at?.kind !== 'map') {
    const shape = readShape(file, entry?.value ?? null)
    return shape && [{ shape: shape.length === 2 && channels ? [...channels, ...shape] : shape }]
  }
  const inputs: InputShape[] = []
  for (const { key, value } of at.entries) {
    const shape = readShape(file, value)
    if (!shape) return null
    inputs.push({ name: String(key.value), shape })
  }
  return inputs.length ? inputs : null
}
