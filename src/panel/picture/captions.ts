/** Where the words of a row of volumes stand: beside the beams, below the volumes, or as a list, whatever has room. */
import { formatCount, formatExact } from '../../base/format'
import type { PanelUnit } from '../../protocol/panel'
import type { Measure } from '../measure'
import { overhang, type Point } from './cabinet'
import type { Link, LinkKind } from './chain'
import type { Row } from './volumes'

export interface Caption {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle'
  readonly look: 'kernels' | 'weights' | 'cost' | 'size' | 'number'
  readonly kind: LinkKind
}

export interface Captions {
  readonly captions: readonly Caption[]
  /** Below the floor that the volumes stand on. */
  readonly height: number
}

const LINE = 15
const GAP = 8

/** `32 kernels 5×5×256`, `204,800 weights`, `161M MACs` */
export function linesOf(link: Link, unit: PanelUnit): readonly [kernels: string, weights: string, cost: string] {
  const { kind, transposed, kernel, stride, dilation, groups, from, to, weights, macs } = link
  const size = (kind === 'dense' ? [from] : [...kernel, transposed ? to / groups : from / groups]).join('×')
  const more = [
    ...(transposed ? ['transposed'] : []),
    ...(groups > 1 && kind === 'grouped' ? [`${groups} groups`] : []),
    ...(stride.some(s => s > 1) ? [`stride ${[...new Set(stride)].join('×')}`] : []),
    ...(dilation.some(d => d > 1) ? [`dilation ${[...new Set(dilation)].join('×')}`] : []),
  ]
  const count = transposed ? from : to
  const noun = kind === 'dense' ? (count === 1 ? 'row' : 'rows') : count === 1 ? 'kernel' : 'kernels'
  const perMac = unit === 'FLOPs' ? 2 : 1
  return [
    [`${formatExact(count)} ${noun} ${kind === 'dense' ? `of ${size}` : size}`, ...more].join(', '),
    `${formatExact(weights)} weight${weights === 1 ? '' : 's'}`,
    `${formatCount(macs * perMac)} ${unit}`,
  ]
}

/** The room that the words of a layer take beside its beam. */
export const besideWidth = (link: Link, unit: PanelUnit, measure: Measure): number =>
  Math.max(...linesOf(link, unit).map(text => measure(text, 11, 600))) + 2 * GAP

/** Captions of a row whose floor is at `floor`, in a chart of a width. */
export function captionsOf(row: Row, floor: number, width: number, unit: PanelUnit, measure: Measure): Captions {
  const sizes = sizeCaptions(row, floor, width, measure)
  const below = floor + sizes.lines * LINE + 3
  const beside = besideBeams(row, unit, measure)
  if (beside) return { captions: [...sizes.captions, ...beside], height: sizes.lines * LINE + 6 }
  const under = underBeams(row, below, width, unit, measure)
  if (under) return { captions: [...sizes.captions, ...under], height: below - floor + 3 * LINE + 4 }
  const list = listed(row, below, width, unit, measure)
  return { captions: [...sizes.captions, ...list.captions], height: below - floor + list.lines * LINE + 4 }
}

/** The sizes under the volumes; where two would meet, the second goes to the next line. */
function sizeCaptions(
  { volumes, beams }: Row,
  floor: number,
  width: number,
  measure: Measure,
): { captions: Caption[]; lines: number } {
  const ends: number[] = []
  const captions = volumes.map(({ box, label }): Caption => {
    const half = measure(label, 11, 600) / 2
    const middle = box.x + (box.length + overhang(box).x) / 2
    const x = Math.max(half, Math.min(width - half, middle))
    let line = ends.findIndex(end => end + GAP <= x - half)
    if (line < 0) line = ends.length
    ends[line] = x + half
    return { text: label, x, y: floor + 14 + line * LINE, anchor: 'middle', look: 'size', kind: beams[0]!.kind }
  })
  return { captions, lines: Math.max(1, ends.length) }
}

