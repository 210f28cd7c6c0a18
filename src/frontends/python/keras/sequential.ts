import { allocate } from '../interpreter/call'
import { type Run, refuse } from '../interpreter/run'
import { tuple, typeOf } from '../interpreter/types'
import { isUnknown, PyList, PyUnknown, type PyValue } from '../interpreter/values'
import { PyTensor } from '../torch/tensor'
import { tensorsIn } from '../torch/values'
import { callLayer } from './call'
import { historyOf, stepsBetween } from './history'
import { inputLayerClass, inputTensor } from './input'
import { invoke, PyLayer } from './layer'
import { aside, initializeLayer, layerMethod } from './layerMethods'
import { declaredInputs, functionalClass, sequentialClass } from './modelClasses'
import { autoName } from './names'

/** Calls the layers of a Sequential one after the other; each is called where it is written. */
export function runStack(run: Run, self: PyLayer, given: PyValue): PyValue {
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
