import type { Graph, Site } from '../core/graph'
import type { Problem } from '../core/problem'
import { convolutionOf, isConvolution } from './kind'

/** Things that run and count as they are written, but that their author may want to know; one of a kind a place. */
export function remarks(graph: Graph): Problem[] {
  const seen = new Set<Site>()
  const problems: Problem[] = []
  for (const node of graph.nodes) {
    const { site } = node.origin
    if (!isConvolution(node) || node.op.startsWith('conv_transpose') || seen.has(site) || site.uri) continue
    const { kernel, stride } = convolutionOf(node)
    const skipped = stride.reduce((product, s) => product * s, 1)
    if (kernel.some(k => k !== 1) || skipped <= 1) continue
    seen.add(site)
    const size = kernel.map(() => '1').join('×')
    problems.push({
      code: 'wasteful-stride',
      severity: 'hint',
      span: site.attributes?.stride?.span ?? site.span,
      message: `${size} with stride ${[...new Set(stride)].join('×')} reads one position in ${inWords(skipped)}.`,
    })
  }
  return problems
}

const inWords = (count: number): string => (count === 2 ? 'two' : count === 4 ? 'four' : String(count))
