import type { Advice, Bottleneck, Candidate, Group, Held, HeldReason } from '../analysis/advice'
import { convolutionOf } from '../analysis/kind'
import { placeOf as placeIdOf } from '../analysis/proposals'
import { plural } from '../base/format'
import { formatDim } from '../core/dim'
import type { Node } from '../core/graph'
import type {
  PanelBottlenecks,
  PanelForm,
  PanelPresent,
  PanelProposal,
  PanelProposalGroup,
  PanelRatio,
} from '../protocol/panel'
import { placeOf } from './panelCost'

export interface BottleneckOptions {
  readonly form: PanelForm
  readonly ratio: PanelRatio
  readonly multiple: number
  /** 1 for MACs, 2 for FLOPs. */
  readonly perMac: number
  readonly lineStarts: readonly number[]
  /** The cost table's layer that a call belongs to. */
  readonly idOf: ReadonlyMap<Node, string>
}

/** The advisor's candidates in the groups of the Bottlenecks tab, and the reasons of what is left alone. */
export function panelBottlenecks(advice: Advice, options: BottleneckOptions): PanelBottlenecks {
  const groups = groupsOf(advice, options)
  const paying = groups.filter(group => group.id !== 'none').reduce((sum, group) => sum + group.proposals.length, 0)
  const held = advice.held.filter(({ reason }) => reason !== 'pointwise')
  return {
    form: options.form,
    ratio: options.ratio,
    multiple: options.multiple,
    deviceName: advice.device.name,
    groups,
    paying,
    refused: held.map(group => ({
      ...namesInText(group, options),
      name: nameOf(group, options),
      reason: group.text,
      layers: layersOf(group, options),
      place: placeOf(group.site, options.lineStarts),
    })),
    refusedSummary: refusedSummary(held, options),
    present: presentOf(advice, options.perMac),
  }
}

function groupsOf({ candidates, device }: Advice, options: BottleneckOptions): PanelProposalGroup[] {
  const groups = {
    all: [] as PanelProposal[],
    time: [] as PanelProposal[],
    none: [] as PanelProposal[],
  }
  for (const candidate of candidates) {
    const { traffic, time } = candidate.pays
    groups[!time ? 'none' : traffic ? 'all' : 'time'].push(proposal(candidate, device.bytesPerElement, options))
  }
  const unit = options.perMac === 2 ? 'FLOPs' : 'MACs'
  return [
    { id: 'all', title: `Pays in ${unit}, traffic and time`, proposals: groups.all },
    { id: 'time', title: `Pays in ${unit} and time, costs traffic`, proposals: groups.time },
    { id: 'none', title: `Does not pay in time on ${device.name}`, proposals: groups.none },
  ]
}

function proposal(candidate: Candidate, bytes: number, options: BottleneckOptions): PanelProposal {
  const { perMac, lineStarts } = options
  const { nodes, site, kernel, widths, before, after } = candidate
  const convolutions = nodes.map(convolutionOf)
  return {
    ...namesInText(candidate, options),
    name: nameOf(candidate, options),
    count: nodes.length,
    kernel: kernel.join('×'),
    leadIn: candidate.direct.cin,
    inChannels: range(convolutions.map(({ inChannels }) => String(inChannels))),
    width: candidate.form === 'separable' ? '' : range(widths.map(String)),
    outChannels: range(convolutions.map(({ outChannels }) => String(outChannels))),
    size: range(nodes.map(sizeText)),
    work: { before: before.macs * perMac, after: after.macs * perMac },
    traffic: { before: before.traffic * bytes, after: after.traffic * bytes },
    time: { before: before.time, after: after.time },
    layers: layersOf(candidate, options),
    place: placeOf(site, lineStarts),
  }
}

/** A single layer is called as in the cost table; a line with many calls by what the file calls it. */
const nameOf = ({ name, nodes }: Group, { idOf }: BottleneckOptions): string =>
  nodes.length === 1 ? (idOf.get(nodes[0]!) ?? name) : name

/** What names a group in messages: an id that survives other lines' changes, and its place in the text as it is. */
function namesInText(group: Group, options: BottleneckOptions): { id: string; at: string; group: string } {
  const [id = `${group.nodes[0]!.id} ${group.name}`] = layersOf(group, options)
  return { id, at: placeIdOf(options, group), group: group.name }
}

