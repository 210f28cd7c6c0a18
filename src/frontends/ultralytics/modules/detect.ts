import { type Dim, mapDim } from '../../../core/dim'
import type { Value } from '../../../core/graph'
import { joint, several } from '../block'
import { demand, type Place, sub, type Tensor } from '../place'
import { cat, conv2d, dim, permute, positions, reshape, sigmoid, slice, softmax } from '../torch'
import { conv, dwConv } from './conv'

/** Detection heads: facts of ultralytics/nn/modules/head.py, version 8.4.35. */

/** A convolution tower on every level: `width` channels at its end. `prefix` is `one2one_` in the end-to-end copy. */
export interface Tower {
  readonly name: string
  readonly width: number
  readonly build: (at: Place, x: Tensor, channels: number, level: number, prefix: string) => Tensor
}

/** Two 3×3 convolutions and a 1×1 with bias. */
export const plainTower = (name: string, hidden: number, width: number): Tower => ({
  name,
  width,
  build: (at, x, c) => {
    const y = conv(sub(at, 1), conv(sub(at, 0), x, c, hidden, 3), hidden, hidden, 3)
    return conv2d(sub(at, 2), y, hidden, width, 1)
  },
})

/** Depthwise 3×3 and 1×1 twice, and a 1×1 with bias. `exact` groups by channel whatever the width is (v10). */
export const lightTower = (name: string, hidden: number, width: number, exact = false): Tower => ({
  name,
  width,
  build: (at, x, c) => {
    const depthwise = (place: Place, y: Tensor, channels: number): Tensor =>
      exact ? conv(place, y, channels, channels, 3, 1, null, channels) : dwConv(place, y, channels, channels, 3)
    const [first, second] = [sub(at, 0), sub(at, 1)]
    const y = conv(sub(first, 1), depthwise(sub(first, 0), x, c), c, hidden, 1)
    const z = conv(sub(second, 1), depthwise(sub(second, 0), y, hidden), hidden, hidden, 1)
    return conv2d(sub(at, 2), z, hidden, width, 1)
  },
})

/** The class tower that the model's other blocks call for. */
export const classTower = (at: Place, name: string, hidden: number, width: number): Tower =>
  at.build.legacy ? plainTower(name, hidden, width) : lightTower(name, hidden, width)

export interface Sizes {
  readonly box: number
  readonly cls: number
}

/** Hidden channels of the box and class towers, from the channels of the first level. */
export const towerSizes = (nc: number, regMax: number, ch: readonly number[]): Sizes => ({
  box: Math.max(16, Math.floor(ch[0]! / 4), regMax * 4),
  cls: Math.max(ch[0]!, Math.min(nc, 100)),
})

export const boxTower = (nc: number, regMax: number, ch: readonly number[]): Tower =>
  plainTower('cv2', towerSizes(nc, regMax, ch).box, 4 * regMax)

/** A tower on all levels, positions of the levels beside each other: N×width×positions. Levels of null only declare. */
export function runTower(
  at: Place,
  prefix: string,
  tower: Tower,
  xs: readonly Tensor[],
  ch: readonly number[],
): Tensor {
  // The end-to-end copy of a tower is a deep copy: it has its own activation where `Conv` shares one with weights.
  const { build } = at
  const shared = build.sharedActivation
  if (prefix !== '') build.sharedActivation = null
  const levels = xs.map((x, i) => {
    const y = tower.build(sub(sub(at, prefix + tower.name), i), x, ch[i]!, i, prefix)
    return reshape(at, y, [dim(x, 0), tower.width, positions(y)])
  })
  if (prefix !== '') build.sharedActivation = shared
  return cat(at, levels, 2)
}

/**
 * Distances from a distribution over `regMax` bins, by a frozen 1×1 convolution; then, beside them, class scores and
 * whatever else a head predicts: N×(4 + …)×positions.
 */
export function decode(at: Place, regMax: number, boxes: Tensor, scores: Tensor, extra: readonly Tensor[]): Tensor {
  return cat(at, [integrate(at, regMax, boxes), sigmoid(at, scores), ...extra])
}

