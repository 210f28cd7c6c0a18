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

const isGrave = ({ severity, code }: Problem): boolean =>
  (severity === 'error' || severity === 'warning') && code !== 'limit'

/** Of a guessed number of dimensions only channels and features tell; names and arguments do not depend on it. */
function isIndependent(problem: Problem): boolean {
  const conflict = conflictOf(problem)
  if (conflict) return conflict.fault.value !== undefined
  return !/^(?:ValueError|IndexError|RuntimeError|\S+ raises )/.test(problem.message)
}

const key = ({ span, code }: Problem): string => `${span.start} ${code}`
