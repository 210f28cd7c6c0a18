import { SILU } from '../activations'
import { block } from '../block'
import { demand, type Place, sub, type Tensor } from '../place'
import type { Size } from '../signature'
import { activate, add, batchNorm2d, cat, conv2d, halves } from '../torch'
import { conv, dwConv, ghostConv, repConv } from './conv'
import { transformerBlock } from './transformer'

/** Cross-stage partial blocks: facts of ultralytics/nn/modules/block.py, version 8.4.35. */

const THREES = [3, 3] as const

export const bottleneck = block(
  'Bottleneck',
  'c1:int c2:int shortcut:bool=True g:int=1 k:any=(3,3) e:float=0.5',
  'Two convolutions, narrow between, with a shortcut where it fits',
  (at, x, c1: number, c2: number, shortcut: boolean, g: number, k: readonly Size[], e: number) => {
    const hidden = Math.trunc(c2 * e)
    const y = conv(sub(at, 'cv1'), x, c1, hidden, kernelOf(k, 0), 1)
    const z = conv(sub(at, 'cv2'), y, hidden, c2, kernelOf(k, 1), 1, null, g)
    return shortcut && c1 === c2 ? add(at, x, z) : z
  },
)

export const c1 = block(
  'C1',
  'c1:int c2:int n:int=1',
  '1×1 convolution, then n 3×3 with a shortcut',
  (at, x, c: number, c2: number, n: number) => {
    const y = conv(sub(at, 'cv1'), x, c, c2, 1, 1)
    return add(
      at,
      chain(at, y, n, (place, z) => conv(place, z, c2, c2, 3)),
      y,
    )
  },
)

const CSP = 'c1:int c2:int n:int=1 shortcut:bool=True g:int=1 e:float=0.5'

export const c2 = block(
  'C2',
  CSP,
  'CSP bottleneck with 2 convolutions',
  (at, x, cin: number, cout: number, n: number, shortcut: boolean, g: number, e: number) => {
    const c = Math.trunc(cout * e)
    const [a, b] = halves(at, conv(sub(at, 'cv1'), x, cin, 2 * c, 1, 1))
    const y = chain(at, a, n, (place, z) => bottleneck(place, z, c, c, shortcut, g, THREES, 1))
    return conv(sub(at, 'cv2'), cat(at, [y, b]), 2 * c, cout, 1)
  },
)

export const c2f = block(
  'C2f',
  'c1:int c2:int n:int=1 shortcut:bool=False g:int=1 e:float=0.5',
  'CSP bottleneck with 2 convolutions that keeps the output of every unit',
  (at, x, cin: number, cout: number, n: number, shortcut: boolean, g: number, e: number) =>
    c2fOf(at, x, cin, cout, n, e, (place, y, c) => bottleneck(place, y, c, c, shortcut, g, THREES, 1)),
)

/** What C2f and its kin share: a 1×1 to two halves, n units on the second, all concatenated, a 1×1. */
export function c2fOf(
  at: Place,
  x: Tensor,
  cin: number,
  cout: number,
  n: number,
  e: number,
  unit: (at: Place, x: Tensor, c: number) => Tensor,
): Tensor {
  const c = Math.trunc(cout * e)
  const maps: Tensor[] = halves(at, conv(sub(at, 'cv1'), x, cin, 2 * c, 1, 1))
  const units = sub(at, 'm')
  for (let i = 0; i < n; i++) maps.push(unit(sub(units, i), maps.at(-1)!, c))
  return conv(sub(at, 'cv2'), cat(at, maps), (2 + Math.max(0, n)) * c, cout, 1)
}

/** What C3 and its kin share: two 1×1, units on the first, concatenated, a 1×1. */
function c3Of(
  at: Place,
  x: Tensor,
  cin: number,
  cout: number,
  e: number,
  units: (x: Tensor, c: number) => Tensor,
): Tensor {
  const c = Math.trunc(cout * e)
  const deep = units(conv(sub(at, 'cv1'), x, cin, c, 1, 1), c)
  return conv(sub(at, 'cv3'), cat(at, [deep, conv(sub(at, 'cv2'), x, cin, c, 1, 1)]), 2 * c, cout, 1)
}

const c3With = (name: string, doc: string, k: readonly Size[]) =>
  block(name, CSP, doc, (at, x, cin: number, cout: number, n: number, shortcut: boolean, g: number, e: number) =>
    c3Of(at, x, cin, cout, e, (y, c) => chain(at, y, n, (place, z) => bottleneck(place, z, c, c, shortcut, g, k, 1))),
  )

