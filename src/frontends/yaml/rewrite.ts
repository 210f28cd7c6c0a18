import type { TextEdit } from '../../core/problem'
import type { RewriteRequest, RewriteStep, Rewriting } from '../../core/rewrite'
import type { BuildOptions } from '../frontend'
import {
  freshName,
  inOrder,
  type RowReference,
  referenceEdits,
  roleOf,
  SHARED_REFERENCE,
  withArguments,
} from '../rewriteRows'
import { type Changes, mapEdits, mapLike } from '../yamlMaps'
import { listLike, NO_PLACE, rowsBefore } from '../yamlRows'
import type { YamlFile, YamlMap } from '../yamlSource'
import { scopesOf } from './build'
import type { Item } from './items'
import { layerType, plainName } from './layers'
import { plainActivations } from './layers/activation'
import type { LayerList } from './model'
import { asPointwise, firstConvolution, isConvolution, plainRow } from './rewriteBlock'
import { type Form, formOf, quoted, useFormOf } from './rewriteForm'
import { everyList, type RowList } from './rowLists'
import { spellChannels, spellWidths } from './widths'

/**
 * A row with a convolution as several rows: mappings in its own style, in a block or in the network, with a norm and an
 * activation spelled as the file spells those. Its name stays with the last, so that who takes its output goes on.
 */
export function rewriteItem(
  file: YamlFile,
  list: LayerList,
  request: RewriteRequest,
  options: BuildOptions,
): Rewriting {
  const lists = everyList(file, list)
  const { start } = request.site.span
  const rows = lists.find(({ items }) => items.some(item => item.kind === 'layer' && item.node.span.start === start))
  const at = rows?.items.findIndex(item => item.node.span.start === start) ?? -1
  const item = rows?.items[at]
  if (!rows || !item) return refused('Its row is not read.')
  if (rows.lone) return refused('It is a branch by itself and no row of a list.')
  if (item.settings.has('repeat') || item.settings.has('first')) return refused('Its row is repeated as a whole.')
  const block = list.blocks.get(item.type)
  const form = block ? useFormOf(item) : formOf(item)
  if (typeof form === 'string') return refused(form)
  const layer = block ? firstConvolution(file, block, name => list.blocks.has(name)) : item
  if (typeof layer === 'string') return refused(layer)
  if (!isConvolution(layer.type)) return refused(`It is built inside ${layer.type}.`)
  const isLast = request.steps.at(-1)!.kind === 'spatial'
  const narrowed = block && !isLast ? asPointwise(layer, block, file) : null
  if (typeof narrowed === 'string') return refused(narrowed)
  const widths = widthsOf(request, file, list, options, quoted(file, form))
  if (typeof widths === 'string') return refused(widths)
  const use = block ? { changes: narrowed ?? new Map() } : null
  const source: Source = { file, lists, rows, item, layer, use, form, widths, request }
  const before = newRows(source)
  if (!before) return refused(use && !isLast ? 'Its calls slide different windows.' : NO_PLACE)
  const insertion = rowsBefore(file.text, item.node.span, before)
  if (!insertion) return refused(NO_PLACE)
  const references = referenceEdits(referencesOf(file, rows, at), { at, count: before.length })
  if (!references) return refused(SHARED_REFERENCE)
  return [{ edits: inOrder([insertion, ...references, ...lastEdits(source)]), width: widths.r.replace(/^"|"$/g, '') }]
}

interface Source {
  readonly file: YamlFile
  readonly lists: readonly RowList[]
  readonly rows: RowList
  readonly item: Item
  /** The row of the convolution: the item itself, or what the block that it uses begins with. */
  readonly layer: Item
  /** What the use of a block is given as the last step; null for a convolution on its own row. */
  readonly use: { readonly changes: Changes } | null
  readonly form: Form
  readonly widths: Widths
  readonly request: RewriteRequest
}

/** Channels as text. */
interface Widths {
  readonly in: string
  readonly r: string
}

const refused = (sentence: string): { readonly refused: string } => ({ refused: sentence })

