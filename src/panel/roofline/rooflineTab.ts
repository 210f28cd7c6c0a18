/** The Roofline tab: the chart, and at its side where the least time goes, by what and by which kind of layer. */
import { html, nothing, svg, type TemplateResult } from 'lit'
import { formatCount, formatRatio, formatSeconds, formatShare, plural } from '../../base/format'
import type { PanelLayer } from '../../protocol/panel'
import { isNarrow, type Shown } from '../app'
import { readout } from '../cost/readout'
import { select } from '../parts'
import { KIND_NAMES } from '../words'
import { rooflineFinding } from './finding'
import { markShape } from './marks'
import { type Move, movesOf, type Point, pointsOf } from './points'
import { rooflineChart } from './rooflineChart'
import { rooflineLayout } from './rooflineLayout'
import './roofline.css'

const SIDE = 320
const GAP = 32
/** From this width on the sums stand beside the chart. */
const WIDE = 860

export function rooflineTab(shown: Shown): TemplateResult {
  const { app, state, model } = shown
  const points = pointsOf(model)
  if (!points.length) return section(html`<p class="nothing">No layer has work and sizes that are known.</p>`)
  const narrow = isNarrow(state)
  const content = state.width - 2 * (narrow ? 12 : 16)
  const wide = content >= WIDE
  const moves = movesOf(state, model, points)
  const width = wide ? content - SIDE - GAP : content
  const nameOf = ({ layers }: Point): string =>
    layers.length > 1 ? `${layers.length} layers` : shortName(model.layers[layers[0]!]!.id)
  const size = { width, height: narrow ? 360 : 430 }
  const layout = rooflineLayout(points, moves, model.roofline.device, size, nameOf, app.measure)
  return section(html`
    <div class="controls">
      ${deviceSelect(shown, narrow)}
      <span class="spacer"></span>
      <p class="note">${narrow ? 'number = equal layers' : 'grey lines join layers of equal least time, launch aside; a number counts equal layers'}</p>
    </div>
    ${readout(shown, nothing, rooflineFinding(model, narrow))}
    <div class="roofline-columns ${wide ? 'wide' : ''}">
      <div>${rooflineChart(shown, layout)} ${movesNote(moves)}</div>
      <div class="roofline-side">
        ${whereTimeGoes(shown, wide ? SIDE : content)} ${kindTable(shown)}
        <p class="note">${formula(shown)}</p>
        ${selectedInWords(shown)}
      </div>
    </div>
  `)
}

const section = (content: TemplateResult): TemplateResult =>
  html`<section role="tabpanel" id="view-roofline" aria-labelledby="tab-roofline">${content}</section>`

/** The end of a long path says which layer it is. */
const shortName = (id: string): string => (id.length > 24 ? `…${id.slice(-22)}` : id)

function deviceSelect({ app, model }: Shown, narrow: boolean): TemplateResult {
  const options = model.devices.map(({ id, name }) => ({
    value: id,
    label: narrow ? name : (model.roofline.deviceTexts[id] ?? name),
  }))
  return select('Device of the roofline', 'device', options, model.device, device =>
    app.send({ type: 'setDevice', device }),
  )
}

const movesNote = (moves: readonly Move[]): TemplateResult | typeof nothing =>
  moves.length
    ? html`<p class="note">Arrows go from a layer to the kernels that a proposal puts in its place, ${plural(moves.length, 'layer')}.</p>`
    : nothing

