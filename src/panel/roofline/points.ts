/** Layers as points of the roofline, equal ones together, and what proposals would put in their place. */
import type { PanelKind, PanelNetwork } from '../../protocol/panel'
import { openRow, tickedRows } from '../bottlenecks/picks'
import { canBeReplaced, type Link, through } from '../picture/chain'
import { chosenFor } from '../picture/target'
import type { State } from '../state'

/** Equal layers: of one kind, with the same work and traffic. */
export interface Point {
  readonly kind: PanelKind
  /** Indexes into the model's layers; empty for what is not there yet. */
  readonly layers: readonly number[]
  readonly flops: number
  /** FLOP per byte of ideal traffic. */
  readonly intensity: number
}

/** Where a layer is, and the kernels that a proposal would make of it. */
export interface Move {
  readonly from: Point
  readonly to: readonly Point[]
}

/** In order of intensity. */
export function pointsOf({ layers, unit, roofline }: PanelNetwork): Point[] {
  const perMac = unit === 'FLOPs' ? 2 : 1
  const groups = new Map<string, { kind: PanelKind; layers: number[]; flops: number; intensity: number }>()
  layers.forEach(({ kind, work }, i) => {
    const traffic = roofline.traffic[i]
    if (!work || !traffic) return
    const key = `${kind} ${work} ${traffic}`
    const group = groups.get(key)
    if (group) group.layers.push(i)
    else {
      const flops = (2 * work) / perMac
      const intensity = flops / (traffic * roofline.device.bytesPerElement)
      groups.set(key, { kind, layers: [i], flops, intensity })
    }
  })
  return [...groups.values()].sort((a, b) => a.intensity - b.intensity || a.flops - b.flops)
}

/** More arrows than this cannot be followed. */
const MOST_MOVES = 16

/** What the ticked proposals move, or else the one that is selected; equal layers of a proposal once. */
export function movesOf(state: State, model: PanelNetwork, points: readonly Point[]): Move[] {
  const ticked = tickedRows(state, model)
  const open = ticked.length ? undefined : openRow(state, model, false)
  const rows = open ? [open] : ticked
  const { picture, roofline } = model
  const moves: Move[] = []
  const seen = new Set<Point>()
  for (const { layers } of rows) {
    for (const id of layers) {
      const layer = model.layers.findIndex(each => each.id === id)
      const index = picture.geometryOf[layer]
      const geometry = index == null ? undefined : picture.geometries[index]
      const from = points.find(point => point.layers.includes(layer))
      if (!geometry || !from || seen.has(from) || !canBeReplaced(geometry)) continue
      seen.add(from)
      const { form, width } = chosenFor(state, model, { layer, geometry })
      const links = through(geometry, picture.forms[form], width)
      moves.push({ from, to: links.map(link => pointOf(link, roofline.device.bytesPerElement)) })
    }
  }
  return moves.slice(0, MOST_MOVES)
}

function pointOf({ kind, from, to, macs, traffic }: Link, bytesPerElement: number): Point {
  const pointwise = to < from ? 'reduce' : to > from ? 'expand' : 'project'
  return {
    kind: kind === 'pointwise' ? pointwise : kind,
    layers: [],
    flops: 2 * macs,
    intensity: (2 * macs) / (traffic * bytesPerElement),
  }
}
