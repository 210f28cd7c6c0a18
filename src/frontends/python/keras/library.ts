import { native, nativeClass, pyModule } from '../interpreter/types'
import { asNumber, asString, type PyModule, PyObject, PyUnknown, type PyValue } from '../interpreter/values'
import { newParameter } from '../torch/nn/define'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { applicationsModule } from './applications'
import { getSourceInputs, settings } from './backend'
import { datasetsModule, toCategorical } from './datasets'
import { inputFunction, inputLayerClass } from './input'
import { layerMembers } from './layers'
import { functionalClass, modelClass, sequentialClass } from './modelClasses'
import './models'
import { shapeOf } from './shapes'

const notModelled =
  (path: string) =>
  (name: string): PyValue | undefined =>
    name.startsWith('__') ? undefined : new PyUnknown(`${path}.${name} is not modelled`)
const harmless =
  (path: string) =>
  (name: string): PyValue | undefined =>
    name.startsWith('__') ? undefined : new PyUnknown(`${path}.${name} is not modelled`, true)

/** What Keras names and what neither shapes nor counts depend on. */
const OPAQUE = `optimizers losses metrics callbacks regularizers constraints preprocessing saving mixed_precision
  distribution export dtype_policies quantizers wrappers visualization legacy tree trainers distillation estimator premade experimental`.split(
  /\s+/,
)

/** keras.initializers: objects that are kept and never run. */
const initializers = pyModule('keras.initializers', [], name => {
  if (name.startsWith('__')) return undefined
  return native(name, () => new PyObject(initializerClass))
})
const initializerClass = nativeClass('Initializer', undefined, 'keras.initializers')
initializers.dict.set('Initializer', initializerClass)

/** keras.InputSpec: what a layer of the program says of its inputs; it is kept and not checked. */
const inputSpec: [string, PyValue] = ['InputSpec', native('InputSpec', () => new PyObject(initializerClass))]

/** keras.Variable: a weight of the layer that it is assigned to. */
const variable = native('Variable', (run, args, kwargs) => {
  const initial = kwargs.get('initializer') ?? kwargs.get('initial_value') ?? args[0] ?? null
  const given = shapeOf(kwargs.get('shape') ?? args[1])
  const shape = given ?? (initial instanceof PyTensor ? initial.shape : asNumber(initial) !== null ? [] : null)
  return newParameter(run, 'variable', shape, kwargs.get('trainable') === false ? 'frozen' : 'trainable')
})

/** keras.activations: functions of tensors by the names that layers take. */
const ACTIVATIONS =
  `relu relu6 leaky_relu elu selu celu gelu silu swish sigmoid hard_sigmoid hard_silu hard_swish softplus softsign tanh hard_tanh
  tanh_shrink hard_shrink soft_shrink squareplus sparse_plus threshold exponential linear mish log_sigmoid softmax log_softmax glu sparsemax sparse_sigmoid`.split(
    /\s+/,
  )
const activation = (name: string): PyValue =>
  native(name, (run, [x], kwargs) => {
    const value = x ?? kwargs.get('x')
    if (!(value instanceof PyTensor)) return new PyUnknown('its input is not known')
    const trace = traceOf(run)
    if (name === 'linear') return value
    if (name === 'softmax' || name === 'log_softmax') return trace.op(run, 'softmax', { axis: -1 }, [value], name)
    return trace.op(run, 'activation', { function: name === 'swish' ? 'silu' : name }, [value], name)
  })
const activations = pyModule(
  'keras.activations',
  [
    ...ACTIVATIONS.map((name): [string, PyValue] => [name, activation(name)]),
    [
      'get',
      native('get', (_, [value]) => {
        const name = asString(value ?? null)
        return value === null || value === undefined
          ? (activations.dict.get('linear') ?? null)
          : name === null
            ? value
            : (activations.dict.get(name) ?? new PyUnknown(`${name} is not known`))
      }),
    ],
    ['serialize', native('serialize', (_, [value]) => value ?? null)],
  ],
  notModelled('keras.activations'),
)

