/** The advisor's proposals as a table for a terminal and as JSON for other tools. */

import type { Group } from '../advisor/candidates'
import type { Device } from '../advisor/devices'
import type { Advised, HeldBack } from '../analysis/advise'
import type { Analysis, ModelAnalysis } from '../analysis/analyze'
import { convolutionOf, isConvolution } from '../analysis/kind'
import type { Change, PlaceCost, Proposal } from '../analysis/proposals'
import { formatBytes, formatChange, formatCount, formatExact, formatSeconds } from '../base/format'
import type { Span } from '../base/text'
import { lineNumber, placeIn } from './lines'
import { align, type Paint, plain } from './reportTable'
import { bound } from './reportWords'

//   resnet50: 4.09G MACs, 25.6M params; T4 fp16
//
//   id                  what                      form             r                 MACs  params  traffic  least time
//   146:21:bottleneck   Conv2d 3×3 64→64 ×3       64→16→16→64      planes // 4       −88%    −87%     +13%        −40%

/** What `advise --format json` gives, without the schema's version. */
export function adviceJson(file: string, analysis: Analysis, model: ModelAnalysis, advised: Advised, device: Device) {
  return {
    file,
    model: model.name,
    totals: { params: model.totals.params, macs: model.totals.macs },
    proposals: advised.proposals.map(proposal => jsonProposal(analysis, proposal, device)),
    held: advised.held.map(({ form, reason, ...group }) => ({
      line: placeIn(analysis, group.site.span.start).line,
      what: whatOf(group),
      form,
      reason,
    })),
  }
}

function jsonProposal(analysis: Analysis, proposal: Proposal, device: Device) {
  const { id, site, paths, form, width, widths, cost, model, breakEven, cautions, edits, between } = proposal
  const place = (offset: number) => placeIn(analysis, offset)
  return {
    id,
    line: place(site.span.start).line,
    layers: paths,
    what: whatOf(proposal),
    form,
    width,
    widths: form === 'separable' ? [] : widths,
    norm: between === 'norm',
    before: jsonCost(cost.before),
    after: jsonCost(cost.after),
    model: {
      before: { params: model.before.params, macs: model.before.macs },
      after: { params: model.after.params, macs: model.after.macs },
    },
    breakEven: { params: breakEven.params, macs: breakEven.macs, traffic: breakEven.traffic },
    bound: { device: device.name, before: cost.before.time, after: cost.after.time },
    cautions: cautions.map(({ text }) => text),
    edits: edits.map(({ span, newText }) => ({ ...range(place, span), newText })),
  }
}

const jsonCost = ({ params, macs, activations, traffic, kernels }: PlaceCost) => ({
  params,
  macs,
  activations,
  traffic,
  kernels,
})

/** One place in the text, 1-based, the end exclusive. */
function range(place: (offset: number) => { line: number; column: number }, { start, end }: Span) {
  const [from, to] = [place(start), place(end)]
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column }
}

/** Proposals best first, then what is left alone. Ends without a line end. */
export function adviceTable(
  analysis: Analysis,
  model: ModelAnalysis,
  { proposals, held }: Advised,
  device: Device,
  paint: Paint = plain,
): string {
  const { macs, params } = model.totals
  const b = bound(model)
  const ranked = [...proposals].sort((x, y) => x.model.after.macs - y.model.after.macs)
  const rows = ranked.map(proposal => {
    const { id, cost, width } = proposal
    const change = (of: keyof PlaceCost): string => formatChange(cost.before[of], cost.after[of])
    return [
      id,
      whatOf(proposal),
      chainOf(proposal),
      width,
      change('macs'),
      change('params'),
      change('traffic'),
      change('time'),
      ofModel(proposal),
    ]
  })
  const [head, ...body] = align([HEAD, ...rows], RIGHT)
  return [
    `${paint.bold(model.name)}: ${b}${formatCount(macs)} MACs, ${b}${formatCount(params)} params; least time on ${device.name}`,
    '',
    ...(rows.length ? [paint.dim(head!), ...body] : ['Nothing to insert.']),
    ...(ranked.length <= FEW ? ranked.flatMap(proposal => ['', proposalText(proposal, device)]) : []),
    ...(held.length ? ['', paint.dim('Not proposed'), ...heldLines(analysis, held)] : []),
  ].join('\n')
}

