import { html, nothing, type TemplateResult } from 'lit'
import { formatChange } from '../../base/format'
import type { PanelProposal, PanelRefusal } from '../../protocol/panel'
import { isNarrow, isSide, type Shown } from '../app'
import { icon } from '../parts'
import type { ProposalOrder } from '../state'
import { detailOfRow } from './detail'
import { dumbbell } from './dumbbell'
import { METRICS, type MetricName, metricText, scalesOf } from './metrics'
import { isRange, openRow, ordered, type Row } from './picks'
import { columnWidth, columnWidths, isCompact, isWide, plotWidth } from './proposalColumns'
import { asChosen } from './shownProposals'
import { tick, toggleTick } from './tick'
import { aloud } from './words'

/** One line of the list: the head of a group, a proposal, or why there is none. */
type Line =
  | {
      readonly kind: 'group'
      readonly id: string
      readonly title: string
      readonly detail: string
      readonly open: boolean
    }
  | { readonly kind: 'proposal'; readonly id: string; readonly proposal: PanelProposal }
  | { readonly kind: 'refusal'; readonly id: string; readonly refusal: PanelRefusal }

/** The proposals by what they pay in, with the reasons of what is not proposed last. A tree grid, as the cost table. */
export function proposalList(shown: Shown): TemplateResult {
  const { state, model } = shown
  const lines = linesOf(shown)
  const widths = columnWidths(shown)
  const metrics = metricsOf(state.order, !isWide(shown, widths))
  const scales = scalesOf(shown)
  const entry =
    lines.find(line => line.id === state.focus.list) ?? lines.find(line => isSelected(line, shown)) ?? lines[0]
  const hasProposals = lines.some(line => line.kind === 'proposal')
  const column = columnWidth(shown, metrics.length, widths)
  const plot = plotWidth(column)
  const opened = isSide(state) ? undefined : openRow(state, model, false)
  return html`
    <div
      class="proposals columns-${metrics.length}"
      role="treegrid"
      aria-label="Bottlenecks by what they save"
      .style=${`--name-width: ${widths.name}px; --through-width: ${widths.through}px` as never}
      @keydown=${(event: KeyboardEvent) => listKeys(event, shown, lines)}
    >
      ${
        hasProposals
          ? html`
              <div class="row head" role="row">
                <div class="cell tick-cell" role="columnheader"><span class="hidden-data">ticked</span></div>
                <div class="cell name" role="columnheader">layer</div>
                <div class="cell through" role="columnheader">through</div>
                ${metrics.map(metric => metricHead(shown, metric, scales[metric], column))}
              </div>
            `
          : nothing
      }
      ${lines.map(line => {
        if (line.kind === 'group') return groupRow(shown, line, line === entry)
        if (line.kind === 'refusal') {
          return [refusalRow(shown, line.refusal, line === entry), under(shown, line.refusal, opened)]
        }
        const look = { metrics, scales, plot }
        return [proposalRow(shown, line.proposal, line === entry, look), under(shown, line.proposal, opened)]
      })}
    </div>
  `
}

/** The name of a column with the end of its axis, where both have room. */
function metricHead({ app, state, model }: Shown, metric: MetricName, end: number, column: number): TemplateResult {
  const text = metricText(metric, model.unit)
  const name = isCompact(state) && metric === 'time' ? 'time' : text.name
  const hasRoom = app.measure(name) + app.measure(text.of(end)) + HEAD_PADDING <= column
  return html`
    <div class="cell metric" role="columnheader">
      <span>${name}</span>
      ${hasRoom ? html`<span class="axis-end">${text.of(end)}</span>` : nothing}
    </div>
  `
}

/** Around and between the two, as in bottlenecks.css, and a little more than was measured. */
const HEAD_PADDING = 22

const metricsOf = (order: ProposalOrder, narrow: boolean): MetricName[] =>
  narrow ? [order === 'order' ? 'time' : order] : [...METRICS]

