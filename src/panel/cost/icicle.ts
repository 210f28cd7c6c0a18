/**
 * Where the cost lies, as widths: the model, its stages, their blocks, the layers.
 *
 *   | resnet50 · 4.09G MACs                                      |
 *   |  | layer1 · 668M · 16% | layer2 · 1.03G · 25%   | layer3 …  |
 *   |  | 0     | 1    | 2    | 0       | 1   | 2  | 3 | 0     | 1 |
 *   |▒▒|▓▓|██|▓|▓|██|▓|▓|██|▓|▓▓|██|▓▓▓|▓|██|▓|…                   |
 */
import { html, svg, type TemplateResult } from 'lit'
import { formatCount, formatShare } from '../../base/format'
import type { PanelKind, PanelNetwork, PanelPlace } from '../../protocol/panel'
import type { Shown } from '../app'
import type { Measure } from '../measure'
import { kindClass } from '../parts'
import type { Level } from '../state'
import { lowerBound, spokenGroup, spokenLayer } from '../words'
import { barsOf, selectedBars } from './bars'
import { chartListbox, type Hit } from './listbox'

const ROW = 22
const LAYER_ROW = 35
const GAP = 1
/** Cells under this width have no text. */
const LEAST_TEXT = 20
/** Cells under this width are joined. */
const LEAST_CELL = 0.6

const LEVEL_NAMES = ['the model', 'stages', 'blocks', 'layers']

export interface Cell {
  readonly id: string
  readonly level: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly kind: PanelKind
  readonly text: string
  readonly spoken: string
  readonly stage: number
  readonly place: PanelPlace | null
  /** Layers that are drawn as this one cell, when more than one. */
  readonly joined: number
}

/** Cells of four levels, left to right in the order of the layers; widths are shares of the work. */
export function icicleLayout(
  model: PanelNetwork,
  width: number,
  depth: Level,
  measure: Measure,
): { cells: Cell[]; height: number } {
  const cells: Cell[] = []
  const scale = model.work > 0 ? width / model.work : 0
  const starts = [0]
  for (const layer of model.layers) starts.push(starts.at(-1)! + (layer.work ?? 0) * scale)
  const hasBlocks =
    model.blocks.some(block => block.last - block.first > 1) && model.blocks.length > model.stages.length
  const y = [0, ROW + GAP, 2 * (ROW + GAP), (hasBlocks ? 3 : 2) * (ROW + GAP)]
  const label = (texts: readonly string[], room: number): string =>
    room < LEAST_TEXT ? '' : (texts.find(text => measure(text) + 10 <= room) ?? '')
  const total = lowerBound(model.work, model.atLeast)
  cells.push({
    ...{ id: 'model', level: 0, x: 0, y: 0, width, height: ROW, kind: 'sum', stage: 0, place: null, joined: 1 },
    text: label([`${model.model} · ${total} ${model.unit}`, model.model], width),
    spoken: `${model.model}, ${total} ${model.unit}`,
  })
  const group = (
    list: PanelNetwork['stages'],
    level: number,
    texts: (group: PanelNetwork['stages'][number]) => string[],
  ): void => {
    for (const item of list) {
      const cellWidth = starts[item.last]! - starts[item.first]!
      const layer = model.layers[item.first]
      if (!layer || cellWidth < LEAST_CELL) continue
      cells.push({
        id: item.last - item.first === 1 ? layer.id : `${item.id}/`,
        ...{
          level,
          x: starts[item.first]!,
          y: y[level]!,
          width: cellWidth,
          height: ROW,
          kind: 'sum',
          stage: layer.stage,
        },
        text: label(texts(item), cellWidth),
        spoken: spokenGroup(item, model.unit),
        place: layer.place,
        joined: 1,
      })
    }
  }
  group(model.stages, 1, ({ name, work, atLeast, share }) => [
    `${name} · ${lowerBound(work, atLeast)} · ${formatShare(share)}`,
    `${name} · ${formatShare(share)}`,
    name,
  ])
  if (hasBlocks && depth !== 'stages') group(model.blocks, 2, ({ name }) => [name.slice(name.lastIndexOf('.') + 1)])
  if (depth === 'layers') cells.push(...layerCells(model, starts, y[3]!))
  return { cells, height: Math.max(...cells.map(cell => cell.y + cell.height)) }
}

/** One cell a layer; runs of cells that are too narrow to be seen become one. */
function layerCells(model: PanelNetwork, starts: readonly number[], y: number): Cell[] {
  const cells: Cell[] = []
  let run: number[] = []
  const flush = (): void => {
    const [first] = run
    if (first === undefined) return
    const layer = model.layers[first]!
    const end = starts[run.at(-1)! + 1]!
    cells.push({
      ...{ id: layer.id, level: 3, x: starts[first]!, y, width: end - starts[first]!, height: LAYER_ROW },
      kind: run.length > 1 ? 'rest' : layer.kind,
      text: run.length > 1 && end - starts[first]! >= 60 ? `${run.length} more` : '',
      spoken:
        run.length > 1
          ? `${run.length} more layers, ${formatCount(run.reduce((sum, i) => sum + (model.layers[i]!.work ?? 0), 0))} ${model.unit}`
          : spokenLayer(layer, model.unit),
      stage: layer.stage,
      place: layer.place,
      joined: run.length,
    })
    run = []
  }
  model.layers.forEach((_, i) => {
    const own = starts[i + 1]! - starts[i]!
    if (own >= LEAST_CELL) flush()
    run.push(i)
    if (own >= LEAST_CELL) flush()
  })
  flush()
  return cells.filter(cell => cell.width > 0.05)
}

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
  const className = level < 3 ? `cell level-${level}` : joined > 1 ? 'cell joined' : `bar ${kindClass(kind)}`
  return svg`
    <rect class=${className} x=${rect.x} y=${y} width=${rect.width} height=${height}></rect>
    ${text ? svg`<text class=${level < 3 ? 'cell-text' : 'cell-text more'} x=${x + 5} y=${y + (level < 3 ? 15 : 22)}>${text}</text>` : ''}
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
