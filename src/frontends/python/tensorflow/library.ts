/**
 * The module `tensorflow` and its parts, and what keras.ops and keras.backend have of functions on tensors. The tables
 * list every function by the names under which it is found; modules are made from those names.
 */

import { list, native, nativeClass, pyModule } from '../interpreter/types'
import { asString, PyFloat, type PyModule, PyUnknown, type PyValue } from '../interpreter/values'
import { backendModule, kerasModule, kerasModules, opsModule } from '../keras/library'
import { dtypeMembers } from '../torch/dtypes'
import { contextClass, decorator, gives, harmless, nothing } from '../torch/namespaces/control'
import { tensorClass } from '../torch/tensor'
import { creationRows } from './creation'
import { nativeOfRow, type Row } from './define'
import { imageRows } from './images'
import { layerFunctions } from './layers1'
import { lossRows } from './losses'
import { pointwiseRows } from './pointwise'
import { productRows } from './products'
import { reductionRows } from './reductions'
import { shapingRows } from './shaping'
import { signalRows } from './signal'
import './tensors'
import { windowRows } from './windows'

/** Every function that is modelled. */
export const tensorflowRows: readonly Row[] = [
  ...windowRows,
  ...productRows,
  ...pointwiseRows,
  ...reductionRows,
  ...shapingRows,
  ...imageRows,
  ...creationRows,
  ...signalRows,
  ...lossRows,
]

/** Parts of TensorFlow on which neither shapes nor counts depend. */
const OPAQUE =
  `data io train summary distribute saved_model debugging lite errors logging app flags gfile estimator losses metrics
  initializers optimizers test types experimental raw_ops profiler mlir autograph audio strings sets feature_column lookup queue
  ragged sparse quantization nest tpu xla version sysconfig dtypes __internal__ contrib`.split(/\s+/)

const modules = new Map<string, PyModule>()

function moduleAt(path: string, isHarmless = false): PyModule {
  const known = modules.get(path)
  if (known) return known
  const made = pyModule(path, [], name =>
    name.startsWith('__')
      ? undefined
      : new PyUnknown(`${path.replace(/^tensorflow/, 'tf')}.${name} is not modelled`, isHarmless),
  )
  modules.set(path, made)
  const dot = path.lastIndexOf('.')
  if (dot > 0) moduleAt(path.slice(0, dot)).dict.set(path.slice(dot + 1), made)
  return made
}

const root = moduleAt('tensorflow')

for (const row of tensorflowRows) {
  for (const name of row.names) {
    const dot = name.lastIndexOf('.')
    const own = name.slice(dot + 1)
    const place = name.slice(0, dot)
    const target = place.startsWith('tf')
      ? moduleAt(place.replace(/^tf/, 'tensorflow'))
      : place === 'K'
        ? backendModule
        : place.startsWith('ops')
          ? opsOf(place)
          : kerasModules.get(place)
    // What Keras' own settings say of a name comes first.
    if (target && !target.dict.has(own)) target.dict.set(own, nativeOfRow(row, name))
  }
}

function opsOf(place: string): PyModule {
  if (place === 'ops') return opsModule
  const name = place.slice('ops.'.length)
  const known = opsModule.dict.get(name)
  if (known && 'dict' in (known as object)) return known as PyModule
  const made = pyModule(`keras.${place}`, [], missing => new PyUnknown(`keras.${place}.${missing} is not modelled`))
  opsModule.dict.set(name, made)
  return made
}

/** tf.image.ResizeMethod: the methods of `resize` by their words. */
const resizeMethods = nativeClass('ResizeMethod', undefined, 'tensorflow.image')
for (const [name, word] of Object.entries({
  BILINEAR: 'bilinear',
  NEAREST_NEIGHBOR: 'nearest',
  BICUBIC: 'bicubic',
  AREA: 'area',
  LANCZOS3: 'lanczos3',
  LANCZOS5: 'lanczos5',
  GAUSSIAN: 'gaussian',
  MITCHELLCUBIC: 'mitchellcubic',
}))
  resizeMethods.dict.set(name, word)

