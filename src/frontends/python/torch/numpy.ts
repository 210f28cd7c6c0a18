import { onInstance } from '../interpreter/classes'
import type { Run } from '../interpreter/run'
import { list, native, nativeClass, nativeMethod, pyModule, tuple } from '../interpreter/types'
import {
  asNumber,
  isUnknown,
  type Kwargs,
  PyFloat,
  PyList,
  PyObject,
  PyTuple,
  PyUnknown,
  type PyValue,
} from '../interpreter/values'
import { distinctValues } from './distinct'
import { dtypeMembers } from './dtypes'
import { guarded } from './nn/define'
import { numpyRandom } from './numpyRandom'
import { operations } from './operations'
import { fromValues } from './operations/creation'
import { nativeOf } from './operations/define'
import { PyTensor } from './tensor'
import { traceOf } from './trace'

/**
 * NumPy as model code uses it: small arrays of numbers that decide widths and rates. Arrays are tensors here; they hold
 * float64 where NumPy does.
 */
const SAME =
  `abs sqrt exp log log2 log10 log1p floor ceil round sign sin cos tan tanh square maximum minimum add subtract multiply
   power mean sum prod std var min max argmax argmin any all cumsum cumprod sort argsort unique clip where stack concatenate
   vstack hstack tile meshgrid zeros ones empty zeros_like ones_like full full_like eye arange linspace flip roll transpose
   reshape squeeze matmul dot outer diff isnan isinf ravel array_equal expand_dims repeat split array_split swapaxes moveaxis
   broadcast_to mod floor_divide divide true_divide negative absolute amax amin concat remainder column_stack atleast_1d`.split(
    /\s+/,
  )

const RENAMED: Readonly<Record<string, string>> = {
  power: 'pow',
  subtract: 'sub',
  multiply: 'mul',
  array_equal: 'equal',
  expand_dims: 'unsqueeze',
  repeat: 'repeat_interleave',
  split: 'tensor_split',
  array_split: 'tensor_split',
  moveaxis: 'movedim',
  mod: 'remainder',
  divide: 'div',
  true_divide: 'div',
}

const table = new Map(operations.filter(o => o.places.includes('torch')).map(o => [o.name, nativeOf(o, false)]))
const methods = new Map(operations.filter(o => o.places.includes('method')).map(o => [o.name, nativeOf(o, false)]))

const SCALARS: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  floor: Math.floor,
  ceil: Math.ceil,
  sign: Math.sign,
  sin: Math.sin,
  cos: Math.cos,
  square: x => x * x,
}

/** They take a list of arrays, each of which may be a list of numbers. */
const JOINS = new Set('stack concatenate concat vstack hstack column_stack'.split(' '))
const LISTS = new Set(
  'stack concatenate concat vstack hstack column_stack meshgrid zeros ones empty full arange linspace eye'.split(' '),
)

function call(run: Run, name: string, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  const scalar = args.length === 1 && SCALARS[name] ? asNumber(args[0]!) : null
  if (scalar !== null) return new PyFloat(SCALARS[name]!(scalar))
  const classes = args[0] instanceof PyTensor ? distinctValues.get(args[0]) : undefined
  const more = [...kwargs].filter(([key, value]) => key.startsWith('return_') && value === true)
  // PyTorch's, which does it otherwise, knows no places.
  if (name === 'unique' && (classes !== undefined || kwargs.has('return_index'))) {
    const values =
      classes === undefined ? new PyUnknown('numpy.unique with places is not run', true) : arrayTo(run, classes)
    if (more.length === 0) return values
    return tuple([values, ...more.map(([key]) => new PyUnknown(`${key} of data is not known`, true))])
  }
  if (classes !== undefined && (name === 'max' || name === 'amax') && args.length === 1) return classes - 1
  if (name === 'transpose') return transpose(run, args, kwargs)
  const decimals = name === 'round' ? (args[1] ?? kwargs.get('decimals') ?? null) : null
  if (decimals !== null) return roundTo(run, args[0] ?? null, asNumber(decimals))
  const func = table.get(RENAMED[name] ?? name) ?? methods.get(RENAMED[name] ?? name)
  if (!func) return new PyUnknown(`numpy.${name} is not modelled`, true)
  // `np.zeros(shape=(2, 3))`
  const shape = FILLS.has(name) && args.length === 0 ? kwargs.get('shape') : undefined
  if (shape !== undefined) return call(run, name, [shape], new Map([...kwargs].filter(([k]) => k !== 'shape')))
  const named = new Map([...kwargs].map(([k, v]): [string, PyValue] => [NAMES[k] ?? k, v]))
  const toArray = (a: PyValue): PyValue => (a instanceof PyTensor || isUnknown(a) ? a : fromValues(run, a))
  const given = args.map((a, i) => {
    if (name === 'meshgrid' || (i === 0 && !LISTS.has(name))) return toArray(a)
    return i === 0 && JOINS.has(name) && (a instanceof PyList || a instanceof PyTuple) ? list(a.items.map(toArray)) : a
  })
  if (name === 'meshgrid' && !named.has('indexing')) named.set('indexing', 'xy')
  // `np.zeros(shape, np.float32)`: what follows the shape is no size.
  const sized = name === 'full' ? 2 : 1
  if (FILLS.has(name) && given.length > sized) {
    if (!named.has('dtype')) named.set('dtype', given[sized]!)
    given.length = sized
  }
  if (name === 'arange' || name === 'linspace' || FILLS.has(name)) {
    if (!named.has('dtype') && name !== 'arange') named.set('dtype', 'float64')
  }
  // Running sums go over the flattened array where no axis is named.
  if (/^cum/.test(name) && given.length === 1 && !named.has('dim')) {
    given[0] = methods.get('flatten')!.run(run, [given[0]!], new Map())
    named.set('dim', 0)
  }
  const result = func.run(run, given, named)
  // A fold of all of an array is a number in NumPy.
  if (result instanceof PyTensor && result.shape?.length === 0 && result.data) {
    const [n] = result.data
    return /int/.test(result.dtype) ? n! : result.dtype === 'bool' ? n !== 0 : new PyFloat(n!)
  }
  return result
}

