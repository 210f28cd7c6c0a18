import type { Node, Value } from '../../../core/graph'
import type { PyTensor } from '../torch/tensor'
import { historyOf, type Step } from './history'
import type { PyLayer } from './layer'

/**
 * The layers of a model between tensors as `model.layers` has them: those farthest from the outputs first, of equal ones
 * those first that are met first on the way from the outputs (keras/src/ops/function.py, map_graph).
 */
export function inDepthOrder(inputs: readonly PyTensor[], outputs: readonly PyTensor[]): PyLayer[] {
  const stops = new Set<Value>(inputs.map(t => t.value))
  const met = new Map<Operation, number>()
  const done: Call[] = []
  const entered = new Set<Call>()
  const open: Visit[] = [...outputs].reverse().map(t => ({ call: callOf(t.value), left: false }))
  for (let visit = open.pop(); visit; visit = open.pop()) {
    const { call, left } = visit
    if (!call) continue
    if (left) {
      done.push(call)
      continue
    }
    if (entered.has(call)) continue
    entered.add(call)
    if (!met.has(operationOf(call))) met.set(operationOf(call), met.size)
    open.push({ call, left: true })
    for (const value of [...before(call, stops)].reverse()) open.push({ call: callOf(value), left: false })
  }
  const depths = new Map<Call, number>()
  const ofOperation = new Map<Operation, number>()
  for (const call of done.reverse()) {
    const depth = Math.max(depths.get(call) ?? 0, ofOperation.get(operationOf(call)) ?? 0)
    ofOperation.set(operationOf(call), depth)
    for (const value of before(call, stops)) {
      const parent = callOf(value)
      if (parent) depths.set(parent, Math.max(depths.get(parent) ?? 0, depth + 1))
    }
  }
  return [...met.keys()]
    .filter((operation): operation is PyLayer => 'stack' in operation)
    .sort((a, b) => ofOperation.get(b)! - ofOperation.get(a)! || met.get(a)! - met.get(b)!)
}

/** A call of a layer, or a function, which is an operation of its own. */
type Call = Step | Node
type Operation = PyLayer | Node
interface Visit {
  readonly call: Call | null
  readonly left: boolean
}

const callOf = (value: Value): Call | null => historyOf(value) ?? value.producer
const operationOf = (call: Call): Operation => ('frame' in call ? call.layer : call)

/** What a call takes; at the inputs of the model the way ends. */
const before = (call: Call, stops: ReadonlySet<Value>): readonly Value[] =>
  ('frame' in call ? call.outputs : []).some(value => stops.has(value))
    ? []
    : 'frame' in call
      ? call.inputs.map(t => t.value)
      : call.inputs
