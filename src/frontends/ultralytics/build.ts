import { closest, distance } from 'fastest-levenshtein'
import { N } from '../../core/dim'
import { GraphBuilder, type Site, type Value } from '../../core/graph'
import type { Shape } from '../../core/shape'
import type { BuiltModel, InputShape, Row } from '../frontend'
import type { YamlFile } from '../yamlSource'
import { readActivation, SILU } from './activations'
import { type Arranged, arrange, roundHalfEven } from './arrange'
import { flat, isList } from './block'
import type { Header, Scale } from './header'
import { argumentOf, type Names } from './literal'
import { ASIDE, type Entry, MODERN, MODULES } from './modules'
import { ANCHORED } from './modules/yolov5'
import { type Build, type Feed, originOf, type Place, Refusal, sub } from './place'
import type { RowParts, RowSource } from './rows'
import { type Arg, type ArgumentFault, bind, isFault } from './signature'

/** A module repeats its parts no more often than this; more is a slip of the pen. */
const MAX_REPEATS = 1000

/** A built row: what later rows take from it, and the channels that the framework believes it has. */
interface Done {
  readonly feed: Feed
  readonly channels: number | null
}

/** Builds the network of one scale, as Ultralytics' parse_model does, and runs an image through it. */
export function buildModel(
  file: YamlFile,
  header: Header,
  rows: readonly RowSource[],
  scale: Scale,
  chosen: readonly InputShape[],
): BuiltModel {
  const builder = new GraphBuilder()
  const names: Names = new Map<string, Arg>([
    ...header.values,
    ['depth', scale.depth],
    ['width', scale.width],
    ['scale', scale.letter],
    ['max_channels', scale.maxChannels],
  ])
  const classes = header.values.get('nc')
  const build: Build = {
    builder,
    activation: header.activation === null ? SILU : readActivation(header.activation.text),
    legacy: true,
    classes: typeof classes === 'number' ? classes : null,
    sharedActivation: null,
    text: null,
  }
  if (header.activation && build.activation === null) {
    const message = `The activation ${header.activation.text} is not known.`
    builder.problem({ code: 'unknown-name', severity: 'warning', span: header.activation.span, message })
  }
  const shape = chosen[0]?.shape ?? usualInput(header, rows)
  const image = builder.input(chosen[0]?.name ?? 'images', [N, ...shape])
  const done: Done[] = []
  const built: { row: Row; layers: readonly [number, number] }[] = []
  for (const row of rows) {
    if (builder.isFull) break
    const from = builder.counts
    const { result, shown } = buildRow({ file, build, names, scale, rows, done, image }, row)
    const to = builder.counts
    done.push(result)
    const outputs = flat(shown)
    const parts = {
      index: row.index,
      type: row.parts?.module ?? '',
      span: row.span,
      first: from.nodes,
      last: to.nodes,
      layers: [],
    }
    built.push({
      row: { ...parts, output: outputs[0] ?? null, ...(outputs.length > 1 ? { outputs } : {}) },
      layers: [from.layers, to.layers],
    })
  }
  for (const value of flat(done.at(-1)?.feed ?? [])) builder.output(value)
  const graph = builder.build()
  return {
    graph,
    inputs: [{ shape }],
    inputAssumed: chosen.length === 0,
    rows: built.map(({ row, layers }) => ({ ...row, layers: graph.layers.slice(...layers) })),
  }
}

/** 640×640 for detection and what builds on it, 224×224 for classification: the framework's own defaults. */
function usualInput(header: Header, rows: readonly RowSource[]): readonly number[] {
  const size = rows.at(-1)?.parts?.module === 'Classify' ? 224 : 640
  return [header.channels, size, size]
}

interface Running {
  readonly file: YamlFile
  readonly build: Build
  readonly names: Names
  readonly scale: Scale
  readonly rows: readonly RowSource[]
  readonly done: readonly Done[]
  readonly image: Value
}

