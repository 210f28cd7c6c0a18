import { type Run, raise } from '../interpreter/run'
import { tuple } from '../interpreter/types'
import { asNumber, asString, PyList, PyTuple, type PyValue } from '../interpreter/values'
import { contracted, productLabels } from '../torch/operations/contract'
import { mapped, promoted, sizesOf } from '../torch/operations/data'
import { equationOf } from '../torch/operations/products'
import { shapeOf, swapLast } from '../torch/operations/shape'
import { PyParameter, PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { bool, Unknown } from '../torch/values'
import { counted, type Row, row, sizesIn, tensorOf } from './define'

/** Matrix products, and functions that take stored weights beside a map. */
export const productRows: readonly Row[] = [
  row(
    'tf.matmul tf.linalg.matmul tf.batch_matmul',
    'a, b, transpose_a=, transpose_b=, adjoint_a=, adjoint_b=, a_is_sparse=, b_is_sparse=',
    (run, args) => {
      const side = (value: PyValue | undefined, flipped: boolean): PyTensor => {
        const x = tensorOf(run, value)
        return flipped ? swapLast(run, 'transpose', x) : x
      }
      const a = side(args.a, bool(args.transpose_a, false) || bool(args.adjoint_a, false))
      return product(run, 'matmul', a, side(args.b, bool(args.transpose_b, false) || bool(args.adjoint_b, false)))
    },
  ),
  row('ops.matmul ops.dot K.dot tf.linalg.matvec', 'x|x1|a, y|x2|b', (run, { x, y }) =>
    product(run, 'matmul', tensorOf(run, x), tensorOf(run, y)),
  ),
  row('K.batch_dot', 'x, y, axes=', (run, { x, y, axes }) => {
    const [a, b] = [tensorOf(run, x), tensorOf(run, y)]
    const given = axes === undefined || axes === null ? null : sizesIn(axes)
    const ranks = [shapeOf(a).length, shapeOf(b).length]
    const at = [given?.[0] ?? ranks[0]! - 1, given?.[1] ?? given?.[0] ?? Math.max(1, ranks[1]! - 2)]
    const positive = at.map((axis, i) => (typeof axis === 'number' && axis < 0 ? axis + ranks[i]! : axis))
    const labels = ranks.map((rank, side) =>
      Array.from({ length: rank }, (_, i) => (i === 0 ? 'N' : i === positive[side] ? 'k' : `${'ab'[side]}${i}`)),
    )
    const output = [...labels[0]!, ...labels[1]!.slice(1)].filter(label => label !== 'k')
    return traceOf(run).op(run, 'einsum', { operands: labels, output }, [a, b], 'batch_dot')
  }),
  row('tf.einsum tf.linalg.einsum ops.einsum', null, (run, _, [equation, ...operands]) => {
    const text = asString(equation ?? null)
    if (text === null) throw new Unknown('the equation is not known')
    const list = operands.map(v => tensorOf(run, v))
    const { operands: labels, output } = equationOf(text, list.length)
    const result = traceOf(run).weighted(run, 'einsum', { operands: labels, output }, list, 'einsum', list)[0]!
    if (sizesOf(result.shape)) result.data = contracted(list, labels, output, result.dtype)
    return counted(run, result, list)
  }),
  row('tf.tensordot ops.tensordot', 'a|x1, b|x2, axes=', (run, { a, b, axes }) => {
    const [x, y] = [tensorOf(run, a), tensorOf(run, b)]
    const [left, right] = [shapeOf(x).length, shapeOf(y).length]
    const count = asNumber(axes ?? 2)
    let pairs: [number[], number[]]
    if (count !== null) {
      const last = Array.from({ length: count }, (_, i) => left - count + i)
      pairs = [last, last.map((_, i) => i)]
    } else if (axes instanceof PyList || axes instanceof PyTuple) {
      pairs = axes.items.map(v => sizesIn(v) ?? []) as [number[], number[]]
    } else throw new Unknown('the axes of this product are not known')
    const of = (rank: number, side: 0 | 1): string[] =>
      Array.from({ length: rank }, (_, i) => {
        const at = pairs[side].findIndex(axis => (axis < 0 ? axis + rank : axis) === i)
        return at < 0 ? `${'ab'[side]}${i}` : `k${at}`
      })
    const labels = [of(left, 0), of(right, 1)]
    const output = labels.flat().filter(label => !label.startsWith('k'))
    return traceOf(run).op(run, 'einsum', { operands: labels, output }, [x, y], 'tensordot')
  }),
  row(
    'tf.nn.bias_add tf.compat.v1.nn.bias_add K.bias_add',
    'value|x, bias, data_format=',
    (run, { value, bias, data_format }) => {
      const [x, b] = [tensorOf(run, value), tensorOf(run, bias)]
      const first = /^(NC[DHW]+|channels_first)$/.test(asString(data_format ?? null) ?? '')
      const at = first ? 1 : (x.shape?.length ?? 1) - 1
      const [channels, own] = [x.shape?.[at], b.shape?.[0]]
      if (typeof channels === 'number' && typeof own === 'number' && channels !== own)
        return raise('ValueError', `bias_add: the bias has ${own} numbers and the value ${channels} channels`)
      const shape = first && x.shape ? [own ?? null, ...Array<number>(x.shape.length - 2).fill(1)] : null
      const inputs = shape ? [x] : [x, b]
      const result = traceOf(run).weighted(
        run,
        'elementwise',
        { function: 'add', ...(shape ? { keepsFirst: true } : {}) },
        inputs,
        'bias_add',
        [b],
      )[0]!
      if (!shape) result.data = mapped([x, b], result.shape, x.dtype, (n, m) => n! + m!)
      return counted(run, result, [b])
    },
  ),
  row(
    'tf.nn.batch_normalization ops.batch_normalization K.batch_normalization',
    'x, mean, variance, offset=|axis|beta, scale=|gamma, variance_epsilon=|epsilon',
    (run, args) => batchNorm(run, args.x, [args.mean, args.variance, args.offset, args.scale], 'batch_normalization'),
  ),
  row(
    'tf.nn.fused_batch_norm tf.compat.v1.nn.fused_batch_norm',
    'x, scale, offset, mean=, variance=, epsilon=, data_format=, is_training=',
    (run, args) => {
      const weights = [args.mean, args.variance, args.offset, args.scale]
      const y = batchNorm(run, args.x, weights, 'fused_batch_norm')
      const channels = y.shape?.at(-1) ?? null
      return tuple([y, traceOf(run).constant([channels]), traceOf(run).constant([channels])])
    },
  ),
  row(
    'tf.nn.local_response_normalization tf.nn.lrn',
    'input, depth_radius=, bias=, alpha=, beta=',
    (run, { input, depth_radius }) => {
      const size = 2 * (asNumber(depth_radius ?? null) ?? 5) + 1
      return traceOf(run).op(
        run,
        'local_response_norm',
        { size },
        [tensorOf(run, input)],
        'local_response_normalization',
      )
    },
  ),
]

/** A product whose stored side counts as the op's weights. */
function product(run: Run, name: string, a: PyTensor, b: PyTensor): PyTensor {
  const stored = [a, b].filter(t => t instanceof PyParameter)
  const result = stored.length
    ? traceOf(run).weighted(run, 'matmul', {}, [a, b], name, stored)[0]!
    : traceOf(run).op(run, 'matmul', {}, [a, b], name)
  result.dtype = promoted([a, b])
  if (a.data && b.data && sizesOf(result.shape)) {
    const { labels, output } = productLabels(shapeOf(a).length, shapeOf(b).length)
    result.data = contracted([a, b], labels, output, result.dtype)
  }
  return counted(run, result, stored)
}

function batchNorm(
  run: Run,
  value: PyValue | undefined,
  given: readonly (PyValue | undefined)[],
  name: string,
): PyTensor {
  const x = tensorOf(run, value)
  const weights = given.filter((v): v is PyTensor => v instanceof PyTensor)
  const size = weights.map(w => w.shape?.at(-1)).find(n => typeof n === 'number')
  const attributes = {
    channels: typeof size === 'number' ? size : null,
    axis: -1,
    scale: given[3] instanceof PyTensor,
    shift: given[2] instanceof PyTensor,
    statistics: 'none',
  } as const
  return counted(run, traceOf(run).weighted(run, 'batch_norm', attributes, [x], name, weights)[0]!, weights)
}
