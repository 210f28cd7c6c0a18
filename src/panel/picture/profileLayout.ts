/** The channels of a block along its depth: which maps, in which column, how thick, and the ribbons between them. */
import type { PanelKind, PanelNetwork } from '../../protocol/panel'
import type { PanelMap } from '../../protocol/panelPicture'
import type { LinkKind } from './chain'

export interface ProfileBar {
  /** Index into the model's maps. */
  readonly map: number
  readonly x: number
  readonly y: number
  readonly height: number
  readonly hue: LinkKind | 'moved'
  readonly place: 'source' | 'inner' | 'end'
  /** Room for words at its right, or at its left for a source. */
  readonly room: number
}

export interface Ribbon {
  readonly hue: LinkKind | 'moved'
  /** What it comes from and goes to. */
  readonly from: number
  readonly to: number
  /** Left to right; each with its upper and lower edge. */
  readonly stops: readonly { readonly x: number; readonly top: number; readonly bottom: number }[]
}

export interface ProfileLayout {
  readonly bars: readonly ProfileBar[]
  readonly ribbons: readonly Ribbon[]
  readonly height: number
  /** Columns that are drawn, and how many there are. */
  readonly columns: number
  readonly allColumns: number
}

export const BAR = 8
const HEIGHT = 230
const PER_CHANNEL = 0.62
const THINNEST = 2
/** Between the middles of two bars of a column, so that their labels do not meet. */
const APART = 17
/** The same where labels have two lines. */
const APART_AT_ENDS = 34
const LEAST_GAP = 8
/** Columns closer than this cannot be told apart. */
const NARROWEST = 14
/** Columns further apart say nothing more. */
const WIDEST = 190

/** Maps that the layers from `first` up to `last` make, what is joined from them, and what they read from outside. */
export function mapsOfGroup(
  maps: readonly PanelMap[],
  first: number,
  last: number,
): { sources: number[]; inner: number[] } {
  const isOwn = ({ layer }: PanelMap): boolean => layer !== null && layer >= first && layer < last
  const from = maps.findIndex(isOwn)
  if (from < 0) return { sources: [], inner: [] }
  const to = maps.findLastIndex(isOwn)
  const after = maps.findIndex((map, i) => i > to && map.layer !== null)
  const inner = new Set<number>()
  for (let i = from; i < (after < 0 ? maps.length : after); i++) {
    const map = maps[i]!
    if (isOwn(map) || (map.layer === null && map.from.some(source => inner.has(source)))) inner.add(i)
  }
  // What is only moved on for a layer behind the group is not the group's.
  for (const i of [...inner].reverse())
    if (maps[i]!.by === 'move' && ![...inner].some(to => maps[to]!.from.includes(i))) inner.delete(i)
  const sources = new Set([...inner].flatMap(i => maps[i]!.from.filter(source => !inner.has(source))))
  return { sources: [...sources].sort((a, b) => a - b), inner: [...inner] }
}

export function profileLayout(
  model: PanelNetwork,
  group: { readonly first: number; readonly last: number },
  width: number,
  margins: { readonly left: number; readonly right: number },
): ProfileLayout | null {
  const { maps } = model.picture
  const { sources, inner } = mapsOfGroup(maps, group.first, group.last)
  if (!inner.length) return null
  const columnOf = columns(maps, sources, inner)
  const allColumns = Math.max(...columnOf.values()) + 1
  const room = width - margins.left - margins.right - BAR
  const drawn = Math.min(allColumns, Math.max(2, Math.floor(room / NARROWEST) + 1))
  const step = drawn > 1 ? Math.min(WIDEST, room / (drawn - 1)) : 0
  const shown = [...sources, ...inner].filter(i => columnOf.get(i)! < drawn)
  const isShown = new Set(shown)
  const edges = shown.flatMap(to => maps[to]!.from.filter(from => isShown.has(from)).map(from => ({ from, to })))
  const used = new Set(edges.map(({ from }) => from))
  const items = itemsOf(shown, edges, columnOf, drawn)
  const scale = scaleFor(items, maps, used, new Set(sources))
  const places = placed(items, maps, used, new Set(sources), scale)
  const barOf = new Map<number, Placed>()
  for (const item of places) if (item.edge === null) barOf.set(item.map, item)
  const x = (column: number): number => margins.left + column * step
  const bars = shown.map((map): ProfileBar => {
    const { top, bottom } = barOf.get(map)!
    const place = sources.includes(map) ? 'source' : used.has(map) ? 'inner' : 'end'
    const at = columnOf.get(map)!
    const next = at === drawn - 1 ? margins.right : step - BAR
    return {
      map,
      x: x(at),
      y: top,
      height: bottom - top,
      hue: hueOf(model, maps[map]!),
      place,
      room: (place === 'source' ? margins.left : next) - 8,
    }
  })
  const ribbons = edges.map(({ from, to }): Ribbon => {
    const [start, end] = [barOf.get(from)!, barOf.get(to)!]
    const lanes = places.filter(({ edge }) => edge?.from === from && edge.to === to)
    const stops = [
      { x: x(start.column) + BAR, top: start.top, bottom: start.bottom },
      ...lanes.map(lane => ({ x: x(lane.column) + BAR / 2, top: lane.top, bottom: lane.bottom })),
      { x: x(end.column), ...sliceOf(maps, to, from, end) },
    ]
    return { hue: hueOf(model, maps[to]!), from, to, stops }
  })
  return { bars, ribbons, height: HEIGHT, columns: drawn, allColumns }
}

