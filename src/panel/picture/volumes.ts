/** Places the volumes, kernels and beams of rows of layers: two scales for all, the first and last volume in line. */
import { BACK, type Box, beamBetween, inside, type Point } from './cabinet'
import type { Link, LinkKind } from './chain'

/** Pixels a channel, and pixels a position of a map. */
export interface Scales {
  readonly channel: number
  readonly cell: number
}

export interface Volume {
  readonly box: Box
  /** `28×28×256` */
  readonly label: string
  /** Longer than is drawn: two slashes say so. */
  readonly broken: boolean
}

export interface Beam {
  readonly kind: LinkKind
  readonly link: Link
  /** What one output value is made from, in the volume before; of a transposed layer what one input value goes into. */
  readonly source: Box
  readonly target: Box
  readonly corners: readonly Point[]
}

export interface Row {
  readonly volumes: readonly Volume[]
  readonly beams: readonly Beam[]
}

export interface VolumeLayout {
  readonly scales: Scales
  readonly rows: readonly Row[]
  /** From the top of a row to the floor that its volumes stand on. */
  readonly floor: number
  /** To the right end of the last volume. */
  readonly width: number
}

/** Longer volumes are drawn as long as this many channels, and broken. */
export const LONGEST = 512
/** Sizes from the design: half a pixel a channel, 2.6 a position up to 56 of them. */
const CHANNEL = 0.5
const CELL = 2.6
const LARGEST_MAP = 56
const SMALL_MAP = 28
/** What is small is drawn larger, up to here. */
const LARGEST_CELL = 8
const LARGEST_CHANNEL = 4
const SHORTEST = 64
/** A single value is drawn at least so large. */
const VALUE = 5
const THINNEST = 1.5
/** Of the width, what the depth of all volumes of a row may take. */
const DEPTH_SHARE = 0.4
const MARGIN = 2

/**
 * Rows in a width. `gap` gives the room that the texts of a layer would like beside its beam; where there is less, they
 * get less, but never less than `least`.
 */
export function placeRows(
  rows: readonly (readonly Link[])[],
  width: number,
  gap: (link: Link) => number,
  least: number,
): VolumeLayout {
  const maps = rows.flatMap(links => links.flatMap(link => [planeOf(link.input), planeOf(link.output)]))
  const largest = Math.max(...maps.map(({ height, width }) => Math.max(height, width)))
  const widest = Math.max(...maps.map(({ width }) => width))
  const most = Math.max(...rows.map(links => links.length + 1))
  const cell = Math.min(cellFor(largest), (width * DEPTH_SHARE) / (most * widest * BACK.x))
  const deepest = widest * cell * BACK.x
  const longest = Math.max(...rows.flatMap(links => channelsOf(links)).map(drawn))
  const wanted = longest * CHANNEL < SHORTEST ? Math.min(LARGEST_CHANNEL, SHORTEST / longest) : CHANNEL
  const room = (links: readonly Link[]): number => width - 2 * MARGIN - deepest - links.length * (least + deepest)
  const fits = rows.map(links => room(links) / channelsOf(links).map(drawn).reduce(add))
  const channel = Math.max(0.02, Math.min(wanted, ...fits))
  const scales = { channel, cell }
  const lengthOf = (channels: number): number => Math.max(1.5, drawn(channels) * channel)
  const liked = rows.map(links => {
    const lengths = channelsOf(links).slice(0, -1).map(lengthOf)
    return lengths.reduce(add) + links.reduce((sum, link) => sum + gap(link) + deepest, 0)
  })
  const last = Math.max(...rows.map(links => lengthOf(links.at(-1)!.to)))
  const lastAt = MARGIN + Math.min(Math.max(...liked), width - 2 * MARGIN - last - deepest)
  const floor = Math.max(...maps.map(({ height, width: w }) => height * cell + w * cell * BACK.y)) + MARGIN
  return {
    scales,
    rows: rows.map(links => placeRow(links, { scales, lastAt, floor, lengthOf })),
    floor,
    width: lastAt + last + deepest,
  }
}

