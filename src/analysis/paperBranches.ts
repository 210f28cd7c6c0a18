import type { Node } from '../core/graph'
import { convolutionOf, isConvolution } from './kind'
import { branchPieces, isNode, nodesIn, type Piece, piecesText } from './paperPieces'
import type { Flow, Region } from './paperRegions'
import { isCostly, isQuiet, type Pool, poolOf, stepText } from './paperSteps'

/** The columns of GoogLeNet's Table 1, those for a pair of 3×3 (Inception v2) and for a fire module, and the rest. */
export type BranchColumn = 'squeeze' | 'n1x1' | 'n3x3' | 'n5x5' | 'double3x3' | 'pool' | 'others'

/** One branch of an inception-like block, from the value where it starts to the concatenation. */
export interface Branch {
  readonly column: BranchColumn
  /** Channels of the 1×1 before the first wide convolution. */
  readonly reduce: number | null
  /** Channels that it gives; null where they are unknown or nothing but a pooling gives them. */
  readonly channels: number | null
  /** Of the whole branch. */
  readonly stride: number
  readonly pool: Pool | null
  readonly convolutions: readonly Node[]
  /** `1×1, 128; 1×7, 128; 7×1, 192` */
  readonly text: string
}

/** What is concatenated, in its order; null where a branch is no chain of layers, or they are joined along another axis. */
export function branchesOf(region: Region, flow: Flow): Branch[] | null {
  const branches = branchPieces(region, flow)?.map(partedOf)
  return branches?.every(branch => branch !== null) && joinsChannels(region.join, branches) ? branches : null
}

/** A branch that may part further on; then it stands in no column but the last. */
function partedOf(pieces: readonly Piece[]): Branch | null {
  if (pieces.every(isNode)) return branchOf(pieces)
  const nodes = nodesIn(pieces)
  const isKnown = (node: Node): boolean =>
    isConvolution(node) || poolOf(node) !== null || node.op === 'concat' || (isQuiet(node) && !isCostly(node))
  if (!nodes.every(isKnown)) return null
  const convolutions = nodes.filter(isConvolution)
  return {
    column: 'others',
    reduce: null,
    channels: null,
    stride: 1,
    pool: null,
    convolutions,
    text: piecesText(pieces, true),
  }
}

/** An inception-like block: most of its branches are of the kinds that the columns name, one at least a 1×1. */
export function isModule(branches: readonly Branch[]): boolean {
  const named = branches.filter(branch => branch.column !== 'others')
  const pointwise = branches.some(branch => branch.column === 'n1x1' || branch.reduce !== null)
  return branches.length > 1 && pointwise && 2 * named.length >= branches.length
}

/** One chain of convolutions and at most one pooling before them; null where something else is in it. */
export function branchOf(chain: readonly Node[]): Branch | null {
  const known = chain.every(node => isConvolution(node) || poolOf(node) || (isQuiet(node) && !isCostly(node)))
  if (!known) return null
  const convolutions = chain.filter(isConvolution)
  const pools = chain.filter(node => poolOf(node))
  if (pools.length > 1 || (pools[0] && convolutions[0] && pools[0].id > convolutions[0].id)) return null
  const pool = pools[0] ? poolOf(pools[0]) : null
  const kernels = convolutions.map(kernelOf)
  const reduces = kernels.length > 1 && kernels[0] === '1'
  const column = columnOf(kernels.slice(reduces ? 1 : 0), pool !== null)
  const isReduce = reduces && column !== 'pool' && column !== 'others'
  const strides = [...convolutions.map(node => convolutionOf(node).stride), ...(pool ? [pool.stride] : [])]
  return {
    column,
    reduce: isReduce ? convolutionOf(convolutions[0]!).outChannels : null,
    channels: convolutions.length ? convolutionOf(convolutions.at(-1)!).outChannels : null,
    stride: strides.reduce((product, stride) => product * (stride[0] ?? 1), 1),
    pool,
    convolutions,
    text: [...(pool ? [`${pool.kind} pool ${pool.kernel.join('×')}`] : []), ...convolutions.map(stepText)].join('; '),
  }
}

/** What stands behind the reduction decides. */
function columnOf(kernels: readonly string[], pooled: boolean): BranchColumn {
  const key = kernels.join(' ')
  if (pooled) return key === '' || key === '1' ? 'pool' : 'others'
  return ({ '1': 'n1x1', '3': 'n3x3', '5': 'n5x5', '3 3': 'double3x3' } as const)[key] ?? 'others'
}

/** `3` for a plain 3×3; grouped, dilated and oblong ones are spelled out and stand in no column. */
function kernelOf(node: Node): string {
  const { kernel, groups, dilation } = convolutionOf(node)
  const plain = groups === 1 && dilation.every(d => d === 1) && !node.op.startsWith('conv_transpose')
  return plain && kernel.every(k => k === kernel[0]) ? String(kernel[0]) : stepText(node)
}

/** Channels add up in the axis that is joined. */
function joinsChannels(join: Node, branches: readonly Branch[]): boolean {
  const { axis } = join.attributes as { axis?: number }
  const rank = join.outputs[0]?.shape?.length
  const last = branches.flatMap(branch => branch.convolutions)[0]
  if (axis === undefined || rank === undefined || !last) return false
  const channels = convolutionOf(last).channelsLast ? rank - 1 : 1
  return (axis < 0 ? axis + rank : axis) === channels
}
