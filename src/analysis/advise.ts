import type { Group, Held } from '../advisor/candidates'
import { FORM_NAMES, type FormName } from '../advisor/forms'
import type { Analysis, ModelAnalysis } from './analyze'
import { candidatesOf, type Proposal, type ProposalOptions, propose } from './proposals'

export type { FormName } from '../advisor/forms'
export type { Between } from '../advisor/plan'
export { FORM_NAMES }

/** A layer for which a form is not proposed, with the reason: `Only 3 input channels`. */
export interface HeldBack extends Group {
  readonly form: FormName
  readonly reason: string
}

/** Everything that the advisor has to say on a model: edits that were tried, and layers that are left alone. */
export interface Advised {
  /** In text order, the forms of one place together. */
  readonly proposals: readonly Proposal[]
  readonly held: readonly HeldBack[]
}

/** Tries every form at every k×k convolution; `form` alone where one is given. */
export function advise(
  analysis: Analysis,
  model: ModelAnalysis,
  options: Omit<ProposalOptions, 'form'> & { readonly form?: FormName },
): Advised {
  const proposals: Proposal[] = []
  const held: HeldBack[] = []
  for (const form of options.form ? [options.form] : FORM_NAMES) {
    const found = candidatesOf(model, { ...options, form })
    for (const group of found.held) held.push(heldBack(group, form))
    for (const candidate of found.candidates) {
      const made = propose(analysis, model, candidate, { ...options, form })
      if ('refused' in made) held.push({ ...groupOf(candidate), form, reason: made.refused })
      else proposals.push(made)
    }
  }
  const inTextOrder = (a: Group, b: Group): number => a.site.span.start - b.site.span.start
  return { proposals: proposals.sort(inTextOrder), held: held.sort(inTextOrder) }
}

const heldBack = (group: Held, form: FormName): HeldBack => ({ ...groupOf(group), form, reason: group.text })

const groupOf = ({ name, site, paths, nodes, lead }: Group): Group => ({ name, site, paths, nodes, lead })
