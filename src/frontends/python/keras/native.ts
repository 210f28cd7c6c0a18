import type { GraphBuilder, Origin, Site, Value } from '../../../core/graph'
import type { Problem } from '../../../core/problem'
import { formatShape } from '../../../core/shape'
import {
  BadConfig,
  COMMON_PARAMETERS,
  type ConfigValue,
  declareDetached,
  drawingOn,
  callLayer as drawLayer,
  InnerLayer,
  innerLayer,
  type LayerKind,
  Misfit,
  modernize,
  REQUIRED,
  recipesOf,
  UNKNOWN,
  UnknownConfig,
  WholeFloat,
} from '../../kerasLayers'
import { bindNative } from '../interpreter/arguments'
import { type Run, refuse } from '../interpreter/run'
import { linearize, list, nativeClass, nativeMethod, tuple, typeOf } from '../interpreter/types'
import {
  asNumber,
  asString,
  isUnknown,
  type Kwargs,
  PyClass,
  PyDict,
  PyFloat,
  PyFunction,
  PyList,
  PyMethod,
  PyNative,
  PyTuple,
  type PyValue,
} from '../interpreter/values'
import { lostTensor, originOf, signatures } from '../torch/module'
import { PyTensor } from '../torch/tensor'
import { type Trace, traceOf } from '../torch/trace'
import { tensorsIn } from '../torch/values'
import { historyOf } from './history'
import { invoke, layerClass, type NativeCall, nativeCalls, noteMasks, PyLayer } from './layer'
import { imageDataFormat, initializeLayer } from './layerMethods'

/** Arguments of Keras 1 and 2 that Keras 3 has no more; they change neither shapes nor counts. */
const FORMER = [
  'mode',
  'consume_less',
  'dropout_W',
  'dropout_U',
  'inner_init',
  'forget_bias_init',
  'U_regularizer',
  'implementation',
  'time_major',
  'fused',
  'renorm',
  'renorm_clipping',
  'renorm_momentum',
  'virtual_batch_size',
  'adjustment',
  'dynamic',
  'batch_input_shape',
  'sparse',
  'ragged',
  'force_generator',
  'rng_type',
  'bounding_box_format',
]

/** A class of keras.layers from its row of the table. */
export function kerasClass(kind: LayerKind, bases: readonly PyClass[] = [layerClass]): PyClass {
  const cls = nativeClass(kind.name, bases, 'keras.layers')
  cls.mro = linearize(cls)!
  const own = Object.entries(kind.parameters).map(([name, value]) => (value === REQUIRED ? name : `${name}=`))
  const common = [...COMMON_PARAMETERS, ...FORMER].filter(name => !Object.hasOwn(kind.parameters, name))
  signatures.set(cls, own.join(', '))
  const signature = [...own, '*', ...common.map(name => `${name}=`)].join(', ')
  const format = Object.hasOwn(kind.parameters, 'data_format')
  cls.dict.set(
    '__init__',
    nativeMethod('__init__', (run, [self, ...args], kwargs) => {
      if (!(self instanceof PyLayer)) return null
      if (args[0] instanceof PyTensor && historyOf(args[0].value)) calledAtOnce(kind)
      const bound = bindNative(kind.name, signature, positionsOf(args, kwargs), withoutFormer(kind, kwargs))
      const given = new Map<string, PyValue>()
      for (const name in bound) if (bound[name] !== undefined) given.set(name, bound[name])
      self.kind = kind
      self.given = given
      const config = configOf(run, given)
      if (format && config.data_format == null) config.data_format = imageDataFormat(run)
      self.config = config
      if (config.mask_zero === true || kind.name === 'Masking') noteMasks(run)
      self.recipes = recipesOf(kind, config)
      initializeLayer(run, self, given)
      for (const value of given.values()) if (value instanceof PyLayer) self.modules.set(innerName(self, value), value)
      return null
    }),
  )
  nativeCalls.set(cls, drawNative)
  // What a subclass asks of it: super().call(x).
  cls.dict.set(
    'call',
    nativeMethod('call', (run, [self, ...args], kwargs) =>
      self instanceof PyLayer ? drawNative(run, self, args, kwargs, originOf(run, self)) : null,
    ),
  )
  return cls
}

