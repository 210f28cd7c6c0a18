import type { Node } from '../core/graph'
import { convolutionOf, isConvolution, kindOf } from './kind'
import type { Flow } from './paperRegions'
import { isLayer } from './paperSteps'

/**
 * Layers with weights on the longest way through some nodes, as the papers count depth. A depthwise convolution that
 * goes straight into a 1×1 is one separable convolution; with a norm or an activation between, they are two layers.
 * Layers `aside` are not counted.
 */
export function depthOf(nodes: readonly Node[], flow: Flow, aside: ReadonlySet<Node>): number {
  const inside = new Set(nodes)
  const depths = new Map<Node, number>()
  let deepest = 0
  for (const node of [...nodes].sort((a, b) => a.id - b.id)) {
    let before = 0
    for (const { producer } of flow.dataInputs(node)) {
      if (producer && inside.has(producer)) before = Math.max(before, depths.get(producer) ?? 0)
    }
    const from = flow.dataInputs(node)[0]?.producer
    const own = isLayer(node) && !aside.has(node) && !(from && inside.has(from) && isSeparable(from, node)) ? 1 : 0
    depths.set(node, before + own)
    deepest = Math.max(deepest, before + own)
  }
  return deepest
}

/** Whether two convolutions are one separable convolution: a depthwise one whose output goes straight into a 1×1. */
export const isSeparable = (first: Node, second: Node | undefined): boolean =>
  second !== undefined &&
  isConvolution(first) &&
  isConvolution(second) &&
  kindOf(first) === 'depthwise' &&
  convolutionOf(second).groups === 1 &&
  convolutionOf(second).kernel.every(k => k === 1) &&
  second.inputs[0]?.producer === first