/** Columns from left to right: what is read from outside first, and every map as late as what reads it allows. */
function columns(maps: readonly PanelMap[], sources: readonly number[], inner: readonly number[]): Map<number, number> {
  const column = new Map<number, number>(sources.map(i => [i, 0]))
  for (const i of inner) column.set(i, 1 + Math.max(-1, ...maps[i]!.from.map(from => column.get(from) ?? -1)))
  const latest = new Map<number, number>()
  for (const i of [...inner].reverse()) {
    const own = latest.get(i) ?? column.get(i)!
    column.set(i, Math.max(own, column.get(i)!))
    for (const from of maps[i]!.from)
      latest.set(from, Math.min(latest.get(from) ?? Number.POSITIVE_INFINITY, column.get(i)! - 1))
  }
  return column
}

interface Edge {
  readonly from: number
  readonly to: number
}

/** A bar, or the lane of a ribbon that passes a column: what has a place in one. */
interface Item {
  readonly column: number
  readonly map: number
  readonly edge: (Edge & { readonly part: number }) | null
}

interface Placed extends Item {
  readonly top: number
  readonly bottom: number
}

/** By column, in the order of the file; a ribbon that passes keeps to the side of what it goes to. */
function itemsOf(
  shown: readonly number[],
  edges: readonly Edge[],
  columnOf: ReadonlyMap<number, number>,
  drawn: number,
): Item[][] {
  const items: Item[][] = Array.from({ length: drawn }, () => [])
  for (const map of shown) items[columnOf.get(map)!]!.push({ column: columnOf.get(map)!, map, edge: null })
  for (const { from, to } of edges) {
    const [start, end] = [columnOf.get(from)!, columnOf.get(to)!]
    for (let column = start + 1; column < end; column++)
      items[column]!.push({ column, map: to, edge: { from, to, part: (column - start) / (end - start) } })
  }
  for (const list of items) list.sort((a, b) => a.map - b.map)
  return items
}

const channelsOf = (maps: readonly PanelMap[], map: number): number => maps[map]!.channels ?? 1

/** Channels that an item stands for: of a lane between those of its ends. */
function thicknessOf(maps: readonly PanelMap[], { map, edge }: Item): number {
  if (!edge) return channelsOf(maps, map)
  const start = channelsOf(maps, edge.from)
  const end = maps[edge.to]!.by === 'concat' ? start : channelsOf(maps, edge.to)
  return start + (end - start) * edge.part
}

/** The space between two neighbours of a column. */
function gapBetween(a: number, b: number, apart: number): number {
  return Math.max(LEAST_GAP, apart - (a + b) / 2)
}

const apartOf = (list: readonly Item[], used: ReadonlySet<number>, sources: ReadonlySet<number>): number =>
  list.some(({ map, edge }) => !edge && (sources.has(map) || !used.has(map))) ? APART_AT_ENDS : APART

/** Pixels a channel, so that the fullest column fits. */
function scaleFor(
  items: readonly (readonly Item[])[],
  maps: readonly PanelMap[],
  used: ReadonlySet<number>,
  sources: ReadonlySet<number>,
): number {
  let scale = PER_CHANNEL
  for (const list of items) {
    const channels = list.reduce((sum, item) => sum + thicknessOf(maps, item), 0)
    const gaps = (list.length - 1) * Math.max(LEAST_GAP, apartOf(list, used, sources) / 2)
    scale = Math.min(scale, Math.max(20, HEIGHT - gaps) / channels)
  }
  return scale
}

function placed(
  items: readonly (readonly Item[])[],
  maps: readonly PanelMap[],
  used: ReadonlySet<number>,
  sources: ReadonlySet<number>,
  scale: number,
): Placed[] {
  return items.flatMap(list => {
    const sizes = list.map(item => Math.max(THINNEST, thicknessOf(maps, item) * scale))
    const apart = apartOf(list, used, sources)
    const gaps = sizes.slice(1).map((size, i) => gapBetween(sizes[i]!, size, apart))
    const total = [...sizes, ...gaps].reduce((a, b) => a + b, 0)
    let y = (HEIGHT - total) / 2
    return list.map((item, i) => {
      const top = y
      y += sizes[i]! + (gaps[i] ?? 0)
      return { ...item, top, bottom: top + sizes[i]! }
    })
  })
}

/** Where a ribbon ends: its part of a concatenation, else the whole bar. */
function sliceOf(
  maps: readonly PanelMap[],
  to: number,
  from: number,
  { top, bottom }: Placed,
): { top: number; bottom: number } {
  const { by, from: sources } = maps[to]!
  if (by !== 'concat') return { top, bottom }
  const total = sources.reduce((sum, source) => sum + channelsOf(maps, source), 0)
  const before = sources.slice(0, sources.indexOf(from)).reduce((sum, source) => sum + channelsOf(maps, source), 0)
  const at = (channels: number): number => top + ((bottom - top) * channels) / total
  return { top: at(before), bottom: at(before + channelsOf(maps, from)) }
}

const HUES: Partial<Record<PanelKind, LinkKind>> = {
  spatial: 'spatial',
  reduce: 'pointwise',
  expand: 'pointwise',
  project: 'pointwise',
  depthwise: 'depthwise',
  grouped: 'grouped',
  dense: 'dense',
}

const hueOf = (model: PanelNetwork, { layer }: PanelMap): LinkKind | 'moved' =>
  (layer === null ? undefined : HUES[model.layers[layer]!.kind]) ?? 'moved'
