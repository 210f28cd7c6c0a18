import { readFileSync } from 'node:fs'
import { type Totals, totals } from '../../../src/core/cost'
import type { Graph, Value } from '../../../src/core/graph'
import type { Problem } from '../../../src/core/problem'
import type { BuiltModel, InputShape, ModelFile, Row } from '../../../src/frontends/frontend'
import { ultralytics } from '../../../src/frontends/ultralytics'

/** A text, opened and built. */
export interface Opened extends BuiltModel {
  readonly file: ModelFile
  readonly totals: Totals
  readonly problems: readonly Problem[]
}

/** Opens a text and builds the model of this name or alias, else the one the file asks for. */
export function openModel(
  text: string,
  { name = 'model.yaml', model, input }: { name?: string; model?: string; input?: InputShape['shape'] } = {},
): Opened {
  const file = ultralytics.open({ uri: `file:///${name}`, name, text })
  const choice = file.models.find(m => m.name === model || (model !== undefined && m.aliases.includes(model)))
  const built = file.build({ model: choice?.name ?? file.defaultModel ?? '', inputs: input ? [{ shape: input }] : [] })
  return { ...built, file, totals: totals(built.graph), problems: [...file.problems, ...built.graph.problems] }
}

/** A row's params as the framework counts them: of all layers that it declares or calls. */
export function rowParams(graph: Graph, row: Row): number {
  const called = graph.nodes.slice(row.first, row.last).flatMap(node => node.layer ?? [])
  const weights = [...new Set([...row.layers, ...called])].flatMap(layer => layer.weights)
  return weights.reduce((sum, w) => sum + (w.kind === 'buffer' ? 0 : (w.elements ?? Number.NaN)), 0)
}

/** A row's MACs; NaN where one of its calls has unknown ones. */
export const rowMacs = (graph: Graph, row: Row): number =>
  graph.nodes.slice(row.first, row.last).reduce((sum, node) => sum + (node.cost.macs ?? Number.NaN), 0)

/** A shape with the batch as 1, as one image has it. */
export const shapeOf = (value: Value | null | undefined): unknown =>
  value?.shape?.map(dim => (typeof dim === 'object' && dim !== null ? dim.coefficient : dim)) ?? null

/** The lines of a file beside this one. */
export const lines = <T>(name: string): T[] =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as T)

/** A text of rows under `backbone`, with `nc: 7` above. */
export const backbone = (...rows: string[]): string => `nc: 7\nbackbone:\n${rows.map(row => `  - ${row}\n`).join('')}`
