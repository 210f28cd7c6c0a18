import { type Dim, N } from '../../../core/dim'
import { asNumber, asString, PyFloat, type PyValue } from '../interpreter/values'
import { dtypeName } from '../torch/dtypes'
import { parameterOf } from '../torch/nn/parameters'
import { filled, fromValues } from '../torch/operations/creation'
import { copyOf } from '../torch/operations/shape'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { bool, Unknown } from '../torch/values'
import { likeTorch, type Row, row, sizesIn, tensorOf } from './define'
import { asShape } from './shapeTensor'

const RANDOM =
  'normal uniform truncated_normal gamma poisson stateless_normal stateless_uniform stateless_truncated_normal randint'.split(
    ' ',
  )

/** Functions that make tensors. */
export const creationRows: readonly Row[] = [
  row(
    'tf.constant tf.compat.v1.constant tf.convert_to_tensor ops.convert_to_tensor ops.array K.constant K.variable_value',
    'x|value, dtype=, shape=, *, sparse=, name=, preferred_dtype=, dtype_hint=',
    (run, { x, dtype, shape }) => {
      if (x !== undefined && asShape(x)) return x
      const kind = dtypeName(dtype ?? null)
      const made = x instanceof PyTensor ? copyOf(x) : fromValues(run, x ?? null, kind ?? '')
      if (kind) made.dtype = kind
      else if (made.dtype === 'int64' && !(x instanceof PyTensor)) made.dtype = 'int32'
      const sizes = shape === undefined || shape === null ? null : sizesIn(shape)
      if (!sizes) return made
      if (made.data?.length === 1) return filled(run, sizes, made.dtype, made.data[0]!)
      return likeTorch(run, 'reshape', { shape: shape! }, [made, shape!])
    },
  ),
  row(
    'tf.Variable tf.compat.v1.Variable K.variable',
    'initial_value=|value, trainable=, validate_shape=, caching_device=, name=, variable_def=, dtype=, import_scope=, constraint=, synchronization=, aggregation=, shape=',
    (run, { initial_value: given, trainable, dtype }) => {
      const start =
        given !== undefined && given !== null && !(given instanceof PyTensor) && isCallable(given)
          ? run.call(given, [])
          : given
      const tensor = tensorOf(run, start)
      const made = parameterOf(run, tensor, bool(trainable, true))
      const kind = dtypeName(dtype ?? null)
      if (kind) made.dtype = kind
      return made
    },
  ),
  row(
    'tf.get_variable tf.compat.v1.get_variable',
    'name, shape=, dtype=, initializer=, regularizer=, trainable=, *, collections=, constraint=, use_resource=, reuse=, validate_shape=',
    (run, { shape, initializer, trainable }) => {
      const tensor =
        shape === undefined || shape === null
          ? tensorOf(run, initializer)
          : filled(run, sizesIn(shape), 'float32', null)
      return parameterOf(run, tensor, bool(trainable, true))
    },
  ),
  row(
    'tf.placeholder tf.compat.v1.placeholder tf.placeholder_with_default K.placeholder',
    'dtype=, shape=, name=, ndim=',
    (run, { dtype, shape, name }) => {
      const sizes = sizesIn(shape)
      const { builder } = traceOf(run)
      // What is left open first is the batch.
      const out = sizes?.map((size, i): Dim => (i === 0 && size === null ? N : size)) ?? null
      return new PyTensor(
        builder.input(asString(name ?? null) ?? 'placeholder', out),
        dtypeName(dtype ?? null) ?? 'float32',
      )
    },
  ),
  ...(
    [
      ['zeros', 0],
      ['ones', 1],
      ['empty', null],
    ] as const
  ).flatMap(([name, value]) => [
    row(`tf.${name} ops.${name} K.${name}`, 'shape, dtype=', (run, { shape, dtype }) =>
      filled(run, sizesOr(shape), dtypeName(dtype ?? null) ?? 'float32', value),
    ),
    row(
      `tf.${name}_like ops.${name}_like K.${name}_like tf.compat.v1.${name}_like`,
      'x|input|tensor, dtype=',
      (run, { x, dtype }) => {
        const input = tensorOf(run, x)
        return filled(run, input.shape, dtypeName(dtype ?? null) ?? input.dtype, value)
      },
    ),
  ]),
  row('tf.fill ops.full', 'shape|dims, value|fill_value, dtype=', (run, { shape, value }) =>
    filled(run, sizesOr(shape), value instanceof PyFloat ? 'float32' : 'int32', number(value)),
  ),
  row('ops.full_like', 'x, fill_value, dtype=', (run, { x, fill_value }) => {
    const input = tensorOf(run, x)
    return filled(run, input.shape, input.dtype, number(fill_value))
  }),
  row(
    'tf.eye ops.eye K.eye',
    'num_rows|N|size, num_columns=|M, batch_shape=|k, dtype=',
    (run, { num_rows, num_columns }) =>
      likeTorch(run, 'eye', { n: num_rows!, ...(num_columns == null ? {} : { m: num_columns }) }),
  ),
  row('tf.range ops.arange K.arange tf.experimental.numpy.arange', null, (run, named, args) => {
    const given = args.length
      ? args
      : [named.start, named.limit ?? named.stop, named.delta ?? named.step].filter(v => v !== undefined)
    const kind = named.dtype
    return likeTorch(
      run,
      'arange',
      kind === undefined || dtypeName(kind) === null ? {} : { dtype: kind },
      given as PyValue[],
    )
  }),
  row('tf.linspace tf.lin_space ops.linspace', 'start, stop|end, num=|steps', (run, { start, stop, num }) =>
    likeTorch(run, 'linspace', { start: start!, end: stop!, steps: num ?? 50 }),
  ),
  ...RANDOM.map(name =>
    row(
      `tf.random.${name} tf.random_${name} tf.${name} tf.compat.v1.random_${name} tf.compat.v1.${name} tf.compat.v1.random.${name} K.random_${name} K.${name} keras.random.${name}`,
      null,
      (run, named, args) => {
        const kind = dtypeName(named.dtype ?? null)
        return filled(run, sizesOr(args[0] ?? named.shape), kind ?? (name === 'randint' ? 'int32' : 'float32'), null)
      },
    ),
  ),
  row('tf.random.shuffle', null, (run, _, [x]) => copyOf(tensorOf(run, x))),
]

function sizesOr(value: PyValue | undefined): Dim[] {
  const sizes = sizesIn(value)
  if (sizes === null) throw new Unknown('this shape is not known')
  return sizes
}

const number = (value: PyValue | undefined): number | null =>
  value instanceof PyTensor ? (value.data?.length === 1 ? value.data[0]! : null) : asNumber(value ?? null)

const isCallable = (value: PyValue): boolean =>
  typeof value === 'object' && value !== null && 'cls' in value && /function|method/.test(value.cls.name)
