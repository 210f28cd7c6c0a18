import { block, flat, isList, joint, several, single } from '../block'
import { demand, type Feed, type Place, Refusal, sub, type Tensor } from '../place'
import type { Size } from '../signature'
import { add, avgPool2d, cat, conv2d, dim, halves, maxPool2d, module, split } from '../torch'
import { autopad, conv, repConv } from './conv'
import { chain } from './csp'

/** Pooling pyramids, downsampling, ELAN blocks and joins: facts of ultralytics/nn/modules/block.py and conv.py, 8.4.35. */

export const spp = block(
  'SPP',
  'c1:int c2:int k:ints=(5,9,13)',
  'Max pools of several sizes beside each other',
  (at, x, c1: number, c2: number, k: readonly number[]) => {
    const half = Math.floor(c1 / 2)
    const y = conv(sub(at, 'cv1'), x, c1, half, 1, 1)
    const pools = k.map((size, i) => maxPool2d(sub(sub(at, 'm'), i), y, size, 1, Math.floor(size / 2)))
    return conv(sub(at, 'cv2'), cat(at, [y, ...pools]), half * (k.length + 1), c2, 1, 1)
  },
)

export const sppf = block(
  'SPPF',
  'c1:int c2:int k:int=5 n:int=3 shortcut:bool=False',
  'n equal max pools after each other, all kept',
  (at, x, c1: number, c2: number, k: number, n: number, shortcut: boolean) => {
    const half = Math.floor(c1 / 2)
    const maps: Tensor[] = [conv(sub(at, 'cv1'), x, c1, half, 1, 1, null, 1, 1, false)]
    for (let i = 0; i < n; i++) maps.push(maxPool2d(sub(at, 'm'), maps.at(-1)!, k, 1, Math.floor(k / 2)))
    const y = conv(sub(at, 'cv2'), cat(at, maps), half * (n + 1), c2, 1, 1)
    return shortcut && c1 === c2 ? add(at, y, x) : y
  },
)

export const sppelan = block(
  'SPPELAN',
  'c1:int c2:int c3:int k:int=5',
  'Three max pools after each other, all kept',
  (at, x, c1: number, c2: number, c3: number, k: number) => {
    const maps: Tensor[] = [conv(sub(at, 'cv1'), x, c1, c3, 1, 1)]
    for (const name of ['cv2', 'cv3', 'cv4']) maps.push(maxPool2d(sub(at, name), maps.at(-1)!, k, 1, Math.floor(k / 2)))
    return conv(sub(at, 'cv5'), cat(at, maps), 4 * c3, c2, 1, 1)
  },
)

export const aconv = block(
  'AConv',
  'c1:int c2:int',
  'Average pool 2×2 at stride 1, then a 3×3 convolution at stride 2',
  (at, x, c1: number, c2: number) => conv(sub(at, 'cv1'), avgPool2d(at, x, 2, 1), c1, c2, 3, 2, 1),
)

export const adown = block(
  'ADown',
  'c1:int c2:int',
  'Half the channels by a convolution at stride 2, half by a max pool',
  (at, x, c1: number, c2: number) => {
    const [c, half] = [Math.floor(c2 / 2), Math.floor(c1 / 2)]
    const [a, b] = halves(at, avgPool2d(at, x, 2, 1))
    const strided = conv(sub(at, 'cv1'), a, half, c, 3, 2, 1)
    return cat(at, [strided, conv(sub(at, 'cv2'), maxPool2d(at, b, 3, 2, 1), half, c, 1, 1, 0)])
  },
)

export const scdown = block(
  'SCDown',
  'c1:int c2:int k:int s:int',
  '1×1 convolution, then a strided depthwise one',
  (at, x, c1: number, c2: number, k: number, s: number) =>
    conv(sub(at, 'cv2'), conv(sub(at, 'cv1'), x, c1, c2, 1, 1), c2, c2, k, s, null, c2, 1, false),
)

/** The bottleneck of RepCSP: a RepConv and a 3×3 convolution. */
const repBottleneck = block(
  'RepBottleneck',
  'c:int',
  'RepConv and a 3×3 convolution with a shortcut',
  (at, x, c: number) => add(at, x, conv(sub(at, 'cv2'), repConv(sub(at, 'cv1'), x, c, c), c, c, 3, 1)),
)

