import type { Run } from '../../interpreter/run'
import { asNumber, isUnknown, PySym, type PyValue } from '../../interpreter/values'
import { softmaxAxis } from '../nn/activations'
import { PyParameter, PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { bool, int, tensor, Unknown } from '../values'
import { isFloating, mapped, promoted } from './data'
import { type Operation, operation } from './define'
import { copyOf } from './shape'

/** Numbers in, number out: how values of small constants are computed. */
export type Numeric = (...numbers: number[]) => number

const sigmoid: Numeric = x => 1 / (1 + Math.exp(-x!))
/** Half to even, as PyTorch and NumPy round. */
export const roundEven: Numeric = x => {
  const floor = Math.floor(x!)
  const rest = x! - floor
  return rest < 0.5 ? floor : rest > 0.5 ? floor + 1 : floor % 2 === 0 ? floor : floor + 1
}

/** Activations: torch.nn.functional's own and those that torch has too, with what they take after the input. */
const ACTIVATIONS: readonly (readonly [string, string, Numeric?])[] = [
  ['relu', 'inplace=', x => Math.max(0, x!)],
  ['relu6', 'inplace=', x => Math.min(6, Math.max(0, x!))],
  ['sigmoid', '', sigmoid],
  ['tanh', '', Math.tanh],
  ['silu', 'inplace=', x => x! * sigmoid(x!)],
  ['gelu', 'approximate='],
  ['elu', 'alpha=, inplace='],
  ['celu', 'alpha=, inplace='],
  ['selu', 'inplace='],
  ['mish', 'inplace='],
  ['leaky_relu', 'negative_slope=, inplace='],
  ['rrelu', 'lower=, upper=, training=, inplace='],
  ['hardtanh', 'min_val=, max_val=, inplace='],
  ['hardswish', 'inplace='],
  ['hardsigmoid', 'inplace=', x => Math.min(1, Math.max(0, x! / 6 + 0.5))],
  ['hardshrink', 'lambd='],
  ['softshrink', 'lambd='],
  ['tanhshrink', ''],
  ['softplus', 'beta=, threshold='],
  ['softsign', ''],
  ['logsigmoid', ''],
  ['threshold', 'threshold, value, inplace='],
]

/** Functions of one tensor; those with a second name are the same. */
const UNARY: Readonly<Record<string, Numeric | null>> = {
  neg: x => 0 - x!,
  negative: x => 0 - x!,
  positive: x => x!,
  abs: Math.abs,
  absolute: Math.abs,
  sign: Math.sign,
  sgn: Math.sign,
  exp: Math.exp,
  exp2: x => 2 ** x!,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  rsqrt: x => 1 / Math.sqrt(x!),
  square: x => x! * x!,
  reciprocal: x => 1 / x!,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  arctan: Math.atan,
  arcsin: Math.asin,
  arccos: Math.acos,
  sinh: Math.sinh,
  cosh: Math.cosh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  arcsinh: Math.asinh,
  arccosh: Math.acosh,
  arctanh: Math.atanh,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  fix: Math.trunc,
  round: roundEven,
  frac: x => x! - Math.trunc(x!),
  erf: null,
  erfc: null,
  erfinv: null,
  logit: null,
  lgamma: null,
  digamma: null,
  i0: null,
  signbit: null,
  isposinf: x => (x === Number.POSITIVE_INFINITY ? 1 : 0),
  isneginf: x => (x === Number.NEGATIVE_INFINITY ? 1 : 0),
  sinc: null,
  nan_to_num: null,
  conj: x => x!,
  angle: null,
  deg2rad: x => (x! * Math.PI) / 180,
  rad2deg: x => (x! * 180) / Math.PI,
  logical_not: x => (x ? 0 : 1),
  bitwise_not: null,
  isnan: x => (Number.isNaN(x) ? 1 : 0),
  isinf: x => (Number.isFinite(x) || Number.isNaN(x) ? 0 : 1),
  isfinite: x => (Number.isFinite(x) ? 1 : 0),
}

const modulo: Numeric = (a, b) => a! - Math.floor(a! / b!) * b!

/** Functions of two operands, of which one may be a number. */
export const BINARY: Readonly<Record<string, Numeric | null>> = {
  add: (a, b) => a! + b!,
  sub: (a, b) => a! - b!,
  subtract: (a, b) => a! - b!,
  mul: (a, b) => a! * b!,
  multiply: (a, b) => a! * b!,
  div: (a, b) => a! / b!,
  divide: (a, b) => a! / b!,
  true_divide: (a, b) => a! / b!,
  floor_divide: (a, b) => Math.floor(a! / b!),
  remainder: modulo,
  fmod: (a, b) => a! % b!,
  pow: (a, b) => a! ** b!,
  float_power: (a, b) => a! ** b!,
  maximum: (a, b) => Math.max(a!, b!),
  minimum: (a, b) => Math.min(a!, b!),
  fmax: (a, b) => Math.max(a!, b!),
  fmin: (a, b) => Math.min(a!, b!),
  atan2: Math.atan2,
  arctan2: Math.atan2,
  hypot: Math.hypot,
  xlogy: null,
  logaddexp: null,
  logaddexp2: null,
  nextafter: null,
  gcd: null,
  lcm: null,
  copysign: null,
  heaviside: null,
  ldexp: null,
  eq: (a, b) => (a === b ? 1 : 0),
  ne: (a, b) => (a !== b ? 1 : 0),
  not_equal: (a, b) => (a !== b ? 1 : 0),
  lt: (a, b) => (a! < b! ? 1 : 0),
  less: (a, b) => (a! < b! ? 1 : 0),
  le: (a, b) => (a! <= b! ? 1 : 0),
  less_equal: (a, b) => (a! <= b! ? 1 : 0),
  gt: (a, b) => (a! > b! ? 1 : 0),
  greater: (a, b) => (a! > b! ? 1 : 0),
  ge: (a, b) => (a! >= b! ? 1 : 0),
  greater_equal: (a, b) => (a! >= b! ? 1 : 0),
  isclose: null,
  logical_and: (a, b) => (a && b ? 1 : 0),
  logical_or: (a, b) => (a || b ? 1 : 0),
  logical_xor: (a, b) => (!a !== !b ? 1 : 0),
  bitwise_and: (a, b) => Number(BigInt(a!) & BigInt(b!)),
  bitwise_or: (a, b) => Number(BigInt(a!) | BigInt(b!)),
  bitwise_xor: (a, b) => Number(BigInt(a!) ^ BigInt(b!)),
  bitwise_left_shift: (a, b) => a! * 2 ** b!,
  bitwise_right_shift: (a, b) => Math.floor(a! / 2 ** b!),
}

const BOOLEAN =
  /^(eq|ne|not_equal|l[te]|less|less_equal|g[te]|greater|greater_equal|isclose|logical_.*|isnan|is(pos|neg)?inf|isfinite|signbit)$/
const FLOATING = new Set(
  'div divide true_divide float_power atan2 sigmoid exp log log2 log10 sqrt rsqrt sin cos tan tanh reciprocal'.split(
    ' ',
  ),
)

/** Draws a function of tensors and numbers position by position, broadcast; numbers are computed where they are known. */
export function elementwise(run: Run, name: string, operands: readonly PyValue[], f: Numeric | null): PyTensor {
  const tensors: PyTensor[] = []
  const numbers: (PyTensor | number)[] = []
  let computable = f !== null
  let lost: string | null = null
  for (const operand of operands) {
    if (operand instanceof PyTensor) {
      tensors.push(operand)
      numbers.push(operand)
    } else {
      const n = asNumber(operand)
      // Numbers that are not known change values, not shapes.
      if (n !== null) numbers.push(n)
      else if (operand instanceof PySym || operand === null) computable = false
      else if (isUnknown(operand)) {
        computable = false
        lost ??= operand.reason
      } else return tensor(operand)
    }
  }
  if (tensors.length === 0) throw new Unknown(lost ?? 'its tensor is not known')
  const trace = traceOf(run)
  // An unknown operand may be a tensor that stretches the others.
  if (lost !== null) return trace.unknown(run, name, lost, tensors)[0]!
  const result = trace.op(run, 'elementwise', { function: name }, tensors, name)
  result.dtype = BOOLEAN.test(name) ? 'bool' : typeOfResult(name, operands)
  if (computable && f) result.data = mapped(numbers, result.shape, result.dtype, f)
  return result
}

function typeOfResult(name: string, operands: readonly PyValue[]): string {
  const dtype = promoted(operands)
  return FLOATING.has(name) && !isFloating(dtype) ? 'float32' : dtype
}

/** In place: the tensor itself becomes the result. Parameters stay what they are. */
const inPlace = (name: string, body: (run: Run, x: PyTensor, rest: readonly PyValue[]) => PyTensor): Operation =>
  operation(`${name}_`, 'torch functional method', null, (r, named, [input, ...rest]) => {
    const x = tensor(input ?? named.input)
    if (x instanceof PyParameter) return x
    const { dtype } = x
    x.become(body(r, x, [...rest, ...Object.values(named).flatMap(v => (v === undefined || v === x ? [] : [v]))]))
    x.dtype = dtype
    return x
  })

const activations = ACTIVATIONS.flatMap(([name, rest, f]) => {
  const draw = (run: Run, x: PyTensor): PyTensor => {
    const result = traceOf(run).op(run, 'activation', { function: name }, [x], name)
    if (!isFloating(result.dtype)) result.dtype = 'float32'
    if (f) result.data = mapped([x], result.shape, result.dtype, f)
    return result
  }
  return [
    operation(name, 'torch functional method', rest ? `input, ${rest}` : 'input', (run, { input, inplace }) => {
      const x = tensor(input)
      const result = draw(run, x)
      return bool(inplace, false) ? x.become(result) : result
    }),
    inPlace(name, (run, x) => draw(run, x)),
  ]
})

const unary = Object.entries(UNARY).flatMap(([name, f]) => [
  operation(
    name,
    'torch method',
    'input, *, decimals=, out=, nan=, posinf=, neginf=, eps=',
    (run, { input, decimals }) => {
      if (decimals !== undefined) return elementwise(run, name, [tensor(input)], null)
      return elementwise(run, name, [tensor(input)], f)
    },
  ),
  inPlace(name, (run, x) => elementwise(run, name, [x], f)),
])

const binary = Object.entries(BINARY).flatMap(([name, f]) => [
  operation(
    name,
    'torch method',
    'input, other=, *, alpha=, rounding_mode=, out=, exponent=, rtol=, atol=, equal_nan=',
    (run, args) => {
      const second = args.other ?? args.exponent
      const mode = args.rounding_mode
      const g: Numeric | null =
        args.alpha !== undefined
          ? null
          : mode === 'floor'
            ? BINARY.floor_divide!
            : mode === 'trunc'
              ? (a, b) => Math.trunc(a! / b!)
              : f
      const result = elementwise(run, name, [args.input!, second!], g)
      if (typeof mode === 'string') result.dtype = promoted([args.input!, second!])
      return result
    },
  ),
  inPlace(name, (run, x, rest) => elementwise(run, name, [x, ...rest.slice(0, 1)], rest.length === 1 ? f : null)),
])

const clampOf = (run: Run, name: string, x: PyTensor, least: PyValue, most: PyValue): PyTensor => {
  const operands = [x, ...(least === null ? [] : [least]), ...(most === null ? [] : [most])]
  return elementwise(run, name, operands, (n, a, b) =>
    least === null ? Math.min(n!, a!) : most === null ? Math.max(n!, a!) : Math.min(Math.max(n!, a!), b!),
  )
}

/** The real or the imaginary part of numbers that may be complex. */
export function partOf(x: PyTensor, part: string): PyTensor {
  const copy = copyOf(x)
  if (!x.dtype.startsWith('complex')) return copy
  copy.dtype = x.dtype === 'complex128' ? 'float64' : 'float32'
  if (part === 'imag') copy.data = null
  return copy
}

/** Functions that go over tensors element by element. */
export const pointwiseOperations: readonly Operation[] = [
  ...activations,
  ...unary,
  ...binary,
  ...['clamp', 'clip'].flatMap(name => [
    operation(name, 'torch method', 'input, min=, max=', (run, { input, min, max }) =>
      clampOf(run, name, tensor(input), min ?? null, max ?? null),
    ),
    operation(`${name}_`, 'torch method', 'input, min=, max=', (run, { input, min, max }) => {
      const x = tensor(input)
      return x instanceof PyParameter ? x : x.become(clampOf(run, name, x, min ?? null, max ?? null))
    }),
  ]),
  ...['clamp_min', 'clamp_max'].map(name =>
    operation(name, 'torch method', 'input, limit', (run, { input, limit }) =>
      name === 'clamp_min'
        ? clampOf(run, name, tensor(input), limit!, null)
        : clampOf(run, name, tensor(input), null, limit!),
    ),
  ),
  ...['addcmul', 'addcdiv', 'lerp'].map(name =>
    operation(name, 'torch method', 'input, a, b, *, value=', (run, { input, a, b }) =>
      elementwise(run, name, [tensor(input), a!, b!], null),
    ),
  ),
  ...['real', 'imag'].map(name => operation(name, 'torch', 'input', (_, { input }) => partOf(tensor(input), name))),
  operation('rsub', 'torch', 'input, other', (run, { input, other }) =>
    elementwise(run, 'rsub', [other!, tensor(input)], BINARY.sub!),
  ),
  operation('where', 'torch method', null, (run, named, args) => {
    const [first, a, b] =
      args.length === 3 ? args : [args[0] ?? named.condition, named.input ?? args[1], named.other ?? args[2]]
    if (a === undefined) {
      const x = tensor(first)
      const rank = x.shape?.length ?? 0
      return traceOf(run).op(run, 'compute', { function: 'where', shapes: [rank === 0 ? null : [null]] }, [x], 'where')
    }
    // The method's tensor is the one that is taken: x.where(condition, other).
    const condition = tensor(first)
    const isMethod = condition.dtype !== 'bool' && a instanceof PyTensor && a.dtype === 'bool'
    const [test, yes] = isMethod ? [a, condition as PyValue] : [condition as PyValue, a]
    const result = elementwise(run, 'where', [test, yes, b!], (t, x, y) => (t ? x! : y!))
    result.dtype = promoted([yes, b!])
    return result
  }),
  ...['masked_fill', 'masked_fill_'].map(name =>
    operation(name, 'torch method', 'input, mask, value', (run, { input, mask, value }) => {
      const x = tensor(input)
      const result = elementwise(run, 'masked_fill', [x, mask!, value ?? null], (n, m, v) => (m ? v! : n!))
      result.dtype = x.dtype
      return name.endsWith('_') ? x.become(result) : result
    }),
  ),
  ...['glu'].map(name =>
    operation(name, 'torch functional', 'input, dim=', (run, { input, dim }) =>
      traceOf(run).op(run, 'activation', { function: 'glu', halves: int(dim, -1) }, [tensor(input)], name),
    ),
  ),
  operation('prelu', 'torch functional method', 'input, weight', (run, { input, weight }) =>
    traceOf(run).op(
      run,
      'elementwise',
      { function: 'prelu', keepsFirst: true },
      [tensor(input), tensor(weight)],
      'prelu',
    ),
  ),
  ...[
    ['softmax', 'torch functional method'],
    ['log_softmax', 'torch functional method'],
    ['softmin', 'functional'],
  ].map(([name, places]) =>
    operation(name!, places!, 'input, dim=, _stacklevel=, dtype=', (run, { input, dim }) => {
      const x = tensor(input)
      return traceOf(run).op(run, 'softmax', { axis: softmaxAxis(dim, x) }, [x], name!)
    }),
  ),
  operation('gumbel_softmax', 'functional', 'logits, tau=, hard=, eps=, dim=', (run, { logits, dim }) =>
    traceOf(run).op(run, 'softmax', { axis: int(dim, -1) }, [tensor(logits)], 'gumbel_softmax'),
  ),
  ...'dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout'
    .split(' ')
    .map(name =>
      operation(name, 'torch functional', 'input, p=, training=, inplace=, train=', (run, { input }) =>
        traceOf(run).op(run, 'dropout', {}, [tensor(input)], name),
      ),
    ),
  // What random generators and initializers write in place changes no shape.
  ...'uniform_ normal_ fill_ zero_ bernoulli_ random_ exponential_ trunc_normal_ copy_ fill_diagonal_ log_normal_ cauchy_ geometric_ set_'
    .split(' ')
    .map(name =>
      operation(name, 'method', null, (_, __, [input]) => {
        const x = tensor(input)
        if (!(x instanceof PyParameter)) x.data = null
        return x
      }),
    ),
  operation('bernoulli', 'torch method', null, (_, { input }, [x]) => copyOf(tensor(x ?? input))),
]
