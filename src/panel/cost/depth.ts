/**
 * Cost along depth, one bar a call:
 *
 *            layer1              layer2
 *            668M MACs · 16%     1.03G MACs · 25%
 *       ___  __________________  _____________________
 *  100M ─▌────▌─────▌─────▌──────▌─▌────▌────▌────▌───
 *  MACs ─▌──▂─▌─▌─▌─▌─▌─▌─▌─▌────▌─▌─▌──▌─▌──▌─▌──▌───   MACs up
 *  params─────────────────────────────────────────────   params down
 */
import { html, nothing, svg, type TemplateResult } from 'lit'
import type { Shown } from '../app'
import { isNarrow } from '../app'
import { kindClass } from '../parts'
import { depthFinding } from '../words'
import { selectedBars } from './bars'
import { type Bracket, DEPTH, type DepthLayout, depthLayout, type PlacedBar, type Tick } from './depthLayout'
import { chartListbox } from './listbox'

export const layoutDepth = ({ app, state, model }: Shown, width: number): DepthLayout =>
  depthLayout(model, state.level, width, isNarrow(state), app.measure)

/** Says at what level the chart is drawn, where that is not the one that was chosen. */
export const rolledUp = ({ state, model }: Shown, { level }: DepthLayout): TemplateResult | typeof nothing =>
  level === state.level ? nothing : html`<p class="rolled">${level} (${model.layers.length} layers)</p>`

export function depthChart(shown: Shown, layout: DepthLayout): TemplateResult {
  const { state, model } = shown
  const { width } = layout
  const bars = layout.bars.map(placed => placed.bar)
  const selected = selectedBars(model, bars, state.selection)
  const bottom = layout.height - DEPTH.foot
  return html`
    <svg class="chart" id="chart" width=${width} height=${layout.height} viewBox="0 0 ${width} ${layout.height}">
      <g role="img" aria-label=${depthFinding(model)} aria-details="chart-data">
        ${selectedRuns(layout, selected).map(run => selectionBox(run, bottom))}
        ${gridlines(layout, layout.workTicks)} ${gridlines(layout, layout.paramTicks)}
        ${layout.bars.map(placed => bar(placed, layout))}
        <line class="zero" x1=${layout.left} x2=${layout.right} y1=${layout.workZero} y2=${layout.workZero}></line>
        <line class="zero" x1=${layout.left} x2=${layout.right} y1=${layout.paramsZero} y2=${layout.paramsZero}></line>
        <text class="axis-name" x=${layout.left - 6} y=${layout.workZero - 1} text-anchor="end">${model.unit}</text>
        <text class="axis-name" x=${layout.left - 6} y=${layout.paramsZero + 9} text-anchor="end">params</text>
        ${layout.brackets.map(bracket => stageBracket(bracket, layout))}
      </g>
      ${chartListbox(shown, {
        label: `Layers by depth: ${layout.level}`,
        hits: layout.bars.map((placed, i) => ({
          id: placed.bar.id,
          label: placed.bar.spoken,
          x: placed.x - halfGap(layout, i - 1),
          y: DEPTH.head - 8,
          width: placed.width + halfGap(layout, i - 1) + halfGap(layout, i),
          height: bottom - DEPTH.head + 12,
          group: placed.bar.block,
          place: model.layers[placed.bar.first]?.place ?? null,
        })),
        selected,
      })}
    </svg>
    ${hiddenTable(shown, layout)}
  `
}

/** Half of the space between a bar and the next, so that there is no dead strip between them. */
function halfGap({ bars }: DepthLayout, at: number): number {
  const [a, b] = [bars[at], bars[at + 1]]
  return a && b ? (b.x - a.x - a.width) / 2 : 2
}

function bar({ bar: { kind }, x, width, up, down }: PlacedBar, { workZero, paramsZero }: DepthLayout): TemplateResult {
  const rect = (y: number, height: number | null): TemplateResult | typeof nothing => {
    if (height === null) {
      return svg`<text class="unknown-mark" x=${x + width / 2} y=${y === workZero ? y - 3 : y + 11} text-anchor="middle">?</text>`
    }
    if (height === 0) return nothing
    const inset = OUTLINED.has(kind) && width > 2 && height > 2 ? 0.5 : 0
    const top = y === workZero ? y - height : y
    return svg`<rect
      class="bar ${kindClass(kind)}"
      x=${x + inset}
      y=${top + inset}
      width=${width - 2 * inset}
      height=${height - 2 * inset}
    ></rect>`
  }
  return svg`${rect(workZero, up)}${rect(paramsZero, down)}`
}

/** Kinds whose mark has an outline that must stay inside the bar. */
const OUTLINED: ReadonlySet<string> = new Set(['expand', 'project', 'depthwise', 'grouped'])

/** Selected neighbours of one stage share one box. */
function selectedRuns({ bars }: DepthLayout, selected: ReadonlySet<string>): { x: number; width: number }[] {
  const runs: { x: number; width: number }[] = []
  bars.forEach(({ bar: { id, stage }, x, width }, i) => {
    if (!selected.has(id)) return
    const before = bars[i - 1]?.bar
    const run = before && before.stage === stage && selected.has(before.id) ? runs.at(-1) : undefined
    if (run) run.width = x + width - run.x
    else runs.push({ x, width })
  })
  return runs
}

const selectionBox = ({ x, width }: { x: number; width: number }, bottom: number): TemplateResult => svg`
  <rect class="selection" x=${x - 2.5} y=${DEPTH.head - 6.5} width=${width + 5} height=${bottom - DEPTH.head + 12}></rect>
`

const gridlines = ({ left, right }: DepthLayout, ticks: readonly Tick[]): TemplateResult[] =>
  ticks.map(
    ({ y, label }) => svg`
      <line class="grid" x1=${left} x2=${right} y1=${y} y2=${y}></line>
      <text class="tick" x=${left - 6} y=${y + 4} text-anchor="end">${label}</text>
    `,
  )

function stageBracket({ from, to, name, work, params, anchor }: Bracket, layout: DepthLayout): TemplateResult {
  const x = anchor === 'start' ? from : to
  const text = (content: string, y: number, className: string): TemplateResult | typeof nothing =>
    content ? svg`<text class=${className} x=${x} y=${y} text-anchor=${anchor}>${content}</text>` : nothing
  return svg`
    ${text(name, 11, 'stage-name')} ${text(work, 25, 'stage-sum')}
    <line class="bracket" x1=${from} x2=${to} y1="32" y2="32"></line>
    ${text(params, layout.height - 8, 'stage-sum')}
  `
}

/** The same data for a screen reader, row by row. */
const hiddenTable = ({ model }: Shown, layout: DepthLayout): TemplateResult => html`
  <div id="chart-data" class="hidden-data"><table>
    <caption>Cost along depth by ${layout.level}</caption>
    <thead>
      <tr><th scope="col">name</th><th scope="col">${model.unit}</th><th scope="col">params</th></tr>
    </thead>
    <tbody>
      ${layout.bars.map(
        ({ bar }) =>
          html`<tr><th scope="row">${bar.name}</th><td>${bar.work ?? 'unknown'}</td><td>${bar.params ?? 'unknown'}</td></tr>`,
      )}
    </tbody>
  </table></div>
`
