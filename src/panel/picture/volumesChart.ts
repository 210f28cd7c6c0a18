/**
 * A convolution and what a form puts in its place, as volumes on one scale:
 *
 *    ┌────────┐\   32 kernels 5×5×256    ┌─┐\         direct
 *    │ ▭▭▭▭▭▭▭│ |━━━━━━━━━━━━━━━━━━━━━━━━│▪│ |        ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇
 *    └────────┘/   204,800 weights       └─┘/         160,563,200 MACs
 *     28×28×256    161M MACs             28×28×32
 */
import { html, nothing, svg, type TemplateResult } from 'lit'
import { formatBytes, formatChange, formatExact, formatRatio, formatSeconds } from '../../base/format'
import type { PanelForm, PanelNetwork } from '../../protocol/panel'
import type { PanelGeometry } from '../../protocol/panelPicture'
import type { PanelRooflineDevice } from '../../protocol/panelRoofline'
import type { Measure } from '../measure'
import { type Account, accountHeight, accountShape } from './account'
import { type Box, facesOf, type Point } from './cabinet'
import { besideWidth, type Caption, captionsOf, linesOf } from './captions'
import { asWritten, type Link, largestPaying, sumOf, through } from './chain'
import type { Subject } from './target'
import { LONGEST, placeRows, type Row, type Scales, type Volume } from './volumes'

export interface PlacedRow {
  readonly row: Row
  readonly y: number
  readonly captions: readonly Caption[]
  readonly account: Account
  readonly accountAt: Point
}

export interface VolumesLayout {
  readonly width: number
  readonly height: number
  readonly rows: readonly PlacedRow[]
  readonly scales: Scales
  readonly scaleY: number
  readonly barWidth: number
  /** MACs at the bar's end. */
  readonly most: number
  readonly broken: boolean
}

const SIDE = 250
/** From this width on the sums stand at the right. */
const WIDE = 680
const BETWEEN = 26

export function volumesLayout(model: PanelNetwork, subject: Subject, width: number, measure: Measure): VolumesLayout {
  const { unit } = model
  const chains = chainsOf(model, subject).map(({ links }) => links)
  const direct = chains[0]!
  const wide = width >= WIDE
  const drawing = wide ? width - SIDE - 28 : width
  const gap = (link: Link): number => besideWidth(link, unit, measure) + 40
  const { rows, floor, scales } = placeRows(chains, drawing, gap, wide ? 92 : 44)
  const barWidth = Math.min(SIDE, width)
  let y = 0
  const placed = rows.map((row, i): PlacedRow => {
    const { captions, height } = captionsOf(row, floor, drawing, unit, measure)
    const account = accountOf(chains[i]!, direct, subject, model, i === 0)
    const below = accountHeight(account)
    const top = y
    const rowHeight = floor + height
    const lower = Math.min(0, ...captions.map(caption => caption.y - 10))
    y += wide ? Math.max(rowHeight, below) + BETWEEN : rowHeight + 12 + below + BETWEEN
    const accountAt = wide
      ? { x: width - SIDE, y: top + Math.max(12, (rowHeight - below) / 2) }
      : { x: 0, y: top + rowHeight + 20 }
    return { row, y: top - lower, captions, account, accountAt }
  })
  const scaleY = y - BETWEEN + 22
  const broken = rows.some(({ volumes }) => volumes.some(volume => volume.broken))
  const most = Math.max(...chains.map(links => sumOf(links, 'macs')))
  return { width, height: scaleY + 22, rows: placed, scales, scaleY, barWidth, most, broken }
}

/** The layers of each row, under its title. */
export function chainsOf(
  { picture }: PanelNetwork,
  { geometry, instead }: Subject,
): { readonly title: string; readonly links: readonly Link[] }[] {
  const direct = { title: instead ? 'direct' : 'as written', links: [asWritten(geometry)] }
  if (!instead) return [direct]
  const links = through(geometry, picture.forms[instead.form], instead.width)
  return [direct, { title: formTitle(instead.form, instead.width, geometry), links }]
}

