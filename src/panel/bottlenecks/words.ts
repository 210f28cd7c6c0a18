import { formatChange, formatRatio } from '../../base/format'
import type { PanelCost, PanelDetail } from '../../protocol/panelAdvice'
import type { Shown } from '../app'
import { shownCost } from './widths'

/** `÷ 8.5` when smaller by more than 1.5, else `−12%`, `+13%`, `=`. */
export function changeText(before: number, after: number): string {
  return after > 0 && before / after > LARGE ? `÷ ${formatRatio(before / after)}` : formatChange(before, after)
}
const LARGE = 1.5

/** `r 64: MACs divided by 8.5, traffic plus 13 percent, least time divided by 2`; the width alone while it moves. */
export function spokenWidth({ state, model }: Shown, detail: PanelDetail, r: number): string {
  if (state.dragging || detail.width !== r) return `r ${r}`
  const { before, after } = shownCost(detail, r)
  if (!after) return `r ${r}`
  const said = (name: string, of: keyof PanelCost): string => `${name} ${spokenChange(before[of], after[of])}`
  return `r ${r}: ${said(model.unit, 'macs')}, ${said('traffic', 'traffic')}, ${said('least time', 'time')}`
}

export const spokenChange = (before: number, after: number): string =>
  changeText(before, after)
    .replace('÷', 'divided by')
    .replace('−', 'minus ')
    .replace('+', 'plus ')
    .replace('=', 'unchanged')
    .replace('%', ' percent')

/** Large numbers as they are read aloud beside each other: 1.85 giga, 218 mega, minus 88 percent. */
export const aloud = (text: string): string =>
  text
    .replace(/(\d)k$/, '$1 kilo')
    .replace(/(\d)M$/, '$1 mega')
    .replace(/(\d)G$/, '$1 giga')
    .replace(/(\d)T$/, '$1 tera')
    .replace('−', 'minus ')
    .replace('+', 'plus ')
    .replace('%', ' percent')