/** The numbers from 0 on. */
const arrayTo = (run: Run, count: number): PyTensor =>
  traceOf(run).constant(
    [count],
    'int64',
    Array.from({ length: count }, (_, i) => i),
  )

/** numpy.round(a, decimals) */
function roundTo(run: Run, a: PyValue, decimals: number | null): PyValue {
  if (decimals === null) return new PyUnknown('the decimals that numpy.round keeps are not known', true)
  const unit = new PyFloat(10 ** decimals)
  return call(run, 'divide', [call(run, 'round', [call(run, 'multiply', [a, unit], NOTHING)], NOTHING), unit], NOTHING)
}
const NOTHING: Kwargs = new Map()

/** numpy.transpose(a, axes=None): all axes at once, in reverse order where none are named. */
function transpose(run: Run, [a, given]: readonly PyValue[], kwargs: Kwargs): PyValue {
  const x: PyValue = a instanceof PyTensor || isUnknown(a ?? null) ? (a ?? null) : fromValues(run, a ?? null)
  const axes = given ?? kwargs.get('axes') ?? null
  const rank = x instanceof PyTensor ? x.shape?.length : undefined
  if (axes === null && rank === undefined) return new PyUnknown('the axes that numpy.transpose reverses are not known')
  const order = axes === null ? Array.from({ length: rank! }, (_, i) => rank! - 1 - i) : [axes]
  return methods.get('permute')!.run(run, [x, ...order], new Map())
}

const NAMES: Readonly<Record<string, string>> = { axis: 'dim', keepdims: 'keepdim', num: 'steps' }
const FILLS = new Set(['zeros', 'ones', 'empty', 'full'])

const array = (name: string): [string, PyValue] => [
  name,
  native(name, (run, args, kwargs) =>
    guarded(run, name, args, kwargs, () => {
      const made = fromValues(run, args[0] ?? null)
      if (made.dtype === 'float32') made.dtype = 'float64'
      const dtype = args[1] ?? kwargs.get('dtype')
      return dtype === undefined || dtype === null ? made : methods.get('to')!.run(run, [made, dtype], new Map())
    }),
  ),
]

/** Its instances are the tensors that hold numbers of the program. */
const arrayClass = nativeClass('ndarray', undefined, 'numpy')
onInstance(arrayClass, value => value instanceof PyTensor && value.constant)

/** numpy.poly1d: of a polynomial its coefficients, the highest first, and its products. */
const polynomialClass = nativeClass('poly1d', undefined, 'numpy')

function polynomial(run: Run, coefficients: readonly number[]): PyObject {
  const made = new PyObject(polynomialClass)
  const array = traceOf(run).constant([coefficients.length], 'float64', coefficients)
  made.attrs = new Map<string, PyValue>([
    ...['coeffs', 'c', 'coef', 'coefficients'].map((name): [string, PyValue] => [name, array]),
    ['order', coefficients.length - 1],
  ])
  return made
}

const coefficientsOf = (value: PyValue | undefined): readonly number[] | null => {
  const array = value instanceof PyObject ? value.attrs?.get('coeffs') : undefined
  return array instanceof PyTensor ? array.data : null
}

const times = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: a.length + b.length - 1 }, (_, k) => a.reduce((sum, x, i) => sum + x * (b[k - i] ?? 0), 0))

polynomialClass.convert = (run, _cls, [given]) => {
  const { data } = fromValues(run, given ?? null)
  return data ? polynomial(run, data) : new PyUnknown('these coefficients are not known')
}
polynomialClass.dict.set(
  '__mul__',
  nativeMethod('__mul__', (run, [self, other]) => {
    const [a, b] = [coefficientsOf(self), coefficientsOf(other)]
    return a && b ? polynomial(run, times(a, b)) : new PyUnknown('this product is not known')
  }),
)
polynomialClass.dict.set(
  '__pow__',
  nativeMethod('__pow__', (run, [self, power]) => {
    const own = coefficientsOf(self)
    const n = asNumber(power ?? null)
    if (!own || n === null || !Number.isInteger(n) || n < 0 || n > MOST_POWER)
      return new PyUnknown('this power is not known')
    return polynomial(run, Array<readonly number[]>(n).fill(own).reduce(times, [1]))
  }),
)
const MOST_POWER = 64

export const numpyModule = pyModule(
  'numpy',
  [
    ...SAME.map((name): [string, PyValue] => [
      name,
      native(name, (run, args, kwargs) => guarded(run, name, args, kwargs, () => call(run, name, args, kwargs))),
    ]),
    ...dtypeMembers,
    array('array'),
    array('asarray'),
    ['ndarray', arrayClass],
    ['poly1d', polynomialClass],
    ['pi', new PyFloat(Math.PI)],
    ['e', new PyFloat(Math.E)],
    ['inf', new PyFloat(Number.POSITIVE_INFINITY)],
    ['nan', new PyFloat(Number.NaN)],
    ['newaxis', null],
    ['random', numpyRandom],
    ['integer', new PyUnknown('numpy.integer is not modelled', true)],
    ['floating', new PyUnknown('numpy.floating is not modelled', true)],
  ],
  name => (name.startsWith('__') ? undefined : new PyUnknown(`numpy.${name} is not modelled`, true)),
)
