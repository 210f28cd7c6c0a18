import { max } from 'd3-array'
import { html, nothing, type TemplateResult } from 'lit'
import { formatRatio, formatShare, plural } from '../../base/format'
import type { PanelRow } from '../../protocol/panel'
import { type App, isNarrow, type Shown } from '../app'
import { icon, iconButton, kindClass, link } from '../parts'
import { layersOnLine, openRows, rowIndex, type SortKey } from '../state'
import { countOr, lineName, lineNumber, lowerBound, shareOr } from '../words'
import { type BarScale, bar } from './tableBar'
import { type TableRow, tableRows } from './tableRows'

interface Column {
  readonly key: SortKey | ''
  readonly label: string
  readonly className: string
}

/**
 * The tree of layers with what each costs. One row is reached by Tab; arrows move, open and close, letters filter,
 * Enter goes to the line.
 */
export function costTable(shown: Shown): TemplateResult {
  const { app, state, model } = shown
  const rows = tableRows(state, model)
  const drawn = rows.slice(0, state.rowLimit)
  const selected = new Set(state.selection)
  const entry =
    drawn.find(({ row }) => row.id === state.focus.table) ?? drawn.find(({ row }) => selected.has(row.id)) ?? drawn[0]
  const scales = scalesOf(shown)
  const cursor = new Set(state.cursor === null ? [] : layersOnLine(model, state.cursor))
  const outputWidth = Math.min(170, Math.max(...drawn.map(({ row }) => app.measure(row.output, 13)), 44))
  const columns = columnsOf(shown)
  return html`
    ${state.filter ? filterLine(shown, rows.filter(({ row }) => !row.children.length).length) : nothing}
    <div
      class="table ${isNarrow(state) ? 'narrow' : ''}"
      role="treegrid"
      aria-label="Layers and their cost"
      aria-rowcount=${rows.length + 1}
      .style=${`--output-width: ${Math.ceil(outputWidth)}px` as never}
      @keydown=${(event: KeyboardEvent) => tableKeys(event, shown, drawn)}
    >
      <div class="row head" role="row">
        ${columns.map(column => headCell(shown, column))}
      </div>
      ${drawn.map((row, i) => bodyRow(shown, row, i, { selected: selected.has(row.row.id), entry: row === entry, scales, cursor }))}
    </div>
    ${
      rows.length > drawn.length
        ? html`<p class="more-rows">
            ${link(`Show more of ${plural(rows.length, 'row')}`, () => app.update({ rowLimit: state.rowLimit * 4 }))}
          </p>`
        : nothing
    }
  `
}

const columnsOf = ({ model }: Shown): Column[] => [
  { key: 'order', label: 'layer', className: 'name' },
  { key: '', label: 'what it is', className: 'what' },
  { key: '', label: 'output', className: 'output' },
  { key: 'params', label: 'params', className: 'params' },
  { key: '', label: '', className: 'params-bar' },
  { key: 'work', label: model.unit, className: 'work' },
  { key: '', label: '', className: 'work-bar' },
  { key: 'share', label: 'share', className: 'share' },
  { key: 'intensity', label: 'FLOP/B', className: 'intensity' },
  { key: 'field', label: 'field, px', className: 'field' },
  { key: 'line', label: 'line', className: 'line' },
]

function headCell({ app, state }: Shown, { key, label, className }: Column): TemplateResult {
  if (key === '') return html`<div class="cell ${className}" role="columnheader">${label}</div>`
  const active = state.sort.key === key
  const first = key !== 'order' && key !== 'line'
  const choose = (): void => {
    const down = active && key !== 'order' ? !state.sort.down : first
    app.update({ sort: { key, down: key === 'order' ? false : down } })
  }
  return html`
    <div class="cell ${className}" role="columnheader" aria-sort=${active ? (state.sort.down ? 'descending' : 'ascending') : 'none'}>
      <button type="button" tabindex="-1" @click=${choose}>
        ${label}<span class="sort-mark" aria-hidden="true">${active ? (state.sort.down ? ' ▾' : ' ▴') : ''}</span>
      </button>
    </div>
  `
}

