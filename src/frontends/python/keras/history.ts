import type { Span } from '../../../base/text'
import type { Graph, Node, Value } from '../../../core/graph'
import { formatShape } from '../../../core/shape'
import { NO_KWARGS } from '../interpreter/call'
import { Frame } from '../interpreter/frame'
import { type Run, refuse } from '../interpreter/run'
import { type Kwargs, PyDict, PyList, PyTuple, type PyValue } from '../interpreter/values'
import { beforeIteration } from '../torch/operations/attributes'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { tensorsIn } from '../torch/values'
import { type FunctionalGraph, invoke, type PyLayer } from './layer'

/** A call of a layer outside any other one, as the program made it. */
interface Recorded {
  readonly layer: PyLayer
  readonly args: readonly PyValue[]
  readonly kwargs: Kwargs
  /** Where the program was. */
  readonly frame: Frame
  readonly at: Span
}

export interface Step extends Recorded {
  /** The tensors among its arguments. */
  readonly inputs: readonly PyTensor[]
  /** What it gave then; an InputLayer's tensor is given by nothing. */
  readonly outputs: readonly Value[]
  /** It passed something on, of which a tensor of its own was made. */
  readonly passed: boolean
}

/**
 * What made the tensors of a definition stands in the value itself, as `_keras_history` does: a table beside thousands of
 * short-lived values costs more to keep than to fill. Other ops are read off the graph that they were drawn into.
 */
const STEP = Symbol('keras history')
type Remembered = Value & { [STEP]?: Step | undefined }

/** The layer that gave a tensor, and which of its outputs it is: `_keras_history`. */
export const historyOf = (value: Value): Step | undefined => (value as Remembered)[STEP]
function remember(value: Remembered, step: Step): void {
  value[STEP] = step
}
/** The values of a drawing live on, and must not keep the whole program alive. */
export function forgetHistory({ inputs, nodes }: Graph): void {
  const forget = (value: Remembered): void => {
    if (value[STEP]) value[STEP] = undefined
  }
  for (const value of inputs) forget(value)
  for (const { outputs } of nodes) for (const value of outputs) forget(value)
}

/** A tensor of a definition has no items yet (keras.src.backend.common.keras_tensor, __iter__). */
beforeIteration.push(({ value }) => {
  const step = historyOf(value)
  if (!step) return
  const { name } = step.layer
  refuse('NotImplementedError', 'Iterating over a symbolic KerasTensor is not supported.', {
    code: 'bad-argument',
    message: () =>
      `${name || 'this layer'} gives one tensor, ${formatShape(value.shape)}: it cannot be unpacked or gone through.`,
  })
})

/** Remembers what a call gave. A layer that passes its input on gives a tensor of its own. */
export function record(run: Run, call: Recorded, result: PyValue, inputs: readonly PyTensor[]): PyValue {
  const { builder } = traceOf(run)
  let passed = false
  const own = mapTensors(result, tensor => {
    if (!inputs.some(t => t.value === tensor.value) && !historyOf(tensor.value)) return tensor
    passed = true
    const site = call.layer.site!
    const path = call.layer.path ?? call.layer.name
    const value = builder.add('identity', {}, [tensor.value], { site, path, type: call.layer.cls.name, called: site })
    return new PyTensor(value, tensor.dtype)
  })
  const tensors = tensorsIn([own])
  const open = inputs.some(t => t.open)
  for (const tensor of tensors) tensor.open = open
  if (call.layer.results.length === 0) call.layer.results = tensors
  const outputs = tensors.map(t => t.value)
  const { layer, frame, at } = call
  // Programs go on filling the lists that they gave: `features.append(y)`.
  const args = call.args.map(asItIs)
  const kwargs = call.kwargs.size === 0 ? call.kwargs : new Map([...call.kwargs].map(([k, v]) => [k, asItIs(v)]))
  const step: Step = { layer, args, kwargs, frame, at, inputs, outputs, passed }
  for (const value of outputs) remember(value, step)
  return own
}

const asItIs = (value: PyValue): PyValue => mapTensors(value, tensor => tensor)

/** Remembers a tensor as that of an InputLayer. */
export function recordInput(run: Run, layer: PyLayer, tensor: PyTensor): void {
  remember(tensor.value, {
    layer,
    args: [],
    kwargs: NO_KWARGS,
    inputs: [],
    frame: run.frame,
    at: run.frame.at,
    outputs: [tensor.value],
    passed: false,
  })
}

/** Tensors and what they are now: listeners show the shapes that a definition has with other inputs. */
export type Listener = (from: Value, to: PyTensor) => void

