import type { Graph, Node, Site } from '../core/graph'
import type { Problem } from '../core/problem'
import { convolutionOf, isConvolution } from './kind'

/**
 * Things that run and count as they are written, but that their author may want to know. A line that is built several
 * times gets one remark, and only if it is true of all its calls.
 */
export function remarks(graph: Graph): Problem[] {
  const strided = new Map<Site, Node | null>()
  for (const node of graph.nodes) {
    const { site } = node.origin
    if (!isConvolution(node) || site.uri || strided.get(site) === null) continue
    strided.set(site, skipsPositions(node) ? node : null)
  }
  return [...strided.values()].filter(node => node !== null).map(wastefulStride)
}

/** A window of one position that moves by several: what lies between is never read. */
function skipsPositions(node: Node): boolean {
  const { kernel, stride } = convolutionOf(node)
  return !node.op.startsWith('conv_transpose') && kernel.every(k => k === 1) && stride.some(s => s > 1)
}

function wastefulStride(node: Node): Problem {
  const { kernel, stride } = convolutionOf(node)
  const { site } = node.origin
  const size = kernel.map(() => '1').join('×')
  const skipped = stride.reduce((product, s) => product * s, 1)
  return {
    code: 'wasteful-stride',
    severity: 'hint',
    span: site.attributes?.stride?.span ?? site.span,
    message: `${size} with stride ${[...new Set(stride)].join('×')} reads one position in ${inWords(skipped)}.`,
  }
}

const inWords = (count: number): string => (count === 2 ? 'two' : count === 4 ? 'four' : String(count))
