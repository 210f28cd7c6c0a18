import { argument, BadConfig, flag, oneOf, REQUIRED, spell } from './config'
import type { LayerKind } from './define'
import { layoutOf, positive } from './parts'

const RANKS = [1, 2, 3] as const
type Rank = (typeof RANKS)[number]

/** Pooling of Keras (keras/src/layers/pooling): strides default to the pool size, `valid` rounds down. */
export const pooling: readonly LayerKind[] = RANKS.flatMap(rank => [
  pool(rank, 'Max'),
  pool(rank, 'Average'),
  global(rank, 'Max'),
  global(rank, 'Average'),
  adaptive(rank, 'Max'),
  adaptive(rank, 'Average'),
])

function pool(rank: Rank, of: 'Max' | 'Average'): LayerKind {
  return {
    name: `${of}Pooling${rank}D`,
    parameters: {
      pool_size: rank === 1 ? 2 : Array<number>(rank).fill(2),
      strides: null,
      padding: 'valid',
      data_format: null,
      name: null,
    },
    rank: rank + 2,
    caution: config =>
      of === 'Average' && config.pool_size === undefined
        ? new BadConfig('Keras 3 expects a pool_size')
        : config.padding === 'VALID' || config.padding === 'SAME'
          ? new BadConfig(`Keras 3 expects padding in small letters and gets "${config.padding}"`, 'padding')
          : null,
    draw: (config, [x], draw) => {
      const kernel = positive(config, 'pool_size', rank)
      const given = argument(config, 'strides')
      const attributes = {
        kernel,
        stride: given === null || given === undefined ? kernel : positive(config, 'strides', rank),
        dilation: kernel.map(() => 1),
        padding:
          oneOf(config, 'padding', ['valid', 'same']) === 'same'
            ? ('same' as const)
            : kernel.map(() => [0, 0] as const),
        ...layoutOf(config),
      }
      return [draw.op(`${of === 'Max' ? 'max' : 'avg'}_pool${rank}d`, attributes, [x!])]
    },
  }
}

function global(rank: Rank, of: 'Max' | 'Average'): LayerKind {
  return {
    name: `Global${of}Pooling${rank}D`,
    parameters: { data_format: null, keepdims: false },
    rank: rank + 2,
    draw: (config, [x], draw) => {
      const squeeze = !flag(config, 'keepdims')
      const attributes = { size: Array<number>(rank).fill(1), ...layoutOf(config), ...(squeeze ? { squeeze } : {}) }
      return [draw.op(of === 'Max' ? 'adaptive_max_pool' : 'adaptive_avg_pool', attributes, [x!])]
    },
  }
}

function adaptive(rank: Rank, of: 'Max' | 'Average'): LayerKind {
  return {
    name: `Adaptive${of}Pooling${rank}D`,
    parameters: { output_size: REQUIRED, data_format: null },
    rank: rank + 2,
    draw: (config, [x], draw) => {
      const given = argument(config, 'output_size')
      if (given === null || given === undefined)
        throw new BadConfig(`output_size expects whole numbers and gets ${spell(given)}`, 'output_size')
      const attributes = { size: positive(config, 'output_size', rank), ...layoutOf(config) }
      return [draw.op(of === 'Max' ? 'adaptive_max_pool' : 'adaptive_avg_pool', attributes, [x!])]
    },
  }
}
