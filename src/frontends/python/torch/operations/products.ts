import type { Einsum } from '../../../../core/ops/einsum'
import { type Run, raise } from '../../interpreter/run'
import { asNumber, asString, PyList, PyTuple } from '../../interpreter/values'
import { PyParameter, PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { bool, tensor, Unknown } from '../values'
import { contracted, productLabels } from './contract'
import { promoted, sizesOf } from './data'
import { type Operation, operation } from './define'
import { computed } from './gather'
import { tensorList } from './join'
import { BINARY, elementwise } from './pointwise'
import { shapeOf, swapLast, unsqueezed } from './shape'

/** Products of matrices, linear layers as functions, attention. */
export const productOperations: readonly Operation[] = [
  ...['matmul', 'mm', 'bmm', 'dot', 'mv', 'inner', 'vdot', 'linalg_matmul'].map(name =>
    operation(name, 'torch method', null, (run, named, args) => {
      const [a, b] = [
        tensor(args[0] ?? named.input),
        tensor(args[1] ?? named.other ?? named.mat2 ?? named.vec ?? named.tensor),
      ]
      const rank = { mm: 2, bmm: 3 }[name]
      if (rank && [a, b].some(t => t.shape !== null && t.shape.length !== rank))
        raise(
          'RuntimeError',
          rank === 2 ? 'mat1 and mat2 must be 2-dimensional' : 'batch1 and batch2 must be 3D tensors',
        )
      return product(run, name, a, name === 'inner' && shapeOf(b).length > 1 ? swapLast(run, 'transpose', b) : b)
    }),
  ),
  ...['addmm', 'baddbmm', 'addmv', 'addbmm'].map(name =>
    operation(name, 'torch method', 'input, a, b, *, beta=, alpha=, out=', (run, { input, a, b }) =>
      traceOf(run).composite(run, name, [tensor(input), tensor(a), tensor(b)], () => {
        const all = product(run, 'matmul', tensor(a), tensor(b))
        return elementwise(run, 'add', [tensor(input), all], null)
      }),
    ),
  ),
  ...['outer', 'ger'].map(name =>
    operation(name, 'torch method', 'input, vec2', (run, { input, vec2 }) => {
      const [a, b] = [tensor(input), tensor(vec2)]
      return elementwise(run, name, [unsqueezed(run, a, 1), unsqueezed(run, b, 0)], BINARY.mul!)
    }),
  ),
  operation('einsum', 'torch', null, (run, named, [equation, ...operands]) => {
    const text = asString(equation ?? named.equation ?? null)
    if (text === null) throw new Unknown('the equation is not known')
    const [only] = operands
    const list = only instanceof PyList || only instanceof PyTuple ? tensorList(run, only) : operands.map(tensor)
    const attributes = equationOf(text, list.length)
    return einsum(run, attributes, list, 'einsum')
  }),
  operation('linear', 'functional', 'input, weight, bias=', (run, { input, weight, bias }) =>
    linear(run, tensor(input), tensor(weight), bias instanceof PyTensor ? bias : null),
  ),
  operation(
    'bilinear',
    'torch functional',
    'input1, input2, weight, bias=',
    (run, { input1, input2, weight, bias }) => {
      const [a, b, w] = [tensor(input1), tensor(input2), tensor(weight)]
      const [outFeatures, in1Features, in2Features] = numbersOf(w)
      const given = bias instanceof PyTensor ? bias : null
      const attributes = {
        in1Features: in1Features!,
        in2Features: in2Features!,
        outFeatures: outFeatures!,
        bias: given !== null,
      }
      return traceOf(run).weighted(run, 'bilinear', attributes, [a, b, ...computedWeights([w, given])], 'bilinear', [
        w,
        given,
      ])[0]!
    },
  ),
  operation(
    'scaled_dot_product_attention',
    'functional',
    'query, key, value, attn_mask=, dropout_p=, is_causal=, *, scale=, enable_gqa=',
    (run, args) => {
      const [query, key, value] = [tensor(args.query), tensor(args.key), tensor(args.value)]
      const grouped = bool(args.enable_gqa, false)
      const heads = query.shape?.at(-3)
      const spread = (x: PyTensor): PyTensor =>
        grouped && x.shape
          ? computed(
              run,
              'repeat_interleave',
              [x],
              x.shape.map((d, i) => (i === x.shape!.length - 3 ? (heads ?? null) : d)),
            )
          : x
      return traceOf(run).op(run, 'attention', {}, [query, spread(key), spread(value)], 'scaled_dot_product_attention')
    },
  ),
  operation('cdist', 'torch', 'x1, x2, p=, compute_mode=', (run, { x1, x2 }) => {
    const [a, b] = [tensor(x1), tensor(x2)]
    const shape = [...shapeOf(a).slice(0, -1), shapeOf(b).at(-2) ?? null]
    return traceOf(run).op(run, 'compute', { function: 'cdist', shapes: [shape], operations: 2 }, [a, b], 'cdist')
  }),
  operation('cross', 'torch method', 'input, other, dim=', (run, { input, other }) =>
    elementwise(run, 'cross', [tensor(input), tensor(other)], null),
  ),
  operation('kron', 'torch method', 'input, other', (run, { input, other }) => {
    const [a, b] = [shapeOf(tensor(input)), shapeOf(tensor(other))]
    const sizes = a.map((d, i) => {
      const with_ = b[i - a.length + b.length]
      return typeof d === 'number' && typeof with_ === 'number' ? d * with_ : null
    })
    return computed(run, 'kron', [tensor(input), tensor(other)], a.length === b.length ? sizes : null)
  }),
  ...['matrix_power', 'inverse', 'pinverse', 'cholesky', 'matrix_exp'].map(name =>
    operation(name, 'torch method', null, (run, _, [input]) => {
      const x = tensor(input)
      return computed(run, name, [x], name === 'pinverse' ? shapeOf(swapLast(run, name, x)) : x.shape)
    }),
  ),
  operation('trace', 'torch method', 'input', (run, { input }) => computed(run, 'trace', [tensor(input)], [])),
  ...['det', 'logdet'].map(name =>
    operation(name, 'torch method', 'input', (run, { input }) =>
      computed(run, name, [tensor(input)], shapeOf(tensor(input)).slice(0, -2)),
    ),
  ),
  operation('tensordot', 'torch', 'a, b, dims=', (run, { a, b, dims }) => {
    const [x, y] = [tensor(a), tensor(b)]
    const count = asNumber(dims ?? 2)
    if (count === null) throw new Unknown('the axes of this product are not known')
    const labels = (n: number, from: number): string[] => Array.from({ length: n }, (_, i) => `a${from + i}`)
    const left = labels(shapeOf(x).length, 0)
    const shared = left.slice(left.length - count)
    const right = [...shared, ...labels(shapeOf(y).length - count, left.length)]
    const output = [...left.slice(0, left.length - count), ...right.slice(count)]
    return einsum(run, { operands: [left, right], output }, [x, y], 'tensordot')
  }),
  operation('chain_matmul', 'torch', null, (run, _, args) =>
    args.map(tensor).reduce((a, b) => product(run, 'matmul', a, b)),
  ),
]

function einsum(run: Run, { operands, output }: Einsum, list: readonly PyTensor[], name: string): PyTensor {
  const result = traceOf(run).op(run, 'einsum', { operands, output }, list, name)
  if (sizesOf(result.shape)) result.data = contracted(list, operands, output, result.dtype)
  return result
}

/** A matrix product, with its numbers where they are small and known. */
export function product(run: Run, name: string, a: PyTensor, b: PyTensor): PyTensor {
  const result = traceOf(run).op(run, 'matmul', {}, [a, b], name)
  result.dtype = promoted([a, b])
  if (a.data && b.data && sizesOf(result.shape)) {
    const { labels, output } = productLabels(shapeOf(a).length, shapeOf(b).length)
    result.data = contracted([a, b], labels, output, result.dtype)
  }
  return result
}

/** A linear layer with a weight of the program: its own parameters count for the module that registered them. */
export function linear(run: Run, x: PyTensor, weight: PyTensor, bias: PyTensor | null): PyTensor {
  const [outFeatures, inFeatures] = numbersOf(weight)
  if (shapeOf(weight).length !== 2) throw new Unknown('the weight is no matrix')
  const attributes = { inFeatures: inFeatures!, outFeatures: outFeatures!, bias: bias !== null }
  const inputs = [x, ...computedWeights([weight, bias])]
  const result = traceOf(run).weighted(run, 'linear', attributes, inputs, 'linear', [weight, bias])[0]!
  if (bias === null && x.data && sizesOf(result.shape)) {
    const rows = shapeOf(x)
      .slice(1)
      .map((_, i) => `r${i}`)
    result.data = contracted(
      [x, weight],
      [
        [...rows, 'k'],
        ['j', 'k'],
      ],
      [...rows, 'j'],
      result.dtype,
    )
  }
  return result
}

/** Weights that were computed are inputs of the op; parameters are what it stores. */
export const computedWeights = (weights: readonly (PyTensor | null)[]): PyTensor[] =>
  weights.filter((w): w is PyTensor => w !== null && !(w instanceof PyParameter))

/** The sizes of a weight; null for those that are not known. */
export const numbersOf = (weight: PyTensor): (number | null)[] =>
  shapeOf(weight).map(d => (typeof d === 'number' ? d : null))

/** `bhid,bhjd->bhij`; without an arrow the labels that occur once, sorted. */
export function equationOf(equation: string, count: number): Einsum {
  const [left, right] = equation.replaceAll(/\s/g, '').split('->')
  const labels = (term: string): string[] => term.match(/\.\.\.|[A-Za-z]/g) ?? []
  const operands = left!.split(',').map(labels)
  if (operands.length !== count)
    raise('RuntimeError', `einsum(): more operands were provided than specified in the equation`)
  if (right !== undefined) return { operands, output: labels(right) }
  const all = operands.flat()
  const once = [...new Set(all)].filter(l => l !== '...' && all.filter(o => o === l).length === 1).sort()
  return { operands, output: all.includes('...') ? ['...', ...once] : once }
}
