import { mergedEntries, type YamlEntry, type YamlFile, type YamlNode, type YamlScalar } from '../yamlSource'
import { show } from './arguments'
import { readShape } from './model'
import type { Run } from './state'
import { NOTHING_DECLARED, problem, readValue } from './values'

/** What a positional file says: rows of `[from, repeats, module, arguments, keyword arguments]`. */
export interface PositionalList {
  readonly key: YamlScalar
  readonly rows: readonly YamlNode[]
  /** Rows from this one on are the head: not scaled. */
  readonly head: number
  readonly root: readonly YamlEntry[]
}

const BODY_KEYS = ['backbone', 'module', 'layers', 'model', 'network']

/** The rows of a positional file; null when most of its rows are something else. */
export function readPositional(file: YamlFile): PositionalList | null {
  const root = file.resolve(file.root)
  if (root?.kind !== 'map') return null
  const entries = mergedEntries(file, root)
  const list = (key: string): readonly YamlNode[] | null => {
    const node = file.resolve(entries.find(e => e.key.raw === key)?.value ?? null)
    return node?.kind === 'list' ? node.items : null
  }
  // Most rows are lists: one bracket that was opened by mistake does not make another format of a file.
  const isPositional = (rows: readonly YamlNode[]): boolean => {
    const kinds = rows.map(row => file.resolve(row)?.kind)
    return kinds.filter(k => k === 'list').length > kinds.filter(k => k === 'map').length
  }
  const body = entries.find(e => BODY_KEYS.includes(e.key.raw) && isPositional(list(e.key.raw) ?? []))
  if (!body) return null
  const rows = list(body.key.raw)!
  return { key: body.key, rows: [...rows, ...(list('head') ?? [])], head: rows.length, root: entries }
}

/** The first entry of the root with one of these keys. */
export const entryOf = (list: PositionalList, ...keys: string[]): YamlEntry | undefined =>
  list.root.find(e => keys.includes(e.key.raw))

function numberAt(run: Run, list: PositionalList, key: string, otherwise: number): number {
  const entry = entryOf(list, key)
  if (!entry?.value) return otherwise
  const value = readValue(entry.value, NOTHING_DECLARED, run)
  if (typeof value === 'number' && value > 0 && value < 1e6) return value
  if (value !== undefined) {
    run.report(problem('bad-argument', entry.value.span, `${key} expects a positive number and gets ${show(value)}.`))
  }
  return otherwise
}

/** Channels of the input as written; null where they are not. */
export function channelsIn(file: YamlFile, list: PositionalList): number | null {
  const node = file.resolve(entryOf(list, 'input_channel', 'input_channels', 'in_channels')?.value ?? null)
  return node?.kind === 'scalar' && Number.isSafeInteger(node.value) && (node.value as number) > 0
    ? (node.value as number)
    : null
}

/** `input_shape: [C, H, W]`, or `input_channel: C` with `input_size: [H, W]`. */
export function inputOf(file: YamlFile, list: PositionalList, run: Run): readonly number[] | null {
  const shape = entryOf(list, 'input_shape', 'input')
  const size = entryOf(list, 'input_size')
  const entry = shape ?? size
  if (!entry) return null
  const dims = readShape(file, entry.value) as readonly number[] | null
  if (!dims) {
    run.report(
      problem(
        'bad-argument',
        entry.value?.span ?? entry.key.span,
        `${entry.key.raw} expects whole numbers such as [${shape ? '3, 224, 224' : '224, 224'}].`,
      ),
    )
    return null
  }
  const channels = channelsIn(file, list)
  return shape || dims.length === 3 ? dims : [channels ?? 3, ...dims]
}

/** What the backbone is scaled by: repeats, channels, and the number that channels are rounded up to. */
export interface Scaling {
  readonly depth: number
  readonly width: number
  readonly divisor: number
}

export const scaling = (run: Run, list: PositionalList): Scaling => ({
  depth: numberAt(run, list, 'depth_multiple', 1),
  width: numberAt(run, list, 'width_multiple', 1),
  divisor: numberAt(run, list, 'channel_divisor', 8),
})

/** Channels of the backbone: up to a multiple of the divisor. */
export const scaledBy = ({ width, divisor }: Scaling, channels: number): number =>
  Math.ceil((channels * width) / divisor) * divisor
