/**
 * What the totals of a model leave out, a line of the text a line, however often a block is called:
 *
 *   line 9: MyGate: MyGate is not known
 *   line 17: Mixer: Mixer is not known, 3 calls
 */
import type { ModelAnalysis } from '../analysis/analyze'
import type { Node } from '../core/graph'

export interface UncountedLine {
  readonly node: Node
  readonly what: string
  readonly reason: string
  readonly calls: number
}

/** In the order in which they run. */
export function uncountedLines(model: ModelAnalysis): UncountedLine[] {
  const lines = new Map<string, UncountedLine>()
  for (const { node, what, reason } of model.uncounted) {
    const { uri, span } = node.origin.site
    const key = JSON.stringify([uri, span.start, what, reason])
    const known = lines.get(key)
    lines.set(key, { node: known?.node ?? node, what, reason, calls: (known?.calls ?? 0) + 1 })
  }
  return [...lines.values()]
}

/** `, 3 calls`; nothing for one. */
export const callsText = (calls: number): string => (calls > 1 ? `, ${calls} calls` : '')
