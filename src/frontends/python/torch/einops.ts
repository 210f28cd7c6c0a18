import { type Dim, divDim, mulDim } from '../../../core/dim'
import type { Shape } from '../../../core/shape'
import { fromDim } from '../interpreter/operators'
import { type Run, raise } from '../interpreter/run'
import { dict, native, nativeMethod, pyModule } from '../interpreter/types'
import {
  asString,
  hashKey,
  type Kwargs,
  type PyClass,
  PyList,
  type PyModule,
  PyTuple,
  PyUnknown,
  type PyValue,
} from '../interpreter/values'
import { guarded, input, layerClass } from './nn/define'
import { moved } from './operations/data'
import { stacked, tensorList } from './operations/join'
import { equationOf } from './operations/products'
import { shapeOf } from './operations/shape'
import { packing } from './packing'
import type { PyTensor } from './tensor'
import { traceOf } from './trace'
import { dim, tensor, Unknown } from './values'

/** One side of a pattern: an axis of the tensor is a product of named ones; `...` stands alone. */
type Side = readonly (readonly string[])[]

/** `b c (h p1) w -> b (p1 c) h w`, as einops writes it. */
function sidesOf(pattern: string): { left: Side; right: Side } {
  const [left, right] = pattern.replaceAll('…', '...').split('->')
  if (right === undefined) return raise('RuntimeError', `the pattern '${pattern}' has no arrow`)
  return { left: sideOf(left!), right: sideOf(right) }
}

function sideOf(text: string): Side {
  const groups: string[][] = []
  let open: string[] | null = null
  for (const token of text.match(/\(|\)|\.\.\.|\w+/g) ?? []) {
    if (token === '(') open = []
    else if (token === ')') {
      // In parentheses all that is left becomes one axis: a factor tells it from the axes themselves.
      if (open) groups.push(open.length === 1 && open[0] === '...' ? ['...', '1'] : open)
      open = null
    } else if (open) open.push(token)
    else groups.push([token])
  }
  return groups
}

const isNumber = (name: string): boolean => /^\d+$/.test(name)

/** The size of every named axis: those that are given, and in each product the one that is left. */
function sizesFrom(
  left: Side,
  shape: Shape,
  given: ReadonlyMap<string, Dim>,
): { sizes: Map<string, Dim>; rest: Shape } {
  const dots = left.findIndex(group => group[0] === '...')
  const extra = dots < 0 ? 0 : shape.length - (left.length - 1)
  if (extra < 0 || (dots < 0 && left.length !== shape.length)) {
    raise('RuntimeError', `expected ${left.length} dimensions, got ${shape.length}`)
  }
  const sizes = new Map<string, Dim>(given)
  const rest = dots < 0 ? [] : shape.slice(dots, dots + extra)
  left.forEach((group, i) => {
    if (i === dots) return
    const size = shape[dots >= 0 && i > dots ? i + extra - 1 : i]!
    const open = group.filter(name => !isNumber(name) && !sizes.has(name))
    const known = group.reduce<Dim>(
      (product, name) =>
        open.includes(name) ? product : mulDim(product, isNumber(name) ? Number(name) : sizes.get(name)!),
      1,
    )
    if (open.length === 1) {
      const left = known === 1 ? size : divDim(size, known)
      if (left === null && typeof size === 'number' && typeof known === 'number')
        raise('RuntimeError', `Shape mismatch, can't divide axis of length ${size} in chunks of ${known}`)
      sizes.set(open[0]!, left)
    } else if (open.length > 1) for (const name of open) sizes.set(name, null)
    else if (typeof size === 'number' && typeof known === 'number' && size !== known)
      raise('RuntimeError', `Shape mismatch, ${size} != ${known}`)
  })
  return { sizes, rest }
}

const shapeFrom = (right: Side, sizes: ReadonlyMap<string, Dim>, rest: Shape): Shape =>
  right.flatMap(group => {
    if (group.length === 1 && group[0] === '...') return [...rest]
    return [
      group.reduce<Dim>((product, name) => {
        if (name === '...') return rest.reduce<Dim>(mulDim, product)
        if (isNumber(name)) return mulDim(product, Number(name))
        if (!sizes.has(name)) raise('RuntimeError', `the axis ${name} is on the right side alone`)
        return mulDim(product, sizes.get(name)!)
      }, 1),
    ]
  })

