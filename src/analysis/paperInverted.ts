import type { Node } from '../core/graph'
import { convolutionOf, isConvolution, kindOf } from './kind'
import type { Flow } from './paperRegions'
import { isCostly, isQuiet } from './paperSteps'

/**
 * Whether the layers of a residual block are those of an inverted one (Sandler et al. 2018): a 1×1 that expands, a
 * depthwise convolution, a 1×1 that brings it back; without the first where nothing is expanded.
 */
export function isInverted(layers: readonly Node[]): boolean {
  const [last, wide, first, ...others] = layers.toReversed()
  if (!last || !wide || others.length > 0 || !isPlainPointwise(last)) return false
  if (kindOf(wide) !== 'depthwise' || (first && !isPlainPointwise(first))) return false
  const [from, to] = [convolutionOf(wide).outChannels, convolutionOf(last).outChannels]
  return from !== null && to !== null && to <= from
}

/**
 * The same around a depthwise convolution that no shortcut goes around: where the map gets smaller or has other
 * channels. What tells it from a separable convolution is that an activation stands before the last 1×1 and none
 * behind it. `gateOf` gives the nodes of a gate (squeeze and excitation) that starts at a node.
 */
export function invertedAround(
  depthwise: Node,
  flow: Flow,
  isFree: (node: Node) => boolean,
  gateAfter: (node: Node) => readonly Node[] | null,
): { readonly nodes: readonly Node[]; readonly last: Node } | null {
  if (kindOf(depthwise) !== 'depthwise') return null
  const behind = behindOf(depthwise, flow, isFree, gateAfter)
  if (!behind || !isLinear(behind.last, flow)) return null
  const before = beforeOf(depthwise, flow, isFree)
  const nodes = [...before, depthwise, ...behind.nodes]
  return isInverted([...before.filter(isConvolution), depthwise, behind.last]) ? { nodes, last: behind.last } : null
}

const isPlainPointwise = (node: Node): boolean =>
  isConvolution(node) && convolutionOf(node).groups === 1 && convolutionOf(node).kernel.every(k => k === 1)

const isActivation = ({ op }: Node): boolean => op === 'activation' || op === 'prelu'

/** The only reader of a node's value; null where there are several or none. */
function readerOf(node: Node, flow: Flow): Node | null {
  const [reader, ...others] = flow.consumers(node)
  return reader && others.length === 0 && !flow.isOutput(node) ? reader : null
}

/** From behind the depthwise convolution to the 1×1 that projects. */
function behindOf(
  depthwise: Node,
  flow: Flow,
  isFree: (node: Node) => boolean,
  gateAfter: (node: Node) => readonly Node[] | null,
): { readonly nodes: Node[]; readonly last: Node } | null {
  const nodes: Node[] = []
  let at = depthwise
  for (;;) {
    const gate = gateAfter(at)
    if (gate) {
      nodes.push(...gate)
      at = gate.at(-1)!
      continue
    }
    const reader = readerOf(at, flow)
    if (!reader || !isFree(reader) || flow.dataInputs(reader).length !== 1) return null
    nodes.push(reader)
    if (isPlainPointwise(reader)) return nodes.some(isActivation) ? { nodes, last: reader } : null
    if (!isQuiet(reader) || isCostly(reader)) return null
    at = reader
  }
}

/** The 1×1 that expands, and what stands between; nothing where there is none. */
function beforeOf(depthwise: Node, flow: Flow, isFree: (node: Node) => boolean): Node[] {
  const nodes: Node[] = []
  let at = depthwise
  for (;;) {
    const node = flow.dataInputs(at)[0]?.producer
    if (!node || !isFree(node) || readerOf(node, flow) !== at) return []
    nodes.unshift(node)
    if (isConvolution(node)) {
      const { inChannels, outChannels, stride } = convolutionOf(node)
      const expands = inChannels !== null && outChannels !== null && outChannels >= inChannels
      return isPlainPointwise(node) && expands && stride.every(s => s === 1) ? nodes : []
    }
    if (!isQuiet(node) || flow.dataInputs(node).length !== 1) return []
    at = node
  }
}

/** Whether no activation follows before the next layer: norms may. */
function isLinear(node: Node, flow: Flow): boolean {
  let at = node
  for (;;) {
    const readers = flow.consumers(at)
    if (readers.some(isActivation)) return false
    const [reader] = readers
    if (readers.length !== 1 || !isQuiet(reader!) || isCostly(reader!)) return true
    at = reader!
  }
}
