import { product, type Shape } from '../../../../core/shape'
import { roundValue } from '../../interpreter/builtins'
import { onIterate } from '../../interpreter/iterate'
import { fromDim } from '../../interpreter/operators'
import { type Run, raise } from '../../interpreter/run'
import { list, native, nativeMethod, propertyClass } from '../../interpreter/types'
import { asInt, asString, PyFloat, PyProperty, PySym, PyTuple, PyUnknown, type PyValue } from '../../interpreter/values'
import { deviceObject, isDevice } from '../devices'
import { bytesOf, dtypeName, dtypeObject } from '../dtypes'
import { PyParameter, PyTensor, sizeClass, sizeOf, tensorClass } from '../tensor'
import { traceOf } from '../trace'
import { dim, int, tensor, tensorsIn, Unknown } from '../values'
import { filled, fromValues } from './creation'
import { isFloating, rounding, scalarOf, sizesOf } from './data'
import { type Operation, operation } from './define'
import { setTensorItem, tensorItem } from './indexing'
import { unbound } from './join'
import { BINARY, elementwise, partOf } from './pointwise'
import { axis, copyOf, permuted, shapeOf, swapLast } from './shape'

const unknownShape = (): PyUnknown => new PyUnknown('this shape is not known')

/** What a tensor says of itself, its numbers, and its conversions. */
export const attributeOperations: readonly Operation[] = [
  operation('size', 'method', 'input, dim=', (_, { input, dim }) => {
    const size = sizeOf(tensor(input).shape)
    if (size === null) return unknownShape()
    return dim === undefined || dim === null ? size : size.items[axis(int(dim), size.items.length)]!
  }),
  ...['dim', 'ndimension'].map(name =>
    operation(name, 'method', 'input', (_, { input }) => tensor(input).shape?.length ?? unknownShape()),
  ),
  ...['numel', 'nelement'].map(name =>
    operation(name, 'torch method', 'input', (_, { input }) => {
      const { shape } = tensor(input)
      return shape === null ? unknownShape() : fromDim(product(shape))
    }),
  ),
  operation('element_size', 'method', 'input', (_, { input }) => bytesOf(tensor(input).dtype)),
  operation('stride', 'method', 'input, dim=', () => new PyUnknown('strides are not modelled')),
  operation('storage_offset', 'method', 'input', () => 0),
  operation('get_device', 'method', 'input', () => -1),
  operation('is_contiguous', 'method', 'input, *, memory_format=', () => true),
  operation('is_floating_point', 'torch method', 'input', (_, { input }) => isFloating(tensor(input).dtype)),
  operation('is_complex', 'torch method', 'input', (_, { input }) => tensor(input).dtype.startsWith('complex')),
  operation('is_nonzero', 'torch', 'input', (_, { input }) => truth(tensor(input))),
  operation('is_tensor', 'torch', 'obj', (_, { obj }) =>
    obj instanceof PyUnknown ? new PyUnknown(obj.reason) : obj instanceof PyTensor,
  ),
  operation('item', 'method', 'input', (_, { input }) => item(tensor(input))),
  operation('tolist', 'method', 'input', (run, { input }) => nested(run, tensor(input))),
  operation('numpy', 'method', null, (_, __, [input]) => copyOf(tensor(input))),
  operation('backward', 'method', null, () => null),
  operation('register_hook', 'method', null, () => null),
  operation('apply_', 'method', null, (_, __, [input]) => tensor(input)),
  ...['to', 'type', 'type_as', 'astype'].map(name =>
    operation(name, 'method', null, (_, named, [input, ...args]) => {
      const x = tensor(input)
      if (name === 'type' && args.length === 0 && !named.dtype) return `torch.${TYPE_NAMES[x.dtype] ?? 'FloatTensor'}`
      let dtype: string | null = null
      for (const arg of [...args, named.dtype ?? null, named.other ?? null]) {
        if (arg instanceof PyTensor) dtype = arg.dtype
        else if (!isDevice(arg)) dtype = dtypeName(arg) ?? dtype
      }
      return converted(x, dtype ?? x.dtype)
    }),
  ),
  ...Object.entries({
    float: 'float32',
    double: 'float64',
    half: 'float16',
    bfloat16: 'bfloat16',
    int: 'int32',
    long: 'int64',
    short: 'int16',
    char: 'int8',
    byte: 'uint8',
    bool: 'bool',
  }).map(([name, dtype]) => operation(name, 'method', null, (_, __, [input]) => converted(tensor(input), dtype))),
]

