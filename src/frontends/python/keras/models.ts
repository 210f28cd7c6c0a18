import { formatShape } from '../../../core/shape'
import { PyError } from '../interpreter/errors'
import { type Run, raise, refuse } from '../interpreter/run'
import { list, tuple } from '../interpreter/types'
import {
  asInt,
  asString,
  isUnknown,
  type Kwargs,
  PyDict,
  PyList,
  PyObject,
  PyTuple,
  PyUnknown,
  type PyValue,
} from '../interpreter/values'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { tensorsIn } from '../torch/values'
import { inDepthOrder } from './depths'
import { inOrder, listenerOf } from './functional'
import { historyOf, replay } from './history'
import { inputLayerClass } from './input'
import { nativeCalls, PyLayer, tellRoot } from './layer'
import { declare, inputOf, layerMethod, layerProperty, layersBelow, outputOf } from './layerMethods'
import { declaredInputs, functionalClass, modelClass, sequentialClass } from './modelClasses'
import { runStack, symbolic } from './sequential'
import { batched, shapeOf, shapeTuple } from './shapes'

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