/** One bar, split into arithmetic, memory and launches. */
function whereTimeGoes({ model }: Shown, width: number): TemplateResult {
  const { seconds, arithmetic, memory, launches, exact } = model.roofline.time
  const parts = [
    { name: 'arithmetic', value: arithmetic },
    { name: 'memory', value: memory },
    { name: 'launches', value: launches },
  ].filter(({ value }) => value > 0)
  let x = 0
  const share = (value: number): number => (seconds === 0 ? 0 : value / seconds)
  return html`
    <h3>Where the least time goes <span class="note">${exact ? '' : '≥ '}${formatSeconds(seconds)}</span></h3>
    <svg class="time-bar" width=${width} height="16" aria-hidden="true">
      ${parts.map(({ name, value }) => {
        const length = share(value) * width
        const part = svg`<rect class="time-${name}" x=${x} y="0" width=${Math.max(1, length - 1)} height="16"></rect>`
        x += length
        return part
      })}
    </svg>
    <ul class="legend">
      ${parts.map(
        ({ name, value }) => html`
          <li>
            <svg width="10" height="10" aria-hidden="true">${svg`<rect class="time-${name}" width="10" height="10"></rect>`}</svg>
            ${name} ${formatSeconds(value)} · ${formatShare(share(value))}
          </li>
        `,
      )}
    </ul>
  `
}

const kindTable = ({ model }: Shown): TemplateResult => html`
  <table class="kinds">
    <caption class="hidden-data">Least time by kind of layer</caption>
    <thead>
      <tr>
        <th scope="col">kind</th><th scope="col">layers</th><th scope="col">${model.unit}</th>
        <th scope="col">time</th><th scope="col" title="wait for memory">waits</th>
      </tr>
    </thead>
    <tbody>
      ${model.roofline.kinds.map(
        ({ kind, layers, share, timeShare, waits }) => html`
          <tr>
            <th scope="row">
              <svg width="12" height="12" aria-hidden="true">${markShape(kind, 6, 6, 10)}</svg>${KIND_NAMES[kind]}
            </th>
            <td>${layers}</td><td>${formatShare(share)}</td><td>${formatShare(timeShare)}</td><td>${waits} of ${layers}</td>
          </tr>
        `,
      )}
    </tbody>
  </table>
`

function formula({ model }: Shown): string {
  const { peak, bandwidth, launch } = model.roofline.device.texts
  const bound = `max(FLOPs ÷ ${peak}, bytes ÷ ${bandwidth})${launch ? ` + ${launch} launch` : ''}`
  return `Least time of a layer = ${bound}, each tensor moved once, norm and activation fused. A bound, not a measurement: nothing was run.`
}

/** More selected layers than this are counted, not told. */
const MOST_TOLD = 3

function selectedInWords({ state, model }: Shown): TemplateResult | typeof nothing {
  const chosen = new Set(state.selection)
  const indexes = model.layers.flatMap(({ id }, i) => (chosen.has(id) ? [i] : []))
  if (!indexes.length) return nothing
  const told = indexes.slice(0, MOST_TOLD).map(i => {
    const layer = model.layers[i]!
    return html`<p class="told"><strong>${layer.id}</strong> <span class="note">${inWords(layer, model.roofline.traffic[i] ?? null, model)}</span></p>`
  })
  const more = indexes.length - told.length
  return html`${told}${more ? html`<p class="note">… ${plural(more, 'more layer')}</p>` : nothing}`
}

/** `1×1 reduces 256→64: 51.4M MACs at 50 FLOP/B, 6.4 µs of memory for 1.6 µs of arithmetic.` */
function inWords(
  { what, work, intensity }: PanelLayer,
  traffic: number | null,
  { unit, roofline }: Shown['model'],
): string {
  if (work === null || traffic === null || intensity === null) return `${what}: its least time is not known.`
  const { peak, bandwidth, bytesPerElement } = roofline.device
  const [arithmetic, memory] = [(work * (unit === 'FLOPs' ? 1 : 2)) / peak, (traffic * bytesPerElement) / bandwidth]
  const [more, less] = [
    [memory, 'memory'],
    [arithmetic, 'arithmetic'],
  ].sort((a, b) => (b[0] as number) - (a[0] as number)) as [[number, string], [number, string]]
  return `${what}: ${formatCount(work)} ${unit} at ${formatRatio(intensity)} FLOP/B, ${formatSeconds(more[0])} of ${more[1]} for ${formatSeconds(less[0])} of ${less[1]}.`
}
