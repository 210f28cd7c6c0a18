import { GraphBuilder } from '../../core/graph'
import type { TextEdit } from '../../core/problem'
import type { RewriteRequest, RewriteStep, Rewriting } from '../../core/rewrite'
import {
  channelsOf,
  inOrder,
  isNormed,
  type RowReference,
  referenceEdits,
  SHARED_REFERENCE,
  widthToWrite,
  withArguments,
} from '../rewriteRows'
import { mapLike } from '../yamlMaps'
import { listLike, NO_PLACE, rowsBefore } from '../yamlRows'
import type { YamlFile, YamlNode } from '../yamlSource'
import { layerType, plainName } from './layers'
import { plainActivations } from './layers/activation'
import { type PositionalList, scaledBy, scaling } from './positional'
import { startRun } from './state'
import { textOf } from './values'

/**
 * `[from, 1, Conv, [64, 3, 2]]` as several rows, with what later rows call by number renumbered. kindle's Conv has a norm
 * and an activation; where none is wanted, torch.nn's convolution stands in.
 */
export function rewritePositional(file: YamlFile, list: PositionalList, request: RewriteRequest): Rewriting {
  const index = list.rows.findIndex(({ span }) => span.start === request.site.span.start)
  const row = list.rows[index]
  if (row?.kind !== 'list') return refused(row ? 'Its row is an alias of another row.' : 'Its row is not read.')
  const cells = row.items
  const module = textOf(file, cells[2] ?? null) ?? ''
  const own = module === 'Conv'
  if (!own && !/^Conv[123]d$/.test(plainName(module))) return refused(`It is built inside ${module}.`)
  const repeats = textOf(file, cells[1] ?? null)
  if (repeats !== '1') return refused(`Row ${index} repeats it ${repeats} times.`)
  const args = cells[3]
  if (args?.kind !== 'list' || cells.length > 5) return refused('Its arguments stand elsewhere, behind an alias.')
  const { text } = file
  const spell = ({ span }: YamlNode): string => text.slice(span.start, span.end)
  const head = index >= list.head
  const source: Source = { file, list, request, head, module, own, given: args.items.map(spell), named: cells[4] }
  if (source.given.some(arg => /^arg\d+$/.test(arg))) return refused('Its arguments are those of the module.')
  if (cells[4] && cells[4].kind !== 'map') return refused('Its arguments stand elsewhere, behind an alias.')
  const rows = rowsOf(source)
  if (typeof rows === 'string') return refused(rows)
  const made = rows.before.map(({ module, args: own, named }, i) => {
    const body = listLike(text, args, own)
    const start = [i === 0 ? spell(cells[0]!) : '-1', '1', module]
    return body === null ? null : listLike(text, row, [...start, body, ...(named === '' ? [] : [named])])
  })
  const last = listLike(text, args, rows.last)
  const insertion = made.includes(null) ? null : rowsBefore(text, row.span, made as string[])
  if (!insertion || last === null) return refused(NO_PLACE)
  const references = referenceEdits(referencesOf(file, list, index), { at: index, count: made.length })
  if (!references) return refused(SHARED_REFERENCE)
  const edits: TextEdit[] = [insertion, ...references]
  if (textOf(file, cells[0]!) !== '-1') edits.push({ span: cells[0]!.span, newText: '-1' })
  if (rows.last.join() !== source.given.join()) edits.push({ span: args.span, newText: last })
  if (rows.named !== null && cells[4]) edits.push({ span: cells[4].span, newText: rows.named })
  return [{ edits: inOrder(edits), width: rows.width }]
}

interface Source {
  readonly file: YamlFile
  readonly list: PositionalList
  readonly request: RewriteRequest
  readonly head: boolean
  readonly module: string
  /** kindle's convolution with norm and activation, not torch.nn's. */
  readonly own: boolean
  readonly given: readonly string[]
  readonly named: YamlNode | undefined
}

