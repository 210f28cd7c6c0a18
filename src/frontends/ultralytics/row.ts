import { N } from '../../core/dim'
import type { Site, Value } from '../../core/graph'
import type { Shape } from '../../core/shape'
import type { YamlFile } from '../yamlSource'
import { type Arranged, arrange, roundHalfEven } from './arrange'
import { flat, isList } from './block'
import type { Scale } from './header'
import { argumentOf, type Names } from './literal'
import { ASIDE, type Entry, MODERN, MODULES } from './modules'
import { ANCHORED } from './modules/yolov5'
import { type Build, type Feed, originOf, type Place, Refusal, sub } from './place'
import type { RowParts, RowSource } from './rows'
import { type Arg, type ArgumentFault, bind, isFault } from './signature'
import { attributesOf, tellFault, tellUnknown } from './tell'

/** A module repeats its parts no more often than this; more is a slip of the pen. */
const MAX_REPEATS = 1000

/** A built row: what later rows take from it, and the channels that the framework believes it has. */
export interface Done {
  readonly feed: Feed
  readonly channels: number | null
}

/** What a row sees while it is built. */
export interface Running {
  readonly file: YamlFile
  readonly build: Build
  readonly names: Names
  readonly scale: Scale
  readonly rows: readonly RowSource[]
  readonly done: readonly Done[]
  readonly image: Value
}

/** Builds one row. `shown` is its own output, which is not always what later rows take. */
export function buildRow(run: Running, row: RowSource): { result: Done; shown: Feed } {
  const { builder } = run.build
  if (!row.parts) {
    const lost = builder.lost(`row ${row.index}`)
    return { result: { feed: lost, channels: null }, shown: [] }
  }
  const { parts } = row
  const inputs = parts.from.map(reference => inputOf(run, row, reference.row, reference.span))
  let places: NonNullable<Site['attributes']> | null = null
  const site: Site = {
    span: row.span,
    anchor: row.anchor,
    name: `row ${row.index} (${parts.module})`,
    get attributes() {
      places ??= entry && arranged && !isFault(arranged) ? attributesOf(entry, arranged, parts) : {}
      return places
    },
  }
  let arranged: Arranged | ArgumentFault | null = null
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
  arranged = arrange(entry.rule, {
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
  const place: Place = { build: run.build, site, path: `model.${row.index}` }
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
