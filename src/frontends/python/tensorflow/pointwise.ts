import { binary as binaryOperator } from '../interpreter/operators'
import type { Run } from '../interpreter/run'
import { asNumber, PyList, PySym, PyTuple, type PyValue } from '../interpreter/values'
import { mapped } from '../torch/operations/data'
import { BINARY, elementwise, type Numeric } from '../torch/operations/pointwise'
import { copyOf } from '../torch/operations/shape'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { likeTorch, type Row, row, tensorOf } from './define'
import { asShape } from './shapeTensor'

/** Activations by their names in tf.nn and keras.ops, as torch's functions are called where there is one. */
const ACTIVATIONS: Readonly<Record<string, Numeric | null>> = {
  relu: x => Math.max(0, x!),
  relu6: x => Math.min(6, Math.max(0, x!)),
  leaky_relu: null,
  elu: null,
  selu: null,
  celu: null,
  gelu: null,
  silu: x => x! / (1 + Math.exp(-x!)),
  swish: x => x! / (1 + Math.exp(-x!)),
  crelu: null,
  softplus: null,
  softsign: null,
  sigmoid: x => 1 / (1 + Math.exp(-x!)),
  hard_sigmoid: x => Math.min(1, Math.max(0, x! / 6 + 0.5)),
  hard_silu: null,
  hard_swish: null,
  hard_tanh: null,
  log_sigmoid: null,
  mish: null,
  tanh: Math.tanh,
  exponential: Math.exp,
  squareplus: null,
  sparse_plus: null,
  sparse_sigmoid: null,
  hard_shrink: null,
  soft_shrink: null,
  tanh_shrink: null,
  threshold: null,
}

/** Functions of one tensor: what torch calls them. */
const UNARY =
  'abs=absolute neg=negative sign exp expm1 log log1p log2 log10 sqrt rsqrt square reciprocal sin cos tan asin acos atan sinh cosh asinh acosh atanh floor ceil round erf erfc logical_not isnan=is_nan isinf=is_inf isfinite=is_finite lgamma digamma'.split(
    ' ',
  )
/** Functions of two operands: torch's name, then TensorFlow's others. */
const TWO =
  'add subtract=sub multiply=mul divide=truediv,div,realdiv floor_divide=floordiv remainder=floormod,mod pow=power maximum minimum eq=equal ne=not_equal lt=less gt=greater le=less_equal ge=greater_equal logical_and logical_or logical_xor atan2=arctan2 squared_difference divide_no_nan=div_no_nan multiply_no_nan xlogy'.split(
    ' ',
  )

const everywhere = (names: readonly string[]): string =>
  names.flatMap(n => [`tf.${n}`, `tf.math.${n}`, `ops.${n}`, `K.${n}`]).join(' ')

