/** One sentence on what a 1×1 convolution does, or could do, at a layer. */
import type { ModelAnalysis } from '../analysis/analyze'
import { convolutionOf, isConvolution, kindOf } from '../analysis/kind'
import type { SiteSummary } from '../analysis/sites'
import { formatChange, formatCount } from '../base/format'
import type { Node } from '../core/graph'
import { ops } from '../core/ops'
import { elements } from '../core/shape'
import { escapeMarkdown } from './explain'

/** Markdown; null for layers that are no convolution. */
export function pointwiseSentence(summary: SiteSummary, model: ModelAnalysis): string | null {
  const nodes = summary.calls.flatMap(call => call.nodes).filter(isConvolution)
  const node = nodes[0]
  if (!node || summary.calls.some(call => call.nodes.filter(isConvolution).length !== 1)) return null
  const { inChannels, outChannels, groups } = convolutionOf(node)
  if (inChannels === null || outChannels === null) return null
  switch (kindOf(node)) {
    case 'reduce':
      return `**Reduces** ${inChannels} to ${outChannels} channels: the MACs of a k×k after it are ${factor(inChannels / outChannels)}.`
    case 'expand':
      return `**Expands** ${inChannels} to ${outChannels} channels.`
    case 'project':
      return `**Projects** ${inChannels} channels onto as many: mixes them at every position.`
    case 'depthwise':
      return `**Depthwise**: each of ${inChannels} channels is filtered alone; a 1×1 mixes them.`
    case 'grouped':
      return `**Grouped**: ${groups} groups of ${inChannels / groups} channels are filtered apart.`
    case 'spatial':
      return alreadyBottleneck(nodes, model) ?? wouldPay(node, nodes.length)
    default:
      return null
  }
}

/** A k×k between a 1×1 that reduces and a 1×1 that expands. */
function alreadyBottleneck(nodes: readonly Node[], model: ModelAnalysis): string | null {
  const consumers = consumersOf(model)
  let taken = 0
  let direct = 0
  let names = ''
  for (const node of nodes) {
    const before = skip(node.inputs[0]?.producer ?? null, n => n.inputs[0]?.producer ?? null)
    const after = skip(onlyConsumer(node, consumers), n => onlyConsumer(n, consumers))
    if (!before || !after || kindOf(before) !== 'reduce' || kindOf(after) !== 'expand') return null
    const macs = [before, node, after].map(n => n.cost.macs)
    const area = positions(node)
    if (macs.includes(null) || area === null) return null
    const { kernel } = convolutionOf(node)
    taken += macs.reduce<number>((sum, part) => sum + part!, 0)
    direct +=
      kernel.reduce((a, b) => a * b, 1) * convolutionOf(before).inChannels! * convolutionOf(after).outChannels! * area
    names ||= `${escapeMarkdown(before.origin.site.name)} (1×1 reduces) and ${escapeMarkdown(after.origin.site.name)} (1×1 expands)`
  }
  const size = convolutionOf(nodes[0]!).kernel.join('×')
  const blocks = nodes.length === 1 ? 'the block takes' : `the ${nodes.length} blocks take`
  const each = nodes.length === 1 ? `one ${size} in their place` : `one ${size} in place of each`
  return `**Already a bottleneck** between ${names}: ${blocks} ${formatCount(taken)} MACs, ${each} ${formatCount(direct)}.`
}

/** What a 1×1 to a quarter of the channels before it would make of its MACs, or why it has nothing to reduce. */
function wouldPay(node: Node, calls: number): string | null {
  const { kernel, inChannels, outChannels } = convolutionOf(node)
  const before = node.cost.macs
  const input = elements(node.inputs[0]?.shape ?? null)
  const area = positions(node)
  if (node.op.startsWith('conv_transpose') || before === null || input === null || area === null) return null
  if (inChannels! < LEAST_CHANNELS) {
    return `**No room for a bottleneck**: a 1×1 has nothing to reduce in ${inChannels} input channel${inChannels === 1 ? '' : 's'}.`
  }
  const width = Math.max(WIDTH_MULTIPLE, Math.round(inChannels! / 4 / WIDTH_MULTIPLE) * WIDTH_MULTIPLE)
  const window = kernel.reduce((a, b) => a * b, 1)
  const after = width * (input + window * outChannels! * area)
  const sizes = `1×1 ${inChannels}→${width} before it`
  const what = calls > 1 ? 'its first call costs' : 'it costs'
  if (after >= before)
    return `**A 1×1 would not pay in MACs**: with a ${sizes} ${what} ${formatCount(after)} MACs, not ${formatCount(before)}.`
  return `**A 1×1 would pay in MACs**: with a ${sizes} ${what} ${formatCount(after)} MACs, not ${formatCount(before)} (${formatChange(before, after)}).`
}

const positions = (node: Node): number | null => {
  const out = elements(node.outputs[0]?.shape ?? null)
  const { outChannels } = convolutionOf(node)
  return out === null || !outChannels ? null : out / outChannels
}

/** Norms, activations and dropout between two convolutions do not part them. */
function skip(node: Node | null, next: (node: Node) => Node | null): Node | null {
  for (let steps = 0; node && steps < 8; steps++) {
    if (node.op === 'unknown' || !ops[node.op].quiet) return node
    node = next(node)
  }
  return node
}

type Consumers = ReadonlyMap<Node, readonly Node[]>

const onlyConsumer = (node: Node, consumers: Consumers): Node | null => {
  const all = consumers.get(node) ?? []
  return all.length === 1 ? all[0]! : null
}

function consumersOf({ graph }: ModelAnalysis): Consumers {
  const consumers = new Map<Node, Node[]>()
  for (const node of graph.nodes) {
    for (const { producer } of node.inputs) {
      if (!producer) continue
      const known = consumers.get(producer)
      if (known) known.push(node)
      else consumers.set(producer, [node])
    }
  }
  return consumers
}

const factor = (ratio: number): string => `÷ ${ratio < 9.95 ? ratio.toFixed(1) : Math.round(ratio)}`

/** Below this a reduction has nothing to reduce: the stem's colours, a few hand-made maps. */
const LEAST_CHANNELS = 16
/** Hardware likes widths that are multiples of 8. */
const WIDTH_MULTIPLE = 8
