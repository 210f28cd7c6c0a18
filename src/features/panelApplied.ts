/**
 * Several proposals together, as the footer of the Bottlenecks tab shows them:
 *
 *   5 of 12 ticked   MACs 15.5G → 8.09G −48%   params 138M → 132M −4.6%   …   [Preview edits] [Apply 5]
 *   Bring under [3G] MACs
 */
import { type Device, deviceById } from '../analysis/advice'
import type { Analysis } from '../analysis/analyze'
import { picksUnder } from '../analysis/budget'
import { sentence } from '../analysis/damage'
import { applyPicks, type PickOptions } from '../analysis/picks'
import { placeOf } from '../analysis/proposals'
import { formatCount, plural } from '../base/format'
import { positionAt } from '../base/text'
import type {
  AdviceParams,
  AppliedParams,
  BudgetParams,
  PanelApplied,
  PanelBudget,
  PanelPosition,
} from '../protocol/panelAdvice'

/** Null where the text defines no network. */
export function panelApplied(
  analysis: Analysis | undefined,
  params: AppliedParams,
  version: number,
  own: readonly Device[] = [],
): PanelApplied | null {
  const model = analysis?.model()
  if (!analysis || !model) return null
  const { proposals, dropped, edits, cost } = applyPicks(analysis, model, params.picks, optionsOf(params, own))
  const position = (offset: number): PanelPosition => {
    const { line, column } = positionAt(analysis.lineStarts, offset)
    return { line, character: column }
  }
  return {
    version,
    ...cost,
    count: proposals.length,
    dropped,
    refused: analysis.behind ? sentence(analysis.behind) : null,
    edits: (analysis.behind ? [] : edits).map(({ span, newText }) => ({
      range: { start: position(span.start), end: position(span.end) },
      newText,
    })),
  }
}

/** The cheapest edits that bring the shown model under a budget; null where the text defines no network. */
export function panelBudget(
  analysis: Analysis | undefined,
  params: BudgetParams,
  version: number,
  own: readonly Device[] = [],
): PanelBudget | null {
  const model = analysis?.model()
  if (!analysis || !model) return null
  const { of, most, unit } = params
  const perMac = of === 'macs' && unit === 'FLOPs' ? 2 : 1
  const noun = of === 'params' ? 'params' : (unit ?? 'MACs')
  const text = (value: number): string => `${formatCount(value * perMac)} ${noun}`
  const have = model.totals[of]
  if (have <= most) {
    return { version, picks: [], met: true, text: `It has ${text(have)} already.` }
  }
  const found = picksUnder(analysis, model, { of, most }, optionsOf(params, own))
  if (!found.met) {
    const reached =
      found.lowest < have
        ? `With everything that can be written it gets down to ${text(found.lowest)}.`
        : 'Nothing that can be written lowers it.'
    return { version, picks: [], met: false, text: `It does not get under ${text(most)}. ${reached}` }
  }
  const after = found.applied.cost.after[of]
  const sites = new Map(found.applied.proposals.map(proposal => [placeOf(analysis, proposal), proposal.name]))
  const picks = found.picks.map(pick => {
    const name = sites.get(pick.place)
    return { ...pick, ...(name === undefined || pick.name !== undefined ? {} : { name }) }
  })
  return { version, picks, met: true, text: `${plural(picks.length, 'edit')}: ${text(after)}.` }
}

const optionsOf = ({ device, multiple }: AdviceParams, own: readonly Device[]): PickOptions => ({
  device: deviceById(device, own),
  ...(multiple === undefined ? {} : { multiple }),
})
