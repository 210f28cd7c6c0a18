import { formatRatio, formatShare } from '../base/format'
import { largestWhere } from '../base/search'
import type { Graph, Node, Scope, Site } from '../core/graph'
import type { Convolution } from '../core/ops/convolution'
import { elements } from '../core/shape'
import { spelledSites } from '../core/spelling'
import { bottleneckAround } from './bottlenecks'
import { kernelsTime } from './bound'
import type { Device } from './devices'
import { breakEven, type Direct, directWork, type FormName, kernelWork, type Work } from './forms'
import { convolutionAt, isPointwise, type Neighbours, neighboursOf } from './neighbours'

export interface CandidateOptions {
  readonly form: FormName
  readonly device: Device
  /** r = Cin / ratio, rounded to a multiple; 4 by default. */
  readonly ratio?: number
  /** The same width for every layer, in place of the ratio. */
  readonly width?: number
  /** What hardware likes widths to be multiples of; 8 by default. */
  readonly multiple?: number
}

/** Work with the time it takes at least, in seconds, and the kernels it is done in. */
export interface Cost extends Work {
  readonly time: number
  readonly kernels: number
}

/** The widths up to which each pays; null where none does, and for `separable`, which has no width. */
export interface BreakEven {
  readonly macs: number | null
  readonly params: number | null
  readonly traffic: number | null
  readonly time: number | null
}

/** Calls of one layer as the file declares it: one call, or many through the line of a block. */
export interface Group {
  /** The path of a single call; of several the declaring place's name, with the path inside its composite. */
  readonly name: string
  readonly site: Site
  readonly paths: readonly string[]
  readonly nodes: readonly Node[]
  /** The call with the most MACs, the first of equal ones: the sizes that are shown, and by which a line is judged. */
  readonly lead: Node
}

/** A convolution in whose place a form costs fewer MACs. All costs are sums over the calls of the group. */
export interface Candidate extends Group {
  readonly form: FormName
  /** Sizes of the leading call; the others of the group may differ. */
  readonly direct: Direct
  readonly kernel: readonly number[]
  /** The output's spatial sizes at the leading call; null where unknown. */
  readonly outputSize: readonly (number | null)[]
  /** Of the leading call. */
  readonly leadWidth: number
  /** The width of each call, distinct ones in order. */
  readonly widths: readonly number[]
  readonly before: Cost
  readonly after: Cost
  /** Of the model's MACs, 0 to 1. */
  readonly share: number
  /** Of the leading call. */
  readonly breakEven: BreakEven
  readonly pays: { readonly macs: boolean; readonly traffic: boolean; readonly time: boolean }
}

/** Why nothing is proposed for a layer. */
export type HeldReason =
  | 'unknown'
  | 'linear'
  | 'transposed'
  | 'pointwise'
  | 'depthwise'
  | 'grouped'
  | 'few-channels'
  | 'bottleneck'
  | 'reduced'
  | 'small'
  | 'no-gain'

export interface Held extends Group {
  readonly reason: HeldReason
  /** `Only 3 input channels`. */
  readonly text: string
}

export interface Candidates {
  readonly candidates: readonly Candidate[]
  readonly held: readonly Held[]
}

/** Every layer with weights and MACs, as a candidate for a form or with the reason why it is none, in execution order. */
export function candidates(graph: Graph, options: CandidateOptions): Candidates {
  const neighbours = neighboursOf(graph)
  const total = graph.nodes.reduce((sum, node) => sum + (node.cost.macs ?? 0), 0)
  const found: { candidates: Candidate[]; held: Held[] } = { candidates: [], held: [] }
  for (const group of groupsOf(graph)) {
    const held = heldBack(group, neighbours, total, options.form)
    if (held) {
      found.held.push({ ...group, ...held })
      continue
    }
    const candidate = propose(group, total, options)
    if (candidate.pays.macs) found.candidates.push(candidate)
    else found.held.push({ ...group, reason: 'no-gain', text: noGain(candidate) })
  }
  return found
}