interface RowLook {
  readonly selected: boolean
  readonly entry: boolean
  readonly scales: ReadonlyMap<boolean, BarScale>
  /** Layers on the line of the editor's cursor. */
  readonly cursor: ReadonlySet<string>
}

function bodyRow(
  shown: Shown,
  tableRow: TableRow,
  index: number,
  { selected, entry, scales, cursor }: RowLook,
): TemplateResult {
  const { app, state, model } = shown
  const { row, layer, depth, open, name } = tableRow
  const isSum = row.kind === 'sum'
  const atCursor = layer !== null && cursor.has(layer.id)
  const scale = scales.get(isSum)!
  const place = row.place
  return html`
    <div
      class="row ${selected ? 'selected' : ''} ${atCursor ? 'at-cursor' : ''} ${isSum ? 'sum' : ''} ${kindClass(row.kind)}"
      role="row"
      data-row=${row.id}
      aria-rowindex=${index + 2}
      aria-level=${depth + 1}
      aria-expanded=${open === null ? nothing : String(open)}
      aria-selected=${String(selected)}
      aria-current=${atCursor ? 'location' : nothing}
      tabindex=${entry ? 0 : -1}
      @click=${() => {
        app.update({ focus: { ...state.focus, table: row.id } })
        app.select([row.id])
      }}
      @dblclick=${() => app.reveal(place)}
    >
      <div class="cell name depth-${Math.min(depth, 6)}" role="gridcell" title=${row.id.replace(/\/(rest)?$/, '')}>
        <span class="twisty" @click=${(event: Event) => toggle(event, shown, tableRow)}>
          ${open === null ? nothing : icon(open ? 'chevron-down' : 'chevron-right')}
        </span>
        <span class="name-text">${name}</span>${row.note ? html` <span class="note">${row.note}</span>` : nothing}
      </div>
      <div class="cell what" role="gridcell" title=${row.what}>${row.what}</div>
      <div class="cell output" role="gridcell">${row.output}</div>
      <div class="cell params" role="gridcell">${layer ? countOr(layer.params) : lowerBound(row.params, row.paramsAtLeast)}</div>
      <div class="cell params-bar" role="presentation">${bar(row.params, scale.params, row.kind, PARAMS_BAR)}</div>
      <div class="cell work" role="gridcell">${row.kind === 'rest' ? '–' : layer ? countOr(layer.work) : lowerBound(row.work, row.atLeast)}</div>
      <div class="cell work-bar" role="presentation">${bar(row.work, scale.work, row.kind, WORK_BAR)}</div>
      <div class="cell share" role="gridcell">${row.kind === 'rest' ? '–' : layer ? shareOr(layer.share) : row.atLeast && row.work === 0 ? '?' : formatShare(row.share)}</div>
      <div class="cell intensity" role="gridcell">${layer?.intensity == null ? '' : formatRatio(layer.intensity)}</div>
      <div class="cell field" role="gridcell">${layer ? (layer.field ?? '?') : ''}</div>
      <div class="cell line" role="gridcell">
        ${
          place
            ? html`<button
                type="button"
                class="link"
                tabindex="-1"
                aria-label=${lineName(model, place.line)}
                @click=${(event: Event) => {
                  event.stopPropagation()
                  app.reveal(place)
                }}
              >
                ${lineNumber(model, place.line)}
              </button>`
            : nothing
        }
      </div>
    </div>
  `
}

const PARAMS_BAR = 62
const WORK_BAR = 72

/** Leaves share one scale, sums another. */
function scalesOf({ model }: Shown): ReadonlyMap<boolean, BarScale> {
  const all = [...rowIndex(model.rows).values()].map(({ row }) => row)
  const scale = (rows: readonly PanelRow[]): BarScale => ({
    params: max(rows, row => row.params) || 1,
    work: max(rows, row => row.work) || 1,
  })
  return new Map([
    [true, scale(all.filter(row => row.kind === 'sum'))],
    [false, scale(all.filter(row => row.kind !== 'sum'))],
  ])
}

