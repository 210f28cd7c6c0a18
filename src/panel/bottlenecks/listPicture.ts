import { html, render, svg, type TemplateResult } from 'lit'
import { formatChange } from '../../base/format'
import type { PanelProposal } from '../../protocol/panel'
import type { Shown } from '../app'
import { METRICS, type MetricName, metricText, scalesOf } from './metrics'
import { asChosen } from './shownProposals'

const [ROW, HEAD, PLOT, CHANGE, GAP, MARK] = [24, 30, 116, 52, 18, 6]

/**
 * The list as one picture, drawn outside the page's flow while `use` reads it: what is on the page is a grid of many
 * small ones.
 */
export async function withListPicture(shown: Shown, use: (chart: SVGSVGElement) => Promise<void>): Promise<void> {
  const place = document.createElement('div')
  place.className = 'hidden-data'
  document.body.append(place)
  try {
    render(picture(shown), place)
    await use(place.querySelector('svg')!)
  } finally {
    place.remove()
  }
}

function picture(shown: Shown): TemplateResult {
  const { app, model } = shown
  const groups = model.bottlenecks.groups.filter(({ proposals }) => proposals.length)
  const rows = groups.map(group => group.proposals.map(proposal => asChosen(shown, proposal)))
  const scales = scalesOf(shown)
  const widest = (texts: string[], weight = 400): number =>
    Math.max(0, ...texts.map(text => app.measure(text, 11, weight)))
  const all = rows.flat()
  const names = widest(all.map(nameOf)) + GAP
  const chains = widest(all.map(chainOf)) + GAP
  const titles = widest(
    groups.map(({ title }) => title),
    600,
  )
  const column = (i: number): number => names + chains + i * (PLOT + CHANGE + GAP)
  let y = HEAD
  const body: TemplateResult[] = []
  groups.forEach((group, g) => {
    body.push(svg`<text class="stage-name" x="0" y=${y + 16}>${group.title}</text>`)
    y += ROW
    for (const row of rows[g]!) {
      body.push(line(row, y, names, column, scales))
      y += ROW
    }
  })
  const width = Math.ceil(Math.max(column(METRICS.length) - GAP, titles))
  return html`
    <svg class="chart" width=${width} height=${y}>
      ${svg`
        ${METRICS.map(
          (metric, i) => svg`
          <text x=${column(i)} y="14">${metricText(metric, model.unit).name}</text>
          <text x=${column(i) + PLOT} y="14" text-anchor="end">${metricText(metric, model.unit).of(scales[metric])}</text>
        `,
        )}
        ${body}
      `}
    </svg>
  `
}

const nameOf = ({ name, count }: PanelProposal): string => (count > 1 ? `${name} ×${count}` : name)
const chainOf = ({ kernel, inChannels, width, outChannels, size }: PanelProposal): string =>
  `${kernel} ${[inChannels, width, outChannels].filter(Boolean).join('→')} ${size}`

function line(
  row: PanelProposal,
  y: number,
  names: number,
  column: (i: number) => number,
  scales: Readonly<Record<MetricName, number>>,
): TemplateResult {
  const middle = y + ROW / 2
  const mark = (metric: MetricName, i: number): TemplateResult => {
    const { before, after } = row[metric]
    const x = (value: number): number => column(i) + MARK + (value / (scales[metric] || 1)) * (PLOT - 2 * MARK)
    const [from, to] = [x(before), Math.min(x(after), column(i) + PLOT - MARK)]
    const grows = after > before
    return svg`
      <line class="track" x1=${x(0)} x2=${x(scales[metric])} y1=${middle} y2=${middle}></line>
      <rect class=${grows ? 'loss' : 'gain'} x=${Math.min(from, to)} y=${middle - 1.5} width=${Math.abs(to - from)} height="3"></rect>
      <circle class="before" cx=${from} cy=${middle} r="3.2"></circle>
      ${
        grows
          ? svg`<path class="loss" d="M${to - 4} ${middle - 4.5}L${to + 4} ${middle}L${to - 4} ${middle + 4.5}Z"></path>`
          : svg`<circle class="gain" cx=${to} cy=${middle} r="4"></circle>`
      }
      <text class="axis-name" x=${column(i) + PLOT + CHANGE} y=${middle + 4} text-anchor="end">${formatChange(before, after)}</text>
    `
  }
  return svg`
    <text class="axis-name" x="8" y=${middle + 4}>${nameOf(row)}</text>
    <text x=${names} y=${middle + 4}>${chainOf(row)}</text>
    ${METRICS.map(mark)}
  `
}
