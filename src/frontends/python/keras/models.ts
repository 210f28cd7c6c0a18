import { formatShape } from '../../../core/shape'
import { allocate } from '../interpreter/call'
import { PyError } from '../interpreter/errors'
import { type Run, raise, refuse } from '../interpreter/run'
import { floatText } from '../interpreter/text'
import { isSubclass, list, native, nativeClass, tuple, typeOf } from '../interpreter/types'
import {
  asInt,
  asString,
  isUnknown,
  type Kwargs,
  PyDict,
  PyFloat,
  PyList,
  PyObject,
  PyTuple,
  PyUnknown,
  type PyValue,
} from '../interpreter/values'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { tensorsIn } from '../torch/values'
import { callLayer } from './call'
import { inDepthOrder } from './depths'
import { historyOf, recordInput, replay, sourceInputs, stepsBetween } from './history'
import { invoke, layerClass, nativeCalls, PyLayer, tellRoot } from './layer'
import {
  aside,
  declare,
  imageDataFormat,
  initializeLayer,
  inputOf,
  layerMethod,
  layerProperty,
  layersBelow,
  outputOf,
} from './layerMethods'
import { autoName } from './names'
import { batched, shapeOf, shapeTuple } from './shapes'

/** keras.Model, and what it is where it stands between tensors. */
export const modelClass = nativeClass('Model', [layerClass], 'keras')
export const functionalClass = nativeClass('Functional', [modelClass], 'keras')
export const sequentialClass = nativeClass('Sequential', [modelClass], 'keras')

/** A layer that gives the tensor of an input. */
export const inputLayerClass = nativeClass('InputLayer', [layerClass], 'keras.layers')

const INPUT = ['shape', 'batch_size', 'dtype', 'sparse', 'batch_shape', 'name', 'tensor', 'optional']

layerMethod(
  '__init__',
  (run, self, args, kwargs) => {
    const given = new Map(kwargs)
    args.forEach((value, i) => {
      if (INPUT[i]) given.set(INPUT[i], value)
    })
    initializeLayer(run, self, given)
    const whole = given.get('batch_shape') ?? given.get('batch_input_shape')
    declare(self, whole, given.get('shape') ?? given.get('input_shape'))
    wholeSizes(whole ?? given.get('shape') ?? null)
    return null
  },
  inputLayerClass,
)

/** Sizes are whole numbers or None (backend/common/variables.py, standardize_shape). */
function wholeSizes(shape: PyValue): void {
  const items = shape instanceof PyTuple || shape instanceof PyList ? shape.items : []
  const wrong = items.find(size => size instanceof PyFloat || asString(size) !== null || (asInt(size) ?? 0) < 0)
  if (wrong === undefined) return
  const got = wrong instanceof PyFloat ? `the float ${floatText(wrong.value)}` : (asString(wrong) ?? asInt(wrong))
  refuse('ValueError', 'Cannot convert this to a shape.', {
    code: 'bad-argument',
    message: () => `Input expects whole sizes of at least 0 in its shape and gets ${got}.`,
  })
}

/** `keras.Input(shape=…)`: a tensor with the batch in front. */
export const inputFunction = native('Input', (run, args, kwargs) => {
  const given = new Map(kwargs)
  const names = ['shape', 'batch_size', 'name', 'dtype', 'sparse', 'tensor', 'ragged', 'type_spec', 'batch_shape']
  args.forEach((value, i) => {
    if (names[i]) given.set(names[i], value)
  })
  const tensor = given.get('tensor')
  if (tensor instanceof PyTensor) return tensor
  const layer = allocate(run, inputLayerClass) as PyLayer
  // A builder that is called without the shape that it passes on is for pictures of any size.
  if (given.get('shape') === null && run.frame.kind === 'function') {
    const first = imageDataFormat(run) === 'channels_first'
    given.set('shape', tuple(first ? [3, null, null] : [null, null, 3]))
  }
  const shape = given.get('shape') ?? null
  if (typeof shape === 'number' || (shape === null && !given.has('batch_shape') && !given.has('type_spec')))
    refuse('ValueError', 'You must pass a `shape` argument.', {
      code: 'bad-argument',
      message: () =>
        shape === null
          ? 'Input expects shape and does not get it.'
          : `Input expects shape to be a tuple and gets ${shape}: (${shape},).`,
    })
  run.call(inputLayerClass.dict.get('__init__')!, [layer], new Map([...given].filter(([name]) => INPUT.includes(name))))
  return inputTensor(run, layer)
})

