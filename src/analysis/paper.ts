import type { Graph, Node, Site, Weight } from '../core/graph'
import type { Convolution } from '../core/ops/convolution'
import type { Shape } from '../core/shape'
import { convolutionOf, isConvolution, kindOf } from './kind'
import { type Block, type Unit, unitsOf } from './paperBlocks'
import { type Branch, branchOf } from './paperBranches'
import { depthOf, isSeparable } from './paperDepth'
import { layersText, neverCalled } from './paperIdle'
import { namesOf, type RowName } from './paperNames'
import type { Flow } from './paperRegions'
import {
  channelsLastOf,
  foldSteps,
  isLayer,
  isQuiet,
  mapSize,
  type Pool,
  patchText,
  poolOf,
  stepText,
} from './paperSteps'
import { addUp, type PaperSum, sumOf } from './paperSum'

export type PaperKind =
  | 'convolution'
  | 'pool'
  | Block['kind']
  | 'linear'
  | 'softmax'
  | 'dropout'
  | 'other'
  | 'unknown'
  | 'never called'

/** One row of a paper's table: a stage of blocks, a block, layers at one size, or one layer. */
export interface PaperRow {
  readonly kind: PaperKind
  /** `conv1`, `conv2_x`, `3a`, from place and size alone; empty where papers give none. */
  readonly name: string
  /** `inception (3a)`, `max pool`, `residual`. */
  readonly type: string
  /** `7×7/2`, `[1×1, 64; 3×3, 64; 1×1, 256] ×3`. */
  readonly patch: string
  /** What it gives, channels last and without the batch, as papers write it. */
  readonly output: readonly (number | string)[] | null
  /** Layers with weights on the longest way through it. */
  readonly depth: number
  /** Of an inception-like row: what is concatenated. Of a 1×1 before a k×k, the two as one branch. */
  readonly branches: readonly Branch[]
  readonly sum: PaperSum
  /** Ids of its nodes. */
  readonly nodes: readonly number[]
  /** Where its first layer is spelled; absent for layers that nothing calls. */
  readonly site: Site | null
  /** Its layers as the file names them: `layer1`, `conv2/3x3_reduce … conv2/3x3`. */
  readonly layers: string
}

export interface PaperTable {
  readonly rows: readonly PaperRow[]
  /** The sum of the rows, which is the network's. */
  readonly total: PaperSum
  /** Layers with weights on the longest way through the network. */
  readonly depth: number
}

/**
 * Rolls a network up as papers do (Table 1 of Szegedy et al. 2014 and of He et al. 2015). Rows follow from the graph
 * alone: what branches at one value and is joined again is a block; equal ones in a row are a stage; convolutions one
 * after another at one size are a row; poolings, linear layers and dropout stand by themselves. Norms and activations
 * belong to what they follow.
 */
export function paperTable(graph: Graph): PaperTable {
  const { units, flow, aside } = unitsOf(graph)
  const drafts: Draft[] = []
  let channelsLast = false
  for (const unit of units) {
    const nodes = 'block' in unit ? unit.block.nodes : [unit.node]
    // What a block reads it gives: inside, maps may be turned for a linear layer.
    const layout = nodes.map(channelsLastOf).find(last => last !== undefined)
    channelsLast = layout ?? channelsLast
    // Attention on windows splits maps up; its linear layers work on the last axis all the same.
    if ('block' in unit && nodes.some(node => node.op === 'linear') && !nodes.some(isConvolution)) channelsLast = true
    const last = drafts.at(-1)
    const draft = draftOf(unit, channelsLast)
    if (!draft) attach(nodes, drafts)
    else if (last && belongsTo(draft, last, flow)) {
      if (isSecondHalf(draft, last)) last.steps.push(`${last.steps.pop()!}; ${draft.steps[0]!}`)
      else last.steps.push(...draft.steps)
      last.nodes.push(...draft.nodes)
      last.made = draft.made
      last.end = draft.end
    } else drafts.push(draft)
  }
  const counted = new Set<Weight>()
  if (drafts.some(draft => draft.kind === 'inception')) for (const draft of drafts) draft.pair = pairOf(draft)
  const names = namesOf(drafts.map(draft => ({ ...draft, isStage: stepsIn(draft) > 1 && !singleOf(draft) })))
  const rows = drafts.map((draft, i) => rowOf(draft, names[i]!, counted, nodes => depthOf(nodes, flow, aside)))
  const idle = neverCalled(graph, counted)
  if (idle) rows.push(idle)
  const sum = addUp(rows.map(row => row.sum))
  // What stands behind the place where the analysis stopped is in no row.
  const total = graph.stopped === null ? sum : { ...sum, paramsExact: false, macsExact: false }
  return { rows, total, depth: depthOf(graph.nodes, flow, aside) }
}

