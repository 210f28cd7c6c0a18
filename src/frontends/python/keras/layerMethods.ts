import { type Dim, N } from '../../../core/dim'
import { setPlain } from '../interpreter/attributes'
import { type Run, raise } from '../interpreter/run'
import { dict, list, native, nativeMethod, propertyClass, tuple } from '../interpreter/types'
import { unknownBase } from '../interpreter/unknownBase'
import {
  asInt,
  asString,
  isUnknown,
  type Kwargs,
  PyDict,
  PyList,
  PyProperty,
  PyTuple,
  PyUnknown,
  type PyValue,
} from '../interpreter/values'
import { namedModules, PyNNModule, registered, setModuleAttribute } from '../torch/module'
import { newParameter } from '../torch/nn/define'
import { PyParameter, PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { tensorsIn } from '../torch/values'
import { callLayer } from './call'
import { historyOf } from './history'
import { invoke, layerClass, PyLayer } from './layer'
import { autoName } from './names'
import { shapeOf, shapeTuple } from './shapes'
import { kerasShape } from './weights'

const FORMAT = Symbol('image data format')
/** keras.backend.image_data_format(): what the program set, channels_last at first. */
export const imageDataFormat = (run: Run): string => (run.state.get(FORMAT) as string | undefined) ?? 'channels_last'
export const setImageDataFormat = (run: Run, format: string): void => void run.state.set(FORMAT, format)

/** What `Layer.__init__` does with the arguments that every layer takes. */
export function initializeLayer(run: Run, self: PyLayer, given: ReadonlyMap<string, PyValue>): void {
  // Keras 1 and 2 make a name where it is empty, and take `block1/conv`, which Keras 3 refuses.
  self.name = asString(given.get('name') ?? null) || autoName(run, self.cls.name)
  if (given.get('trainable') === false) self.trainable = false
  const type = asString(given.get('input_dtype') ?? given.get('dtype') ?? null)
  if (type) self.declaredType = type
  const shape = declare(self, given.get('batch_input_shape') ?? given.get('batch_shape'), given.get('input_shape'))
  self.declaredBatch ??= asInt(given.get('batch_size') ?? null)
  const features = asInt(given.get('input_dim') ?? null)
  if (!shape && features !== null && self.kind?.name !== 'Embedding') self.declared = [features]
  const length = asInt(given.get('input_length') ?? null)
  if (!shape && length !== null) self.declared = self.kind?.name === 'Embedding' ? [length] : [length, features]
}

/** Takes a declared input, as a shape with its batch or else one without; gives it without the batch. */
export function declare(self: PyLayer, whole: PyValue | undefined, single: PyValue | undefined): Dim[] | null {
  const batched = shapeOf(whole)
  const shape = batched ? batched.slice(1) : shapeOf(single)
  if (!shape) return null
  const sizes = batched ? whole : single
  const known = !((sizes instanceof PyTuple || sizes instanceof PyList) && sizes.items.some(isUnknown))
  self.declared = shape
  self.declaredOpen = known && shape.includes(null)
  if (typeof batched?.[0] === 'number') self.declaredBatch = batched[0]
  return shape
}

type Method = (run: Run, self: PyLayer, args: readonly PyValue[], kwargs: Kwargs) => PyValue

export const layerMethod = (name: string, body: Method, cls = layerClass): void =>
  void cls.dict.set(
    name,
    nativeMethod(name, (run, [self, ...args], kwargs) =>
      self instanceof PyLayer ? body(run, self, args, kwargs) : new PyUnknown('a layer that is not known'),
    ),
  )

export const layerProperty = (
  name: string,
  get: (run: Run, self: PyLayer) => PyValue,
  set: ((run: Run, self: PyLayer, value: PyValue) => void) | null = null,
  cls = layerClass,
): void => {
  const getter = native(name, (run, [self]) => (self instanceof PyLayer ? get(run, self) : null))
  const setter =
    set &&
    native(name, (run, [self, value]) => {
      if (self instanceof PyLayer) set(run, self, value ?? null)
      return null
    })
  cls.dict.set(name, new PyProperty(propertyClass, getter, setter))
}

const KNOWN = new Set(
  'activity_regularizer trainable dtype autocast name input_shape batch_input_shape batch_shape input_dim input_length dynamic input_dtype batch_size weights'.split(
    ' ',
  ),
)

layerMethod('__init__', (run, self, args, kwargs) => {
  for (const name of kwargs.keys())
    if (!KNOWN.has(name)) raise('TypeError', `${self.cls.name}() got an unexpected keyword argument '${name}'`)
  if (args.length > 0)
    raise('TypeError', `Layer.__init__() takes 1 positional arguments but ${args.length + 1} were given`)
  initializeLayer(run, self, kwargs)
  return null
})

layerMethod('__call__', (run, self, args, kwargs) => callLayer(run, self, args, kwargs))
layerMethod('build', (run, self, [shape]) => {
  buildNative(run, self, shape ?? null)
  return null
})

/** `conv.build(shape)`: makes the weights of a layer of ours without drawing it. */
function buildNative(run: Run, self: PyLayer, shape: PyValue): void {
  if (self.kind === null || self.parts.size > 0) {
    self.built = true
    return
  }
  const shapes =
    shape instanceof PyList || (shape instanceof PyTuple && shape.items.some(v => v instanceof PyTuple))
      ? (shape as PyList).items
      : [shape]
  aside(run, given => {
    const tensors = shapes.map(s => given(s))
    invoke(run, self, tensors.length === 1 ? tensors : [list(tensors)], new Map())
  })
}

/** Draws where nobody looks, with tensors of given shapes. */
export function aside(run: Run, body: (given: (shape: PyValue) => PyTensor) => void): void {
  const trace = traceOf(run)
  trace.aside(() => {
    body(shape => new PyTensor(trace.builder.given(withBatch(shape))))
    return null
  })
}

/** The first size of a shape that a program writes out is the batch, whatever it says. */
function withBatch(shape: PyValue): (number | typeof N | null)[] | null {
  const dims = shapeOf(shape)
  return dims === null ? null : [N, ...dims.slice(1).map(d => (typeof d === 'object' && d !== null ? null : d))]
}

for (const name of ['add_weight', 'add_variable'])
  layerMethod(name, (run, self, args, kwargs) => {
    // Keras 3 takes the shape first, Keras 2 the name.
    const named = asString(args[0] ?? null) !== null
    const shape = kwargs.get('shape') ?? args[named ? 1 : 0] ?? null
    const label = asString(kwargs.get('name') ?? null) ?? (named ? asString(args[0]!) : null) ?? 'weight'
    const dims = shape === null ? [] : shapeOf(shape)
    const trainable = self.trainable && kwargs.get('trainable') !== false
    const parameter = newParameter(run, label, dims, trainable ? 'trainable' : 'frozen')
    self.parameters.set(` ${self.parameters.size}`, parameter)
    return parameter
  })

layerMethod('__setattr__', (run, self, [name, value]) => {
  const attribute = asString(name!) ?? ''
  if (lookupProperty(self, attribute)) {
    setPlain(run, self, attribute, value ?? null)
    return null
  }
  if (value instanceof PyParameter)
    for (const [key, known] of self.parameters) if (known === value && key !== attribute) self.parameters.delete(key)
  setModuleAttribute(run, self, attribute, value ?? null)
  return null
})

const lookupProperty = (self: PyLayer, name: string): boolean =>
  self.cls.mro.some(c => c.dict.get(name) instanceof PyProperty)

layerMethod('__getattr__', (run, self, [asked]) => {
  const name = asString(asked!) ?? ''
  const found = registered(self, name)
  if (found !== undefined) return found
  const given = argumentOf(run, self, name)
  if (given !== undefined) return given
  if (name === 'supports_masking' || name === 'stateful') return false
  const base = unknownBase(self.cls)
  // Layers of Keras have more attributes than are modelled.
  if (self.kind) return new PyUnknown(`${self.cls.name}.${name} is not modelled`)
  return base === null
    ? raise('AttributeError', `'${self.cls.name}' object has no attribute '${name}'`)
    : new PyUnknown(base)
})

/** What a layer of ours keeps of its arguments: sizes an axis as tuples. */
function argumentOf(run: Run, self: PyLayer, name: string): PyValue | undefined {
  const { kind } = self
  if (!kind) return undefined
  const weight = weightOf(run, self, name)
  if (weight !== undefined) return weight
  if (!Object.hasOwn(kind.parameters, name)) return undefined
  const given = self.given.get(name)
  const otherwise = self.config[name] ?? kind.parameters[name]
  // What nobody gives a layer finds itself: `normalization.mean`, `dense.activation`.
  if (given === undefined && otherwise === null) return new PyUnknown(`${self.cls.name}.${name} is not modelled`, true)
  const value = given ?? (Array.isArray(otherwise) ? tuple(otherwise as PyValue[]) : plainDefault(otherwise))
  const rank = kind.rank === undefined ? 0 : kind.rank - 2
  return rank > 0 && PER_AXIS.has(name) && typeof value === 'number' ? tuple(Array(rank).fill(value)) : value
}
const PER_AXIS = new Set(['kernel_size', 'strides', 'dilation_rate', 'pool_size', 'size'])
const plainDefault = (value: unknown): PyValue =>
  value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string' ? value : null

/** `conv.kernel`, `bn.gamma`: a weight of a layer of ours under Keras' name. */
function weightOf(run: Run, self: PyLayer, name: string): PyValue | undefined {
  const ours = WEIGHTS[name]
  if (!ours) return undefined
  for (const layer of self.parts.values()) {
    const weight = layer.weights.find(w => w.name === ours)
    if (weight) return new PyParameter(traceOf(run).builder.given(kerasShape(self, layer, weight), name), weight)
  }
  return self.built && name === 'bias' ? null : undefined
}
const WEIGHTS: Readonly<Record<string, string>> = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  embeddings: 'weight',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
}

