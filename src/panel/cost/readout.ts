import { html, nothing, type TemplateResult } from 'lit'
import { formatCount, formatRatio, formatShare } from '../../base/format'
import type { PanelLayer, PanelPlace } from '../../protocol/panel'
import { isNarrow, type Shown } from '../app'
import { link } from '../parts'
import { rowIndex } from '../state'
import { countOr, depthFinding, lowerBound, placeText, shareOr } from '../words'

/**
 * One line over the chart: what the pointer is over, else what is selected, else what the chart shows.
 *
 *   layer3.0.conv2 · 3×3, stride 2 256→256 · N×256×28×28 → N×256×14×14 · 590k params · 116M MACs · 2.8% of the model · …
 */
export function readout(
  shown: Shown,
  rolled: TemplateResult | typeof nothing,
  finding = depthFinding(shown.model, isNarrow(shown.state)),
): TemplateResult {
  const { state, model } = shown
  const ids = state.hover !== null && !state.held ? [state.hover] : state.selection
  const layers = ids.flatMap(id => model.layers.find(layer => layer.id === id) ?? [])
  const [content, place] =
    layers.length === 1 && ids.length === 1
      ? layerText(shown, layers[0]!)
      : layers.length > 1
        ? callsText(shown, layers)
        : (groupText(shown, ids[0]) ?? [html`<span class="quiet">${finding}</span>`, nothing])
  return html`<div class="readout-line"><p class="readout"><span class="readout-words">${content}</span>${place}</p>${rolled}</div>`
}

/** What is said, which is cut off where there is no room, and where it leads, which is not. */
type Said = readonly [TemplateResult, TemplateResult | typeof nothing]

function layerText(shown: Shown, layer: PanelLayer): Said {
  const { model, state } = shown
  const { unit } = model
  const cost = `${countOr(layer.work)} ${unit}`
  if (isNarrow(state)) {
    const what = html`<strong>${layer.id}</strong> · ${layer.what} · ${layer.unknown ?? `${cost} · ${shareOr(layer.share)}`}`
    return [what, nothing]
  }
  const parts = [
    layer.what,
    `${layer.input} → ${layer.output}`,
    `${countOr(layer.params)} params`,
    cost,
    ...(layer.unknown ? [layer.unknown] : [`${shareOr(layer.share)} of the model`]),
    ...(layer.intensity === null ? [] : [`${formatRatio(layer.intensity)} FLOP/B`]),
  ]
  return [html`<strong>${layer.id}</strong> · ${parts.join(' · ')}`, place(shown, layer.place)]
}

/** Several calls of one line. */
function callsText(shown: Shown, layers: readonly PanelLayer[]): Said {
  const { model, state } = shown
  const work = layers.reduce((sum, layer) => sum + (layer.work ?? 0), 0)
  const params = layers.reduce((sum, layer) => sum + (layer.params ?? 0), 0)
  const works = lowerBound(
    work,
    layers.some(layer => layer.work === null),
  )
  const parts = [
    `${layers.length} layers`,
    ...(isNarrow(state)
      ? []
      : [
          `${lowerBound(
            params,
            layers.some(layer => layer.params === null),
          )} params`,
        ]),
    `${works} ${model.unit}`,
    `${formatShare(model.work === 0 ? 0 : work / model.work)}${isNarrow(state) ? '' : ' of the model'}`,
  ]
  return [html`<strong>${layers[0]!.id}</strong> … · ${parts.join(' · ')}`, place(shown, layers[0]!.place)]
}

function groupText(shown: Shown, id: string | undefined): Said | undefined {
  const { model, state } = shown
  const row = id === undefined ? undefined : rowIndex(model.rows).get(id)?.row
  if (!row) {
    const block = model.blocks.find(group => `${group.id}/` === id)
    if (!block) return undefined
    const cost = `${lowerBound(block.work, block.atLeast)} ${model.unit} · ${formatShare(block.share)}`
    return [html`<strong>${block.name}</strong> · ${cost}`, nothing]
  }
  const parts = [
    row.note || row.what,
    ...(isNarrow(state) ? [] : [row.output, `${lowerBound(row.params, row.paramsAtLeast)} params`]),
    `${row.kind === 'rest' ? formatCount(row.work) : lowerBound(row.work, row.atLeast)} ${model.unit}`,
    `${formatShare(row.share)}${isNarrow(state) ? '' : ' of the model'}`,
  ].filter(part => part !== '')
  const name = row.id.replace(/\/(rest)?$/, '').replace(/^stage \d+$/, row.name)
  return [html`<strong>${name}</strong> · ${parts.join(' · ')}`, place(shown, row.place)]
}

function place({ app, state, model }: Shown, at: PanelPlace | null): TemplateResult | typeof nothing {
  if (!at || isNarrow(state)) return nothing
  return html`<span class="readout-place"> · ${link(placeText(model, at), () => app.reveal(at))}</span>`
}
