import { type Activation, GELU, RELU } from '../activations'
import { block } from '../block'
import { demand, originOf, type Place, sub, type Tensor } from '../place'
import {
  activate,
  add,
  cat,
  constant,
  dim,
  flatten,
  layerNorm,
  linear,
  matmul,
  permute,
  positions,
  reshape,
  softmax,
} from '../torch'
import { conv } from './conv'

/** Transformer parts: facts of ultralytics/nn/modules/transformer.py, version 8.4.35, and of torch.nn.MultiheadAttention. */

/** Attention of queries to keys and values, all N×length×features: four linear layers and two products a head. */
export function multiheadAttention(
  at: Place,
  q: Tensor,
  k: Tensor,
  v: Tensor,
  features: number,
  heads: number,
): Tensor {
  demand(heads >= 1 && features % heads === 0, `expects a number of heads that divides ${features} and gets ${heads}`)
  const inside = (): Tensor => {
    const width = features / heads
    const split = (name: string, x: Tensor): Tensor => {
      const y = linear(sub(at, name), x, features, features)
      return permute(at, reshape(at, y, [dim(x, 0), dim(x, 1), heads, width]), 0, 2, 1, 3)
    }
    const [queries, keys, values] = [split('in_proj_q', q), split('in_proj_k', k), split('in_proj_v', v)]
    const weights = softmax(at, matmul(at, queries, permute(at, keys, 0, 1, 3, 2)), -1)
    const mixed = permute(at, matmul(at, weights, values), 0, 2, 1, 3)
    return linear(sub(at, 'out_proj'), reshape(at, mixed, [dim(q, 0), dim(q, 1), features]), features, features)
  }
  if (q === null || k === null || v === null) return inside()
  return at.build.builder.scope(originOf(at, 'MultiheadAttention'), [q, k, v], () => [inside()!])[0]!
}

export const transformerLayer = block(
  'TransformerLayer',
  'c:int num_heads:int',
  'Attention and two linear layers, without norms',
  (at, x, c: number, heads: number) => {
    const project = (name: string): Tensor => linear(sub(at, name), x, c, c, false)
    const attended = multiheadAttention(sub(at, 'ma'), project('q'), project('k'), project('v'), c, heads)
    const y = add(at, attended, x)
    return add(at, linear(sub(at, 'fc2'), linear(sub(at, 'fc1'), y, c, c, false), c, c, false), y)
  },
)

export const transformerBlock = block(
  'TransformerBlock',
  'c1:int c2:int num_heads:int num_layers:int',
  'A map as a sequence through transformer layers',
  (at, x, c1: number, c2: number, heads: number, layers: number) => {
    const map = c1 === c2 ? x : conv(sub(at, 'conv'), x, c1, c2)
    const tokens = permute(at, flatten(at, map, 2), 0, 2, 1)
    let y = add(at, tokens, linear(sub(at, 'linear'), tokens, c2, c2))
    const units = sub(at, 'tr')
    for (let i = 0; i < layers; i++) y = transformerLayer(sub(units, i), y, c2, heads)
    return reshape(at, permute(at, y, 0, 2, 1), [dim(x, 0), c2, dim(x, 2), dim(x, 3)])
  },
)

export const aifi = block(
  'AIFI',
  'c1:int cm:int=2048 num_heads:int=8 dropout:float=0 act:any=None normalize_before:bool=False',
  'Transformer encoder layer over all positions of a map, with sine positions',
  (at, x, c: number, hidden: number, heads: number, _dropout: number, _act: unknown, before: boolean) => {
    demand(c % 4 === 0, `expects a multiple of 4 channels for its positions and gets ${c}`)
    const tokens = permute(at, flatten(at, x, 2), 0, 2, 1)
    const place = sinePositions(at, x, c)
    const norm = (name: string, y: Tensor): Tensor => layerNorm(sub(at, name), y, c)
    const attend = (y: Tensor): Tensor => {
      const q = add(at, y, place)
      return multiheadAttention(sub(at, 'ma'), q, q, y, c, heads)
    }
    const feed = (y: Tensor): Tensor =>
      linear(sub(at, 'fc2'), activate(sub(at, 'act'), linear(sub(at, 'fc1'), y, c, hidden), GELU), hidden, c)
    const attended = before
      ? add(at, tokens, attend(norm('norm1', tokens)))
      : norm('norm1', add(at, tokens, attend(tokens)))
    const fed = before
      ? add(at, attended, feed(norm('norm2', attended)))
      : norm('norm2', add(at, attended, feed(attended)))
    return reshape(at, permute(at, fed, 0, 2, 1), [dim(x, 0), c, dim(x, 2), dim(x, 3)])
  },
)

/** Linear layers with an activation between them. */
export function mlp(at: Place, x: Tensor, sizes: readonly number[], between: Activation = RELU): Tensor {
  let y = x
  for (let i = 0; i + 1 < sizes.length; i++) {
    y = linear(sub(at, `layers.${i}`), y, sizes[i]!, sizes[i + 1]!)
    if (i + 2 < sizes.length) y = activate(sub(at, 'act'), y, between)
  }
  return y
}

/** The framework multiplies rows and columns by their frequencies each time it runs: two outer products, then sines. */
function sinePositions(at: Place, x: Tensor, c: number): Tensor {
  if (x === null) return null
  const grid = constant(at, 'grid', [positions(x), 1])
  const frequencies = constant(at, 'frequencies', [1, c / 4])
  const rows = matmul(at, grid, frequencies)
  const columns = matmul(at, grid, frequencies)
  const all = cat(at, [rows, rows, columns, columns])
  return reshape(at, all, [1, positions(x), c])
}
