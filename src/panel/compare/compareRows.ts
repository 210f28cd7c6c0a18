import type { PanelCompared, PanelCompareGroup, PanelCompareRow } from '../../protocol/panelCompare'

/** What was opened and closed by hand on the Compare tab. */
export interface CompareView {
  /** Layers without change are listed. */
  readonly all: boolean
  /** Groups that are not as they would be by themselves: a changed one is open, others are closed. */
  readonly toggled: readonly string[]
  /** Groups whose layers without change are listed although `all` is off. */
  readonly unfolded: readonly string[]
}

/** One line of the table. */
export type CompareLine =
  | {
      readonly type: 'group'
      readonly id: string
      readonly group: PanelCompareGroup
      readonly open: boolean
      readonly equal: number
    }
  | { readonly type: 'layer'; readonly id: string; readonly row: PanelCompareRow; readonly group: PanelCompareGroup }
  /** Layers of an open group that are not listed. */
  | { readonly type: 'folded'; readonly id: string; readonly group: PanelCompareGroup; readonly equal: number }

/** The table's lines: every group, and the layers of those that are open. A single group without a name has no line. */
export function compareLines({ groups }: PanelCompared, view: CompareView): CompareLine[] {
  const [only, ...others] = groups
  if (only && !others.length && only.name === '') return layersOf(only, view)
  return groups.flatMap((group): CompareLine[] => {
    const equal = group.rows.filter(row => row.mark === '=').length
    const open = (view.all || equal < group.rows.length) !== view.toggled.includes(group.id)
    const line: CompareLine = { type: 'group', id: `${group.id}/`, group, open, equal }
    return open ? [line, ...layersOf(group, view)] : [line]
  })
}

function layersOf(group: PanelCompareGroup, { all, unfolded }: CompareView): CompareLine[] {
  const changed = group.rows.filter(row => row.mark !== '=')
  const shown = all || !changed.length || unfolded.includes(group.id) ? group.rows : changed
  const lines: CompareLine[] = shown.map(row => ({ type: 'layer', id: row.id, row, group }))
  const equal = group.rows.length - shown.length
  return equal > 0 ? [...lines, { type: 'folded', id: `${group.id}/equal`, group, equal }] : lines
}

export const isChanged = ({ rows }: PanelCompareGroup): boolean => rows.some(row => row.mark !== '=')
