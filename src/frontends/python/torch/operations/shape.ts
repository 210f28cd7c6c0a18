import { items } from '../../interpreter/iterate'
import { raise } from '../../interpreter/run'
import { tuple } from '../../interpreter/types'
import { PyUnknown } from '../../interpreter/values'
import { sizeOf } from '../tensor'
import { traceOf } from '../trace'
import { dims, int, tensor, tensorsIn, Unknown } from '../values'
import { type Operation, operation } from './define'

/** Functions that give the same elements another shape, or join and cut tensors. */
export const shapeOperations: readonly Operation[] = [
  operation('flatten', 'torch method', 'input, start_dim=, end_dim=', (run, { input, start_dim, end_dim }) =>
    traceOf(run).op(run, 'flatten', { start: int(start_dim, 0), end: int(end_dim, -1) }, [tensor(input)], 'flatten'),
  ),
  operation('view', 'method', null, (run, _, [input, ...sizes]) => {
    const shape = dims(run, sizes)
    if (shape === null) throw new Unknown('this shape is not known')
    return traceOf(run).op(run, 'reshape', { shape }, [tensor(input)], 'view')
  }),
  operation('cat', 'torch', 'tensors, dim=', (run, { tensors, dim }) => {
    const list = items(run, tensors!)
    if (list === null) throw new Unknown('the tensors to join are not known')
    const known = tensorsIn(list)
    if (known.length !== list.length) throw new Unknown('one of the tensors to join is not known')
    if (known.length === 0) return raise('RuntimeError', 'torch.cat(): expected a non-empty list of Tensors')
    return traceOf(run).op(run, 'concat', { axis: int(dim, 0) }, known, 'cat')
  }),
  operation('size', 'method', 'input, dim=', (_, { input, dim }) => {
    const size = sizeOf(tensor(input).shape)
    if (size === null) return new PyUnknown('this shape is not known')
    if (dim === undefined || dim === null) return size
    const at = int(dim)
    return size.items[at < 0 ? at + size.items.length : at] ?? raise('IndexError', `Dimension out of range (got ${at})`)
  }),
  operation('chunk', 'torch method', 'input, chunks, dim=', (run, { input, chunks, dim }) =>
    tuple(traceOf(run).ops(run, 'split', { axis: int(dim, 0), chunks: int(chunks) }, [tensor(input)], 'chunk')),
  ),
]