const HEAD = ['id', 'what', 'becomes', 'r', 'MACs', 'params', 'traffic', 'least time', 'MACs of the model']
const RIGHT: ReadonlySet<number> = new Set([4, 5, 6, 7, 8])
/** So few are written out in whole numbers below the table. */
const FEW = 4

const ofModel = ({ model }: Proposal): string =>
  `${formatChange(model.before.macs, model.after.macs)} to ${formatCount(model.after.macs)}`

/** What one edit comes to, in full: before and after of the line, the model, and what to know. */
export function proposalText(proposal: Proposal, device: Device): string {
  const { cost, model, cautions } = proposal
  const of = (name: string, text: (value: number) => string, { before, after }: Change<number>): string =>
    `  ${name.padEnd(12)}${text(before)} → ${text(after)} (${formatChange(before, after)})`
  const bytes = (elements: number): string => formatBytes(elements * device.bytesPerElement)
  const change = (key: keyof PlaceCost): Change<number> => ({ before: cost.before[key], after: cost.after[key] })
  return [
    `${proposal.id}  ${whatOf(proposal)} becomes ${chainOf(proposal)}`,
    of('MACs', formatExact, change('macs')),
    of('params', formatExact, change('params')),
    of('traffic', bytes, change('traffic')),
    of('least time', formatSeconds, change('time')),
    of('model MACs', formatExact, { before: model.before.macs, after: model.after.macs }),
    ...cautions.map(({ text }) => `  ${text}`),
  ].join('\n')
}

/** `Conv2d 3×3 64→64`, `Conv2d 3×3 64→64…512→512 ×16` where one line builds several. */
export function whatOf({ nodes }: Group): string {
  const [first] = nodes
  const channels = [...new Set(nodes.map(channelsText))]
  const kernel = first && isConvolution(first) ? `${convolutionOf(first).kernel.join('x')} ` : ''
  const range = channels.length > 1 ? `${channels[0]}…${channels.at(-1)}` : (channels[0] ?? '')
  const count = nodes.length > 1 ? ` ×${nodes.length}` : ''
  return `${first?.origin.type ?? ''} ${kernel}${range}${count}`.trim()
}

function channelsText(node: Group['nodes'][number]): string {
  const attributes = node.attributes as { inFeatures?: number; outFeatures?: number }
  if (!isConvolution(node)) return `${attributes.inFeatures ?? '?'}→${attributes.outFeatures ?? '?'}`
  const { inChannels, outChannels } = convolutionOf(node)
  return `${inChannels ?? '?'}→${outChannels ?? '?'}`
}

/** The channels along the form: `256→16→32`; of several calls the heaviest. */
export function chainOf({ form, direct, leadWidth: r }: Pick<Proposal, 'form' | 'direct' | 'leadWidth'>): string {
  const { cin, cout } = direct
  const chain = {
    reduce: [cin, r, cout],
    bottleneck: [cin, r, r, cout],
    expand: [cin, r, cout],
    separable: [cin, cin, cout],
  }
  return chain[form].join('→')
}

/** The reasons, equal ones together: `12, 15   Linear (reduce, expand)`. */
function heldLines(analysis: Analysis, held: readonly HeldBack[]): string[] {
  const byPlace = new Map<string, { text: string[]; forms: string[] }>()
  for (const { form, reason, ...group } of held) {
    const text = [lineNumber(placeIn(analysis, group.site.span.start)), whatOf(group), reason]
    const key = text.join('\n')
    const known = byPlace.get(key)
    if (known) known.forms.push(form)
    else byPlace.set(key, { text, forms: [form] })
  }
  return align([...byPlace.values()].map(({ text, forms }) => [...text, forms.length === 4 ? '' : forms.join(', ')]))
}