const layers = pyModule('keras.layers', [...layerMembers, inputSpec], notModelled('keras.layers'))
// Where layers of later versions stood first: keras.layers.experimental.preprocessing.Rescaling.
const experimental = pyModule('keras.layers.experimental', [['preprocessing', layers]], name => layers.dict.get(name))
layers.dict.set('experimental', experimental)
const modelMembers: [string, PyValue][] = [
  ['Model', modelClass],
  ['Functional', functionalClass],
  ['Sequential', sequentialClass],
]
const models = pyModule('keras.models', modelMembers, notModelled('keras.models'))
export const backendModule = pyModule(
  'keras.backend',
  [...settings, ['Variable', variable]],
  notModelled('keras.backend'),
)
export const opsModule = pyModule('keras.ops', [], notModelled('keras.ops'))
const utils = pyModule(
  'keras.utils',
  [
    ['get_source_inputs', getSourceInputs],
    ['to_categorical', toCategorical],
    [
      'register_keras_serializable',
      native('register_keras_serializable', () => native('decorator', (_, [cls]) => cls ?? null)),
    ],
  ],
  harmless('keras.utils'),
)
const saving = pyModule(
  'keras.saving',
  [['register_keras_serializable', utils.dict.get('register_keras_serializable')!]],
  harmless('keras.saving'),
)
const exported = pyModule('keras.api_export', [
  ['keras_export', native('keras_export', () => native('decorator', (_, [value]) => value ?? null))],
])
const operationUtils = pyModule(
  'keras.ops.operation_utils',
  [['get_source_inputs', getSourceInputs]],
  notModelled('keras.ops.operation_utils'),
)

const random = pyModule(
  'keras.random',
  [['SeedGenerator', native('SeedGenerator', () => new PyObject(initializerClass))]],
  notModelled('keras.random'),
)

const submodules: [string, PyModule | PyUnknown][] = [
  ['layers', layers],
  ['models', models],
  ['backend', backendModule],
  ['config', pyModule('keras.config', settings, harmless('keras.config'))],
  ['ops', opsModule],
  ['activations', activations],
  ['initializers', initializers],
  ['utils', utils],
  ['saving', saving],
  ['api_export', exported],
  ['ops.operation_utils', operationUtils],
  ['utils.file_utils', pyModule('keras.utils.file_utils', [], harmless('keras.utils.file_utils'))],
  ['layers.layer', layers],
  ['applications', applicationsModule],
  ['datasets', datasetsModule],
  ...[...datasetsModule.dict].map(([name, module]): [string, PyModule] => [`datasets.${name}`, module as PyModule]),
  // Where functions stood in Keras 2.
  ['utils.np_utils', utils],
  ['random', random],
  ...OPAQUE.filter(name => name !== 'saving').map((name): [string, PyUnknown] => [
    name,
    new PyUnknown(`keras.${name} is not modelled`, true),
  ]),
]
opsModule.dict.set('operation_utils', operationUtils)
utils.dict.set('np_utils', utils)

/** The module `keras`: the same for Keras 3, tf.keras and Keras 2. */
export const kerasModule = pyModule(
  'keras',
  [
    ...modelMembers,
    ['Input', inputFunction],
    ['InputLayer', inputLayerClass],
    ['Layer', layers.dict.get('Layer')!],
    ['Variable', variable],
    inputSpec,
    ['__version__', '3.0.0'],
    ...submodules.filter(([name]) => !name.includes('.')),
  ],
  notModelled('keras'),
)

const byName = new Map<string, PyValue>([
  ['keras', kerasModule],
  ...submodules.map(([name, module]): [string, PyValue] => [`keras.${name}`, module]),
])

/** The modules of Keras by dotted name. */
export const kerasModules: ReadonlyMap<string, PyModule> = new Map(
  [...byName].filter((entry): entry is [string, PyModule] => !(entry[1] instanceof PyUnknown)),
)

/** Names under which Keras is found; what stands behind them is the same. */
const PREFIX =
  /^(?:tensorflow\.keras|tensorflow\.python\.keras|tensorflow\.compat\.v[12]\.keras|tensorflow\._api\.v2\.keras|tf_keras|keras\.src|keras\.api(?:\._v2\.keras)?|keras)(?=\.|$)/

/** `tensorflow.keras.layers` is keras.layers; undefined for what is not Keras'. */
const kerasName = (name: string): string | undefined => (PREFIX.test(name) ? name.replace(PREFIX, 'keras') : undefined)

/** Modules of Keras; its applications are read from its source, where that is at hand. */
export function kerasLibrary(name: string): PyValue | undefined {
  const own = kerasName(name)
  if (own === undefined) return undefined
  const known = name === 'keras.src.applications' ? undefined : byName.get(own)
  if (known) return known
  if (own.startsWith('keras.applications')) return name.startsWith('keras.src') ? undefined : applicationsModule
  const parts = own.split('.').slice(1)
  if (own === 'keras.layers.experimental') return experimental
  // keras.layers.core.dense, keras.engine.topology: where classes stood in some version.
  if (parts[0] === 'layers') return layers
  if (parts[0] === 'models') return models
  if (parts[0] === 'engine') return engine
  if (OPAQUE.includes(parts[0]!) || parts[0] === 'utils') return new PyUnknown(`${own} is not modelled`, true)
  return new PyUnknown(`${own} is not modelled`)
}

/** keras.engine of Keras 1 and 2: layers and models together. */
const engine = pyModule('keras.engine', [...layerMembers, ...modelMembers, inputSpec], notModelled('keras.engine'))
