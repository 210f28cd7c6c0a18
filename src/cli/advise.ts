import { readFileSync, writeFileSync } from 'node:fs'
import type { Device } from '../analysis/advice'
import { type Advised, advise, type Between, type FormName } from '../analysis/advise'
import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { type Budget, picksUnder } from '../analysis/budget'
import { applyPicks, type Pick } from '../analysis/picks'
import type { Change, ModelCost, Proposal } from '../analysis/proposals'
import { formatCount, formatExact } from '../base/format'
import { adviceJson, adviceTable, proposalText } from '../features/reportAdvice'
import type { Paint } from '../features/reportTable'
import { deviceOf } from './device'
import { prettyJson } from './json'
import { Unusable } from './unusable'

export const ADVICE_FORMATS = ['table', 'json'] as const
export type AdviceFormat = (typeof ADVICE_FORMATS)[number]

export interface AdviceOptions {
  readonly form?: FormName
  readonly width?: number
  readonly ratio?: number
  readonly norm?: true
  readonly device?: string
  readonly maxMacs?: number
  readonly maxParams?: number
  readonly format: AdviceFormat
  readonly apply?: readonly string[]
}

/** What the advisor has to say on a file's model; with `apply`, the file is written. Gives what is printed. */
export function adviseFile(
  file: string,
  analysis: Analysis,
  model: ModelAnalysis,
  options: AdviceOptions,
  paint: Paint,
): string {
  const device = deviceOf(options.device)
  const { advised, picks, total } = found(analysis, model, device, options)
  const applied = options.apply ? chosen(advised, picks, options) : undefined
  const text =
    options.format === 'json'
      ? `${prettyJson({ schemaVersion: 1, ...adviceJson(file, analysis, model, advised, device) })}\n`
      : `${adviceTable(analysis, model, advised, device, paint)}\n${total ? `\n${total}\n` : ''}`
  if (!applied) return text
  const written = write(file, analysis, model, applied, device)
  return options.format === 'json' ? text : `${written}\n`
}

interface Found {
  readonly advised: Advised
  /** What `--apply` writes for each proposal. */
  readonly picks: ReadonlyMap<Proposal, Pick>
  /** Of a budget: what the model comes to with all of them. */
  readonly total?: string
}

/** Every proposal, or with a budget those of the cheapest set that meets it. */
function found(analysis: Analysis, model: ModelAnalysis, device: Device, options: AdviceOptions): Found {
  const { form, width, ratio, norm } = options
  const between: { between?: Between } = norm ? { between: 'norm' } : {}
  const budget = budgetOf(options)
  if (!budget) {
    const widths = { ...(width === undefined ? {} : { width }), ...(ratio === undefined ? {} : { ratio }) }
    const advised = advise(analysis, model, { ...(form ? { form } : {}), ...widths, ...between, device })
    const picks = advised.proposals.map(
      proposal => [proposal, { place: placeOfId(proposal.id), form: proposal.form, ...widths, ...between }] as const,
    )
    return { advised, picks: new Map(picks) }
  }
  const unit = budget.of === 'macs' ? 'MACs' : 'params'
  const under = picksUnder(analysis, model, budget, { device }, form ? [form] : undefined)
  if (!under.met) {
    throw new Unusable(
      `${model.name} cannot be brought under ${formatCount(budget.most)} ${unit} by these edits: they lead to ${formatCount(under.lowest)}.`,
    )
  }
  const { proposals } = under.applied
  const picks = proposals.map(
    proposal => [proposal, under.picks.find(p => `${p.place}:${p.form}` === proposal.id)!] as const,
  )
  return {
    advised: { proposals: [...proposals].reverse(), held: [] },
    picks: new Map(picks),
    total: totalText(model, under.applied.cost),
  }
}

const placeOfId = (id: string): string => id.slice(0, id.lastIndexOf(':'))

function budgetOf({ maxMacs, maxParams }: AdviceOptions): Budget | undefined {
  if (maxMacs !== undefined && maxParams !== undefined)
    throw new Unusable('give one budget: --max-macs or --max-params.')
  if (maxMacs !== undefined) return { of: 'macs', most: maxMacs }
  return maxParams === undefined ? undefined : { of: 'params', most: maxParams }
}

/** The picks that `--apply` names: ids of the list, or `all` under a budget. */
function chosen({ proposals }: Advised, picks: Found['picks'], { apply = [], ...options }: AdviceOptions): Pick[] {
  const all = apply.includes('all')
  if (all && !budgetOf(options)) throw new Unusable('--apply all goes with --max-macs or --max-params; else name ids.')
  const unknown = apply.find(id => id !== 'all' && !proposals.some(proposal => proposal.id === id))
  if (unknown !== undefined) {
    const ids = proposals.slice(0, 8).map(({ id }) => id)
    const has = ids.length
      ? `there are ${ids.join(', ')}${proposals.length > ids.length ? ', …' : ''}`
      : 'there is none'
    throw new Unusable(`no proposal ${unknown}; ${has}.`)
  }
  const named = proposals.filter(({ id }) => all || apply.includes(id))
  const places = named.map(({ id }) => placeOfId(id))
  const twice = places.find((place, i) => places.indexOf(place) !== i)
  if (twice !== undefined) throw new Unusable(`two proposals for ${twice}: one place takes one.`)
  return named.map(proposal => picks.get(proposal)!)
}

/** Writes the edits into the file, unless it changed since it was read; gives what was done in words. */
function write(file: string, analysis: Analysis, model: ModelAnalysis, picks: readonly Pick[], device: Device): string {
  if (analysis.source.cells) throw new Unusable(`${file}: a notebook is edited in the editor, not from here.`)
  const { analysis: edited, proposals, dropped, cost } = applyPicks(analysis, model, picks, { device })
  const [failed] = dropped
  if (failed) throw new Unusable(`${failed.pick.place}:${failed.pick.form} cannot be written: ${failed.reason}`)
  const raw = readFileSync(file, 'utf8')
  const mark = raw.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
  if (raw.slice(mark.length) !== analysis.source.text)
    throw new Unusable(`${file}: changed while it was read; try again.`)
  writeFileSync(file, mark + edited.source.text)
  return [...proposals.map(made => proposalText(made, device)), '', `${file}: ${totalText(model, cost)}`].join('\n')
}

const totalText = ({ name }: ModelAnalysis, { before, after }: Change<ModelCost>): string =>
  `${name} in all: ${formatExact(before.macs)} → ${formatExact(after.macs)} MACs, ${formatExact(before.params)} → ${formatExact(after.params)} params`

const BYTE_ORDER_MARK = '\uFEFF'
