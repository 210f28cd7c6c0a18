import type { Graph, Node } from '../core/graph'
import { ops } from '../core/ops'
import type { Convolution } from '../core/ops/convolution'
import type { RewriteRequest, RewriteStep, StepChannels } from '../core/rewrite'
import { formatShape, type Shape } from '../core/shape'
import type { ModelAnalysis } from './analyze'

/** The nodes that stand in the place of a request's calls, or why the edited model is not what was promised. */
export type Verified = { readonly replaced: readonly (readonly Node[])[] } | { readonly differs: string }

/**
 * Walks a model as written and as edited together, in execution order. Every call of the request must have become the
 * steps that were asked for, with just the channels and the geometry that were asked for; every other node must be the
 * same op with outputs of the same shapes; and nothing may be wrong, or unknown, that was not before.
 */
export function verify(before: ModelAnalysis, after: ModelAnalysis, request: RewriteRequest): Verified {
  const index = new Map(request.nodes.map((node, i) => [node, i]))
  const replaced: (readonly Node[])[] = []
  const rest = after.graph.nodes
  let at = 0
  for (const node of before.graph.nodes) {
    const call = index.get(node)
    if (call === undefined) {
      const other = rest[at++]
      if (!other || !isSame(node, other)) return { differs: `${pathOf(node)} changes as well` }
      continue
    }
    const width = request.width.each?.[call] ?? null
    const found = takeSteps(rest, at, request.steps, node, width)
    if (!found) return { differs: `what stands in place of ${pathOf(node)} is not what was asked for` }
    replaced.push(found)
    at += found.length
  }
  if (at !== rest.length) return { differs: `${pathOf(rest[at]!)} is new` }
  if (!sameShapes(shapesOf(before.graph), shapesOf(after.graph))) return { differs: 'the outputs change' }
  if (wrong(after) > wrong(before)) return { differs: after.problems.find(isWrong)!.message }
  if (after.uncounted.length > before.uncounted.length) return { differs: 'something is no longer understood' }
  return { replaced }
}

const pathOf = ({ origin }: Node): string => origin.path || origin.site.name

const isSame = (a: Node, b: Node): boolean =>
  a.op === b.op && sameShapes(a.outputs.map(shapeOf), b.outputs.map(shapeOf)) && a.firstCall === b.firstCall

const shapeOf = ({ shape }: { readonly shape: Shape | null }): Shape | null => shape
const shapesOf = ({ outputs }: Graph): (Shape | null)[] => outputs.map(shapeOf)

const sameShapes = (a: readonly (Shape | null)[], b: readonly (Shape | null)[]): boolean =>
  a.length === b.length && a.every((shape, i) => formatShape(shape) === formatShape(b[i]!))

/** The nodes from `at` on that are the steps of one call, in order; null where one is missing or other than asked. */
function takeSteps(
  nodes: readonly Node[],
  at: number,
  steps: readonly RewriteStep[],
  original: Node,
  width: number | null,
): readonly Node[] | null {
  let end = at
  for (const step of steps) {
    const node = nodes[end]
    if (!node || !isStep(node, step, original, width)) return null
    end++
    const first = end
    while (step.normed && end < nodes.length && isQuiet(nodes[end]!)) end++
    if (step.normed && end === first) return null
  }
  const last = nodes[end - 1]!
  return sameShapes(last.outputs.map(shapeOf), original.outputs.map(shapeOf)) ? nodes.slice(at, end) : null
}

const isQuiet = ({ op }: Node): boolean => op !== 'unknown' && ops[op].quiet === true

function isStep(node: Node, { kind, from, to, depthwise, last }: RewriteStep, original: Node, width: number | null) {
  if (node.op !== original.op) return false
  const was = original.attributes as unknown as Convolution
  const is = node.attributes as unknown as Convolution
  const channels = (of: StepChannels): number | null =>
    of === 'in' ? was.inChannels : of === 'out' ? was.outChannels : width
  if (is.inChannels !== channels(from) || is.outChannels !== channels(to)) return false
  // Formats without a choice give every convolution a bias; more than the format's own nobody may add.
  if (last && is.bias !== was.bias) return false
  if (kind === 'pointwise') return is.groups === 1 && [...is.kernel, ...is.stride].every(size => size === 1)
  const geometry = ({ kernel, stride, dilation, padding }: Convolution): string =>
    JSON.stringify([kernel, stride, dilation, padding])
  return is.groups === (depthwise ? channels(from) : was.groups) && geometry(is) === geometry(was)
}

const isWrong = ({ severity }: { readonly severity: string }): boolean => severity === 'error' || severity === 'warning'
const wrong = ({ problems }: ModelAnalysis): number =>
  problems.filter(p => isWrong(p) && p.code !== 'over-budget').length
