import type { Dim } from '../../../../core/dim'
import type { Shape } from '../../../../core/shape'
import { items } from '../../interpreter/iterate'
import type { Run } from '../../interpreter/run'
import {
  asNumber,
  isUnknown,
  PyFloat,
  PyList,
  PyObject,
  PyRange,
  PySym,
  PyTuple,
  type PyValue,
} from '../../interpreter/values'
import { dtypeName } from '../dtypes'
import { PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { dim, dims, tensor, Unknown } from '../values'
import { countOf, isFloating, MAX_ELEMENTS, rounding, sizesOf, walk } from './data'
import { type Operation, operation } from './define'

const FILLED: Readonly<Record<string, number | null>> = { zeros: 0, ones: 1, empty: null, rand: null, randn: null }

/** Functions that make tensors. */
export const creationOperations: readonly Operation[] = [
  ...Object.entries(FILLED).flatMap(([name, value]) => [
    operation(name, 'torch', null, (run, named, args) => {
      const shape = dims(run, args.length ? args.filter(a => !isGenerator(a)) : [named.size ?? null])
      return filled(run, shape, dtypeOf(named.dtype, 'float32'), value)
    }),
    operation(`${name}_like`, 'torch', null, (run, named, args) => {
      const x = tensor(args[0] ?? named.input)
      return filled(run, x.shape, dtypeOf(named.dtype, x.dtype), value)
    }),
    operation(`new_${name}`, 'method', null, (run, named, [input, ...args]) =>
      filled(
        run,
        dims(run, args.length ? args : [named.size ?? null]),
        dtypeOf(named.dtype, tensor(input).dtype),
        value,
      ),
    ),
  ]),
  operation('new', 'method', null, (run, _, [input, ...args]) =>
    filled(run, dims(run, args), tensor(input).dtype, null),
  ),
  operation('full', 'torch', null, (run, named, args) => {
    const [size, value] = [args[0] ?? named.size, args[1] ?? named.fill_value ?? null]
    return filled(run, dims(run, [size ?? null]), dtypeOf(named.dtype, naturalType(value)), asNumber(value))
  }),
  operation('full_like', 'torch', null, (run, named, args) => {
    const x = tensor(args[0] ?? named.input)
    return filled(run, x.shape, dtypeOf(named.dtype, x.dtype), asNumber(args[1] ?? named.fill_value ?? null))
  }),
  operation('new_full', 'method', null, (run, named, [input, size, value]) =>
    filled(
      run,
      dims(run, [size ?? named.size ?? null]),
      dtypeOf(named.dtype, tensor(input).dtype),
      asNumber(value ?? named.fill_value ?? null),
    ),
  ),
  operation('empty_strided', 'torch', null, (run, named, args) =>
    filled(run, dims(run, [args[0] ?? named.size ?? null]), dtypeOf(named.dtype, 'float32'), null),
  ),
  ...['randint', 'randint_like'].map(name =>
    operation(name, 'torch', null, (run, named, args) => {
      if (name === 'randint_like')
        return filled(run, tensor(args[0] ?? named.input).shape, dtypeOf(named.dtype, 'int64'), null)
      const size = named.size ?? args.find(a => a instanceof PyTuple || a instanceof PyList) ?? null
      return filled(run, dims(run, [size]), dtypeOf(named.dtype, 'int64'), null)
    }),
  ),
  operation('normal', 'torch', null, (run, named, args) => {
    const [mean, std, size] = args
    const like = [mean, std].find(v => v instanceof PyTensor)
    return filled(run, like ? (like as PyTensor).shape : dims(run, [named.size ?? size ?? null]), 'float32', null)
  }),
  operation('randperm', 'torch', null, (run, named, [n]) =>
    filled(run, [dim(n ?? named.n ?? null)], dtypeOf(named.dtype, 'int64'), null),
  ),
  operation('arange', 'torch', null, (run, named, args) => arange(run, args, named)),
  operation('range', 'torch', null, (run, named, args) => {
    const [start, end, step] = [asNumber(args[0] ?? 0), asNumber(args[1] ?? null), asNumber(args[2] ?? 1)]
    const size = start === null || end === null || step === null ? null : Math.floor((end - start) / step) + 1
    return filled(run, [size], dtypeOf(named.dtype, 'float32'), null)
  }),
  ...['linspace', 'logspace'].map(name =>
    operation(
      name,
      'torch',
      'start, end, steps=, base=, *, dtype=, device=, requires_grad=, out=, layout=',
      (run, args) => {
        const size = dim(args.steps ?? 100)
        const dtype = dtypeOf(args.dtype, 'float32')
        const [start, end] = [scalar(args.start), scalar(args.end)]
        const result = filled(run, [size], dtype, null)
        if (typeof size !== 'number' || size > MAX_ELEMENTS || start === null || end === null) return result
        const base = name === 'logspace' ? (scalar(args.base) ?? 10) : null
        const round = rounding(dtype)
        const step = size > 1 ? (end - start) / (size - 1) : 0
        // From both ends towards the middle, as PyTorch computes them.
        result.data = Array.from({ length: size }, (_, i) => {
          const x = i < size / 2 ? start + step * i : end - step * (size - 1 - i)
          return round(base === null ? (size === 1 ? start : x) : base ** x)
        })
        return result
      },
    ),
  ),
  operation('eye', 'torch', 'n, m=, *, dtype=, device=, requires_grad=, out=, layout=', (run, args) => {
    const rows = dim(args.n!)
    const shape = [rows, args.m == null ? rows : dim(args.m)]
    const result = filled(run, shape, dtypeOf(args.dtype, 'float32'), 0)
    if (result.data) {
      const data: number[] = []
      walk(sizesOf(shape)!, at => data.push(at[0] === at[1] ? 1 : 0))
      result.data = data
    }
    return result
  }),
  ...[
    'tensor',
    'as_tensor',
    'asarray',
    'from_numpy',
    'scalar_tensor',
    'FloatTensor',
    'LongTensor',
    'IntTensor',
    'BoolTensor',
    'HalfTensor',
    'DoubleTensor',
    'ByteTensor',
  ].map(name =>
    operation(name, 'torch', null, (run, named, args) => {
      const type = TYPED[name]
      if (type && (args.length !== 1 || typeof args[0] === 'number')) return filled(run, dims(run, args), type, null)
      return fromValues(run, args[0] ?? named.data ?? named.s ?? null, dtypeOf(args[1] ?? named.dtype, type ?? ''))
    }),
  ),
  operation('new_tensor', 'method', null, (run, named, [input, data]) =>
    fromValues(run, data ?? named.data ?? null, dtypeOf(named.dtype, tensor(input).dtype)),
  ),
  ...['tril_indices', 'triu_indices'].map(name =>
    operation(name, 'torch', 'row, col, offset=, *, dtype=, device=, layout=', (run, { row, col, offset }) => {
      const [rows, columns, shift] = [dim(row!), dim(col!), asNumber(offset ?? 0)]
      if (typeof rows !== 'number' || typeof columns !== 'number' || shift === null || rows * columns > 1e6)
        return filled(run, [2, null], 'int64', null)
      let count = 0
      for (let r = 0; r < rows; r++) {
        const lower = Math.min(Math.max(r + shift + 1, 0), columns)
        count += name === 'tril_indices' ? lower : columns - Math.min(Math.max(r + shift, 0), columns)
      }
      return filled(run, [2, count], 'int64', null)
    }),
  ),
  ...['hann_window', 'hamming_window', 'blackman_window', 'kaiser_window', 'bartlett_window'].map(name =>
    operation(name, 'torch', null, (run, _, [size]) => filled(run, [dim(size ?? null)], 'float32', null)),
  ),
]

const TYPED: Readonly<Record<string, string>> = {
  FloatTensor: 'float32',
  LongTensor: 'int64',
  IntTensor: 'int32',
  BoolTensor: 'bool',
  HalfTensor: 'float16',
  DoubleTensor: 'float64',
  ByteTensor: 'uint8',
}

const isGenerator = (value: PyValue): boolean => value instanceof PyObject && value.cls.name === 'Generator'

/** A constant tensor, all of one number where that is known. */
export function filled(run: Run, shape: Shape | null, dtype: string, value: number | null): PyTensor {
  const sound = shape === null ? null : shape.map((d): Dim => (typeof d === 'number' && d < 0 ? null : d))
  const sizes = value === null ? null : sizesOf(sound)
  const data = sizes?.every(s => s >= 0) ? Array<number>(countOf(sizes)).fill(rounding(dtype)(value!)) : null
  const made = traceOf(run).constant(sound, dtype, data)
  made.memory = 'plain'
  return made
}

/** The name of a dtype argument; `otherwise` where it is left out. */
export const dtypeOf = (value: PyValue | undefined, otherwise: string): string =>
  value === undefined || value === null ? otherwise : (dtypeName(value) ?? otherwise)

/** A number that may be in a tensor; null where it is not known. */
function scalar(value: PyValue | undefined): number | null {
  if (value instanceof PyTensor) return value.data?.length === 1 ? value.data[0]! : null
  return asNumber(value ?? null)
}

const naturalType = (value: PyValue): string =>
  typeof value === 'boolean' ? 'bool' : typeof value === 'number' || value instanceof PySym ? 'int64' : 'float32'

function arange(run: Run, args: readonly PyValue[], named: Readonly<Record<string, PyValue | undefined>>): PyTensor {
  const all = args.filter(a => dtypeName(a) === null)
  const start = all.length > 1 ? all[0]! : (named.start ?? 0)
  const end = all.length > 1 ? all[1]! : (all[0] ?? named.end ?? null)
  const step = all[2] ?? named.step ?? 1
  const floating = [start, end, step].some(v => v instanceof PyFloat || (v instanceof PyTensor && isFloating(v.dtype)))
  const dtype = dtypeOf(named.dtype, floating ? 'float32' : 'int64')
  const [from, to, by] = [scalar(start), scalar(end), scalar(step)]
  if (from === null || to === null || by === null || by === 0) {
    const size = from === 0 && by === 1 ? dim(end) : null
    return filled(run, [size], dtype, null)
  }
  const size = Math.max(0, Math.ceil((to - from) / by))
  const result = filled(run, [size], dtype, null)
  const round = rounding(dtype)
  if (size <= MAX_ELEMENTS) result.data = Array.from({ length: size }, (_, i) => round(from + i * by))
  return result
}

/** torch.tensor(values): nested lists of numbers, tensors in them counted by their shape. */
export function fromValues(run: Run, value: PyValue, dtype = ''): PyTensor {
  if (value instanceof PyTensor) {
    const copy = new PyTensor(value.value, dtype || value.dtype)
    copy.data = value.data
    copy.constant = value.constant
    return copy
  }
  const numbers: (number | null)[] = []
  const kinds = new Set<string>()
  const visit = (v: PyValue, depth: number): Shape | null => {
    if (v instanceof PyTensor) {
      numbers.push(...(v.data ?? [null]))
      kinds.add(v.dtype)
      return v.shape
    }
    if (v instanceof PyList || v instanceof PyTuple || v instanceof PyRange) {
      const parts = items(run, v) ?? []
      let inner: Shape | null = []
      parts.forEach((part, i) => {
        const shape = depth > 8 ? null : visit(part, depth + 1)
        if (i === 0) inner = shape
      })
      return inner === null ? null : [parts.length, ...inner]
    }
    if (isUnknown(v)) throw new Unknown(v.reason)
    kinds.add(typeof v === 'boolean' ? 'bool' : typeof v === 'number' ? 'int64' : 'float32')
    numbers.push(asNumber(v))
    return []
  }
  const shape = visit(value, 0)
  const natural = ['float64', 'float32', 'int64', 'bool'].find(k => kinds.has(k)) ?? 'float32'
  const type = dtype || natural
  const round = rounding(type)
  const sizes = sizesOf(shape)
  const known = sizes !== null && countOf(sizes) === numbers.length && !numbers.includes(null)
  return traceOf(run).constant(shape, type, known ? numbers.map(n => round(n!)) : null)
}
