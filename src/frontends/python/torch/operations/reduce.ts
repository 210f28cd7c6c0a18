import { resolveAxis, type Shape } from '../../../../core/shape'
import type { Run } from '../../interpreter/run'
import { native, nativeClass, propertyClass, tuple, tupleClass } from '../../interpreter/types'
import { PyProperty, PyTuple, type PyValue } from '../../interpreter/values'
import type { PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { axes, bool, dim as dimension, int, tensor, Unknown } from '../values'
import { dtypeOf } from './creation'
import { folded, isFloating } from './data'
import { type Operation, operation } from './define'
import { elementwise } from './pointwise'
import { axis, shapeOf } from './shape'

type Fold = (numbers: readonly number[]) => number

const sum: Fold = n => n.reduce((a, b) => a + b, 0)
const mean: Fold = n => sum(n) / n.length

/** Functions that fold axes to one number each, and what they make of small constants. */
const FOLDS: Readonly<Record<string, Fold | null>> = {
  sum,
  mean,
  nansum: sum,
  nanmean: mean,
  prod: n => n.reduce((a, b) => a * b, 1),
  amax: n => Math.max(...n),
  amin: n => Math.min(...n),
  any: n => (n.some(Boolean) ? 1 : 0),
  all: n => (n.every(Boolean) ? 1 : 0),
  logsumexp: null,
  count_nonzero: n => n.filter(Boolean).length,
  norm: null,
  std: null,
  var: null,
  nanmedian: null,
  argmax: n => n.indexOf(Math.max(...n)),
  argmin: n => n.indexOf(Math.min(...n)),
}

/** Functions that give values and their positions when an axis is named. */
const PAIRS: Readonly<Record<string, Fold | null>> = {
  max: n => Math.max(...n),
  min: n => Math.min(...n),
  median: n => [...n].sort((a, b) => a - b)[(n.length - 1) >> 1]!,
  mode: null,
  nanmedian: null,
}

const NAMED = 'input, dim=, keepdim=, *, dtype=, axis=, unbiased=, correction=, p=, out='

/** Functions that fold axes, sort and add up along them. */
export const reduceOperations: readonly Operation[] = [
  ...Object.entries(FOLDS).map(([name, f]) =>
    operation(name, 'torch method', SIGNATURES()[name] ?? NAMED, (run, args) =>
      reduced(run, name, tensor(args.input), args.dim ?? args.axis, bool(args.keepdim, false), f, args.dtype),
    ),
  ),
  ...Object.entries(PAIRS).map(([name, f]) =>
    operation(name, 'torch method', 'input, dim=, keepdim=, *, other=, axis=, out=', (run, args) => {
      const x = tensor(args.input)
      const second = args.dim ?? args.axis ?? args.other
      if (typeof second === 'object' && second !== null && 'value' in second && 'shape' in second) {
        return elementwise(
          run,
          name,
          [x, second],
          name === 'max' ? (a, b) => Math.max(a!, b!) : (a, b) => Math.min(a!, b!),
        )
      }
      const result = reduced(run, name, x, second, bool(args.keepdim, false), f)
      return second === undefined || second === null ? result : withPositions(run, result)
    }),
  ),
  ...['std_mean', 'var_mean'].map(name =>
    operation(name, 'torch', NAMED, (run, args) => {
      const [first, second] = name.split('_') as [string, string]
      const one = (kind: string): PyTensor =>
        reduced(run, kind, tensor(args.input), args.dim ?? args.axis, bool(args.keepdim, false), null)
      return tuple([one(first), one(second)])
    }),
  ),
  operation('aminmax', 'torch method', 'input, *, dim=, keepdim=', (run, args) => {
    const x = tensor(args.input)
    const one = (kind: string): PyTensor => reduced(run, kind, x, args.dim, bool(args.keepdim, false), null)
    return tuple([one('amin'), one('amax')])
  }),
  ...['quantile', 'nanquantile'].map(name =>
    operation(name, 'torch method', 'input, q, dim=, keepdim=, *, interpolation=', (run, args) => {
      const q = args.q ?? null
      const result = reduced(run, name, tensor(args.input), args.dim, bool(args.keepdim, false), null)
      if (typeof q !== 'object' || q === null || !('shape' in q)) return result
      const count = (q as PyTensor).shape
      return count === null ? result : made(run, name, [result], [[...count, ...shapeOf(result)]])[0]!
    }),
  ),
  operation('topk', 'torch method', 'input, k, dim=, largest=, sorted=', (run, { input, k, dim }) => {
    const x = tensor(input)
    const shape = resized(x, int(dim, -1), dimension(k!))
    return pair(made(run, 'topk', [x], [shape, shape]))
  }),
  operation('kthvalue', 'torch method', 'input, k, dim=, keepdim=', (run, { input, dim, keepdim }) =>
    withPositions(run, reduced(run, 'kthvalue', tensor(input), int(dim, -1), bool(keepdim, false), null)),
  ),
  ...['sort', 'cummax', 'cummin'].map(name =>
    operation(name, 'torch method', 'input, dim=, descending=, stable=', (run, { input }) => {
      const x = tensor(input)
      return pair(made(run, name, [x], [x.shape, x.shape]))
    }),
  ),
  ...['argsort', 'msort'].map(name =>
    operation(name, 'torch method', 'input, dim=, descending=, stable=', (run, { input }) => {
      const x = tensor(input)
      const [result] = made(run, name, [x], [x.shape])
      if (name === 'argsort') result!.dtype = 'int64'
      return result!
    }),
  ),
  ...['cumsum', 'cumprod', 'logcumsumexp'].flatMap(name =>
    [name, `${name}_`].map(spelled =>
      operation(spelled, 'torch method', 'input, dim, *, dtype=, axis=', (run, { input, dim, dtype }) => {
        const x = tensor(input)
        const [result] = made(run, name, [x], [x.shape])
        if (dtype) result!.dtype = dtypeOf(dtype, result!.dtype)
        else if (x.dtype === 'bool') result!.dtype = 'int64'
        const at = int(dim)
        if (x.data && x.shape?.length === 1 && name !== 'logcumsumexp' && (at === 0 || at === -1)) {
          let total = name === 'cumsum' ? 0 : 1
          result!.data = x.data.map(n => (total = name === 'cumsum' ? total + n : total * n))
        }
        return spelled.endsWith('_') ? x.become(result!) : result!
      }),
    ),
  ),
  operation('diff', 'torch method', 'input, n=, dim=, prepend=, append=', (run, { input, n, dim, prepend, append }) => {
    const x = tensor(input)
    const at = axis(int(dim, -1), shapeOf(x).length)
    const size = shapeOf(x)[at]!
    const times = int(n, 1)
    if (prepend != null || append != null) return made(run, 'diff', [x], [resized(x, at, null)])[0]!
    const [result] = made(
      run,
      'diff',
      [x],
      [resized(x, at, typeof size === 'number' ? Math.max(0, size - times) : null)],
    )
    const { data } = x
    if (data && shapeOf(x).length === 1 && times === 1) result!.data = data.slice(1).map((v, i) => v - data[i]!)
    return result!
  }),
  operation('renorm', 'torch method', 'input, p, dim, maxnorm', (run, { input }) => same(run, 'renorm', tensor(input))),
  operation('normalize', 'functional', 'input, p=, dim=, eps=, out=', (run, { input }) =>
    same(run, 'normalize', tensor(input), 3),
  ),
  ...['cosine_similarity', 'pairwise_distance'].map(name =>
    operation(
      name,
      name === 'cosine_similarity' ? 'torch functional' : 'torch functional',
      'x1, x2, dim=, eps=, p=, keepdim=',
      (run, args) => {
        const both = elementwise(run, 'mul', [tensor(args.x1), tensor(args.x2)], null)
        return reduced(
          run,
          name,
          both,
          int(args.dim, name === 'cosine_similarity' ? 1 : -1),
          bool(args.keepdim, false),
          null,
        )
      },
    ),
  ),
  operation('dist', 'torch method', 'input, other, p=', (run, { input, other }) =>
    reduced(run, 'dist', elementwise(run, 'sub', [tensor(input), tensor(other)], null), undefined, false, null),
  ),
  ...['equal', 'allclose'].map(name =>
    operation(name, 'torch method', 'input, other, rtol=, atol=, equal_nan=', (_, { input, other }) => {
      const [a, b] = [tensor(input), tensor(other)]
      if (!a.data || !b.data) throw new Unknown('the values of these tensors are not known')
      return a.data.length === b.data.length && a.data.every((n, i) => n === b.data![i])
    }),
  ),
]

function SIGNATURES(): Readonly<Record<string, string>> {
  return {
    norm: 'input, p=, dim=, keepdim=, out=, dtype=, *, axis=',
    std: 'input, dim=, unbiased=, keepdim=, *, correction=, axis=, out=',
    var: 'input, dim=, unbiased=, keepdim=, *, correction=, axis=, out=',
  }
}

/** Folds axes: all where `dim` is left out. */
export function reduced(
  run: Run,
  name: string,
  x: PyTensor,
  dim: PyValue | undefined,
  keep: boolean,
  f: Fold | null,
  dtype?: PyValue,
): PyTensor {
  // std and var take `unbiased` in the place of `dim`.
  const named = typeof dim === 'boolean' ? null : axes(dim)
  const rank = x.shape?.length ?? null
  if (named && rank !== null) for (const a of named) axis(a, Math.max(rank, 1))
  const all = named === null || named.length === 0
  const scalarOnAxis = rank === 0 && named !== null
  const result = traceOf(run).op(
    run,
    'reduce',
    { function: name, ...(all || scalarOnAxis ? {} : { axes: named }), ...(keep ? { keep } : {}) },
    [x],
    name,
  )
  result.dtype = dtype ? dtypeOf(dtype, x.dtype) : typeAfter(name, x.dtype)
  if (f && rank !== null) {
    const positions = all ? Array.from({ length: rank }, (_, i) => i) : named.map(a => resolveAxis(a, rank) ?? 0)
    const flat = (name === 'argmax' || name === 'argmin') && positions.length > 1 && x.data
    result.data = flat ? [f(x.data!)] : folded(x, positions, result.dtype, f)
  }
  return result
}

function typeAfter(name: string, dtype: string): string {
  if (/^arg|count_nonzero/.test(name)) return 'int64'
  if (name === 'any' || name === 'all') return 'bool'
  if (/^(sum|prod|nansum)$/.test(name)) return isFloating(dtype) ? dtype : 'int64'
  if (/^(mean|std|var|norm|logsumexp)/.test(name)) return isFloating(dtype) ? dtype : 'float32'
  return dtype
}

/** The shape with another size along an axis. */
function resized(x: PyTensor, at: number, size: Shape[number]): Shape {
  const shape = shapeOf(x)
  const place = axis(at, Math.max(1, shape.length))
  return shape.map((d, i) => (i === place ? size : d))
}

const made = (run: Run, name: string, inputs: readonly PyTensor[], shapes: readonly (Shape | null)[]): PyTensor[] =>
  traceOf(run).ops(run, 'compute', { function: name, shapes, operations: 1 }, inputs, name)

const same = (run: Run, name: string, x: PyTensor, operations = 1): PyTensor =>
  traceOf(run).op(run, 'compute', { function: name, shapes: [x.shape], operations }, [x], name)

/** What functions give that return values and positions: a tuple with names. */
const pairClass = nativeClass('return_types', [tupleClass], 'torch')
for (const [i, name] of ['values', 'indices'].entries()) {
  pairClass.dict.set(
    name,
    new PyProperty(
      propertyClass,
      native(name, (_, [self]) => (self instanceof PyTuple ? self.items[i]! : null)),
    ),
  )
}

function pair([values, indices]: readonly PyTensor[]): PyTuple {
  indices!.dtype = 'int64'
  return new PyTuple(pairClass, [values!, indices!])
}

function withPositions(run: Run, values: PyTensor): PyTuple {
  const indices = traceOf(run).constant(values.shape, 'int64')
  indices.value = values.value
  indices.constant = values.constant
  return pair([values, indices])
}
