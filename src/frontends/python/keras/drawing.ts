import type { Dim } from '../../../core/dim'
import type { Graph, GraphBuilder, Node, Origin, Site, Value } from '../../../core/graph'
import type { InputShape } from '../../frontend'
import type { Run } from '../interpreter/run'
import { isSubclass, lookup, tuple } from '../interpreter/types'
import { asInt, PyClass, PyFunction, PyList, PyTuple, type PyValue } from '../interpreter/values'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { tensorsIn } from '../torch/values'
import { onReplay } from './functional'
import { historyOf } from './history'
import { type FunctionalGraph, layerClass, nativeCalls, PyLayer } from './layer'
import { layersBelow, registerAll } from './layerMethods'
import { declaredInputs } from './modelClasses'
import { uniqueIds } from './names'
import { batched, shapeOf } from './shapes'

/** What a model of Keras is called with, where the text names nothing else. */
interface KerasInputs {
  readonly inputs: readonly InputShape[]
  readonly dtypes: readonly (string | undefined)[]
  readonly assumed: boolean
  /** Parameters of the program's own `call` that nothing is known for. */
  readonly missing: readonly string[]
}

/**
 * By option or directive, as the model declares it (keras.Input, input_shape), by use in the file, else what its first
 * layer usually gets. Sizes that a declaration leaves open are filled in and said to be assumed.
 */
export function kerasInputs(
  model: PyLayer,
  asked: readonly InputShape[],
  used: readonly (readonly (number | null)[])[] | undefined,
  asDeclared = false,
): KerasInputs {
  const declared = declaredInputs(model)
  const names = declared?.map(d => d.name) ?? callParameters(model)
  const dtypes = declared?.map(d => d.type) ?? []
  const named = (shapes: readonly InputShape[]): InputShape[] =>
    shapes.map(({ name, shape }, i) => ({ name: name ?? names[i] ?? `input${i}`, shape }))
  if (asked.length > 0) {
    const byName = names.map(n => asked.find(i => i.name === n)).filter(i => i !== undefined)
    return { inputs: named(byName.length === asked.length ? byName : asked), dtypes, assumed: false, missing: [] }
  }
  const known: readonly (readonly (number | null)[])[] | null =
    declared?.map(({ shape }) => shape) ?? (used?.length ? null : firstCall(model))
  if (known) {
    const shapes = asDeclared ? known : known.map(filled)
    const assumed = known.some((shape, i) => shape.some((size, axis) => size !== shapes[i]![axis]))
    return { inputs: named(shapes.map(shape => ({ shape }))), dtypes, assumed, missing: [] }
  }
  const missing = names.slice(used && used.length > 0 ? used.length : 1)
  if (used && used.length > 0) return { inputs: named(used.map(shape => ({ shape }))), dtypes, assumed: false, missing }
  const likely = statedShape(model) ?? likelyShape(model)
  return likely
    ? { inputs: named([{ shape: likely.shape }]), dtypes: [likely.dtype], assumed: true, missing }
    : { inputs: [], dtypes: [], assumed: true, missing: names }
}

/** The shapes, without the batch, of what a model that declares no input is called with first in another definition. */
function firstCall({ results: [first] }: PyLayer): (number | null)[][] | null {
  const shapes = (first && historyOf(first.value)?.inputs.map(t => t.shape)) ?? []
  if (shapes.length === 0 || shapes.includes(null)) return null
  return shapes.map(shape => shape!.slice(1).map(size => (typeof size === 'number' ? size : null)))
}

/** Images of open size are taken as 224 squared; other sizes stay open. */
function filled(shape: readonly (number | null)[]): Dim[] {
  const [a, b, c] = shape
  if (shape.length === 3 && a === null && b === null) return [224, 224, c ?? null]
  if (shape.length === 3 && b === null && c === null) return [a ?? null, 224, 224]
  return [...shape]
}

/** The parameters of the program's own `call` that must be given. */
function callParameters(model: PyLayer): string[] {
  const call = lookup(model.cls, 'call')
  if (!(call instanceof PyFunction) || call.definition.kind !== 'FunctionDef') return ['inputs']
  const { positionalOnly, positional } = call.definition.parameters
  // Keras itself gives these, where the program does not.
  const required = [...positionalOnly, ...positional].slice(1).filter(p => !p.default && !FILLED_IN.has(p.name))
  const first = positional[1]
  return required.length > 0 ? required.map(p => p.name) : [first?.name ?? 'inputs']
}

