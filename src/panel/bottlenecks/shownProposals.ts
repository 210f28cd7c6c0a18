import type { PanelProposal } from '../../protocol/panel'
import type { Shown } from '../app'
import { detailOf, isRange, widthOf } from './picks'
import { shownWidth } from './setWidth'
import { shownCost } from './widths'

/** A row of the list with the form and the width that were set by hand for it. */
export function asChosen(shown: Shown, proposal: PanelProposal): PanelProposal {
  const { state, model } = shown
  const detail = state.choices[proposal.id] && detailOf(state, model, proposal)
  if (!detail?.curve) return proposal
  const r = detail.curve.widest === null ? null : shownWidth(shown, proposal, detail)
  const { before, after } = shownCost(detail, r)
  if (!after) return proposal
  const perMac = model.unit === 'FLOPs' ? 2 : 1
  const { bytesPerElement } = detail.device
  const change = (of: 'macs' | 'traffic' | 'time', factor: number): { before: number; after: number } => ({
    before: before[of] * factor,
    after: after[of] * factor,
  })
  return {
    ...proposal,
    width: r === null ? '' : isRange(proposal.inChannels) ? ends(proposal, r, state.multiple) : String(r),
    work: change('macs', perMac),
    traffic: change('traffic', bytesPerElement),
    time: change('time', 1),
  }
}

/** The widths of the first and the last call. */
function ends({ inChannels, leadIn }: PanelProposal, r: number, multiple: number): string {
  const widths = inChannels.split('…').map(cin => widthOf(Number(cin), leadIn / r, multiple))
  return widths.join('…')
}
