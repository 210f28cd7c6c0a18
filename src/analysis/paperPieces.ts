import type { Node, Value } from '../core/graph'
import { isConvolution } from './kind'
import type { Flow, Region } from './paperRegions'
import { isLayer, isOnVector, poolOf, stepText } from './paperSteps'

/** One thing after another; a list of lists stands for branches that part and are joined again. */
export type Piece = Node | readonly (readonly Piece[])[]

/** What is read, where, and how many pieces more may be found: branches of branches can be many. */
interface Search {
  readonly inside: ReadonlySet<Node>
  readonly flow: Flow
  left: number
}

const MOST_PIECES = 2000

/** What lies between two values, from the first to the last; null where it is no sequence of ops and closed branches. */
function piecesOf(value: Value, from: Value, search: Search): Piece[] | null {
  const { inside, flow } = search
  const pieces: Piece[] = []
  let at = value
  while (at.id !== from.id) {
    if (--search.left < 0) return null
    const node = at.producer
    const inputs = node ? flow.dataInputs(node) : []
    if (!node || !inside.has(node) || inputs.length === 0) return null
    if (inputs.length === 1) {
      pieces.unshift(node)
      at = inputs[0]!
      continue
    }
    const branches = partsOf(flow.region(node), search)
    if (!branches) return null
    pieces.unshift(branches.pieces, node)
    at = branches.from
  }
  return pieces
}

/** The branches of a region with one entry, those that begin alike told as one that parts later. */
export const branchPieces = (region: Region, flow: Flow): Piece[][] | null =>
  partsOf(region, { inside: new Set(region.nodes), flow, left: MOST_PIECES })?.pieces ?? null

function partsOf(region: Region | null, search: Search): { readonly from: Value; readonly pieces: Piece[][] } | null {
  const [from, ...others] = region?.entries ?? []
  if (!region || !from || others.length > 0 || !region.nodes.every(node => search.inside.has(node))) return null
  const pieces: Piece[][] = []
  for (const value of search.flow.dataInputs(region.join)) {
    const branch = piecesOf(value, from, search)
    if (!branch) return null
    pieces.push(branch)
  }
  return { from, pieces: partLater(pieces) }
}

/** Branches that share their first layer part behind what they share. */
function partLater(branches: readonly Piece[][]): Piece[][] {
  const parted: Piece[][] = []
  const used = new Set<Piece[]>()
  for (const branch of branches) {
    if (used.has(branch)) continue
    const alike = branches.filter(other => !used.has(other) && sharedLayers(branch, other))
    for (const other of alike) used.add(other)
    if (alike.length < 2) {
      used.add(branch)
      parted.push(branch)
      continue
    }
    const shared = Math.min(...alike.map(other => sharedLength(branch, other)))
    parted.push([...branch.slice(0, shared), alike.map(other => other.slice(shared))])
  }
  return parted
}

const sharedLength = (a: readonly Piece[], b: readonly Piece[]): number => {
  let n = 0
  while (n < a.length && a[n] === b[n]) n++
  return n
}
const sharedLayers = (a: readonly Piece[], b: readonly Piece[]): boolean =>
  a.slice(0, sharedLength(a, b)).some(piece => !Array.isArray(piece) && isLayer(piece as Node))

export const isNode = (piece: Piece): piece is Node => !Array.isArray(piece)

/** All nodes of some pieces. */
export const nodesIn = (pieces: readonly Piece[]): Node[] =>
  pieces.flatMap(piece => (isNode(piece) ? [piece] : piece.flatMap(nodesIn)))

/** `1×1, 384; (1×3, 384 + 3×1, 384)`: layers on maps, and with `pools` what pools. */
export function piecesText(pieces: readonly Piece[], pools = false): string {
  const texts = pieces.map(piece => {
    if (!isNode(piece)) {
      const branches = piece.map(branch => piecesText(branch, pools)).filter(text => text !== '')
      return branches.length > 1 ? `(${branches.join(' + ')})` : (branches[0] ?? '')
    }
    if (isLayer(piece)) return isOnVector(piece) ? '' : stepText(piece)
    const pool = pools && !isConvolution(piece) ? poolOf(piece) : null
    return pool?.kernel.some(k => k > 1) ? `${pool.kind} pool ${pool.kernel.join('×')}` : ''
  })
  return folded(texts.filter(text => text !== '')).join('; ')
}

/** Three and more of one thing after another: [7×7, 128] ×5. */
function folded(texts: readonly string[]): string[] {
  const parts: string[] = []
  for (let at = 0; at < texts.length; ) {
    let end = at + 1
    while (texts[end] === texts[at]) end++
    if (end - at > 2) parts.push(`[${texts[at]}] ×${end - at}`)
    else parts.push(...texts.slice(at, end))
    at = end
  }
  return parts
}