/** Builds one row. `shown` is its own output, which is not always what later rows take. */
function buildRow(run: Running, row: RowSource): { result: Done; shown: Feed } {
  const { builder } = run.build
  if (!row.parts) {
    const lost = builder.lost(`row ${row.index}`)
    return { result: { feed: lost, channels: null }, shown: [] }
  }
  const { parts } = row
  const inputs = parts.from.map(reference => inputOf(run, row, reference.row, reference.span))
  const site: Site = { span: row.span, anchor: row.anchor, name: `row ${row.index} (${parts.module})` }
  const feed: Feed = parts.several ? inputs.map(i => i.feed) : inputs[0]!.feed
  const before = run.done.length > 0 ? run.done.at(-1)!.channels : (run.image.shape?.[1] ?? null)
  const lose = (reason: string, channels: number | null, shape: Shape | null): { result: Done; shown: Feed } => {
    const origin = { site, path: `model.${row.index}`, type: parts.module }
    const value = builder.unknown(reason, flat(feed), origin, [shape])[0]!
    return { result: { feed: value, channels }, shown: value }
  }
  const name = row.index === 0 && parts.module === 'Silence' ? 'nn.Identity' : parts.module
  const entry = (namesAnchors(run, parts) ? ANCHORED : MODULES).get(name) ?? MODULES.get(name)
  if (!entry) {
    tellUnknown(builder, parts)
    return lose(`${name} is not known`, null, null)
  }
  if (MODERN.has(name)) run.build.legacy = false
  const repeats = parts.repeats > 1 ? Math.max(roundHalfEven(parts.repeats * run.scale.depth), 1) : parts.repeats
  if (repeats > MAX_REPEATS) {
    const message = `row ${row.index} (${name}) repeats ${repeats} times; at most ${MAX_REPEATS} are counted.`
    builder.problem({ code: 'limit', severity: 'warning', span: parts.repeatsSpan, message })
    return lose('it repeats too often', null, null)
  }
  const args = parts.args.map(node => argumentOf(run.file, node, run.names))
  const arranged = arrange(entry.rule, {
    name,
    args,
    repeats,
    channels: inputs.map(i => i.channels),
    several: parts.several,
    before: typeof before === 'number' ? before : null,
    scale: run.scale,
    names: run.names,
  })
  if (isFault(arranged)) {
    tellFault(builder, site, parts, arranged, args)
    return lose('its arguments do not fit', null, null)
  }
  if (arranged.unknown && !parts.several && isList(feed)) {
    const from = parts.from[0]!.row
    const message = `expects one input and gets the ${feed.length} outputs of row ${from < 0 ? row.index + from : from}`
    tellFault(builder, site, parts, { argument: undefined, message }, args)
    return lose('its input is a list', arranged.channels, null)
  }
  if (arranged.unknown) {
    const { channels } = arranged
    const shape = channels === null || name === 'Classify' ? null : [N, channels, null, null]
    return lose('the channels of its input are not known', channels, shape)
  }
  const bound = bindRow(entry, arranged, parts)
  if (isFault(bound)) {
    tellFault(builder, site, parts, bound, args)
    return lose('its arguments do not fit', arranged.channels, null)
  }
  const placed: Site = {
    ...site,
    get attributes() {
      return attributesOf(entry, arranged, parts)
    },
  }
  const place: Place = { build: run.build, site: placed, path: `model.${row.index}` }
  try {
    const out = runCopies(entry, place, feed, bound, arranged.repeats)
    return { result: { feed: ASIDE.has(name) ? feed : out, channels: arranged.channels }, shown: out }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const message = `${site.name} ${error.message}.`
    builder.problem({ code: error.code, severity: 'error', span: row.span, message })
    return lose('it cannot be built', arranged.channels, null)
  }
}

/** Whether a row takes the anchors that the file gives, as the heads of the YOLOv5 repository do. */
const namesAnchors = ({ names }: Running, { args: [, second] }: RowParts): boolean =>
  names.has('anchors') &&
  second !== undefined &&
  (second.kind === 'list' || (second.kind === 'scalar' && second.value === 'anchors'))

/** Runs a module, or as many copies of it in a row as the row asks for. */
function runCopies(entry: Entry, place: Place, feed: Feed, args: readonly unknown[], copies: number): Feed {
  if (!(copies > 1)) return entry.module.run(place, feed, args)
  let out = feed
  place.build.builder.scope(originOf(place, 'Sequential'), flat(feed), () => {
    for (let i = 0; i < copies; i++) out = entry.module.run(sub(place, i), out, args)
    return flat(out)
  })
  return out
}

