import { native, pyModule } from '../interpreter/types'
import { type Kwargs, PyUnknown, type PyValue } from '../interpreter/values'
import { guarded } from './nn/define'
import { filled } from './operations/creation'
import { dim, Unknown } from './values'

/** Where each function is given the shape: behind its own arguments, or in all of them (rand). */
const FUNCTIONS: Readonly<Record<string, number | 'all'>> = {
  rand: 'all',
  randn: 'all',
  random: 0,
  random_sample: 0,
  ranf: 0,
  sample: 0,
  standard_normal: 0,
  normal: 2,
  uniform: 2,
  randint: 2,
  integers: 2,
  binomial: 2,
  poisson: 1,
}

/** Random numbers: arrays of known shapes without values. */
const functions = Object.entries(FUNCTIONS).map(([name, at]): [string, PyValue] => [
  name,
  native(name, (run, args, kwargs) =>
    guarded(run, name, args, kwargs, () => {
      const shape = at === 'all' ? args.map(dim) : sizes(args[at] ?? sizeIn(kwargs))
      if (shape.length === 0 || shape.includes(null)) throw new Unknown(`numpy.random.${name} is not known`)
      return filled(run, shape, /^(?:rand)?int/.test(name) ? 'int64' : 'float64', null)
    }),
  ),
])

const sizeIn = (kwargs: Kwargs): PyValue => kwargs.get('size') ?? null
const sizes = (value: PyValue) =>
  value !== null && typeof value === 'object' && 'items' in value
    ? (value.items as readonly PyValue[]).map(dim)
    : value === null
      ? []
      : [dim(value)]

const missing = (name: string): PyValue | undefined =>
  name.startsWith('__') ? undefined : new PyUnknown(`numpy.random.${name} is not modelled`, true)
const generator = pyModule('numpy.random.Generator', functions, missing)

export const numpyRandom = pyModule(
  'numpy.random',
  [
    ...functions,
    ['seed', native('seed', () => null)],
    ['default_rng', native('default_rng', () => generator)],
    ['RandomState', native('RandomState', () => generator)],
  ],
  missing,
)
