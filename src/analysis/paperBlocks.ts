import type { Graph, Node, Value } from '../core/graph'
import { convolutionOf, isConvolution } from './kind'
import { type Branch, branchesOf, branchOf, isModule } from './paperBranches'
import { invertedAround, isInverted } from './paperInverted'
import { branchPieces, nodesIn, piecesText } from './paperPieces'
import { type Flow, flowOf, type Region } from './paperRegions'
import { channelsLastOf, isCostly, isLayer, isOnVector, isQuiet, mapSize, stepText } from './paperSteps'

export type BlockKind = 'inception' | 'fire' | 'residual' | 'inverted' | 'dense' | 'split' | 'gate' | 'block'

/** Branches that belong together: what papers give one row, or one line of a row. */
export interface Block {
  readonly kind: BlockKind
  readonly nodes: readonly Node[]
  readonly join: Node
  /** Of an inception-like block: what each branch that is concatenated consists of. */
  readonly branches: readonly Branch[]
  /** Its layers as papers write them; of a residual block those of the main branch. */
  readonly steps: readonly string[]
}

/** What stands one after another along a network: single ops, and blocks. */
export type Unit = { readonly node: Node } | { readonly block: Block }

/** A graph as a sequence. */
export interface Sequence {
  readonly units: readonly Unit[]
  readonly flow: Flow
  /** Layers beside the way through the network, which papers do not count into its depth: those of gates. */
  readonly aside: ReadonlySet<Node>
}

/**
 * Reads a graph as a sequence. A block is what has one way in and one way out around a join and is drawn as one thing
 * in papers; of nested ones the outermost counts. Networks whose branches do not close (encoder and decoder, feature
 * pyramids) fall apart into their inner blocks and single ops.
 */
export function unitsOf(graph: Graph): Sequence {
  const flow = flowOf(graph)
  const taken = new Map<Node, Block>()
  const take = (block: Block): void => {
    if (!block.nodes.some(node => taken.has(node))) for (const node of block.nodes) taken.set(node, block)
  }
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const join = graph.nodes[i]!
    if (taken.has(join) || flow.dataInputs(join).length < 2) continue
    const region = flow.region(join)
    const block = region && blockOf(region, flow)
    if (block) take(block)
  }
  for (const node of graph.nodes) {
    const found = taken.has(node) ? null : bareInverted(node, flow, taken)
    if (found) for (const member of found.nodes) taken.set(member, found)
  }
  const units: Unit[] = []
  const put = new Set<Block>()
  for (const node of graph.nodes) {
    const block = taken.get(node)
    if (!block) units.push({ node })
    else if (!put.has(block)) {
      put.add(block)
      units.push({ block })
    }
  }
  return { units, flow, aside: new Set([...put].flatMap(asideOf)) }
}

/** An inverted block without a shortcut; gates inside it become part of it. */
function bareInverted(node: Node, flow: Flow, taken: ReadonlyMap<Node, Block>): Block | null {
  const gateAfter = (from: Node): readonly Node[] | null => {
    const [first, ...others] = flow.consumers(from).map(reader => taken.get(reader))
    return first?.kind === 'gate' && others.every(block => block === first) ? first.nodes : null
  }
  const found = isConvolution(node) && invertedAround(node, flow, other => !taken.has(other), gateAfter)
  if (!found) return null
  const { nodes, last } = found
  return { kind: 'inverted', nodes, join: last, branches: [], steps: layersOf(nodes).map(stepText) }
}

/** Layers of a block on one position, where it has others or is a gate. */
function asideOf({ kind, nodes }: Block): readonly Node[] {
  const small = nodes.filter(node => isLayer(node) && isOnVector(node))
  return kind === 'gate' || nodes.some(node => isLayer(node) && !isOnVector(node)) ? small : []
}

/** Names a region; null for what is no block: nothing multiplies, or maps are made larger again inside. */
function blockOf(region: Region, flow: Flow): Block | null {
  const { join, nodes, entries } = region
  if (!nodes.some(isCostly) || nodes.some(growsMaps) || sizesIn(nodes) > 2) return null
  const make = (kind: BlockKind, more: Partial<Block> = {}): Block => ({
    kind,
    nodes,
    join,
    branches: [],
    steps: layersOf(nodes).map(stepText),
    ...more,
  })
  const inputs = flow.dataInputs(join)
  const inside: ReadonlySet<Node> = new Set(nodes)
  const skips = inputs.filter(value => passesOn(value.producer, inside, flow))
  if (join.op === 'concat') {
    if (skips.length) return make(nodes[0]!.op === 'split' || nodes[0]!.op === 'slice' ? 'split' : 'dense')
    const side = { steps: sideBySide(region, flow) ?? layersOf(nodes).map(stepText) }
    if (entries.length !== 1) return make('block')
    const branches = branchesOf(region, flow)
    if (!branches || !isModule(branches)) return make('block', side)
    const squeeze = squeezeOf(branches, region, flow)
    return squeeze
      ? make('fire', {
          branches: [{ ...branchOf(squeeze)!, column: 'squeeze' }, ...branches],
          nodes: [...squeeze, ...nodes],
          steps: layersOf([...squeeze, ...nodes]).map(stepText),
        })
      : make('inception', { branches })
  }
  if (join.op !== 'elementwise') return make('block')
  const name = (join.attributes as { function?: string }).function
  if (name === 'mul' && skips.length) return make('gate', { steps: ['gate'] })
  if (name !== 'add' && name !== 'axpy' && name !== 'sub') return make('block')
  const shortcut = skips.length ? null : shortcutOf(region, flow)
  if (!skips.length && !shortcut)
    return make('block', { steps: sideBySide(region, flow) ?? layersOf(nodes).map(stepText) })
  const main = layersOf(nodes.filter(node => !shortcut?.has(node)))
  if (isInverted(main)) return make('inverted', { steps: main.map(stepText) })
  const parted = sideBySide(region, flow, shortcut ?? new Set())
  return make('residual', { steps: parted ?? main.map(stepText) })
}

