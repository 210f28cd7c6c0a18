import { addDim, type Dim, divDim } from '../../../../core/dim'
import { items } from '../../interpreter/iterate'
import { type Run, raise, refuse } from '../../interpreter/run'
import { tuple } from '../../interpreter/types'
import { PyList, PyTuple, type PyValue } from '../../interpreter/values'
import { PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { dim as dimension, int, tensor, Unknown } from '../values'
import { countOf, moved, offset, promoted, sizesOf, walk } from './data'
import { type Operation, operation } from './define'
import { axis, shapeOf, unsqueezed } from './shape'

/** Functions that join tensors and cut them. */
export const joinOperations: readonly Operation[] = [
  ...['cat', 'concat', 'concatenate'].map(name =>
    operation(name, 'torch', 'tensors, dim=, *, axis=, out=', (run, { tensors, dim, axis: other }) =>
      concatenated(run, name, several(run, name, tensors), int(dim ?? other, 0)),
    ),
  ),
  operation('stack', 'torch', 'tensors, dim=, *, out=', (run, { tensors, dim }) =>
    stacked(run, several(run, 'stack', tensors), int(dim, 0)),
  ),
  ...[
    ['hstack', -1],
    ['vstack', 0],
    ['row_stack', 0],
    ['dstack', 2],
    ['column_stack', 1],
  ].map(([name, at]) =>
    operation(name as string, 'torch', 'tensors, *, out=', (run, { tensors }) => {
      const list = tensorList(run, tensors)
      const least = at === 0 ? 2 : at === 2 ? 3 : at === 1 ? 2 : 1
      const raised = list.map(t => {
        let x = t
        while (shapeOf(x).length < least) {
          const rank: number = x.shape!.length
          x = unsqueezed(run, x, at === 1 ? rank : at === 2 && rank === 2 ? 2 : 0)
        }
        return x
      })
      const place = at === -1 ? (raised[0] && shapeOf(raised[0]).length === 1 ? 0 : 1) : (at as number)
      return concatenated(run, name as string, raised, place)
    }),
  ),
  operation('chunk', 'torch method', 'input, chunks, dim=', (run, { input, chunks, dim }) =>
    pieces(run, 'chunk', tensor(input), int(dim, 0), { chunks: int(chunks) }),
  ),
  ...['split', 'split_with_sizes'].map(name =>
    operation(
      name,
      'torch method',
      'tensor, split_size_or_sections=, dim=, *, split_size=, split_sizes=',
      (run, args) => {
        const x = tensor(args.tensor)
        const sizes = args.split_size_or_sections ?? args.split_size ?? args.split_sizes ?? null
        const at = int(args.dim, 0)
        const listed = sizes instanceof PyList || sizes instanceof PyTuple ? sizes.items.map(dimension) : null
        if (listed) return pieces(run, name, x, at, { sizes: listed })
        const whole = shapeOf(x)[axis(at, shapeOf(x).length)]!
        // A piece as large as the axis, or a whole part of it, where the axis is the batch.
        const each = dimension(sizes)
        if (typeof each === 'object' && each !== null) {
          const count = divDim(whole, each)
          if (typeof count !== 'number') throw new Unknown('it depends on the batch size')
          return pieces(run, name, x, at, { sizes: Array<Dim>(count).fill(each) })
        }
        if (typeof whole === 'object') throw new Unknown('how many pieces there are is not known')
        return pieces(run, name, x, at, { each: int(sizes) })
      },
    ),
  ),
  ...['tensor_split', 'hsplit', 'vsplit', 'dsplit'].map(name =>
    operation(name, 'torch method', 'input, indices_or_sections=, dim=, *, indices=, sections=', (run, args) => {
      const { dim } = args
      const x = tensor(args.input)
      const at =
        name === 'tensor_split'
          ? int(dim, 0)
          : name === 'vsplit'
            ? 0
            : name === 'dsplit'
              ? 2
              : shapeOf(x).length === 1
                ? 0
                : 1
      const size = shapeOf(x)[axis(at, shapeOf(x).length)]!
      if (typeof size !== 'number') throw new Unknown('the size of what is split is not known')
      const given = args.indices_or_sections ?? args.indices ?? args.sections ?? null
      if (given instanceof PyTensor && given.data === null) throw new Unknown('where it is split is not known')
      const cuts =
        given instanceof PyList || given instanceof PyTuple
          ? given.items.map(v => int(v))
          : given instanceof PyTensor && given.shape?.length === 1
            ? given.data
            : null
      if (cuts) {
        const ends = [...cuts.map(i => Math.min(size, i < 0 ? i + size : i)), size]
        return pieces(run, name, x, at, { sizes: ends.map((end, i) => Math.max(0, end - (i ? ends[i - 1]! : 0))) })
      }
      const sections = int(given instanceof PyTensor ? given.data![0]! : given)
      const rest = size % sections
      const sizes = Array.from(
        { length: Math.min(sections, 4096) },
        (_, i) => Math.floor(size / sections) + (i < rest ? 1 : 0),
      )
      return pieces(run, name, x, at, { sizes })
    }),
  ),
  operation('unbind', 'torch method', 'input, dim=', (run, { input, dim }) =>
    tuple(unbound(run, tensor(input), int(dim, 0))),
  ),
  operation('meshgrid', 'torch', null, (run, named, args) => {
    const list = args.length === 1 && !(args[0] instanceof PyTensor) ? tensorList(run, args[0]) : args.map(tensor)
    const sizes = list.map(t => {
      const shape = shapeOf(t)
      return shape.length === 0 ? 1 : shape[0]!
    })
    const columns = named.indexing === 'xy' && list.length > 1
    const shape = columns ? [sizes[1]!, sizes[0]!, ...sizes.slice(2)] : sizes
    const own = (i: number): number => (columns && i < 2 ? 1 - i : i)
    return tuple(
      list.map((t, i) => {
        const grid = traceOf(run).op(run, 'view', { function: 'meshgrid', shape }, [t], 'meshgrid')
        grid.data = moved(t, shape, at => (shapeOf(t).length ? [at[own(i)]!] : []))
        return grid
      }),
    )
  }),
  operation('cartesian_prod', 'torch', null, (run, _, args) => {
    const list = args.map(tensor)
    const rows = list.reduce<number | null>((n, t) => {
      const size = shapeOf(t)[0]
      return n === null || typeof size !== 'number' ? null : n * size
    }, 1)
    const shape = list.length === 1 ? [rows] : [rows, list.length]
    return traceOf(run).op(run, 'compute', { function: 'cartesian_prod', shapes: [shape] }, list, 'cartesian_prod')
  }),
  operation('block_diag', 'torch', null, (run, _, args) => {
    const list = args.map(tensor)
    const total = (i: number): Dim => list.reduce<Dim>((sum, t) => addDim(sum, shapeOf(t).at(i) ?? null), 0)
    return traceOf(run).op(
      run,
      'compute',
      { function: 'block_diag', shapes: [[total(-2), total(-1)]] },
      list,
      'block_diag',
    )
  }),
]

/** The tensors of a list argument; one that is not known makes the call unknown. */
export function tensorList(run: Run, value: PyValue | undefined): PyTensor[] {
  const list = items(run, value ?? null)
  if (list === null) throw new Unknown('the tensors to join are not known')
  return list.map(tensor)
}

/** As `tensorList`, for functions that do not take one tensor as the list of its parts. */
function several(run: Run, name: string, value: PyValue | undefined): PyTensor[] {
  if (value instanceof PyTensor && value.shape !== null) {
    refuse('TypeError', `${name}(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor`, {
      code: 'bad-argument',
      message: who => `${who} expects a list of tensors and gets a tensor.`,
    })
  }
  return tensorList(run, value)
}

/** torch.stack: joined along a new axis. */
export function stacked(run: Run, list: readonly PyTensor[], at = 0): PyTensor {
  if (list.length === 0) return raise('RuntimeError', 'stack expects a non-empty TensorList')
  const rank = list.find(t => t.shape !== null)?.shape?.length
  if (rank === undefined) throw new Unknown('the shape of its input is not known')
  const place = axis(at, rank + 1)
  // The first to draw at a place gives it its name.
  traceOf(run).here(run, 'stack')
  const raised = list.map(t => unsqueezed(run, t, place))
  return concatenated(run, 'stack', raised, place)
}

function concatenated(run: Run, name: string, list: readonly PyTensor[], at: number): PyTensor {
  if (list.length === 0) return raise('RuntimeError', `torch.${name}(): expected a non-empty list of Tensors`)
  // PyTorch passes over empty tensors of one axis, whatever the others are.
  const real = list.filter(t => t.shape === null || t.shape.length !== 1 || t.shape[0] !== 0)
  const parts = real.length ? real : list
  const result = traceOf(run).op(run, 'concat', { axis: at }, parts, name)
  result.dtype = promoted(parts)
  const sizes = sizesOf(result.shape)
  const all = parts.map(t => ({ data: t.data, sizes: sizesOf(t.shape) }))
  if (sizes === null || all.some(p => p.data === null || p.sizes === null)) return result
  const place = axis(at, sizes.length)
  const data: number[] = []
  walk(sizes, coordinates => {
    let along = coordinates[place]!
    for (const part of all) {
      if (along < part.sizes![place]!) {
        const from = [...coordinates]
        from[place] = along
        data.push(part.data![offset(from, part.sizes!)]!)
        return
      }
      along -= part.sizes![place]!
    }
  })
  if (data.length === countOf(sizes)) result.data = data
  return result
}

type Cut = { sizes: readonly Dim[] } | { chunks: number } | { each: number }

function pieces(run: Run, name: string, x: PyTensor, at: number, cut: Cut): PyTuple {
  const rank = shapeOf(x).length
  const place = axis(at, rank)
  const parts = traceOf(run).ops(run, 'split', { axis: place, ...cut } as never, [x], name)
  let start = 0
  for (const part of parts) {
    const from = start
    part.data = moved(x, part.shape, coordinates => coordinates.map((c, i) => (i === place ? c + from : c)))
    const size = part.shape?.[place]
    start += typeof size === 'number' ? size : Number.NaN
  }
  return tuple(parts)
}

/** Every position along an axis; unknown where there are none that can be counted. */
export function unbound(run: Run, x: PyTensor, at: number): PyTensor[] {
  const shape = shapeOf(x)
  if (shape.length === 0) return raise('TypeError', 'iteration over a 0-d tensor')
  const place = axis(at, shape.length)
  const size = shape[place]!
  if (typeof size !== 'number') throw new Unknown('how many there are depends on what is not known')
  if (size > MOST_PARTS) throw new Unknown(`it has ${size} parts`)
  return Array.from({ length: size }, (_, index) => selected(run, x, place, index))
}

const MOST_PARTS = 2048

/** One position along an axis, the axis dropped. */
export function selected(run: Run, x: PyTensor, at: number, index: number): PyTensor {
  const result = traceOf(run).op(run, 'select', { axis: at, index }, [x], 'select')
  const size = x.shape?.[at]
  const from = index < 0 && typeof size === 'number' ? index + size : index
  result.data = moved(x, result.shape, c => [...c.slice(0, at), from, ...c.slice(at)])
  return result
}
