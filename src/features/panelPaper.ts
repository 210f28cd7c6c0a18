import { paperTable } from '../analysis/paper'
import type { Graph, Node } from '../core/graph'
import type { PanelPaper, PaperChoice } from '../protocol/paper'
import { placeOf } from './panelCost'
import { PAPER_DEFAULTS, paperCells } from './paperCells'

/** The paper table as the panel shows it; `idOf` names the layer of the panel that a node is. */
export function panelPaper(
  graph: Graph,
  choice: PaperChoice | undefined,
  unit: 'MACs' | 'FLOPs',
  idOf: ReadonlyMap<Node, string>,
  lineStarts: readonly number[],
): PanelPaper {
  const { kilo, biases } = choice ?? PAPER_DEFAULTS
  const whole = paperTable(graph)
  const table = { ...whole, rows: whole.rows.slice(0, MOST) }
  const options = { kilo, biases, unit }
  const { head, right, rows, total, note } = paperCells(table, options)
  const exact = paperCells(table, options, true)
  return {
    kilo,
    biases,
    head,
    numeric: head.map((_, i) => right.has(i)),
    rows: rows.map((cells, i) => {
      const { site, layers, nodes } = table.rows[i]!
      return {
        cells,
        title: layers,
        layers: [...new Set(nodes.flatMap(id => idOf.get(graph.nodes[id]!) ?? []))],
        place: site && placeOf(site, lineStarts),
      }
    }),
    total,
    note,
    more: whole.rows.length - table.rows.length,
    exact: [exact.head, ...exact.rows, exact.total],
  }
}

/** Rows that the panel draws; the command line and the clipboard have them all. */
const MOST = 400
