/**
 * A convolution of small constant tensors with its numbers:
 *
 *   input, channel 1   input, channel 2   filter, channel 1   …   output, channel 1
 *   [1][3][ 5]         [2][4][ 6]         [1]                     [ 5][11][17]
 *   [7][9][11]         …                                          …
 *   1·1 + 2·2 = 5
 */
import { html, svg, type TemplateResult } from 'lit'
import type { PanelValues } from '../../protocol/panelPicture'
import type { CellsLayout, Grid } from './cellsLayout'

export function cellsChart(values: PanelValues, layout: CellsLayout): TemplateResult {
  const { width, height, grids, formula } = layout
  return html`
    <svg class="chart cells" id="chart" width=${width} height=${height} viewBox="0 0 ${width} ${height}">
      <g role="img" aria-label=${findingOf(values, formula)} aria-details="chart-data">
        ${grids.map(grid => gridShape(grid, layout))}
        <text class="account-sum" x="0" y=${height - 8}>${formula}</text>
      </g>
    </svg>
    ${hiddenTable(layout)}
  `
}

const gridShape = ({ part, title, x, y, cells }: Grid, { cell }: CellsLayout): TemplateResult => svg`
  <text class="cells-title" x=${x} y=${y - 5}>${title}</text>
  ${cells.map(
    ({ text, row, column, lit }) => svg`
      <rect
        class="cell-box part-${part} ${lit ? 'lit' : ''}"
        x=${x + column * cell.width + 0.5}
        y=${y + row * cell.height + 0.5}
        width=${cell.width - 1}
        height=${cell.height - 1}
      ></rect>
      <text class="cell-number" x=${x + (column + 0.5) * cell.width} y=${y + (row + 0.5) * cell.height + 4} text-anchor="middle">${text}</text>
    `,
  )}
`

function findingOf({ input, filter, output }: PanelValues, formula: string): string {
  const size = (shape: readonly number[]): string => shape.join(' by ')
  const first = formula ? ` The first value is ${formula}.` : ''
  return `${size(input.shape)} numbers, filters of ${size(filter.shape)}, give ${size(output.shape)} numbers.${first}`
}

const hiddenTable = ({ grids }: CellsLayout): TemplateResult => html`
  <div id="chart-data" class="hidden-data">
    ${grids.map(
      ({ title, rows, cells }) => html`<table>
        <caption>${title}</caption>
        <tbody>
          ${Array.from(
            { length: rows },
            (_, row) =>
              html`<tr>${cells.filter(cell => cell.row === row).map(({ text }) => html`<td>${text}</td>`)}</tr>`,
          )}
        </tbody>
      </table>`,
    )}
  </div>
`