/** Pixels a position: maps over 56 shrink, small ones grow. */
function cellFor(largest: number): number {
  if (largest > LARGEST_MAP) return (CELL * LARGEST_MAP) / largest
  return largest < SMALL_MAP ? Math.min(LARGEST_CELL, (CELL * SMALL_MAP) / largest) : CELL
}

interface Frame {
  readonly scales: Scales
  readonly lastAt: number
  readonly floor: number
  lengthOf(channels: number): number
}

function placeRow(links: readonly Link[], { scales, lastAt, floor, lengthOf }: Frame): Row {
  const channels = channelsOf(links)
  const sizes = [links[0]!.input, ...links.map(link => link.output)]
  const lengths = channels.map(lengthOf)
  const free = lastAt - MARGIN - lengths.slice(0, -1).reduce(add)
  let x = MARGIN
  const volumes = channels.map((count, i): Volume => {
    const { height, width } = planeOf(sizes[i]!)
    const box = {
      x: i === channels.length - 1 ? lastAt : x,
      y: floor - Math.max(THINNEST, height * scales.cell),
      length: lengths[i]!,
      height: Math.max(THINNEST, height * scales.cell),
      depth: width * scales.cell,
    }
    x += lengths[i]! + free / links.length
    return { box, label: [...sizes[i]!, count].join('×'), broken: count > LONGEST }
  })
  const beams = links.map((link, i) => beamOf(link, volumes[i]!.box, volumes[i + 1]!.box, scales))
  return { volumes, beams }
}

/** The kernel box in the middle of what is read, and the value that it makes. */
function beamOf(link: Link, before: Box, after: Box, { cell }: Scales): Beam {
  const { kind, transposed, groups, from } = link
  const [reads, writes] = [planeOf(link.input), planeOf(link.output)]
  const window = planeOf(link.kernel.map((k, i) => link.dilation[i]! * (k - 1) + 1))
  const [stride, pad] = [planeOf(link.stride), link.padding && planeOf(link.padding, 0)]
  const wide = transposed ? writes : reads
  const narrow = transposed ? reads : writes
  const at = { height: Math.floor(narrow.height / 2), width: Math.floor(narrow.width / 2) }
  const start = (of: 'height' | 'width'): number => {
    const span = Math.min(window[of], wide[of])
    const first = at[of] * stride[of] - (pad ? pad[of] : Math.floor((window[of] - 1) / 2))
    return Math.max(0, Math.min(wide[of] - span, first))
  }
  const span = { height: Math.min(window.height, wide.height), width: Math.min(window.width, wide.width) }
  const slice = groups > 1 ? before.length / groups : before.length
  const length = Math.min(before.length, Math.max(groups === from ? VALUE / 2 : 0, slice))
  const middle = groups > 1 ? (before.length - length) / 2 : 0
  const many = (outer: Box, right: number, long: number): Box =>
    inside(
      outer,
      { right, down: start('height') * cell, back: start('width') * cell },
      { length: long, height: span.height * cell, depth: span.width * cell },
    )
  const one = (outer: Box, right: number, long: number): Box => {
    const size = Math.max(cell, VALUE * 0.6)
    return inside(
      outer,
      { right, down: at.height * cell, back: at.width * cell },
      {
        length: long,
        height: Math.min(size, Math.max(cell, outer.height)),
        depth: Math.min(size, Math.max(cell, outer.depth)),
      },
    )
  }
  const value = Math.min(VALUE, Math.max(1.5, after.length))
  const right = groups > 1 ? (after.length - value) / 2 : 0
  const source = transposed ? one(before, middle, length) : many(before, middle, length)
  const target = transposed ? many(after, right, value) : one(after, right, value)
  return { kind, link, source, target, corners: beamBetween(source, target) }
}

/** Rows and columns of a map: a sequence goes down in one column, of a body one slice is drawn. */
export function planeOf(sizes: readonly number[], fill = 1): { height: number; width: number } {
  const [height = fill, width = fill] = sizes.slice(-2)
  return { height, width }
}

const channelsOf = (links: readonly Link[]): number[] => [links[0]!.from, ...links.map(link => link.to)]
const drawn = (channels: number): number => Math.min(LONGEST, channels)
const add = (a: number, b: number): number => a + b