/** What a number in `from` names: the row before for −1, further back for other negatives, else the row of that number. */
function inputOf(
  { build, rows, done, image }: Running,
  row: RowSource,
  reference: number,
  span: RowSource['span'],
): Done {
  const { builder } = build
  const at = reference < 0 ? row.index + reference : reference
  if (reference === -1 && row.index === 0) return { feed: image, channels: channelsOf(image) }
  if (at >= 0 && at < row.index) {
    builder.link(span, rows[at]!.span)
    return done[at]!
  }
  const why =
    at < 0
      ? `takes row ${reference}, and ${row.index === 1 ? 'only 1 row stands' : `only ${row.index} rows stand`} before it`
      : at === row.index
        ? 'takes its own output'
        : at < rows.length
          ? `takes row ${reference}, which comes after it`
          : `takes row ${reference}, and there are ${rows.length} rows`
  builder.problem({ code: 'dangling-reference', severity: 'error', span, message: `row ${row.index} ${why}.` })
  return { feed: builder.lost(`row ${reference}`), channels: null }
}

const channelsOf = (value: Value): number | null => {
  const channels = value.shape?.[1]
  return typeof channels === 'number' ? channels : null
}

function bindRow({ module }: Entry, arranged: Arranged, { args }: RowParts): readonly Arg[] | ArgumentFault {
  const spare = arranged.args.length - module.parameters.length
  if (spare > 0) {
    const message = `takes at most ${args.length - spare} arguments and gets ${args.length}`
    return { argument: args.length - spare, message }
  }
  const bound = bind(module.parameters, arranged.args)
  if (isFault(bound)) {
    const source = bound.argument === undefined ? undefined : (arranged.sources[bound.argument] ?? undefined)
    return { argument: source !== undefined && source < args.length ? source : undefined, message: bound.message }
  }
  const times = module.parameters.findIndex(
    (p, i) => (p.name === 'n' || p.name === 'num_layers') && (bound[i] as number) > MAX_REPEATS,
  )
  if (times < 0) return bound
  const message = `repeats ${bound[times]} times; at most ${MAX_REPEATS} are counted`
  return { argument: arranged.sources[times] ?? undefined, message }
}

function tellUnknown(builder: GraphBuilder, { module, moduleSpan }: RowParts): void {
  const near = neighbour(module)
  builder.problem({
    code: 'unknown-layer',
    severity: 'warning',
    span: moduleSpan,
    message: `${module} is not a module of Ultralytics${near === null ? '' : `; ${near} is`}.`,
    ...(near !== null
      ? { fixes: [{ title: `Change ${module} to ${near}`, edits: [{ span: moduleSpan, newText: near }] }] }
      : {}),
  })
}

/** The module that is meant: the same letters in another case, or few of them changed; null where none is near. */
function neighbour(module: string): string | null {
  if (module.length === 0 || module.length > 60) return null
  const names = [...MODULES.keys()]
  const recased = names.find(name => name.toLowerCase() === module.toLowerCase())
  if (recased !== undefined) return recased
  const near = closest(module, names)
  return distance(module, near) <= Math.max(1, Math.floor(module.length / 4)) ? near : null
}

function tellFault(
  builder: GraphBuilder,
  site: Site,
  parts: RowParts,
  fault: ArgumentFault,
  args: readonly Arg[],
): void {
  const at = fault.argument === undefined ? undefined : parts.args[fault.argument]
  const value = fault.argument === undefined ? undefined : args[fault.argument]
  const name = typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value) ? value : undefined
  builder.problem({
    code: name === undefined ? 'bad-argument' : 'unknown-name',
    severity: 'error',
    span: at?.span ?? site.span,
    message: `${site.name} ${fault.message}.`,
  })
}

/** Where the sizes that an op may complain of stand in the row, by the op's name for them. */
function attributesOf({ module }: Entry, { sources }: Arranged, parts: RowParts): NonNullable<Site['attributes']> {
  const attributes: Record<string, { span: RowSource['span']; spelled?: string }> = {}
  module.parameters.forEach(({ name }, i) => {
    const source = sources[i]
    const attribute = ATTRIBUTES[name]
    const node = source === null || source === undefined ? undefined : parts.args[source]
    if (attribute && node) attributes[attribute] = { span: node.span, spelled: name }
  })
  return attributes
}

const ATTRIBUTES: Readonly<Record<string, string>> = {
  k: 'kernel',
  s: 'stride',
  p: 'padding',
  g: 'groups',
  d: 'dilation',
  kernel_size: 'kernel',
  stride: 'stride',
  padding: 'padding',
  dilation: 'dilation',
  groups: 'groups',
  num_groups: 'groups',
  in_channels: 'inChannels',
  out_channels: 'outChannels',
  num_features: 'channels',
  num_channels: 'channels',
  num_parameters: 'parameters',
  in_features: 'inFeatures',
  out_features: 'outFeatures',
}
