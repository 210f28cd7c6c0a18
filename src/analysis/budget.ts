import { cheapest, type Saving } from '../advisor/budget'
import { FORM_NAMES, type FormName } from '../advisor/forms'
import type { Analysis, ModelAnalysis } from './analyze'
import { type Applied, applyPicks, type Pick, type PickOptions } from './picks'
import { candidatesOf, placeOf } from './proposals'

/** The most that a model is to take. */
export interface Budget {
  readonly of: 'macs' | 'params'
  readonly most: number
}

/** The edits that bring a model under a budget, tried on the text; or how low it gets with those that there are. */
export type UnderBudget =
  | { readonly met: true; readonly picks: readonly Pick[]; readonly applied: Applied }
  | { readonly met: false; readonly lowest: number }

/** Ratios that are tried: C/2, C/4, C/8, C/16. */
const RATIOS = [2, 4, 8, 16]
/** A place that cannot be written is left out and the set is found anew; more often than this nobody wants to wait. */
const MOST_TRIES = 16

/**
 * The cheapest set of edits that brings a model under a budget: the fewest places, and of the widths and forms that do
 * it the mildest. `forms` are those that may be used; all by default.
 */
export function picksUnder(
  analysis: Analysis,
  model: ModelAnalysis,
  { of, most }: Budget,
  options: PickOptions,
  forms: readonly FormName[] = FORM_NAMES,
): UnderBudget {
  const have = model.totals[of]
  let savings = forms.flatMap(form => savingsOf(analysis, model, of, form, options))
  let lowest = have
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const chosen = cheapest(savings, have - most)
    const all = chosen ?? cheapest(savings, savings.length ? sumOfBest(savings) : 0)!
    const picks = all.map(saving => saving.of)
    const applied = applyPicks(analysis, model, picks, options)
    lowest = Math.min(lowest, applied.cost.after[of])
    if (applied.cost.after[of] <= most) return { met: true, picks, applied }
    if (!applied.dropped.length) break
    const dropped = new Set(applied.dropped.map(({ pick }) => pick))
    savings = savings.filter(saving => ![...dropped].some(pick => isWay(pick, saving.of)))
  }
  return { met: false, lowest }
}

/** A form that cannot be written at a place cannot be written there at another width. */
const isWay = (dropped: Pick, pick: Pick): boolean => dropped.place === pick.place && dropped.form === pick.form

const sumOfBest = (savings: readonly Saving<Pick>[]): number => {
  const best = new Map<string, number>()
  for (const { place, saved } of savings) best.set(place, Math.max(saved, best.get(place) ?? 0))
  return [...best.values()].reduce((a, b) => a + b, 0)
}

function savingsOf(
  analysis: Analysis,
  model: ModelAnalysis,
  of: Budget['of'],
  form: FormName,
  options: PickOptions,
): Saving<Pick>[] {
  return (form === 'separable' ? [undefined] : RATIOS).flatMap(ratio => {
    const ways = candidatesOf(model, { ...options, form, ...(ratio === undefined ? {} : { ratio }) })
    return ways.candidates.flatMap(candidate => {
      const place = placeOf(analysis, candidate)
      const saved = candidate.before[of] - candidate.after[of]
      return saved > 0 ? [{ place, saved, of: { place, form, ...(ratio === undefined ? {} : { ratio }) } }] : []
    })
  })
}