/** Every step between the inputs and the outputs of a definition, in the order in which it was written. */
export function stepsBetween(inputs: readonly PyTensor[], outputs: readonly PyTensor[]): (Step | Node)[] {
  const known = new Set<Value>(inputs.map(t => t.value))
  const found = new Map<Step | Node, number>()
  const open = outputs.map(t => t.value)
  for (let value = open.pop(); value; value = open.pop()) {
    if (known.has(value)) continue
    known.add(value)
    const step = historyOf(value)
    if (step) {
      if (step.args.length === 0 && step.kwargs.size === 0) disconnected(step.layer)
      if (!found.has(step)) found.set(step, firstOf(step))
      for (const { value } of step.inputs) open.push(value)
    } else if (value.producer) {
      found.set(value.producer, value.producer.outputs[0]!.id)
      open.push(...value.producer.inputs)
    }
  }
  return [...found].sort((a, b) => a[1] - b[1]).map(([step]) => step)
}

/** The number of the first value that a step gave: values are numbered as they are made. */
function firstOf({ outputs }: Step): number {
  let first = outputs[0]!.id
  for (const { id } of outputs) if (id < first) first = id
  return first
}

const disconnected = (layer: PyLayer): never =>
  refuse('ValueError', '`inputs` not connected to `outputs`', {
    code: 'bad-argument',
    message: () => `outputs depend on ${layer.name}, which is not among the inputs.`,
  })

/** Draws a definition again with other inputs; gives its outputs in their structure. */
export function replay(
  run: Run,
  { inputs, outputs, steps }: FunctionalGraph,
  given: readonly PyTensor[],
  listener?: Listener,
): PyValue {
  const now = new Map<Value, PyTensor>()
  const put = (from: Value, to: PyTensor): void => {
    now.set(from, to)
    listener?.(from, to)
  }
  tensorsIn([inputs]).forEach((tensor, i) => {
    if (given[i]) put(tensor.value, given[i])
  })
  const mapped = (value: PyValue): PyValue => mapTensors(value, tensor => now.get(tensor.value) ?? tensor)
  const { builder } = traceOf(run)
  const outer = run.frame
  try {
    for (const step of steps) {
      run.budget.step()
      if ('frame' in step) {
        run.frame = frameAt(step, outer)
        const kwargs =
          step.kwargs.size === 0 ? NO_KWARGS : new Map([...step.kwargs].map(([name, value]) => [name, mapped(value)]))
        const result = tensorsIn([invoke(run, step.layer, step.args.map(mapped), kwargs)])
        step.outputs.forEach((value, i) => {
          if (result[i]) put(value, result[i])
        })
      } else drawAgain(step)
    }
  } finally {
    run.frame = outer
  }
  return mapped(outputs)

  function drawAgain(node: Node): void {
    const values = node.inputs.map(v => now.get(v)?.value ?? v)
    const results =
      node.layer === null
        ? builder.unknown(
            node.unknown ?? '',
            values,
            node.origin,
            node.outputs.map(v => v.shape),
          )
        : builder.call(node.layer, values, node.origin)
    results.forEach((value, i) => {
      if (node.outputs[i]) put(node.outputs[i], new PyTensor(value))
    })
  }
}

/** The place of a recorded call: what is drawn again says where it was written. */
function frameAt({ frame: { module, names }, at }: Step, outer: Frame): Frame {
  const frame = new Frame('function', module, null, outer, null, names)
  frame.at = at as Frame['at']
  return frame
}

/** A structure of tensors with every tensor replaced. */
function mapTensors(value: PyValue, change: (tensor: PyTensor) => PyTensor): PyValue {
  if (value instanceof PyTensor) return change(value)
  if (value instanceof PyTuple)
    return new PyTuple(
      value.cls,
      value.items.map(v => mapTensors(v, change)),
    )
  if (value instanceof PyList)
    return new PyList(
      value.cls,
      value.items.map(v => mapTensors(v, change)),
    )
  if (value instanceof PyDict) {
    const made = new PyDict(value.cls)
    for (const [key, [name, item]] of value.entries) made.entries.set(key, [name, mapTensors(item, change)])
    return made
  }
  return value
}

/** The inputs that tensors of a definition hang on: keras.src.ops.operation_utils.get_source_inputs. */
export function sourceInputs(tensor: PyTensor): Value[] {
  const seen = new Set<Value>()
  const found: Value[] = []
  const open = [tensor.value]
  for (let value = open.pop(); value; value = open.pop()) {
    if (seen.has(value)) continue
    seen.add(value)
    const step = historyOf(value)
    if (step?.args.length === 0) found.push(value)
    const before = step ? step.inputs.map(t => t.value) : value.producer?.inputs
    open.push(...(before ?? []))
  }
  return found
}
