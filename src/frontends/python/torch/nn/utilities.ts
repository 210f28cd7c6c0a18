import { product, type Shape } from '../../../../core/shape'
import { bindNative } from '../../interpreter/arguments'
import { findAttribute, setPlain } from '../../interpreter/attributes'
import { call } from '../../interpreter/call'
import type { Run } from '../../interpreter/run'
import { native, pyModule } from '../../interpreter/types'
import { asInt, type Kwargs, type PyModule, type PyNative, PyUnknown, type PyValue } from '../../interpreter/values'
import { PyNNModule } from '../module'
import { type PyParameter, PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { int, text } from '../values'
import { moduleDict, moduleList } from './containers'
import { addBuffer, addParameter, type Bound, layerClass, newParameter } from './define'

/** A function on a module that gives it back, with arguments by name; anything but a module passes through. */
const onModule = (
  name: string,
  signature: string,
  body: (run: Run, module: PyNNModule, args: Bound) => void,
): [string, PyNative] => [
  name,
  native(name, (run, args, kwargs) => {
    const bound = bindNative(name, signature, args, kwargs, true)
    if (bound.module instanceof PyNNModule) body(run, bound.module, bound)
    return bound.module ?? null
  }),
]

const same = (name: string): [string, PyNative] => [
  name,
  native(name, (_, [first], kwargs) => first ?? [...kwargs.values()][0] ?? null),
]
const nothing = (name: string): [string, PyNative] => [name, native(name, () => null)]

/** Takes a weight out of a module's parameters; what is computed from its parts stands in its place as a plain tensor. */
function replace(run: Run, module: PyNNModule, name: string): PyParameter | null {
  const weight = module.parameters.get(name)
  if (!weight) return null
  module.parameters.delete(name)
  setPlain(run, module, name, computed(run, weight))
  return weight
}

/** A tensor as large as a weight that is not one itself. */
const computed = (run: Run, weight: PyTensor): PyTensor => traceOf(run).constant(weight.shape, weight.dtype)

/** The norm of a weight along everything but one axis; one number where the axis is −1. */
const normShape = (shape: Shape | null, dim: number): Shape | null =>
  shape === null
    ? null
    : dim === -1
      ? []
      : shape.map((size, i) => (i === (dim < 0 ? dim + shape.length : dim) ? size : 1))

/** torch.nn.utils.weight_norm: weight becomes weight_g and weight_v. */
const weightNorm = onModule('weight_norm', 'module, name=, dim=', (run, module, args) => {
  const name = text(args.name, 'weight')
  const weight = replace(run, module, name)
  if (!weight) return
  addParameter(run, module, `${name}_g`, normShape(weight.shape, args.dim === null ? -1 : int(args.dim, 0)))
  addParameter(run, module, `${name}_v`, weight.shape)
})

const removeWeightNorm = onModule('remove_weight_norm', 'module, name=', (run, module, args) => {
  const name = text(args.name, 'weight')
  const direction = module.parameters.get(`${name}_v`)
  if (!direction) return
  module.parameters.delete(`${name}_g`)
  module.parameters.delete(`${name}_v`)
  module.attrs?.delete(name)
  addParameter(run, module, name, direction.shape)
})

/** The vectors u and v of power iteration: as long as the axis, and as all others together. */
function singular(module: PyNNModule, shape: Shape | null, dim: PyValue | undefined): readonly [Shape, Shape] {
  const transposed = module.cls.mro.some(c => c.name === '_ConvTransposeNd')
  const axis = asInt(dim ?? null) ?? (transposed ? 1 : 0)
  if (shape === null) return [[null], [null]]
  return [[shape[axis] ?? null], [product(shape.filter((_, i) => i !== axis))]]
}

/** torch.nn.utils.spectral_norm: weight becomes weight_orig, with u and v as buffers. */
const spectralNorm = onModule(
  'spectral_norm',
  'module, name=, n_power_iterations=, eps=, dim=',
  (run, module, args) => {
    const name = text(args.name, 'weight')
    const weight = replace(run, module, name)
    if (!weight) return
    module.parameters.set(`${name}_orig`, weight)
    const [u, v] = singular(module, weight.shape, args.dim)
    addBuffer(run, module, `${name}_u`, u)
    addBuffer(run, module, `${name}_v`, v)
  },
)

const removeSpectralNorm = onModule('remove_spectral_norm', 'module, name=', (_, module, args) => {
  const name = text(args.name, 'weight')
  const weight = module.parameters.get(`${name}_orig`)
  if (!weight) return
  for (const key of ['_orig', '_u', '_v']) {
    module.parameters.delete(name + key)
    module.buffers.delete(name + key)
  }
  module.attrs?.delete(name)
  module.parameters.set(name, weight)
})

/** The list of parametrizations of a module's tensor, made when the first one comes: parametrizations.weight. */
function parametrized(run: Run, module: PyNNModule, name: string): PyNNModule | null {
  let all = module.modules.get('parametrizations')
  if (!(all instanceof PyNNModule)) {
    all = call(run, moduleDict, []) as PyNNModule
    module.modules.set('parametrizations', all)
  }
  const known = all.modules.get(name)
  if (known instanceof PyNNModule) return known
  const weight = replace(run, module, name)
  if (!weight) return null
  const made = call(run, moduleList, []) as PyNNModule
  made.parameters.set('original', weight)
  all.modules.set(name, made)
  return made
}

/** torch.nn.utils.parametrize.register_parametrization: the tensor is what the parametrization makes of the original. */
const registerParametrization = onModule(
  'register_parametrization',
  'module, tensor_name, parametrization, *, unsafe=',
  (run, module, args) => {
    const name = text(args.tensor_name, 'weight')
    const list = parametrized(run, module, name)
    const { parametrization } = args
    if (!list || !(parametrization instanceof PyNNModule)) return
    list.modules.set(String(list.modules.size), parametrization)
    const now = findAttribute(run, module, name)
    const next = now === undefined ? null : call(run, parametrization, [now])
    if (next instanceof PyTensor) setPlain(run, module, name, next)
  },
)

const removeParametrizations = onModule(
  'remove_parametrizations',
  'module, tensor_name, leave_parametrized=',
  (run, module, args) => {
    const name = text(args.tensor_name, 'weight')
    const all = module.modules.get('parametrizations')
    const list = all instanceof PyNNModule ? all.modules.get(name) : null
    if (!(all instanceof PyNNModule) || !(list instanceof PyNNModule)) return
    const now = findAttribute(run, module, name)
    all.modules.delete(name)
    if (all.modules.size === 0) module.modules.delete('parametrizations')
    module.attrs?.delete(name)
    module.parameters.set(name, list.parameters.get('original') ?? newParameter(run, name, (now as PyTensor).shape))
  },
)

/** parametrizations.weight_norm: original0 is the norm, original1 the direction. */
const parametrizedWeightNorm = onModule('weight_norm', 'module, name=, dim=', (run, module, args) => {
  const list = parametrized(run, module, text(args.name, 'weight'))
  const weight = list?.parameters.get('original')
  if (!list || !weight) return
  list.parameters.delete('original')
  addParameter(run, list, 'original0', normShape(weight.shape, args.dim === null ? -1 : int(args.dim, 0)))
  list.parameters.set('original1', weight)
})

/** The module that makes the weight of its original; it holds the vectors. */
const spectralNormClass = layerClass('_SpectralNorm', { signature: '' }, 'torch.nn.utils.parametrizations')

const parametrizedSpectralNorm = onModule(
  'spectral_norm',
  'module, name=, n_power_iterations=, eps=, dim=',
  (run, module, args) => {
    const list = parametrized(run, module, text(args.name, 'weight'))
    const weight = list?.parameters.get('original')
    if (!list || !weight || (weight.shape?.length ?? 0) < 2) return
    const [u, v] = singular(module, weight.shape, args.dim)
    const own = call(run, spectralNormClass, []) as PyNNModule
    addBuffer(run, own, '_u', u)
    addBuffer(run, own, '_v', v)
    list.modules.set(String(list.modules.size), own)
  },
)

const parametrizedOrthogonal = onModule('orthogonal', 'module, name=', (run, module, args) => {
  parametrized(run, module, text(args.name, 'weight'))
})

/** fuse_conv_bn_eval(conv, bn): the convolution with a bias, without the norm. */
const fuse = (name: string): [string, PyNative] => [
  name,
  native(name, (run, [layer]) => {
    if (!(layer instanceof PyNNModule)) return layer ?? null
    const rows = layer.parameters.get('weight')?.shape?.[0] ?? null
    if (!layer.parameters.get('bias')) addParameter(run, layer, 'bias', [rows])
    return layer
  }),
]

/** torch.nn.utils.skip_init(cls, *args, **kwargs). */
const skipInit = native('skip_init', (run, [cls, ...args], kwargs: Kwargs) => call(run, cls!, args, kwargs))

const notModelled =
  (path: string) =>
  (name: string): PyValue | undefined =>
    name.startsWith('__') ? undefined : new PyUnknown(`${path}.${name} is not modelled`)

const make = (name: string, members: Iterable<[string, PyValue]>): PyModule =>
  pyModule(name, members, notModelled(name))

const clips = ['clip_grad_norm_', 'clip_grad_norm', 'clip_grad_value_'].map(nothing)
const clipModule = make('torch.nn.utils.clip_grad', clips)
const weightNormModule = make('torch.nn.utils.weight_norm', [weightNorm, removeWeightNorm])
const spectralNormModule = make('torch.nn.utils.spectral_norm', [spectralNorm, removeSpectralNorm])
const parametrizationsModule = make('torch.nn.utils.parametrizations', [
  parametrizedWeightNorm,
  parametrizedSpectralNorm,
  parametrizedOrthogonal,
])
const parametrizeModule = make('torch.nn.utils.parametrize', [
  registerParametrization,
  removeParametrizations,
  [
    'is_parametrized',
    native('is_parametrized', (_, [module]) => module instanceof PyNNModule && module.modules.has('parametrizations')),
  ],
])
const fusionModule = make('torch.nn.utils.fusion', ['fuse_conv_bn_eval', 'fuse_linear_bn_eval'].map(fuse))
// Pruning masks weights; their number stays.
const pruneModule = pyModule('torch.nn.utils.prune', [], name => (name.startsWith('__') ? undefined : same(name)[1]))

/** torch.nn.utils and the modules below it. */
export const utilityModules: readonly PyModule[] = [
  make('torch.nn.utils', [
    weightNorm,
    removeWeightNorm,
    spectralNorm,
    removeSpectralNorm,
    ...clips,
    fuse('fuse_conv_bn_eval'),
    fuse('fuse_linear_bn_eval'),
    ['skip_init', skipInit],
    nothing('vector_to_parameters'),
    ['clip_grad', clipModule],
    ['parametrizations', parametrizationsModule],
    ['parametrize', parametrizeModule],
    ['fusion', fusionModule],
    ['prune', pruneModule],
  ]),
  clipModule,
  weightNormModule,
  spectralNormModule,
  parametrizationsModule,
  parametrizeModule,
  fusionModule,
  pruneModule,
]
