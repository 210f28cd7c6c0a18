/** One call of an op, in the words of tables: shapes as text in, shapes and counts out. */
import { formatDim, N } from '../../../src/core/dim'
import { GraphBuilder, type Layer } from '../../../src/core/graph'
import type { Attributes, OpName } from '../../../src/core/ops'
import { formatShape, type Shape } from '../../../src/core/shape'
import { origin } from '../build'

export interface Call {
  readonly out: string
  readonly params: number | null
  readonly buffers: number | null
  readonly macs: number | null
  readonly otherOps: number | null
  readonly problems: readonly string[]
}

/** Calls an op on `N×3×8×8`, `N×?×8×8` or `?` (nothing known). Several outputs are joined by a space. */
export function run<K extends OpName>(op: K, attributes: Attributes<K>, ...inputs: string[]): Call {
  const builder = new GraphBuilder()
  const values = inputs.map((text, i) => builder.input(`x${i}`, shape(text)))
  const at = origin('it')
  const outputs = builder.call(builder.layer(op, attributes, at) as unknown as Layer, values, at)
  const { nodes, problems } = builder.build()
  const { params, buffers, macs, otherOps } = nodes[0]!.cost
  return {
    out: outputs.map(value => formatShape(value.shape)).join(' '),
    params,
    buffers,
    macs,
    otherOps,
    problems: problems.map(p => p.message),
  }
}

/** The shape that `formatShape` writes so. */
export function shape(text: string): Shape | null {
  if (text === '?') return null
  if (text === 'scalar') return []
  return text.split('×').map(part => {
    if (part === '?') return null
    const symbols = part.replace(/^\d*/, '')
    if (!symbols) return Number(part)
    return symbols === 'N' && part === 'N' ? N : { coefficient: Number.parseInt(part, 10) || 1, symbols: [...symbols] }
  })
}

export const dims = (...values: Parameters<typeof formatDim>[0][]): string => values.map(formatDim).join('×')