export const c3 = c3With('C3', 'CSP bottleneck with 3 convolutions', [1, 3])
export const c3x = c3With('C3x', 'C3 with cross convolutions, 1×3 and 3×1', [
  [1, 3],
  [3, 1],
])

export const c3k = block(
  'C3k',
  `${CSP} k:int=3`,
  'C3 with a chosen kernel',
  (at, x, cin: number, cout: number, n: number, shortcut: boolean, g: number, e: number, k: number) =>
    c3Of(at, x, cin, cout, e, (y, c) =>
      chain(at, y, n, (place, z) => bottleneck(place, z, c, c, shortcut, g, [k, k], 1)),
    ),
)

export const c3tr = block(
  'C3TR',
  CSP,
  'C3 with transformer layers',
  (at, x, cin: number, cout: number, n: number, _s: boolean, g: number, e: number) =>
    c3Of(at, x, cin, cout, e, (y, c) => {
      checkGroups(c, g, n)
      return transformerBlock(sub(at, 'm'), y, c, c, 4, n)
    }),
)

export const c3ghost = block(
  'C3Ghost',
  CSP,
  'C3 with ghost bottlenecks',
  (at, x, cin: number, cout: number, n: number, _s: boolean, g: number, e: number) =>
    c3Of(at, x, cin, cout, e, (y, c) => {
      checkGroups(c, g, n)
      return chain(at, y, n, (place, z) => ghostBottleneck(place, z, c, c))
    }),
)

export const repC3 = block(
  'RepC3',
  'c1:int c2:int n:int=3 e:float=1.0',
  'CSP block of RepConv units, added',
  (at, x, cin: number, cout: number, n: number, e: number) => {
    const c = Math.trunc(cout * e)
    const deep = chain(at, conv(sub(at, 'cv1'), x, cin, c, 1, 1), n, (place, z) => repConv(place, z, c, c))
    const y = add(at, deep, conv(sub(at, 'cv2'), x, cin, c, 1, 1))
    return c === cout ? y : conv(sub(at, 'cv3'), y, c, cout, 1, 1)
  },
)

export const ghostBottleneck = block(
  'GhostBottleneck',
  'c1:int c2:int k:int=3 s:int=1',
  'Two ghost convolutions with a shortcut; depthwise between them at stride 2',
  (at, x, cin: number, cout: number, k: number, s: number) => {
    const half = Math.floor(cout / 2)
    const inner = sub(at, 'conv')
    const wide = ghostConv(sub(inner, 0), x, cin, half, 1, 1)
    const small = s === 2 ? dwConv(sub(inner, 1), wide, half, half, k, s, 1, false) : wide
    const y = ghostConv(sub(inner, 2), small, half, cout, 1, 1, 1, false)
    if (s !== 2) return add(at, y, x)
    const short = sub(at, 'shortcut')
    const down = dwConv(sub(short, 0), x, cin, cin, k, s, 1, false)
    return add(at, y, conv(sub(short, 1), down, cin, cout, 1, 1, null, 1, 1, false))
  },
)

export const bottleneckCsp = block(
  'BottleneckCSP',
  CSP,
  'CSP bottleneck with 4 convolutions and a norm after the concatenation',
  (at, x, cin: number, cout: number, n: number, shortcut: boolean, g: number, e: number) => {
    const c = Math.trunc(cout * e)
    const deep = chain(at, conv(sub(at, 'cv1'), x, cin, c, 1, 1), n, (place, z) =>
      bottleneck(place, z, c, c, shortcut, g, THREES, 1),
    )
    const y1 = conv2d(sub(at, 'cv3'), deep, c, c, 1, { bias: false })
    const y2 = conv2d(sub(at, 'cv2'), x, cin, c, 1, { bias: false })
    const y = activate(sub(at, 'act'), batchNorm2d(sub(at, 'bn'), cat(at, [y1, y2]), 2 * c), SILU)
    return conv(sub(at, 'cv4'), y, 2 * c, cout, 1, 1)
  },
)

/** The constructor first makes grouped bottlenecks, which it then replaces: groups must divide although none is used. */
export const checkGroups = (c: number, g: number, n: number): void =>
  demand(n < 1 || (g >= 1 && c % g === 0), `expects groups that divide ${c} channels and gets ${g}`)

/** n units in a row under `m`; none leave the input as it is. */
export function chain(at: Place, x: Tensor, n: number, unit: (at: Place, x: Tensor) => Tensor): Tensor {
  const units = sub(at, 'm')
  let y = x
  for (let i = 0; i < n; i++) y = unit(sub(units, i), y)
  return y
}

/** The kernel of the first or second convolution; a row may give anything here, and 3 stands in for what is none. */
const kernelOf = (k: readonly Size[], i: number): Size => k[i] ?? 3
