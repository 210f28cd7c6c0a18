import { formatCount, formatShare } from '../../base/format'
import type { PanelGroup, PanelKind, PanelNetwork, PanelPlace } from '../../protocol/panel'
import type { Measure } from '../measure'
import type { Level } from '../state'
import { lowerBound, spokenGroup, spokenLayer } from '../words'

const ROW = 22
const LAYER_ROW = 35
const GAP = 1
/** Cells under this width have no text. */
const LEAST_TEXT = 20
/** Cells under this width are joined. */
const LEAST_CELL = 0.6

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
  if (hasBlocks && depth !== 'stages') group(model.blocks, 2, block => [nameInStage(model, block)])
  if (depth === 'layers') cells.push(...layerCells(model, starts, y[3]!))
  return { cells, height: Math.max(...cells.map(cell => cell.y + cell.height)) }
}

/** `0` of `layer1.0` under `layer1`. */
function nameInStage(model: PanelNetwork, { name, first }: PanelGroup): string {
  const stage = model.stages[model.layers[first]?.stage ?? 0]?.name
  return stage && name.startsWith(`${stage}.`) ? name.slice(stage.length + 1) : name
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
