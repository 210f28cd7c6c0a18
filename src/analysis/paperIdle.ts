import type { Graph, Node, Weight } from '../core/graph'
import { ops } from '../core/ops'
import type { PaperRow } from './paper'
import { isBias } from './paperSum'

/** Layers that own params and that nothing calls: they are the network's all the same. */
export function neverCalled({ layers }: Graph, counted: Set<Weight>): PaperRow | null {
  const idle = layers.filter(layer => layer.weights.some(weight => weight.kind !== 'buffer' && !counted.has(weight)))
  const sum = { weights: 0, params: 0, macs: 0, biasOps: 0, paramsExact: true, macsExact: true }
  for (const { op, weights } of idle) {
    for (const weight of weights) {
      if (weight.kind === 'buffer' || counted.has(weight)) continue
      counted.add(weight)
      if (weight.elements === null) sum.paramsExact = false
      sum.params += weight.elements ?? 0
      if (!ops[op].quiet && !isBias(weight)) sum.weights += weight.elements ?? 0
    }
  }
  if (sum.params === 0 && sum.paramsExact) return null
  return {
    kind: 'never called',
    name: '',
    type: 'never called',
    patch: '',
    output: null,
    depth: 0,
    branches: [],
    sum,
    nodes: [],
    site: null,
    layers: pathsText(idle.map(layer => layer.origin.path)),
  }
}

export const layersText = (nodes: readonly Node[]): string => pathsText(nodes.map(node => node.origin.path))

/** What paths have in common, by whole parts: `layer1`; else the first and the last. */
function pathsText(paths: readonly string[]): string {
  const [first, ...others] = paths
  if (first === undefined) return ''
  if (others.every(path => path === first)) return first
  let common = first.split(/(?<=[./])/)
  for (const path of others) {
    const parts = path.split(/(?<=[./])/)
    const at = common.findIndex((part, i) => part !== parts[i])
    if (at >= 0) common = common.slice(0, at)
  }
  return common.join('').replace(/[./]$/, '') || `${first} … ${others.at(-1)}`
}
