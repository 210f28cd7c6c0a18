import type { Graph, Node, Value } from '../core/graph'

/**
 * A part of a graph with one way in and one way out: everything between the value (or the split) where branches start
 * and the node at which the last of them are joined. Nodes are in execution order; the join is the last.
 */
export interface Region {
  readonly nodes: readonly Node[]
  readonly join: Node
  /** The values that come in from outside, constants left out. */
  readonly entries: readonly Value[]
}

/** How a graph's values flow: what is reached from an input, who reads what, and what dominates what. */
export interface Flow {
  /** Inputs of a node that depend on an input of the network. */
  dataInputs(node: Node): readonly Value[]
  consumers(node: Node): readonly Node[]
  isOutput(node: Node): boolean
  /** The region that a join closes; null where branches leave it, or where it is too large to be read as one block. */
  region(join: Node): Region | null
}

/** Reads a graph once; regions are found on demand, within a bound of steps for all of them together. */
export function flowOf(graph: Graph): Flow {
  const data = dataValues(graph)
  const isData = (value: Value): boolean => data.has(value.id)
  const dataInputs = (node: Node): Value[] => node.inputs.filter(isData)
  const consumers = new Map<Node, Node[]>()
  for (const node of graph.nodes) {
    for (const { producer } of node.inputs) {
      if (!producer) continue
      const list = consumers.get(producer)
      if (!list) consumers.set(producer, [node])
      else if (list.at(-1) !== node) list.push(node)
    }
  }
  const outputs = new Set(graph.outputs.map(value => value.producer))
  const used = reaching(graph)
  const dominator = dominators(graph, dataInputs)
  let steps = MAX_STEPS

  const region = (join: Node): Region | null => {
    const from = dominator(join)
    const inside = new Set<Node>([join])
    const entries = new Map<number, Value>()
    const stack = [join]
    while (stack.length) {
      if (--steps < 0 || inside.size > MAX_REGION) return null
      for (const value of stack.pop()!.inputs) {
        const { producer } = value
        const isConstant = !isData(value)
        if (producer && producer !== from && !inside.has(producer)) {
          inside.add(producer)
          stack.push(producer)
        } else if ((!producer || producer === from) && !isConstant) entries.set(value.id, value)
      }
    }
    if (from?.op === 'split') {
      inside.add(from)
      entries.clear()
      for (const value of dataInputs(from)) entries.set(value.id, value)
    }
    for (const node of inside) {
      if (node === join) continue
      if (outputs.has(node)) return null
      if (consumers.get(node)?.some(reader => used.has(reader) && !inside.has(reader))) return null
    }
    return { join, nodes: [...inside].sort((a, b) => a.id - b.id), entries: [...entries.values()] }
  }
  return { dataInputs, consumers: node => consumers.get(node) ?? [], isOutput: node => outputs.has(node), region }
}

/** No block of a network has more ops than this. */
const MAX_REGION = 4000
const MAX_STEPS = 2_000_000

/** Values that depend on an input of the network; all of them where a network has none. */
function dataValues({ inputs, nodes }: Graph): ReadonlySet<number> {
  const data = new Set(inputs.map(value => value.id))
  for (const node of nodes) {
    if (!inputs.length || node.inputs.some(value => data.has(value.id)))
      for (const value of [...node.outputs, ...(inputs.length ? [] : node.inputs)]) data.add(value.id)
  }
  return data
}

/** Nodes from which an output is reached; what nothing reads does not keep a region open. */
function reaching({ outputs, nodes }: Graph): ReadonlySet<Node> {
  if (!outputs.length) return new Set(nodes)
  const used = new Set<Node>()
  for (const { producer } of outputs) if (producer) used.add(producer)
  for (const node of [...nodes].reverse()) {
    if (!used.has(node)) continue
    for (const { producer } of node.inputs) if (producer) used.add(producer)
  }
  return used
}

/**
 * The node through which every path from the inputs to a node passes last; null for the inputs themselves. Nodes are
 * in execution order, so one pass is enough (Cooper, Harvey and Kennedy, A Simple, Fast Dominance Algorithm); jump
 * pointers find the meeting point of two chains in logarithmic time (Myers, An applicative random-access stack).
 */
function dominators({ nodes }: Graph, dataInputs: (node: Node) => readonly Value[]): (node: Node) => Node | null {
  const above = new Int32Array(nodes.length + 1)
  const depth = new Int32Array(nodes.length + 1)
  const jump = new Int32Array(nodes.length + 1)
  const place = new Map(nodes.map((node, i) => [node, i + 1]))
  const meet = (first: number, second: number): number => {
    let [a, b] = depth[first]! < depth[second]! ? [second, first] : [first, second]
    while (depth[a]! > depth[b]!) a = depth[jump[a]!]! >= depth[b]! ? jump[a]! : above[a]!
    while (a !== b) [a, b] = jump[a] !== jump[b] ? [jump[a]!, jump[b]!] : [above[a]!, above[b]!]
    return a
  }
  nodes.forEach((node, i) => {
    const producers = dataInputs(node).map(({ producer }) => (producer && place.get(producer)) || 0)
    const parent = producers.length ? producers.reduce(meet) : 0
    const at = i + 1
    above[at] = parent
    depth[at] = depth[parent]! + 1
    const far = jump[parent]!
    jump[at] = depth[parent]! - depth[far]! === depth[far]! - depth[jump[far]!]! ? jump[far]! : parent
  })
  return node => nodes[above[place.get(node)!]! - 1] ?? null
}
