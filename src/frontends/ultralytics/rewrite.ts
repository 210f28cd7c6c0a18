import type { Span } from '../../base/text'
import type { TextEdit } from '../../core/problem'
import type { RewriteAttempt, RewriteRequest, RewriteStep, Rewriting } from '../../core/rewrite'
import {
  channelsOf,
  inOrder,
  isNormed,
  referenceEdits,
  SHARED_REFERENCE,
  widthToWrite,
  withArguments,
} from '../rewriteRows'
import { listLike, NO_PLACE, rowsBefore } from '../yamlRows'
import type { YamlEntry, YamlFile, YamlList, YamlNode } from '../yamlSource'
import { scaledChannels } from './arrange'
import type { Header, Scale } from './header'
import type { RowParts, RowSource } from './rows'

/** What a file was read as, for rewriting one of its rows at one of its scales. */
export interface Rewritten {
  readonly file: YamlFile
  readonly entries: ReadonlyMap<string, YamlEntry>
  readonly header: Header
  readonly rows: readonly RowSource[]
  readonly scale: Scale
}

/**
 * `[from, 1, Conv, [c2, k, s]]` as several rows. Rows that come later are renumbered wherever they are named. Widths are
 * written as the chosen scale makes them of the numbers; other scales get theirs in proportion.
 */
export function rewriteRow(model: Rewritten, request: RewriteRequest): Rewriting {
  const row = model.rows.find(({ span }) => span.start === request.site.span.start)
  if (!row?.parts) return refused('Its row is not read.')
  const { parts } = row
  const { module, repeats } = parts
  if (module !== 'Conv' && module !== 'nn.Conv2d') return refused(`It is built inside ${module}.`)
  if (repeats > 1) return refused(`Row ${row.index} repeats it ${repeats} times.`)
  const node = nodesOf(model)[row.index]
  if (node?.kind !== 'list') return refused('Its row is an alias of another row.')
  const args = node.items[3]
  if (args?.kind !== 'list' || !args.items.every(arg => within(arg.span, args.span))) {
    return refused('Its arguments stand elsewhere, behind an alias.')
  }
  const source: Source = { ...model, row, parts, node, args, request }
  const spelled = module === 'Conv' ? spellConv(source) : spellTorch(source)
  return 'refused' in spelled ? spelled : written(source, spelled)
}

interface Source extends Rewritten {
  readonly row: RowSource
  readonly parts: RowParts
  readonly node: YamlList
  readonly args: YamlList
  readonly request: RewriteRequest
}

/** A row of what stands there afterwards. */
interface NewRow {
  readonly module: string
  readonly args: readonly string[]
}

interface Spelled {
  readonly rows: readonly NewRow[]
  readonly width: string
}

type Refused = { readonly refused: string }

const refused = (sentence: string): Refused => ({ refused: sentence })

const within = (inner: Span, outer: Span): boolean => inner.start >= outer.start && inner.end <= outer.end

/** The rows as they stand in the text, in the order in which they are counted. */
const nodesOf = ({ file, entries }: Rewritten): readonly YamlNode[] =>
  ['backbone', 'head'].flatMap(section => {
    const list = file.resolve(entries.get(section)?.value ?? null)
    return list?.kind === 'list' ? list.items : []
  })

function written(source: Source, { rows, width }: Spelled): Rewriting {
  const { file, row, parts, node, args, rows: all } = source
  const { text } = file
  const [from, repeats, module] = node.items as [YamlNode, YamlNode, YamlNode]
  const textOf = ({ span }: YamlNode): string => text.slice(span.start, span.end)
  const before = rows.slice(0, -1).map((made, i) => {
    const list = listLike(text, args, made.args)
    const name = textOf(module).replace(parts.module, made.module)
    return list === null ? null : listLike(text, node, [i === 0 ? textOf(from) : '-1', textOf(repeats), name, list])
  })
  const last = listLike(text, args, rows.at(-1)!.args)
  const insertion = before.includes(null) ? null : rowsBefore(text, row.span, before as string[])
  if (insertion === null || last === null) return refused(NO_PLACE)
  const references = referenceEdits(
    all.flatMap(({ index, parts }) =>
      index === row.index ? [] : (parts?.from ?? []).map(at => ({ row: index, written: at.row, span: at.span })),
    ),
    { at: row.index, count: before.length },
  )
  if (references === null) return refused(SHARED_REFERENCE)
  const edits: TextEdit[] = [insertion, ...references]
  if (parts.several || parts.from[0]!.row !== -1) edits.push({ span: from.span, newText: '-1' })
  if (!sameArguments(source, rows.at(-1)!.args)) edits.push({ span: args.span, newText: last })
  const attempt: RewriteAttempt = { edits: inOrder(edits), width }
  return [attempt]
}

const argumentsOf = ({ file, args }: Source): string[] =>
  args.items.map(({ span }) => file.text.slice(span.start, span.end))

function sameArguments(source: Source, args: readonly string[]): boolean {
  const old = argumentsOf(source)
  return old.length === args.length && old.every((arg, i) => arg === args[i])
}

