import { type Dim, mulDim } from '../../../core/dim'
import { items } from '../interpreter/iterate'
import { fromDim } from '../interpreter/operators'
import { type Run, raise } from '../interpreter/run'
import { list, native, tuple } from '../interpreter/types'
import { asString, PyList, PyTuple, type PyValue } from '../interpreter/values'
import { guarded } from './nn/define'
import { tensorList } from './operations/join'
import { shapeOf } from './operations/shape'
import type { PyTensor } from './tensor'
import { traceOf } from './trace'
import { dim, tensor, Unknown } from './values'

/** How many axes stand before and behind the `*` of a pattern. */
function around(pattern: PyValue | undefined): { before: number; after: number } {
  const names = asString(pattern ?? null)
    ?.trim()
    .split(/\s+/)
  if (!names) throw new Unknown('the pattern is not known')
  const star = names.indexOf('*')
  if (star < 0 || names.lastIndexOf('*') !== star) return raise('RuntimeError', 'the pattern needs one *')
  return { before: star, after: names.length - star - 1 }
}

const product = (dims: readonly Dim[]): Dim => dims.reduce(mulDim, 1)

/** einops.pack: the axes in the place of `*` become one, along which the tensors are joined; and what those axes were. */
const pack = native('pack', (run, args, kwargs) =>
  guarded(run, 'pack', args, kwargs, () => {
    const tensors = tensorList(run, args[0] ?? kwargs.get('tensors') ?? null)
    const { before, after } = around(args[1] ?? kwargs.get('pattern'))
    const parts = tensors.map(x => {
      const shape = shapeOf(x)
      if (shape.length < before + after) {
        return raise('RuntimeError', `packed tensor has ${shape.length} dimensions, fewer than the pattern names`)
      }
      const middle = shape.slice(before, shape.length - after)
      const flat = [...shape.slice(0, before), product(middle), ...shape.slice(shape.length - after)]
      return { middle, flat: viewed(run, 'pack', x, flat) }
    })
    const flat = parts.map(p => p.flat)
    const joined = flat.length === 1 ? flat[0]! : traceOf(run).op(run, 'concat', { axis: before }, flat, 'pack')
    return tuple([joined, list(parts.map(({ middle }) => tuple(middle.map(fromDim))))])
  }),
)

/** einops.unpack: the pieces of the packed axis, each with its axes again. */
const unpack = native('unpack', (run, args, kwargs) =>
  guarded(run, 'unpack', args, kwargs, () => {
    const x = tensor(args[0] ?? kwargs.get('tensor'))
    const shapes = items(run, args[1] ?? kwargs.get('packed_shapes') ?? null)
    const { before } = around(args[2] ?? kwargs.get('pattern'))
    const shape = shapeOf(x)
    const middles = shapes?.map(s => (s instanceof PyTuple || s instanceof PyList ? s.items.map(dim) : null))
    if (!middles || middles.includes(null)) throw new Unknown('the packed shapes are not known')
    const sizes = (middles as Dim[][]).map(product)
    const pieces = sizes.length === 1 ? [x] : traceOf(run).ops(run, 'split', { axis: before, sizes }, [x], 'unpack')
    return list(
      pieces.map((piece, i) =>
        viewed(run, 'unpack', piece, [...shape.slice(0, before), ...middles[i]!, ...shape.slice(before + 1)]),
      ),
    )
  }),
)

const viewed = (run: Run, name: string, x: PyTensor, shape: readonly Dim[]): PyTensor =>
  traceOf(run).op(run, 'view', { function: name, shape }, [x], name)

/** Functions of einops that join tensors of different ranks, and take them apart again. */
export const packing: readonly [string, PyValue][] = [
  ['pack', pack],
  ['unpack', unpack],
]