function linesOf(shown: Shown): Line[] {
  const { state, model } = shown
  const closedIds = closedGroups(shown)
  const { groups, refused, refusedSummary } = model.bottlenecks
  const lines: Line[] = []
  for (const group of groups) {
    if (!group.proposals.length) continue
    const open = !closedIds.includes(group.id)
    lines.push({ kind: 'group', id: group.id, title: group.title, detail: String(group.proposals.length), open })
    if (!open) continue
    for (const proposal of ordered(group.proposals, state.order))
      lines.push({ kind: 'proposal', id: proposal.id, proposal })
  }
  if (refused.length) {
    const open = !closedIds.includes('refused')
    const detail = `${refused.length}${refusedSummary ? `: ${refusedSummary}` : ''}`
    lines.push({ kind: 'group', id: 'refused', title: 'Not proposed', detail, open })
    if (open) for (const refusal of refused) lines.push({ kind: 'refusal', id: refusal.id, refusal })
  }
  return lines
}

/** On a narrow page what does not pay is closed at first, unless there is nothing else. */
function closedGroups({ state, model }: Shown): readonly string[] {
  const pays = model.bottlenecks.paying > 0
  return state.closedGroups ?? (isNarrow(state) && pays ? ['none', 'refused'] : ['refused'])
}

function groupRow(shown: Shown, line: Line & { kind: 'group' }, entry: boolean): TemplateResult {
  return html`
    <div
      class="row group"
      role="row"
      data-line=${line.id}
      aria-level="1"
      aria-expanded=${String(line.open)}
      tabindex=${entry ? 0 : -1}
      @click=${() => toggleGroup(shown, line.id, !line.open)}
    >
      <div class="cell" role="gridcell" title="${line.title} ${line.detail}">
        ${icon(line.open ? 'chevron-down' : 'chevron-right')}
        <strong>${line.title}</strong> <span class="note">${line.detail}</span>
      </div>
    </div>
  `
}

/** On a page without room beside the list the detail opens under its row. */
function under(shown: Shown, row: Row, opened: Row | undefined): TemplateResult | typeof nothing {
  if (row !== opened) return nothing
  const width = shown.state.width - 2 * (isNarrow(shown.state) ? 12 : 16) - DETAIL_INDENT
  return html`
    <div class="row-detail" role="row">
      <div role="gridcell">${detailOfRow(shown, row, Math.min(width, WIDEST_DETAIL))}</div>
    </div>
  `
}

const DETAIL_INDENT = 20
const WIDEST_DETAIL = 560

interface ProposalLook {
  readonly metrics: readonly MetricName[]
  readonly scales: Readonly<Record<MetricName, number>>
  readonly plot: number
}

function proposalRow(
  shown: Shown,
  proposal: PanelProposal,
  entry: boolean,
  { metrics, scales, plot }: ProposalLook,
): TemplateResult {
  const { app, state, model } = shown
  const { name, count, kernel, inChannels, width, outChannels, size, ...costs } = asChosen(shown, proposal)
  const cell = (metric: MetricName): TemplateResult => {
    const { before, after } = costs[metric]
    const { name: what, of: text } = metricText(metric, model.unit)
    const spoken = `${what} ${aloud(text(before))} to ${aloud(text(after))}, ${aloud(formatChange(before, after))}`
    return html`<div class="cell metric" role="gridcell" title="${text(before)} → ${text(after)}">
      ${dumbbell(costs[metric], scales[metric], plot, spoken)}
    </div>`
  }
  const selected = isSelectedIds(proposal.layers, shown)
  const chain = width
    ? html`<span class="chain">${inChannels}→<span class="width">${width}</span>→${outChannels}</span>`
    : html`<span class="chain">${inChannels}→${outChannels}</span>`
  const short = isRange(width) ? html`<span class="chain">r <span class="width">${width}</span></span>` : chain
  const through = isCompact(state) ? short : html`${kernel} ${chain} ${isRange(width) ? '' : size}`
  return html`
    <div
      class="row proposal ${selected ? 'selected' : ''}"
      role="row"
      data-line=${proposal.id}
      aria-level="2"
      aria-selected=${String(selected)}
      tabindex=${entry ? 0 : -1}
      @click=${() => chooseLine(shown, proposal.id, proposal.layers)}
      @dblclick=${() => app.reveal(proposal.place)}
    >
      ${tick(shown, proposal)}
      <div class="cell name" role="gridcell" title=${name}>
        <span class="name-text">${name}</span>${count > 1 ? html` <span class="note">×${count}</span>` : nothing}
      </div>
      <div class="cell through" role="gridcell" title="${kernel} ${[inChannels, width, outChannels].filter(Boolean).join('→')} ${size}">
        ${through}
      </div>
      ${metrics.map(cell)}
    </div>
  `
}

