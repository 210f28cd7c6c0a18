/**
 * The network in the columns of a paper's table:
 *
 *   params in [K = 1000 | K = 1024]  [weights | params | biases in ops]      [Copy Markdown] [LaTeX] [CSV]
 *   layer  type            patch size/stride  output size  depth  #1×1 …  params   ops
 *   conv1  convolution     7×7/2              112×112×64       1              9K  118M
 *   3a     inception (3a)                     28×28×256        2    64      164K  128M
 *   Params: K = 1000, biases and norms included. Ops: multiply-accumulates (MACs), …
 *
 * Where that does not fit, nothing scrolls sideways: what stands in the other columns is a line of its own.
 *
 *   layer                output      params   ops
 *   3a inception (3a)    28×28×256     164K  128M
 *      #1×1 64 · #3×3 reduce 96 · #3×3 128 · …
 */
import { html, nothing, type TemplateResult } from 'lit'
import { latexTable } from '../../base/latex'
import type { CopiedPaper, PanelPaperRow, PaperChoice } from '../../protocol/paper'
import { isNarrow, type Shown } from '../app'
import { link, segmented } from '../parts'
import { csvOf, markdownOf } from '../textTable'

/** What is counted, ways to take the table along, and the table. */
export function paperView(shown: Shown): TemplateResult {
  const { app, state, model } = shown
  const { paper } = model
  const choose = (choice: PaperChoice): void => {
    app.update({ paper: choice })
    app.send({ type: 'paper', ...choice })
  }
  const { kilo, biases } = state.paper
  return html`
    <div class="controls paper-controls">
      ${segmented('What K is', KILOS, String(kilo), value => choose({ biases, kilo: value === '1024' ? 1024 : 1000 }))}
      ${segmented('What is counted', BIASES, biases, value => choose({ kilo, biases: value as PaperChoice['biases'] }))}
      <span class="spacer"></span>
      <span class="paper-copy">
        Copy ${FORMS.map(([format, name]) => link(name, () => copyPaper(shown, format)))}
      </span>
    </div>
    ${isFolded(shown) ? foldedTable(shown) : wideTable(shown)}
    ${paper.more ? html`<p class="quiet">… ${paper.more} more rows; the total has them all.</p>` : nothing}
    <p class="quiet paper-note">${paper.note}</p>
  `
}

/** Whether the columns are more than the page is wide, at what a column takes on average. */
const isFolded = ({ state, model }: Shown): boolean => isNarrow(state) || model.paper.head.length * COLUMN > state.width
const COLUMN = 80

/** All columns; long cells break, and what is wider still scrolls by itself. */
const wideTable = (shown: Shown): TemplateResult => {
  const { paper } = shown.model
  const columns = paper.head.map((_, i) => i)
  return html`
    <div class="paper-scroll" tabindex="0" role="region" aria-label="Paper table">
      <table class="paper">
        ${headRow(shown, columns)}
        <tbody>
          ${paper.rows.map(row => tableRow(shown, row, columns))}
        </tbody>
        ${footRow(shown, columns)}
      </table>
    </div>
  `
}

/** Four columns, and a line below a row that has more to say. */
const foldedTable = (shown: Shown): TemplateResult => {
  const { paper } = shown.model
  const last = paper.head.length
  const columns = [LAYER, OUTPUT, last - 2, last - 1]
  return html`
    <table class="paper narrow">
      ${headRow(shown, columns)}
      <tbody>
        ${paper.rows.map(row => {
          const more = isShort(row) ? '' : moreOf(paper.head, row.cells)
          return [
            tableRow(shown, row, columns),
            more ? html`<tr class=${rowClass(shown, row, 'more')}><td colspan="4">${more}</td></tr>` : nothing,
          ]
        })}
      </tbody>
      ${footRow(shown, columns)}
    </table>
  `
}