/** The tensor that an InputLayer gives, made once. */
function inputTensor(run: Run, layer: PyLayer): PyTensor {
  const known = layer.results[0]
  if (known) return known
  const { builder } = traceOf(run)
  const value = builder.placeholder(layer.declared === null ? null : batched(layer.declared), layer.name)
  const tensor = new PyTensor(value, layer.declaredType)
  tensor.open = layer.declaredOpen
  layer.results = [tensor]
  recordInput(run, layer, tensor)
  return tensor
}

layerMethod(
  '__init__',
  (run, self, args, kwargs) => {
    const [first, second] = args
    const inputs = kwargs.get('inputs') ?? kwargs.get('input') ?? (isStructure(first) ? first : undefined)
    const outputs = kwargs.get('outputs') ?? kwargs.get('output') ?? (inputs === first ? second : first)
    // A model between tensors is a Functional before it has a name (Model.__new__).
    if (inputs !== undefined && outputs !== undefined && self.cls === modelClass) self.cls = functionalClass
    initializeLayer(run, self, new Map([...kwargs].filter(([name]) => name === 'name' || name === 'trainable')))
    if (inputs !== undefined && outputs !== undefined) makeFunctional(self, inputs, outputs)
    else if (inputs === undefined && args.length > 0 && isUnknown(args[0]!)) self.unknownParts.push(args[0].reason)
    return null
  },
  modelClass,
)
const isStructure = (value: PyValue | undefined): boolean =>
  value !== undefined && (isUnknown(value) || tensorsIn([value]).length > 0)

/** The first value of a structure that is not known. */
function unknownIn(value: PyValue): PyUnknown | null {
  if (isUnknown(value)) return value
  const parts =
    value instanceof PyDict
      ? [...value.entries.values()].map(([, item]) => item)
      : value instanceof PyList || value instanceof PyTuple
        ? value.items
        : []
  for (const part of parts) {
    const found = unknownIn(part)
    if (found) return found
  }
  return null
}

/** Keras goes through a dict by its sorted keys (optree), whatever order they were given in. */
function inKeyOrder(value: PyValue): PyValue {
  if (!(value instanceof PyDict)) return value
  const sorted = new PyDict(value.cls)
  const entries = [...value.entries].map(([key, entry]) => ({ key, entry, name: asString(entry[0]) ?? '' }))
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  for (const { key, entry } of entries) sorted.entries.set(key, entry)
  return sorted
}

/** Makes a model of what stands between tensors, with the errors of keras.src.models.Functional. */
function makeFunctional(self: PyLayer, inputs: PyValue, outputs: PyValue): void {
  const lost = unknownIn(inputs) ?? unknownIn(outputs)
  if (lost) {
    self.unknownParts.push(lost.reason)
    if (isUnknown(inputs) || tensorsIn([outputs]).length === 0) return
  }
  if (tensorsIn([outputs]).length === 0)
    refuse('ValueError', 'All `outputs` values must be KerasTensors.', {
      code: 'bad-argument',
      message: who => `${who} expects outputs to be tensors and gets ${what(outputs)}.`,
    })
  const steps = stepsBetween(tensorsIn([inputs]), tensorsIn([outputs]))
  self.functional = { inputs: inKeyOrder(inputs), outputs: inKeyOrder(outputs), steps }
  const names = new Map<string, PyLayer>()
  for (const step of steps) {
    if (!('frame' in step)) continue
    const { layer } = step
    const known = names.get(layer.name)
    if (known && known !== layer)
      refuse('ValueError', `The name "${layer.name}" is used 2 times in the model.`, {
        code: 'bad-argument',
        message: () => `The name ${layer.name} is given to 2 layers of the model; names must differ.`,
      })
    names.set(layer.name, layer)
    self.modules.set(layer.name, layer)
  }
  self.built = true
}

/**
 * The model that stands between tensors which a function returns, `return img_input, [f1, f2]`, and the inputs that they
 * hang on; null where it returns none of a definition.
 */
export function modelBetween(run: Run, value: PyValue): PyLayer | null {
  const all = tensorsIn([value])
  const sources = [...new Set(all.flatMap(sourceInputs))]
  const inputs = sources.flatMap(source => historyOf(source)?.layer.results[0] ?? [])
  const outputs = all.filter(tensor => !sources.includes(tensor.value))
  if (inputs.length === 0 || outputs.length === 0) return null
  const model = allocate(run, functionalClass) as PyLayer
  initializeLayer(run, model, new Map())
  makeFunctional(model, list([...inputs]), list([...outputs]))
  return model
}