function accountOf(
  links: readonly Link[],
  direct: readonly Link[],
  { geometry, instead }: Subject,
  { unit, picture, roofline: { device } }: PanelNetwork,
  isFirst: boolean,
): Account {
  const perMac = unit === 'FLOPs' ? 2 : 1
  const [macs, before] = [sumOf(links, 'macs'), sumOf(direct, 'macs')]
  const [traffic, trafficBefore] = [sumOf(links, 'traffic'), sumOf(direct, 'traffic')]
  const [time, timeBefore] = [timeOf(links, device), timeOf(direct, device)]
  const change = (from: number, to: number): string => (isFirst ? '' : ` · ${formatChange(from, to)}`)
  const bytes = formatBytes(traffic * device.bytesPerElement)
  const line = (text: string, quiet = true) => ({ text, quiet })
  const pays = isFirst || !instead ? '' : paysText(geometry, picture.forms[instead.form], unit)
  return {
    title: isFirst || !instead ? (instead ? 'direct' : 'as written') : formTitle(instead.form, instead.width, geometry),
    parts: links.map(({ kind, macs: own }) => ({ look: kind, macs: own })),
    factor: isFirst ? '' : factorText(before, macs),
    lines: [
      line(`${formatExact(macs * perMac)} ${unit}`, false),
      line(`${bytes} traffic, ${device.precision}${change(trafficBefore, traffic)}`),
      line(`${formatSeconds(time)} least time, ${device.name}${change(timeBefore, time)}`),
      ...(pays ? [line(pays)] : []),
    ],
  }
}

/** Seconds at least: every layer waits for arithmetic or for memory, and takes a launch. */
const timeOf = (links: readonly Link[], { peak, bandwidth, bytesPerElement, launch }: PanelRooflineDevice): number =>
  links.reduce(
    (sum, { macs, traffic }) => sum + Math.max((2 * macs) / peak, (traffic * bytesPerElement) / bandwidth) + launch,
    0,
  )

/** `÷ 12` where it is smaller by more than half as much again, `−12%`, `+13%`. */
const factorText = (before: number, after: number): string =>
  before > 1.5 * after ? `÷ ${formatRatio(before / after)}` : formatChange(before, after)

function formTitle(form: PanelForm, width: number, { kernel }: PanelGeometry): string {
  const size = kernel.join('×')
  switch (form) {
    case 'reduce':
      return `through a 1×1 to ${width}`
    case 'bottleneck':
      return `through a 1×1 to ${width} and a 1×1 back`
    case 'expand':
      return `${size} to ${width}, a 1×1 behind`
    case 'separable':
      return `${size} on each channel, a 1×1 behind`
  }
}

function paysText(geometry: PanelGeometry, steps: PanelNetwork['picture']['forms'][PanelForm], unit: string): string {
  if (!steps.some(({ to }) => to === 'r')) return ''
  const [macs, traffic] = [largestPaying(geometry, steps, 'macs'), largestPaying(geometry, steps, 'traffic')]
  if (macs === null) return `pays at no width in ${unit}`
  return `pays while r ≤ ${macs}; ${traffic === null ? 'never in traffic' : `traffic while r ≤ ${traffic}`}`
}

/** The finding in a sentence, for who cannot see it. */
export function finding(model: PanelNetwork, { geometry, instead }: Subject): string {
  const perMac = model.unit === 'FLOPs' ? 2 : 1
  const direct = asWritten(geometry)
  const [kernels] = linesOf(direct, model.unit)
  const text = `${kernels} make ${size(direct.output, direct.to)} from ${size(direct.input, direct.from)}: ${formatExact(direct.macs * perMac)} ${model.unit}.`
  if (!instead) return text
  const macs = sumOf(through(geometry, model.picture.forms[instead.form], instead.width), 'macs')
  const title = formTitle(instead.form, instead.width, geometry)
  return `${text} ${title.charAt(0).toUpperCase()}${title.slice(1)}: ${formatExact(macs * perMac)} ${model.unit}, ${factorText(direct.macs, macs)}.`
}

const size = (places: readonly number[], channels: number): string => [...places, channels].join('×')

export function volumesChart(model: PanelNetwork, subject: Subject, layout: VolumesLayout): TemplateResult {
  const { width, height, rows } = layout
  return html`
    <svg class="chart volumes" id="chart" width=${width} height=${height} viewBox="0 0 ${width} ${height}">
      <g role="img" aria-label=${finding(model, subject)} aria-details="chart-data">
        ${rows.map(row => placedRow(row, layout))} ${scaleBars(layout)}
      </g>
    </svg>
    ${hiddenTable(model, rows)}
  `
}

