import { kernelsTime, kernelTime } from '../advisor/bound'
import { type Candidate, candidates, type Group, type Held, widthFor } from '../advisor/candidates'
import type { Device } from '../advisor/devices'
import type { FormName } from '../advisor/forms'
import { convolutionAt } from '../advisor/neighbours'
import { type Between, planOf } from '../advisor/plan'
import { positionAt } from '../base/text'
import type { Node } from '../core/graph'
import type { TextEdit } from '../core/problem'
import type { RewriteRequest, Rewriting } from '../core/rewrite'
import type { Analysis, ModelAnalysis } from './analyze'
import { type Caution, cautionsOf } from './cautions'
import { applyEdits } from './edits'
import { verify } from './verify'

export interface ProposalOptions {
  readonly form: FormName
  readonly device: Device
  /** r = Cin / ratio, rounded to a multiple; 4 by default. */
  readonly ratio?: number
  /** One width for every layer, in place of the ratio. */
  readonly width?: number
  /** What hardware likes widths to be multiples of; 8 by default. */
  readonly multiple?: number
  /** Absent: nothing between, where the format can write that, else a norm and an activation. */
  readonly between?: Between
}

/** What the calls of a place take together: elements and seconds, for one image. */
export interface PlaceCost {
  readonly params: number
  readonly macs: number
  /** Elements written. */
  readonly activations: number
  /** Elements moved by what costs MACs, every map and weight once. */
  readonly traffic: number
  readonly kernels: number
  readonly time: number
}

export interface ModelCost {
  readonly params: number
  readonly macs: number
  readonly peakActivations: number
  /** Seconds, at least, of all kernels. */
  readonly time: number
}

export interface Change<T> {
  readonly before: T
  readonly after: T
}

/** An edit of the text that was tried: what it promises is what the analysis of the edited text found. */
export interface Proposal extends Omit<Candidate, 'before' | 'after' | 'pays'> {
  /** `118:21:bottleneck`: where it stands, from 1, and the form. */
  readonly id: string
  readonly between: Between
  /** r as the file spells it: `64`, `planes // 4`; empty for `separable`. */
  readonly width: string
  readonly cost: Change<PlaceCost>
  readonly model: Change<ModelCost>
  readonly cautions: readonly Caution[]
  /** In text order. */
  readonly edits: readonly TextEdit[]
  readonly edited: { readonly analysis: Analysis; readonly model: ModelAnalysis }
}

/** Why a candidate comes to nothing. */
export interface Refused extends Group {
  readonly form: FormName
  /** A sentence. */
  readonly refused: string
}

/** Everything that the advisor has to say on one form: what may be tried, and what is left alone with its reason. */
export function candidatesOf(
  { graph }: ModelAnalysis,
  options: ProposalOptions,
): { candidates: readonly Candidate[]; held: readonly Held[] } {
  return candidates(graph, options)
}

/** Writes a candidate into the text, the way that changes nothing else; refuses where there is none. */
export function propose(
  analysis: Analysis,
  model: ModelAnalysis,
  candidate: Candidate,
  options: ProposalOptions,
): Proposal | Refused {
  const betweens = options.between ? [options.between] : BETWEENS
  let refused = 'This format has no rewriting.'
  for (const between of betweens) {
    const request = requestOf(candidate, between, options)
    const rewriting = rewritingOf(analysis, model, request)
    if (!rewriting) continue
    if ('refused' in rewriting) {
      refused = rewriting.refused
      continue
    }
    for (const { edits, width } of rewriting) {
      const edited = reanalysed(analysis, model, edits)
      if (!edited) {
        refused = 'The edited text no longer defines this model.'
        continue
      }
      const verified = verify(model, edited.model, request)
      if ('differs' in verified) {
        refused = `Written there, ${verified.differs}.`
        continue
      }
      return proposal(candidate, { model, edited, edits, width, between, analysis }, verified.replaced, options.device)
    }
  }
  const { name, site, paths, nodes, lead, form } = candidate
  return { name, site, paths, nodes, lead, form, refused }
}

