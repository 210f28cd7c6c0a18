import type { Candidate, Held } from '../advisor/candidates'
import type { Device } from '../advisor/devices'
import { FORM_NAMES } from '../advisor/forms'
import { positionAt, type Span } from '../base/text'
import type { Analysis, ModelAnalysis } from './analyze'
import { candidatesOf, type Proposal, propose, type Refused } from './proposals'

/** What may be put in place of the convolution at a place of the text, best first; or why nothing is. */
export interface LineAdvice {
  readonly proposals: readonly Proposal[]
  /** A few words: `Already a bottleneck`. Null where there is a proposal, or no layer with MACs at the place. */
  readonly reason: string | null
}

/**
 * The advice on the innermost layer around a span of the text, or else on its line. Each place is tried once for a
 * snapshot and a device.
 */
export function adviceAt(analysis: Analysis, model: ModelAnalysis, asked: Span, device: Device): LineAdvice {
  const byForm = FORM_NAMES.map(form => ({ form, ...candidatesOf(model, { form, device }) }))
  const all = byForm.flatMap(({ candidates, held }) => [...candidates, ...held])
  const around = all.filter(({ site }) => touches(site.whole ?? site.span, asked))
  // A cursor at the start of a line, before the call that stands on it, means that call.
  const groups = around.length > 0 ? around : all.filter(({ site }) => touches(lineOf(analysis, site.span), asked))
  const innermost = groups.reduce<Candidate | Held | null>(
    (best, group) => (best && size(best.site.span) <= size(group.site.span) ? best : group),
    null,
  )
  if (!innermost) return NOTHING
  const key = `${device.id} ${innermost.site.span.start}`
  const known = ADVICE.get(model) ?? new Map<string, LineAdvice>()
  ADVICE.set(model, known)
  let advice = known.get(key)
  if (!advice) {
    const here = groups.filter(({ site }) => site === innermost.site)
    const tried = here.filter(isCandidate).map(group => propose(analysis, model, group, { form: group.form, device }))
    advice = adviceOf(tried, here)
    known.set(key, advice)
  }
  return advice
}

const NOTHING: LineAdvice = { proposals: [], reason: null }

/** Editors ask whenever the cursor moves; analyses in between would be felt. */
const ADVICE = new WeakMap<ModelAnalysis, Map<string, LineAdvice>>()

function adviceOf(tried: readonly (Proposal | Refused)[], here: readonly (Candidate | Held)[]): LineAdvice {
  const proposals = tried.filter((made): made is Proposal => !('refused' in made))
  if (proposals.length) {
    return { proposals: proposals.sort((a, b) => a.model.after.macs - b.model.after.macs), reason: null }
  }
  const held = here.find((group): group is Held => 'reason' in group)
  const refused = tried.find((made): made is Refused => 'refused' in made)
  return { proposals, reason: held?.text ?? refused?.refused ?? null }
}

/** From the start of the line on which something starts. */
function lineOf({ lineStarts }: Analysis, { start, end }: Span): Span {
  return { start: lineStarts[positionAt(lineStarts, start).line]!, end }
}

const isCandidate = (group: Candidate | Held): group is Candidate => !('reason' in group)
const size = ({ start, end }: Span): number => end - start
const touches = (span: Span, { start, end }: Span): boolean => span.start <= end && span.end >= start
