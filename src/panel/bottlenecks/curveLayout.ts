/**
 * Where everything of the curve stands:
 *
 *   1.5× ┤       traffic  .·        least time
 *        │          .·         _ - ‾        _- MACs, params
 *     1× ┼──────▲──────────────────▲────▲── as written
 *        │      43      |         183  229
 *      0 ┴──────────────█──────────────────
 *        0            r = 64     192     256
 */
import type { PanelCost, PanelDetail } from '../../protocol/panelAdvice'
import type { Measure } from '../measure'
import { costAt } from './widths'

export type Metric = 'macs' | 'params' | 'traffic' | 'time'

export interface CurveLine {
  readonly id: Metric
  readonly path: string
  readonly label: CurveText
  /** Where the line is at r; null above the plot. */
  readonly mark: number | null
}

export interface CurveText {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
}

export interface CurveEnd {
  readonly id: Metric
  readonly r: number
  readonly x: number
  /** Absent where there is no room beside another. */
  readonly label: CurveText | null
}

export interface CurveLayout {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly one: number
  readonly grid: readonly { readonly y: number; readonly label: string }[]
  readonly ticks: readonly CurveText[]
  readonly lines: readonly CurveLine[]
  readonly ends: readonly CurveEnd[]
  readonly asWritten: CurveText
  readonly handle: { readonly x: number; readonly text: string; readonly textX: number }
  /** The width that an x stands for, not rounded. */
  widthAt(x: number): number
}

const [TOP, PLOT, BELOW] = [20, 216, 46]
const LEFT = 36
/** Ratios to as written that the plot shows. */
const HIGHEST = 1.5
const SAMPLES = 96
const LINE = 14
const SIZE = 11

export function curveLayout(
  detail: PanelDetail,
  r: number,
  width: number,
  unit: string,
  measure: Measure,
): CurveLayout {
  const curve = detail.curve!
  const widest = curve.widest!
  const names = namesOf(detail, unit)
  const room = Math.max(...[...names.values(), 'as written'].map(name => measure(name, SIZE))) + 8
  const [left, right, top, bottom] = [LEFT, width - room, TOP, TOP + PLOT]
  const x = (at: number): number => left + (at / widest) * (right - left)
  const y = (ratio: number): number => bottom - (ratio / HIGHEST) * PLOT
  const one = y(1)

  const drawn = [...names].map(([id, name]) => ({ id, name, points: pointsOf(detail, id, widest) }))
  const leaves = (points: readonly Point[]): boolean => points.at(-1)!.ratio >= HIGHEST
  const sides = apart(
    drawn.filter(({ points }) => !leaves(points)).map(({ id, points }) => ({ id, y: y(points.at(-1)!.ratio) })),
    one,
  )
  const tops: CurveText[] = []
  const lines = drawn.map(({ id, name, points }): CurveLine => {
    const label = leaves(points)
      ? topLabel(tops, points.length === 1 ? `${name} ↑` : name, x(points.at(-1)!.r), left, width, measure)
      : { text: name, x: right + 6, y: sides.get(id)! + 4, anchor: 'start' as const }
    const at = ratioAt(detail, id, r)
    return {
      id,
      path: points.map((point, i) => `${i ? 'L' : 'M'}${x(point.r).toFixed(1)} ${y(point.ratio).toFixed(1)}`).join(''),
      label,
      mark: at > HIGHEST ? null : y(at),
    }
  })
  const handleText = `r = ${r}`
  const half = measure(handleText, SIZE, 600) / 2
  const handle = x(Math.min(r, widest))
  return {
    width,
    height: TOP + PLOT + BELOW,
    left,
    right,
    top,
    bottom,
    one,
    grid: [0.5, 1, HIGHEST].map(ratio => ({ y: y(ratio), label: `${ratio}×` })),
    ticks: ticksOf(widest, x, handle, bottom, measure),
    lines,
    ends: endsOf(detail, names, x, one, measure),
    asWritten: { text: 'as written', x: right + 6, y: one + 4, anchor: 'start' },
    handle: { x: handle, text: handleText, textX: Math.min(Math.max(handle, half), width - half) },
    widthAt: at => ((at - left) / (right - left)) * widest,
  }
}

