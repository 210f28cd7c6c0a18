import type { Node } from '../core/graph'
import type { Convolution } from '../core/ops/convolution'

/** What a layer is for in the cost of a network; 1×1 layers are named for what they do to the channels. */
export type Kind = 'spatial' | 'reduce' | 'expand' | 'project' | 'depthwise' | 'grouped' | 'dense' | 'other'

/** The kind of one call, from its attributes alone. */
export function kindOf(node: Node): Kind {
  if (node.op === 'linear' || node.op === 'matmul') return 'dense'
  if (!isConvolution(node)) return 'other'
  const { kernel, groups, inChannels, outChannels } = convolutionOf(node)
  if (groups > 1) return groups === inChannels ? 'depthwise' : 'grouped'
  if (kernel.some(k => k !== 1)) return 'spatial'
  if (inChannels === null || outChannels === null) return 'other'
  return outChannels < inChannels ? 'reduce' : outChannels > inChannels ? 'expand' : 'project'
}

/** Whether a node is a convolution of any rank, transposed ones included. */
export const isConvolution = (node: Node): boolean => node.op.startsWith('conv')

/** The attributes of a convolution; only for nodes that are one. */
export const convolutionOf = (node: Node): Convolution => node.attributes as unknown as Convolution

/** `7×7, stride 2 3→64`, `1×1 reduces 256→64`, `linear 2048→1000`: what a layer is, in a few words. */
export function describeNode(node: Node): string {
  if (node.op === 'linear') {
    const { inFeatures, outFeatures } = node.attributes as { inFeatures: number | null; outFeatures: number | null }
    return `linear ${inFeatures ?? '?'}→${outFeatures ?? '?'}`
  }
  if (!isConvolution(node)) return node.unknown ? node.origin.type : node.op.replaceAll('_', ' ')
  const { kernel, stride, groups, dilation, inChannels, outChannels } = convolutionOf(node)
  const kind = kindOf(node)
  const parts = [kernel.join('×')]
  if (kind === 'reduce' || kind === 'expand' || kind === 'project') parts[0] += ` ${kind}s`
  if (kind === 'depthwise') parts[0] += ' depthwise'
  if (kind === 'grouped') parts.push(`${groups} groups`)
  if (node.op.startsWith('conv_transpose')) parts[0] += ' transposed'
  if (stride.some(s => s > 1)) parts.push(`stride ${[...new Set(stride)].join('×')}`)
  if (dilation.some(d => d > 1)) parts.push(`dilation ${[...new Set(dilation)].join('×')}`)
  return `${parts.join(', ')} ${inChannels ?? '?'}→${outChannels ?? '?'}`
}
