/**
 * The network in the columns of a paper's table:
 *
 *   params in [K = 1000 | K = 1024]  [weights | params | biases in ops]      [Copy Markdown] [LaTeX] [CSV]
 *   layer  type            patch size/stride  output size  depth  #1×1 …  params   ops
 *   conv1  convolution     7×7/2              112×112×64       1              9K  118M
 *   3a     inception (3a)                     28×28×256        2    64      164K  128M
 *   Params: K = 1000, biases and norms included. Ops: multiply-accumulates (MACs), …
 */
import { html, nothing, type TemplateResult } from 'lit'
import { latexTable } from '../../base/latex'
import type { CopiedPaper, PanelPaperRow, PaperChoice } from '../../protocol/paper'
import type { Shown } from '../app'
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
    <div class="paper-scroll" tabindex="0" role="region" aria-label="Paper table">
      <table class="paper">
        <thead>
          <tr>
            ${paper.head.map((head, i) => html`<th scope="col" class=${numeric(shown, i)}>${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${paper.rows.map(row => tableRow(shown, row))}
        </tbody>
        <tfoot>
          <tr>
            ${paper.total.map((cell, i) => html`<td class=${numeric(shown, i)}>${cell}</td>`)}
          </tr>
        </tfoot>
      </table>
    </div>
    ${paper.more ? html`<p class="quiet">… ${paper.more} more rows; the total has them all.</p>` : nothing}
    <p class="quiet paper-note">${paper.note}</p>
  `
}

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

const numeric = ({ model }: Shown, column: number): string => (model.paper.numeric[column] ? 'number' : '')

/** A row selects its layers everywhere; a double click goes to the first of its lines. */
function tableRow(shown: Shown, { cells, title, layers, place }: PanelPaperRow): TemplateResult {
  const { app, state } = shown
  const selected = layers.length > 0 && layers.every(id => state.selection.includes(id))
  return html`
    <tr
      class=${selected ? 'selected' : ''}
      title=${title}
      @click=${() => layers.length && app.select(layers)}
      @dblclick=${() => app.reveal(place)}
    >
      ${cells.map((cell, i) =>
        i === 0 ? html`<th scope="row">${cell}</th>` : html`<td class=${numeric(shown, i)}>${cell}</td>`,
      )}
    </tr>
  `
}
