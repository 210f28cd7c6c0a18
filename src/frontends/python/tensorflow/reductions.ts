import { resolveAxis } from '../../../core/shape'
import type { Run } from '../interpreter/run'
import { tuple } from '../interpreter/types'
import { isUnknown, type PyValue } from '../interpreter/values'
import { reduced } from '../torch/operations/reduce'
import { shapeOf } from '../torch/operations/shape'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { bool, dim, int, Unknown } from '../torch/values'
import { type Row, row, sizesIn, tensorOf } from './define'

type Fold = (numbers: readonly number[]) => number
const sum: Fold = n => n.reduce((a, b) => a + b, 0)

/** Functions that fold axes: TensorFlow's name, that of keras.ops, and what becomes of small constants. */
const FOLDS: readonly (readonly [string, string, Fold | null])[] = [
  ['reduce_sum', 'sum', sum],
  ['reduce_mean', 'mean', n => sum(n) / n.length],
  ['reduce_max', 'max', n => Math.max(...n)],
  ['reduce_min', 'min', n => Math.min(...n)],
  ['reduce_prod', 'prod', n => n.reduce((a, b) => a * b, 1)],
  ['reduce_any', 'any', n => (n.some(Boolean) ? 1 : 0)],
  ['reduce_all', 'all', n => (n.every(Boolean) ? 1 : 0)],
  ['reduce_logsumexp', 'logsumexp', null],
  ['reduce_std', 'std', null],
  ['reduce_variance', 'var', null],
  ['reduce_euclidean_norm', 'norm', null],
  ['count_nonzero', 'count_nonzero', n => n.filter(Boolean).length],
]

export const reductionRows: readonly Row[] = [
  ...FOLDS.map(([tf, name, f]) =>
    row(
      `tf.${tf} tf.math.${tf} ops.${name} K.${name}`,
      'x|input_tensor|input|tensor, axis=|reduction_indices, keepdims=|keep_dims, initial=',
      (run, { x, axis, keepdims }) => folded(run, name, tensorOf(run, x), axis, bool(keepdims, false), f),
    ),
  ),
  row('tf.norm tf.linalg.norm ops.norm', 'x|tensor, ord=, axis=, keepdims=', (run, { x, axis, keepdims }) =>
    folded(run, 'norm', tensorOf(run, x), axis, bool(keepdims, false), null),
  ),
  ...['argmax', 'argmin'].map(name =>
    row(
      `tf.${name} tf.math.${name} tf.compat.v1.${name} ops.${name} K.${name} tf.${name.replace('arg', 'arg_')} tf.compat.v1.${name.replace('arg', 'arg_')}`,
      'x|input, axis=|dimension, output_type=|keepdims',
      (run, { x, axis }) => {
        const input = tensorOf(run, x)
        const f: Fold = n => n.indexOf(name === 'argmax' ? Math.max(...n) : Math.min(...n))
        // TensorFlow folds the first axis where none is named.
        return folded(run, name, input, axis ?? 0, false, f)
      },
    ),
  ),
  ...['cumsum', 'cumprod', 'sort', 'argsort'].map(name =>
    row(
      `tf.${name} tf.math.${name} ops.${name} K.${name}`,
      'x|values, axis=, exclusive=|direction, reverse=|stable',
      (run, { x }) => {
        const input = tensorOf(run, x)
        return traceOf(run).op(run, 'compute', { function: name, shapes: [input.shape], operations: 1 }, [input], name)
      },
    ),
  ),
  row('tf.nn.moments ops.moments', 'x, axes|axis, shift=, keepdims=|keep_dims|synchronized', (run, args) => {
    const x = tensorOf(run, args.x)
    const one = (name: string): PyTensor => folded(run, name, x, args.axes, bool(args.keepdims, false), null)
    return tuple([one('mean'), one('var')])
  }),
  row('tf.nn.top_k tf.math.top_k ops.top_k', 'x|input, k=, sorted=', (run, { x, k }) => {
    const input = tensorOf(run, x)
    const shape = [...shapeOf(input).slice(0, -1), k === undefined ? 1 : dim(k)]
    const made = traceOf(run).ops(
      run,
      'compute',
      { function: 'top_k', shapes: [shape, shape], operations: 1 },
      [input],
      'top_k',
    )
    made[1]!.dtype = 'int32'
    return tuple(made)
  }),
  ...['l2_normalize', 'l2_norm', 'normalize'].map(name =>
    row(`tf.nn.${name} tf.math.${name} tf.linalg.${name} ops.${name} K.${name}`, null, (run, named, args) => {
      const input = tensorOf(run, args[0] ?? named.x ?? named.tensor ?? null)
      return traceOf(run).op(run, 'compute', { function: name, shapes: [input.shape], operations: 3 }, [input], name)
    }),
  ),
]

/** Folds axes; those that are not known leave the rank unknown. */
function folded(
  run: Run,
  name: string,
  x: PyTensor,
  axis: PyValue | undefined,
  keep: boolean,
  f: Fold | null,
): PyTensor {
  if (axis !== undefined && axis !== null && isUnknown(axis)) throw new Unknown(axis.reason)
  const given =
    axis instanceof PyTensor ? (axis.data?.length === 1 ? axis.data[0]! : tuple([...(axis.data ?? [])])) : axis
  const axes = given === undefined || given === null ? null : (sizesIn(given) ?? [int(given)])
  if (axes?.length === 0) return x
  const rank = x.shape?.length
  if (axes && rank !== undefined && axes.some(a => typeof a !== 'number' || resolveAxis(a, Math.max(rank, 1)) === null))
    throw new Unknown('the axes are not known')
  const named = axes ? tuple(axes.map(a => a as number)) : undefined
  return reduced(run, name, x, named, keep, f)
}
