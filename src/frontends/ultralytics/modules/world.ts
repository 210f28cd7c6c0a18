import { N } from '../../../core/dim'
import type { Value } from '../../../core/graph'
import { joint, several, single } from '../block'
import { demand, type Feed, type Place, sub, type Tensor } from '../place'
import {
  add,
  batchNorm2d,
  cat,
  constant,
  conv2d,
  dim,
  flatten,
  halves,
  layerNorm,
  linear,
  matmul,
  module,
  mul,
  parameter,
  permute,
  positions,
  reduceMax,
  reshape,
  sigmoid,
  softmax,
} from '../torch'
import { conv } from './conv'
import { bottleneck } from './csp'
import {
  best,
  boxTower,
  classTower,
  decode,
  levels,
  lightTower,
  plainTower,
  runTower,
  type Tower,
  towerSizes,
} from './detect'
import { maskTower, proto26, protoOf } from './segment'

/** Open-vocabulary modules: facts of ultralytics/nn/modules/head.py and block.py and nn/tasks.py, version 8.4.35. */

/** Width of CLIP's text embeddings, with which these models run. */
const TEXT = 512

/** The text embeddings that the model is given beside the image: one for every class. */
export function texts(at: Place): { original: Value; current: Value } {
  const { build } = at
  if (build.text === null) {
    const value = constant(at, 'text embeddings', [N, build.classes, TEXT])
    build.text = { original: value, current: value }
  }
  return build.text
}

export const c2fAttn = joint(
  'C2fAttn',
  'c1:int c2:int n:int=1 ec:int=128 nh:int=1 gc:int=512 shortcut:bool=False g:int=1 e:float=0.5',
  'C2f with attention to text embeddings',
  (
    at,
    feed,
    c1: number,
    c2: number,
    n: number,
    ec: number,
    nh: number,
    gc: number,
    shortcut: boolean,
    g: number,
    e: number,
  ) => {
    const x = single(feed)
    const c = Math.trunc(c2 * e)
    const maps: Tensor[] = halves(at, conv(sub(at, 'cv1'), x, c1, 2 * c, 1, 1))
    const units = sub(at, 'm')
    for (let i = 0; i < n; i++) maps.push(bottleneck(sub(units, i), maps.at(-1)!, c, c, shortcut, g, [3, 3], 1))
    maps.push(maxSigmoid(sub(at, 'attn'), maps.at(-1)!, texts(at).current, c, nh, ec, gc))
    return conv(sub(at, 'cv2'), cat(at, maps), (3 + Math.max(0, n)) * c, c2, 1)!
  },
)

/** A map weighted by the text that fits each position best. */
function maxSigmoid(at: Place, x: Tensor, text: Value, c: number, heads: number, ec: number, gc: number): Tensor {
  demand(heads >= 1, `expects at least one head and gets ${heads}`)
  const width = Math.floor(c / heads)
  demand(
    ec === width * heads && c === ec,
    `expects ${width * heads} embedding channels for ${heads} heads and gets ${ec}`,
    'shape-mismatch',
  )
  const guide = reshape(at, linear(sub(at, 'gl'), text, gc, ec), [dim(text, 0), dim(text, 1), heads, width])
  const embedded = c === ec ? x : conv(sub(at, 'ec'), x, c, ec, 1, 1, null, 1, 1, false)
  const embed = reshape(at, embedded, [dim(x, 0), heads, width, positions(x)])
  const best = reduceMax(at, matmul(at, permute(at, guide, 0, 2, 1, 3), embed), 2)
  const bias = reshape(at, parameter(sub(at, 'bias'), [heads], true), [1, heads, 1])
  const weight = reshape(at, sigmoid(at, add(at, best, bias)), [dim(x, 0), heads, 1, dim(x, 2), dim(x, 3)])
  const y = conv(sub(at, 'proj_conv'), x, c, c, 3, 1, null, 1, 1, false)
  const grouped = reshape(at, y, [dim(x, 0), heads, width, dim(x, 2), dim(x, 3)])
  return reshape(at, mul(at, grouped, weight), [dim(x, 0), c, dim(x, 2), dim(x, 3)])
}