function what(value: PyValue): string {
  if (value instanceof PyLayer) return `the layer ${value.cls.name} itself`
  return value === null ? 'None' : `a ${typeOf(value).name}`
}

layerMethod('call', runModel, modelClass)
nativeCalls.set(functionalClass, runModel)
nativeCalls.set(sequentialClass, runModel)
nativeCalls.set(modelClass, runModel)

function runModel(run: Run, self: PyLayer, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  const given = args.length === 1 ? args[0]! : args.length === 0 ? (kwargs.get('inputs') ?? null) : list([...args])
  checkCall(run, self, tensorsIn([given]))
  if (self.stack) return runStack(run, self, given)
  if (self.functional) {
    const inputs = tensorsIn([self.functional.inputs])
    return replay(run, self.functional, inOrder(inputs, given), listenerOf(run))
  }
  for (const reason of self.unknownParts.slice(0, 1)) return new PyUnknown(reason)
  return raise('NotImplementedError', `Model ${self.cls.name} does not have a \`call()\` method implemented.`)
}

/** The tensors that a model is called with in the order of its inputs: a dict names them. */
function inOrder(inputs: readonly PyTensor[], given: PyValue): PyTensor[] {
  if (!(given instanceof PyDict)) return tensorsIn([given])
  const byName = new Map([...given.entries.values()].map(([name, value]) => [asString(name), value]))
  const named = inputs.map(t => byName.get(historyOf(t.value)?.layer.name ?? t.value.name))
  return named.every(v => v instanceof PyTensor) ? (named as PyTensor[]) : tensorsIn([given])
}

const LISTENER = Symbol('keras replay')
type ReplayListener = Parameters<typeof replay>[3]
/** Told what tensors of a definition become where the outermost model is drawn. */
export const onReplay = (run: Run, listener: NonNullable<ReplayListener>): void =>
  void run.state.set(LISTENER, listener)
const listenerOf = (run: Run): ReplayListener =>
  traceOf(run).path.length === 1 ? (run.state.get(LISTENER) as ReplayListener) : undefined

/** Calls the layers of a Sequential one after the other; each is called where it is written. */
function runStack(run: Run, self: PyLayer, given: PyValue): PyValue {
  let value = given
  nameInput(run, self)
  buildAsDeclared(run, self, given)
  for (const layer of self.stack!) {
    run.budget.step()
    if (layer instanceof PyUnknown) value = run.call(layer, [value])
    else if (layer.cls !== inputLayerClass) value = invoke(run, layer, [value], new Map(), layer.site)
  }
  return value
}

/** A Sequential without an InputLayer makes one when it is built, or gets it with a layer that has an input_shape. */
function nameInput(run: Run, self: PyLayer): void {
  const [first] = self.stack ?? []
  if (!(first instanceof PyLayer) || first.cls === inputLayerClass || named.has(self)) return
  named.add(self)
  autoName(run, inputLayerClass.name)
  if (!first.declared) autoName(run, functionalClass.name)
}
/** A Sequential that knows its input is a Functional within, made anew with every layer that it gets. */
function nameWithin(run: Run, self: PyLayer): void {
  const [first, second] = self.stack ?? []
  if (!(first instanceof PyLayer)) return
  if (first.cls === inputLayerClass ? second !== undefined : first.declared) autoName(run, functionalClass.name)
}
const named = new WeakSet<PyLayer>()

/** Keras builds a Sequential for the input that it declares: what it is called with may be another. */
function buildAsDeclared(run: Run, self: PyLayer, given: PyValue): void {
  const [declared] = self.functional ? [] : (declaredInputs(self) ?? [])
  if (self.built || !declared) return
  const shape = given instanceof PyTensor ? given.shape?.slice(1) : undefined
  const same = (size: number | null, i: number): boolean => size === null || shape?.[i] === size
  if (shape?.length === declared.shape.length && declared.shape.every(same)) return
  self.built = true
  aside(run, tensor => runStack(run, self, tensor(tuple([null, ...declared.shape]))))
}