const TYPE_NAMES: Readonly<Record<string, string>> = {
  float32: 'FloatTensor',
  float64: 'DoubleTensor',
  float16: 'HalfTensor',
  int64: 'LongTensor',
  int32: 'IntTensor',
  uint8: 'ByteTensor',
  bool: 'BoolTensor',
}

/** The same numbers as another type. */
function converted(x: PyTensor, dtype: string): PyTensor {
  const result = copyOf(x)
  result.dtype = dtype
  if (dtype !== x.dtype) result.data = x.data?.map(rounding(dtype)) ?? null
  return result
}

/** The one number of a tensor; unknown where it is not known. */
function item(x: PyTensor): PyValue {
  const sizes = sizesOf(x.shape)
  if (sizes?.some(s => s !== 1))
    return raise('ValueError', 'only one element tensors can be converted to Python scalars')
  return x.data?.length === 1 ? scalarOf(x.data[0]!, x.dtype) : new PyUnknown('the value of this tensor is not known')
}

/** `x.tolist()`: nested lists; what is not known in them is unknown. */
function nested(run: Run, x: PyTensor): PyValue {
  const sizes = sizesOf(x.shape)
  if (x.data && sizes) {
    const at = (depth: number, from: number): PyValue => {
      if (depth === sizes.length) return scalarOf(x.data![from]!, x.dtype)
      const step = sizes.slice(depth + 1).reduce((a, b) => a * b, 1)
      return list(Array.from({ length: sizes[depth]! }, (_, i) => at(depth + 1, from + i * step)))
    }
    return at(0, 0)
  }
  const shape = shapeOf(x)
  void run
  if (shape.length === 1 && typeof shape[0] === 'number' && shape[0] <= 4096)
    return list(Array.from({ length: shape[0] }, () => new PyUnknown('the values of this tensor are not known')))
  return new PyUnknown('the values of this tensor are not known')
}

const truth = (x: PyTensor): PyValue => {
  const sizes = sizesOf(x.shape)
  if (sizes && sizes.reduce((a, b) => a * b, 1) > 1)
    return raise('RuntimeError', 'Boolean value of Tensor with more than one value is ambiguous')
  return x.data?.length === 1 ? x.data[0] !== 0 : new PyUnknown('the value of this tensor is not known')
}

// Attributes.

const attribute = (
  name: string,
  read: (tensor: PyTensor, run: Run) => PyValue,
  write: (tensor: PyTensor, value: PyValue) => void = () => {},
): void =>
  void tensorClass.dict.set(
    name,
    new PyProperty(
      propertyClass,
      native(name, (run, [self]) => {
        try {
          return self instanceof PyTensor ? read(self, run) : null
        } catch (error) {
          if (error instanceof Unknown) return new PyUnknown(error.message)
          throw error
        }
      }),
      native(name, (_, [self, value]) => {
        if (self instanceof PyTensor) write(self, value!)
        return null
      }),
    ),
  )

