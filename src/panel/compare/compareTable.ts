/**
 * The layers of both sides in groups. One row is reached by Tab; arrows move, open and close, letters find, Enter goes to
 * the line, which rows of another file do not have.
 */
import { html, nothing, svg, type TemplateResult } from 'lit'
import { plural } from '../../base/format'
import type { PanelCompared, PanelCompareGroup, PanelCompareRow } from '../../protocol/panelCompare'
import { isNarrow, type Shown } from '../app'
import { icon, kindClass, link } from '../parts'
import { axisCount } from '../words'
import { type CompareLine, compareLines, isChanged } from './compareRows'
import { type Costs, countsText, type Difference, groupCosts, layerCosts, MARK_NAMES } from './compareWords'

export function compareTable(shown: Shown, compared: PanelCompared): TemplateResult {
  const { app, state } = shown
  const lines = compareLines(compared, state.compare)
  const drawn = lines.slice(0, state.rowLimit)
  const entry =
    drawn.find(line => line.id === state.compareFocus) ?? drawn.find(line => isSelected(shown, line)) ?? drawn[0]
  const { unit, largest } = compared
  const narrow = isNarrow(state)
  return html`
    <div
      class="compare-table ${narrow ? 'narrow' : ''}"
      role="treegrid"
      aria-label="Layers of A and B: ${countsText(compared)}"
      aria-rowcount=${lines.length + 1}
      @keydown=${(event: KeyboardEvent) => keys(event, shown, drawn)}
    >
      <div class="row head" role="row">
        <div class="cell mark" role="columnheader"><span class="hidden-data">change</span></div>
        <div class="cell name" role="columnheader">layer</div>
        <div class="cell what" role="columnheader">what it is</div>
        <div class="cell work" role="columnheader">A, ${unit}</div>
        <div class="cell work" role="columnheader">B, ${unit}</div>
        <div class="cell change" role="columnheader">B − A</div>
        <div class="cell bar-head" role="columnheader">${narrow ? '' : `${unit}, `}to ${axisCount(largest)}</div>
        <div class="cell params" role="columnheader">params, B − A</div>
      </div>
      ${drawn.map((line, i) => lineRow(shown, compared, line, i, line === entry))}
    </div>
    ${
      lines.length > drawn.length
        ? html`<p class="more-rows">
            ${link(`Show more of ${plural(lines.length, 'row')}`, () => app.update({ rowLimit: state.rowLimit * 4 }))}
          </p>`
        : nothing
    }
  `
}

const isSelected = ({ state }: Shown, line: CompareLine): boolean =>
  line.type === 'layer' && line.row.layer !== null && state.selection.includes(line.row.layer)

function lineRow(
  shown: Shown,
  compared: PanelCompared,
  line: CompareLine,
  index: number,
  entry: boolean,
): TemplateResult {
  const { app } = shown
  const selected = isSelected(shown, line)
  const open = line.type === 'group' ? line.open : line.type === 'folded' ? false : null
  const act = (): void => {
    app.update({ compareFocus: line.id })
    if (line.type === 'layer') select(shown, line.row)
    else toggle(shown, line)
  }
  return html`
    <div
      class="row ${line.type} ${selected ? 'selected' : ''}"
      role="row"
      data-compare=${line.id}
      aria-rowindex=${index + 2}
      aria-level=${line.type === 'group' ? 1 : 2}
      aria-expanded=${open === null ? nothing : String(open)}
      aria-selected=${String(selected)}
      tabindex=${entry ? 0 : -1}
      @click=${act}
      @dblclick=${() => line.type === 'layer' && app.reveal(line.row.place)}
    >
      ${
        line.type === 'group'
          ? groupCells(line.group, line.open, line.equal, isNarrow(shown.state))
          : line.type === 'layer'
            ? layerCells(line.row, compared.largest)
            : html`<div class="cell mark" role="gridcell"></div>
                <div class="cell name folded-text" role="gridcell">${plural(line.equal, 'layer')}, no change</div>`
      }
    </div>
  `
}

function groupCells(group: PanelCompareGroup, open: boolean, equal: number, narrow: boolean): TemplateResult {
  const costs = groupCosts(group.a, group.b)
  const layers = group.rows.filter(row => row.kind !== 'rest').length
  const note = isChanged(group)
    ? open
      ? ''
      : `${plural(group.rows.length - equal, 'change')} in ${plural(layers, 'layer')}`
    : narrow
      ? `${equal} unchanged`
      : `${plural(equal, 'layer')}, no change`
  return html`
    <div class="cell mark" role="gridcell"></div>
    <div class="cell name" role="gridcell" title=${`${group.name} ${note}`}>
      <span class="twisty">${icon(open ? 'chevron-down' : 'chevron-right')}</span>
      <strong class="name-text">${group.name || 'all layers'}</strong> <span class="note">${note}</span>
    </div>
    ${costCells(costs)}
    <div class="cell bar-cell" role="presentation"></div>
    ${paramsCell(costs.params)}
  `
}

