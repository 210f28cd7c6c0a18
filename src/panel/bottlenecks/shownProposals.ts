import type { PanelProposal } from '../../protocol/panel'
import type { Shown } from '../app'
import { detailOf, isRange } from './picks'
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
    width: r === null ? '' : isRange(proposal.inChannels) ? `${r}…` : String(r),
    work: change('macs', perMac),
    traffic: change('traffic', bytesPerElement),
    time: change('time', 1),
  }
}