attribute('shape', t => sizeOf(t.shape, t.open) ?? unknownShape())
attribute('ndim', t => t.shape?.length ?? unknownShape())
attribute('dtype', t => dtypeObject(t.dtype))
attribute('device', () => deviceObject('cpu'))
attribute('layout', () => 'torch.strided')
attribute('itemsize', t => bytesOf(t.dtype))
attribute('nbytes', () => new PyUnknown('sizes in bytes are not modelled'))
// None before the first backward pass, and the pass is not modelled.
attribute('grad', () => new PyUnknown('gradients are not modelled'))
attribute('grad_fn', () => null)
attribute('is_leaf', t => t instanceof PyParameter)
attribute('is_quantized', () => false)
attribute('is_sparse', () => false)
attribute('is_mkldnn', () => false)
attribute('is_nested', () => false)
attribute('is_meta', () => false)
for (const device of ['cuda', 'xpu', 'mps', 'ipu', 'hpu', 'vulkan', 'maia']) attribute(`is_${device}`, () => false)
attribute('names', () => new PyUnknown('named tensors are not modelled'))
for (const part of ['real', 'imag']) attribute(part, t => partOf(t, part))
attribute('T', (t, run) => {
  const rank = shapeOf(t).length
  return permuted(
    run,
    'T',
    t,
    Array.from({ length: rank }, (_, i) => rank - 1 - i),
  )
})
for (const name of ['mT', 'H', 'mH']) attribute(name, (t, run) => swapLast(run, name, t))
attribute(
  'requires_grad',
  t => (t instanceof PyParameter ? t.weight.kind === 'trainable' : false),
  (t, value) => {
    if (!(t instanceof PyParameter) || t.weight.kind === 'buffer') return
    const weight = t.weight as { kind: typeof t.weight.kind }
    weight.kind = value === false ? 'frozen' : 'trainable'
  },
)
attribute(
  'data',
  t => {
    const copy = copyOf(t)
    if (t instanceof PyParameter) copy.constant = true
    return copy
  },
  (t, value) => {
    if (value instanceof PyTensor) t.become(value)
  },
)

// Protocols of Python.

const protocol = (name: string, body: (run: Run, self: PyTensor, args: readonly PyValue[]) => PyValue): void =>
  void tensorClass.dict.set(
    name,
    nativeMethod(name, (run, [self, ...args]) => {
      if (!(self instanceof PyTensor)) return new PyUnknown('a tensor that is not known')
      try {
        return body(run, self, args)
      } catch (error) {
        if (!(error instanceof Unknown)) throw error
        return DRAWN.has(name)
          ? traceOf(run).unknown(run, name, error.message, [self])[0]!
          : new PyUnknown(error.message)
      }
    }),
  )

/** Methods of torch.Tensor that are not modelled: calling one gives an unknown tensor. Other names are no attributes. */
const NOT_MODELLED = new Set(
  `addr addr_ align_as align_to all_gather as_strided_ as_strided_scatter as_subclass ccol_indices
   cfloat chalf cdouble cholesky_inverse cholesky_solve coalesce col_indices combine conj_physical conj_physical_ corrcoef cov
   crow_indices data_ptr dense_dim dequantize eig frexp geqrf has_names histogram i0e igamma igamma_ igammac igammac_ index_reduce
   index_reduce_ indices int_repr ipu is_coalesced is_conj is_distributed is_inference is_neg is_pinned is_same_size is_set_to
   is_shared is_signed isreal istft ldexp_ lstsq lu lu_solve map2_ map_ module_load mvlgamma mvlgamma_ narrow_copy
   new_empty_strided numpy_force orgqr ormqr polygamma polygamma_ put_ q_per_channel_axis q_per_channel_scales
   q_per_channel_zero_points q_scale q_zero_point qr qscheme record_stream refine_names reinforce rename rename_ renorm_ resize
   resize_ resize_as resize_as_ resize_as_sparse_ resolve_neg retains_grad row_indices scatter_reduce_ share_memory_ slogdet stft
   smm solve sparse_dim sparse_mask sparse_resize_ sparse_resize_and_clear_ sspaddmm storage storage_type sum_to_size svd symeig
   to_dense to_mkldnn to_padded_tensor to_sparse to_sparse_bsc to_sparse_bsr to_sparse_coo to_sparse_csc to_sparse_csr
   triangular_solve typed_storage unsafe_chunk unsafe_split unsafe_split_with_sizes untyped_storage values xpu `.split(
    /\s+/,
  ),
)

