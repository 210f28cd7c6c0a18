import type { Group } from '../advisor/candidates'
import type { FormName } from '../advisor/forms'
import type { Between } from '../advisor/plan'
import type { TextEdit } from '../core/problem'
import type { Analysis, ModelAnalysis } from './analyze'
import { textEdits } from './edits'
import {
  candidatesOf,
  type ModelCost,
  modelCost,
  type Proposal,
  type ProposalOptions,
  placeOf,
  propose,
} from './proposals'

/** A proposal that someone chose: the place of the layer in the text as it stands, and what is to stand there. */
export interface Pick {
  /** `118:21`, from 1. */
  readonly place: string
  /** The group's name, where a place declares several. */
  readonly name?: string
  readonly form: FormName
  readonly ratio?: number
  readonly width?: number
  readonly between?: Between
}

/** Several proposals written into one text. */
export interface Applied {
  readonly analysis: Analysis
  readonly model: ModelAnalysis
  /** In the order in which they were written, from the last place of the text to the first. */
  readonly proposals: readonly Proposal[]
  /** Those that could not be written, with a sentence why. */
  readonly dropped: readonly { readonly pick: Pick; readonly reason: string }[]
  /** From the text as written to the edited one, by whole lines. */
  readonly edits: readonly TextEdit[]
  readonly cost: { readonly before: ModelCost; readonly after: ModelCost }
}

/**
 * Writes picks one after the other and analyses in between, so that what is reported is what was found. A rewrite
 * changes its own place and what refers to it further down, so working upwards leaves the places of the others alone.
 */
export function applyPicks(
  analysis: Analysis,
  model: ModelAnalysis,
  picks: readonly Pick[],
  options: PickOptions,
): Applied {
  const proposals: Proposal[] = []
  const dropped: { pick: Pick; reason: string }[] = []
  let at = { analysis, model }
  for (const pick of [...picks].sort(upwards)) {
    const made = proposeAt(at.analysis, at.model, pick, options)
    if (typeof made === 'string') dropped.push({ pick, reason: made })
    else {
      proposals.push(made)
      at = made.edited
    }
  }
  return {
    ...at,
    proposals,
    dropped,
    edits: textEdits(analysis.source.text, at.analysis.source.text),
    cost: { before: modelCost(model, options.device), after: modelCost(at.model, options.device) },
  }
}

/** What picks leave open. */
export type PickOptions = Omit<ProposalOptions, 'form' | 'ratio' | 'width' | 'between'>

/** The proposal that a pick asks for, tried on the text; or a sentence why there is none. */
export function proposeAt(
  analysis: Analysis,
  model: ModelAnalysis,
  { place, name, form, ratio, width, between }: Pick,
  options: PickOptions,
): Proposal | string {
  const all: ProposalOptions = {
    ...options,
    form,
    ...(ratio === undefined ? {} : { ratio }),
    ...(width === undefined ? {} : { width }),
    ...(between === undefined ? {} : { between }),
  }
  const { candidates, held } = candidatesOf(model, all)
  const isIt = (group: Group): boolean =>
    placeOf(analysis, group) === place && (name === undefined || group.name === name)
  const candidate = candidates.find(isIt)
  if (!candidate) {
    const reason = held.find(isIt)?.text
    return reason ? `${reason}.` : 'There is no convolution at this place any more.'
  }
  const made = propose(analysis, model, candidate, all)
  return 'refused' in made ? made.refused : made
}

function upwards(a: Pick, b: Pick): number {
  const [lineA = 0, columnA = 0] = a.place.split(':').map(Number)
  const [lineB = 0, columnB = 0] = b.place.split(':').map(Number)
  return lineB - lineA || columnB - columnA
}