/**
 * What branches hold, in a text, those aside that only fit what came in; null where they do not part, or are no
 * sequences.
 */
function sideBySide(region: Region, flow: Flow, shortcut?: ReadonlySet<Node>): string[] | null {
  const found = branchPieces(region, flow)
  const branches = found?.filter(branch => !shortcut || !nodesIn(branch).every(node => shortcut.has(node)))
  const texts = branches?.map(branch => piecesText(branch, !shortcut)).filter(text => text !== '')
  if (!texts?.length) return null
  const text = texts.join(' + ')
  return text.includes(' + ') ? [text] : null
}

/** Layers that papers list; a gate of a block (squeeze and excitation) is not among them. */
const layersOf = (nodes: readonly Node[]): Node[] => {
  const layers = nodes.filter(node => isLayer(node) && !isOnVector(node))
  return layers.length ? layers : nodes.filter(isCostly)
}

const growsMaps = (node: Node): boolean =>
  node.op === 'interpolate' || node.op.startsWith('conv_transpose') || node.op === 'pixel_shuffle' || node.op === 'fold'

/** How many sizes the maps inside have: a block works at one, or takes one to the next. */
function sizesIn(nodes: readonly Node[]): number {
  const sizes = new Set<string>()
  for (const node of nodes) {
    if (!isConvolution(node)) continue
    const size = mapSize(node.outputs[0]?.shape ?? null, channelsLastOf(node) ?? false)
    if (size !== null) sizes.add(size)
  }
  return sizes.size
}

/** Whether a branch does nothing but pass on what came in. */
function passesOn(producer: Node | null, inside: ReadonlySet<Node>, flow: Flow): boolean {
  let node = producer
  while (node && inside.has(node)) {
    const inputs: readonly Value[] = flow.dataInputs(node)
    const isPassed = !isCostly(node) && (isQuiet(node) || node.op === 'split' || node.op === 'slice')
    if (inputs.length !== 1 || !isPassed) return false
    node = inputs[0]!.producer
  }
  return true
}

/** The branch of a sum that only fits what came in to the other: pooling, a norm, at most one 1×1. */
function shortcutOf({ join, nodes, entries }: Region, flow: Flow): ReadonlySet<Node> | null {
  const inside = new Set(nodes)
  const from = new Set(entries.map(value => value.id))
  const found: Set<Node>[] = []
  for (const value of flow.dataInputs(join)) {
    const branch = new Set<Node>()
    let node = value.producer
    let layers = 0
    while (node && inside.has(node)) {
      const inputs = flow.dataInputs(node)
      if (inputs.length !== 1 || (isLayer(node) && !isPointwise(node)) || layers > 1) break
      branch.add(node)
      if (isLayer(node)) layers++
      if (from.has(inputs[0]!.id)) {
        if (layers <= 1) found.push(branch)
        break
      }
      node = inputs[0]!.producer
    }
  }
  const costs = (branch: ReadonlySet<Node>): number => [...branch].reduce((sum, node) => sum + (node.cost.macs ?? 0), 0)
  return found.sort((a, b) => costs(a) - costs(b))[0] ?? null
}

const isPointwise = (node: Node): boolean =>
  node.op === 'linear' || (isConvolution(node) && convolutionOf(node).kernel.every(k => k === 1))

/** The 1×1 before 1×1 and 3×3 branches that nothing else reads (SqueezeNet's fire module), with its activation. */
function squeezeOf(branches: readonly Branch[], { nodes, entries }: Region, flow: Flow): Node[] | null {
  const columns = branches.map(branch => branch.column)
  if (branches.length !== 2 || !columns.includes('n1x1') || !columns.includes('n3x3')) return null
  if (branches.some(branch => branch.convolutions.length !== 1)) return null
  const inside = new Set(nodes)
  const before: Node[] = []
  let node = entries[0]!.producer
  while (node) {
    if (flow.isOutput(node) || flow.consumers(node).some(reader => !inside.has(reader))) return null
    before.unshift(node)
    inside.add(node)
    if (isConvolution(node)) return isPointwise(node) ? before : null
    const inputs = flow.dataInputs(node)
    if (!isQuiet(node) || inputs.length !== 1) return null
    node = inputs[0]!.producer
  }
  return null
}