/** Above and below each beam; null where one has no room between its volumes. */
function besideBeams({ volumes, beams }: Row, unit: PanelUnit, measure: Measure): Caption[] | null {
  const captions: Caption[] = []
  for (const [i, { kind, link, corners }] of beams.entries()) {
    const [before, after] = [volumes[i]!.box, volumes[i + 1]!.box]
    const [left, right] = [before.x + before.length + overhang(before).x, after.x]
    const lines = linesOf(link, unit)
    const half = Math.max(...lines.map(text => measure(text, 11, 600))) / 2
    if (2 * half + 2 * GAP > right - left) return null
    const x = (left + right) / 2
    const [a, b, c, d] = corners as [Point, Point, Point, Point]
    const top = Math.min(...between(a, b, x, half))
    const bottom = Math.max(...between(d, c, x, half))
    const look = ['kernels', 'weights', 'cost'] as const
    const y = [top - 6, bottom + 15, bottom + 15 + LINE]
    for (const [at, text] of lines.entries())
      captions.push({ text, x, y: y[at]!, anchor: 'middle', look: look[at]!, kind })
  }
  return captions
}

/** Heights of a line between two points at the two ends of a word. */
const between = (a: Point, b: Point, x: number, half: number): number[] =>
  [x - half, x + half].map(px => a.y + ((b.y - a.y) * (Math.max(a.x, Math.min(b.x, px)) - a.x)) / (b.x - a.x || 1))

/** Three lines under the sizes, in the middle of each gap or beside it; null where they would meet. */
function underBeams(
  { volumes, beams }: Row,
  top: number,
  width: number,
  unit: PanelUnit,
  measure: Measure,
): Caption[] | null {
  const blocks = beams.map(({ kind, link }, i) => {
    const [before, after] = [volumes[i]!.box, volumes[i + 1]!.box]
    const lines = linesOf(link, unit)
    const half = Math.max(...lines.map(text => measure(text, 11, 600))) / 2
    return { kind, lines, half, x: (before.x + before.length + overhang(before).x + after.x) / 2 }
  })
  let from = 0
  const free = width - blocks.reduce((sum, { half }) => sum + 2 * half + 2 * GAP, -2 * GAP)
  if (free < 0) return null
  const placed = blocks.map(({ half, x, ...block }, i) => {
    const rest = blocks.slice(i + 1).reduce((sum, other) => sum + 2 * other.half + 2 * GAP, 0)
    const middle = Math.max(from + half, Math.min(x, width - rest - half))
    from = middle + half + 2 * GAP
    return { ...block, x: middle }
  })
  const look = ['kernels', 'weights', 'cost'] as const
  return placed.flatMap(({ kind, lines, x }) =>
    lines.map((text, at): Caption => ({ text, x, y: top + 12 + at * LINE, anchor: 'middle', look: look[at]!, kind })),
  )
}

/** One layer after the other, each with the number that stands over its beam. */
function listed(
  { beams }: Row,
  top: number,
  width: number,
  unit: PanelUnit,
  measure: Measure,
): { captions: Caption[]; lines: number } {
  const captions: Caption[] = []
  let line = 0
  const put = (text: string, x: number, look: Caption['look'], kind: LinkKind): void => {
    captions.push({ text, x, y: top + 12 + line * LINE, anchor: 'start', look, kind })
  }
  beams.forEach(({ kind, link, corners, target }, i) => {
    const [kernels, weights, cost] = linesOf(link, unit)
    if (beams.length > 1) {
      const [first] = corners
      captions.push({
        text: String(i + 1),
        x: (first!.x + target.x) / 2,
        y: (first!.y + target.y) / 2 - 6,
        anchor: 'middle',
        look: 'number',
        kind,
      })
      put(String(i + 1), 0, 'number', kind)
    }
    put(kernels, 16, 'kernels', kind)
    const rest = `${weights} · ${cost}`
    const at = 16 + measure(kernels, 11) + 2 * GAP
    if (at + measure(rest, 11) <= width) put(rest, at, 'weights', kind)
    else {
      line++
      put(rest, 16, 'weights', kind)
    }
    line++
  })
  return { captions, lines: line }
}
