import { conflictOf, restated } from '../../core/faults'
import type { Problem } from '../../core/problem'
import { formatShape } from '../../core/shape'
import type { BuiltModel } from '../frontend'

/**
 * The problems of a model whose input nobody names: the sizes were assumed, and what does not fit them may fit others.
 * It is told as a hint, unless it comes up with unknown sizes as well: `again` draws the model with them.
 */
export function doubted(built: BuiltModel, again: () => BuiltModel): BuiltModel {
  const { graph, inputs } = built
  if (!graph.problems.some(isGrave)) return built
  const sure = new Set(again().graph.problems.filter(isIndependent).map(key))
  const assumed = inputs.map(({ shape }) => formatShape(shape)).join(' and ')
  const problems = graph.problems.map(problem => {
    if (!isGrave(problem) || sure.has(key(problem))) return problem
    return restated(problem, { severity: 'hint', message: `With the assumed input ${assumed}: ${problem.message}` })
  })
  return { ...built, graph: { ...graph, problems } }
}

/**
 * A model whose input nobody names, with the channels of a picture where those that its first layer takes fit nothing:
 * something came before that layer. `again` draws it on other channels.
 */
export function likeliest(built: BuiltModel, again: (channels: number) => BuiltModel): BuiltModel {
  const channels = built.inputs[0]?.shape[0]
  if (!built.inputAssumed || built.inputs.length !== 1 || !built.graph.problems.some(isMisfit)) return built
  for (const other of PICTURES) {
    if (other === channels) continue
    const drawn = again(other)
    if (!drawn.graph.problems.some(isMisfit)) return drawn
  }
  return built
}

/** Channels of a colour picture, and of a grey one. */
const PICTURES = [3, 1]

const isMisfit = ({ code }: Problem): boolean => code === 'shape-mismatch'

const isGrave = ({ severity, code }: Problem): boolean =>
  (severity === 'error' || severity === 'warning') && code !== 'limit'

/** Of a guessed number of dimensions only channels and features tell; names and arguments do not depend on it. */
function isIndependent(problem: Problem): boolean {
  const conflict = conflictOf(problem)
  if (conflict) return conflict.fault.value !== undefined
  return !/^(?:ValueError|IndexError|RuntimeError|\S+ raises )/.test(problem.message)
}

const key = ({ span, code }: Problem): string => `${span.start} ${code}`
