import { items } from '../iterate'
import { binary } from '../operators'
import { type Run, raise } from '../run'
import { native, pyModule, tuple } from '../types'
import { asNumber, isUnknown, PyFloat, PySym, PyUnknown, type PyValue } from '../values'

const FLOATS: Readonly<Record<string, (...x: number[]) => number>> = {
  sqrt: x => (x < 0 ? raise('ValueError', 'math domain error') : Math.sqrt(x)),
  exp: Math.exp,
  expm1: Math.expm1,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  pow: (x, y) => x ** y,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
  fabs: Math.abs,
  hypot: Math.hypot,
  copysign: (x, y) => Math.sign(y || 1) * Math.abs(x),
  radians: x => (x * Math.PI) / 180,
  degrees: x => (x * 180) / Math.PI,
  fmod: (x, y) => x % y,
  erf,
  erfc: x => 1 - erf(x),
}

const WHOLE: Readonly<Record<string, (x: number) => number>> = { ceil: Math.ceil, floor: Math.floor, trunc: Math.trunc }

export const mathModule = pyModule('math', [
  ['pi', new PyFloat(Math.PI)],
  ['e', new PyFloat(Math.E)],
  ['tau', new PyFloat(2 * Math.PI)],
  ['inf', new PyFloat(Number.POSITIVE_INFINITY)],
  ['nan', new PyFloat(Number.NaN)],
  ...Object.entries(FLOATS).map(([name, f]): [string, PyValue] => [
    name,
    native(name, (_, args) => numeric(args, numbers => new PyFloat(f(...numbers)))),
  ]),
  ...Object.entries(WHOLE).map(([name, f]): [string, PyValue] => [
    name,
    native(name, (_, [x]) => (x instanceof PySym ? x : numeric([x!], ([n]) => whole(f(n!))))),
  ]),
  [
    'log',
    native('log', (_, args) =>
      numeric(args, ([x, base]) =>
        x! <= 0
          ? raise('ValueError', 'math domain error')
          : new PyFloat(base === undefined ? Math.log(x!) : Math.log(x!) / Math.log(base)),
      ),
    ),
  ],
  ['isqrt', native('isqrt', (_, args) => numeric(args, ([x]) => Math.floor(Math.sqrt(x!))))],
  ['comb', native('comb', (_, args) => numeric(args, ([n, k]) => choose(n!, k!)))],
  ['perm', native('perm', (_, args) => numeric(args, ([n, k]) => ways(n!, k ?? n!)))],
  [
    'modf',
    native('modf', (_, args) =>
      numeric(args, ([x]) => tuple([new PyFloat(x! - Math.trunc(x!)), new PyFloat(Math.trunc(x!))])),
    ),
  ],
  ['gcd', native('gcd', (_, args) => numeric(args, n => n.reduce(gcd, 0)))],
  [
    'lcm',
    native('lcm', (_, args) => numeric(args, n => n.reduce((a, b) => (a && b ? Math.abs(a * b) / gcd(a, b) : 0), 1))),
  ],
  ['prod', native('prod', (run, args, kwargs) => product(run, args[0]!, kwargs.get('start') ?? 1))],
  [
    'fsum',
    native('fsum', (run, [v]) =>
      (items(run, v!) ?? []).reduce<PyValue>((a, b) => binary(run, '+', a, b), new PyFloat(0)),
    ),
  ],
  [
    'factorial',
    native('factorial', (_, args) =>
      numeric(args, ([n]) =>
        whole(Array.from({ length: Math.min(n!, 170) }, (_, i) => i + 1).reduce((a, b) => a * b, 1)),
      ),
    ),
  ],
  ['isnan', native('isnan', (_, args) => numeric(args, ([x]) => Number.isNaN(x)))],
  ['isinf', native('isinf', (_, args) => numeric(args, ([x]) => !Number.isFinite(x) && !Number.isNaN(x)))],
  ['isfinite', native('isfinite', (_, args) => numeric(args, ([x]) => Number.isFinite(x)))],
  [
    'isclose',
    native('isclose', (_, [a, b]) =>
      numeric([a!, b!], ([x, y]) => Math.abs(x! - y!) <= 1e-9 * Math.max(Math.abs(x!), Math.abs(y!))),
    ),
  ],
])

function numeric(args: readonly PyValue[], f: (numbers: number[]) => PyValue): PyValue {
  const numbers: number[] = []
  for (const arg of args) {
    const n = asNumber(arg)
    if (n === null) {
      if (isUnknown(arg)) return new PyUnknown(arg.reason)
      if (arg instanceof PySym) return new PyUnknown('it depends on the batch size')
      return raise('TypeError', 'must be real number')
    }
    numbers.push(n)
  }
  return f(numbers)
}

function product(run: Run, value: PyValue, start: PyValue): PyValue {
  const values = items(run, value)
  return values === null
    ? new PyUnknown('its items are not known')
    : values.reduce((a, b) => binary(run, '*', a, b), start)
}

const whole = (n: number): PyValue =>
  Number.isSafeInteger(n)
    ? n + 0
    : Number.isFinite(n)
      ? BigInt(n)
      : raise('OverflowError', 'cannot convert float to integer')
const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b))

const ways = (n: number, k: number): number =>
  Array.from({ length: Math.min(k, 200) }, (_, i) => n - i).reduce((a, b) => a * b, 1)
const choose = (n: number, k: number): number => {
  let result = 1
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * (n - i + 1)) / i
  return k < 0 || k > n ? 0 : Math.round(result)
}

/** The error function, to 1e-15: its series near 0, a continued fraction further out. */
function erf(x: number): number {
  const size = Math.abs(x)
  if (size > 6) return Math.sign(x)
  if (size < 3) {
    let term = size
    let sum = size
    for (let n = 1; n < 100; n++) {
      term *= (-size * size) / n
      sum += term / (2 * n + 1)
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI)
  }
  let fraction = 0
  for (let n = 60; n > 0; n--) fraction = n / 2 / (size + fraction)
  return Math.sign(x) * (1 - Math.exp(-size * size) / (size + fraction) / Math.sqrt(Math.PI))
}