const FILLED_IN = new Set(['training', 'mask'])

/** The picture that a model says it is for, in an attribute of its own: `self.in_size = (32, 32)`. */
function statedShape(model: PyLayer): { shape: Dim[]; dtype?: string } | null {
  const likely = likelyShape(model)
  if (likely?.shape.length !== 3) return null
  for (const name of SIZES) {
    const value = model.attrs?.get(name) ?? null
    const [size, given] = [asInt(value), shapeOf(value)]
    const [height, width] = size === null ? (given ?? []) : [size, size]
    if (typeof height !== 'number' || typeof width !== 'number' || height < 1 || width < 1) continue
    if (given?.length === 3) return { shape: given }
    const first = likely.shape[0] === 3
    return { shape: first ? [3, height, width] : [height, width, likely.shape[2] ?? 3] }
  }
  return null
}
const SIZES = ['in_size', 'input_size', 'img_size', 'image_size', 'img_shape', 'image_shape']

/** What the first layer with a rank usually gets; channels are those of a color image. */
function likelyShape(model: PyLayer): { shape: Dim[]; dtype?: string } | null {
  for (const layer of layersBelow(model)) {
    const declared = declaredInputs(layer)?.[0]?.shape ?? layer.declared
    if (declared && layer !== model) return { shape: [...declared] }
    if (layer.kind?.name === 'Embedding') return { shape: [128], dtype: 'int64' }
    if (layer.kind?.name === 'Dense') return { shape: [null] }
    const rank = layer.kind?.rank
    if (rank === 3) return { shape: [128, null] }
    if (rank === 4) return { shape: layer.config.data_format === 'channels_first' ? [3, 224, 224] : [224, 224, 3] }
    if (rank === 5) return { shape: [16, 112, 112, 3] }
    if (layer.kind?.name === 'Flatten' || layer.kind?.name === 'Rescaling') return { shape: [224, 224, 3] }
  }
  return null
}

/**
 * The drawing of a model between tensors, where its definition drew it already: with the inputs that are asked for, and
 * with nothing else beside it, nothing that is wrong, and no layer that has been changed since. Null where it has to be
 * drawn anew. `drawn` are the graphs that the program has drawn outside any model.
 */
export function asDefined(
  { functional, cls }: PyLayer,
  asked: readonly InputShape[],
  drawn: readonly Graph[],
): DefinedDrawing | null {
  if (!functional || !nativeCalls.has(cls)) return null
  const inputs = tensorsIn([functional.inputs])
  const outputs = tensorsIn([functional.outputs])
  const fit = ({ value }: PyTensor, i: number): boolean => {
    const { name, shape } = asked[i]!
    const whole = batched(shape)
    return value.name === name && value.shape?.length === whole.length && value.shape.every((d, at) => d === whole[at])
  }
  if (inputs.length !== asked.length || !inputs.every(fit)) return null
  const last = outputs[0]?.value.producer
  const graph = drawn.find(({ nodes }) => last && nodes[last.id] === last)
  if (!graph || graph.problems.length > 0 || graph.stopped !== null) return null
  const values = inputs.map(t => t.value)
  const results = outputs.map(t => t.value)
  if (!makesUp(graph, values, results)) return null
  const plain = (step: FunctionalGraph['steps'][number]): boolean =>
    !('frame' in step) || (step.layer.recipes !== null && step.layer.trainable && !step.layer.returned && !step.passed)
  return functional.steps.every(plain) ? { graph, inputs: values, outputs: results } : null
}

interface DefinedDrawing {
  readonly graph: Graph
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
}

/** Whether the calls of a graph are just those that lead from the inputs to the outputs, all of them understood. */
function makesUp({ nodes }: Graph, inputs: readonly Value[], outputs: readonly Value[]): boolean {
  const found = new Set<Node>()
  const open = [...outputs]
  for (let value = open.pop(); value; value = open.pop()) {
    const { producer } = value
    if (!producer) {
      if (value.reach !== null && !inputs.includes(value)) return false
      continue
    }
    if (found.has(producer)) continue
    if (producer.unknown !== null || nodes[producer.id] !== producer) return false
    found.add(producer)
    for (const input of producer.inputs) open.push(input)
  }
  return found.size === nodes.length
}