function placedRow({ row, y, captions, account, accountAt }: PlacedRow, layout: VolumesLayout): TemplateResult {
  return svg`
    <g transform="translate(0 ${y})">
      ${row.volumes.map((volume, i) => {
        const beam = row.beams[i]
        const made = row.beams[i - 1]
        return svg`
          ${volumeShape(volume)}
          ${beam ? svg`<polygon class="beam step-${beam.kind}" points=${points(beam.corners)}></polygon>` : nothing}
          ${beam ? solid(beam.source, `step-${beam.kind}`) : nothing}
          ${made ? solid(made.target, `step-${made.kind} value`) : nothing}
        `
      })}
      ${captions.map(
        ({ text, x, y: at, anchor, look, kind }) =>
          svg`<text class="caption-${look} step-${kind}" x=${x} y=${at} text-anchor=${anchor}>${text}</text>`,
      )}
    </g>
    ${accountShape(account, accountAt, { width: layout.barWidth, most: layout.most })}
  `
}

function volumeShape({ box, broken }: Volume): TemplateResult {
  const { front, top, side } = facesOf(box)
  return svg`
    <polygon class="face top" points=${points(top)}></polygon>
    <polygon class="face side" points=${points(side)}></polygon>
    <polygon class="face front" points=${points(front)}></polygon>
    ${broken ? slashes(box) : nothing}
  `
}

/** Two slashes over the lower edge: the volume is longer than it is drawn. */
function slashes({ x, y, length, height }: Box): TemplateResult {
  const at = x + length * 0.7
  const bottom = y + height
  return svg`
    <polygon class="cut" points=${points([
      { x: at - 4, y: bottom + 5 },
      { x: at + 2, y: bottom - 5 },
      { x: at + 7, y: bottom - 5 },
      { x: at + 1, y: bottom + 5 },
    ])}></polygon>
    <path class="slash" d="M${at - 4} ${bottom + 5}l6 -10M${at + 1} ${bottom + 5}l6 -10"></path>
  `
}

function solid(box: Box, className: string): TemplateResult {
  const { front, top, side } = facesOf(box)
  return svg`
    <g class="solid ${className}">
      <polygon class="upper" points=${points(top)}></polygon>
      <polygon class="far" points=${points(side)}></polygon>
      <polygon class="near" points=${points(front)}></polygon>
    </g>
  `
}

const points = (list: readonly Point[]): string => list.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')

/** What a length stands for: a round number of channels, a round number of positions. */
function scaleBars({ scales, scaleY, broken, width }: VolumesLayout): TemplateResult {
  const channels = roundNumber(56 / scales.channel)
  const cells = roundNumber(40 / scales.cell)
  const bar = (x: number, length: number): TemplateResult =>
    svg`<path class="scale-bar" d="M${x} ${scaleY - 6}v4h${length}v-4"></path>`
  const first = channels * scales.channel
  const text = width < 420 ? `${channels} ch.` : `${channels} channels`
  const second = 2 + first + 6 + text.length * 6.4 + 24
  const cellText = width < 420 ? `${cells} pos.` : `${cells} position${cells === 1 ? '' : 's'}`
  const third = second + cells * scales.cell + 6 + cellText.length * 6.4 + 24
  const cutText = width < 420 ? `// over ${LONGEST}` : `// over ${LONGEST} channels are cut`
  return svg`
    ${bar(2, first)}
    <text x=${2 + first + 6} y=${scaleY}>${text}</text>
    ${bar(second, cells * scales.cell)}
    <text x=${second + cells * scales.cell + 6} y=${scaleY}>${cellText}</text>
    ${broken ? svg`<text x=${third} y=${scaleY}>${cutText}</text>` : nothing}
  `
}

/** The largest of 1, 2, 5, 10, … up to a number; 1 below. */
export function roundNumber(value: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(value)))
  return [5, 2, 1].map(factor => factor * power).find(each => each <= value) ?? 1
}

const hiddenTable = (model: PanelNetwork, rows: readonly PlacedRow[]): TemplateResult => html`
  <div id="chart-data" class="hidden-data"><table>
    <caption>The layers that are drawn</caption>
    <thead>
      <tr>
        <th scope="col">row</th><th scope="col">kernels</th><th scope="col">from</th><th scope="col">to</th>
        <th scope="col">weights</th><th scope="col">${model.unit}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.flatMap(({ row, account }) =>
        row.beams.map(({ link }) => {
          const [kernels] = linesOf(link, model.unit)
          return html`<tr>
            <th scope="row">${account.title}</th><td>${kernels}</td><td>${size(link.input, link.from)}</td>
            <td>${size(link.output, link.to)}</td><td>${link.weights}</td>
            <td>${link.macs * (model.unit === 'FLOPs' ? 2 : 1)}</td>
          </tr>`
        }),
      )}
    </tbody>
  </table></div>
`
