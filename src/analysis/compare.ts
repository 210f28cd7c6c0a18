import type { Device } from '../advisor/devices'
import type { Node, Value } from '../core/graph'
import { formatShape } from '../core/shape'
import { leastTimeOf } from './advice'
import { type Alignable, align, type Pair } from './align'
import type { ModelAnalysis } from './analyze'
import { type Call, callsOf, mainNode } from './calls'
import { widestField } from './field'
import { convolutionOf, isConvolution } from './kind'
import type { CostLayer } from './tree'

/** What became of a layer from A to B. */
export type Mark = '=' | '~' | '+' | '−'

export interface Compared<T> {
  readonly mark: Mark
  readonly a: T | null
  readonly b: T | null
}

/** A total of each side; null where it has none. `exact` is false for a lower bound. */
export interface ComparedTotal {
  readonly of: (typeof TOTALS)[number]
  readonly a: Total | null
  readonly b: Total | null
}

export interface Total {
  readonly value: number
  readonly exact: boolean
}

/** MACs and params are counts, traffic, peak activations and weights bytes of the device's precision, time seconds, the field pixels. */
export const TOTALS = ['macs', 'params', 'traffic', 'time', 'peakActivations', 'weights', 'field'] as const

/** Every call of either model, as reports list them. */
export const compareCalls = (a: ModelAnalysis, b: ModelAnalysis): Compared<Call>[] =>
  compareAll(callsOf(a.graph).map(alignableCall), callsOf(b.graph).map(alignableCall))

/** Layers that a chart of costs shows, each list in the order of its network. */
export const compareLayers = (a: readonly CostLayer[], b: readonly CostLayer[]): Compared<CostLayer>[] =>
  compareAll(a.map(alignableLayer), b.map(alignableLayer))

/** The totals side by side, in the order of TOTALS. */
export function compareTotals(a: ModelAnalysis, b: ModelAnalysis, device: Device): ComparedTotal[] {
  const [of, and] = [totalsOf(a, device), totalsOf(b, device)]
  return TOTALS.map(name => ({ of: name, a: of[name], b: and[name] }))
}

function totalsOf(model: ModelAnalysis, device: Device): Record<ComparedTotal['of'], Total | null> {
  const { totals, graph, uncounted } = model
  const exact = totals.completeness === 'exact'
  const whole = exact && uncounted.length === 0
  const bytes = (elements: number, isExact: boolean): Total => ({
    value: elements * device.bytesPerElement,
    exact: isExact,
  })
  const time = leastTimeOf(model, device)
  const field = widestField(model)
  // Norms and activations are taken as fused into the kernel before them, as in the bound on time.
  const kernels = graph.nodes.filter(node => node.cost.macs !== 0)
  const traffic = kernels.reduce((sum, { cost }) => sum + (cost.traffic ?? 0), 0)
  return {
    macs: { value: totals.macs, exact },
    params: { value: totals.params, exact },
    traffic: bytes(traffic, whole && kernels.every(({ cost }) => cost.traffic !== null)),
    time: { value: time.seconds, exact: whole && time.exact },
    peakActivations: bytes(totals.peakActivations, whole),
    weights: bytes(totals.params, exact),
    field: field === null ? null : { value: Math.max(...field), exact: whole },
  }
}

interface Keyed<T> extends Alignable {
  readonly item: T
}

function compareAll<T>(a: readonly Keyed<T>[], b: readonly Keyed<T>[]): Compared<T>[] {
  return align(a, b).map(pair => ({ mark: markOf(pair), a: pair[0]?.item ?? null, b: pair[1]?.item ?? null }))
}

function markOf<T>([a, b]: Pair<Keyed<T>>): Mark {
  if (!a) return '+'
  if (!b) return '−'
  return a.keys[0] === b.keys[0] ? '=' : '~'
}

function alignableCall(call: Call): Keyed<Call> {
  const { nodes, scope, params, macs } = call
  const inputs = scope?.inputs ?? nodes[0]!.inputs
  const outputs = scope?.outputs ?? nodes.at(-1)!.outputs
  return {
    item: call,
    path: call.path,
    keys: [`${nodes.map(nodeText).join(' ')} ${shapes(inputs)} ${params} ${macs}`, ...keysOf(mainNode(call), outputs)],
  }
}

function alignableLayer(layer: CostLayer): Keyed<CostLayer> {
  const { id, node, nodes, sum } = layer
  return {
    item: layer,
    path: id.replace(/#\d+$/, ''),
    keys: [
      `${nodes.map(nodeText).join(' ')} ${shapes(node.inputs)} ${sum.params} ${sum.macs}`,
      ...keysOf(node, node.outputs),
    ],
  }
}

/** What a node is and gives: two with the same text and inputs do the same thing. */
function nodeText(node: Node): string {
  const attributes = Object.entries(node.attributes)
    .filter(([name, value]) => value !== null && value !== undefined && value !== false && !LEFT_OUT.has(name))
    .sort(([x], [y]) => (x < y ? -1 : 1))
  const name = node.op === 'unknown' ? node.origin.type : node.op
  return `${name} ${JSON.stringify(attributes)} ${shapes(node.outputs)} ${node.cost.params}`
}

/** Numbers of channels are those of the shapes, which some formats leave to the input; what a format refuses is no layer. */
const LEFT_OUT: ReadonlySet<string> = new Set(['inChannels', 'channels', 'inFeatures', 'halfPadding'])

/** Alike: with the same window, giving the same map. Of a kind: with the same kernel. Of a family: pointwise or not. */
function keysOf(node: Node, outputs: readonly Value[]): string[] {
  const { op } = node
  if (!isConvolution(node)) {
    const kind = op === 'unknown' ? `unknown ${node.origin.type}` : op
    return [`${kind} ${shapes(outputs)}`, kind, kind]
  }
  const { kernel, stride, groups } = convolutionOf(node)
  const kind = `${op} ${kernel.join('×')}`
  return [
    `${kind} ${stride.join('×')} ${groups === 1 ? '' : 'groups '}${shapes(outputs)}`,
    kind,
    `${op}${kernel.every(k => k === 1) ? ' pointwise' : ''}`,
  ]
}

const shapes = (values: readonly Value[]): string => values.map(value => formatShape(value.shape)).join(',')