export const imagePoolingAttn = joint(
  'ImagePoolingAttn',
  'ec:int=256 ch:ints=() ct:int=512 nh:int=8 k:int=3 scale:bool=False',
  'Text embeddings made aware of the image; later rows see the new ones',
  (at, feed, ec: number, ch: readonly number[], ct: number, nh: number, k: number, scale: boolean) => {
    const xs = several(feed)
    demand(nh >= 1 && ec % nh === 0, `expects a number of heads that divides ${ec} and gets ${nh}`)
    const text = texts(at).current
    const pooled = xs.map((x, i) => {
      const y = conv2d(sub(sub(at, 'projections'), i), x, ch[i]!, ec, 1)
      const small = module(sub(sub(at, 'im_pools'), i), 'AdaptiveMaxPool2d', 'adaptive_max_pool', { size: [k, k] }, [y])
      return flatten(at, small, 2)
    })
    const tokens = permute(at, cat(at, pooled, 2), 0, 2, 1)
    const project = (name: string, x: Tensor, features: number): Tensor => {
      const place = sub(at, name)
      const y = linear(sub(place, 1), layerNorm(sub(place, 0), x, features), features, ec)
      return permute(at, reshape(at, y, [dim(x, 0), dim(x, 1), nh, ec / nh]), 0, 2, 1, 3)
    }
    const [q, key, value] = [project('query', text, ct), project('key', tokens, ec), project('value', tokens, ec)]
    const weights = softmax(at, matmul(at, q, permute(at, key, 0, 1, 3, 2)), -1)
    const mixed = reshape(at, permute(at, matmul(at, weights, value), 0, 2, 1, 3), [dim(text, 0), dim(text, 1), ec])
    const projected = linear(sub(at, 'proj'), mixed, ec, ct)
    const scaled = scale ? mul(at, projected, parameter(sub(at, 'scale'), [1], true)) : projected
    const out = add(at, scaled, text)!
    at.build.text = { original: texts(at).original, current: out }
    return out
  },
)

const OPEN = 'embed:int=512 with_bn:bool=False reg_max:int=16 end2end:bool=False ch:ints=()'

export const worldDetect = joint(
  'WorldDetect',
  `nc:int=80 ${OPEN}`,
  'Boxes, and classes by likeness to text embeddings',
  (at, feed, nc: number, embed: number, withBn: boolean, regMax: number, end2end: boolean, ch: readonly number[]) => {
    const xs = levels(feed, nc, regMax, ch)
    const { cls } = towerSizes(nc, regMax, ch)
    const boxes = runTower(at, '', boxTower(nc, regMax, ch), xs, ch)
    const scores = runTower(
      at,
      '',
      contrastive(at, plainTower('cv3', cls, embed), '', withBn, embed, texts(at).original),
      xs,
      ch,
    )
    if (end2end) {
      // The copies of the end-to-end mode are made and never run.
      const none = xs.map(() => null)
      runTower(at, 'one2one_', boxTower(nc, regMax, ch), none, ch)
      runTower(at, 'one2one_', lightTower('cv3', cls, nc), none, ch)
    }
    return decode(at, regMax, boxes, scores, [])!
  },
)

export const yoloeDetect = joint(
  'YOLOEDetect',
  `nc:int=80 ${OPEN}`,
  'Boxes, and classes by prompts',
  (at, feed, nc: number, embed: number, withBn: boolean, regMax: number, end2end: boolean, ch: readonly number[]) =>
    prompted(at, levels(feed, nc, regMax, ch), { nc, embed, withBn, regMax, end2end, ch, masks: null }),
)

const OPEN_MASKS = `nc:int=80 nm:int=32 npr:int=256 ${OPEN}`

export const yoloeSegment = promptedMasks('YOLOESegment', (at, xs, ch, npr, nm) => protoOf(at, xs[0]!, ch[0]!, npr, nm))
export const yoloeSegment26 = promptedMasks('YOLOESegment26', (at, xs, ch, npr, nm, nc) =>
  proto26(at, xs, ch, npr, nm, nc),
)

function promptedMasks(
  name: string,
  build: (at: Place, xs: readonly Value[], ch: readonly number[], npr: number, nm: number, nc: number) => Value,
) {
  return joint(
    name,
    OPEN_MASKS,
    'Boxes and masks, and classes by prompts',
    (
      at,
      feed,
      nc: number,
      nm: number,
      npr: number,
      embed: number,
      withBn: boolean,
      regMax: number,
      end2end: boolean,
      ch: readonly number[],
    ) => {
      const xs = levels(feed, nc, regMax, ch)
      const y = prompted(at, xs, { nc, embed, withBn, regMax, end2end, ch, masks: nm })
      return [y, build(sub(at, 'proto'), xs, ch, npr, nm, nc)] as Feed
    },
  )
}

