import type { Dim } from '../../../../core/dim'
import { resolveAxis, type Shape } from '../../../../core/shape'
import { bindNative } from '../../interpreter/arguments'
import { importsPackage } from '../../interpreter/imports'
import { type Run, raise } from '../../interpreter/run'
import { tuple } from '../../interpreter/types'
import { type Kwargs, PyList, PyTuple, type PyValue } from '../../interpreter/values'
import { checkView, permutedMemory } from '../memory'
import { PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { axes, dims, int, tensor, Unknown } from '../values'
import { moved } from './data'
import { type Operation, operation } from './define'

/** Functions that give the same elements another shape, without moving them. */
export const shapeOperations: readonly Operation[] = [
  ...['view', 'reshape'].map(name =>
    operation(name, name === 'view' ? 'method' : 'torch method', null, (run, named, [input, ...sizes]) => {
      const x = tensor(input ?? named.input)
      const given = sizes.length ? sizes : [named.shape ?? named.size ?? named.dtype ?? []].flat()
      // view(dtype) keeps the shape where the types are equally wide.
      if (given.length === 1 && isDtype(given[0]!)) throw new Unknown('a view as another type')
      const shape = known(dims(run, given as PyValue[]))
      if (name === 'view') checkView(x, shape, traceOf(run).batch)
      return reshaped(run, name, x, shape)
    }),
  ),
  ...['view_as', 'reshape_as'].map(name =>
    operation(name, 'method', 'input, other', (run, { input, other }) =>
      reshaped(run, name, tensor(input), shapeOf(tensor(other))),
    ),
  ),
  ...['flatten', 'ravel'].map(name =>
    operation(name, 'torch method', 'input, start_dim=, end_dim=', (run, { input, start_dim, end_dim }) => {
      const x = tensor(input)
      const [start, end] = [int(start_dim, 0), int(end_dim, -1)]
      if (x.shape?.length) {
        axis(start, x.shape.length)
        axis(end, x.shape.length)
      }
      return withData(x, traceOf(run).op(run, 'flatten', { start, end }, [x], name))
    }),
  ),
  operation('unflatten', 'torch method', 'input, dim, sizes', (run, args) => {
    const x = tensor(args.input)
    const shape = shapeOf(x)
    const at = axis(int(args.dim), shape.length)
    const sizes = known(dims(run, [args.sizes!]))
    return reshaped(run, 'unflatten', x, [
      ...shape.slice(0, at),
      ...inferred(shape[at]!, sizes),
      ...shape.slice(at + 1),
    ])
  }),
  operation('permute', 'torch method', null, (run, named, [input, ...order]) =>
    permuted(run, 'permute', tensor(input ?? named.input), numbers(order.length ? order : [named.dims ?? null])),
  ),
  ...['transpose', 'swapaxes', 'swapdims'].map(name =>
    operation(name, 'torch method', null, (run, named, all) => {
      const whole = name === 'transpose' ? wholeOrder(run, all) : null
      if (whole) return permuted(run, name, tensor(all[0]), whole)
      const { input, dim0, dim1 } = bindNative(name, 'input, dim0, dim1', all, new Map(Object.entries(named)) as Kwargs)
      const x = tensor(input)
      const rank = shapeOf(x).length
      const order = Array.from({ length: rank }, (_, i) => i)
      const [a, b] = [axis(int(dim0), rank), axis(int(dim1), rank)]
      order[a] = b
      order[b] = a
      return permuted(run, name, x, order)
    }),
  ),
  ...['t', 'adjoint'].map(name =>
    operation(name, 'torch method', 'input', (run, { input }) => swapLast(run, name, tensor(input))),
  ),
  ...['movedim', 'moveaxis'].map(name =>
    operation(name, 'torch method', 'input, source, destination', (run, { input, source, destination }) => {
      const x = tensor(input)
      const rank = shapeOf(x).length
      const from = (axes(source) ?? []).map(a => axis(a, rank))
      const to = (axes(destination) ?? []).map(a => axis(a, rank))
      const rest = Array.from({ length: rank }, (_, i) => i).filter(i => !from.includes(i))
      const order = Array.from({ length: rank }, (_, i) => (to.includes(i) ? from[to.indexOf(i)]! : rest.shift()!))
      return permuted(run, name, x, order)
    }),
  ),
  operation('squeeze', 'torch method', 'input, dim=', (run, { input, dim: at }) => {
    const x = tensor(input)
    const named = axes(at)
    if (named && x.shape) for (const a of named) axis(a, Math.max(1, x.shape.length))
    const result = traceOf(run).op(run, 'squeeze', named ? { axes: named } : {}, [x], 'squeeze')
    return withData(x, result)
  }),
  operation('unsqueeze', 'torch method', 'input, dim', (run, { input, dim: at }) => {
    const x = tensor(input)
    return unsqueezed(run, x, x.shape ? axis(int(at), x.shape.length + 1) : int(at))
  }),
  operation('expand', 'method', null, (run, named, [input, ...sizes]) => {
    const given = sizes.length ? sizes : [named.size ?? null]
    return expanded(run, 'expand', tensor(input), known(dims(run, given)))
  }),
  operation('expand_as', 'method', 'input, other', (run, { input, other }) =>
    expanded(run, 'expand_as', tensor(input), shapeOf(tensor(other))),
  ),
  operation('broadcast_to', 'torch method', 'input, size', (run, { input, size }) =>
    expanded(run, 'broadcast_to', tensor(input), known(dims(run, [size!]))),
  ),
  operation('diagonal', 'torch method', 'input, offset=, dim1=, dim2=', (run, { input, offset, dim1, dim2 }) => {
    const x = tensor(input)
    const shape = shapeOf(x)
    const [a, b] = [axis(int(dim1, 0), shape.length), axis(int(dim2, 1), shape.length)]
    const shift = int(offset, 0)
    const [rows, columns] = [shape[a]!, shape[b]!]
    const length =
      typeof rows === 'number' && typeof columns === 'number'
        ? Math.max(0, Math.min(rows + Math.min(shift, 0), columns - Math.max(shift, 0)))
        : null
    return viewed(run, 'diagonal', x, [...shape.filter((_, i) => i !== a && i !== b), length])
  }),
  operation('unfold', 'method', 'input, dimension, size, step', (run, { input, dimension, size, step }) => {
    const x = tensor(input)
    const shape = shapeOf(x)
    const at = axis(int(dimension), shape.length)
    const length = shape[at]!
    const windows = typeof length === 'number' ? Math.floor((length - int(size)) / int(step)) + 1 : null
    return viewed(run, 'unfold', x, [...shape.slice(0, at), windows, ...shape.slice(at + 1), int(size)])
  }),
  operation('as_strided', 'torch method', 'input, size, stride, storage_offset=', (run, { input, size }) =>
    viewed(run, 'as_strided', tensor(input), known(dims(run, [size!]))),
  ),
  operation('atleast_1d', 'torch', 'input', (run, { input }) => atLeast(run, tensor(input), 1)),
  operation('atleast_2d', 'torch', 'input', (run, { input }) => atLeast(run, tensor(input), 2)),
  operation('atleast_3d', 'torch', 'input', (run, { input }) => atLeast(run, tensor(input), 3)),
  ...[
    'contiguous',
    'clone',
    'detach',
    'detach_',
    'cpu',
    'cuda',
    'pin_memory',
    'alias',
    'requires_grad_',
    'retain_grad',
  ].map(name =>
    operation(name, name === 'clone' || name === 'detach' ? 'torch method' : 'method', null, (_, named, [input]) => {
      if (name.endsWith('_')) return tensor(input)
      const copy = copyOf(tensor(input ?? named.input))
      if (name === 'contiguous' && named.memory_format === undefined) copy.memory = 'plain'
      return copy
    }),
  ),
  operation('resolve_conj', 'torch method', 'input', (_, { input }) => tensor(input)),
  operation('view_as_real', 'torch', 'input', (run, { input }) => {
    const x = tensor(input)
    return viewed(run, 'view_as_real', x, [...shapeOf(x), 2])
  }),
  operation('view_as_complex', 'torch', 'input', (run, { input }) => {
    const x = tensor(input)
    const result = viewed(run, 'view_as_complex', x, shapeOf(x).slice(0, -1))
    result.dtype = 'complex64'
    return result
  }),
  operation('broadcast_tensors', 'torch', null, (run, _, args) => {
    const list = args.length === 1 && !(args[0] instanceof PyTensor) ? numbersOrTensors(args[0]!) : args
    const all = list.map(tensor)
    const joined = all.reduce<Shape>((shape, t) => stretched(shape, shapeOf(t)), [])
    return tuple(all.map(t => expanded(run, 'broadcast_tensors', t, joined)))
  }),
]

const numbersOrTensors = (value: PyValue): readonly PyValue[] =>
  value instanceof PyList || value instanceof PyTuple ? value.items : []

const isDtype = (value: PyValue): boolean =>
  typeof value === 'object' && value !== null && 'cls' in value && value.cls.name === 'dtype'

/** The shape, where a function cannot do without. */
export function shapeOf(x: PyTensor): Shape {
  if (x.shape === null) throw new Unknown('the shape of its input is not known')
  return x.shape
}

export function known<T>(value: T | null): T {
  if (value === null) throw new Unknown('this shape is not known')
  return value
}

/** An axis counted from the start, with PyTorch's error where there is none. */
export function axis(at: number, rank: number): number {
  return (
    resolveAxis(at, rank) ??
    raise('IndexError', `Dimension out of range (expected to be in range of [${-rank}, ${rank - 1}], but got ${at})`)
  )
}

function numbers(args: readonly PyValue[]): number[] {
  if (args.length === 1 && (args[0] instanceof PyList || args[0] instanceof PyTuple))
    return args[0].items.map(v => int(v))
  return args.map(v => int(v))
}

/** The same numbers in another shape. */
export function withData(from: PyTensor, to: PyTensor): PyTensor {
  to.data = from.data
  to.dtype = from.dtype
  return to
}

/** Another tensor of the same value. */
export function copyOf(x: PyTensor): PyTensor {
  const copy = new PyTensor(x.value, x.dtype)
  copy.data = x.data
  copy.constant = x.constant
  return copy
}

export const reshaped = (run: Run, name: string, x: PyTensor, shape: Shape): PyTensor =>
  withData(x, traceOf(run).op(run, 'reshape', withBatch(run, shape), [x], name))

const withBatch = (run: Run, shape: Shape): { shape: Shape; batch?: number } => {
  const { batch } = traceOf(run)
  return batch === null ? { shape } : { shape, batch }
}

export const viewed = (run: Run, name: string, x: PyTensor, shape: Shape | null): PyTensor =>
  traceOf(run).op(run, 'view', { function: name, shape }, [x], name)

export function unsqueezed(run: Run, x: PyTensor, at: number): PyTensor {
  return withData(x, traceOf(run).op(run, 'unsqueeze', { axis: at }, [x], 'unsqueeze'))
}

export function permuted(run: Run, name: string, x: PyTensor, order: readonly number[]): PyTensor {
  const result = traceOf(run).op(run, 'permute', { order }, [x], name)
  result.memory = permutedMemory(x, order)
  const rank = x.shape?.length ?? 0
  result.data = moved(x, result.shape, at => {
    const from: number[] = []
    order.forEach((axis, i) => {
      from[axis < 0 ? axis + rank : axis] = at[i]!
    })
    return from
  })
  return result
}

/** The last two axes exchanged. */
export function swapLast(run: Run, name: string, x: PyTensor): PyTensor {
  const rank = shapeOf(x).length
  if (rank < 2) return copyOf(x)
  const order = Array.from({ length: rank }, (_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i))
  return permuted(run, name, x, order)
}

/** `x.expand(sizes)`: −1 keeps a size, a 1 stretches, new axes come at the left. */
export function expanded(run: Run, name: string, x: PyTensor, sizes: Shape): PyTensor {
  const shape = shapeOf(x)
  if (sizes.length < shape.length) {
    raise(
      'RuntimeError',
      `expand(): the number of sizes provided (${sizes.length}) must be greater or equal to the number of dimensions in the tensor (${shape.length})`,
    )
  }
  const added = sizes.length - shape.length
  const out = sizes.map((size, i) => {
    const own = i < added ? 1 : shape[i - added]!
    if (size === -1) return own
    if (typeof own === 'number' && own !== 1 && typeof size === 'number' && size !== own) {
      raise(
        'RuntimeError',
        `The expanded size of the tensor (${size}) must match the existing size (${own}) at non-singleton dimension ${i}`,
      )
    }
    return size ?? (own === 1 ? null : own)
  })
  const result = viewed(run, name, x, out)
  result.data = moved(x, out, at => at)
  return result
}

/** The sizes of `unflatten`, −1 filled in. */
function inferred(size: Dim, sizes: Shape): Shape {
  const hole = sizes.indexOf(-1)
  if (hole < 0) return sizes
  const rest = sizes.reduce<number>(
    (product, s, i) => (i === hole ? product : product * (typeof s === 'number' ? s : NaN)),
    1,
  )
  const filled = typeof size === 'number' && Number.isInteger(size / rest) ? size / rest : null
  return sizes.map((s, i) => (i === hole ? filled : s))
}

function atLeast(run: Run, x: PyTensor, rank: number): PyTensor {
  let result = x
  while (shapeOf(result).length < rank) {
    const have = result.shape!.length
    result = unsqueezed(run, result, rank === 3 && have === 2 ? 2 : 0)
  }
  return result
}

/** Two shapes broadcast, as far as they are known. */
function stretched(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const own = (s: Shape): Dim => (i < rank - s.length ? 1 : s[i - rank + s.length]!)
    return own(a) === 1 ? own(b) : own(a)
  })
}

/** NumPy's `x.transpose((0, 3, 1, 2))` and `x.transpose()`: all axes at once, in programs that are not PyTorch's. */
function wholeOrder(run: Run, [x, ...given]: readonly PyValue[]): number[] | null {
  if (!(x instanceof PyTensor) || given.length === 2 || importsPackage(run.frame.module, 'torch')) return null
  const rank = shapeOf(x).length
  if (given.length === 0) return Array.from({ length: rank }, (_, i) => rank - 1 - i)
  const [first] = given
  const listed = first instanceof PyTuple || first instanceof PyList ? first.items : given
  const order = listed.map(a => int(a))
  return order.length === rank ? order.map(a => axis(a, rank)) : null
}
