import type { PanelProposal } from '../../protocol/panel'
import { isNarrow, isSide, type Shown } from '../app'
import type { State } from '../state'
import { isRange, proposalsOf } from './picks'
import { asChosen } from './shownProposals'

export interface Widths {
  readonly name: number
  readonly through: number
}

/** Names and chains as wide as the longest needs, up to a bound. */
export function columnWidths(shown: Shown): Widths {
  const { app, state, model } = shown
  const proposals = proposalsOf(model).map(proposal => asChosen(shown, proposal))
  const narrow = isNarrow(state)
  const [indent, longestName] = narrow ? [4, isCompact(state) ? 84 : 120] : [8, isSide(state) ? 140 : 220]
  const names = proposals.map(p => app.measure(p.count > 1 ? `${p.name} ×${p.count}` : p.name, 13) + indent + 12)
  const chains = proposals.map(p => app.measure(chainText(p, isCompact(state)), 13, 600) + 14)
  const name = Math.ceil(Math.min(longestName, Math.max(72, ...names)))
  const most = Math.min(260, listWidth(state) - TICK - name - LEAST_METRIC)
  return { name, through: Math.ceil(Math.max(80, Math.min(most, Math.max(0, ...chains)))) }
}

/** On the narrowest pages the chain of widths stands alone. */
export const isCompact = (state: State): boolean => state.width < 420

function chainText({ kernel, inChannels, width, outChannels, size }: PanelProposal, compact: boolean): string {
  const chain = [inChannels, width, outChannels].filter(Boolean).join('→')
  if (compact) return isRange(width) ? `r ${width}` : chain
  return isRange(width) ? `${kernel} ${chain}` : `${kernel} ${chain} ${size}`
}

/** What each dumbbell has with its percentage, after names and chains. */
export const columnWidth = ({ state }: Shown, columns: number, { name, through }: Widths): number =>
  Math.floor((listWidth(state) - TICK - name - through) / columns)

/** What is left for the drawing in a column; 0 where that is too little to read, and the percentage stands alone. */
export const plotWidth = (column: number): number => (column - CHANGE - 12 < LEAST_PLOT ? 0 : column - CHANGE - 12)

/** The list's own width: beside a detail it leaves that its room. */
export function listWidth(state: State): number {
  const content = state.width - 2 * (isNarrow(state) ? 12 : 16)
  if (!isSide(state)) return Math.min(content, WIDEST)
  return Math.min(WIDEST, Math.max(624, content * 0.55), content - LEAST_DETAIL - GAP)
}

/** What is left beside the list. */
export const detailWidth = (state: State): number => Math.min(640, state.width - 32 - listWidth(state) - GAP)

/** Whether the list has room for all three dumbbells. */
export const isWide = (shown: Shown, widths: Widths): boolean =>
  !isNarrow(shown.state) && columnWidth(shown, 3, widths) >= LEAST_COLUMN

/** A head with the name and the end of its axis. */
const LEAST_COLUMN = 112

/** A head with the longest name. */
const LEAST_METRIC = 78
const LEAST_PLOT = 28

const WIDEST = 1068
const LEAST_DETAIL = 400
/** Between list and detail, the rule included. */
export const GAP = 40
/** As in bottlenecks.css. */
const TICK = 28
const CHANGE = 50