layerMethod(
  '__init__',
  (run, self, args, kwargs) => {
    const given = kwargs.get('layers') ?? args[0] ?? null
    const name = kwargs.get('name') ?? args[1]
    initializeLayer(run, self, new Map(name === undefined ? [] : [['name', name]]))
    self.stack = []
    if (isUnknown(given)) self.unknownParts.push(given.reason)
    else if (given instanceof PyLayer || given instanceof PyTensor) addTo(run, self, given)
    else if (given !== null) for (const layer of itemsOf(given)) addTo(run, self, layer)
    nameWithin(run, self)
    return null
  },
  sequentialClass,
)
const itemsOf = (value: PyValue): readonly PyValue[] =>
  value instanceof PyList || (value !== null && typeof value === 'object' && 'items' in value)
    ? (value.items as readonly PyValue[])
    : []

layerMethod(
  'add',
  (run, self, [layer], kwargs) => {
    addTo(run, self, layer ?? kwargs.get('layer') ?? null)
    nameWithin(run, self)
    return null
  },
  sequentialClass,
)
layerMethod(
  'pop',
  (run, self) => {
    const last = self.stack?.pop()
    if (last instanceof PyLayer) self.modules.delete(last.name)
    self.functional = null
    nameWithin(run, self)
    return last ?? null
  },
  sequentialClass,
)

/** keras.src.models.Sequential.add, with its errors. */
function addTo(run: Run, self: PyLayer, given: PyValue): void {
  self.stack ??= []
  self.functional = null
  if (given instanceof PyTensor) {
    const input = historyOf(given.value)?.layer
    if (input?.cls === inputLayerClass) {
      self.stack.push(input)
      return
    }
  }
  if (isUnknown(given)) {
    self.stack.push(given)
    self.modules.set(`layer${self.stack.length}`, given)
    return
  }
  if (!(given instanceof PyLayer))
    refuse('ValueError', 'Only instances of `keras.Layer` can be added to a Sequential model.', {
      code: 'bad-argument',
      message: () =>
        given instanceof PyTensor
          ? 'Sequential expects layers and gets a tensor: leave out the call.'
          : `Sequential expects layers and gets ${given === null ? 'None' : `a ${typeOf(given).name}`}.`,
    })
  const known = self.modules.get(given.name)
  if (known)
    refuse('ValueError', `All layers added to a Sequential model should have unique names.`, {
      code: 'bad-argument',
      message: () => `Sequential has a layer named ${given.name} already; names must differ.`,
    })
  if (run.guess && !self.unknownParts.includes(run.guess.reason)) self.unknownParts.push(run.guess.reason)
  self.stack.push(given)
  if (given.declared) nameInput(run, self)
  if (given.cls !== inputLayerClass) self.modules.set(given.name, given)
}

/** The inputs that a model declares, without the batch; null where it declares none. */
export function declaredInputs(self: PyLayer): DeclaredInput[] | null {
  const numbers = (shape: readonly unknown[]): (number | null)[] => shape.map(d => (typeof d === 'number' ? d : null))
  if (self.functional) {
    const tensors = tensorsIn([self.functional.inputs])
    if (tensors.some(t => t.shape === null)) return null
    return tensors.map((t, i) => ({
      name: historyOf(t.value)?.layer.name || `input${i}`,
      shape: numbers(t.shape!.slice(1)),
      type: t.dtype,
      open: t.open,
      batch: historyOf(t.value)?.layer.declaredBatch ?? null,
    }))
  }
  const [first] = self.stack ?? []
  if (first instanceof PyLayer) {
    const { declared, declaredType: type, declaredOpen: open, declaredBatch: batch } = first
    if (declared) return [{ name: 'input', shape: numbers(declared), type, open, batch }]
    return declaredInputs(first)
  }
  return null
}

interface DeclaredInput {
  readonly name: string
  readonly shape: readonly (number | null)[]
  readonly type: string
  /** The program leaves some of its sizes open, as None. */
  readonly open: boolean
  readonly batch: number | null
}

/** A Sequential with a known input as a model between tensors: `model.output`, `model.layers[3].output`. */
export function symbolic(run: Run, self: PyLayer): void {
  if (!self.stack || self.functional) return
  const [declared] = declaredInputs(self) ?? []
  if (!declared) return
  const [first] = self.stack
  const input =
    first instanceof PyLayer && first.cls === inputLayerClass ? first : (allocate(run, inputLayerClass) as PyLayer)
  if (input.name === '') {
    input.name = 'input_layer'
    input.declared = declared.shape
    input.declaredOpen = declared.open
    input.declaredType = declared.type
  }
  const tensor = inputTensor(run, input)
  let value: PyValue = tensor
  for (const layer of self.stack) {
    if (layer instanceof PyUnknown) value = run.call(layer, [value])
    else if (layer.cls !== inputLayerClass) value = callLayer(run, layer, [value], new Map(), layer.site)
  }
  const outputs = tensorsIn([value])
  if (outputs.length > 0) self.functional = { inputs: tensor, outputs: value, steps: stepsBetween([tensor], outputs) }
}

