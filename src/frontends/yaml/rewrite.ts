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
import type { YamlEntry, YamlFile, YamlList, YamlMap } from '../yamlSource'
import { scopesOf } from './build'
import type { Item } from './items'
import { layerType, plainName } from './layers'
import { plainActivations } from './layers/activation'
import type { LayerList } from './model'
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
  if (item.settings.has('repeat')) return refused('Its row is repeated as a whole.')
  const form = formOf(item)
  if (typeof form === 'string') return refused(form)
  const widths = widthsOf(request, file, list, options, quoted(file, form))
  if (typeof widths === 'string') return refused(widths)
  const source: Source = { file, lists, rows, item, form, widths, request }
  const before = newRows(source)
  const insertion = before && rowsBefore(file.text, item.node.span, before)
  if (!before || !insertion) return refused(NO_PLACE)
  const references = referenceEdits(referencesOf(file, rows, at), { at, count: before.length })
  if (!references) return refused(SHARED_REFERENCE)
  return [{ edits: inOrder([insertion, ...references, ...lastEdits(source)]), width: widths.r.replace(/^"|"$/g, '') }]
}

interface Source {
  readonly file: YamlFile
  readonly lists: readonly RowList[]
  readonly rows: RowList
  readonly item: Item
  readonly form: Form
  readonly widths: Widths
  readonly request: RewriteRequest
}

/** How a row is written: its mapping, and the mapping or the list that holds the layer's options. */
interface Form {
  readonly row: YamlMap
  readonly options: YamlMap | YamlList
  /** The entry whose value the options are; null where they stand in the row itself. */
  readonly under: YamlEntry | null
}

/** Channels as text. */
interface Widths {
  readonly in: string
  readonly r: string
}

const refused = (sentence: string): { readonly refused: string } => ({ refused: sentence })

function formOf({ node, options }: Item): Form | string {
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

/** In brackets and braces an expression needs quotes. */
const quoted =
  ({ text }: YamlFile, { options }: Form) =>
  (value: string): string =>
    value.includes('${') && '[{'.includes(text[options.span.start]!) ? `"${value}"` : value

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
  const { file, lists, item, form, request } = source
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
    made.push(rowLike(file.text, form, changes, layerChanges(source, step)))
    if (step.normed) made.push(...normRows(source))
  }
  return made.includes(null) ? null : (made as string[])
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
  const layer = layerChanges(source, request.steps.at(-1)!)
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
function normRows({ lists, rows, item, form, file }: Source): string[] {
  const prefix = item.type.slice(0, item.type.length - plainName(item.type).length)
  const norm = `${prefix}BatchNorm${/(\d)d$/.exec(item.type)?.[1] ?? 2}d`
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
