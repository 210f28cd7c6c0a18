import { type Dim, sameDim } from '../dim'
import type { Fault, Op } from '../op'
import { formatShape, resolveAxis, type Shape, sum } from '../shape'

/** Concatenation along an axis; all other dimensions must agree (torch.cat). */
export const concat: Op<{ readonly axis: number }> = {
  name: 'concat',
  infer: ({ axis }, inputs) => {
    if (inputs.length === 0 || inputs.some(s => s === null)) return { shapes: [withUnknownAxis(inputs, axis)] }
    const [first, ...rest] = inputs as Shape[]
    const at = resolveAxis(axis, first!.length)
    if (at === null || rest.some(s => s.length !== first!.length)) {
      const ranks = inputs.map(s => s!.length)
      const message =
        at === null
          ? `axis ${axis} lies outside the ${first!.length} dimensions of ${formatShape(first!)}`
          : `the inputs have ${[...new Set(ranks)].join(' and ')} dimensions`
      return { shapes: [null], faults: [{ code: 'shape-mismatch', message: ({ who }) => `${who}: ${message}.` }] }
    }
    const dims: Dim[] = first!.map((_, i) => (i === at ? sum(inputs.map(s => s![i]!)) : agreed(inputs as Shape[], i)))
    return { shapes: [dims], faults: conflict(inputs as Shape[], at) }
  },
}

/** Functions that say with their name what they do. */
const JOINS = new Set(['cat', 'concat', 'concatenate', 'stack', 'hstack', 'vstack', 'dstack'])

function conflict(inputs: readonly Shape[], axis: number): Fault[] {
  const first = inputs[0]!
  for (const [i, shape] of inputs.entries()) {
    if (!shape.some((dim, d) => d !== axis && sameDim(dim, first[d]!) === false)) continue
    const beside = (s: Shape): string => formatShape(s.filter((_, d) => d !== axis && d !== 0))
    return [
      {
        code: 'shape-mismatch',
        input: i,
        message: ({ who, from }) =>
          `${JOINS.has(who) ? who : `${who}: cat`} along ${axis}: sizes differ beside it, ${beside(first)} and ${beside(shape)}: ${from(0)}, ${from(i)}.`,
      },
    ]
  }
  return []
}

/** The first size that is known among the inputs. */
const agreed = (inputs: readonly Shape[], axis: number): Dim => inputs.map(s => s[axis]!).find(d => d !== null) ?? null

/** With an input of unknown shape the axis is unknown; the rest is as the known inputs say. */
function withUnknownAxis(inputs: readonly (Shape | null)[], axis: number): Shape | null {
  const known = inputs.find(s => s !== null)
  const at = known ? resolveAxis(axis, known.length) : null
  return known && at !== null ? known.map((dim, i) => (i === at ? null : dim)) : null
}