function widthsOf(
  request: RewriteRequest,
  file: YamlFile,
  list: LayerList,
  options: BuildOptions,
  quote: (value: string) => string,
): Widths | string {
  const channels = request.nodes.map(node => (node.attributes as { inChannels?: number | null }).inChannels ?? null)
  if (channels.includes(null)) return 'Its channels are not known.'
  const inputs = channels as number[]
  const each = request.width.each ?? inputs
  const differ = [inputs, each].some(values => values.some(value => value !== values[0]))
  const scopes = differ ? scopesOf(file, list, options.inputs, request.site.span.start) : []
  if (differ && scopes.length !== request.nodes.length) return 'The parameters of its calls are not known.'
  const width = spellWidths(request, scopes)
  const all = request.steps.some(step => step.depthwise) ? spellChannels(inputs, scopes) : ''
  if (width === null || all === null) return 'Its calls need several widths, and no parameter of the block gives them.'
  return { in: quote(all), r: quote(width) }
}

/** The rows before the last, as text; null where the row that they are made after cannot be copied. */
function newRows(source: Source): string[] | null {
  const { file, lists, item, form, request, use, widths } = source
  const names = new Set(lists.flatMap(({ items }) => items.flatMap(({ name }) => (name ? [String(name.value)] : []))))
  const made: (string | null)[] = []
  for (const [i, step] of request.steps.slice(0, -1).entries()) {
    const changes = new Map<string, string | null>(i === 0 ? [] : [['from', null]])
    if (item.name) {
      const name = String(item.name.value)
      const fresh =
        /^[\w.-]+$/.test(name) && typeof item.name.value === 'string' ? freshName(name, roleOf(step), names) : null
      changes.set('name', fresh)
      if (fresh) names.add(fresh)
    }
    const channels = { in: widths.in, out: step.to === 'r' ? widths.r : widths.in }
    made.push(
      use
        ? plainRow(file, form, source, step, request, channels, settingsOf(source, changes))
        : rowLike(file.text, form, changes, layerChanges(source, step)),
    )
    if (step.normed) made.push(...normRows(source))
  }
  return made.includes(null) ? null : (made as string[])
}

/** What a row that is spelled out says beside its layer: the new name, and what the row says of its input. */
function settingsOf({ file, item }: Source, changes: Changes): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  for (const key of ['name', 'from', 'when']) {
    const value = item.settings.get(key)?.value
    const given = changes.get(key)
    if (typeof given === 'string') settings.set(key, given)
    else if (value && given === undefined) settings.set(key, file.text.slice(value.span.start, value.span.end))
  }
  return settings
}

function rowLike(
  text: string,
  { row, options, under }: Form,
  settings: Changes,
  layer: Changes | string[],
): string | null {
  const own = (map: YamlMap): [string, string | null][] =>
    [...settings].filter(([key]) => map.entries.some(entry => entry.key.raw === key))
  if (Array.isArray(layer) || options.kind === 'list') {
    const list = options.kind === 'list' && Array.isArray(layer) ? listLike(text, options, layer) : null
    return list === null ? null : mapLike(text, row, new Map([...own(row), [under!.key.raw, list]]))
  }
  if (!under) return mapLike(text, row, new Map([...own(row), ...layer]))
  const map = mapLike(text, options, new Map([...own(options), ...layer]))
  return map === null ? null : mapLike(text, row, new Map([...own(row), [under.key.raw, map]]))
}

/** The row itself as the last step: it takes what stands before it now, and is a 1×1 unless it is the k×k. */
function lastEdits(source: Source): TextEdit[] {
  const { file, item, form, request } = source
  const { text } = file
  const edits: TextEdit[] = []
  const from = item.settings.get('from')?.value
  if (from && file.text.slice(from.span.start, from.span.end) !== '-1') edits.push({ span: from.span, newText: '-1' })
  const { options } = form
  const layer = source.use?.changes ?? layerChanges(source, request.steps.at(-1)!)
  if (options.kind === 'map') return [...edits, ...mapEdits(text, options, layer as Changes)]
  const list = listLike(text, options, layer as string[])
  const old = listLike(text, options, argumentsOf(source))
  if (list !== null && list !== old) edits.push({ span: options.span, newText: list })
  return edits
}

