import type { PanelLayer, PanelNetwork, PanelRow } from '../../protocol/panel'
import type { SortKey, State } from '../state'
import { openRows } from '../state'

/** One row as the table shows it. */
export interface TableRow {
  readonly row: PanelRow
  readonly layer: PanelLayer | null
  readonly depth: number
  /** Null for rows without children. */
  readonly open: boolean | null
  /** The path, where rows stand outside their tree. */
  readonly name: string
}

/** The rows in the order and under the filter of the state: a tree by order, else the leaves alone. */
export function tableRows(state: State, model: PanelNetwork): TableRow[] {
  const filter = state.filter.toLowerCase()
  if (state.sort.key !== 'order')
    return sorted(
      leaves(model.rows, model).filter(leaf => matches(leaf, filter)),
      state,
    )
  const open = openRows(state, model)
  const list: TableRow[] = []
  const walk = (rows: readonly PanelRow[], depth: number): boolean => {
    let any = false
    for (const row of rows) {
      const at = list.length
      const own = tableRow(row, model, depth, row.children.length ? open.has(row.id) || filter !== '' : null, row.name)
      if (filter !== '' && !row.children.length && !matches({ ...own, name: pathOf(row) }, filter)) continue
      list.push(own)
      const inside = own.open === true ? walk(row.children, depth + 1) : false
      if (filter !== '' && row.children.length && !inside) list.length = at
      else any = true
    }
    return any
  }
  walk(model.rows, 0)
  return list
}

function leaves(rows: readonly PanelRow[], model: PanelNetwork): TableRow[] {
  return rows.flatMap(row =>
    row.children.length ? leaves(row.children, model) : [tableRow(row, model, 0, null, pathOf(row))],
  )
}

const tableRow = (row: PanelRow, model: PanelNetwork, depth: number, open: boolean | null, name: string): TableRow => ({
  row,
  layer: row.layer === null ? null : (model.layers[row.layer] ?? null),
  depth,
  open,
  name,
})

/** A layer's path; a rest is called by its container and its own name. */
function pathOf(row: PanelRow): string {
  if (row.kind !== 'rest') return row.id
  const container = row.id.replace(/\/rest$/, '')
  return container === '' || container === row.id || container.startsWith('stage ')
    ? row.name
    : `${container}: ${row.name}`
}

const matches = ({ name, row }: TableRow, filter: string): boolean =>
  filter === '' || name.toLowerCase().includes(filter) || row.what.toLowerCase().includes(filter)

const VALUES: Readonly<Record<Exclude<SortKey, 'order'>, (row: TableRow) => number | null>> = {
  params: ({ row, layer }) => (layer ? layer.params : row.params),
  work: ({ row, layer }) => (layer ? layer.work : row.work),
  share: ({ row, layer }) => (layer ? layer.share : row.share),
  intensity: ({ layer }) => layer?.intensity ?? null,
  field: ({ layer }) =>
    layer?.field === 'all' ? Number.POSITIVE_INFINITY : layer?.field ? Number.parseInt(layer.field, 10) : null,
  line: ({ row }) => row.place?.line ?? null,
}

/** By a number, unknown ones last in both directions, equal ones in the order of the text. */
function sorted(rows: TableRow[], { sort }: State): TableRow[] {
  const value = VALUES[sort.key as Exclude<SortKey, 'order'>]
  const sign = sort.down ? -1 : 1
  return rows.sort((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return x === y ? 0 : x < y ? -sign : sign
  })
}
