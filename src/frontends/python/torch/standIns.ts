import { items } from '../interpreter/iterate'
import { type Run, raise } from '../interpreter/run'
import { native, pyModule, tuple } from '../interpreter/types'
import { asInt, PyFloat, type PyModule, PyUnknown, type PyValue } from '../interpreter/values'
import { callLayer } from './module'
import { input, keeps, layerClass } from './nn/define'

/**
 * What model code imports from timm without needing timm: initializers, sizes as tuples, and the drop path, which passes
 * its input on outside training. They stand in where timm's own files are not found.
 */
const dropPath = layerClass(
  'DropPath',
  {
    signature: 'drop_prob=, scale_by_keep=',
    init: keeps({ drop_prob: new PyFloat(0), scale_by_keep: true }),
    forwardSignature: 'x',
    forward: (run, self, args) => callLayer(run, self, 'dropout', {}, [input(args, 'x')])[0]!,
  },
  'timm.layers',
)

const repeated = (name: string, count: number): PyValue =>
  native(name, (run, [value]) => {
    if (value === undefined || value instanceof PyUnknown) return value ?? null
    const several = typeof value === 'object' && value !== null && 'items' in value ? items(run, value) : null
    return several === null ? tuple(Array<PyValue>(count).fill(value)) : tuple(several)
  })

const keepsTensor = (name: string): [string, PyValue] => [name, native(name, (_, [first]) => first ?? null)]

const layers: readonly (readonly [string, PyValue])[] = [
  ['DropPath', dropPath],
  ...['to_1tuple', 'to_2tuple', 'to_3tuple', 'to_4tuple'].map((name, i): [string, PyValue] => [
    name,
    repeated(name, i + 1),
  ]),
  [
    'to_ntuple',
    native('to_ntuple', (_: Run, [count]) => repeated('parse', Math.min(64, Math.max(0, asInt(count ?? null) ?? 1)))),
  ],
  ...['trunc_normal_', 'trunc_normal_tf_', 'variance_scaling_', 'lecun_normal_', 'init_weight_vit'].map(keepsTensor),
  [
    'make_divisible',
    native('make_divisible', (_: Run, [value, divisor, least, limit], kwargs) => {
      const v = number(value)
      const by = number(divisor ?? kwargs.get('divisor') ?? 8)
      const most = number(limit ?? kwargs.get('round_limit') ?? new PyFloat(0.9))
      if (v === null || by === null || most === null) return new PyUnknown('this width is not known')
      if (by === 0) raise('ZeroDivisionError', 'division by zero')
      const rounded = Math.max(
        number(least ?? kwargs.get('min_value') ?? null) ?? by,
        Math.floor((v + by / 2) / by) * by,
      )
      return rounded < most * v ? rounded + by : rounded
    }),
  ],
]

const number = (value: PyValue | undefined): number | null =>
  value instanceof PyFloat ? value.value : asInt(value ?? null)

const decorators = ['register_model', 'register_notrace_function', 'register_notrace_module'].map(keepsTensor)

const notFound =
  (path: string) =>
  (name: string): PyValue | undefined =>
    name.startsWith('__') ? undefined : new PyUnknown(`${path}.${name} is not found`)

const make = (name: string, members: Iterable<readonly [string, PyValue]>): PyModule =>
  pyModule(name, members as Iterable<[string, PyValue]>, notFound(name))

const timmLayers = make('timm.layers', [...layers, ...decorators])
const modelLayers = make('timm.models.layers', [...layers, ...decorators])
const registry = make('timm.models.registry', decorators)
const models = make('timm.models', [['layers', modelLayers], ['registry', registry], ...decorators])

/** Modules by dotted name, for programs whose search path has no timm. */
export const standIns: ReadonlyMap<string, PyModule> = new Map(
  [
    make('timm', [
      ['layers', timmLayers],
      ['models', models],
    ]),
    timmLayers,
    models,
    modelLayers,
    registry,
    ...['drop', 'helpers', 'weight_init'].flatMap(file => [
      make(`timm.layers.${file}`, layers),
      make(`timm.models.layers.${file}`, layers),
    ]),
  ].map(module => [module.name, module]),
)
