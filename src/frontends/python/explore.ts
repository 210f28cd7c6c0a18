import type { Dim } from '../../core/dim'
import type { Graph, Node, Value } from '../../core/graph'
import { type Likely, SIZES } from './inputs'

/**
 * What the inputs of a model must be like, told by the first layers that they reach. It is best told by a graph that was
 * drawn with inputs of which nothing is known, not even how many dimensions they have. Null where nothing tells, in the
 * order of the inputs.
 */
export function wanted(graph: Graph): (Likely | null)[] {
  const found: (Likely | null)[] = graph.inputs.map(() => null)
  const on = new Map<Value, Carried>()
  for (const [input, value] of graph.inputs.entries()) on.set(value, { input, flat: false, beside: [], shares: 1 })
  for (const node of graph.nodes) {
    const carried = node.inputs.map(v => on.get(v)).filter(c => c !== undefined)
    const [first] = carried
    if (!first) continue
    if (JOINS.has(nameOf(node))) {
      // Of one that is not known, it is not known what else was joined: its output stands for that.
      const beside = node.op === 'unknown' ? node.outputs : node.inputs.filter(v => !on.has(v))
      for (const c of carried) pass(on, node, { ...c, beside, shares: carried.length })
      if (carried.length > 1) for (const output of node.outputs) together.set(output, carried)
      continue
    }
    const all = node.inputs.flatMap(v => together.get(v) ?? on.get(v) ?? [])
    const likely = likelyFor(node, first, found.length)
    for (const { input } of likely ? all : []) found[input] ??= likely
    if (!likely && PASSES.has(nameOf(node)))
      pass(on, node, { ...first, flat: first.flat || FLATTENS.has(nameOf(node)) })
  }
  return found
}

/** An input on its way to the layer that tells what it is. */
interface Carried {
  readonly input: number
  /** It was flattened on the way. */
  readonly flat: boolean
  /** What it was joined with. */
  readonly beside: readonly Value[]
  /** How many inputs were joined, itself included: they are taken to be alike. */
  readonly shares: number
}

/** Inputs that were joined, by what came of them. */
const together = new WeakMap<Value, readonly Carried[]>()

function pass(on: Map<Value, Carried>, { outputs }: Node, carried: Carried): void {
  for (const output of outputs) if (!on.has(output)) on.set(output, carried)
}

const nameOf = ({ op, origin }: Node): string => (op === 'unknown' ? origin.type : op)
const JOINS: ReadonlySet<string> = new Set(['concat', 'cat'])
const FLATTENS: ReadonlySet<string> = new Set(['flatten', 'view', 'reshape'])
const PASSES: ReadonlySet<string> = new Set([
  ...FLATTENS,
  ...'activation scale softmax dropout identity elementwise pad interpolate batch_norm instance_norm layer_norm'.split(
    ' ',
  ),
])

/** The input that a layer takes; null where it does not tell. */
function likelyFor({ op, attributes }: Node, { flat, beside, shares }: Carried, inputs: number): Likely | null {
  const number = (name: string): number | null => {
    const value = attributes[name]
    return typeof value === 'number' ? value : null
  }
  const own = (all: number | null, axis: number): number | null => {
    const others = beside.map(({ shape }) => shape?.at(axis))
    if (all === null || !others.every(o => typeof o === 'number')) return null
    const rest = (all - others.reduce((a, b) => a + b, 0)) / shares
    return Number.isInteger(rest) && rest >= 1 ? rest : null
  }
  const rank = /^conv(?:_transpose)?([123])d$/.exec(op)?.[1] as '1' | '2' | '3' | undefined
  if (rank) {
    // What it was joined with may not be known: pictures have three colours.
    const channels = own(number('inChannels'), 1) ?? (rank === '2' ? 3 : null)
    if (channels === null) return null
    const sizes: readonly Dim[] = op.startsWith('conv_t') && isSeed(attributes) ? SIZES[rank].map(() => 1) : SIZES[rank]
    return { shape: [channels, ...sizes] }
  }
  if (op === 'linear') {
    const features = own(number('inFeatures'), -1)
    if (features === null) return null
    return { shape: (flat && beside.length === 0 ? picture(features) : null) ?? [features] }
  }
  if (op === 'embedding') return { shape: inputs === 1 ? [128] : [], dtype: 'int64' }
  const size = op === 'recurrent' ? number('inputSize') : null
  return size === null ? null : { shape: [128, size] }
}

/** The first layer of a generator spreads a vector, one position of many channels, over a square. */
function isSeed({ stride, padding }: Node['attributes']): boolean {
  const ones = Array.isArray(stride) && stride.every(s => s === 1)
  return ones && Array.isArray(padding) && padding.flat().every(p => p === 0)
}

/** The square picture of so many numbers, grey or of three colours, that was flattened. */
function picture(numbers: number): Dim[] | null {
  for (const channels of [1, 3]) {
    const side = Math.sqrt(numbers / channels)
    if (Number.isInteger(side) && side >= 8) return [channels, side, side]
  }
  return null
}
