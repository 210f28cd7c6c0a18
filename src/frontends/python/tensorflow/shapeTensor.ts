import { binary, onOperator } from '../interpreter/operators'
import { nativeClass, tupleClass } from '../interpreter/types'
import { asNumber, PyList, PySym, PyTuple, type PyValue } from '../interpreter/values'

/**
 * What tf.shape gives: a tensor of whole numbers, of which the first may be the batch. It is kept as a tuple, because its
 * numbers are sizes; arithmetic goes over it element by element, as over a tensor.
 */
export const shapeTensorClass = nativeClass('Tensor', [tupleClass], 'tensorflow')

export const shapeTensor = (sizes: readonly PyValue[]): PyTuple => new PyTuple(shapeTensorClass, sizes)

/** The sizes of a shape tensor; null for anything else. */
export const asShape = (value: PyValue): readonly PyValue[] | null =>
  value instanceof PyTuple && value.cls === shapeTensorClass ? value.items : null

onOperator((run, operator, left, right) => {
  const [a, b] = [asShape(left), asShape(right)]
  if (!a && !b) return undefined
  const length = (a ?? b)!.length
  const at = (value: PyValue, own: readonly PyValue[] | null, i: number): PyValue | undefined => {
    if (own) return own[i]
    if (value instanceof PyList || value instanceof PyTuple) return value.items[i]
    return asNumber(value) !== null || value instanceof PySym ? value : undefined
  }
  const items: PyValue[] = []
  for (let i = 0; i < length; i++) {
    const [x, y] = [at(left, a, i), at(right, b, i)]
    if (x === undefined || y === undefined) return undefined
    items.push(binary(run, operator, x, y))
  }
  return shapeTensor(items)
})
