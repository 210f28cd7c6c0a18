import { sameDim } from '../dim'
import { formula, type Op } from '../op'
import { broadcast, elements, type Shape } from '../shape'

/** Matrix product over the last two axes, the others broadcast (torch.matmul). MACs: the inner size for every output. */
export const matmul: Op<object> = {
  name: 'matmul',
  infer: (_, [a, b]) => {
    if (!a || !b || a.length === 0 || b.length === 0) return { shapes: [null] }
    const left: Shape = a.length === 1 ? [1, ...a] : a
    const right: Shape = b.length === 1 ? [...b, 1] : b
    const { shape, conflict } = broadcast([left.slice(0, -2), right.slice(0, -2)])
    const rows = a.length === 1 ? [] : [left.at(-2)!]
    const columns = b.length === 1 ? [] : [right.at(-1)!]
    const shapes = [shape === null || conflict !== undefined ? null : [...shape, ...rows, ...columns]]
    if (sameDim(left.at(-1)!, right.at(-2)!) !== false) return { shapes }
    // What a product that does not fit was to give nobody can tell.
    const [inner, other] = [left.at(-1), right.at(-2)]
    return {
      shapes: [null],
      faults: [
        {
          code: 'shape-mismatch',
          input: 1,
          message: ({ who, from }) =>
            `${who}: cannot multiply ${from(0)} by ${from(1)}: ${inner} columns, ${other} rows.`,
        },
      ],
    }
  },
  macs: (_, [a], [output]) => {
    const inner = a?.at(-1)
    return formula([
      ['inner', typeof inner === 'number' ? inner : null],
      ['outputs', elements(output ?? null)],
    ])
  },
}