/** Every layer below and including one, lists of layers included. */
export function* layersBelow(self: PyLayer): Generator<PyLayer> {
  registerAll(self)
  for (const [, module] of namedModules(self)) if (module instanceof PyLayer) yield module
}

/** Keras finds layers in lists and dicts that are attributes: registers them under the attribute's name. */
export function registerAll(self: PyNNModule, seen = new Set<PyNNModule>()): void {
  if (seen.has(self)) return
  seen.add(self)
  if (self instanceof PyLayer && !self.functional && !self.stack)
    for (const [name, value] of self.attrs ?? []) registerIn(self, name, value, 0)
  for (const child of self.modules.values()) if (child instanceof PyNNModule) registerAll(child, seen)
}

function registerIn(self: PyLayer, name: string, value: PyValue, depth: number): void {
  if (value instanceof PyNNModule) {
    if (depth > 0) self.modules.set(name, value)
  } else if (depth > 3) return
  else if (value instanceof PyList || value instanceof PyTuple)
    value.items.forEach((item, i) => {
      registerIn(self, `${name}.${i}`, item, depth + 1)
    })
  else if (value instanceof PyDict)
    for (const [key, item] of value.entries.values())
      registerIn(self, `${name}.${asString(key) ?? key}`, item, depth + 1)
}

