import type { Names } from './literal'
import { type Arg, type ArgumentFault, isWhole, show, truthy } from './signature'

/** How the arguments of a row become those of the module's constructor, and how many channels it is said to give. */
export type Rule =
  /** Channels scaled and the input's put before them; `repeated` takes the repeats as its third argument. */
  | 'scaled'
  | 'repeated'
  /** The input's channels come first. */
  | 'input'
  | 'stem'
  | 'stemBlock'
  | 'resnet'
  | 'norm'
  | 'concat'
  /** Heads: bins, end-to-end mode and the channels of all levels come last; `masks` scales the prototypes. */
  | 'head'
  | 'masks'
  /** Heads of YOLOv5: prototypes scaled, the channels of all levels last. */
  | 'anchoredMasks'
  /** The channels of all levels come last, or second. */
  | 'levelsLast'
  | 'levelsSecond'
  | 'split'
  | 'fuse'
  /** The first argument says the channels and is no argument of the module. */
  | 'told'
  /** Arguments as they stand; the channels are said to be the input's. */
  | 'plain'

/** What the rules look at. */
export interface Arranging {
  readonly name: string
  readonly args: readonly Arg[]
  readonly repeats: number
  /** Channels said of each input; null where unknown. */
  readonly channels: readonly (number | null)[]
  readonly several: boolean
  /** Channels said of the row before: what a module keeps that says nothing of its own. */
  readonly before: number | null
  readonly scale: { readonly letter: string; readonly width: number; readonly maxChannels: number }
  readonly names: Names
}

export interface Arranged {
  /** Null stands for channels that are not known; `unknown` is then true. */
  readonly args: readonly Arg[]
  /** For each argument, the one of the row that it comes from; null where it was put in. */
  readonly sources: readonly (number | null)[]
  readonly channels: number | null
  /** Copies in a row. */
  readonly repeats: number
  /** Whether an argument is missing because the channels of an input are not known. */
  readonly unknown: boolean
}

/** Applies a rule of Ultralytics' parse_model (ultralytics/nn/tasks.py, version 8.4.35). */
export function arrange(rule: Rule, row: Arranging): Arranged | ArgumentFault {
  if (SINGLE.has(rule) && row.several)
    return { argument: undefined, message: `expects one input and gets a list of ${row.channels.length}` }
  if (LISTS.has(rule) && !row.several) return { argument: undefined, message: 'expects a list of inputs and gets one' }
  const input = row.channels[0] ?? null
  const all = row.channels as readonly Arg[]
  const lacks = (): boolean => row.channels.includes(null)
  const list = new Arguments(row)
  switch (rule) {
    case 'scaled':
    case 'repeated':
      return scaled(rule, row, list, input)
    case 'input':
      return list.put(0, input).done(input, row.repeats, input === null)
    case 'stem':
      return list.put(0, input).done(number(row.args[1]), row.repeats, input === null)
    case 'stemBlock':
      return list
        .put(0, input)
        .put(4, row.repeats)
        .done(number(row.args[1]), 1, input === null)
    case 'resnet': {
      const planes = number(row.args[1])
      return list.done(planes === null || truthy(row.args[3] ?? null) ? planes : 4 * planes, row.repeats, false)
    }
    case 'norm':
      return list.only(input).done(input, row.repeats, input === null)
    case 'concat':
      return list.done(sum(row.channels), row.repeats, false)
    case 'head':
    case 'masks': {
      const width = row.args[2]
      if (rule === 'masks' && typeof width === 'number')
        list.set(2, divisible(Math.min(width, row.scale.maxChannels) * row.scale.width))
      const { names } = row
      return list
        .put(null, names.get('reg_max')!)
        .put(null, names.get('end2end')!)
        .put(null, all)
        .done(row.before, row.repeats, lacks())
    }
    case 'anchoredMasks': {
      const width = row.args[3]
      if (typeof width === 'number') list.set(3, divisible(width * row.scale.width))
      return list.put(null, all).done(row.before, row.repeats, lacks())
    }
    case 'levelsLast':
      return list.put(null, all).done(row.before, row.repeats, lacks())
    case 'levelsSecond':
      return list.put(1, all).done(row.before, row.repeats, lacks())
    case 'split':
      return list.put(0, input).done(null, row.repeats, input === null)
    case 'fuse':
      return list.done(row.channels.at(-1) ?? null, row.repeats, false)
    case 'told':
      if (row.args.length === 0)
        return { argument: undefined, message: 'expects the number of output channels and gets none' }
      return list.drop().done(number(row.args[0]), row.repeats, false)
    case 'plain':
      return list.done(input, row.repeats, false)
  }
}