function toggle(event: Event, shown: Shown, { row, open }: TableRow): void {
  if (open === null) return
  event.stopPropagation()
  setOpen(shown, row.id, !open)
}

function setOpen({ app, state, model }: Shown, id: string, open: boolean): void {
  const ids = new Set(openRows(state, model))
  if (open) ids.add(id)
  else ids.delete(id)
  app.update({ open: [...ids] })
}

function filterLine({ app, state }: Shown, count: number): TemplateResult {
  return html`
    <p class="filter" role="status">
      ${icon('filter')} <strong>${state.filter}</strong> <span class="quiet">${plural(count, 'row')}</span>
      ${iconButton('close', 'Clear the filter', () => {
        app.update({ filter: '' })
        app.focus(ENTRY)
      })}
    </p>
  `
}

/** In the heads, above the first row: arrows go along them and back, Enter sorts as a click does. */
function headKeys(event: KeyboardEvent, button: HTMLElement, app: App): void {
  const buttons = [...(button.closest('.head')?.querySelectorAll<HTMLElement>('button') ?? [])]
  const at = buttons.indexOf(button)
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key]
  if (event.key === 'ArrowDown') app.focus(ENTRY)
  else if (to !== undefined) buttons[(to + buttons.length) % buttons.length]!.focus()
  else return
  event.preventDefault()
}

const ENTRY = '.table [tabindex="0"]'

function tableKeys(event: KeyboardEvent, shown: Shown, rows: readonly TableRow[]): void {
  const { app, state } = shown
  const head = (event.target as HTMLElement).closest<HTMLElement>('.head button')
  if (head) {
    headKeys(event, head, app)
    return
  }
  const id = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset.row
  const at = rows.findIndex(({ row }) => row.id === id)
  const current = rows[at]
  if (!current || event.ctrlKey || event.metaKey || event.altKey) return
  const go = (to: TableRow | undefined): void => {
    if (!to) return
    app.update({ focus: { ...state.focus, table: to.row.id } })
    app.select([to.row.id])
    app.focus(`[data-row="${CSS.escape(to.row.id)}"]`)
  }
  const { key } = event
  if (key === 'ArrowDown') go(rows[at + 1])
  else if (key === 'ArrowUp' && at === 0) app.focus('.table [aria-sort$="cending"] button')
  else if (key === 'ArrowUp') go(rows[at - 1])
  else if (key === 'Home') go(rows[0])
  else if (key === 'End') go(rows.at(-1))
  else if (key === 'ArrowRight')
    current.open === false ? setOpen(shown, current.row.id, true) : current.open && go(rows[at + 1])
  else if (key === 'ArrowLeft') {
    if (current.open) setOpen(shown, current.row.id, false)
    else go(rows.slice(0, at).findLast(({ depth }) => depth < current.depth))
  } else if (key === 'Enter') app.reveal(current.row.place)
  else if (key === 'Backspace') setFilter(shown, state.filter.slice(0, -1))
  else if (key === 'Escape' && state.filter) {
    event.stopPropagation()
    setFilter(shown, '')
  } else if (key.length === 1 && key !== '?' && !(key === ' ' && !state.filter)) setFilter(shown, state.filter + key)
  else return
  event.preventDefault()
}

/** Narrows the rows; the keyboard stays in the table, on the first row where its own is gone. */
function setFilter({ app, state, model }: Shown, filter: string): void {
  const next = { ...state, filter }
  const rows = tableRows(next, model)
  if (!rows.length) {
    app.update({ said: `No row matches ${filter}` })
    return
  }
  const kept = rows.some(({ row }) => row.id === state.focus.table)
  const first = rows.find(({ row }) => !row.children.length) ?? rows[0]!
  app.update({ filter, focus: { ...state.focus, table: kept ? state.focus.table : first.row.id } })
  app.focus(ENTRY)
}
