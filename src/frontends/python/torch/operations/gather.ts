import { type Dim, mulDim } from '../../../../core/dim'
import { product, type Shape } from '../../../../core/shape'
import { type Run, raise } from '../../interpreter/run'
import { tuple } from '../../interpreter/types'
import { asInt } from '../../interpreter/values'
import { PyParameter, PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { axes, bool, dim as dimension, dims, int, tensor } from '../values'
import { MAX_ELEMENTS, moved, sizesOf } from './data'
import { type Operation, operation } from './define'
import { selected } from './join'
import { axis, known, shapeOf, viewed } from './shape'

/** Functions that move elements about: copies, reorderings, look-ups by index. */
export const gatherOperations: readonly Operation[] = [
  operation('repeat', 'method', null, (run, named, [input, ...times]) =>
    tiled(run, 'repeat', tensor(input), known(dims(run, times.length ? times : [named.repeats ?? null])), false),
  ),
  operation('tile', 'torch method', null, (run, named, [input, ...times]) =>
    tiled(run, 'tile', tensor(input), known(dims(run, times.length ? times : [named.dims ?? null])), true),
  ),
  operation('repeat_interleave', 'torch method', 'input, repeats=, dim=, *, output_size=', (run, args) => {
    const x = tensor(args.input)
    const times =
      args.repeats instanceof PyTensor
        ? args.repeats.data?.length === 1
          ? args.repeats.data[0]!
          : null
        : dimension(args.repeats ?? null)
    const total = args.output_size === undefined ? undefined : dimension(args.output_size)
    if (args.dim == null) {
      const flat = computed(run, 'repeat_interleave', [x], [total ?? mulDim(product(shapeOf(x)), times)])
      if (x.data && typeof times === 'number' && x.data.length * times <= MAX_ELEMENTS)
        flat.data = x.data.flatMap(n => Array<number>(times).fill(n))
      return flat
    }
    const at = axis(int(args.dim), shapeOf(x).length)
    const shape = shapeOf(x).map((d, i) => (i === at ? (total ?? mulDim(d, times)) : d))
    const result = computed(run, 'repeat_interleave', [x], shape)
    if (typeof times === 'number')
      result.data = moved(x, shape, c => c.map((v, i) => (i === at ? Math.floor(v / times) : v)))
    return result
  }),
  operation('roll', 'torch method', 'input, shifts, dims=', (run, { input, shifts, dims: at }) => {
    const x = tensor(input)
    const by = axes(shifts)
    const along = axes(at)
    const result = computed(run, 'roll', [x], x.shape)
    const sizes = sizesOf(x.shape)
    if (sizes && by && along && x.data) {
      result.data = moved(x, x.shape, c =>
        along.reduce<number[]>(
          (at, a, i) => {
            const place = a < 0 ? a + sizes.length : a
            at[place] = (((at[place]! - by[i]!) % sizes[place]!) + sizes[place]!) % sizes[place]!
            return at
          },
          [...c],
        ),
      )
    }
    return result
  }),
  ...['flip', 'fliplr', 'flipud'].map(name =>
    operation(name, 'torch method', null, (run, named, [input, ...rest]) => {
      const x = tensor(input ?? named.input)
      const given =
        rest.length > 1 ? rest.map(v => int(v)) : (axes(rest[0] ?? named.dims) ?? [name === 'fliplr' ? 1 : 0])
      const rank = x.shape?.length ?? 0
      const along = given.map(a => (x.shape ? axis(a, rank) : a))
      const result = computed(run, name, [x], x.shape)
      result.data = moved(x, x.shape, c => c.map((v, i) => (along.includes(i) ? (x.shape![i] as number) - 1 - v : v)))
      return result
    }),
  ),
  operation('rot90', 'torch method', 'input, k=, dims=', (run, { input, k, dims: at }) => {
    const x = tensor(input)
    const [a, b] = (axes(at) ?? [0, 1]).map(i => axis(i, shapeOf(x).length))
    const odd = Math.abs(int(k, 1)) % 2 === 1
    const shape = shapeOf(x).map((d, i) => (odd && i === a ? shapeOf(x)[b!]! : odd && i === b ? shapeOf(x)[a!]! : d))
    return computed(run, 'rot90', [x], shape)
  }),
  ...['tril', 'triu'].flatMap(name =>
    [name, `${name}_`].map(spelled =>
      operation(spelled, 'torch method', 'input, diagonal=', (run, { input, diagonal }) => {
        const x = tensor(input)
        const shift = asInt(diagonal ?? 0) ?? 0
        const result = computed(run, name, [x], x.shape)
        const sizes = sizesOf(x.shape)
        if (x.data && sizes && sizes.length === 2) {
          result.data = x.data.map((n, i) => {
            const [row, column] = [Math.floor(i / sizes[1]!), i % sizes[1]!]
            return (name === 'tril' ? column <= row + shift : column >= row + shift) ? n : 0
          })
        }
        return spelled.endsWith('_') ? x.become(result) : result
      }),
    ),
  ),
  operation('narrow', 'torch method', 'input, dim, start, length', (run, { input, dim, length }) => {
    const x = tensor(input)
    const at = axis(int(dim), shapeOf(x).length)
    return viewed(
      run,
      'narrow',
      x,
      shapeOf(x).map((d, i) => (i === at ? dimension(length!) : d)),
    )
  }),
  operation('select', 'torch method', 'input, dim, index', (run, { input, dim, index }) => {
    const x = tensor(input)
    return selected(run, x, axis(int(dim), shapeOf(x).length), asInt(index!) ?? 0)
  }),
  operation('index_select', 'torch method', 'input, dim, index', (run, { input, dim, index }) => {
    const [x, picks] = [tensor(input), tensor(index)]
    const at = axis(int(dim), shapeOf(x).length)
    const count = picks.shape === null ? null : product(picks.shape)
    return computed(
      run,
      'index_select',
      [x, picks],
      shapeOf(x).map((d, i) => (i === at ? count : d)),
    )
  }),
  ...['gather', 'take_along_dim'].map(name =>
    operation(name, 'torch method', 'input, dim, index=, *, indices=, sparse_grad=', (run, args) => {
      // take_along_dim lists its indices before the axis.
      const index = args.dim instanceof PyTensor ? args.dim : tensor(args.index ?? args.indices)
      return typed(computed(run, name, [tensor(args.input), index], index.shape), tensor(args.input).dtype)
    }),
  ),
  operation('take', 'torch method', 'input, index', (run, { input, index }) =>
    computed(run, 'take', [tensor(input), tensor(index)], tensor(index).shape),
  ),
  ...'scatter scatter_add scatter_reduce index_add index_copy index_fill index_put masked_scatter put'
    .split(' ')
    .flatMap(name =>
      [name, `${name}_`].map(spelled =>
        operation(
          spelled,
          name === 'put' || name === 'index_put' ? 'method' : 'torch method',
          null,
          (run, named, args) => {
            const all = [...args, ...Object.values(named)]
            const x = tensor(all[0])
            if (x instanceof PyParameter) return x
            const others = all.slice(1).filter((v): v is PyTensor => v instanceof PyTensor)
            const result = typed(computed(run, name, [x, ...others], x.shape), x.dtype)
            return spelled.endsWith('_') ? x.become(result) : result
          },
        ),
      ),
    ),
  // They give the tensor with other numbers in a part of it.
  ...['select_scatter', 'slice_scatter', 'diagonal_scatter'].map(name =>
    operation(
      name,
      'torch method',
      'input, src, a=, b=, c=, d=, *, dim=, index=, start=, end=, step=, offset=, dim1=, dim2=',
      (run, args) => {
        const x = tensor(args.input)
        return typed(computed(run, name, [x, tensor(args.src)], x.shape), x.dtype)
      },
    ),
  ),
  operation('masked_select', 'torch method', 'input, mask', (run, { input, mask }) =>
    computed(run, 'masked_select', [tensor(input), tensor(mask)], [null]),
  ),
  ...['nonzero', 'argwhere'].map(name =>
    operation(name, 'torch method', 'input, *, as_tuple=', (run, { input, as_tuple }) => {
      const x = tensor(input)
      const rank = shapeOf(x).length
      if (!bool(as_tuple, false)) return typed(computed(run, name, [x], [null, rank]), 'int64')
      return tuple(Array.from({ length: rank }, () => typed(computed(run, name, [x], [null]), 'int64')))
    }),
  ),
  ...['unique', 'unique_consecutive'].map(name =>
    operation(name, 'torch method', 'input, sorted=, return_inverse=, return_counts=, dim=', (run, args) => {
      const x = tensor(args.input)
      const distinct =
        x.data && args.dim == null && name === 'unique' ? [...new Set(x.data)].sort((a, b) => a - b) : null
      const rest = args.dim == null ? [] : shapeOf(x).slice(1)
      const values = typed(computed(run, name, [x], [distinct?.length ?? null, ...rest]), x.dtype)
      values.data = distinct
      const more: PyTensor[] = []
      if (bool(args.return_inverse, false)) more.push(typed(computed(run, name, [x], x.shape), 'int64'))
      if (bool(args.return_counts, false)) {
        const counts = typed(computed(run, name, [x], [distinct?.length ?? null]), 'int64')
        counts.data = distinct && x.data ? distinct.map(v => x.data!.filter(n => n === v).length) : null
        more.push(counts)
      }
      return more.length ? tuple([values, ...more]) : values
    }),
  ),
  operation('one_hot', 'functional', 'tensor, num_classes=', (run, { tensor: input, num_classes }) => {
    const x = tensor(input)
    const given = num_classes === undefined ? -1 : dimension(num_classes)
    const count: Dim = given === -1 ? (x.data ? Math.max(...x.data) + 1 : null) : given
    return typed(computed(run, 'one_hot', [x], [...shapeOf(x), count]), 'int64')
  }),
  ...['bincount', 'histc'].map(name =>
    operation(name, 'torch method', null, (run, _, [input]) => computed(run, name, [tensor(input)], [null])),
  ),
  ...['searchsorted', 'bucketize'].map(name =>
    operation(name, 'torch', null, (run, _, [a, b]) => {
      const values = name === 'bucketize' ? a : b
      const all = [a, b].filter((v): v is PyTensor => v instanceof PyTensor)
      return typed(computed(run, name, all, values instanceof PyTensor ? values.shape : []), 'int64')
    }),
  ),
  operation('diag', 'torch method', 'input, diagonal=', (run, { input, diagonal }) => {
    const x = tensor(input)
    const shape = shapeOf(x)
    const shift = Math.abs(int(diagonal, 0))
    if (shape.length === 1) {
      const size = typeof shape[0] === 'number' ? shape[0] + shift : null
      return computed(run, 'diag', [x], [size, size])
    }
    const [rows, columns] = shape
    const length =
      typeof rows === 'number' && typeof columns === 'number' && shift === 0 ? Math.min(rows, columns) : null
    return computed(run, 'diag', [x], [length])
  }),
  operation('diag_embed', 'torch method', 'input', (run, { input }) => {
    const x = tensor(input)
    return computed(run, 'diag_embed', [x], [...shapeOf(x), shapeOf(x).at(-1)!])
  }),
  operation(
    'multinomial',
    'torch method',
    'input, num_samples, replacement=, *, generator=',
    (run, { input, num_samples }) => {
      const x = tensor(input)
      return typed(computed(run, 'multinomial', [x], [...shapeOf(x).slice(0, -1), dimension(num_samples!)]), 'int64')
    },
  ),
]

/** Draws a function that only moves elements. */
export const computed = (run: Run, name: string, inputs: readonly PyTensor[], shape: Shape | null): PyTensor =>
  traceOf(run).op(run, 'compute', { function: name, shapes: [shape] }, inputs, name)

export function typed(x: PyTensor, dtype: string): PyTensor {
  x.dtype = dtype
  return x
}

/** `x.repeat(times)`: new axes at the left; tile takes fewer numbers than axes, too. */
function tiled(run: Run, name: string, x: PyTensor, times: Shape, fewer: boolean): PyTensor {
  const shape = shapeOf(x)
  if (times.length < shape.length && !fewer) {
    raise('RuntimeError', 'Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor')
  }
  const rank = Math.max(shape.length, times.length)
  const at = (s: Shape, i: number): Dim => (i < rank - s.length ? 1 : s[i - rank + s.length]!)
  const out = Array.from({ length: rank }, (_, i) => mulDim(at(shape, i), at(times, i)))
  const result = computed(run, name, [x], out)
  result.data = moved(x, out, c => c.map((v, i) => v % (at(shape, i) as number)))
  return result
}