/** Several inputs are one list where the model's `call` takes one argument. */
export function kerasArguments(
  model: PyLayer,
  tensors: readonly PyTensor[],
  list: (items: PyValue[]) => PyValue,
): PyValue[] {
  const one = model.functional !== null || model.stack !== null || callParameters(model).length === 1
  return one && tensors.length > 1 ? [list([...tensors])] : [...tensors]
}

/** Gives every layer its path in the model, before and after it is drawn. */
export function nameLayers(model: PyLayer): void {
  registerAll(model)
}

/** The layers that a layer of ours declared at its first call, counted as the model's, under the path that it has now. */
export function adoptParts(builder: GraphBuilder, layer: PyLayer, site: Site, path: string): void {
  for (const [part, known] of layer.parts) {
    const origin: Origin = { ...known.origin, site, path: part ? `${path}.${part}` : path }
    ;(known as { origin: Origin }).origin = origin
    builder.adopt(known)
  }
}

/** Whether something is made with Keras: one of its models or layers, or a class of them. */
export const isKerasMade = (value: PyValue | undefined): boolean =>
  value instanceof PyLayer || (value instanceof PyClass && isSubclass(value, layerClass))

/** Whether a name is bound to tensors of a definition: outside any call, in a program that made layers of Keras. */
export const isDefining = (run: Run, value: PyValue): boolean =>
  typeof value === 'object' &&
  uniqueIds(run).size > 0 &&
  traceOf(run).path.length === 0 &&
  (value instanceof PyTensor ? !value.constant : tensorsOf(value).some(t => !t.constant))

/** Names bound while a model was defined: they are shown with the shapes of the inputs that the model is drawn with. */
export interface Definitions {
  add(value: PyValue, show: (value: PyValue) => void): void
  /** Shows values of a drawing that stands as it was defined. */
  asDefined(drawing: DefinedDrawing): void
  /** Shows what no model was drawn from, as it was defined. */
  rest(): void
}

/** A name that waits for the tensors that it was bound to: alone, or in a list or tuple. */
interface Waiting {
  readonly value: PyValue
  readonly tensors: readonly PyTensor[]
  readonly show: (value: PyValue) => void
  /** What the tensors have become so far. */
  readonly now: PyTensor[]
  told: boolean
}

export function definitions(run: Run): Definitions {
  const waiting = new Map<Value, Waiting[]>()
  const all: Waiting[] = []
  const become = (from: Value, to: PyTensor): void => {
    const rows = waiting.get(from)
    if (!rows) return
    waiting.delete(from)
    for (const row of rows) {
      const { value, tensors, now } = row
      tensors.forEach((tensor, i) => {
        if (tensor.value === from) now[i] = to
      })
      if (tensors.every((_, i) => now[i])) tell(row, value instanceof PyTensor ? to : tuple(now))
    }
  }
  onReplay(run, become)
  return {
    add(value, show) {
      const tensors = tensorsOf(value)
      if (tensors.length === 0) return
      const row: Waiting = { value, tensors, show, now: [], told: false }
      all.push(row)
      for (const { value: of } of tensors) {
        const rows = waiting.get(of)
        if (!rows) waiting.set(of, [row])
        else if (rows.at(-1) !== row) rows.push(row)
      }
    },
    asDefined({ graph, inputs }) {
      for (const value of waiting.keys()) {
        const { producer } = value
        if (producer ? graph.nodes[producer.id] === producer : inputs.includes(value))
          become(value, new PyTensor(value))
      }
    },
    rest() {
      for (const row of all.splice(0)) tell(row, row.value)
      waiting.clear()
    },
  }
}

function tell(row: Waiting, value: PyValue): void {
  if (!row.told) row.show(value)
  row.told = true
}

const tensorsOf = (value: PyValue): PyTensor[] => {
  if (value instanceof PyTensor) return [value]
  if (!(value instanceof PyTuple || value instanceof PyList) || value.items.length > 64) return []
  return value.items.every(item => item instanceof PyTensor) ? (value.items as PyTensor[]) : []
}