/** The next multiple of 8 (ultralytics/utils/ops.py make_divisible). */
export const divisible = (channels: number): number => Math.ceil(channels / 8) * 8

/** The channels that a row gets for those it is written with: stretched, unless they are the number of classes. */
export const scaledChannels = (written: number, { width, maxChannels }: Arranging['scale'], classes: Arg): number =>
  written === classes ? written : divisible(Math.min(written, maxChannels) * width)

const SINGLE: ReadonlySet<Rule> = new Set<Rule>(['scaled', 'repeated', 'input', 'stem', 'stemBlock', 'norm', 'split'])
const LISTS: ReadonlySet<Rule> = new Set<Rule>([
  'anchoredMasks',
  'concat',
  'head',
  'masks',
  'levelsLast',
  'levelsSecond',
  'fuse',
])

function scaled(rule: Rule, row: Arranging, list: Arguments, input: number | null): Arranged | ArgumentFault {
  const { name, args, repeats, scale } = row
  const wanted = args[0]
  if (wanted === undefined)
    return { argument: undefined, message: 'expects the number of output channels and gets none' }
  if (typeof wanted !== 'number' || !Number.isFinite(wanted)) {
    return { argument: 0, message: `expects a number of output channels and gets ${show(wanted)}` }
  }
  const { maxChannels, width, letter } = scale
  const channels = scaledChannels(wanted, scale, row.names.get('nc') ?? null)
  list.set(0, channels)
  if (name === 'C2fAttn') {
    const [, embedding, heads] = args
    if (typeof embedding !== 'number' || typeof heads !== 'number') {
      return { argument: undefined, message: 'expects embedding channels and heads, two numbers after the channels' }
    }
    const half = Math.floor(maxChannels / 2)
    list.set(1, divisible(Math.min(embedding, half) * width))
    list.set(
      2,
      heads > 1
        ? Math.trunc(Math.max(roundHalfEven(Math.min(heads, Math.floor(half / 32))) * width, 1))
        : Math.trunc(heads),
    )
  }
  list.put(0, input)
  if (rule === 'scaled') return list.done(channels, repeats, input === null)
  list.put(2, repeats)
  // Python's `letter in "mlx"`, which holds for no letter at all.
  if (name === 'C3k2' && 'mlx'.includes(letter)) {
    if (args.length < 2)
      return { argument: undefined, message: `expects c3k after the channels at scale ${letter}, where it is set` }
    list.set(3, true)
  }
  if (name === 'A2C2f' && 'lx'.includes(letter)) list.put(null, true).put(null, 1.2)
  return list.done(channels, 1, input === null)
}

/** Python's round: halves go to the even neighbour. */
export function roundHalfEven(value: number): number {
  const down = Math.floor(value)
  const rest = value - down
  if (rest !== 0.5) return Math.round(value)
  return down % 2 === 0 ? down : down + 1
}

/** A list of arguments that remembers where each stood in the row. */
class Arguments {
  private readonly values: Arg[]
  private readonly sources: (number | null)[]

  constructor({ args }: Arranging) {
    this.values = [...args]
    this.sources = args.map((_, i) => i)
  }

  /** Python's insert: behind the end where the list is shorter, at the end for null. */
  put(at: number | null, value: Arg): this {
    this.values.splice(at ?? this.values.length, 0, value)
    this.sources.splice(at ?? this.sources.length, 0, null)
    return this
  }

  set(at: number, value: Arg): this {
    this.values[at] = value
    return this
  }

  drop(): this {
    this.values.shift()
    this.sources.shift()
    return this
  }

  only(value: Arg): this {
    this.values.splice(0, this.values.length, value)
    this.sources.splice(0, this.sources.length, null)
    return this
  }

  done(channels: number | null, repeats: number, unknown: boolean): Arranged {
    return { args: this.values, sources: this.sources, channels, repeats, unknown }
  }
}

const number = (value: Arg | undefined): number | null => (isWhole(value) ? value : null)

const sum = (channels: readonly (number | null)[]): number | null =>
  channels.reduce<number | null>((a, b) => (a === null || b === null ? null : a + b), 0)