/** `BatchNormalization(x)`: a tensor is no argument of any layer. */
const calledAtOnce = ({ name }: LayerKind): never =>
  refuse('ValueError', 'A KerasTensor is symbolic: it is no argument of a layer.', {
    code: 'bad-argument',
    message: () => `${name} is made before it gets its tensor: ${name}(…)(x).`,
  })

/** `Convolution2D(64, 3, 3, border_mode='same')`: where an argument has a name of Keras 1, the kernel is two numbers. */
function positionsOf(args: readonly PyValue[], kwargs: Kwargs): readonly PyValue[] {
  if (args.length < 3) return args
  const [filters, height, width, ...rest] = args
  if (typeof height !== 'number' || typeof width !== 'number' || ![...kwargs.keys()].some(k => KERAS_1.has(k)))
    return args
  return [filters!, tuple([height, width]), ...rest]
}
const KERAS_1 = new Set(['border_mode', 'subsample', 'dim_ordering', 'init', 'W_regularizer', 'b_regularizer', 'bias'])

/** Keyword arguments with the names of Keras 3: `alpha` of LeakyReLU, `border_mode`. */
function withoutFormer({ name, parameters }: LayerKind, kwargs: Kwargs): Kwargs {
  const known = (key: string): boolean => Object.hasOwn(parameters, key) || COMMON_PARAMETERS.includes(key)
  let former = false
  for (const key of kwargs.keys()) if (!known(key)) former = true
  if (!former) return kwargs
  const made = new Map<string, PyValue>()
  for (const [key, value] of kwargs) {
    const now = known(key) ? key : Object.keys(modernize(name, { [key]: null }).config)[0]!
    made.set(known(now) ? now : key, value)
  }
  return made
}

/** Where a layer that another one was given is registered: `layer`, else its own name. */
const innerName = (outer: PyLayer, inner: PyLayer): string => (outer.modules.has('layer') ? inner.name : 'layer')

/** Draws a layer of the table. What Keras refuses is told at the layer's place; what follows is unknown. */
const drawNative: NativeCall = (run, self, args, kwargs, origin) => {
  const kind = self.kind!
  const trace = traceOf(run)
  const tensors = inputsOf(run, kind, args, kwargs)
  const inputs = tensors.map(t => t.value)
  trace.builder.quiet = !trace.certain()
  const drawing = drawingOn(trace.builder, self.parts, origin, isLearned(self, kind) ? LEARNED : FROZEN)
  const scope = (body: () => readonly Value[]): readonly Value[] => trace.builder.scope(origin, inputs, body)
  // Weights that were made for an input of unknown size are made again for a known one.
  if (self.provisional && tensors[0]?.shape) self.parts.clear()
  self.built = true
  const told = tensors[0]?.open ? openChannels(trace, self, kind, tensors[0], origin) : false
  let values: readonly Value[]
  try {
    const options = kwargs.size === 0 ? NO_OPTIONS : configOf(run, kwargs)
    values = drawLayer(kind, self.config, inputs, drawing, scope, options, self.recipes)
  } catch (error) {
    if (error instanceof BadConfig) refused(trace, self, origin, error)
    else if (!(error instanceof UnknownConfig)) throw error
    values = trace.builder.unknown(error.message, inputs, origin)
  }
  const caution = kind.caution?.(self.config)
  if (caution && isFirstAt(trace, origin.site))
    refused(trace, self, origin, caution, self.ofTensorflow ? 'warning' : 'error')
  self.provisional = false
  for (const { weights } of self.parts.values())
    for (const { elements } of weights) if (elements === null) self.provisional = true
  // Of plain arguments all is known: what is not is what the input leaves open.
  if (self.provisional && !told && self.recipes && tensors.some(t => t.open && !t.value.cause))
    refused(
      trace,
      self,
      origin,
      new BadConfig(`its weights need a size that its input leaves open: ${shapesOf(tensors)}`),
    )
  if (values.length === 1) return new PyTensor(values[0]!, tensors[0]?.dtype)
  const results = values.map(value => new PyTensor(value, tensors[0]?.dtype))
  return list(results)
}