layerProperty(
  'name',
  (_, self) => self.name,
  (_, self, value) => {
    self.name = asString(value) ?? self.name
  },
)
// Keras forbids `self._name = …` no more than Python does.
layerProperty(
  '_name',
  (_, self) => self.name,
  (_, self, value) => {
    self.name = asString(value) ?? self.name
  },
)
layerProperty(
  'trainable',
  (_, self) => self.trainable,
  (_, self, value) => {
    if (typeof value !== 'boolean') return
    for (const layer of layersBelow(self)) setTrainable(layer, value)
  },
)
layerProperty(
  'built',
  (_, self) => self.built,
  (_, self, value) => {
    self.built = value === true
  },
)
layerProperty('dtype', (_, self) => self.declaredType)
layerProperty('dtype_policy', () => new PyUnknown('policies of dtypes are not modelled', true))
layerMethod('_flatten_layers', (_, self) => list([...layersBelow(self)]))
for (const name of ['compute_dtype', 'variable_dtype']) layerProperty(name, (_, self) => self.declaredType)

function setTrainable(layer: PyLayer, trainable: boolean): void {
  layer.trainable = trainable
  const weights = [
    ...[...layer.parts.values()].flatMap(p => p.weights),
    ...[...layer.parameters.values()].flatMap(p => (p ? [p.weight] : [])),
  ]
  for (const weight of weights as { kind: string; name: string }[]) {
    if (!trainable && weight.kind === 'trainable') {
      weight.kind = 'frozen'
      stopped.add(weight)
    } else if (trainable && stopped.has(weight)) weight.kind = 'trainable'
  }
}
/** Weights that are learned but for `trainable = False`; statistics never are. */
const stopped = new WeakSet<object>()