const layersOf = (run: Run, self: PyLayer): PyValue[] => {
  if (self.stack) return self.stack.filter(l => l instanceof PyUnknown || l.cls !== inputLayerClass)
  if (self.functional) {
    const { inputs, outputs } = self.functional
    const own = new Set(self.modules.values())
    const ordered = inDepthOrder(tensorsIn([inputs]), tensorsIn([outputs]))
    return ordered.filter(layer => layer.cls === inputLayerClass || own.has(layer))
  }
  void [...layersBelow(self)]
  void run
  return [...self.modules.values()].filter(v => v instanceof PyLayer)
}

layerProperty('layers', (run, self) => list(layersOf(run, self)), null, modelClass)
layerMethod(
  'get_layer',
  (run, self, args, kwargs) => {
    if (self.stack) symbolic(run, self)
    const layers = layersOf(run, self)
    const asked = kwargs.get('name') ?? args[0] ?? null
    const index = asInt(kwargs.get('index') ?? args[1] ?? null)
    if (index !== null) return layers.at(index) ?? raise('ValueError', `Was asked to retrieve layer at index ${index}`)
    if (isUnknown(asked)) return new PyUnknown(asked.reason)
    const name = asString(asked)
    const found = layers.find(l => l instanceof PyLayer && l.name === name)
    if (found) return found
    const lost = layers.find(isUnknown)
    if (lost) return new PyUnknown(lost.reason)
    return refuse('ValueError', `No such layer: ${name}.`, {
      code: 'unknown-name',
      message: () => `${self.name} has no layer named ${name}.`,
    })
  },
  modelClass,
)

type Getter = (run: Run, self: PyLayer) => PyValue
const ENDS = { input: inputOf, output: outputOf }

const side = (run: Run, self: PyLayer, which: 'inputs' | 'outputs', many: boolean): PyValue => {
  symbolic(run, self)
  if (!self.functional)
    return self.unknownParts.length > 0 || !self.stack
      ? new PyUnknown(`the ${which} of ${self.name} are not known`)
      : raise(
          'AttributeError',
          `The layer ${self.name} has never been called and thus has no defined ${which.slice(0, -1)}.`,
        )
  const value = self.functional[which]
  if (!many) return value instanceof PyList && value.items.length === 1 ? value.items[0]! : value
  return value instanceof PyTensor ? list([value]) : value
}
for (const name of ['input', 'output'] as const) {
  // A Sequential that was called gives what that call took and gave, as any layer does.
  const one: Getter = (run, self) =>
    self.stack && self.results.length > 0 ? ENDS[name](self) : side(run, self, `${name}s`, false)
  layerProperty(name, one, null, modelClass)
  layerProperty(`${name}s`, (run, self) => side(run, self, `${name}s`, true), null, modelClass)
  layerProperty(
    `${name}_shape`,
    (run, self) => {
      const tensors = tensorsIn([side(run, self, `${name}s`, false)])
      const shapes = tensors.map(t => shapeTuple(t.shape))
      return shapes.length === 1
        ? shapes[0]!
        : shapes.length === 0
          ? new PyUnknown('this shape is not known')
          : tuple(shapes)
    },
    null,
    modelClass,
  )
}

layerMethod(
  'build',
  (run, self, [given], kwargs) => {
    const shape = shapeOf(given ?? kwargs.get('input_shape'))
    if (shape === null || self.functional) return null
    if (self.stack) {
      const [first] = self.stack
      if (first instanceof PyLayer && !first.declared) declare(first, given ?? kwargs.get('input_shape'), undefined)
      return null
    }
    const { builder } = traceOf(run)
    tellRoot(run, self, [new PyTensor(builder.given([null, ...shape.slice(1)]))])
    return null
  },
  modelClass,
)

const QUIET = `compile fit fit_generator evaluate predict summary save save_weights load_weights export to_json train_on_batch test_on_batch
  predict_on_batch reset_metrics compute_loss compute_metrics make_predict_function make_train_function evaluate_generator get_compile_config
  jit_compile stop_training reset_states set_state_tree`