/** `trainable=False` of a layer that holds others does not reach their weights, `layer.trainable = False` does. */
const isLearned = (self: PyLayer, kind: LayerKind): boolean =>
  self.trainable || (kind.holdsLayers === true && self.given.get('trainable') === false)

const LEARNED = declareDetached(true)
const FROZEN = declareDetached(false)
const NO_OPTIONS = {}

/** The tensors that a layer is called with; where one is not known its shape is not. */
function inputsOf(run: Run, kind: LayerKind, args: readonly PyValue[], kwargs: Kwargs): PyTensor[] {
  const [first] = args
  // Nearly all calls are of one tensor.
  const isPlain = !kind.takes && !kind.many && kind.name !== 'MultiHeadAttention'
  if (isPlain && first instanceof PyTensor && args.length === 1 && kwargs.size === 0) return [first]
  const values = kind.takes ? ofNames(kind.takes, args, kwargs) : [...args, ...withoutMasks(kwargs)]
  const tensors = tensorsIn(kind.many ? values.map(value => withLost(run, value)) : values)
  // What is not known at all may be a list.
  if (kind.many && first instanceof PyTensor && first.shape !== null) notAList(kind, args)
  if (takesOne(kind) && tensors.length > 1 && tensors.length === tensorsIn([first ?? null]).length)
    refuse('ValueError', `Layer "${kind.name}" expects 1 input(s), but it received ${tensors.length} input tensors.`, {
      code: 'bad-argument',
      message: () => `${kind.name} expects one tensor and gets a list of ${tensors.length}: join them first.`,
    })
  if (kind.name === 'MultiHeadAttention' && args.length === 1 && !kwargs.has('value'))
    refuse('TypeError', "call() missing 1 required positional argument: 'value'", {
      code: 'bad-argument',
      message: () => `${kind.name} expects query and value and gets one tensor.`,
    })
  if (tensors.length > 0) return tensors
  const lost = [...args, ...kwargs.values()].find(isUnknown)
  if (lost) return [lostTensor(run, lost)]
  if (first instanceof PyList || first instanceof PyTuple || asNumber(first ?? null) !== null)
    return [traceOf(run).constant(null)]
  return refuse('ValueError', 'Only input tensors may be passed as positional arguments', {
    code: 'bad-argument',
    message: () =>
      `${kind.name} expects a tensor and gets ${first instanceof PyLayer ? `the layer ${first.cls.name} itself` : first === null ? 'None' : `a ${typeOf(first ?? null).name}`}.`,
  })
}

/** The tensors of a call that names them, in the order of the names. */
const ofNames = (names: readonly string[], args: readonly PyValue[], kwargs: Kwargs): PyValue[] =>
  names.map((name, i) => args[i] ?? kwargs.get(name) ?? null)

/** A mask says which elements count: what is computed does not depend on it. */
const withoutMasks = (kwargs: Kwargs): PyValue[] =>
  [...kwargs].filter(([name]) => !name.endsWith('mask')).map(([, value]) => value)

/** Layers whose input_spec is one (convolutional/base_conv.py, core/dense.py, pooling/base_pooling.py, reshaping/flatten.py). */
const takesOne = ({ name, parameters }: LayerKind): boolean =>
  name === 'Dense' ||
  name === 'Flatten' ||
  (/^(?:Separable|Depthwise)?Conv|Pool/.test(name) && !name.includes('LSTM') && !Object.hasOwn(parameters, 'cell'))

/** Of a list what is not known, too, as tensors that are not. */
function withLost(run: Run, value: PyValue): PyValue {
  if (!(value instanceof PyList || value instanceof PyTuple) || !value.items.some(isUnknown)) return value
  return list(value.items.map(item => (isUnknown(item) ? lostTensor(run, item) : item)))
}

/** Layers that join tensors take one list of them (layers/merging: build, call). */
function notAList({ name }: LayerKind, args: readonly PyValue[]): never {
  const count = args.filter(a => a instanceof PyTensor).length
  const got = count === 1 ? 'one tensor' : `${count} tensors`
  return refuse('ValueError', `A \`${name}\` layer should be called on a list of inputs.`, {
    code: 'bad-argument',
    message: () => `${name} expects a list of tensors and gets ${got}.`,
  })
}

