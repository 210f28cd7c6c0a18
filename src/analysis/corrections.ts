import type { Span } from '../base/text'
import type { Fix, Problem, TextEdit } from '../core/problem'
import type { Analysis, ModelAnalysis } from './analyze'

/**
 * The corrections of a problem that put it right, likeliest first. Those of programs are tried: each edited text is read
 * as the text itself was, and what leaves the problem, adds another one or hides something is not offered.
 */
export function fixesOf(analysis: Analysis, problem: Problem): readonly Fix[] {
  const known = found.get(problem)
  if (known) return known
  const model = analysis.model()
  const fixes = model?.corrections ? tried(analysis, model, problem) : (problem.fixes ?? [])
  found.set(problem, fixes)
  return fixes
}

const found = new WeakMap<Problem, readonly Fix[]>()

function tried(analysis: Analysis, model: ModelAnalysis, problem: Problem): Fix[] {
  const kept: { title: string; edits: Fix['edits']; preferred?: boolean; only?: string }[] = []
  let trials = 0
  for (const correction of model.corrections!(problem)) {
    const same = kept.find(k => sameEdits(k.edits, correction.edits) || k.title === correction.title)
    // One number is changed to the first value that holds.
    const decided = kept.some(k => k.only !== undefined && k.only === correction.only && sameSpans(k, correction))
    if (same || decided || (correction.otherwise && kept.length > 0) || trials >= MOST_TRIALS) continue
    trials++
    if (holds(analysis, model, problem, correction)) kept.push(correction)
  }
  // Where several numbers could be changed, none of them decides.
  const unclear = kept.filter(k => k.only !== undefined && kept.some(o => o !== k && o.only === k.only))
  const fixes = kept.filter(k => !unclear.includes(k))
  let preferred = false
  return fixes.map(({ title, edits, preferred: wanted }) => {
    const first = wanted === true && !preferred
    preferred ||= first
    return { title, edits, ...(first ? { preferred: true } : {}) }
  })
}

/** Whether the edited text lacks the problem, has fewer of its weight, and leaves no more uncounted. */
function holds(analysis: Analysis, model: ModelAnalysis, problem: Problem, { edits }: Fix): boolean {
  const after = analysis.edited(applied(analysis.source.text, edits))
  if (!after || after.uncounted.length > model.uncounted.length) return false
  const errors = (m: ModelAnalysis): Problem[] => m.problems.filter(p => p.severity === problem.severity)
  const place = { start: moved(problem.span.start, edits, false), end: moved(problem.span.end, edits, true) }
  const same = errors(after).some(p => p.code === problem.code && touch(p.span, place))
  return !same && errors(after).length < errors(model).length
}

/** A text with edits made, none of which overlap. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  let result = text
  const last = edits.map((edit, i) => ({ ...edit, i })).sort((a, b) => b.span.start - a.span.start || b.i - a.i)
  for (const { span, newText } of last) result = result.slice(0, span.start) + newText + result.slice(span.end)
  return result
}

/** Where a place is after the edits; what is inserted at the end of a span belongs to it. */
function moved(at: number, edits: readonly TextEdit[], end: boolean): number {
  let by = 0
  for (const { span, newText } of edits)
    if (span.end < at || (end && span.end <= at)) by += newText.length - (span.end - span.start)
  return at + by
}

const touch = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end

const sameEdits = (a: Fix['edits'], b: Fix['edits']): boolean => JSON.stringify(a) === JSON.stringify(b)
const sameSpans = (a: Pick<Fix, 'edits'>, b: Pick<Fix, 'edits'>): boolean =>
  JSON.stringify(a.edits.map(e => e.span)) === JSON.stringify(b.edits.map(e => e.span))

/** Each trial reads the whole text again. */
const MOST_TRIALS = 16