/** A row of what stands there afterwards; `named` is its fifth cell, empty for none. */
interface NewRow {
  readonly module: string
  readonly args: readonly string[]
  readonly named: string
}

interface NewRows {
  readonly before: readonly NewRow[]
  /** Arguments of the row itself, and its fifth cell where that changes. */
  readonly last: readonly string[]
  readonly named: string | null
  readonly width: string
}

const refused = (sentence: string): { readonly refused: string } => ({ refused: sentence })

function rowsOf(source: Source): NewRows | string {
  const { request } = source
  const { steps } = request
  const before: NewRow[] = []
  let width = ''
  for (const step of steps.slice(0, -1)) {
    const wanted = channelsOf(step.to, request)
    if (wanted === null) return 'Its channels are not known.'
    const scaled = source.own && step.normed
    const channels = scaled ? widthOf(source, wanted) : wanted
    if (channels === null) return `No number is scaled to ${wanted} channels here.`
    if (step.to === 'r') width = String(channels)
    const row = (scaled ? kindleRow : torchRow)(source, step, String(channels))
    if (!row) return NO_PLACE
    before.push(row)
  }
  if (isNormed(steps) && !source.own)
    before.splice(0, before.length, ...before.flatMap(row => [row, ...normRows(source)]))
  const last = lastRow(source, steps.at(-1)!)
  return last === null ? NO_PLACE : { before, width, ...last }
}

/** The number that is scaled to the wanted channels; the head is not scaled. */
function widthOf({ file, list, head }: Source, wanted: number): number | null {
  if (head) return wanted
  const scale = scaling(startRun(file, new GraphBuilder(), new Map()), list)
  return widthToWrite(wanted, scale.width, written => scaledBy(scale, written))
}

/** kindle's `Conv: [out_channels, kernel_size, stride, padding, groups, activation]` and its depthwise sister. */
function kindleRow(source: Source, { kind, depthwise }: RewriteStep, channels: string): NewRow | null {
  const { module, given } = source
  const activation = given[5]
  const own = activation === undefined || isNone(activation) ? {} : { [depthwise ? 4 : 5]: activation }
  const named = namedLike(source, kind === 'pointwise' || depthwise ? ['activation'] : [...CONV, 'activation'])
  if (named === null) return null
  if (kind === 'pointwise') return { module, args: withArguments(narrow(source, channels), own, CONV_DEFAULTS), named }
  const window = [channels, ...given.slice(1, depthwise ? 4 : 5)]
  return depthwise
    ? namedHas(source, 'padding', 'stride')
      ? null
      : { module: 'DWConv', args: withArguments(window, own, ['', '1', '1', 'null']), named }
    : { module, args: withArguments(window, own, CONV_DEFAULTS), named }
}

const CONV: readonly string[] = ['kernel_size', 'stride', 'padding', 'groups']
const CONV_DEFAULTS: readonly string[] = ['', '1', '1', 'null', '1']

/** torch.nn's convolution without bias: the row itself with other channels, or as what kindle's own is made of. */
function torchRow(source: Source, { kind, depthwise }: RewriteStep, channels: string): NewRow | null {
  const { own, module, request, given, named, file } = source
  const name = own ? 'nn.Conv2d' : module
  if (kind === 'pointwise') return { module: name, args: [channels, '1'], named: '{bias: False}' }
  if (own) {
    const { kernel, stride, padding, groups } = request.nodes[0]!.attributes as unknown as Geometry
    const args = [channels, ...[kernel, stride, padding.map(([start]) => start)].map(perAxis)]
    const split = depthwise ? channels : String(groups)
    return { module: name, args: split === '1' ? args : [...args, '1', split], named: '{bias: False}' }
  }
  const params = layerType(module)!.params.filter(param => !param.inferred)
  const at = (key: string): number => params.findIndex(param => param.name === key)
  const args: Partial<Record<number, string>> = { 0: channels }
  const keys = new Map<string, string>()
  for (const [key, value] of [...(depthwise ? [['groups', channels] as const] : []), ['bias', 'False'] as const]) {
    if (given[at(key)] === undefined) keys.set(key, value)
    else args[at(key)] = value
  }
  const spelled = [...keys].map(([key, value]) => `${key}: ${value}`).join(', ')
  const cell = named?.kind === 'map' ? mapLike(file.text, named, keys) : spelled && `{${spelled}}`
  return cell === null ? null : { module: name, args: withArguments(given, args, []), named: cell }
}

