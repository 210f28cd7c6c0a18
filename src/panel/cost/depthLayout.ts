import { max } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import { formatShare } from '../../base/format'
import type { PanelNetwork } from '../../protocol/panel'
import type { Measure } from '../measure'
import type { Level } from '../state'
import { axisCount, lowerBound } from '../words'
import { type Bar, barsOf, fittingLevel } from './bars'

/** Heights from the design: MACs up, params down, a gap between the two zero lines. */
export const DEPTH = { head: 42, work: 132, gap: 18, params: 92, foot: 28 } as const
const AXIS_SPACE = 6
/** Wider bars say nothing more; a short network keeps to the left. */
const WIDEST_BAR = 96

export interface DepthLayout {
  readonly level: Level
  readonly width: number
  readonly height: number
  /** y of the two zero lines. */
  readonly workZero: number
  readonly paramsZero: number
  readonly left: number
  readonly right: number
  readonly bars: readonly PlacedBar[]
  readonly brackets: readonly Bracket[]
  readonly workTicks: readonly Tick[]
  readonly paramTicks: readonly Tick[]
}

export interface PlacedBar {
  readonly bar: Bar
  readonly x: number
  readonly width: number
  /** Heights in pixels; null where the number is not known. */
  readonly up: number | null
  readonly down: number | null
}

export interface Tick {
  readonly y: number
  readonly label: string
}

/** The line over a stage. Texts that do not fit are empty. */
export interface Bracket {
  readonly from: number
  readonly to: number
  readonly name: string
  readonly work: string
  readonly params: string
  /** Where its texts start; at the right edge they end instead. */
  readonly anchor: 'start' | 'end'
}

/** Places everything of the depth chart in a given width. */
export function depthLayout(
  model: PanelNetwork,
  wanted: Level,
  width: number,
  narrow: boolean,
  measure: Measure,
): DepthLayout {
  const [gap, stageGap] = narrow ? [1.5, 4] : [3, 8]
  const tickTexts = ['MACs', 'FLOPs', 'params', '000M', '0.5M']
  const left = Math.ceil(Math.max(...tickTexts.map(text => measure(text)))) + AXIS_SPACE
  const room = width - left
  const level = fittingLevel(model, wanted, room, gap, stageGap)
  const list = barsOf(model, level)
  const breaks = list.filter((bar, i) => i > 0 && bar.stage !== list[i - 1]!.stage).length
  const gaps = (list.length - 1 - breaks) * gap + breaks * stageGap
  const barWidth = Math.max(0.5, Math.min(WIDEST_BAR, (room - gaps) / Math.max(1, list.length)))

  const workScale = scaleLinear([0, max(list, bar => bar.work ?? 0) || 1], [0, DEPTH.work])
  const paramScale = scaleLinear([0, max(list, bar => bar.params ?? 0) || 1], [0, DEPTH.params])
  const workZero = DEPTH.head + DEPTH.work
  const paramsZero = workZero + DEPTH.gap
  const bars: PlacedBar[] = []
  let x = left
  list.forEach((bar, i) => {
    if (i > 0) x += bar.stage === list[i - 1]!.stage ? gap : stageGap
    const up = bar.work === null ? null : visible(workScale(bar.work))
    const down = bar.params === null ? null : visible(paramScale(bar.params))
    bars.push({ bar, x, width: barWidth, up, down })
    x += barWidth
  })
  const right = Math.max(left, x)
  const ticks = (scale: typeof workScale, zero: number, sign: number): Tick[] =>
    roundValues(scale).map(value => ({ y: zero + sign * scale(value), label: axisCount(value) }))
  return {
    level,
    width,
    height: paramsZero + DEPTH.params + DEPTH.foot,
    workZero,
    paramsZero,
    left,
    right,
    bars,
    brackets: brackets(model, bars, width, narrow, measure),
    workTicks: ticks(workScale, workZero, -1),
    paramTicks: ticks(paramScale, paramsZero, 1),
  }
}

/** Two or three round whole numbers along a scale. */
function roundValues(scale: { ticks(count: number): number[] }): number[] {
  const values = (count: number): number[] => scale.ticks(count).filter(value => value > 0 && Number.isInteger(value))
  const some = values(3)
  return some.length > 3 ? values(2) : some
}

/** A cost that is there is at least a line. */
const visible = (height: number): number => (height > 0 ? Math.max(1, height) : 0)

function brackets(
  model: PanelNetwork,
  bars: readonly PlacedBar[],
  width: number,
  narrow: boolean,
  measure: Measure,
): Bracket[] {
  const spans = model.stages.flatMap((stage, index) => {
    const own = bars.filter(placed => placed.bar.stage === index)
    const [first] = own
    const last = own.at(-1)
    return first && last ? [{ stage, from: first.x, to: last.x + last.width }] : []
  })
  return spans.map(({ stage, from, to }, i) => {
    // A text may run on over what follows as long as nothing of the next stage is written there.
    const room = to - from
    const isLast = i === spans.length - 1
    const spare = isLast ? width - from : room
    const text = (value: number, isAtLeast: boolean, unit: string, share: number): string[] => {
      if (isAtLeast && value === 0) return ['?']
      const count = lowerBound(value, isAtLeast)
      return [...(narrow ? [] : [`${count} ${unit} · ${formatShare(share)}`]), `${count} · ${formatShare(share)}`]
    }
    const work = text(stage.work, stage.atLeast, model.unit, stage.share)
    const params = text(stage.params, stage.paramsAtLeast, 'params', stage.paramShare)
    const before = spans[i - 1]
    const fitting = (texts: readonly string[]): string => texts.find(each => measure(each) <= spare) ?? ''
    const named = measure(stage.name, 11, 600) <= spare
    // The last stage is often one narrow bar: its name may end at the bar's right, over the end of the stage before.
    const leftOver =
      isLast && !named && before ? to - before.from - nameWidth(before.stage.name, before.to - before.from, measure) : 0
    const endFits = leftOver > measure(stage.name, 11, 600) + 12
    return {
      from,
      to,
      name: named || endFits ? stage.name : '',
      work: named ? fitting(work) : '',
      params: named ? fitting(params) : '',
      anchor: named ? 'start' : 'end',
    }
  })
}

/** How much of the line above a stage its own name takes. */
function nameWidth(name: string, room: number, measure: Measure): number {
  const width = measure(name, 11, 600)
  return width <= room ? width : 0
}
