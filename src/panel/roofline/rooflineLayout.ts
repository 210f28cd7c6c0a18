/** Scales, lines, marks and words of the roofline, in pixels. */
import { scaleLog } from 'd3-scale'
import { formatRatio, formatSeconds } from '../../base/format'
import type { PanelRooflineDevice } from '../../protocol/panelRoofline'
import type { Measure } from '../measure'
import { axisCount } from '../words'
import type { Move, Point } from './points'

export interface Label {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
  readonly look: 'tick' | 'ridge' | 'time' | 'side' | 'edge'
}

export interface Mark {
  readonly point: Point
  /** Where it is drawn. */
  readonly x: number
  readonly y: number
  readonly size: number
  /** Where it belongs, where it was moved from there; outside marks belong to the edge. */
  readonly home: { readonly x: number; readonly y: number } | null
  readonly outside: boolean
  /** Layers, from 2 on; null where there is no room to say so. */
  readonly count: number | null
}

export interface Arrow {
  readonly from: { readonly x: number; readonly y: number }
  readonly to: { readonly x: number; readonly y: number }
  readonly kind: Point['kind']
}

export interface RooflineLayout {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** x of the ridge. */
  readonly ridge: number
  readonly xTicks: readonly number[]
  readonly yTicks: readonly number[]
  /** Equal least time: a diagonal, then a level line. */
  readonly lines: readonly (readonly { readonly x: number; readonly y: number }[])[]
  readonly marks: readonly Mark[]
  readonly arrows: readonly Arrow[]
  readonly labels: readonly Label[]
}

const TOP = 22
const FOOT = 40
const RIGHT = 6
/** Marks beyond this factor from the middle 95% stand on the edge. */
const REACH = 12
const MARGIN = 1.35
/** The axes span at least this factor, so that one layer has a place in the middle. */
const LEAST_SPAN = 16
const SMALLEST = 11
const SMALLEST_COUNTED = 15
const LARGEST = 24
const MOST_STACKED = 400

export function rooflineLayout(
  points: readonly Point[],
  moves: readonly Move[],
  device: PanelRooflineDevice,
  { width, height }: { readonly width: number; readonly height: number },
  /** What a point is called. */
  nameOf: (point: Point) => string,
  measure: Measure,
): RooflineLayout {
  const { peak, bandwidth } = device
  const ridgeAt = peak / bandwidth
  const yDomain = domainOf(points, point => point.flops)
  const [low, high] = domainOf(points, point => point.intensity)
  const xDomain: [number, number] = [Math.min(low, ridgeAt / 2), Math.max(high, ridgeAt * 2)]
  const left = Math.ceil(Math.max(...['500M', '200G'].map(text => measure(text)))) + 10
  const [right, bottom] = [width - RIGHT, height - FOOT]
  const x = scaleLog(xDomain, [left, right])
  const y = scaleLog(yDomain, [bottom, TOP])
  const ridge = x(ridgeAt)
  const frame = { left, right, top: TOP, bottom }
  const { marks, taken } = placeMarks(points, x, y, frame)
  const labels: Label[] = []
  const put = (label: Label): boolean => {
    const box = boxOf(label, measure)
    if (box.left < 0 || box.right > width || taken.some(other => meet(box, other))) return false
    taken.push(box)
    labels.push(label)
    return true
  }
  put({ text: formatRatio(ridgeAt), x: ridge, y: bottom + 17, anchor: 'middle', look: 'ridge' })
  const xTicks = ticksOf(xDomain, (right - left) / 44).filter(value =>
    put({ text: axisCount(value), x: x(value), y: bottom + 17, anchor: 'middle', look: 'tick' }),
  )
  const yTicks = ticksOf(yDomain, (bottom - TOP) / 30).filter(value =>
    put({ text: axisCount(value), x: left - 6, y: y(value) + 4, anchor: 'end', look: 'tick' }),
  )
  for (const [texts, at, anchor] of [
    [['← waits for memory', '← memory'], ridge - 7, 'end'],
    [['limited by arithmetic →', 'arithmetic →'], ridge + 7, 'start'],
  ] as const) {
    const room = anchor === 'end' ? at - left : right - at
    texts.find(text => measure(text) <= room && put({ text, x: at, y: bottom - 9, anchor, look: 'side' }))
  }
  edgeLabels(marks, frame, nameOf, measure, put)
  const lines = timeLines({ x, y, xDomain, yDomain, peak, bandwidth, ridgeAt }, frame, put)
  const where = (point: Point) => ({
    x: clamp(x(point.intensity), left, right),
    y: clamp(y(point.flops), TOP, bottom),
  })
  const arrows = moves.flatMap(({ from, to }) => {
    const mark = marks.find(({ point }) => point === from)
    return mark ? to.map(point => ({ from: { x: mark.x, y: mark.y }, to: where(point), kind: point.kind })) : []
  })
  return { width, height, ...frame, ridge, xTicks: xTicks.map(x), yTicks: yTicks.map(y), lines, marks, arrows, labels }
}