/** Columns that every paper table has. */
const [LAYER, TYPE, PATCH, OUTPUT, DEPTH] = [0, 1, 2, 3, 4] as const

/** A window alone stands behind the type. */
const isShort = ({ cells }: PanelPaperRow): boolean =>
  cells[PATCH]!.length < 9 && cells.slice(DEPTH + 1, -2).every(cell => cell === '')

/** `#1×1 64 · #3×3 reduce 96`: the window, and the columns of a module that are not empty. */
const moreOf = (head: readonly string[], cells: readonly string[]): string =>
  [cells[PATCH]!, ...cells.slice(DEPTH + 1, -2).map((cell, i) => cell && `${head[i + DEPTH + 1]} ${cell}`)]
    .filter(text => text && !text.endsWith(' 0'))
    .join(' · ')

/** The table as text: rounded as in papers, or exact numbers for CSV. */
export function paperText({ model }: Shown, format: CopiedPaper): string {
  const { head, rows, total, note, exact, numeric: isNumeric } = model.paper
  const cells = rows.map(row => row.cells)
  if (format === 'csv') return csvOf(exact)
  if (format === 'markdown') return `${markdownOf([head, ...cells, total])}\n${note}\n`
  const right = new Set(isNumeric.flatMap((is, i) => (is ? [i] : [])))
  return latexTable([head, ...cells], total, right, `${model.model}, input ${model.input}. ${note}`)
}

export const copyPaper = (shown: Shown, format: CopiedPaper): void =>
  shown.app.send({ type: 'copyText', text: paperText(shown, format), said: 'Copied' })

const KILOS = [
  { value: '1000', label: 'K = 1000' },
  { value: '1024', label: 'K = 1024' },
]
const BIASES = [
  { value: 'none', label: 'Weights' },
  { value: 'params', label: 'Params' },
  { value: 'both', label: 'Biases in ops too' },
]
const FORMS: readonly (readonly [CopiedPaper, string])[] = [
  ['markdown', 'Markdown'],
  ['latex', 'LaTeX'],
  ['csv', 'CSV'],
]

const numeric = ({ model }: Shown, column: number): string =>
  model.paper.numeric[column] ? 'number' : column === PATCH || model.paper.head[column] === 'others' ? 'long' : ''

const headRow = (shown: Shown, columns: readonly number[]): TemplateResult => html`
  <thead>
    <tr>
      ${columns.map(i => html`<th scope="col" class=${numeric(shown, i)}>${shown.model.paper.head[i]}</th>`)}
    </tr>
  </thead>
`

const footRow = (shown: Shown, columns: readonly number[]): TemplateResult => html`
  <tfoot>
    <tr>
      ${columns.map(i => html`<td class=${numeric(shown, i)}>${shown.model.paper.total[i]}</td>`)}
    </tr>
  </tfoot>
`

const rowClass = ({ state }: Shown, { layers }: PanelPaperRow, kind = ''): string =>
  layers.length > 0 && layers.every(id => state.selection.includes(id)) ? `${kind} selected` : kind

/** A row selects its layers everywhere; a double click goes to the first of its lines. */
function tableRow(shown: Shown, row: PanelPaperRow, columns: readonly number[]): TemplateResult {
  const { app } = shown
  const { cells, title, layers, place } = row
  const type = isShort(row) ? `${cells[TYPE]} ${cells[PATCH]}` : cells[TYPE]
  const name = (): unknown =>
    isFolded(shown) ? html`${cells[LAYER]} <span class="quiet">${type}</span>` : cells[LAYER]
  return html`
    <tr
      class=${rowClass(shown, row)}
      title=${title}
      @click=${() => layers.length && app.select(layers)}
      @dblclick=${() => app.reveal(place)}
    >
      ${columns.map(i =>
        i === LAYER ? html`<th scope="row">${name()}</th>` : html`<td class=${numeric(shown, i)}>${cells[i]}</td>`,
      )}
    </tr>
  `
}
