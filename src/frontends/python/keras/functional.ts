import { allocate } from '../interpreter/call'
import { type Run, refuse } from '../interpreter/run'
import { list, typeOf } from '../interpreter/types'
import { asString, isUnknown, PyDict, PyList, PyTuple, type PyUnknown, type PyValue } from '../interpreter/values'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { tensorsIn } from '../torch/values'
import { historyOf, type replay, sourceInputs, stepsBetween } from './history'
import { PyLayer } from './layer'
import { initializeLayer, layerMethod } from './layerMethods'
import { functionalClass, modelClass } from './modelClasses'

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

/** The tensors that a model is called with in the order of its inputs: a dict names them. */
export function inOrder(inputs: readonly PyTensor[], given: PyValue): PyTensor[] {
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
export const listenerOf = (run: Run): ReplayListener =>
  traceOf(run).path.length === 1 ? (run.state.get(LISTENER) as ReplayListener) : undefined