/** What the middle 95% of the work spans, with what lies near it. */
export function domainOf(points: readonly Point[], of: (point: Point) => number): [number, number] {
  const sorted = [...points].sort((a, b) => of(a) - of(b))
  const weight = (point: Point): number => point.flops * Math.max(1, point.layers.length)
  const total = sorted.reduce((sum, point) => sum + weight(point), 0)
  const at = (share: number): number => {
    let sum = 0
    for (const point of sorted) {
      sum += weight(point)
      if (sum >= share * total) return of(point)
    }
    return of(sorted.at(-1)!)
  }
  const [first, last] = [at(0.025), at(0.975)]
  const near = sorted.map(of).filter(value => value >= first / REACH && value <= last * REACH)
  const [low, high] = [near[0]! / MARGIN, near.at(-1)! * MARGIN]
  const grow = Math.sqrt(Math.max(1, LEAST_SPAN / (high / low)))
  return [low / grow, high * grow]
}

/** 1, 2, 5, 10, … inside a domain; only 1 and 5, or 1, where there is room for no more than `most`. */
export function ticksOf([low, high]: readonly [number, number], most: number): number[] {
  const list = (factors: readonly number[]): number[] => {
    const values: number[] = []
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
      for (const factor of factors) {
        const value = Number(`${factor}e${power}`)
        if (value >= low && value <= high) values.push(value)
      }
    return values
  }
  const all = list([1, 2, 5])
  if (all.length <= most) return all
  const fewer = list([1, 5])
  return fewer.length <= most ? fewer : list([1])
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}
type Frame = Box
type Scale = (value: number) => number

const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

function boxOf({ text, x, y, anchor, look }: Label, measure: Measure): Box {
  const width = measure(text, 11, look === 'ridge' ? 600 : 400)
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { left: left - 3, right: left + width + 3, top: y - 11, bottom: y + 4 }
}

/** Largest groups first; what would lie on another mark goes up until it is free, or down where there is no room. */
function placeMarks(points: readonly Point[], x: Scale, y: Scale, frame: Frame): { marks: Mark[]; taken: Box[] } {
  const taken: Box[] = []
  const placed = new Map<Point, Mark>()
  for (const point of [...points].sort((a, b) => b.layers.length - a.layers.length)) {
    const size = sizeOf(point.layers.length)
    const half = size / 2
    const [trueX, trueY] = [x(point.intensity), y(point.flops)]
    const outside = trueX < frame.left || trueX > frame.right || trueY < frame.top || trueY > frame.bottom
    const at = {
      x: clamp(trueX, frame.left + half + 1, frame.right - half - 1),
      y: clamp(trueY, frame.top + half + 1, frame.bottom - half - 1),
    }
    const box = (top: number): Box => ({ left: at.x - half, right: at.x + half, top: top - half, bottom: top + half })
    const free = (step: -1 | 1): number | null => {
      let top = at.y
      for (;;) {
        if (top - half < frame.top || top + half > frame.bottom) return null
        const own = box(top)
        const other = taken.find(each => meet(own, each))
        if (!other) return top
        top = step < 0 ? other.top - half - 1 : other.bottom + half + 1
      }
    }
    // Of very many marks only the heaviest are told apart; the others are a cloud.
    const found = taken.length < MOST_STACKED ? (free(-1) ?? free(1)) : null
    const top = found ?? at.y
    if (taken.length < MOST_STACKED) taken.push(box(top))
    const moved = Math.abs(top - at.y) > 0.5
    const count = found !== null && point.layers.length > 1 ? point.layers.length : null
    placed.set(point, { point, x: at.x, y: top, size, home: moved ? at : null, outside, count })
  }
  return { marks: points.map(point => placed.get(point)!), taken }
}