function refusalRow(shown: Shown, refusal: PanelRefusal, entry: boolean): TemplateResult {
  const { id, name, reason, layers, place } = refusal
  const selected = isSelectedIds(layers, shown)
  return html`
    <div
      class="row refusal ${selected ? 'selected' : ''}"
      role="row"
      data-line=${id}
      aria-level="2"
      aria-selected=${String(selected)}
      tabindex=${entry ? 0 : -1}
      @click=${() => chooseLine(shown, id, layers)}
      @dblclick=${() => shown.app.reveal(place)}
    >
      ${shown.state.ticks.includes(id) ? tick(shown, refusal) : html`<div class="cell tick-cell" role="gridcell"></div>`}
      <div class="cell name" role="gridcell" title=${name}><span class="name-text">${name}</span></div>
      <div class="cell reason" role="gridcell" title=${reason}>${reason}</div>
    </div>
  `
}

const isSelectedIds = (ids: readonly string[], { state }: Shown): boolean =>
  ids.some(id => state.selection.includes(id))

const isSelected = (line: Line, shown: Shown): boolean =>
  line.kind === 'proposal'
    ? isSelectedIds(line.proposal.layers, shown)
    : line.kind === 'refusal' && isSelectedIds(line.refusal.layers, shown)

function chooseLine({ app, state }: Shown, id: string, layers: readonly string[]): void {
  app.update({ focus: { ...state.focus, list: id } })
  app.select(layers)
}

function toggleGroup(shown: Shown, id: string, open: boolean): void {
  const { app, state } = shown
  const closed = closedGroups(shown).filter(other => other !== id)
  app.update({ closedGroups: open ? closed : [...closed, id], focus: { ...state.focus, list: id } })
}

function listKeys(event: KeyboardEvent, shown: Shown, lines: readonly Line[]): void {
  const { app } = shown
  const id = (event.target as HTMLElement).closest<HTMLElement>('[data-line]')?.dataset.line
  const at = lines.findIndex(line => line.id === id)
  const current = lines[at]
  if (!current) return
  const go = (to: Line | undefined): void => {
    if (!to) return
    chooseLine(
      shown,
      to.id,
      to.kind === 'proposal' ? to.proposal.layers : to.kind === 'refusal' ? to.refusal.layers : [],
    )
    app.focus(`[data-line="${CSS.escape(to.id)}"]`)
  }
  const { key } = event
  const isGroup = current.kind === 'group'
  if (key === 'ArrowDown') go(lines[at + 1])
  else if (key === 'ArrowUp') go(lines[at - 1])
  else if (key === 'Home') go(lines[0])
  else if (key === 'End') go(lines.at(-1))
  else if (key === 'ArrowRight') isGroup && (current.open ? go(lines[at + 1]) : toggleGroup(shown, current.id, true))
  else if (key === 'ArrowLeft') {
    if (isGroup && current.open) toggleGroup(shown, current.id, false)
    else if (!isGroup) go(lines.slice(0, at).findLast(line => line.kind === 'group'))
  } else if (key === 'Enter') {
    if (current.kind === 'group') toggleGroup(shown, current.id, !current.open)
    else app.reveal(current.kind === 'proposal' ? current.proposal.place : current.refusal.place)
  } else if (key === ' ' && current.kind === 'proposal') toggleTick(shown, current.proposal)
  else return
  event.preventDefault()
}