/** Whether the format has a way to write a candidate at its place; it is not tried. */
export function isWritable(
  analysis: Analysis,
  model: ModelAnalysis,
  candidate: Candidate,
  options: ProposalOptions,
): boolean {
  return BETWEENS.some(between => {
    const rewriting = rewritingOf(analysis, model, requestOf(candidate, between, options))
    return rewriting !== undefined && !('refused' in rewriting) && !rewriting[Symbol.iterator]().next().done
  })
}

/** `118:21`, the place of a group in the text, from 1. */
export function placeOf({ lineStarts }: Pick<Analysis, 'lineStarts'>, { site }: Group): string {
  const { line, column } = positionAt(lineStarts, site.span.start)
  return `${line + 1}:${column + 1}`
}

/** What calls take together on a device. */
export function placeCost(nodes: readonly Node[], device: Device): PlaceCost {
  let [params, macs, activations, traffic, kernels, time] = [0, 0, 0, 0, 0, 0]
  for (const { cost } of nodes) {
    params += cost.params ?? 0
    activations += cost.activations ?? 0
    // Norms and activations are taken as fused into the kernel before them, as in the bound on the model's time.
    if (!cost.macs || cost.traffic === null) continue
    macs += cost.macs
    traffic += cost.traffic
    kernels++
    time += kernelTime({ macs: cost.macs, traffic: cost.traffic }, device)
  }
  return { params, macs, activations, traffic, kernels, time }
}

/** What a model takes in all on a device. */
export function modelCost({ graph, totals }: ModelAnalysis, device: Device): ModelCost {
  const { params, macs, peakActivations } = totals
  const counted = graph.nodes.flatMap(({ cost }) =>
    cost.macs && cost.traffic !== null ? [{ macs: cost.macs, params: 0, traffic: cost.traffic }] : [],
  )
  return { params, macs, peakActivations, time: kernelsTime(counted, device) }
}

/** In the order they are tried. */
const BETWEENS: readonly Between[] = ['nothing', 'norm']

function rewritingOf(
  { file }: Analysis,
  { name, inputs, inputAssumed }: ModelAnalysis,
  request: RewriteRequest,
): Rewriting | undefined {
  return file.rewrite?.(request, { model: name, inputs: inputAssumed ? [] : inputs })
}

function requestOf({ site, nodes, form }: Candidate, between: Between, options: ProposalOptions): RewriteRequest {
  const { ratio = 4, multiple = 8, width } = options
  const steps = planOf(form, between)
  if (form === 'separable') return { site, nodes, steps, width: { each: null } }
  const each = nodes.map(node => widthFor(convolutionAt(node)!.inChannels!, options))
  return { site, nodes, steps, width: { each, ...(width === undefined ? { rule: { ratio, multiple } } : {}) } }
}

function reanalysed(
  analysis: Analysis,
  model: ModelAnalysis,
  edits: readonly TextEdit[],
): { analysis: Analysis; model: ModelAnalysis } | null {
  const edited = analysis.again(applyEdits(analysis.source.text, edits))
  const choice = edited?.find(model.name)
  const found = choice && edited?.model(choice)
  return edited && found ? { analysis: edited, model: found } : null
}

interface Tried {
  readonly analysis: Analysis
  readonly model: ModelAnalysis
  readonly edited: { readonly analysis: Analysis; readonly model: ModelAnalysis }
  readonly edits: readonly TextEdit[]
  readonly width: string
  readonly between: Between
}

function proposal(
  candidate: Candidate,
  { analysis, model, edited, edits, width, between }: Tried,
  replaced: readonly (readonly Node[])[],
  device: Device,
): Proposal | Refused {
  const { before: _, after: __, pays: ___, ...group } = candidate
  const cost = { before: placeCost(candidate.nodes, device), after: placeCost(replaced.flat(), device) }
  const change = { before: modelCost(model, device), after: modelCost(edited.model, device) }
  if (cost.after.macs >= cost.before.macs) return { ...group, refused: 'It would cost as many MACs.' }
  return {
    ...group,
    id: `${placeOf(analysis, candidate)}:${candidate.form}`,
    between,
    width,
    cost,
    model: change,
    cautions: cautionsOf(candidate, replaced, cost, device, analysis.format),
    edits,
    edited,
  }
}