tensorClass.dict.set(
  '__getattr__',
  nativeMethod('__getattr__', (_, [self, name]) => {
    const key = asString(name ?? null) ?? ''
    if (!NOT_MODELLED.has(key)) return raise('AttributeError', `'Tensor' object has no attribute '${key}'`)
    return native(key, (run, args, kwargs) => {
      const given = tensorsIn([self!, ...args, ...kwargs.values()])
      return traceOf(run).unknown(run, key, `Tensor.${key} is not modelled`, given)[0]!
    })
  }),
)

const DRAWN = new Set(['__getitem__'])

protocol('__getitem__', (run, self, [index]) => tensorItem(run, self, index!))
protocol('__setitem__', (run, self, [index, value]) => {
  setTensorItem(run, self, index!, value!)
  return null
})
protocol('__len__', (_, self) => {
  const shape: Shape = shapeOf(self)
  return shape.length === 0 ? raise('TypeError', 'len() of a 0-d tensor') : fromDim(shape[0]!)
})
protocol('__bool__', (_, self) => truth(self))
protocol('__int__', (_, self) => {
  const value = item(self)
  return value instanceof PyFloat ? Math.trunc(value.value) : typeof value === 'boolean' ? Number(value) : value
})
protocol('__index__', (_, self) => item(self))
protocol('__float__', (_, self) => {
  const value = item(self)
  return typeof value === 'number' ? new PyFloat(value) : value
})
protocol('__round__', (_, self, [digits]) => {
  const value = item(self)
  return typeof value === 'boolean' ? Number(value) : roundValue(value, digits ?? null)
})
protocol('__neg__', (run, self) => elementwise(run, 'neg', [self], n => 0 - n!))
protocol('__pos__', (_, self) => self)
protocol('__abs__', (run, self) => elementwise(run, 'abs', [self], Math.abs))
protocol('__invert__', (run, self) => elementwise(run, 'logical_not', [self], n => (n ? 0 : 1)))
protocol('__contains__', (_, self, [value]) => {
  if (self.data && typeof value === 'number') return self.data.includes(value)
  return new PyUnknown('the values of this tensor are not known')
})
protocol('__hash__', () => 0)
// `x += y` writes into the tensor, where its shape stays.
for (const [name, operator] of Object.entries({
  add: 'add',
  sub: 'sub',
  mul: 'mul',
  truediv: 'div',
  floordiv: 'floor_divide',
  mod: 'remainder',
  pow: 'pow',
  and: 'logical_and',
  or: 'logical_or',
})) {
  protocol(`__i${name}__`, (run, self, [other]) => {
    if (self instanceof PyParameter) return self
    const { dtype } = self
    self.become(elementwise(run, operator, [self, other!], BINARY[operator] ?? null))
    self.dtype = dtype
    return self
  })
}

/** torch.Tensor(2, 3) is empty and of that shape; torch.Tensor([2, 3]) holds the numbers. */
tensorClass.convert = (run, _cls, args) =>
  args.length > 0 && args.every(a => asInt(a) !== null || a instanceof PySym)
    ? filled(run, args.map(dim), 'float32', null)
    : fromValues(run, args[0] ?? list([]), 'float32')

/** Sizes multiply to a number of elements. */
sizeClass.dict.set(
  'numel',
  nativeMethod('numel', (_, [self]) => (self instanceof PyTuple ? fromDim(product(self.items.map(dim))) : 1)),
)

/** Asked before a tensor is gone through; throws where that is refused. */
export const beforeIteration: ((tensor: PyTensor) => void)[] = []

onIterate(tensorClass, (run, value) => {
  const x = value as PyTensor
  for (const ask of beforeIteration) ask(x)
  const sizes = sizesOf(x.shape)
  // Numbers that are known are given without a node each.
  if (x.data && sizes?.length === 1) {
    const trace = traceOf(run)
    return x.data.map(n => trace.constant([], x.dtype, [n]))[Symbol.iterator]()
  }
  try {
    return unbound(run, x, 0)[Symbol.iterator]()
  } catch (error) {
    if (error instanceof Unknown) return null
    throw error
  }
})