const argumentsOf = ({ file, form }: Source): string[] =>
  form.options.kind === 'list' ? form.options.items.map(({ span }) => file.text.slice(span.start, span.end)) : []

/** What a 1×1 does without. */
const WINDOW: readonly string[] = ['stride', 'padding', 'dilation', 'groups', 'padding_mode']

/** The options of a step: what changes of a mapping, or all of a list. */
function layerChanges(source: Source, { kind, from, to, depthwise, last }: RewriteStep): Changes | string[] {
  const { file, item, form, widths } = source
  const { options } = form
  const changes = new Map<string, string | null>()
  const text = (which: RewriteStep['to']): string => (which === 'r' ? widths.r : widths.in)
  const given = item.options.find(({ name }) => name === 'in_channels')
  if (given && from !== 'in') changes.set('in_channels', text(from))
  if (!last) changes.set('out_channels', text(to))
  if (kind === 'pointwise') {
    changes.set('kernel_size', '1')
    for (const key of WINDOW) changes.set(key, null)
  }
  if (depthwise) changes.set('groups', widths.in)
  const bias = file.resolve(item.options.find(({ name }) => name === 'bias')?.value ?? null)
  const without = bias?.kind === 'scalar' && /^(?:false|no|off)$/i.test(bias.raw)
  if (!last && !without) changes.set('bias', options.kind === 'list' ? 'False' : 'false')
  if (options.kind === 'map') return changes
  const params = layerType(item.type)!.params
  const args = argumentsOf(source)
  const window = params.findIndex(({ name }) => name === 'kernel_size') + 1
  const set: Partial<Record<number, string>> = {}
  for (const [i, { name }] of params.entries()) {
    const value = changes.get(name)
    if (value) set[i] = value
  }
  if (kind === 'pointwise' && without) set[params.findIndex(({ name }) => name === 'bias')] = bias.raw
  const defaults = params.map(param => (param.default === undefined ? '' : String(param.default)))
  return withArguments(kind === 'pointwise' ? args.slice(0, window) : args, set, defaults)
}

/** A norm and an activation, as this file writes them. */
function normRows({ lists, rows, item, layer, form, file }: Source): string[] {
  const prefix = layer.type.slice(0, layer.type.length - plainName(layer.type).length)
  const norm = `${prefix}BatchNorm${/(\d)d$/.exec(layer.type)?.[1] ?? 2}d`
  const inList = rows.items.slice(rows.items.indexOf(item))
  const activation = [...inList, ...rows.items, ...lists.flatMap(({ items }) => items)].find(
    ({ kind, type }) => kind === 'layer' && plainActivations.has(plainName(type)),
  )
  const others = lists.flatMap(({ items }) => items)
  const isBare = others.some(({ node }) => node.kind === 'scalar') || form.under !== null
  const flow = file.text[form.row.span.start] === '{'
  const spelled = (type: string): string => (isBare ? type : flow ? `{type: ${type}}` : `type: ${type}`)
  const own = activation && file.text.slice(activation.node.span.start, activation.node.span.end).trimEnd()
  const plain =
    activation && [...activation.settings.keys()].every(key => key === 'type') && activation.node.kind !== 'alias'
  if (own && plain && activation.options.length > 0 && !/[\r\n#&]/.test(own)) return [spelled(norm), own]
  return [spelled(norm), spelled(activation?.type ?? `${prefix}ReLU`)]
}

/** Every number by which a row of the list names another. */
function* referencesOf(file: YamlFile, { items }: RowList, at: number): Iterable<RowReference> {
  for (const [row, { settings }] of items.entries()) {
    const from = settings.get('from')?.value
    if (!from || row === at) continue
    const node = file.resolve(from)
    for (const one of node?.kind === 'list' ? node.items : [from]) {
      const scalar = file.resolve(one)
      if (scalar?.kind === 'scalar' && Number.isSafeInteger(scalar.value)) {
        yield { row, written: scalar.value as number, span: one.span }
      }
    }
  }
}
