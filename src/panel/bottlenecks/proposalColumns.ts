import type { PanelProposal } from '../../protocol/panel'
import { isNarrow, type Shown } from '../app'
import type { State } from '../state'

export interface Widths {
  readonly name: number
  readonly through: number
}

/** Names and chains as wide as the longest needs, up to a bound. */
export function columnWidths({ app, state, model }: Shown): Widths {
  const proposals = model.bottlenecks.groups.flatMap(group => group.proposals)
  const narrow = isNarrow(state)
  const [indent, longestName] = narrow ? [8, isCompact(state) ? 84 : 120] : [24, 220]
  const names = proposals.map(p => app.measure(p.count > 1 ? `${p.name} ×${p.count}` : p.name, 13) + indent + 12)
  const chains = proposals.map(p => app.measure(chainText(p, isCompact(state)), 13, 600) + 14)
  return {
    name: Math.ceil(Math.min(longestName, Math.max(72, ...names))),
    through: Math.ceil(Math.min(260, Math.max(80, ...chains))),
  }
}

/** On the narrowest pages the chain of widths stands alone. */
export const isCompact = (state: State): boolean => state.width < 420

export const isRange = (text: string): boolean => text.includes('…')

function chainText({ kernel, inChannels, width, outChannels, size }: PanelProposal, compact: boolean): string {
  const chain = `${inChannels}→${width}→${outChannels}`
  if (compact) return isRange(width) ? `r ${width}` : chain
  return isRange(width) ? `${kernel} ${chain}` : `${kernel} ${chain} ${size}`
}

/** What is left for the drawing in a column, after names and percentages. */
export function plotWidth({ state }: Shown, columns: number, { name, through }: Widths): number {
  const content = Math.min(state.width - 2 * (isNarrow(state) ? 12 : 16), LIST_WIDTH)
  return Math.max(48, Math.floor((content - name - through) / columns) - CHANGE - 12)
}

/** As in panel.css. */
const LIST_WIDTH = 1068
const CHANGE = 50