const repCsp = block(
  'RepCSP',
  'c1:int c2:int n:int=1',
  'C3 with RepConv bottlenecks',
  (at, x, c1: number, c2: number, n: number) => {
    const c = Math.trunc(c2 * 0.5)
    const deep = chain(at, conv(sub(at, 'cv1'), x, c1, c, 1, 1), n, (place, y) => repBottleneck(place, y, c))
    return conv(sub(at, 'cv3'), cat(at, [deep, conv(sub(at, 'cv2'), x, c1, c, 1, 1)]), 2 * c, c2, 1)
  },
)

export const repNcspElan4 = block(
  'RepNCSPELAN4',
  'c1:int c2:int c3:int c4:int n:int=1',
  'ELAN of two RepCSP stages',
  (at, x, c1: number, c2: number, c3: number, c4: number, n: number) =>
    elan(at, x, c1, c2, c3, c4, (place, y, c) => conv(sub(place, 1), repCsp(sub(place, 0), y, c, c4, n), c4, c4, 3, 1)),
)

export const elan1 = block(
  'ELAN1',
  'c1:int c2:int c3:int c4:int',
  'ELAN of two 3×3 convolutions',
  (at, x, c1: number, c2: number, c3: number, c4: number) =>
    elan(at, x, c1, c2, c3, c4, (place, y, c) => conv(place, y, c, c4, 3, 1)),
)

function elan(
  at: Place,
  x: Tensor,
  c1: number,
  c2: number,
  c3: number,
  c4: number,
  stage: (at: Place, x: Tensor, c: number) => Tensor,
): Tensor {
  const [a, b] = halves(at, conv(sub(at, 'cv1'), x, c1, c3, 1, 1))
  const first = stage(sub(at, 'cv2'), b, Math.floor(c3 / 2))
  const second = stage(sub(at, 'cv3'), first, c4)
  return conv(sub(at, 'cv4'), cat(at, [a, b, first, second]), c3 + 2 * c4, c2, 1, 1)
}

export const cbLinear = joint(
  'CBLinear',
  'c1:int c2s:ints k:size=1 s:size=1 p:pad=None g:int=1',
  'One convolution whose output is cut into several maps',
  (at, feed, c1: number, sizes: readonly number[], k: Size, s: Size, p: Size | null, g: number) => {
    const total = sizes.reduce((a, b) => a + b, 0)
    const y = conv2d(sub(at, 'conv'), single(feed), c1, total, k, { stride: s, padding: autopad(k, p), groups: g })
    return split(at, y, sizes) as Feed
  },
)

export const cbFuse = joint(
  'CBFuse',
  'idx:ints',
  'Chosen maps of earlier lists, resized to the last input and added',
  (at, feed, idx: readonly number[]) => {
    const list = isList(feed) ? feed : []
    demand(list.length > 0, 'expects a list of inputs and gets one')
    const last = single(list.at(-1)!)
    const size = [dim(last, 2), dim(last, 3)]
    const resized = list.slice(0, -1).map((maps, i) => {
      const at_ = idx[i]
      demand(at_ !== undefined, `expects an index for each of ${list.length - 1} inputs and gets ${idx.length}`)
      return module(at, 'interpolate', 'interpolate', { size, mode: 'nearest' }, [pick(maps, at_!)])
    })
    return add(at, ...resized, last)!
  },
)

export const concat = joint(
  'Concat',
  'dimension:int=1',
  'Inputs beside each other along a dimension, channels by default',
  (at, feed, axis: number) => cat(at, several(feed), axis)!,
)

export const index = joint('Index', 'index:int=0', 'One of a list of outputs', (_, feed, i: number) => pick(feed, i))

/** One entry of a list, as Python indexes it. */
function pick(feed: Feed, i: number): ReturnType<typeof single> {
  if (!isList(feed)) throw new Refusal('expects a list of outputs to choose from and gets one tensor')
  const entry = feed.at(i)
  demand(entry !== undefined, `expects an index under ${flat(feed).length} and gets ${i}`)
  return single(entry!)
}
