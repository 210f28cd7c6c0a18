import type { PanelKind, PanelNetwork } from '../../protocol/panel'
import type { Level } from '../state'
import { spokenGroup, spokenLayer } from '../words'

/** One bar of the depth chart: a layer, a block or a stage. */
export interface Bar {
  readonly id: string
  readonly kind: PanelKind
  readonly name: string
  /** Null where it is not known. */
  readonly work: number | null
  readonly params: number | null
  readonly stage: number
  readonly block: number
  /** The layers it stands for: [first, last). */
  readonly first: number
  readonly last: number
  readonly spoken: string
}

/** The bars of a level. A block or stage with one layer looks like that layer. */
export function barsOf(model: PanelNetwork, level: Level): Bar[] {
  if (level === 'layers') {
    return model.layers.map((layer, i) => ({
      id: layer.id,
      kind: layer.kind,
      name: layer.id,
      work: layer.work,
      params: layer.params,
      stage: layer.stage,
      block: layer.block,
      first: i,
      last: i + 1,
      spoken: spokenLayer(layer, model.unit),
    }))
  }
  return (level === 'blocks' ? model.blocks : model.stages).flatMap(group => {
    const layer = model.layers[group.first]
    if (!layer || group.last === group.first) return []
    const single = group.last - group.first === 1
    return {
      id: single ? layer.id : `${group.id}/`,
      kind: single ? layer.kind : 'sum',
      name: group.name,
      work: single ? layer.work : group.work,
      params: single ? layer.params : group.params,
      stage: layer.stage,
      block: layer.block,
      first: group.first,
      last: group.last,
      spoken: spokenGroup(group, model.unit),
    } satisfies Bar
  })
}

const LEVELS: readonly Level[] = ['layers', 'blocks', 'stages']

/** The wanted level, or the next coarser one whose bars fit at 4 pixels each. */
export function fittingLevel(model: PanelNetwork, wanted: Level, room: number, gap: number, stageGap: number): Level {
  const counts = { layers: model.layers.length, blocks: model.blocks.length, stages: model.stages.length }
  for (const level of LEVELS.slice(LEVELS.indexOf(wanted))) {
    const gaps = (counts[level] - 1) * gap + (model.stages.length - 1) * (stageGap - gap)
    if (counts[level] * LEAST_BAR + gaps <= room) return level
  }
  return 'stages'
}

const LEAST_BAR = 4

/** Ids of the bars that hold one of the selected rows, or are part of one. */
export function selectedBars(model: PanelNetwork, bars: readonly Bar[], selection: readonly string[]): Set<string> {
  const wanted = new Set<number>()
  const ids = new Set(selection)
  const inside = selection.filter(id => id.endsWith('/')).map(id => `${id.slice(0, -1)}.`)
  for (const [i, layer] of model.layers.entries()) {
    if (ids.has(layer.id) || inside.some(prefix => layer.id.startsWith(prefix))) wanted.add(i)
  }
  for (const group of [...model.stages, ...model.blocks]) {
    if (ids.has(`${group.id}/`)) for (let i = group.first; i < group.last; i++) wanted.add(i)
  }
  const found = new Set<string>()
  for (const bar of bars) {
    for (let i = bar.first; i < bar.last; i++) if (wanted.has(i)) found.add(bar.id)
  }
  return found
}