/** Grows with the number of layers, not as fast as it: a stage of 60 equal layers must not cover the others. */
const sizeOf = (count: number): number =>
  count < 2 ? SMALLEST : Math.min(LARGEST, Math.max(SMALLEST_COUNTED + (count > 9 ? 4 : 0), SMALLEST * count ** 0.35))

/** `← fc, 1.0 FLOP/B, 4.1M` beside what stands on the edge. */
function edgeLabels(
  marks: readonly Mark[],
  frame: Frame,
  nameOf: (point: Point) => string,
  measure: Measure,
  put: (label: Label) => boolean,
): void {
  for (const { point, x, y, size, outside } of marks) {
    if (!outside) continue
    const atLeft = x - frame.left < frame.right - x
    const arrow = x - size < frame.left ? '←' : x + size > frame.right ? '→' : y - size < frame.top ? '↑' : '↓'
    const values = `${formatRatio(point.intensity)} FLOP/B, ${axisCount(point.flops)}`
    const at = atLeft ? x + size / 2 + 5 : x - size / 2 - 5
    const pointed = (words: string): string => (atLeft ? `${arrow} ${words}` : `${words} ${arrow}`)
    for (const text of [pointed(`${nameOf(point)}, ${values}`), pointed(values), arrow]) {
      if (measure(text) > frame.right - frame.left - size - 20) continue
      if (put({ text, x: at, y: y + 4, anchor: atLeft ? 'start' : 'end', look: 'edge' })) break
    }
  }
}

interface Axes {
  readonly x: Scale
  readonly y: Scale
  readonly xDomain: readonly [number, number]
  readonly yDomain: readonly [number, number]
  readonly peak: number
  readonly bandwidth: number
  readonly ridgeAt: number
}

/** More lines than this hide the marks. */
const MOST_LINES = 9

/** FLOPs = time · bandwidth · intensity up to the ridge, time · peak from there on; each labelled where there is room. */
function timeLines(
  { x, y, xDomain, yDomain, peak, bandwidth, ridgeAt }: Axes,
  frame: Frame,
  put: (label: Label) => boolean,
): { x: number; y: number }[][] {
  const shortest = yDomain[0] / Math.min(peak, bandwidth * xDomain[1])
  const longest = yDomain[1] / (bandwidth * xDomain[0])
  return ticksOf([shortest, longest], MOST_LINES).map(time => {
    const from = Math.max(xDomain[0], yDomain[0] / (time * bandwidth))
    const to = Math.min(ridgeAt, xDomain[1], yDomain[1] / (time * bandwidth))
    const line: { x: number; y: number }[] = []
    if (from < to) for (const at of [from, to]) line.push({ x: x(at), y: y(time * bandwidth * at) })
    const level = time * peak
    const isLevel = level >= yDomain[0] && level <= yDomain[1] && ridgeAt < xDomain[1]
    if (isLevel) {
      if (!line.length) line.push({ x: x(Math.max(ridgeAt, xDomain[0])), y: y(level) })
      line.push({ x: frame.right, y: y(level) })
    }
    const text = timeText(time)
    const labelled = isLevel && put({ text, x: frame.right - 4, y: y(level) - 4, anchor: 'end', look: 'time' })
    const [start, end] = line
    if (!labelled && start && end && from < to) {
      for (const part of [0.92, 0.8, 0.65, 0.5, 0.35]) {
        const at = { x: start.x + (end.x - start.x) * part, y: start.y + (end.y - start.y) * part }
        if (at.y - 14 < frame.top || at.x - 44 < frame.left) continue
        if (put({ text, x: at.x - 7, y: at.y, anchor: 'end', look: 'time' })) break
      }
    }
    return line
  })
}

/** `20 µs`, `0.5 µs`, `50 ns`: a round time. */
const timeText = (seconds: number): string =>
  seconds < 0.9e-7 ? `${Number((seconds * 1e9).toPrecision(1))} ns` : formatSeconds(seconds).replace('.0 ', ' ')

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value))
