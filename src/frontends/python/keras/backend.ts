import { type Run, raise } from '../interpreter/run'
import { list, native } from '../interpreter/types'
import { asString, PyFloat, type PyValue } from '../interpreter/values'
import { PyTensor } from '../torch/tensor'
import { tensorsIn } from '../torch/values'
import { historyOf, sourceInputs } from './history'
import { imageDataFormat, setImageDataFormat } from './layerMethods'
import { uniqueIds } from './names'
import { shapeTuple } from './shapes'

const functions: Readonly<Record<string, (run: Run, args: readonly PyValue[]) => PyValue>> = {
  image_data_format: run => imageDataFormat(run),
  set_image_data_format: (run, [format]) => {
    const name = asString(format ?? null)
    if (name !== 'channels_last' && name !== 'channels_first')
      raise(
        'ValueError',
        `The data_format argument must be one of {'channels_first', 'channels_last'}. Received: ${name}`,
      )
    setImageDataFormat(run, name!)
    return null
  },
  image_dim_ordering: run => (imageDataFormat(run) === 'channels_first' ? 'th' : 'tf'),
  standardize_data_format: (run, [format]) => asString(format ?? null) ?? imageDataFormat(run),
  backend: () => 'tensorflow',
  floatx: () => 'float32',
  set_floatx: () => null,
  epsilon: () => new PyFloat(1e-7),
  set_epsilon: () => null,
  is_keras_tensor: (_, [value]) => value instanceof PyTensor && isSymbolic(value),
  int_shape: (_, [value]) =>
    value instanceof PyTensor ? shapeTuple(value.shape) : raise('ValueError', 'Not a tensor'),
  get_uid: (run, [prefix]) => {
    const ids = uniqueIds(run)
    const key = ` ${asString(prefix ?? '') ?? ''}`
    const count = (ids.get(key) ?? 0) + 1
    ids.set(key, count)
    return count
  },
  clear_session: run => {
    uniqueIds(run).clear()
    return null
  },
  reset_uids: run => {
    uniqueIds(run).clear()
    return null
  },
  learning_phase: () => 0,
  set_learning_phase: () => null,
}

/** A tensor of a definition: neither a constant nor what a program computed with numbers. */
const isSymbolic = (tensor: PyTensor): boolean =>
  !tensor.constant && (historyOf(tensor.value) !== undefined || tensor.value.producer !== null)

/** Functions of keras.backend and keras.config that speak of settings and of tensors' origins. */
export const settings: [string, PyValue][] = Object.entries(functions).map(([name, body]) => [
  name,
  native(name, (run, args, kwargs) => body(run, [...args, ...kwargs.values()])),
])

/** keras.src.ops.operation_utils and keras.utils: the inputs that a tensor hangs on. */
export const getSourceInputs = native('get_source_inputs', (_, [tensor]) => {
  const found = tensorsIn([tensor ?? null]).flatMap(sourceInputs)
  return list([...new Set(found)].flatMap(value => historyOf(value)?.layer.results[0] ?? []))
})