/** A row that is being put together. */
export interface Draft {
  kind: PaperKind
  readonly type: string
  readonly nodes: Node[]
  readonly steps: string[]
  readonly branches: readonly Branch[]
  readonly pool: Pool | null
  /** A 1×1 before one k×k, in networks with modules. */
  pair: Branch | null
  /** The node whose output it gives; what follows reads that of `end`, behind norms and views. */
  made: Node
  end: Node
  /** Sizes of the maps that come in and go out. */
  readonly sizeIn: string | null
  readonly size: string | null
  readonly channelsLast: boolean
}

/** Null for what belongs to the row before: norms, activations, views and arithmetic that costs nothing papers count. */
function draftOf(unit: Unit, channelsLast: boolean): Draft | null {
  const start = 'block' in unit ? unit.block.nodes[0]! : unit.node
  const end = 'block' in unit ? unit.block.join : unit.node
  const draft = (kind: PaperKind, type: string, more: Partial<Draft> = {}): Draft => ({
    kind,
    type,
    nodes: 'block' in unit ? [...unit.block.nodes] : [unit.node],
    steps: [],
    branches: [],
    pool: null,
    pair: null,
    made: end,
    end,
    sizeIn: mapSize(start.inputs.find(value => value.shape)?.shape ?? null, channelsLast),
    size: mapSize(end.outputs[0]?.shape ?? null, channelsLast),
    channelsLast,
    ...more,
  })
  if ('block' in unit) {
    const { kind, steps, branches } = unit.block
    return draft(kind, BLOCK_TYPES[kind], { steps: STAGES.has(kind) ? [steps.join('; ')] : [...steps], branches })
  }
  const { node } = unit
  if (node.unknown !== null) return draft('unknown', node.origin.type)
  if (isConvolution(node)) {
    const type = node.op.startsWith('conv_transpose') ? 'transposed convolution' : 'convolution'
    return draft('convolution', type, { steps: [stepText(node)] })
  }
  if (node.op === 'linear') return draft('linear', 'linear')
  if (isLayer(node)) return draft('other', node.op.replaceAll('_', ' '))
  const pool = poolOf(node)
  if (pool)
    return pool.kernel.length && [...pool.kernel, ...pool.stride].every(k => k === 1)
      ? null
      : draft('pool', `${pool.kind} pool`, { pool })
  if (node.op === 'dropout') {
    const { p } = node.attributes as { p?: number | null }
    return typeof p === 'number' ? draft('dropout', `dropout (${Number((100 * p).toFixed(1))}%)`) : null
  }
  if (node.op === 'softmax') return draft('softmax', 'softmax')
  if (node.cost.macs !== 0) return draft('other', node.op.replaceAll('_', ' '))
  const hasParams = node.cost.params !== 0
  return hasParams && !isQuiet(node) ? draft('other', node.op.replaceAll('_', ' ')) : null
}

/** Blocks that papers write in brackets and count. */
const STAGES: ReadonlySet<PaperKind> = new Set(['residual', 'inverted', 'split'])

const BLOCK_TYPES: Readonly<Record<Block['kind'], string>> = {
  inception: 'inception',
  fire: 'fire',
  residual: 'residual',
  inverted: 'inverted residual',
  split: 'split block',
  dense: 'dense block',
  gate: 'gate',
  block: 'block',
}

/** Norms and activations go to the row that gives what they read. */
function attach(nodes: readonly Node[], drafts: readonly Draft[]): void {
  const last = drafts.at(-1)
  if (last) {
    last.nodes.push(...nodes)
    const through = nodes.at(-1)!
    if (through.inputs.some(value => value.producer === last.end) && through.outputs.length === 1) last.end = through
  }
}

/** Equal residual blocks are one stage; convolutions that follow each other at one size are one row. */
function belongsTo(next: Draft, last: Draft, flow: Flow): boolean {
  if (!next.nodes.some(node => flow.dataInputs(node).some(({ producer }) => producer === last.end))) return false
  const same = JSON.stringify(outputOf(next)) === JSON.stringify(outputOf(last))
  if (STAGES.has(next.kind)) return last.kind === next.kind && same
  if (next.kind === 'dense') return last.kind === 'dense' && next.size === last.size
  const isRow = next.kind === 'convolution' || next.kind === 'gate'
  return isRow && last.kind === 'convolution' && next.size === last.size && next.size !== null
}

