/**
 * Layers by intensity and work, with lines of equal least time:
 *
 *   FLOPs of the layer = 2 × MACs
 *   200M ─ 20 µs/  ▪  10 µs/  △▼ ┊ ────── 2 µs
 *   100M ─     /  ▼△        /  ▼ ┊ ─ ▪ ── 1 µs
 *        ◆ ← fc      ← waits for memory ┊ limited by arithmetic →
 *              50       100      203       400
 */
import { html, nothing, svg, type TemplateResult } from 'lit'
import { formatRatio } from '../../base/format'
import type { PanelNetwork } from '../../protocol/panel'
import type { Shown } from '../app'
import { chartListbox, type Hit } from '../cost/listbox'
import { spoken, spokenLayer } from '../words'
import { rooflineFinding } from './finding'
import { countAt, markShape } from './marks'
import type { Point } from './points'
import type { Arrow, Mark, RooflineLayout } from './rooflineLayout'

export function rooflineChart(shown: Shown, layout: RooflineLayout): TemplateResult {
  const { state, model } = shown
  const { width, height, left, right, top, bottom, ridge } = layout
  const selected = new Set(state.selection)
  return html`
    <svg class="chart roofline" id="chart" width=${width} height=${height} viewBox="0 0 ${width} ${height}">
      <g role="img" aria-label="Roofline: ${spoken(rooflineFinding(model))}" aria-details="chart-data">
        <rect class="memory-side" x=${left} y=${top} width=${Math.max(0, ridge - left)} height=${bottom - top}></rect>
        ${layout.yTicks.map(y => svg`<line class="grid" x1=${left} x2=${right} y1=${y} y2=${y}></line>`)}
        ${layout.xTicks.map(x => svg`<line class="grid" x1=${x} x2=${x} y1=${top} y2=${bottom}></line>`)}
        ${layout.lines.map(
          line => svg`<polyline class="time-line" points=${line.map(({ x, y }) => `${x},${y}`).join(' ')}></polyline>`,
        )}
        <line class="ridge" x1=${ridge} x2=${ridge} y1=${top} y2=${bottom}></line>
        <text class="axis-name" x="0" y="11">FLOPs of the layer = 2 × MACs</text>
        <text class="axis-name" x=${right} y=${height - 4} text-anchor="end">FLOP per byte of ideal traffic</text>
        ${layout.labels.map(
          ({ text, x, y, anchor, look }) =>
            svg`<text class="label-${look}" x=${x} y=${y} text-anchor=${anchor}>${text}</text>`,
        )}
        ${layout.marks.map(hair)} ${layout.marks.map(mark)} ${layout.arrows.map(arrow)}
        ${layout.marks.filter(({ point }) => isSelected(point, model, selected)).map(ring)}
      </g>
      ${marksListbox(shown, layout, selected)}
    </svg>
    ${hiddenTable(model, layout)}
  `
}

const isSelected = ({ layers }: Point, model: PanelNetwork, selected: ReadonlySet<string>): boolean =>
  layers.some(i => selected.has(model.layers[i]!.id))

const hair = ({ x, y, home }: Mark): TemplateResult | typeof nothing =>
  home
    ? svg`<line class="hair" x1=${x} x2=${home.x} y1=${y} y2=${home.y}></line><circle class="hair-end" cx=${home.x} cy=${home.y} r="1.5"></circle>`
    : nothing

const mark = ({ point: { kind }, x, y, size, count }: Mark): TemplateResult => svg`
  ${markShape(kind, x, y, size)}
  ${count === null ? nothing : svg`<text class="count count-${kind}" data-ground="mark" x=${x} y=${countAt(kind, y, size)} text-anchor="middle">${count}</text>`}
`

const ring = ({ x, y, size }: Mark): TemplateResult =>
  svg`<circle class="ring" cx=${x} cy=${y} r=${size / 2 + 6}></circle>`

/** From a layer to a kernel that would stand in its place, which is drawn small. */
function arrow({ from, to, kind }: Arrow): TemplateResult {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length]
  const tip = { x: to.x - ux * 7, y: to.y - uy * 7 }
  const base = { x: tip.x - ux * 6, y: tip.y - uy * 6 }
  const head = `M${tip.x} ${tip.y}L${base.x - uy * 3.5} ${base.y + ux * 3.5}L${base.x + uy * 3.5} ${base.y - ux * 3.5}Z`
  return svg`
    ${length > 24 ? svg`<line class="move" x1=${from.x} y1=${from.y} x2=${base.x} y2=${base.y}></line><path class="move-head" d=${head}></path>` : nothing}
    ${markShape(kind, to.x, to.y, 8, 'after')}
  `
}

function marksListbox(shown: Shown, { marks }: RooflineLayout, selected: ReadonlySet<string>): TemplateResult {
  const { app, state, model } = shown
  const byWork = [...marks].sort((a, b) => a.point.flops - b.point.flops || a.point.intensity - b.point.intensity)
  const hits = marks.map(({ point, x, y, size }): Hit => {
    const ids = point.layers.map(i => model.layers[i]!.id)
    const room = size + 4
    return {
      id: ids[0]!,
      ids,
      label: spokenPoint(point, model),
      x: x - room / 2,
      y: y - room / 2,
      width: room,
      height: room,
      group: ['memory', 'arithmetic'].indexOf(sideOf(point, model)),
      place: model.layers[point.layers[0]!]!.place,
    }
  })
  const vertical = (hit: Hit, step: 1 | -1): void => {
    const at = byWork.findIndex(({ point }) => model.layers[point.layers[0]!]!.id === hit.id)
    const next = byWork[at - step]
    if (!next) return
    const ids = next.point.layers.map(i => model.layers[i]!.id)
    app.update({ focus: { ...state.focus, chart: ids[0]! } })
    app.select(ids)
    app.focus(`[data-hit="${CSS.escape(ids[0]!)}"]`)
  }
  const shownIds = new Set(hits.filter(({ ids }) => ids!.some(id => selected.has(id))).map(({ id }) => id))
  return chartListbox(shown, { label: 'Layers by intensity', hits, selected: shownIds, vertical })
}

const sideOf = ({ intensity }: Point, { roofline: { device } }: PanelNetwork): 'memory' | 'arithmetic' =>
  intensity < device.peak / device.bandwidth ? 'memory' : 'arithmetic'

/** `layer1.0.conv1, … , 50 FLOP per byte, waits for memory; 3 equal layers` */
function spokenPoint(point: Point, model: PanelNetwork): string {
  const first = spokenLayer(model.layers[point.layers[0]!]!, model.unit)
  const waits = sideOf(point, model) === 'memory' ? 'waits for memory' : 'limited by arithmetic'
  const more = point.layers.length > 1 ? `; ${point.layers.length} equal layers` : ''
  return `${first}, ${formatRatio(point.intensity)} FLOP per byte, ${waits}${more}`
}

const hiddenTable = (model: PanelNetwork, { marks }: RooflineLayout): TemplateResult => html`
  <div id="chart-data" class="hidden-data"><table>
    <caption>Layers by intensity</caption>
    <thead>
      <tr><th scope="col">layer</th><th scope="col">equal layers</th><th scope="col">FLOP per byte</th><th scope="col">FLOPs</th></tr>
    </thead>
    <tbody>
      ${marks.map(
        ({ point: { layers, intensity, flops } }) => html`<tr>
          <th scope="row">${model.layers[layers[0]!]!.id}</th><td>${layers.length}</td><td>${formatRatio(intensity)}</td><td>${flops}</td>
        </tr>`,
      )}
    </tbody>
  </table></div>
`