export const pointwiseRows: readonly Row[] = [
  ...Object.entries(ACTIVATIONS).map(([name, f]) =>
    row(
      `tf.nn.${name} tf.${name === 'sigmoid' || name === 'tanh' ? name : `nn.${name}`} tf.math.${name} ops.${name} K.${name}`,
      'x|features|logits|value, alpha=|negative_slope|approximate|beta|threshold, max_value=|axis, default_value=',
      (run, { x }) => activation(run, name, tensorOf(run, x), f),
    ),
  ),
  ...UNARY.map(spec => {
    const [name, other] = spec.split('=') as [string, string?]
    return row(everywhere([name, ...(other ? [other] : [])]), 'x|input|a', (run, { x }) =>
      likeTorch(run, name, { input: tensorOf(run, x) }),
    )
  }),
  ...TWO.map(spec => {
    const [name, others = ''] = spec.split('=') as [string, string?]
    return row(everywhere([name, ...others.split(',').filter(Boolean)]), 'x|a|x1, y|b|x2', (run, { x, y }) =>
      both(run, name, x!, y!),
    )
  }),
  row(`${everywhere(['add_n'])} tf.accumulate_n`, 'inputs', (run, { inputs }) => {
    const list = inputs instanceof PyList || inputs instanceof PyTuple ? inputs.items : [inputs!]
    return elementwise(
      run,
      'add',
      list.map(v => tensorOf(run, v)),
      null,
    )
  }),
  row(
    `${everywhere(['clip_by_value', 'clip'])} K.clip`,
    'x|t, min|clip_value_min|x_min|min_value, max|clip_value_max|x_max|max_value',
    (run, { x }) => elementwise(run, 'clip', [tensorOf(run, x)], null),
  ),
  ...['softmax', 'log_softmax'].map(name =>
    row(`tf.nn.${name} tf.${name} ops.${name} K.${name} tf.math.${name}`, 'x|logits, axis=|dim', (run, { x, axis }) => {
      const input = tensorOf(run, x)
      const at = asNumber(axis ?? null) ?? -1
      return typed(input, traceOf(run).op(run, 'softmax', { axis: at }, [input], name))
    }),
  ),
  row('ops.glu', 'x, axis=', (run, { x, axis }) =>
    traceOf(run).op(
      run,
      'activation',
      { function: 'glu', halves: asNumber(axis ?? null) ?? -1 },
      [tensorOf(run, x)],
      'glu',
    ),
  ),
  row(
    'tf.identity tf.stop_gradient tf.cast tf.grad_pass_through ops.cast ops.stop_gradient ops.copy K.cast K.stop_gradient K.identity tf.debugging.check_numerics tf.nn.dropout ops.convert_to_numpy K.eval K.get_value tf.saturate_cast tf.image.convert_image_dtype tf.ensure_shape tf.nn.experimental.stateless_dropout tf.dtypes.cast',
    null,
    (run, named, args) => copyOf(tensorOf(run, args[0] ?? named.x ?? named.input ?? named.tensor ?? null)),
  ),
  row('K.dropout', 'x, level, noise_shape=, seed=', (run, { x }) => copyOf(tensorOf(run, x))),
  row(
    'tf.where tf.compat.v1.where ops.where K.switch',
    'condition, x=|x1|then_expression, y=|x2|else_expression',
    (run, { condition, x, y }) => {
      const asked = tensorOf(run, condition)
      if (x === undefined || y === undefined) return likeTorch(run, 'nonzero', { input: asked }, [asked])
      const operands = [asked, x, y].map(v => (asNumber(v ?? null) !== null ? v! : tensorOf(run, v)))
      const result = elementwise(run, 'where', operands, (c, a, b) => (c ? a! : b!))
      result.dtype = [x, y].find((v): v is PyTensor => v instanceof PyTensor)?.dtype ?? 'float32'
      return result
    },
  ),
]

function activation(run: Run, name: string, x: PyTensor, f: Numeric | null): PyTensor {
  const result = traceOf(run).op(run, 'activation', { function: name }, [x], name)
  if (f) result.data = mapped([x], result.shape, x.dtype, f)
  return typed(x, result)
}

function typed(from: PyTensor, to: PyTensor): PyTensor {
  to.dtype = from.dtype
  return to
}

/** Arithmetic of two operands, of which one may be a number or a list; of two numbers it is Python's. */
function both(run: Run, name: string, x: PyValue, y: PyValue): PyValue {
  const plain = (v: PyValue): boolean => asNumber(v) !== null || v instanceof PySym || asShape(v) !== null
  const operator = SIGNS[name]
  if (plain(x) && plain(y) && operator) return binaryOperator(run, operator, x, y)
  const operands = [x, y].map(v => (asNumber(v) !== null || v instanceof PySym ? v : tensorOf(run, v)))
  return elementwise(run, name, operands, BINARY[name] ?? null)
}

const SIGNS: Readonly<Record<string, '+' | '-' | '*' | '/' | '//' | '%' | '**'>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  floor_divide: '//',
  remainder: '%',
  pow: '**',
}