for (const name of QUIET.split(/\s+/))
  layerMethod(
    name,
    (run, self, args, kwargs) => {
      if (name === 'compile' || name.startsWith('fit')) self.compiled = true
      fillCallbacks(kwargs.get('callbacks') ?? null)
      tellInputs(run, self, name, args)
      return name === 'compile' || name === 'summary' ? null : new PyUnknown(`${name} is not run`, true)
    },
    modelClass,
  )

/** Callbacks of the program keep what they see of the training in lists. */
function fillCallbacks(callbacks: PyValue): void {
  const items = callbacks instanceof PyList || callbacks instanceof PyTuple ? callbacks.items : [callbacks]
  for (const item of items)
    if (item instanceof PyObject)
      for (const kept of item.attrs?.values() ?? [])
        if (kept instanceof PyList || kept instanceof PyDict) kept.lose('what training leaves here is not known')
}

/** `model.predict(x)` and `model.fit(x, y)` say what a model takes. */
function tellInputs(run: Run, self: PyLayer, method: string, args: readonly PyValue[]): void {
  if (!/^(?:fit|predict|evaluate|train|test)/.test(method)) return
  const [first] = args
  if (first !== undefined) checkInputs(self, method, tensorsIn([first]))
  if (first !== undefined && tensorsIn([first]).length > 0) tellRoot(run, self, [first])
}

/**
 * What a model is called with in another definition must fit its inputs (models/functional.py, input_spec). Keras 2 only
 * warns of other sizes, and draws on.
 */
function checkCall(run: Run, self: PyLayer, given: readonly PyTensor[]): void {
  const trace = traceOf(run)
  if (trace.path.length !== 1 || run.frame.module.file === null || !given.some(t => historyOf(t.value))) return
  const declared = declaredInputs(self)
  if (declared && declared.length !== given.length && given.every(t => t.shape !== null))
    refuse('ValueError', `Layer "${self.name}" expects ${declared.length} input(s), but it received ${given.length}.`, {
      code: 'bad-argument',
      message: () =>
        `${self.name} expects ${declared.length} input${declared.length === 1 ? '' : 's'} and gets ${given.length}.`,
    })
  try {
    checkInputs(self, self.name, given)
  } catch (error) {
    if (!(error instanceof PyError && error.refusal && self.ofTensorflow)) throw error
    if (!trace.certain()) return
    const message = `${error.refusal.message(self.name).slice(0, -1)}: Keras 3 refuses it, Keras 2 goes on.`
    trace.builder.problem({ code: error.refusal.code, severity: 'warning', span: run.frame.at, message })
  }
}

/** Data must fit the inputs of a model, but for a last axis of 1 (models/functional.py, _adjust_input_rank). */
function checkInputs(self: PyLayer, method: string, given: readonly PyTensor[]): void {
  const declared = declaredInputs(self) ?? []
  if (declared.length !== given.length) return
  declared.forEach(({ shape }, i) => {
    const whole = given[i]!.shape
    if (!whole?.slice(1).every(size => typeof size === 'number')) return
    const sizes = whole.slice(1)
    if (sizes.length === shape.length + 1 && sizes.at(-1) === 1) sizes.pop()
    else if (sizes.length + 1 === shape.length && shape.at(-1) === 1) sizes.push(1)
    // A last axis of 1 is not compared: what stands there is told by the layer that gets it.
    const compared = sizes.at(-1) === 1 || shape.at(-1) === 1 ? shape.length - 1 : shape.length
    const fits =
      sizes.length === shape.length && shape.every((size, at) => at >= compared || size === null || sizes[at] === size)
    if (!fits)
      refuse('ValueError', `Input ${i} of layer "${self.name}" is incompatible with the layer`, {
        code: 'shape-mismatch',
        message: () => `${method} expects ${formatShape(batched(shape))} and gets ${formatShape(whole)}.`,
      })
  })
}

/** A model of Keras that can be called: one between tensors, a Sequential, or one that says what its call does. */
export const isNetwork = (layer: PyLayer): boolean =>
  isSubclass(layer.cls, modelClass) &&
  (layer.functional !== null ||
    layer.stack !== null ||
    layer.unknownParts.length > 0 ||
    layer.cls.mro.some(c => !c.native && c.dict.has('call')))
