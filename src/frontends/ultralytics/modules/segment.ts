import type { Value } from '../../../core/graph'
import { block, joint } from '../block'
import { demand, type Feed, originOf, type Place, sub, type Tensor } from '../place'
import { add, conv2d, convTranspose2d, dim, linear, module, parameter } from '../torch'
import { conv } from './conv'
import { classTower, levels, plainTower, predict, type Tower, towerSizes } from './detect'

/** Mask and keypoint heads: facts of ultralytics/nn/modules/head.py and block.py, version 8.4.35. */

const proto = block(
  'Proto',
  'c1:int c_:int=256 c2:int=32',
  'Mask prototypes at twice the size',
  (at, x, c1: number, hidden: number, c2: number) => prototypes(at, x, c1, hidden, c2),
)

function prototypes(at: Place, x: Tensor, c1: number, hidden: number, c2: number): Tensor {
  const up = convTranspose2d(sub(at, 'upsample'), conv(sub(at, 'cv1'), x, c1, hidden, 3), hidden, hidden, 2, {
    stride: 2,
  })
  return conv(sub(at, 'cv3'), conv(sub(at, 'cv2'), up, hidden, hidden, 3), hidden, c2)
}

/** Prototypes from all levels; its semantic branch is trained and not run. */
export function proto26(
  at: Place,
  xs: readonly Value[],
  ch: readonly number[],
  hidden: number,
  c2: number,
  nc: number,
): Value {
  return at.build.builder.scope(originOf(at, 'Proto26'), xs, () => {
    const first = ch[0]!
    let map: Tensor = xs[0]!
    const size = [dim(map, 2), dim(map, 3)]
    ch.slice(1).forEach((c, i) => {
      const refined = conv(sub(sub(at, 'feat_refine'), i), xs[i + 1]!, c, first, 1)
      map = add(at, map, module(at, 'interpolate', 'interpolate', { size, mode: 'nearest' }, [refined]))
    })
    const y = prototypes(at, conv(sub(at, 'feat_fuse'), map, first, hidden, 3), hidden, hidden, c2)
    const branch = sub(at, 'semseg')
    conv(sub(branch, 0), null, first, hidden, 3)
    conv(sub(branch, 1), null, hidden, hidden, 3)
    conv2d(sub(branch, 2), null, hidden, nc, 1)
    return [y!]
  })[0]!
}

/** The prototypes of a first level. */
export const protoOf = (at: Place, x: Value, c1: number, hidden: number, c2: number): Value =>
  proto(at, x, c1, hidden, c2)!

const SEGMENT = 'nc:int=80 nm:int=32 npr:int=256 reg_max:int=16 end2end:bool=False ch:ints=()'

export const segment = masks('Segment', (at, xs, ch, npr, nm) => protoOf(at, xs[0]!, ch[0]!, npr, nm))
export const segment26 = masks('Segment26', (at, xs, ch, npr, nm, nc) => proto26(at, xs, ch, npr, nm, nc))

function masks(
  name: string,
  build: (at: Place, xs: readonly Value[], ch: readonly number[], npr: number, nm: number, nc: number) => Value,
) {
  return joint(
    name,
    SEGMENT,
    'Boxes, classes, mask coefficients and prototypes',
    (at, feed, nc: number, nm: number, npr: number, regMax: number, end2end: boolean, ch: readonly number[]) => {
      const xs = levels(feed, nc, regMax, ch)
      const tower = maskTower('cv4', ch, nm)
      const cls = classTower(at, 'cv3', towerSizes(nc, regMax, ch).cls, nc)
      const y = predict(at, xs, { nc, regMax, end2end, ch, cls, extra: [{ tower, width: nm }] })
      return [y, build(sub(at, 'proto'), xs, ch, npr, nm, nc)] as Feed
    },
  )
}

export const maskTower = (name: string, ch: readonly number[], nm: number): Tower =>
  plainTower(name, Math.max(Math.floor(ch[0]! / 4), nm), nm)

const POSE = 'nc:int=80 kpt_shape:ints=(17,3) reg_max:int=16 end2end:bool=False ch:ints=()'

export const pose = joint(
  'Pose',
  POSE,
  'Boxes, classes and keypoints',
  (at, feed, nc: number, kpt: readonly number[], regMax: number, end2end: boolean, ch: readonly number[]) => {
    const xs = levels(feed, nc, regMax, ch)
    const count = keypoints(kpt)
    const tower = plainTower('cv4', Math.max(Math.floor(ch[0]! / 4), count), count)
    const cls = classTower(at, 'cv3', towerSizes(nc, regMax, ch).cls, nc)
    return predict(at, xs, { nc, regMax, end2end, ch, cls, extra: [{ tower, width: count }] })
  },
)

export const pose26 = joint(
  'Pose26',
  POSE,
  'Boxes, classes and keypoints, trained with a normalizing flow',
  (at, feed, nc: number, kpt: readonly number[], regMax: number, end2end: boolean, ch: readonly number[]) => {
    const xs = levels(feed, nc, regMax, ch)
    const count = keypoints(kpt)
    const sigmas = 2 * kpt[0]!
    const hidden = Math.max(Math.floor(ch[0]! / 4), kpt[0]! * (kpt[1]! + 2))
    // The features run under cv4, the keypoints under cv4_kpts; the sigmas are only trained.
    const tower: Tower = {
      name: 'cv4',
      width: count,
      build: (place, x, c, level, prefix) => {
        const features = conv(sub(place, 1), conv(sub(place, 0), x, c, hidden, 3), hidden, hidden, 3)
        conv2d(sub(sub(at, `${prefix}cv4_sigma`), level), null, hidden, sigmas, 1)
        return conv2d(sub(sub(at, `${prefix}cv4_kpts`), level), features, hidden, count, 1)
      },
    }
    const cls = classTower(at, 'cv3', towerSizes(nc, regMax, ch).cls, nc)
    realNvp(sub(at, 'flow_model'))
    return predict(at, xs, { nc, regMax, end2end, ch, cls, extra: [{ tower, width: count }] })
  },
)

/** The normalizing flow: twelve small networks and three buffers, used in training only. */
function realNvp(at: Place): void {
  parameter(sub(at, 'loc'), [2], false, 'buffer')
  parameter(sub(at, 'cov'), [2, 2], false, 'buffer')
  parameter(sub(at, 'mask'), [6, 2], false, 'buffer')
  for (const name of ['s', 't']) {
    for (let i = 0; i < 6; i++) {
      const net = sub(sub(at, name), i)
      linear(sub(net, 0), null, 2, 64)
      linear(sub(net, 2), null, 64, 64)
      linear(sub(net, 4), null, 64, 2)
    }
  }
}

function keypoints(kpt: readonly number[]): number {
  demand(
    kpt.length === 2 && kpt.every(k => k >= 1 && k < 1e6),
    `expects kpt_shape to be two numbers and gets ${kpt.join(', ')}`,
  )
  return kpt[0]! * kpt[1]!
}