/** Ultralytics' own convolution: `[c2, k, s, p, g, d, act]` behind the channels of the input, with norm and activation. */
function spellConv(source: Source): Spelled | Refused {
  const { request, header, parts } = source
  const { steps } = request
  const given = argumentsOf(source)
  if (!isNormed(steps)) {
    const plain = header.scales.length === 1 ? depthwiseTorch(source) : null
    return plain ?? refused('Conv always has a norm and an activation.')
  }
  const rows: NewRow[] = []
  let width = ''
  for (const step of steps) {
    const channels = step.last ? given[0]! : widthOf(source, step)
    if (typeof channels !== 'string') return channels
    if (step.to === 'r') width = channels
    if (step.depthwise) {
      const [, kernel, stride, padding, , dilation] = given
      if (padding !== undefined && !/^(?:"None"|'None'|None|null|~)$/.test(padding) && !isUsualPadding(source)) {
        return refused('Its padding is not what DWConv takes by itself.')
      }
      const named = [channels, kernel!, ...(given.length > 2 ? [stride!] : [])]
      rows.push({
        module: 'DWConv',
        args: dilation === undefined || dilation === '1' ? named : withArguments(named, { 3: dilation }, ['', '', '1']),
      })
    } else if (step.kind === 'spatial') {
      rows.push({ module: parts.module, args: step.last ? given : [channels, ...given.slice(1, 6)] })
    } else {
      const narrow = given.length > 2 ? [channels, '1', '1'] : [channels, '1']
      const act = step.last ? given[6] : undefined
      rows.push({ module: parts.module, args: act === undefined ? narrow : withArguments(narrow, { 6: act }, CONV) })
    }
  }
  return { rows, width }
}

/** What stands between the stride and the activation of a 1×1. */
const CONV = ['', '1', '1', 'None', '1', '1']

/** The number that becomes the wanted channels at the chosen scale, as text. */
function widthOf(source: Source, { to }: RewriteStep): string | Refused {
  const { request, scale, header, rows, row, parts } = source
  const wanted = channelsOf(to, request)
  if (wanted === null) return refused('Its channels are not known.')
  const scaled = (n: number): number => scaledChannels(n, scale, header.values.get('nc') ?? null)
  // What the row before is written with follows all scales.
  const at = parts.from[0]!.row
  const giver = to === 'in' ? rows[at < 0 ? row.index + at : at]?.parts : undefined
  const first = giver?.args[0]
  const beside = first?.kind === 'scalar' && typeof first.value === 'number' ? [first.value] : []
  const number = widthToWrite(wanted, scale.width, scaled, beside)
  if (number !== null) return String(number)
  if (wanted % 8 !== 0) return refused(`Channels are multiples of 8 here, not ${wanted}.`)
  return refused(`No number is scaled to ${wanted} channels here.`)
}

/** Whether the padding is half the kernel as dilation spreads it: what modules without a padding argument take. */
function isUsualPadding({ request }: Source): boolean {
  const { kernel, dilation, padding } = geometryOf(request)
  return kernel.every((k, i) => padding[i]!.every(side => side === Math.floor((dilation[i]! * (k - 1) + 1) / 2)))
}

interface Geometry {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly padding: readonly (readonly [number, number])[]
  readonly bias: boolean
}

const geometryOf = ({ nodes }: RewriteRequest): Geometry => nodes[0]!.attributes as unknown as Geometry

/**
 * A depthwise convolution without norm and activation before a Conv: torch's own, whose channels are plain numbers. The
 * framework takes its output to have the channels of its input, which it has. Numbers hold for one scale only.
 */
function depthwiseTorch(source: Source): Spelled | null {
  const { request } = source
  const [first, second] = request.steps
  if (request.steps.length !== 2 || !first?.depthwise || second?.kind !== 'pointwise') return null
  const channels = channelsOf('in', request)
  const { kernel, stride, dilation, padding } = geometryOf(request)
  const perAxis = (sizes: readonly number[]): string =>
    sizes.every(size => size === sizes[0]) ? String(sizes[0]) : `[${sizes.join(', ')}]`
  const sides = padding.map(([start]) => start)
  const sizes = [kernel, stride, sides, dilation].map(perAxis)
  const given = argumentsOf(source)
  const narrow = given.length > 2 ? [given[0]!, '1', '1'] : [given[0]!, '1']
  const act = given[6]
  return {
    rows: [
      { module: 'nn.Conv2d', args: [String(channels), String(channels), ...sizes, String(channels), 'False'] },
      { module: 'Conv', args: act === undefined ? narrow : withArguments(narrow, { 6: act }, CONV) },
    ],
    width: '',
  }
}

/**
 * torch's convolution, whose channels are plain numbers and which the framework takes to keep those of its input: a
 * norm behind another width would be built with the wrong ones.
 */
function spellTorch(source: Source): Spelled | Refused {
  const { request } = source
  const { steps } = request
  if (isNormed(steps)) return refused('The framework would take the norm between to have the channels of the input.')
  const given = argumentsOf(source)
  const { bias } = geometryOf(request)
  const rows = steps.map(({ kind, from, to, depthwise, last }): NewRow => {
    const [c1, c2] = [from, to].map(which => String(channelsOf(which, request)))
    const ends: Partial<Record<number, string>> = {
      ...(from === 'in' ? {} : { 0: c1! }),
      ...(last ? {} : { 1: c2! }),
      ...(last || (!bias && kind === 'spatial') ? {} : { 7: 'False' }),
    }
    if (kind === 'spatial')
      return { module: 'nn.Conv2d', args: withArguments(given, { ...ends, ...(depthwise ? { 6: c1! } : {}) }, TORCH) }
    const narrow = [given[0]!, given[1]!, '1', ...(given.length > 3 ? ['1'] : [])]
    const own: Partial<Record<number, string>> = !last ? { 7: 'False' } : bias ? {} : { 7: given[7]! }
    return { module: 'nn.Conv2d', args: withArguments(narrow, { ...ends, ...own }, TORCH) }
  })
  return { rows, width: steps.some(step => step.to === 'r') ? String(channelsOf('r', request)) : '' }
}

const TORCH = ['', '', '', '1', '0', '1', '1', 'True', 'zeros']