interface Prompted {
  readonly nc: number
  readonly embed: number
  readonly withBn: boolean
  readonly regMax: number
  readonly end2end: boolean
  readonly ch: readonly number[]
  /** Mask coefficients a position; null for boxes alone. */
  readonly masks: number | null
}

/** The heads of YOLOE. Prompts are one embedding a class; what embeds text and visual prompts is stored and not run. */
function prompted(at: Place, xs: readonly Value[], { nc, embed, withBn, regMax, end2end, ch, masks }: Prompted): Value {
  const { cls } = towerSizes(nc, regMax, ch)
  demand(withBn, 'expects with_bn to be True')
  demand(cls <= embed, `expects an embedding of at least ${cls} channels and gets ${embed}`)
  demand(xs.length === 3, `expects 3 inputs and gets ${xs.length}`)
  const prompts = constant(at, 'prompt embeddings', [N, nc, embed])
  const half = (prefix: string): Tensor => {
    const boxes = runTower(at, prefix, boxTower(nc, regMax, ch), xs, ch)
    const tower = contrastive(at, classTower(at, 'cv3', cls, embed), prefix, withBn, embed, prompts)
    const scores = runTower(at, prefix, tower, xs, ch)
    const more = masks === null ? [] : [runTower(at, prefix, maskTower('cv5', ch, masks), xs, ch)]
    return prefix === '' && end2end ? null : decode(at, regMax, boxes, scores, more)
  }
  const many = half('')
  const one = end2end ? half('one2one_') : null
  embedders(at, ch, cls, embed)
  return end2end ? best(at, one, nc, masks ?? 0)! : many!
}

/** A class tower whose embedding is compared with every text: one score a text and position. */
function contrastive(at: Place, tower: Tower, prefix: string, withBn: boolean, embed: number, text: Value): Tower {
  const compare = (place: Place, y: Tensor): Tensor => {
    const normed = withBn ? batchNorm2d(sub(place, 'norm'), y, embed) : y
    const bias = parameter(sub(place, 'bias'), [1], y !== null)
    const scale = parameter(sub(place, 'logit_scale'), [], y !== null)
    const scores = matmul(place, text, flatten(place, normed, 2))
    const map = reshape(place, scores, [dim(y, 0), dim(text, 1), dim(y, 2), dim(y, 3)])
    return add(place, mul(place, map, scale), bias)
  }
  const width = dim(text, 1)
  return {
    name: tower.name,
    width: typeof width === 'number' ? width : tower.width,
    build: (place, x, c, level) =>
      compare(sub(sub(at, `${prefix}cv4`), level), tower.build(place, x, c, level, prefix)),
  }
}

/** What makes embeddings of text (`reprta`) and of visual prompts (`savpe`): it has weights and does not run. */
function embedders(at: Place, ch: readonly number[], c3: number, embed: number): void {
  const text = sub(sub(at, 'reprta'), 'm')
  linear(sub(text, 'w12'), null, embed, 4 * embed)
  linear(sub(text, 'w3'), null, 2 * embed, embed)
  const visual = sub(at, 'savpe')
  ch.forEach((c, i) => {
    const deep = sub(sub(visual, 'cv1'), i)
    conv(sub(deep, 0), null, c, c3, 3)
    conv(sub(deep, 1), null, c3, c3, 3)
    conv(sub(sub(sub(visual, 'cv2'), i), 0), null, c, c3, 1)
  })
  conv2d(sub(visual, 'cv3'), null, 3 * c3, embed, 1)
  conv2d(sub(visual, 'cv4'), null, 3 * c3, 16, 3, { padding: 1 })
  conv2d(sub(visual, 'cv5'), null, 1, 16, 3, { padding: 1 })
  conv(sub(sub(visual, 'cv6'), 0), null, 32, 16, 3)
  conv2d(sub(sub(visual, 'cv6'), 1), null, 16, 16, 3, { padding: 1 })
}