/** Weights need a number of channels: what an input leaves open cannot be theirs (base_conv.py, dense.py, build). */
function openChannels(trace: Trace, self: PyLayer, kind: LayerKind, input: PyTensor, origin: Origin): boolean {
  const { shape, value } = input
  // What led to a size that is not known is told, or is no fault of the program.
  if (!shape || value.cause || !(Object.hasOwn(kind.parameters, 'kernel_size') || kind.name === 'Dense')) return false
  if (kind.rank !== undefined && kind.rank !== shape.length) return false
  // A convolutional LSTM has the steps in front of the channels.
  const first = kind.name.startsWith('ConvLSTM') ? 2 : 1
  const at = self.config.data_format === 'channels_first' ? first : shape.length - 1
  if (shape[at] !== null) return false
  refused(trace, self, origin, new BadConfig(`its input leaves the channels open: ${formatShape(shape)}`))
  return true
}

const shapesOf = (tensors: readonly PyTensor[]): string =>
  tensors.map(({ shape }) => (shape ? formatShape(shape) : '?')).join(' and ')

/** A line that makes many layers is warned of once in a drawing. */
function isFirstAt({ builder }: Trace, site: Site): boolean {
  const told = cautioned.get(builder) ?? new Set()
  cautioned.set(builder, told)
  return told.size !== told.add(site).size
}
const cautioned = new WeakMap<GraphBuilder, Set<Site>>()

function refused(
  trace: Trace,
  self: PyLayer,
  origin: Origin,
  error: BadConfig,
  severity: Problem['severity'] = 'error',
): void {
  if (!trace.certain()) return
  const { message, argument } = error
  const span = argument
    ? (self.site?.attributes?.[argument]?.span ?? origin.site.span)
    : (origin.called ?? origin.site).span
  trace.builder.problem({
    code: error instanceof Misfit ? 'shape-mismatch' : 'bad-argument',
    severity,
    span,
    message: `${origin.name ?? origin.site.name}: ${message}.`,
  })
}

/** Arguments as plain data; functions and layers among them draw what they do. */
function configOf(run: Run, given: ReadonlyMap<string, PyValue>): Record<string, ConfigValue> {
  const config: Record<string, ConfigValue> = {}
  for (const [name, value] of given) if (!isOfWeights(name)) config[name] = plain(run, value)
  return config
}

/** How weights begin, and what is added to the loss for them: neither changes shapes or counts. */
const isOfWeights = (name: string): boolean =>
  name.endsWith('_initializer') || name.endsWith('_regularizer') || name.endsWith('_constraint')

function plain(run: Run, value: PyValue): ConfigValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
  const string = asString(value)
  if (string !== null) return string
  if (value instanceof PyFloat) return Number.isInteger(value.value) ? new WholeFloat(value.value) : value.value
  if (typeof value === 'bigint') return asNumber(value)!
  if (value instanceof PyTuple || value instanceof PyList) return value.items.map(item => plain(run, item))
  if (value instanceof PyLayer) return inner(run, value)
  if (value instanceof PyTensor && value.shape?.length === 0) return value.data?.[0] ?? UNKNOWN
  if (value instanceof PyDict) {
    const made: Record<string, ConfigValue> = Object.create(null)
    for (const [name, item] of value.entries.values()) made[String(asString(name) ?? name)] = plain(run, item)
    return made
  }
  if (value instanceof PyFunction || value instanceof PyNative || value instanceof PyMethod || value instanceof PyClass)
    return new InnerLayer('function', {}, values => called(run, value, values))
  return UNKNOWN
}

/** A layer that another one draws: those of the table are drawn by it, the program's own by the program. */
function inner(run: Run, layer: PyLayer): InnerLayer {
  if (layer.kind && !layer.functional && !layer.stack)
    return innerLayer(layer.kind, layer.trainable ? layer.config : { ...layer.config, trainable: false })
  return new InnerLayer(layer.cls.name, {}, values => called(run, layer, values))
}

function called(run: Run, callee: PyValue, values: readonly Value[]): readonly Value[] {
  const args = values.map(value => new PyTensor(value))
  const result = callee instanceof PyLayer ? invoke(run, callee, args, new Map()) : run.call(callee, args)
  return tensorsIn([isUnknown(result) ? lostTensor(run, result) : result]).map(t => t.value)
}
