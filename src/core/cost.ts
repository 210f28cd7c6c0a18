import type { Graph, Node, Weight } from './graph'
import { evaluate, type InPlace, type WeightKind } from './op'
import { type OpName, ops } from './ops'
import { elements, type Shape } from './shape'

/** What one call costs, for one image. Null is unknown. Elements, not bytes. */
export interface NodeCost {
  /** Learnable params and frozen ones, given at the first call of a layer and 0 at later ones. */
  readonly params: number | null
  readonly trainable: number | null
  readonly buffers: number | null
  /** Multiply-accumulates of convolutions, linear layers and matrix products, bias excluded. */
  readonly macs: number | null
  /** Arithmetic of everything else, in operations. */
  readonly otherOps: number | null
  /** Elements that need memory of their own: 0 for a view of the input and for what is written over it. */
  readonly activations: number | null
  /** Ideal memory traffic in elements: every input, weight and output once. */
  readonly traffic: number | null
}

export type Completeness = 'exact' | 'atLeast'

/** Sums over a network; with `completeness` atLeast they are lower bounds. */
export interface Totals {
  readonly params: number
  readonly trainableParams: number
  readonly buffers: number
  readonly macs: number
  readonly otherOps: number
  readonly activations: number
  readonly peakActivations: number
  readonly traffic: number
  readonly completeness: Completeness
}

/** Something that the totals leave out, with the node at which it was lost. */
export interface Uncounted {
  readonly node: Node
  readonly what: string
  readonly reason: string
}

export function nodeCost(
  name: OpName | 'unknown',
  attributes: object,
  inputs: readonly (Shape | null)[],
  outputs: readonly (Shape | null)[],
  weights: readonly Weight[],
  firstCall: boolean,
): NodeCost {
  const out = addUp(outputs.map(elements))
  if (name === 'unknown') {
    return { params: null, trainable: null, buffers: null, macs: null, otherOps: null, activations: out, traffic: null }
  }
  const op = ops[name]
  const stored = addUp(weights.map(w => w.elements))
  const own = firstCall ? byKind(weights) : NONE
  const read = addUp(inputs.map(elements))
  return {
    params: addUp([own.trainable, own.frozen]),
    trainable: own.trainable,
    buffers: own.buffer,
    macs: evaluate(op.macs?.(attributes as never, inputs, outputs)),
    otherOps: op.otherOps ? sound(op.otherOps(attributes as never, inputs, outputs)) : 0,
    activations: op.view || isInPlace(attributes) ? 0 : out,
    traffic: op.view ? 0 : addUp([read, stored, out]),
  }
}

type ByKind = Record<WeightKind, number | null>

const NONE: Readonly<ByKind> = { trainable: 0, frozen: 0, buffer: 0 }

/** Elements of the weights of each kind, null for a kind with a weight of unknown size. One pass: every node comes here. */
function byKind(weights: readonly Weight[]): ByKind {
  const sums: ByKind = { ...NONE }
  for (const { kind, elements } of weights) {
    const sum = sums[kind]
    sums[kind] = sum === null || elements === null ? null : sum + elements
  }
  return sums
}

/** Adds up a network: params of every declared layer once, everything else at each call. */
export function totals(graph: Graph): Totals {
  const sums = { params: 0, trainableParams: 0, buffers: 0, macs: 0, otherOps: 0, activations: 0, traffic: 0 }
  let exact = graph.stopped === null
  const seen = new Set<Weight>()
  for (const layer of graph.layers) {
    for (const weight of layer.weights) {
      if (seen.has(weight)) continue
      seen.add(weight)
      if (weight.elements === null) exact = false
      else if (weight.kind === 'buffer') sums.buffers += weight.elements
      else {
        sums.params += weight.elements
        if (weight.kind === 'trainable') sums.trainableParams += weight.elements
      }
    }
  }
  for (const { cost, unknown } of graph.nodes) {
    if (unknown !== null || cost.macs === null) exact = false
    sums.macs += cost.macs ?? 0
    sums.otherOps += cost.otherOps ?? 0
    sums.activations += cost.activations ?? 0
    sums.traffic += cost.traffic ?? 0
  }
  return { ...sums, peakActivations: peakActivations(graph), completeness: exact ? 'exact' : 'atLeast' }
}

/** Where totals lose exactness: nodes that are not understood, and known ops whose cost cannot be told for another reason. */
export function uncounted(graph: Graph): Uncounted[] {
  const list: Uncounted[] = []
  for (const node of graph.nodes) {
    if (node.unknown !== null) list.push({ node, what: node.origin.type, reason: node.unknown })
    else if ((node.cost.macs === null || node.cost.params === null) && !node.inputs.some(v => v.cause)) {
      list.push({ node, what: node.origin.type, reason: 'its size is not known' })
    }
  }
  return list
}

/**
 * Most elements alive at once when the network runs in order and every map is freed after its last use (inference).
 * A view, and what is written in place, shares its input's memory. Maps of unknown size count as 0, so with unknowns
 * it is a lower bound.
 */
export function peakActivations(graph: Graph): number {
  const root = new Map<number, number>()
  const rootOf = (id: number): number => root.get(id) ?? id
  const lastUse = new Map<number, number>()
  const size = new Map<number, number>()
  for (const value of graph.inputs) size.set(value.id, elements(value.shape) ?? 0)
  graph.nodes.forEach((node, step) => {
    const shares = node.op !== 'unknown' && (ops[node.op].view || isInPlace(node.attributes)) && node.inputs[0]
    for (const value of node.inputs) lastUse.set(rootOf(value.id), step)
    for (const value of node.outputs) {
      if (shares) root.set(value.id, rootOf(node.inputs[0]!.id))
      else {
        size.set(value.id, elements(value.shape) ?? 0)
        lastUse.set(value.id, step)
      }
    }
  })
  for (const value of graph.outputs) lastUse.set(rootOf(value.id), graph.nodes.length)
  const freed = new Map<number, number[]>()
  for (const [id, step] of lastUse) {
    const ids = freed.get(step)
    if (ids) ids.push(id)
    else freed.set(step, [id])
  }
  let live = 0
  for (const value of graph.inputs) live += size.get(value.id)!
  let peak = live
  graph.nodes.forEach((node, step) => {
    for (const value of node.outputs) live += root.has(value.id) ? 0 : size.get(value.id)!
    peak = Math.max(peak, live)
    for (const id of freed.get(step) ?? []) live -= size.get(id) ?? 0
  })
  return peak
}

const isInPlace = (attributes: object): boolean => (attributes as InPlace).inPlace === true

/** A count as it is, null where it is none. */
const sound = (count: number | null): number | null =>
  count !== null && Number.isSafeInteger(count) && count >= 0 ? count : null

/** Sum, null as soon as one part is unknown. */
function addUp(parts: readonly (number | null)[]): number | null {
  let total = 0
  for (const part of parts) {
    if (part === null) return null
    total += part
  }
  return total
}
