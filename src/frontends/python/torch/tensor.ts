import type { Value, Weight } from '../../../core/graph'
import { formatShape, type Shape } from '../../../core/shape'
import { fromDim } from '../interpreter/operators'
import { nativeClass, tupleClass } from '../interpreter/types'
import { type PyClass, PyObject, PyTuple } from '../interpreter/values'
import type { Memory } from './memory'

/** More numbers than these are no picture. */
export const MOST_SHOWN = 64

export const tensorClass = nativeClass('Tensor', undefined, 'torch')
export const parameterClass = nativeClass('Parameter', [tensorClass], 'torch.nn')
export const sizeClass = nativeClass('Size', [tupleClass], 'torch')

/**
 * A tensor of the interpreted program: a value of the graph. `data` holds the numbers of small constant tensors, in row
 * order, where they are known; booleans are 0 and 1. In-place functions give the object another value (`become`).
 */
export class PyTensor extends PyObject {
  private numbers: readonly number[] | null = null
  /** Made without any input or parameter of the model: what is computed from such tensors alone is not drawn. */
  constant = false
  /** Of a definition of Keras, before any input is there: a size that it leaves open is None to the program. */
  open = false
  memory: Memory = null
  constructor(
    public value: Value,
    public dtype = 'float32',
    cls: PyClass = tensorClass,
  ) {
    super(cls)
  }
  get shape(): Shape | null {
    return this.value.shape
  }
  override get outline(): string {
    return this.shape === null ? '?' : formatShape(this.shape)
  }
  get data(): readonly number[] | null {
    return this.numbers
  }
  set data(numbers: readonly number[] | null) {
    this.numbers = numbers
    if (numbers && numbers.length <= MOST_SHOWN) this.value.data ??= numbers
  }

  /** What an in-place function does to its tensor: every name that holds it sees the result. */
  become(other: PyTensor): this {
    this.value = other.value
    this.data = other.data
    this.dtype = other.dtype
    this.constant = other.constant
    this.memory = other.memory
    return this
  }
}

/** A tensor that a module may own. Its value stays the stored one: writing into it changes no shape and no count. */
export class PyParameter extends PyTensor {
  constructor(
    value: Value,
    readonly weight: Weight,
    dtype = 'float32',
    cls: PyClass = parameterClass,
  ) {
    super(value, dtype, cls)
  }
  override become(): this {
    return this
  }
}

/** torch.Size of a known rank; null where even the rank is unknown. */
export const sizeOf = (shape: Shape | null, open = false): PyTuple | null =>
  shape === null
    ? null
    : new PyTuple(
        sizeClass,
        shape.map(dim => (open && dim === null ? null : fromDim(dim))),
      )
