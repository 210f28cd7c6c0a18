import type { Graph, Value } from '../core/graph'
import type { Shape } from '../core/shape'
import type { KerasModel } from '../frontends/frontend'

/** Where an input of a layer comes from: `conv2d[0][0]`. */
export interface Connection {
  readonly name: string
  readonly call: number
  readonly output: number
}

/** A layer of the model itself; what is inside it has no row. */
export interface SummaryLayer {
  readonly name: string
  readonly type: string
  /** Of its last call. */
  readonly outputs: readonly (Shape | null)[]
  /** What all of its calls take. */
  readonly from: readonly Connection[]
}

/**
 * The rows of a summary and whether it says what is connected to what: Keras does so in functional models that branch,
 * join or share layers. A Sequential has no row for its input, nor has a model that is a class of its own.
 */
export function summaryLayers(
  graph: Graph,
  kind: KerasModel['kind'] = 'subclassed',
): { readonly layers: readonly SummaryLayer[]; readonly connected: boolean } {
  const calls = callsOf(graph, kind)
  const functional = kind === 'functional'
  const byName = new Map<string, Call[]>()
  for (const call of calls) {
    if (!functional && call.type === 'InputLayer') continue
    const own = byName.get(call.name)
    if (own) own.push(call)
    else byName.set(call.name, [call])
  }
  const makers = makersOf(calls)
  const rank = functional ? depthOrder(graph, calls, makers) : null
  const names = [...byName.keys()]
  if (rank) names.sort((a, b) => rank.get(a)! - rank.get(b)!)
  const layers = names.map((name): SummaryLayer => {
    const own = byName.get(name)!
    const from = own.flatMap(call =>
      call.inputs.flatMap((value): Connection[] => {
        const maker = makers.get(value)
        return maker
          ? [
              {
                name: maker.call.name,
                call: byName.get(maker.call.name)?.indexOf(maker.call) ?? 0,
                output: maker.output,
              },
            ]
          : []
      }),
    )
    return { name, type: own[0]!.type, outputs: own.at(-1)!.outputs.map(v => v.shape), from }
  })
  const inputs = calls.filter(call => call.type === 'InputLayer').length
  const chain = inputs <= 1 && layers.every(layer => layer.from.length <= 1) && !branches(layers)
  return { layers, connected: functional && !(chain && [...byName.values()].every(own => own.length === 1)) }
}

/** Whether two layers take the same output. */
function branches(layers: readonly SummaryLayer[]): boolean {
  const taken = layers.flatMap(layer => layer.from.map(({ name, output }) => `${output} ${name}`))
  return new Set(taken).size < taken.length
}

interface Call {
  readonly name: string
  readonly type: string
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
}

/** Calls of the layers of the model itself, in execution order, the inputs first. */
function callsOf(graph: Graph, kind: KerasModel['kind']): Call[] {
  const calls: Call[] = graph.inputs.map((value, i) => ({
    name: value.name || (i ? `input_layer_${i}` : 'input_layer'),
    type: 'InputLayer',
    inputs: [],
    outputs: [value],
  }))
  const functions = new Map<string, number>()
  const told = new Set<object>()
  for (const node of graph.nodes) {
    let part: Pick<Graph['scopes'][number], 'origin' | 'inputs' | 'outputs'> = node
    for (let { scope } = node; scope; scope = scope.parent) if (scope.origin.path !== '') part = scope
    if (told.has(part)) continue
    told.add(part)
    const { origin, inputs, outputs } = part
    // The model gives an input of its own as it is.
    if (origin.path === '' && node.op === 'identity') continue
    const isFunction =
      kind !== 'sequential' &&
      origin.called === undefined &&
      node.layer?.weights.length === 0 &&
      /^[a-z\W]/.test(origin.type)
    if (!isFunction)
      calls.push({
        name: kind === 'subclassed' ? origin.path.split('.')[0]! : origin.path,
        type: origin.type,
        inputs,
        outputs,
      })
    // A function of a functional model is a layer of its own, named after it; a class calls it unseen.
    else if (kind === 'functional') {
      const type = OPERATIONS[origin.type] ?? camelCase(origin.type)
      const name = snakeCase(type)
      const count = functions.get(name) ?? 0
      functions.set(name, count + 1)
      calls.push({ name: count ? `${name}_${count}` : name, type, inputs, outputs })
    }
  }
  return calls
}

/** The classes of keras.ops that operators are, and functions that are drawn under another name. */
const OPERATIONS: Readonly<Record<string, string>> = {
  '+': 'Add',
  '-': 'Subtract',
  '*': 'Multiply',
  '/': 'TrueDivide',
  '//': 'FloorDivide',
  '%': 'Mod',
  '**': 'Power',
  '@': 'Matmul',
  abs: 'Absolute',
  concat: 'Concatenate',
  div: 'TrueDivide',
  eq: 'Equal',
  gather: 'Take',
  ge: 'GreaterEqual',
  gt: 'Greater',
  le: 'LessEqual',
  lt: 'Less',
  mul: 'Multiply',
  movedim: 'Moveaxis',
  ne: 'NotEqual',
  neg: 'Negative',
  permute: 'Transpose',
  pow: 'Power',
  remainder: 'Mod',
  repeat_interleave: 'Repeat',
  select: 'GetItem',
  slice: 'GetItem',
  sub: 'Subtract',
  swish: 'Silu',
  tensor_split: 'Split',
  unsqueeze: 'ExpandDims',
}

const camelCase = (name: string): string => name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
const snakeCase = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()

/** The call that gives each tensor, and which of its outputs it is. */
function makersOf(calls: readonly Call[]): Map<Value, { call: Call; output: number }> {
  const makers = new Map<Value, { call: Call; output: number }>()
  for (const call of calls)
    call.outputs.forEach((value, output) => {
      if (!makers.has(value)) makers.set(value, { call, output })
    })
  return makers
}

/**
 * The place of each layer in a functional model: those farthest from the outputs first, of equal ones those first that
 * are met first on the way from the outputs (keras/src/models/functional.py, map_graph_network).
 */
function depthOrder(graph: Graph, calls: readonly Call[], makers: ReturnType<typeof makersOf>): Map<string, number> {
  const met = new Map<string, number>()
  const visited = new Set<Call>()
  const open = [...graph.outputs].reverse()
  for (let value = open.pop(); value; value = open.pop()) {
    const call = makers.get(value)?.call
    if (!call || visited.has(call)) continue
    visited.add(call)
    if (!met.has(call.name)) met.set(call.name, met.size)
    open.push(...[...call.inputs].reverse())
  }
  const depths = new Map<Call, number>()
  const layerDepths = new Map<string, number>()
  for (const call of [...calls].reverse()) {
    const depth = Math.max(depths.get(call) ?? 0, layerDepths.get(call.name) ?? 0)
    layerDepths.set(call.name, depth)
    for (const value of call.inputs) {
      const before = makers.get(value)?.call
      if (before) depths.set(before, Math.max(depths.get(before) ?? 0, depth + 1))
    }
  }
  const names = [...new Set(calls.map(call => call.name))]
  // An input that no output needs stands before the last layers.
  const place = (name: string): number => met.get(name) ?? -1
  names.sort((a, b) => layerDepths.get(b)! - layerDepths.get(a)! || place(a) - place(b))
  return new Map(names.map((name, i) => [name, i]))
}
