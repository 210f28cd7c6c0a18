import { type Dim, mulDim } from '../../../core/dim'
import { joint, several } from '../block'
import { demand, type Feed, type Place, sub, type Tensor } from '../place'
import type { Arg } from '../signature'
import { cat, conv2d, dim, parameter, permute, positions, reshape, sigmoid, upsample } from '../torch'
import type { Entry } from '.'
import { conv } from './conv'

/**
 * The heads of the YOLOv5 repository, whose files give `anchors` and name them in the head's arguments: one 1×1
 * convolution a level (models/yolo.py of YOLOv5 v7.0, Detect and Segment).
 */
export const ANCHORED: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  [
    'Detect',
    {
      rule: 'levelsLast',
      module: joint(
        'Detect',
        'nc:int=80 anchors:any=() ch:ints=()',
        'Boxes around anchors and classes on several levels',
        (at, feed, nc: number, anchors: Arg, ch: readonly number[]) => boxes(at, several(feed), nc, anchors, 0, ch)!,
      ),
    },
  ],
  [
    'Segment',
    {
      rule: 'anchoredMasks',
      module: joint(
        'Segment',
        'nc:int=80 anchors:any=() nm:int=32 npr:int=256 ch:ints=()',
        'Boxes around anchors, classes, mask coefficients and prototypes',
        (at, feed, nc: number, anchors: Arg, nm: number, npr: number, ch: readonly number[]) => {
          const xs = several(feed)
          const y = boxes(at, xs, nc, anchors, nm, ch)
          return [y, prototypes(sub(at, 'proto'), xs[0]!, ch[0]!, npr, nm)] as Feed
        },
      ),
    },
  ],
])

/** For every anchor at every position: a box, whether there is an object, classes, and mask coefficients. */
function boxes(
  at: Place,
  xs: readonly Tensor[],
  nc: number,
  anchors: Arg,
  masks: number,
  ch: readonly number[],
): Tensor {
  const count = anchorsPerLevel(anchors)
  demand(nc >= 1 && nc <= 1e6, `expects a number of classes from 1 and gets ${nc}`)
  const width = nc + 5 + masks
  parameter(sub(at, 'anchors'), [ch.length, count, 2], false, 'buffer')
  const levels = xs.map((x, i) => {
    const y = conv2d(sub(sub(at, 'm'), i), x, ch[i]!, count * width, 1)
    const split = permute(at, reshape(at, y, [dim(x, 0), count, width, dim(x, 2), dim(x, 3)]), 0, 1, 3, 4, 2)
    const total: Dim = mulDim(positions(x), count)
    return reshape(at, sigmoid(at, split), [dim(x, 0), total, width])
  })
  return cat(at, levels, 1)
}

/** A number of anchors, or lists of widths and heights, one list a level. */
function anchorsPerLevel(anchors: Arg): number {
  const first = Array.isArray(anchors) ? anchors[0] : undefined
  const count = Array.isArray(first) ? first.length / 2 : anchors
  const valid = typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= 100
  demand(valid, 'expects anchors to be a number, or a list of widths and heights a level')
  return count as number
}

function prototypes(at: Place, x: Tensor, c1: number, hidden: number, c2: number): Tensor {
  const up = upsample(sub(at, 'upsample'), conv(sub(at, 'cv1'), x, c1, hidden, 3), 2)
  return conv(sub(at, 'cv3'), conv(sub(at, 'cv2'), up, hidden, hidden, 3), hidden, c2)
}