/** Lines by what they show; MACs and params are one line where they are equal within 1%. */
function namesOf(detail: PanelDetail, unit: string): Map<Metric, string> {
  const { widest } = detail.curve!
  const equal = [0.1, 0.25, 0.5, 0.75, 1].every(part => {
    const r = Math.max(1, part * widest!)
    const [macs, params] = [ratioAt(detail, 'macs', r), ratioAt(detail, 'params', r)]
    return Math.abs(macs - params) < 0.01 * Math.max(macs, params) + 0.002
  })
  return new Map<Metric, string>([
    ...(equal
      ? ([['macs', `${unit}, params`]] as const)
      : ([
          ['macs', unit],
          ['params', 'params'],
        ] as const)),
    ['time', 'least time'],
    ['traffic', 'traffic'],
  ])
}

export const ratioAt = ({ curve, device }: PanelDetail, of: keyof PanelCost, r: number): number =>
  costAt(curve!, device, r)[of] / (curve!.before[of] || 1)

interface Point {
  readonly r: number
  readonly ratio: number
}

/** From the smallest width to the widest, or to where the line leaves the plot. */
function pointsOf(detail: PanelDetail, of: Metric, widest: number): Point[] {
  const points: Point[] = []
  for (let i = 0; i <= SAMPLES; i++) {
    const r = Math.max(1, (i / SAMPLES) * widest)
    const ratio = ratioAt(detail, of, r)
    const before = points.at(-1)
    if (ratio > HIGHEST) {
      const part = before ? (HIGHEST - before.ratio) / (ratio - before.ratio) : 0
      points.push({ r: before ? before.r + part * (r - before.r) : r, ratio: HIGHEST })
      break
    }
    points.push({ r, ratio })
  }
  return points
}

/** Above the plot where a line leaves it; one row higher, or to the side, beside another. */
function topLabel(
  placed: CurveText[],
  text: string,
  at: number,
  left: number,
  width: number,
  measure: Measure,
): CurveText {
  const half = measure(text, SIZE) / 2
  let x = Math.min(Math.max(at, left + half), width - half)
  for (const other of placed) {
    const gap = half + measure(other.text, SIZE) / 2 + 8
    if (Math.abs(x - other.x) < gap) x = other.x - gap > left + half ? other.x - gap : other.x + gap
  }
  const label = { text, x, y: TOP - 6, anchor: 'middle' as const }
  placed.push(label)
  return label
}

/** Heights of the labels at the right side, a line apart from each other and from the one at 1×. */
function apart(labels: readonly { readonly id: Metric; readonly y: number }[], one: number): Map<Metric, number> {
  const heights = new Map<Metric, number>()
  let above = one
  for (const { id, y } of labels.filter(label => label.y <= one).sort((a, b) => b.y - a.y)) {
    above = Math.min(y, above - LINE)
    heights.set(id, above)
  }
  let below = one
  for (const { id, y } of labels.filter(label => label.y > one).sort((a, b) => a.y - b.y)) {
    below = Math.max(y, below + LINE)
    heights.set(id, below)
  }
  return heights
}

/** 0, quarters, the widest; without those that the grip covers. */
function ticksOf(
  widest: number,
  x: (r: number) => number,
  handle: number,
  bottom: number,
  measure: Measure,
): CurveText[] {
  const steps = widest % 4 === 0 ? 4 : widest % 2 === 0 ? 2 : 1
  const ticks: CurveText[] = []
  for (let i = 0; i <= steps; i++) {
    const text = String((widest * i) / steps)
    const at = x((widest * i) / steps)
    if (Math.abs(at - handle) < measure(text, SIZE) / 2 + 8) continue
    ticks.push({ text, x: at, y: bottom + 15, anchor: 'middle' })
  }
  return ticks
}

/** Triangles where lines cross 1×, with the largest width that pays under them. */
function endsOf(
  { curve }: PanelDetail,
  names: ReadonlyMap<Metric, string>,
  x: (r: number) => number,
  one: number,
  measure: Measure,
): CurveEnd[] {
  const { breakEven, widest } = curve!
  const taken: { from: number; to: number; y: number }[] = []
  return [...names.keys()].flatMap(id => {
    const r = breakEven[id]
    if (r === null || r > widest!) return []
    const half = measure(String(r), SIZE) / 2 + 3
    // The names of lines stand right of the plot.
    const middle = Math.min(x(r), x(widest!) + 6 - half)
    const [from, to] = [middle - half, middle + half]
    const y = [one + 22, one + 36].find(row => !taken.some(box => box.y === row && from < box.to && box.from < to))
    if (y !== undefined) taken.push({ from, to, y })
    const label = y === undefined ? null : { text: String(r), x: middle, y, anchor: 'middle' as const }
    return [{ id, r, x: x(r), label }]
  })
}
