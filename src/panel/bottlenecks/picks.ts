/** What is chosen on the Bottlenecks tab: rows that are ticked, and forms and widths that were set by hand. */
import type { PanelForm, PanelModel, PanelNetwork, PanelProposal, PanelRefusal } from '../../protocol/panel'
import type { PanelBetween, PanelDetail, PanelPick } from '../../protocol/panelAdvice'
import type { ProposalOrder, State } from '../state'

/** What was set for one layer in place of the list's form and width. */
export interface Choice {
  readonly form?: PanelForm
  /** r of the layer's heaviest call. */
  readonly width?: number
  /** Of a budget: r = C/ratio. */
  readonly ratio?: number
  readonly between?: PanelBetween
}

/** An answer, with the question it answers. */
export interface Answered {
  /** The question but for the width: within it the curve holds for every width. */
  readonly base: string
  readonly key: string
  readonly detail: PanelDetail | null
}

export type Row = PanelProposal | PanelRefusal
export const isProposal = (row: Row): row is PanelProposal => 'width' in row

export const proposalsOf = ({ bottlenecks }: PanelNetwork): readonly PanelProposal[] =>
  bottlenecks.groups.flatMap(group => group.proposals)
export const rowsOf = (model: PanelNetwork): readonly Row[] => [...proposalsOf(model), ...model.bottlenecks.refused]

/** The row whose detail is shown: the selected one; where there is room, the best one while none is selected. */
export function openRow(state: State, model: PanelNetwork, orElse: boolean): Row | undefined {
  const rows = rowsOf(model)
  const selected = rows.filter(({ layers }) => layers.some(id => state.selection.includes(id)))
  const first = (): Row | undefined =>
    orElse ? model.bottlenecks.groups.flatMap(group => ordered(group.proposals, state.order))[0] : undefined
  return selected.find(({ id }) => id === state.focus.list) ?? selected[0] ?? first()
}

/** Proposals of a group as they are listed: what saves most first, or as the network runs. */
export const ordered = (proposals: readonly PanelProposal[], order: ProposalOrder): readonly PanelProposal[] =>
  order === 'order'
    ? proposals
    : [...proposals].sort((a, b) => b[order].before - b[order].after - (a[order].before - a[order].after))

/** The width that a ratio comes to; as the advisor rounds it. */
export const widthOf = (cin: number, ratio: number, multiple: number): number =>
  Math.max(multiple, Math.round(cin / ratio / multiple) * multiple)

/** What is asked of the server for a row. */
export function pickOf(state: State, row: Row): PanelPick {
  const { form = state.form, width, ratio = state.ratio, between } = state.choices[row.id] ?? {}
  return {
    place: row.at,
    name: row.group,
    form,
    ...(form === 'separable' ? {} : width === undefined ? { ratio } : asWritten(row, width, state.multiple)),
    ...(between === undefined ? {} : { between }),
  }
}

/** A ratio where the file can spell one for all calls of the line; a number for a single call. */
function asWritten(row: Row, width: number, multiple: number): { width: number } | { ratio: number } {
  if (!isProposal(row)) return { width }
  const { leadIn: cin } = row
  const ratio = cin / width
  if (isRange(row.inChannels)) return { ratio }
  return row.count > 1 && Number.isInteger(ratio) && widthOf(cin, ratio, multiple) === width ? { ratio } : { width }
}

export const isRange = (text: string): boolean => text.includes('…')

/** The rows that are ticked, in the order of the list. */
export const tickedRows = (state: State, model: PanelNetwork): Row[] =>
  rowsOf(model).filter(({ id }) => state.ticks.includes(id))

/** What is to be written: one pick a ticked row. */
export const tickedPicks = (state: State, model: PanelNetwork): PanelPick[] =>
  tickedRows(state, model).map(row => pickOf(state, row))

/** The detail of a row, if its curve still holds. */
export function detailOf(state: State, model: PanelNetwork, row: Row): PanelDetail | null {
  const answered = state.details[row.id]
  return answered?.base === questionOf(state, model, row).base ? answered.detail : null
}

/** The question that a row asks now. */
export function questionOf(
  state: State,
  model: PanelNetwork,
  row: Row,
): { base: string; key: string; pick: PanelPick } {
  const pick = pickOf(state, row)
  const { ratio: _, width: __, ...rest } = pick
  const context = [model.uri, model.version, model.model, model.input, model.device, state.multiple]
  return { base: JSON.stringify([context, rest]), key: JSON.stringify([context, pick]), pick }
}

/** Of what is ticked and set by hand, that which a new model still has; nothing where it is another model. */
export function stillThere(
  state: State,
  model: PanelModel,
): Pick<State, 'ticks' | 'choices' | 'details' | 'applied' | 'edited' | 'budget'> {
  const { ticks, choices, details, applied } = state
  const before = state.model
  const isSame =
    before?.state === 'network' && model.state === 'network' && before.uri === model.uri && before.model === model.model
  if (!isSame)
    return { ticks: [], choices: {}, details: {}, applied: null, edited: '', budget: { ...state.budget, said: '' } }
  // Edits that were made have taken their ticks; what was refused is told until the text is read again.
  const isNewer = before.version !== model.version
  const edited = ticks.length && isNewer ? '' : state.edited
  const budget = isNewer ? { ...state.budget, said: '' } : state.budget
  // What does not parse for a moment takes no ticks away.
  if (model.broken) return { ticks, choices, details, applied, edited, budget }
  const ids = new Set(rowsOf(model).map(({ id }) => id))
  const present = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([id]) => ids.has(id)))
  return {
    ticks: ticks.filter(id => ids.has(id)),
    choices: present(choices),
    details: present(details),
    applied,
    edited,
    budget,
  }
}
