/** Which layer the Picture tab draws, and what form and width stand beside it. */
import type { PanelForm, PanelNetwork } from '../../protocol/panel'
import type { PanelGeometry } from '../../protocol/panelPicture'
import { isProposal, rowsOf, widthOf } from '../bottlenecks/picks'
import type { State } from '../state'
import { canBeReplaced } from './chain'

export interface Target {
  /** Index into the model's layers. */
  readonly layer: number
  readonly geometry: PanelGeometry
}

/** The selected layer, the heaviest k×k of several, or of the model. Null where nothing can be drawn. */
export function targetOf({ selection }: State, model: PanelNetwork): Target | null {
  const chosen = new Set(selection)
  const selected = drawable(model).filter(({ layer }) => isUnder(model, layer, chosen))
  return heaviest(selected.length ? selected : drawable(model))
}

/** Every layer that can be drawn, in order. */
export function drawable({ layers, picture }: PanelNetwork): Target[] {
  return layers.flatMap((_, layer) => {
    const index = picture.geometryOf[layer]
    const geometry = index == null ? undefined : picture.geometries[index]
    return geometry ? [{ layer, geometry }] : []
  })
}

/** A layer that is selected, or is in a container or a block that is. */
function isUnder({ layers, blocks }: PanelNetwork, index: number, selection: ReadonlySet<string>): boolean {
  const { id, block } = layers[index]!
  if (selection.has(id) || selection.has(`${blocks[block]?.id}/`)) return true
  for (let at = id.lastIndexOf('.'); at > 0; at = id.lastIndexOf('.', at - 1))
    if (selection.has(`${id.slice(0, at)}/`)) return true
  return false
}

function heaviest(targets: readonly Target[]): Target | null {
  let best: Target | null = null
  for (const target of targets) {
    const by = (best ? rank(target.geometry) - rank(best.geometry) : 1) || target.geometry.macs - best!.geometry.macs
    if (by > 0) best = target
  }
  return best
}

/** k×k convolutions before all others, and before those of the stem, which has nothing to reduce. */
const rank = (geometry: PanelGeometry): number =>
  canBeReplaced(geometry) ? (geometry.cin < FEWEST_CHANNELS ? 1 : 2) : 0

/** As the advisor has it. */
const FEWEST_CHANNELS = 16

export interface Chosen {
  /** What form and width are kept under: the proposal of the layer, or the layer itself. */
  readonly key: string
  readonly form: PanelForm
  readonly width: number
}

/** The form and width that were set for the layer's proposal, or those of the list. */
export function chosenFor(state: State, model: PanelNetwork, { layer, geometry }: Target): Chosen {
  const { id } = model.layers[layer]!
  const row = rowsOf(model).find(({ layers }) => layers.includes(id))
  const key = row?.id ?? id
  const { form = state.form, width, ratio = state.ratio } = state.choices[key] ?? {}
  if (width === undefined) return { key, form, width: widthOf(geometry.cin, ratio, state.multiple) }
  // A width is that of the proposal's heaviest call; other calls of the line keep its ratio.
  const cin = row && isProposal(row) ? row.leadIn : geometry.cin
  return { key, form, width: cin === geometry.cin ? width : widthOf(geometry.cin, cin / width, state.multiple) }
}

/** What is drawn: the layer, and the form beside it where one can stand in its place and is asked for. */
export function subjectOf(state: State, model: PanelNetwork, target: Target): Subject {
  const { form, width } = chosenFor(state, model, target)
  const replaced = !model.picture.values[target.layer] && canBeReplaced(target.geometry) && state.picture.beside
  return { geometry: target.geometry, instead: replaced ? { form, width } : null }
}

export interface Subject {
  readonly geometry: PanelGeometry
  /** Null where the layer is drawn alone. */
  readonly instead: { readonly form: PanelForm; readonly width: number } | null
}
