import { fromDim } from '../interpreter/operators'
import { intClass, list, native, nativeMethod, propertyClass } from '../interpreter/types'
import { PyProperty, PyTuple, PyUnknown, type PyValue } from '../interpreter/values'
import { shapeTuple } from '../keras/shapes'
import { PyTensor, sizeClass, sizeOf, tensorClass } from '../torch/tensor'

/** Methods that tensors and shapes of TensorFlow have and those of PyTorch have not. */

const onTensor = (name: string, run: (self: PyTensor, args: readonly PyValue[]) => PyValue): void => {
  if (tensorClass.dict.has(name)) return
  tensorClass.dict.set(
    name,
    nativeMethod(name, (_, [self, ...args]) =>
      self instanceof PyTensor ? run(self, args) : new PyUnknown('this tensor is not known'),
    ),
  )
}
const onShape = (name: string, run: (sizes: PyTuple) => PyValue): [string, (sizes: PyTuple) => PyValue] => [name, run]

onTensor('get_shape', self => sizeOf(self.shape) ?? new PyUnknown('the shape of this tensor is not known'))
onTensor('set_shape', () => null)
// A size of TensorFlow 1 is a Dimension: `x.shape[-1].value`.
intClass.dict.set(
  'value',
  new PyProperty(
    propertyClass,
    native('value', (_, [size]) => size ?? null),
    null,
  ),
)
// Keras 1 and 2 kept the shape of a layer's tensor beside TensorFlow's, and programs wrote it, too.
tensorClass.dict.set(
  '_keras_shape',
  new PyProperty(
    propertyClass,
    native('_keras_shape', (_, [self]) => (self instanceof PyTensor ? shapeTuple(self.shape) : null)),
    native('_keras_shape', () => null),
  ),
)
// What is written into a variable changes neither its shape nor a count.
for (const name of ['assign', 'assign_add', 'assign_sub', 'read_value', 'value', 'initialized_value', 'eval'])
  onTensor(name, self => self)

for (const [name, run] of [
  onShape('as_list', sizes => list([...sizes.items])),
  onShape('with_rank', sizes => sizes),
  onShape('assert_has_rank', () => null),
  onShape('is_fully_defined', sizes => sizes.items.every(item => typeof item === 'number')),
  onShape('num_elements', sizes =>
    sizes.items.every(item => typeof item === 'number')
      ? fromDim((sizes.items as number[]).reduce((a, b) => a * b, 1))
      : null,
  ),
]) {
  sizeClass.dict.set(
    name,
    nativeMethod(name, (_, [self]) => (self instanceof PyTuple ? run(self) : new PyUnknown('this shape is not known'))),
  )
}
for (const name of ['rank', 'ndims']) {
  sizeClass.dict.set(
    name,
    new PyProperty(
      propertyClass,
      native(name, (_, [self]) => (self instanceof PyTuple ? self.items.length : null)),
    ),
  )
}
