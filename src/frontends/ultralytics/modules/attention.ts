import { type Dim, divDim, mulDim } from '../../../core/dim'
import { SILU } from '../activations'
import { block } from '../block'
import { demand, type Place, sub, type Tensor } from '../place'
import {
  activate,
  add,
  cat,
  dim,
  flatten,
  matmul,
  mul,
  parameter,
  permute,
  positions,
  reshape,
  softmax,
  split,
} from '../torch'
import { conv } from './conv'
import { bottleneck, c2fOf, c3k, checkGroups } from './csp'

/** Blocks with attention and large kernels: facts of ultralytics/nn/modules/block.py, version 8.4.35. */

const attention = block(
  'Attention',
  'dim:int num_heads:int=8 attn_ratio:float=0.5',
  'Self-attention over all positions of a map',
  (at, x, c: number, heads: number, ratio: number) => {
    demand(heads >= 1, `expects at least one head and gets ${heads}`)
    const head = Math.floor(c / heads)
    const key = Math.trunc(head * ratio)
    const qkv = conv(sub(at, 'qkv'), x, c, c + 2 * key * heads, 1, 1, null, 1, 1, false)
    const [batch, height, width] = [dim(x, 0), dim(x, 2), dim(x, 3)]
    const parts = reshape(at, qkv, [batch, heads, 2 * key + head, positions(x)])
    const [q, k, v] = split(at, parts, [key, key, head], 2) as [Tensor, Tensor, Tensor]
    const weights = softmax(at, matmul(at, permute(at, q, 0, 1, 3, 2), k), -1)
    const mixed = reshape(at, matmul(at, v, permute(at, weights, 0, 1, 3, 2)), [batch, c, height, width])
    const place = reshape(at, v, [batch, c, height, width])
    const y = add(at, mixed, conv(sub(at, 'pe'), place, c, c, 3, 1, null, c, 1, false))
    return conv(sub(at, 'proj'), y, c, c, 1, 1, null, 1, 1, false)
  },
)

/** Attention, then two 1×1 convolutions, each added to what it gets. */
export const psaBlock = block(
  'PSABlock',
  'c:int attn_ratio:float=0.5 num_heads:int=4 shortcut:bool=True',
  'Attention and a feed-forward part with shortcuts',
  (at, x, c: number, ratio: number, heads: number, shortcut: boolean) => {
    const attended = attention(sub(at, 'attn'), x, c, heads, ratio)
    const y = shortcut ? add(at, x, attended) : attended
    const fed = feedForward(sub(at, 'ffn'), y, c, 2 * c)
    return shortcut ? add(at, y, fed) : fed
  },
)

export const psa = block(
  'PSA',
  'c1:int c2:int e:float=0.5',
  'Attention on half of the channels',
  (at, x, c1: number, c2: number, e: number) => {
    demand(c1 === c2, `expects as many output as input channels and gets ${c2} of ${c1}`)
    const c = Math.trunc(c1 * e)
    const [a, b] = split(at, conv(sub(at, 'cv1'), x, c1, 2 * c, 1, 1), [c, c]) as [Tensor, Tensor]
    const attended = add(at, b, attention(sub(at, 'attn'), b, c, Math.max(Math.floor(c / 64), 1), 0.5))
    const fed = add(at, attended, feedForward(sub(at, 'ffn'), attended, c, 2 * c))
    return conv(sub(at, 'cv2'), cat(at, [a, fed]), 2 * c, c1, 1)
  },
)

