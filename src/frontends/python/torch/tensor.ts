import type { Value, Weight } from '../../../core/graph'
import type { Shape } from '../../../core/shape'
import { fromDim } from '../interpreter/operators'
import { lookup, nativeClass, tupleClass } from '../interpreter/types'
import { type PyClass, PyObject, PyTuple } from '../interpreter/values'

export const tensorClass = nativeClass('Tensor', undefined, 'torch')
export const parameterClass = nativeClass('Parameter', [tensorClass], 'torch.nn')
export const sizeClass = nativeClass('Size', [tupleClass], 'torch')

/**
 * A tensor of the interpreted program: a value of the graph. `data` holds the numbers of small constant tensors, in row
 * order, where they are known.
 */
export class PyTensor extends PyObject {
  data: readonly number[] | null = null
  /** Made of nothing that the network is given or has learned: what is made of it alone is not drawn. */
  constant = false
  constructor(
    readonly value: Value,
    public dtype = 'float32',
    cls: PyClass = tensorClass,
  ) {
    super(cls)
  }
  get shape(): Shape | null {
    return this.value.shape
  }
}

/** A tensor that a module may own. `used` is the value by which the graph knows it, once something reads it. */
export class PyParameter extends PyTensor {
  constructor(
    value: Value,
    readonly weight: Weight,
    dtype = 'float32',
    cls: PyClass = parameterClass,
  ) {
    super(value, dtype, cls)
  }
}

/** torch.Size of a known rank; null where even the rank is unknown. */
export const sizeOf = (shape: Shape | null): PyTuple | null =>
  shape === null ? null : new PyTuple(sizeClass, shape.map(fromDim))

/** A method of the class of tensors, for tests of what is modelled. */
export const isModelled = (name: string): boolean => lookup(tensorClass, name) !== undefined