/** `r 200 costs more MACs than as written: it pays below 194`. */
function noGain({ widths, breakEven, before, after, form }: Candidate): string {
  const costs = after.macs > before.macs ? 'costs more MACs than as written' : 'costs as many MACs as written'
  if (form === 'separable') return `A separable one ${costs}`
  const pays = breakEven.macs === null ? '' : `: it pays below ${formatRatio(breakEven.macs)}`
  return `r ${widths.join(', ')} ${costs}${pays}`
}

/** r = Cin / ratio as a multiple, at least one multiple. */
export function widthFor(
  cin: number,
  { ratio = 4, width, multiple = 8 }: Omit<CandidateOptions, 'form' | 'device'>,
): number {
  return width ?? Math.max(multiple, Math.round(cin / ratio / multiple) * multiple)
}

/** The closed formulas' view of one call; null where a size is unknown. */
export function directOf(node: Node): Direct | null {
  const convolution = convolutionAt(node)
  if (!convolution) return null
  const { kernel, groups, bias, inChannels: cin, outChannels: cout } = convolution
  const read = elements(node.inputs[0]?.shape ?? null)
  const written = elements(node.outputs[0]?.shape ?? null)
  if (!cin || !cout || read === null || written === null || cin % groups || node.cost.macs === null) return null
  const window = kernel.reduce((a, b) => a * b, 1)
  return { window, cin, cout, groups, input: read / cin, output: written / cout, bias: bias ? cout : 0 }
}

/** The largest whole width at which a form takes less than the direct convolution; null for none and for `separable`. */
function timeBreakEven(form: FormName, direct: Direct, device: Device): number | null {
  if (form === 'separable') return null
  const before = kernelsTime([directWork(direct)], device)
  return largestWhere(r => kernelsTime(kernelWork(form, direct, r), device) < before)
}

/** Below this a 1×1 has nothing to reduce. */
const FEWEST_CHANNELS = 16
/** Layers under this share of the MACs cannot change the total. */
const SMALLEST_SHARE = 0.01

function* groupsOf(graph: Graph): Iterable<Group> {
  const siteOf = spelledSites(graph)
  const groups = new Map<Site, Map<string, Node[]>>()
  const order: { site: Site; inside: string; nodes: Node[] }[] = []
  for (const node of graph.nodes) {
    if (node.op !== 'linear' && !node.op.startsWith('conv')) continue
    const site = siteOf(node)
    const inside = insideOf(node, site)
    const ofSite = groups.get(site) ?? new Map<string, Node[]>()
    groups.set(site, ofSite)
    const nodes = ofSite.get(inside)
    if (nodes) nodes.push(node)
    else {
      const first = [node]
      ofSite.set(inside, first)
      order.push({ site, inside, nodes: first })
    }
  }
  for (const { site, inside, nodes } of order) {
    const paths = nodes.map(node => node.origin.path)
    const name = nodes.length === 1 ? paths[0]! : inside ? `${site.name} ${inside}` : site.name
    yield { name, site, paths, nodes, lead: heaviest(nodes) }
  }
}

const heaviest = (nodes: readonly Node[]): Node =>
  nodes.reduce((most, node) => ((node.cost.macs ?? 0) > (most.cost.macs ?? 0) ? node : most))

/** The path of a node inside the outermost composite of its own place; empty where the place declares the node alone. */
function insideOf({ origin, scope }: Node, site: Site): string {
  if (site !== origin.site) return ''
  let outermost: Scope | null = null
  for (let at = scope; at?.origin.site === site; at = at.parent) outermost = at
  if (!outermost) return ''
  const { path } = outermost.origin
  // A layer that has its activation with it is the composite itself.
  if (origin.path === path) return ''
  return origin.path.startsWith(`${path}.`) ? origin.path.slice(path.length + 1) : origin.path
}