const layers = pyModule('tensorflow.layers', layerFunctions, name => new PyUnknown(`tf.layers.${name} is not modelled`))

const shared: readonly [string, PyValue][] = [
  ...dtypeMembers,
  ['string', 'string'],
  ['Tensor', tensorClass],
  ['newaxis', null],
  ['keras', kerasModule],
  ['layers', layers],
  ['Module', nativeClass('Module', undefined, 'tensorflow')],
  decorator('function'),
  decorator('custom_gradient'),
  decorator('recompute_grad'),
  contextClass('GradientTape', 'tensorflow'),
  contextClass('name_scope', 'tensorflow'),
  contextClass('variable_scope', 'tensorflow'),
  contextClass('device', 'tensorflow'),
  contextClass('control_dependencies', 'tensorflow'),
  contextClass('init_scope', 'tensorflow'),
  contextClass('Graph', 'tensorflow'),
  nothing('set_random_seed'),
  nothing('print'),
  nothing('no_op'),
  nothing('group'),
  nothing('disable_v2_behavior'),
  nothing('disable_eager_execution'),
  nothing('enable_eager_execution'),
  nothing('reset_default_graph'),
  nothing('global_variables_initializer'),
  ['trainable_variables', new PyUnknown('the variables of the program are not known', true)],
  gives('executing_eagerly', true),
  ['__version__', '2.19.0'],
  ...[
    ...OPAQUE,
    'TensorSpec',
    'Session',
    'InteractiveSession',
    'TensorShape',
    'DType',
    'gradients',
    'get_logger',
    'Assert',
  ].map(harmless),
]
for (const place of ['tensorflow', 'tensorflow.compat.v1', 'tensorflow.compat.v2']) {
  const { dict } = moduleAt(place)
  for (const [name, value] of shared) if (!dict.has(name)) dict.set(name, value)
}
moduleAt('tensorflow.random').dict.set('set_seed', nothing('set_seed')[1])
moduleAt('tensorflow.random').dict.set('Generator', new PyUnknown('tf.random.Generator is not modelled'))
// Machines in a program's questions have no accelerators: what is drawn is the same on each.
for (const place of ['tensorflow.config', 'tensorflow.config.experimental', 'tensorflow.compat.v1.config']) {
  const config = moduleAt(place, true)
  for (const name of ['list_physical_devices', 'list_logical_devices', 'get_visible_devices'])
    config.dict.set(
      name,
      native(name, (_, [kind]) =>
        asString(kind ?? null) === 'CPU' ? new PyUnknown('the processors are not known', true) : list([]),
      ),
    )
}
moduleAt('tensorflow.image').dict.set('ResizeMethod', resizeMethods)
moduleAt('tensorflow.math').dict.set('pi', new PyFloat(Math.PI))
// Most of tf.compat.v1 and v2 is tf itself.
for (const version of ['v1', 'v2']) {
  const { dict } = moduleAt(`tensorflow.compat.${version}`)
  for (const [name, value] of root.dict) if (!dict.has(name) && name !== 'compat') dict.set(name, value)
  const nn = dict.get('nn') as PyModule
  for (const [name, value] of moduleAt('tensorflow.nn').dict) if (!nn.dict.has(name)) nn.dict.set(name, value)
}

/** The modules of TensorFlow by dotted name. */
export const tensorflowModules: ReadonlyMap<string, PyModule> = modules

/** Modules of TensorFlow, of which those of Keras are not these; undefined for other names. */
export function tensorflowLibrary(name: string): PyValue | undefined {
  if (name !== 'tensorflow' && !name.startsWith('tensorflow.')) return undefined
  const known = modules.get(name)
  if (known) return known
  const parts = name.split('.').slice(1)
  // tensorflow.python.ops.nn_ops and its like: where things stand inside.
  if (parts[0] === 'python') return root
  let at: PyValue = root
  for (const part of parts) {
    const next: PyValue | undefined =
      typeof at === 'object' && at !== null && 'dict' in at ? (at as PyModule).dict.get(part) : undefined
    if (next === undefined) return new PyUnknown(`${name} is not modelled`, OPAQUE.includes(parts[0]!))
    at = next
  }
  return at
}