export const c2psa = block(
  'C2PSA',
  'c1:int c2:int n:int=1 e:float=0.5',
  'n attention blocks on half of the channels',
  (at, x, c1: number, c2: number, n: number, e: number) => {
    demand(c1 === c2, `expects as many output as input channels and gets ${c2} of ${c1}`)
    const c = Math.trunc(c1 * e)
    demand(c >= 64 || n < 1, `expects at least 64 channels in its attention and gets ${c}`)
    const parts = split(at, conv(sub(at, 'cv1'), x, c1, 2 * c, 1, 1), [c, c])
    let b: Tensor = parts[1] ?? null
    const units = sub(at, 'm')
    for (let i = 0; i < n; i++) b = psaBlock(sub(units, i), b, c, 0.5, Math.floor(c / 64))
    return conv(sub(at, 'cv2'), cat(at, [parts[0] ?? null, b]), 2 * c, c1, 1)
  },
)

export const c2fpsa = block(
  'C2fPSA',
  'c1:int c2:int n:int=1 e:float=0.5',
  'C2f with attention blocks',
  (at, x, c1: number, c2: number, n: number, e: number) => {
    demand(c1 === c2, `expects as many output as input channels and gets ${c2} of ${c1}`)
    return c2fOf(at, x, c1, c2, n, e, (place, y, c) => psaBlock(place, y, c, 0.5, Math.max(Math.floor(c / 64), 1)))
  },
)

export const c3k2 = block(
  'C3k2',
  'c1:int c2:int n:int=1 c3k:bool=False e:float=0.5 attn:bool=False g:int=1 shortcut:bool=True',
  'C2f of bottlenecks, of C3k, or of bottlenecks with attention',
  (at, x, c1: number, c2: number, n: number, deep: boolean, e: number, attn: boolean, g: number, shortcut: boolean) =>
    c2fOf(at, x, c1, c2, n, e, (place, y, c) => {
      if (attn) {
        const z = bottleneck(sub(place, 0), y, c, c, shortcut, g)
        return psaBlock(sub(place, 1), z, c, 0.5, Math.max(Math.floor(c / 64), 1))
      }
      return deep ? c3k(place, y, c, c, 2, shortcut, g) : bottleneck(place, y, c, c, shortcut, g)
    }),
)

export const repVggDw = block(
  'RepVGGDW',
  'ed:int',
  'Parallel depthwise 7×7 and 3×3 convolutions added',
  (at, x, c: number) => {
    const wide = conv(sub(at, 'conv'), x, c, c, 7, 1, 3, c, 1, false)
    const narrow = conv(sub(at, 'conv1'), x, c, c, 3, 1, 1, c, 1, false)
    return activate(sub(at, 'act'), add(at, wide, narrow), SILU)
  },
)

const cib = block(
  'CIB',
  'c1:int c2:int shortcut:bool=True e:float=0.5 lk:bool=False',
  'Compact inverted block of depthwise and 1×1 convolutions',
  (at, x, c1: number, c2: number, shortcut: boolean, e: number, lk: boolean) => {
    const wide = 2 * Math.trunc(c2 * e)
    const inner = sub(at, 'cv1')
    const a = conv(sub(inner, 0), x, c1, c1, 3, 1, null, c1)
    const b = conv(sub(inner, 1), a, c1, wide, 1)
    const c = lk ? repVggDw(sub(inner, 2), b, wide) : conv(sub(inner, 2), b, wide, wide, 3, 1, null, wide)
    const y = conv(sub(inner, 4), conv(sub(inner, 3), c, wide, c2, 1), c2, c2, 3, 1, null, c2)
    return shortcut && c1 === c2 ? add(at, x, y) : y
  },
)

export const c2fcib = block(
  'C2fCIB',
  'c1:int c2:int n:int=1 shortcut:bool=False lk:bool=False g:int=1 e:float=0.5',
  'C2f with compact inverted blocks',
  (at, x, c1: number, c2: number, n: number, shortcut: boolean, lk: boolean, g: number, e: number) => {
    checkGroups(Math.trunc(c2 * e), g, n)
    return c2fOf(at, x, c1, c2, n, e, (place, y, c) => cib(place, y, c, c, shortcut, 1, lk))
  },
)