function layerCells(row: PanelCompareRow, largest: number): TemplateResult {
  const costs = layerCosts(row.a, row.b)
  const isRest = row.kind === 'rest'
  const none: Costs = { ...costs, a: '–', b: '–', work: { text: '=', direction: 'same' } }
  return html`
    <div class="cell mark ${row.mark === '+' || row.mark === '−' ? 'strong' : ''}" role="gridcell">
      <span aria-hidden="true">${row.mark === '=' ? '' : row.mark}</span>
      <span class="hidden-data">${MARK_NAMES[row.mark]}</span>
    </div>
    <div class="cell name" role="gridcell" title=${row.title}>${row.name}</div>
    <div class="cell what" role="gridcell" title=${row.what}>${row.what}</div>
    ${costCells(isRest ? none : costs)}
    <div class="cell bar-cell" role="presentation">${bar(row, largest)}</div>
    ${paramsCell(costs.params)}
  `
}

const costCells = ({ a, b, work }: Costs): TemplateResult => html`
  <div class="cell work" role="gridcell">${a}</div>
  <div class="cell work ${b === '=' ? 'quiet' : ''}" role="gridcell">${b}</div>
  <div class="cell change ${differenceClass(work)}" role="gridcell">${work.text}</div>
`

const paramsCell = (params: Difference): TemplateResult =>
  html`<div class="cell params ${differenceClass(params)}" role="gridcell">${params.text}</div>`

const differenceClass = ({ direction }: Difference): string =>
  direction === 'gain' || direction === 'loss' ? `${direction}-text` : 'quiet'

/** A as an outline, B filled inside it, from one zero and on one scale. */
function bar({ a, b, kind }: PanelCompareRow, largest: number): TemplateResult | typeof nothing {
  const [from, to] = [a?.work ?? 0, b?.work ?? 0]
  if (largest <= 0 || (from <= 0 && to <= 0)) return nothing
  return html`
    <svg class="compare-bar" width="100%" height="15" aria-hidden="true">
      ${to > 0 ? svg`<rect class="bar ${kindClass(kind)}" x="1" y="3.5" width=${length(to, largest)} height="8"></rect>` : nothing}
      ${from > 0 ? svg`<rect class="outline" x="0.5" y="0.5" width=${length(from, largest)} height="14"></rect>` : nothing}
    </svg>
  `
}

/** A part of the column; what is there is at least a hair line. */
function length(value: number, largest: number): string {
  const percent = (value / largest) * FULL
  return percent < HAIR ? '1' : `${percent.toFixed(2)}%`
}

/** Outlines end inside the column. */
const FULL = 98.5
const HAIR = 0.4

function select({ app }: Shown, { layer }: PanelCompareRow): void {
  if (layer !== null) app.select([layer])
}

function toggle({ app, state }: Shown, line: CompareLine & { readonly type: 'group' | 'folded' }): void {
  const { compare } = state
  const { id } = line.group
  const list = line.type === 'group' ? compare.toggled : compare.unfolded
  const next = list.includes(id) ? list.filter(other => other !== id) : [...list, id]
  app.update({ compare: { ...compare, [line.type === 'group' ? 'toggled' : 'unfolded']: next } })
}

let typed = { text: '', until: 0 }

function keys(event: KeyboardEvent, shown: Shown, lines: readonly CompareLine[]): void {
  const { app } = shown
  const id = (event.target as HTMLElement).closest<HTMLElement>('[data-compare]')?.dataset.compare
  const at = lines.findIndex(line => line.id === id)
  const line = lines[at]
  if (!line || event.ctrlKey || event.metaKey || event.altKey) return
  const go = (to: CompareLine | undefined): void => {
    if (!to) return
    app.update({ compareFocus: to.id })
    if (to.type === 'layer') select(shown, to.row)
    app.focus(`[data-compare="${CSS.escape(to.id)}"]`)
  }
  const { key } = event
  if (key === 'ArrowDown') go(lines[at + 1])
  else if (key === 'ArrowUp') go(lines[at - 1])
  else if (key === 'Home') go(lines[0])
  else if (key === 'End') go(lines.at(-1))
  else if (key === 'ArrowRight') {
    if (line.type === 'folded') unfold(shown, line, lines, at)
    else if (line.type === 'group') line.open ? go(lines[at + 1]) : toggle(shown, line)
  } else if (key === 'ArrowLeft') {
    if (line.type === 'group') line.open && toggle(shown, line)
    else go(lines.slice(0, at).findLast(each => each.type === 'group'))
  } else if (key === 'Enter' || key === ' ') {
    if (line.type === 'layer') app.reveal(line.row.place)
    else if (line.type === 'folded') unfold(shown, line, lines, at)
    else toggle(shown, line)
  } else if (key.length === 1 && key !== '?') {
    const now = performance.now()
    typed = { text: (now < typed.until ? typed.text : '') + key.toLowerCase(), until: now + TYPING_MS }
    const first = typed.text.length > 1 ? at : at + 1
    go([...lines.slice(first), ...lines.slice(0, first)].find(each => nameOf(each).includes(typed.text)))
  } else return
  event.preventDefault()
}

/** The line goes; the keyboard stays where it was, on the row above. */
function unfold(
  shown: Shown,
  line: CompareLine & { readonly type: 'folded' },
  lines: readonly CompareLine[],
  at: number,
): void {
  const before = lines[at - 1]
  toggle(shown, line)
  if (!before) return
  shown.app.update({ compareFocus: before.id })
  shown.app.focus(`[data-compare="${CSS.escape(before.id)}"]`)
}

const nameOf = (line: CompareLine): string =>
  (line.type === 'layer' ? line.row.name : line.type === 'group' ? line.group.name : '').toLowerCase()

const TYPING_MS = 800