const weightsBelow = (run: Run, self: PyLayer, of: (kind: string) => boolean): PyValue => {
  const found: PyValue[] = []
  for (const layer of layersBelow(self)) {
    if (layer.kind && !layer.built) return new PyUnknown('the weights are made at the first call')
    for (const part of layer.parts.values())
      for (const weight of part.weights)
        if (of(weight.kind))
          found.push(new PyParameter(traceOf(run).builder.given(kerasShape(layer, part, weight), weight.name), weight))
    for (const parameter of layer.parameters.values()) if (parameter && of(parameter.weight.kind)) found.push(parameter)
  }
  return list(found)
}
for (const name of ['weights', 'variables']) layerProperty(name, (run, self) => weightsBelow(run, self, () => true))
for (const name of ['trainable_weights', 'trainable_variables'])
  layerProperty(name, (run, self) => weightsBelow(run, self, kind => kind === 'trainable'))
for (const name of ['non_trainable_weights', 'non_trainable_variables'])
  layerProperty(name, (run, self) => weightsBelow(run, self, kind => kind !== 'trainable'))
layerProperty('losses', () => list([]))
layerProperty('metrics', () => list([]))

layerMethod('count_params', (_, self) => {
  let total = 0
  for (const layer of layersBelow(self)) {
    if (layer.kind && !layer.built) return new PyUnknown('the weights are made at the first call')
    const weights = [...layer.parts.values()].flatMap(p => p.weights)
    for (const p of layer.parameters.values()) if (p) weights.push(p.weight)
    for (const w of weights) {
      if (w.elements === null) return new PyUnknown('the number of params is not known')
      total += w.elements
    }
  }
  return total
})

/** What the first call of a layer gave, and what it took. */
export const outputOf = (self: PyLayer): PyValue => only(self, self.results)
export function inputOf(self: PyLayer): PyValue {
  const [first] = self.results
  const step = first && historyOf(first.value)
  return only(self, step && tensorsIn([...step.args, ...step.kwargs.values()]))
}
layerProperty('output', (_, self) => outputOf(self))
layerProperty('input', (_, self) => inputOf(self))
function only(self: PyLayer, tensors: readonly PyTensor[] | undefined): PyValue {
  if (tensors === undefined || tensors.length === 0)
    return raise('AttributeError', `The layer ${self.name} has never been called and thus has no defined output.`)
  return tensors.length === 1 ? tensors[0]! : list([...tensors])
}
layerProperty('output_shape', (_, self) => {
  const [first] = self.results
  return first ? shapeTuple(first.shape) : new PyUnknown('this shape is not known')
})
layerProperty('input_shape', (_, self) => {
  const [first] = self.results
  const step = first && historyOf(first.value)
  const [tensor] = step ? tensorsIn([...step.args, ...step.kwargs.values()]) : []
  return tensor ? shapeTuple(tensor.shape) : new PyUnknown('this shape is not known')
})

layerMethod('compute_output_shape', (run, self, [shape]) => {
  let result: PyValue = new PyUnknown('this shape is not known')
  aside(run, given => {
    const [out] = tensorsIn([invoke(run, self, [given(shape ?? null)], new Map())])
    if (out) result = shapeTuple(out.shape)
  })
  return result
})
layerMethod('get_config', (_, self) => {
  const config = dict()
  config.entries.set('sname', ['name', self.name])
  config.entries.set('strainable', ['trainable', self.trainable])
  for (const [name, value] of self.given) config.entries.set(`s${name}`, [name, value])
  return config
})
for (const name of [
  'add_loss',
  'add_metric',
  'add_update',
  'set_weights',
  'reset_states',
  'adapt',
  'load_own_variables',
])
  layerMethod(name, () => null)
layerMethod('get_weights', (run, self) => weightsBelow(run, self, () => true))
layerMethod('compute_mask', () => null)