const layersOf = ({ nodes }: Group, { idOf }: BottleneckOptions): string[] =>
  nodes.flatMap(node => idOf.get(node) ?? [])

/** One text where all agree, else the first and the last. */
const range = (texts: readonly string[]): string =>
  texts.every(text => text === texts[0]) ? texts[0]! : `${texts[0]}…${texts.at(-1)}`

/** `56²` of a square map, `56×28` of another. */
function sizeText(node: Node): string {
  const { kernel, channelsLast } = convolutionOf(node)
  const shape = node.outputs[0]?.shape
  if (!shape) return '?'
  const size = channelsLast ? shape.slice(-kernel.length - 1, -1) : shape.slice(-kernel.length)
  const power = ['', '', '²', '³'][size.length] ?? ''
  const texts = size.map(formatDim)
  return power && texts.every(text => text === texts[0]) ? `${texts[0]}${power}` : texts.join('×')
}

/** The reasons in the order of the network, neighbours with one reason together: `conv1_1 has 3 input channels; …`. */
function refusedSummary(held: readonly Held[], options: BottleneckOptions): string {
  const byReason = new Map<string, Held[]>()
  for (const item of held) {
    const key = TEXTS[item.reason] ? item.reason : item.text
    byReason.set(key, [...(byReason.get(key) ?? []), item])
  }
  const parts = [...byReason.values()].map(list => {
    const [first] = list
    const names = namesOf(list, held, options)
    const text =
      first!.reason === 'few-channels'
        ? `${list.length === 1 ? 'has' : 'have'} ${lower(first!.text)}`
        : TEXTS[first!.reason]?.[list.length === 1 ? 0 : 1]
    return text ? `${names} ${text}` : `${names}: ${lower(first!.text)}`
  })
  return parts.slice(0, LISTED).join('; ') + (parts.length > LISTED ? '; …' : '')
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const LISTED = 3

/** `fc6 to fc8` of neighbours in the list of what is held back, `12 layers` of others. */
function namesOf(list: readonly Held[], held: readonly Held[], options: BottleneckOptions): string {
  const names = list.map(group => nameOf(group, options))
  if (names.length <= 2) return names.join(' and ')
  const isRun = held.indexOf(list.at(-1)!) - held.indexOf(list[0]!) === list.length - 1
  return isRun ? `${names[0]} to ${names.at(-1)}` : plural(list.length, 'layer')
}

/** Reasons that read better as a sentence: for one layer, for several. */
const TEXTS: Partial<Record<HeldReason, readonly [string, string]>> = {
  linear: ['is linear', 'are linear'],
  depthwise: ['is depthwise', 'are depthwise'],
  transposed: ['is transposed', 'are transposed'],
  bottleneck: ['is a bottleneck already', 'are bottlenecks already'],
  small: ['is a small share of the model', 'are small shares of the model'],
}

function presentOf({ present, candidates, held }: Advice, perMac: number): PanelPresent | null {
  if (!present.length) return null
  const kernels = new Set(present.map(({ spatial }) => kernelOf(spatial.attributes)))
  const kernel = kernels.size === 1 ? [...kernels][0]! : 'k×k'
  const [asWritten, direct] = [sum(present, 'macs'), sum(present, 'directMacs')]
  const others = [...candidates, ...held]
    .flatMap(({ nodes }) => nodes)
    .filter(({ attributes }) => kernelOf(attributes) === kernel)
  const text =
    present.length === 1
      ? `One ${kernel} layer already sits between two 1×1s.`
      : others.length === present.length
        ? `Each of the ${present.length} ${kernel} layers already sits between two 1×1s.`
        : `${present.length} of the ${kernel} layers already sit between two 1×1s.`
  return {
    text,
    asWritten: asWritten * perMac,
    direct: direct * perMac,
    directLabel: `one ${kernel} in place of each block`,
  }
}

const kernelOf = (attributes: Readonly<Record<string, unknown>>): string =>
  Array.isArray(attributes.kernel) ? attributes.kernel.join('×') : ''

const sum = (list: readonly Bottleneck[], of: 'macs' | 'directMacs'): number =>
  list.reduce((total, bottleneck) => total + (bottleneck[of] ?? 0), 0)
