import type { Node, Weight } from '../core/graph'
import { elements } from '../core/shape'
import { isQuiet } from './paperSteps'

/** Costs of a row, for one image. With `exact` false they leave something out. */
export interface PaperSum {
  /** Weights of convolutions, linear layers and the like, without biases and norms. */
  readonly weights: number
  /** All params: weights, biases, scales and shifts of norms. */
  readonly params: number
  readonly macs: number
  /** One addition an output of a layer that has a bias. */
  readonly biasOps: number
  readonly paramsExact: boolean
  readonly macsExact: boolean
}

/** Weights that two layers share count where the first of them stands. */
export function sumOf(nodes: readonly Node[], counted: Set<Weight>): PaperSum {
  const sum = { weights: 0, params: 0, macs: 0, biasOps: 0, paramsExact: true, macsExact: true }
  for (const node of nodes) {
    if (node.unknown !== null) sum.paramsExact = sum.macsExact = false
    if (node.cost.macs === null) sum.macsExact = false
    sum.macs += node.cost.macs ?? 0
    if (!node.layer) continue
    const quiet = isQuiet(node)
    for (const weight of node.layer.weights) {
      if (isBias(weight) && !quiet) sum.biasOps += elements(node.outputs[0]?.shape ?? null) ?? 0
      if (weight.kind === 'buffer' || counted.has(weight)) continue
      counted.add(weight)
      if (weight.elements === null) sum.paramsExact = false
      sum.params += weight.elements ?? 0
      if (!quiet && !isBias(weight)) sum.weights += weight.elements ?? 0
    }
  }
  return sum
}

export const isBias = ({ name }: Weight): boolean => name === 'bias'

/** Adds rows up. */
export function addUp(sums: readonly PaperSum[]): PaperSum {
  const total = { weights: 0, params: 0, macs: 0, biasOps: 0, paramsExact: true, macsExact: true }
  for (const sum of sums) {
    total.weights += sum.weights
    total.params += sum.params
    total.macs += sum.macs
    total.biasOps += sum.biasOps
    total.paramsExact &&= sum.paramsExact
    total.macsExact &&= sum.macsExact
  }
  return total
}
