import { raise } from '../../interpreter/run'
import { tuple } from '../../interpreter/types'
import { type PyClass, PyList, PyTuple, type PyValue } from '../../interpreter/values'
import { callLayer } from '../module'
import { PyTensor } from '../tensor'
import { bool, dims, each, float, Unknown } from '../values'
import { adaptiveOf, poolingOf, unpoolingOf } from '../windows'
import { input, keeps, kept, layerClass } from './define'

const RANKS = [1, 2, 3] as const
const GEOMETRY = 'kernel_size stride padding dilation ceil_mode'

/** A pooled tensor alone, or with the positions that it was taken from. */
export const withIndices = (pooled: PyTensor, wanted: boolean): PyValue =>
  wanted ? tuple([pooled, new PyTensor(pooled.value, 'int64')]) : pooled

const maxPools = RANKS.map(rank =>
  layerClass(`MaxPool${rank}d`, {
    signature: 'kernel_size, stride=, padding=, dilation=, return_indices=, ceil_mode=',
    init: (run, self, args) =>
      keeps({ padding: 0, dilation: 1, return_indices: false, ceil_mode: false })(run, self, {
        ...args,
        stride: args.stride ?? args.kernel_size,
      }),
    forward: (run, self, args) => {
      const [pooled] = callLayer(run, self, `max_pool${rank}d`, poolingOf(kept(run, self, GEOMETRY), rank), [
        input(args),
      ])
      return withIndices(pooled!, bool(kept(run, self, 'return_indices').return_indices, false))
    },
  }),
)

const averagePools = RANKS.map(rank =>
  layerClass(`AvgPool${rank}d`, {
    signature: 'kernel_size, stride=, padding=, ceil_mode=, count_include_pad=, divisor_override=',
    init: (run, self, args) =>
      keeps({ padding: 0, ceil_mode: false, count_include_pad: true, divisor_override: null })(run, self, {
        ...args,
        stride: args.stride ?? args.kernel_size,
      }),
    forward: (run, self, args) =>
      callLayer(run, self, `avg_pool${rank}d`, poolingOf(kept(run, self, GEOMETRY), rank), [input(args)])[0]!,
  }),
)

/** Power-average pooling has the geometry of average pooling without padding. */
const powerPools = RANKS.map(rank =>
  layerClass(`LPPool${rank}d`, {
    signature: 'norm_type, kernel_size, stride=, ceil_mode=',
    init: keeps({ stride: null, ceil_mode: false }),
    forward: (run, self, args) =>
      callLayer(run, self, `avg_pool${rank}d`, poolingOf(kept(run, self, `${GEOMETRY} norm_type`), rank), [
        input(args),
      ])[0]!,
  }),
)

const adaptivePools = RANKS.flatMap(rank =>
  (['Avg', 'Max'] as const).map(kind =>
    layerClass(`Adaptive${kind}Pool${rank}d`, {
      signature: kind === 'Max' ? 'output_size, return_indices=' : 'output_size',
      init: keeps(kind === 'Max' ? { return_indices: false } : {}),
      forward: (run, self, args) => {
        const { output_size, return_indices } = kept(run, self, 'output_size return_indices')
        const op = kind === 'Avg' ? 'adaptive_avg_pool' : 'adaptive_max_pool'
        const [pooled] = callLayer(run, self, op, adaptiveOf(output_size, rank), [input(args)])
        return withIndices(pooled!, kind === 'Max' && bool(return_indices, false))
      },
    }),
  ),
)

const fractionalPools = ([2, 3] as const).map(rank =>
  layerClass(`FractionalMaxPool${rank}d`, {
    signature: 'kernel_size, output_size=, output_ratio=, return_indices=, _random_samples=',
    init: (run, self, args) => {
      if (args.output_size == null && args.output_ratio == null) {
        raise('ValueError', `FractionalMaxPool${rank}d requires specifying either an output size, or a pooling ratio`)
      }
      keeps({ output_size: null, output_ratio: null, return_indices: false })(run, self, args)
    },
    forward: (run, self, args) => {
      const x = input(args)
      const { output_size, output_ratio, return_indices } = kept(run, self, 'output_size output_ratio return_indices')
      const ratios = output_ratio == null ? null : numbers(output_ratio, rank)
      const size = ratios
        ? ratios.map((ratio, i) => {
            const full = x.shape?.at(i - rank)
            if (typeof full !== 'number') throw new Unknown('the size of the input is not known')
            return Math.floor(full * ratio)
          })
        : each(output_size, rank, 1)
      const [pooled] = callLayer(run, self, 'adaptive_max_pool', { size }, [x])
      return withIndices(pooled!, bool(return_indices, false))
    },
  }),
)

const numbers = (value: PyValue, rank: number): number[] =>
  value instanceof PyTuple || value instanceof PyList
    ? value.items.map(v => float(v, 1))
    : Array(rank).fill(float(value, 1))

const unpools = RANKS.map(rank =>
  layerClass(`MaxUnpool${rank}d`, {
    signature: 'kernel_size, stride=, padding=',
    init: (run, self, args) => keeps({ padding: 0 })(run, self, { ...args, stride: args.stride ?? args.kernel_size }),
    forwardSignature: 'input, indices, output_size=',
    forward: (run, self, args) => {
      const x = input(args)
      const given = args.output_size == null ? null : dims(run, [args.output_size])
      const attributes = unpoolingOf(kept(run, self, GEOMETRY), x.shape, given, rank)
      return callLayer(run, self, 'interpolate', attributes, [x])[0]!
    },
  }),
)

/** Pooling of torch.nn (torch/nn/modules/pooling.py, adaptive.py). */
export const pooling: readonly PyClass[] = [
  ...maxPools,
  ...averagePools,
  ...powerPools,
  ...adaptivePools,
  ...fractionalPools,
  ...unpools,
]
