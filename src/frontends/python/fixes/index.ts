import { conflictOf } from '../../../core/faults'
import type { Graph } from '../../../core/graph'
import type { Problem } from '../../../core/problem'
import type { Correction } from '../../frontend'
import type * as ast from '../syntax/ast'
import { conflictChanges } from './conflicts'
import { flattenChanges } from './flatten'
import { rankChanges } from './keras'
import { mergeChanges } from './merges'
import { nameChanges } from './names'
import { refusalChanges } from './refusals'
import { sizeChanges } from './sizes'
import { productChanges, reshapeChanges } from './views'

/**
 * What may put a problem of a Python file right, likeliest first and untried: numbers where the text gives them, also
 * through names, parameters and defaults; a flatten; padding; names that are nearly right.
 */
export function corrections(problem: Problem, graph: Graph, module: ast.Module, text: string): Correction[] {
  const file = { module, text }
  const conflict = conflictOf(problem)
  if (!conflict) return [...refusalChanges(problem, file), ...nameChanges(problem, file)]
  const flattened = flattenChanges(conflict, file)
  return [
    ...(flattened.length > 0 ? flattened : conflictChanges(conflict, file)),
    ...reshapeChanges(conflict, graph, file),
    ...productChanges(conflict, file),
    ...sizeChanges(conflict, file),
    ...rankChanges(conflict, file),
    ...mergeChanges(conflict, file),
  ]
}
