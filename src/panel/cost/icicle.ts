/**
 * Where the cost lies, as widths: the model, its stages, their blocks, the layers.
 *
 *   | resnet50 · 4.09G MACs                                      |
 *   |  | layer1 · 668M · 16% | layer2 · 1.03G · 25%   | layer3 …  |
 *   |  | 0     | 1    | 2    | 0       | 1   | 2  | 3 | 0     | 1 |
 *   |▒▒|▓▓|██|▓|▓|██|▓|▓|██|▓|▓▓|██|▓▓▓|▓|██|▓|…                   |
 */
import { html, svg, type TemplateResult } from 'lit'
import type { PanelNetwork } from '../../protocol/panel'
import type { Shown } from '../app'
import { kindClass } from '../parts'
import { barsOf, selectedBars } from './bars'
import { type Cell, icicleLayout } from './icicleLayout'
import { chartListbox, type Hit } from './listbox'

const LEVEL_NAMES = ['the model', 'stages', 'blocks', 'layers']

export function icicle(shown: Shown, width: number): TemplateResult {
  const { app, state, model } = shown
  const { cells, height } = icicleLayout(model, width, state.level, app.measure)
  const inLevel = cells.filter(cell => cell.level === state.icicleLevel)
  const focusable = inLevel.length ? inLevel : cells.filter(cell => cell.level === cells.at(-1)!.level)
  const selected = selectedCells(model, cells, state.selection)
  const hits = (list: readonly Cell[]): Hit[] =>
    list.map(({ id, spoken, x, y, width: w, height: h, stage, place }) => ({
      id,
      label: spoken,
      x,
      y,
      width: w,
      height: h,
      group: stage,
      place,
    }))
  const toLevel = (hit: Hit, step: 1 | -1): void => {
    const levels = [...new Set(cells.map(cell => cell.level))]
    const level = levels[levels.indexOf(focusable[0]!.level) + step]
    const target = cells.find(cell => cell.level === level && cell.x + cell.width > hit.x + 0.01)
    if (level === undefined || !target) return
    app.update({ icicleLevel: level, focus: { ...state.focus, chart: target.id } })
    app.select(target.id === 'model' ? [] : [target.id])
    app.focus(`[data-hit="${CSS.escape(target.id)}"]`)
  }
  const pointed = cells.filter(cell => !focusable.includes(cell))
  return html`
    <svg class="chart icicle" id="chart" width=${width} height=${height} viewBox="0 0 ${width} ${height}">
      <g role="img" aria-label=${`Share of ${model.unit} by stage, block and layer`}>
        ${cells.map(cellMark)}
        ${cells.filter(cell => selected.has(cell.level + cell.id)).map(selectedMark)}
      </g>
      <g aria-hidden="true">
        ${hits(pointed).map(
          hit => svg`<rect class="hit" x=${hit.x} y=${hit.y} width=${hit.width} height=${hit.height}
            @pointerenter=${() => app.update({ hover: hit.id })}
            @click=${() => app.select(hit.id === 'model' ? [] : [hit.id])}
            @dblclick=${() => app.reveal(hit.place)}></rect>`,
        )}
      </g>
      ${chartListbox(shown, {
        label: `Share of ${model.unit}: ${LEVEL_NAMES[focusable[0]!.level]}`,
        hits: hits(focusable),
        selected: new Set(cells.filter(cell => selected.has(cell.level + cell.id)).map(cell => cell.id)),
        vertical: toLevel,
      })}
    </svg>
  `
}

function cellMark({ x, y, width, height, kind, text, level, joined }: Cell): TemplateResult {
  const inset = width > 2 ? 0.5 : 0
  const rect = { x: x + inset, width: Math.max(0.3, width - 2 * inset) }
  const className = level < 3 ? `part level-${level}` : joined > 1 ? 'part joined' : `bar ${kindClass(kind)}`
  return svg`
    <rect class=${className} x=${rect.x} y=${y} width=${rect.width} height=${height}></rect>
    ${text ? svg`<text class=${level < 3 ? 'part-text' : 'part-text more'} x=${x + 5} y=${y + (level < 3 ? 15 : 22)}>${text}</text>` : ''}
  `
}

const selectedMark = ({ x, y, width, height }: Cell): TemplateResult =>
  svg`<rect class="selected-cell" x=${x + 1} y=${y + 1} width=${Math.max(1, width - 2)} height=${height - 2}></rect>`

function selectedCells(model: PanelNetwork, cells: readonly Cell[], selection: readonly string[]): Set<string> {
  const exact = new Set(cells.filter(cell => selection.includes(cell.id)).map(cell => cell.level + cell.id))
  if (exact.size) return exact
  const layers = selectedBars(model, barsOf(model, 'layers'), selection)
  return new Set(cells.filter(cell => cell.level === 3 && layers.has(cell.id)).map(cell => cell.level + cell.id))
}