function heldBack(
  { nodes, lead: node }: Group,
  neighbours: Neighbours,
  total: number,
  form: FormName,
): { reason: HeldReason; text: string } | null {
  if (node.op === 'linear') return { reason: 'linear', text: 'Linear' }
  const convolution = convolutionAt(node)
  if (!convolution) return { reason: 'transposed', text: 'Transposed' }
  const { groups, inChannels: cin, outChannels: cout } = convolution
  if (nodes.some(n => directOf(n) === null)) return { reason: 'unknown', text: 'Its sizes are not known' }
  if (isPointwise(convolution)) return { reason: 'pointwise', text: `Already 1×1: ${whatItDoes(convolution)}` }
  if (groups > 1) {
    return groups === cin
      ? { reason: 'depthwise', text: 'Depthwise' }
      : { reason: 'grouped', text: `${groups} groups already divide its cost` }
  }
  const few = (count: number, noun: string) =>
    ({ reason: 'few-channels', text: `Only ${count} ${noun} channel${count === 1 ? '' : 's'}` }) as const
  if (cin! < FEWEST_CHANNELS) return few(cin!, 'input')
  if (form === 'expand' && cout! < FEWEST_CHANNELS) return few(cout!, 'output')
  if (form !== 'separable') {
    if (nodes.every(n => bottleneckAround(n, neighbours))) return { reason: 'bottleneck', text: 'Already a bottleneck' }
    const before = nodes.map(n => convolutionAt(neighbours.before(n)))
    if (form !== 'expand' && before.every(c => c && isPointwise(c) && c.outChannels! < c.inChannels!)) {
      const { inChannels, outChannels } = before[0]!
      return { reason: 'reduced', text: `Already reduced ${inChannels}→${outChannels} by a 1×1` }
    }
  }
  const share = total === 0 ? 0 : nodes.reduce((sum, n) => sum + n.cost.macs!, 0) / total
  if (share >= SMALLEST_SHARE) return null
  return { reason: 'small', text: `${formatShare(share)} of the model` }
}

const whatItDoes = ({ inChannels: cin, outChannels: cout }: Convolution): string =>
  `${cout! < cin! ? 'reduces' : cout! > cin! ? 'expands' : 'projects'} ${cin}→${cout}`

function propose(group: Group, total: number, options: CandidateOptions): Candidate {
  const { form, device } = options
  const calls = group.nodes.map(node => {
    const direct = directOf(node)!
    const width = widthFor(direct.cin, options)
    // Weights of a layer that is called again are read again and stored once.
    const stored = node.firstCall ? 1 : 0
    return { direct, width, stored }
  })
  const cost = (kernelsOf: (call: (typeof calls)[number]) => Work[]): Cost => {
    let [macs, params, traffic, time, kernels] = [0, 0, 0, 0, 0]
    for (const call of calls) {
      const work = kernelsOf(call)
      for (const part of work) {
        macs += part.macs
        params += part.params * call.stored
        traffic += part.traffic
      }
      time += kernelsTime(work, device)
      kernels += work.length
    }
    return { macs, params, traffic, time, kernels }
  }
  const before = cost(call => [directWork(call.direct)])
  const after = cost(call => kernelWork(form, call.direct, call.width))
  const { lead: node } = group
  const { direct: first, width: leadWidth } = calls[group.nodes.indexOf(node)]!
  const { kernel, channelsLast } = convolutionAt(node)!
  const shape = node.outputs[0]!.shape!
  const size = channelsLast ? shape.slice(-kernel.length - 1, -1) : shape.slice(-kernel.length)
  return {
    ...group,
    form,
    direct: first,
    kernel,
    outputSize: size.map(dim => (typeof dim === 'number' ? dim : null)),
    leadWidth,
    widths: [...new Set(calls.map(call => call.width))],
    before,
    after,
    share: total === 0 ? 0 : before.macs / total,
    breakEven: {
      macs: breakEven(form, first, 'macs'),
      params: breakEven(form, first, 'params'),
      traffic: breakEven(form, first, 'traffic'),
      time: timeBreakEven(form, first, device),
    },
    pays: { macs: after.macs < before.macs, traffic: after.traffic < before.traffic, time: after.time < before.time },
  }
}