interface Geometry {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly (readonly [number, number])[]
  readonly groups: number
}

const perAxis = (sizes: readonly number[]): string =>
  sizes.every(size => size === sizes[0]) ? String(sizes[0]) : `[${sizes.join(', ')}]`

/** A norm and an activation as rows of torch.nn's layers. */
function normRows({ file, list, module }: Source): NewRow[] {
  const prefix = module.slice(0, module.length - plainName(module).length)
  const norm = `${prefix}BatchNorm${/(\d)d$/.exec(module)?.[1] ?? 2}d`
  const modules = list.rows.map(row => (row.kind === 'list' ? (textOf(file, row.items[2] ?? null) ?? '') : ''))
  const activation = modules.find(name => name.includes('.') && plainActivations.has(plainName(name)))
  return [norm, activation ?? `${prefix}ReLU`].map(name => ({ module: name, args: [], named: '' }))
}

/** The row itself as the last step. */
function lastRow(source: Source, { kind }: RewriteStep): Pick<NewRows, 'last' | 'named'> | null {
  const { own, module, given, named } = source
  if (kind === 'spatial') return { last: given, named: null }
  const params = own ? [] : layerType(module)!.params.filter(param => !param.inferred)
  const at = own ? 5 : params.findIndex(({ name }) => name === 'bias')
  const kept: Partial<Record<number, string>> = given[at] === undefined ? {} : { [at]: given[at] }
  const defaults = own ? CONV_DEFAULTS : params.map(param => String(param.default ?? ''))
  const last = withArguments(narrow(source, given[0]!), kept, defaults)
  const rest = named && namedLike(source, own ? ['activation'] : ['bias'], false)
  return rest === null ? null : { last, named: named ? rest || '{}' : null }
}

/** A 1×1 with as many arguments as the row gives, up to the stride. */
const narrow = ({ given }: Source, channels: string): string[] =>
  given.length > 2 ? [channels, '1', '1'] : [channels, '1']

/** The fifth cell with some of its keys only; empty where none is left, null where it cannot be copied. */
function namedLike({ file, named }: Source, keys: readonly string[], normed = true): string | null {
  if (named?.kind !== 'map') return ''
  const off = (value: YamlNode | null): boolean => normed && isNone(textOf(file, value) ?? 'null')
  const drop = named.entries.filter(
    ({ key, value }) => !keys.includes(key.raw) || (key.raw === 'activation' && off(value)),
  )
  if (drop.length === named.entries.length) return ''
  return mapLike(file.text, named, new Map(drop.map(({ key }) => [key.raw, null])))
}

const namedHas = ({ named }: Source, ...keys: string[]): boolean =>
  named?.kind === 'map' && named.entries.some(({ key }) => keys.includes(key.raw))

const isNone = (text: string): boolean => /^(?:None|null|~|)$/.test(text.replace(/^(["'])(.*)\1$/, '$2'))

/** Every number by which a row names another. */
function* referencesOf(file: YamlFile, { rows }: PositionalList, at: number): Iterable<RowReference> {
  for (const [row, node] of rows.entries()) {
    const list = file.resolve(node)
    const from = list?.kind === 'list' ? list.items[0] : undefined
    if (!from || row === at) continue
    const cell = file.resolve(from)
    for (const one of cell?.kind === 'list' ? cell.items : [from]) {
      const scalar = file.resolve(one)
      if (scalar?.kind === 'scalar' && Number.isSafeInteger(scalar.value)) {
        yield { row, written: scalar.value as number, span: one.span }
      }
    }
  }
}
