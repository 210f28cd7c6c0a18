/** The Picture tab: a convolution beside its bottleneck as volumes, and the channels of the block around it. */
import { html, nothing, type TemplateResult } from 'lit'
import type { PanelForm } from '../../protocol/panel'
import { isNarrow, type Shown } from '../app'
import { widthOf } from '../bottlenecks/picks'
import { type Option, segmented, select } from '../parts'
import { cellsChart } from './cellsChart'
import { cellsLayout } from './cellsLayout'
import { canBeReplaced, product } from './chain'
import { profile } from './profile'
import { type Chosen, chosenFor, drawable, subjectOf, type Target, targetOf } from './target'
import { volumesChart, volumesLayout } from './volumesChart'
import './picture.css'

export function pictureTab(shown: Shown): TemplateResult {
  const { state, model } = shown
  const target = targetOf(state, model)
  return html`
    <section role="tabpanel" id="view-picture" aria-labelledby="tab-picture">
      ${target ? drawing(shown, target) : html`<p class="nothing">${nothingToDraw(shown)}</p>`}
    </section>
  `
}

function drawing(shown: Shown, target: Target): TemplateResult {
  const { app, state, model } = shown
  const { beside } = state.picture
  const width = state.width - 2 * (isNarrow(state) ? 12 : 16)
  const chosen = chosenFor(state, model, target)
  const values = model.picture.values[target.layer]
  const replaceable = !values && canBeReplaced(target.geometry)
  const subject = subjectOf(state, model, target)
  return html`
    <div class="controls">
      ${layerSelect(shown, target)}
      ${
        replaceable
          ? segmented('View', VIEWS, beside ? 'beside' : 'written', view =>
              app.update({ picture: { ...state.picture, beside: view === 'beside' } }),
            )
          : nothing
      }
      ${subject.instead ? [formSelect(shown, chosen), widthSelect(shown, target, chosen)] : nothing}
    </div>
    <p class="note picture-note">${values ? VALUES_NOTE : `${noteOf(target)} ${refusalOf(shown, target)}`}</p>
    ${
      values
        ? cellsChart(values, cellsLayout(values, target.geometry, width, app.measure))
        : volumesChart(model, subject, volumesLayout(model, subject, width, app.measure))
    }
    ${profile(shown, target, width)}
  `
}

const VALUES_NOTE =
  'Small constant tensors: their numbers, one grid a channel; what makes the first output value is lit.'
const VIEWS: readonly Option[] = [
  { value: 'written', label: 'as written' },
  { value: 'beside', label: 'side by side' },
]
const FORMS: readonly Option[] = (['reduce', 'bottleneck', 'expand', 'separable'] as const).map(form => ({
  value: form,
  label: form,
}))
const RATIOS = [2, 4, 8, 16]

/** More layers than this are listed by their shape, each once. */
const MOST_OPTIONS = 150

function layerSelect({ app, model }: Shown, target: Target): TemplateResult {
  const all = drawable(model)
  const seen = new Set([target.geometry])
  const distinct = all.filter(({ layer, geometry }) => {
    if (layer === target.layer) return true
    const isNew = !seen.has(geometry)
    seen.add(geometry)
    return isNew
  })
  const listed = (all.length > MOST_OPTIONS ? distinct : all).slice(0, MOST_OPTIONS)
  const shown = listed.some(({ layer }) => layer === target.layer) ? listed : [target, ...listed]
  const options = shown.map(({ layer, geometry }) => {
    const { id, what } = model.layers[layer]!
    return { value: String(layer), label: `${id ? `${id}: ` : ''}${what} on ${geometry.input.join('×')}` }
  })
  return select('Layer', 'layer', options, String(target.layer), value => app.select([model.layers[Number(value)]!.id]))
}

function formSelect(shown: Shown, { key, form }: Chosen): TemplateResult {
  return select('Form', 'form', FORMS, form, value => choose(shown, key, { form: value as PanelForm }))
}

/** The usual fractions of the channels, and the width that was set elsewhere. */
function widthSelect(
  shown: Shown,
  { geometry }: Target,
  { key, form, width }: Chosen,
): TemplateResult | typeof nothing {
  if (form === 'separable') return nothing
  const widths = RATIOS.map(ratio => widthOf(geometry.cin, ratio, shown.state.multiple))
  const sorted = [...new Set([width, ...widths])].sort((a, b) => b - a)
  const options = sorted.map(each => ({ value: String(each), label: String(each) }))
  return select('Width r', 'r', options, String(width), value => choose(shown, key, { width: Number(value) }))
}

function choose({ app, state }: Shown, key: string, change: { form?: PanelForm; width?: number }): void {
  app.update({ choices: { ...state.choices, [key]: { ...state.choices[key], ...change } } })
}

/** What is drawn, where that is not plain. */
function noteOf({ geometry }: Target): string {
  const { op, kernel, groups, cin, input } = geometry
  const parts = ['One scale: length = channels, height and depth = map size; one output value lit.']
  if (op === 'linear' && product(input) === 1) parts[0] = 'A linear layer is a 1×1 on one position: length = features.'
  else if (op === 'linear') parts.push('A linear layer is a 1×1 on each position.')
  if (kernel.length === 1) parts.push('The sequence goes down; it has no depth.')
  if (kernel.length === 3) parts.push(`One of ${input[0]} slices is drawn.`)
  if (op === 'transposed') parts.push('Transposed: one input value is spread over the lit outputs.')
  if (groups > 1 && groups === cin) parts.push('Depthwise: a kernel sees one channel.')
  else if (groups > 1) parts.push(`A kernel sees one of ${groups} groups of channels.`)
  return parts.join(' ')
}

/** Why nothing is proposed in its place, where that is so. */
function refusalOf({ model }: Shown, { layer }: Target): string {
  const { id } = model.layers[layer]!
  const refusal = model.bottlenecks.refused.find(({ layers }) => layers.includes(id))
  return refusal ? `Not proposed: ${refusal.reason.charAt(0).toLowerCase()}${refusal.reason.slice(1)}.` : ''
}

const nothingToDraw = ({ model }: Shown): string =>
  model.layers.length
    ? 'No layer has a kernel and sizes that are known, so there is nothing to draw.'
    : 'The network has no layer that could be drawn.'