/** The best `limit` positions, boxes, a score and a class each, beside what else was predicted: N×limit×(6 + …). */
export function best(at: Place, y: Tensor, classes: number, extra: number, limit = 300): Tensor {
  const rows = permute(at, y, 0, 2, 1)
  const count: Dim = mapDim(dim(rows, 1), n => Math.min(limit, n))
  const kept = slice(at, rows, 1, 0, typeof count === 'number' ? count : limit)
  const boxes = slice(at, kept, 2, 0, 4)
  const score = slice(at, kept, 2, 4, 5)
  const parts = [boxes, score, score]
  return cat(at, extra > 0 ? [...parts, slice(at, kept, 2, 4 + classes, null)] : parts, 2)
}

/** What every head checks before it builds anything: levels, classes, bins. */
export function levels(
  feed: Parameters<typeof several>[0],
  nc: number,
  regMax: number,
  ch: readonly number[],
): readonly Value[] {
  const xs = several(feed)
  demand(ch.length > 0, 'expects a list of inputs and gets none')
  demand(nc >= 1 && nc <= 1e6, `expects a number of classes from 1 and gets ${nc}`)
  demand(regMax >= 1 && regMax <= 1e4, `expects reg_max from 1 and gets ${regMax}`)
  return xs
}

/** The heads that predict boxes, classes and, by further towers, more. Gives N×…×positions, or the best 300. */
export function predict(
  at: Place,
  xs: readonly Value[],
  options: {
    readonly nc: number
    readonly regMax: number
    readonly end2end: boolean
    readonly ch: readonly number[]
    readonly cls: Tower
    /** Towers beside boxes and classes, with what a forward pass makes of them. */
    readonly extra?: readonly { readonly tower: Tower; readonly width: number }[]
  },
): Value {
  const { nc, regMax, end2end, ch, cls, extra = [] } = options
  const half = (prefix: string): Tensor => {
    const boxes = runTower(at, prefix, boxTower(nc, regMax, ch), xs, ch)
    const scores = runTower(at, prefix, cls, xs, ch)
    const more = extra.map(({ tower }) => runTower(at, prefix, tower, xs, ch))
    return prefix === '' && end2end ? null : decode(at, regMax, boxes, scores, more)
  }
  const many = half('')
  if (!end2end) return many!
  const width = extra.reduce((sum, e) => sum + e.width, 0)
  return best(at, half('one2one_'), nc, width)!
}

const DETECT = 'reg_max:int=16 end2end:bool=False ch:ints=()'

export const detect = joint(
  'Detect',
  `nc:int=80 ${DETECT}`,
  'Boxes and classes on several levels',
  (at, feed, nc: number, regMax: number, end2end: boolean, ch: readonly number[]) =>
    predict(at, levels(feed, nc, regMax, ch), {
      nc,
      regMax,
      end2end,
      ch,
      cls: classTower(at, 'cv3', towerSizes(nc, regMax, ch).cls, nc),
    }),
)

export const v10Detect = joint(
  'v10Detect',
  'nc:int=80 ch:ints=()',
  'End-to-end boxes and classes with a light class tower',
  (at, feed, nc: number, ch: readonly number[]) =>
    predict(at, levels(feed, nc, 16, ch), {
      nc,
      regMax: 16,
      end2end: true,
      ch,
      cls: lightTower('cv3', towerSizes(nc, 16, ch).cls, nc, true),
    }),
)

export const obb = orientedBoxes('OBB')
export const obb26 = orientedBoxes('OBB26')

function orientedBoxes(name: string) {
  return joint(
    name,
    `nc:int=80 ne:int=1 ${DETECT}`,
    'Oriented boxes: boxes, classes and an angle',
    (at, feed, nc: number, ne: number, regMax: number, end2end: boolean, ch: readonly number[]) => {
      const xs = levels(feed, nc, regMax, ch)
      const tower = plainTower('cv4', Math.max(Math.floor(ch[0]! / 4), ne), ne)
      const cls = classTower(at, 'cv3', towerSizes(nc, regMax, ch).cls, nc)
      return predict(at, xs, { nc, regMax, end2end, ch, cls, extra: [{ tower, width: ne }] })
    },
  )
}

function integrate(at: Place, regMax: number, boxes: Tensor): Tensor {
  if (regMax <= 1) return boxes
  const [batch, count] = [dim(boxes, 0), dim(boxes, 2)]
  const bins = softmax(at, permute(at, reshape(at, boxes, [batch, 4, regMax, count]), 0, 2, 1, 3), 1)
  const sums = conv2d(sub(sub(at, 'dfl'), 'conv'), bins, regMax, 1, 1, { bias: false, frozen: true })
  return reshape(at, sums, [batch, 4, count])
}