/** A 1×1 that reads what a depthwise convolution gives: papers write the two together. */
function isSecondHalf({ kind, nodes: [node] }: Draft, { steps, nodes }: Draft): boolean {
  if (kind !== 'convolution' || !node || !steps.length) return false
  const { groups, kernel } = convolutionOf(node)
  const before = nodes.findLast(isConvolution)
  return groups === 1 && kernel.every(k => k === 1) && before !== undefined && kindOf(before) === 'depthwise'
}

const layersIn = (steps: readonly string[]): number => steps.join('; ').split('; ').length
const stepsIn = ({ kind, steps }: Draft): number => (kind === 'convolution' ? layersIn(steps) : steps.length)

function rowOf(
  draft: Draft,
  { name, letter }: RowName,
  counted: Set<Weight>,
  depth: (nodes: readonly Node[]) => number,
): PaperRow {
  const { kind, nodes, branches, pool, pair } = draft
  const modular = kind === 'inception' || kind === 'fire' || kind === 'gate'
  return {
    kind,
    name,
    type: kind === 'inception' && letter ? `${draft.type} (${letter})` : draft.type,
    patch: modular ? '' : patchOf(draft),
    output: outputOf(draft),
    depth: depth(nodes),
    branches: pair ? [pair] : branches,
    sum: sumOf(nodes, counted),
    nodes: nodes.map(node => node.id),
    site: nodes[0]!.origin.site,
    layers: layersText(nodes.filter(node => isLayer(node) || pool || !isQuiet(node))),
  }
}

function patchOf(draft: Draft): string {
  const { pool, steps, made } = draft
  if (pool) return pool.kernel.length ? patchText(pool.kernel, isOnePosition(made) ? [1] : pool.stride) : ''
  const single = singleOf(draft)
  if (single) return patchText(single.kernel, single.stride)
  const text = foldSteps(steps)
  if (text.length <= LONGEST) return text
  // Nobody reads more: how it begins, and how much it is.
  const layers = steps.flatMap(step => step.split(/; | \+ /))
  return `[${layers.slice(0, 3).join('; ').replace(/[()]/g, '')}; …] (${layers.length} layers)`
}

const LONGEST = 240

/** The one window of a row: its only convolution's, a separable one's, or the second of a reduced pair. */
function singleOf({ kind, nodes, steps, pair }: Draft): Convolution | null {
  const convolutions = kind === 'convolution' ? nodes.filter(isConvolution) : []
  const [first, second] = convolutions
  if (!first || layersIn(steps) !== convolutions.length) return null
  if (pair) return convolutionOf(second!)
  return convolutions.length === 1 || (convolutions.length === 2 && isSeparable(first, second))
    ? convolutionOf(first)
    : null
}

/** A window that is used once goes no step further, whatever its stride (GoogLeNet's 7×7/1). */
const isOnePosition = ({ inputs, outputs }: Node): boolean =>
  inputs[0]?.shape?.some((dim, i) => i > 0 && dim !== 1) === true &&
  outputs[0]?.shape?.slice(1).filter(dim => dim !== 1).length === 1

/** A 1×1 before one k×k: GoogLeNet's second row, whose reduction stands in the columns of the modules. */
function pairOf({ kind, nodes }: Draft): Branch | null {
  const [first, second, ...others] = kind === 'convolution' ? nodes.filter(isConvolution) : []
  const branch = first && second && others.length === 0 ? branchOf([first, second]) : null
  return branch && branch.reduce !== null && (branch.column === 'n3x3' || branch.column === 'n5x5') ? branch : null
}

/** Height, width, channels; a vector is 1×1×C; what has no map keeps its order, without the batch. */
function outputOf({ made, channelsLast }: Draft): (number | string)[] | null {
  const shape: Shape | null | undefined = made.outputs[0]?.shape
  if (!shape) return null
  const dims = shape.slice(1).map(dim => (typeof dim === 'number' ? dim : '?'))
  if (dims.length === 1) return [1, 1, dims[0]!]
  return channelsLast || dims.length < 3 ? dims : [...dims.slice(1), dims[0]!]
}