const areaAttention = block(
  'AAttn',
  'dim:int num_heads:int area:int=1',
  'Self-attention inside each of several areas',
  (at, x, c: number, heads: number, area: number) => {
    const head = Math.floor(c / heads)
    const all = head * heads
    const [batch, height, width] = [dim(x, 0), dim(x, 2), dim(x, 3)]
    const total = positions(x)
    const divides = area < 2 || typeof total !== 'number' || total % area === 0
    demand(divides, `expects a multiple of ${area} positions for its areas and gets ${total}`, 'shape-mismatch')
    const groups = area > 1 ? mulDim(batch, area) : batch
    const count: Dim = area > 1 ? divDim(total, area) : total
    const tokens = permute(at, flatten(at, conv(sub(at, 'qkv'), x, c, 3 * all, 1, 1, null, 1, 1, false), 2), 0, 2, 1)
    const parts = permute(at, reshape(at, tokens, [groups, count, heads, 3 * head]), 0, 2, 3, 1)
    const [q, k, v] = split(at, parts, [head, head, head], 2) as [Tensor, Tensor, Tensor]
    const weights = softmax(at, matmul(at, permute(at, q, 0, 1, 3, 2), k), -1)
    const map = (y: Tensor): Tensor =>
      permute(at, reshape(at, permute(at, y, 0, 3, 1, 2), [batch, height, width, all]), 0, 3, 1, 2)
    const mixed = map(matmul(at, v, permute(at, weights, 0, 1, 3, 2)))
    const y = add(at, mixed, conv(sub(at, 'pe'), map(v), all, all, 7, 1, 3, all, 1, false))
    return conv(sub(at, 'proj'), y, all, c, 1, 1, null, 1, 1, false)
  },
)

const areaBlock = block(
  'ABlock',
  'dim:int num_heads:int mlp_ratio:float=1.2 area:int=1',
  'Area attention and a feed-forward part',
  (at, x, c: number, heads: number, ratio: number, area: number) => {
    const y = add(at, x, areaAttention(sub(at, 'attn'), x, c, heads, area))
    return add(at, y, feedForward(sub(at, 'mlp'), y, c, Math.trunc(c * ratio)))
  },
)

export const a2c2f = block(
  'A2C2f',
  'c1:int c2:int n:int=1 a2:bool=True area:int=1 residual:bool=False mlp_ratio:float=2.0 e:float=0.5 g:float=1 shortcut:bool=True',
  'Area attention, or C3k, units that are all kept and concatenated',
  (
    at,
    x,
    c1: number,
    c2: number,
    n: number,
    a2: boolean,
    area: number,
    residual: boolean,
    ratio: number,
    e: number,
    g: number,
    shortcut: boolean,
  ) => {
    const c = Math.trunc(c2 * e)
    demand(c % 32 === 0, `expects a multiple of 32 hidden channels and gets ${c}`)
    const maps: Tensor[] = [conv(sub(at, 'cv1'), x, c1, c, 1, 1)]
    const unit = (place: Place, y: Tensor): Tensor => {
      if (!a2) return c3k(place, y, c, c, 2, shortcut, g)
      const once = areaBlock(sub(place, 0), y, c, c / 32, ratio, area)
      return areaBlock(sub(place, 1), once, c, c / 32, ratio, area)
    }
    const units = sub(at, 'm')
    for (let i = 0; i < n; i++) maps.push(unit(sub(units, i), maps.at(-1)!))
    const y = conv(sub(at, 'cv2'), cat(at, maps), (1 + Math.max(0, n)) * c, c2, 1)
    if (!a2 || !residual) return y
    const gamma = reshape(at, parameter(sub(at, 'gamma'), [c2], x !== null), [1, c2, 1, 1])
    return add(at, x, mul(at, gamma, y))
  },
)

/** Two 1×1 convolutions; only the first has an activation. */
function feedForward(at: Place, x: Tensor, c: number, hidden: number): Tensor {
  return conv(sub(at, 1), conv(sub(at, 0), x, c, hidden, 1), hidden, c, 1, 1, null, 1, 1, false)
}