/** Draws `rearrange`, `reduce` or `repeat`. */
function arranged(run: Run, name: string, x: PyTensor, pattern: string, given: ReadonlyMap<string, Dim>): PyTensor {
  const { left, right } = sidesOf(pattern)
  const { sizes, rest } = sizesFrom(left, shapeOf(x), given)
  const shape = shapeFrom(right, sizes, rest)
  const trace = traceOf(run)
  const order = (side: Side): string =>
    side
      .flat()
      .filter(n => !isNumber(n))
      .join()
  if (name === 'rearrange' && order(left) === order(right)) {
    const result = trace.op(run, 'view', { function: name, shape }, [x], name)
    if (order(left).includes('...')) return result
    result.data = x.data
    return result
  }
  const operations = name === 'reduce' ? { operations: 1 } : {}
  const result = trace.op(run, 'compute', { function: name, shapes: [shape], ...operations }, [x], name)
  // Plain transpositions keep their numbers.
  if (name === 'rearrange' && [...left, ...right].every(g => g.length === 1 && g[0] !== '...' && !isNumber(g[0]!)))
    result.data = moved(x, shape, at => left.map(([axis]) => at[right.findIndex(g => g[0] === axis)]!))
  return result
}

const dimsOf = (kwargs: Iterable<readonly [string, PyValue]>): Map<string, Dim> =>
  new Map([...kwargs].map(([name, value]) => [name, dim(value)]))

const text = (value: PyValue | undefined): string => {
  const found = asString(value ?? null)
  if (found === null) throw new Unknown('the pattern is not known')
  return found
}

const arrangement = (name: string): [string, PyValue] => [
  name,
  native(name, (run, args, kwargs) =>
    guarded(run, name, args, kwargs, () => {
      const [first, pattern] = args
      const x =
        first instanceof PyList || first instanceof PyTuple ? stacked(run, tensorList(run, first)) : tensor(first)
      const named = [...kwargs].filter(([key]) => key !== 'pattern' && key !== 'reduction')
      return arranged(run, name, x, text(pattern ?? kwargs.get('pattern')), dimsOf(named))
    }),
  ),
]

const einsum = native('einsum', (run, args, kwargs: Kwargs) =>
  guarded(run, 'einsum', args, kwargs, () => {
    const pattern = text(args.at(-1))
    const list = args.slice(0, -1).map(tensor)
    // Names of several letters become one letter each.
    const letters = new Map<string, string>()
    const short = pattern.replaceAll(/[A-Za-z_]\w*/g, name => {
      if (!letters.has(name))
        letters.set(name, String.fromCharCode(letters.size < 26 ? 97 + letters.size : 39 + letters.size))
      return letters.get(name)!
    })
    return traceOf(run).op(run, 'einsum', equationOf(short, list.length), list, 'einsum')
  }),
)

const parseShape = native('parse_shape', (_, [x, pattern]) => {
  const shape = shapeOf(tensor(x))
  const found = dict()
  text(pattern)
    .split(/\s+/)
    .filter(Boolean)
    .forEach((name, i) => {
      if (name !== '_') found.entries.set(hashKey(name)!, [name, fromDim(shape[i] ?? null)])
    })
  return found
})

/** einops.layers.torch.Rearrange and Reduce: the functions as modules. */
function layer(name: 'Rearrange' | 'Reduce'): PyClass {
  const patterns = new WeakMap<object, { pattern: string; given: ReadonlyMap<string, Dim> }>()
  const cls = layerClass(
    name,
    {
      signature: '',
      forward: (run, self, args) => {
        const kept = patterns.get(self)
        if (!kept) throw new Unknown('the pattern is not known')
        return arranged(run, name.toLowerCase(), input(args), kept.pattern, kept.given)
      },
    },
    'einops.layers.torch',
  )
  cls.dict.set(
    '__init__',
    nativeMethod('__init__', (_, [self, ...args], kwargs) => {
      const pattern = asString(args[0] ?? kwargs.get('pattern') ?? null)
      const named = [...kwargs].filter(([key]) => key !== 'pattern' && key !== 'reduction')
      if (pattern !== null) patterns.set(self as object, { pattern, given: dimsOf(named) })
      return null
    }),
  )
  return cls
}

const notModelled =
  (path: string) =>
  (name: string): PyValue | undefined =>
    name.startsWith('__') ? undefined : new PyUnknown(`${path}.${name} is not modelled`)

const torchLayers = pyModule(
  'einops.layers.torch',
  [
    ['Rearrange', layer('Rearrange')],
    ['Reduce', layer('Reduce')],
  ],
  notModelled('einops.layers.torch'),
)
const layers = pyModule('einops.layers', [['torch', torchLayers]], notModelled('einops.layers'))
const einops = pyModule(
  'einops',
  [
    arrangement('rearrange'),
    arrangement('reduce'),
    arrangement('repeat'),
    ['einsum', einsum],
    ['parse_shape', parseShape],
    ...packing,
    ['layers', layers],
  ],
  notModelled('einops'),
)

/** The einops package. */
export const einopsModules: readonly PyModule[] = [einops, layers, torchLayers]
