import { type Dim, divDim, mulDim, N } from '../dim'
import { type Op, wholeNumbers } from '../op'
import { elements, formatShape, product, resolveAxis, type Shape } from '../shape'

/** Joins the axes from `start` to `end`, both included (torch.flatten). */
export const flatten: Op<{ readonly start: number; readonly end: number }> = {
  name: 'flatten',
  view: true,
  infer: ({ start, end }, [input]) => {
    if (!input) return { shapes: [null] }
    const from = resolveAxis(start, input.length)
    const to = resolveAxis(end, input.length)
    if (from === null || to === null || from > to) return { shapes: [input.length === 0 ? [1] : null] }
    return { shapes: [[...input.slice(0, from), product(input.slice(from, to + 1)), ...input.slice(to + 1)]] }
  },
}

/** A new shape with as many elements; one dimension may be −1, which is what remains (torch.reshape). */
export const reshape: Op<{
  readonly shape: readonly Dim[]
  /** The batch that the program is run with, where it says so: with it what remains must be whole. */
  readonly batch?: number
}> = {
  name: 'reshape',
  view: true,
  infer: ({ shape, batch }, [input]) => {
    const hole = shape.indexOf(-1)
    if (!input) return { shapes: [shape.map(d => (d === -1 ? null : d))] }
    const total = product(input)
    const known = product(shape.filter((_, i) => i !== hole))
    const rest = hole < 0 ? null : divDim(total, known)
    const out = shape.map((dim, i) => (i === hole ? rest : dim))
    const [before, after] = perImage(total, known)
    const wrong =
      (before !== null && (hole < 0 ? before !== after : rest === null)) ||
      (hole >= 0 && leavesRest(total, known, batch))
    if (!wrong) return { shapes: [out] }
    return {
      shapes: [out],
      faults: [
        {
          code: 'shape-mismatch',
          input: 0,
          message: ({ who, from }) =>
            `${who}: ${formatShape(shape).replaceAll('-1', '−1')} cannot hold ${elements(input)} elements: ${from(0)}.`,
        },
      ],
    }
  },
}

/** Whether the elements of a whole batch cannot be shared out by −1. */
function leavesRest(total: Dim, known: Dim, batch: number | undefined): boolean {
  if (batch === undefined || total === null || typeof total === 'number') return false
  if (typeof known !== 'number' || known < 1 || total.symbols.length !== 1) return false
  return (total.coefficient * batch) % known !== 0
}

/** Both counts as numbers, the batch divided out where both have it; null where they cannot be compared. */
function perImage(total: Dim, known: Dim): readonly [number | null, number | null] {
  if (typeof total === 'number' && typeof known === 'number') return [total, known]
  const [a, b] = [divDim(total, N), divDim(known, N)]
  return typeof a === 'number' && typeof b === 'number' ? [a, b] : [null, null]
}

/** Axes in a new order (torch.permute). */
export const permute: Op<{ readonly order: readonly number[] }> = {
  name: 'permute',
  view: true,
  infer: ({ order }, [input]) => {
    if (!input) return { shapes: [null] }
    const axes = order.map(axis => resolveAxis(axis, input.length))
    const valid = axes.length === input.length && new Set(axes).size === axes.length && !axes.includes(null)
    if (valid) return { shapes: [axes.map(axis => input[axis!]!)] }
    return {
      shapes: [null],
      faults: [
        {
          code: 'bad-argument',
          input: 0,
          message: ({ who, from }) =>
            `${who} expects an order of ${input.length} dimensions and gets ${order.join(', ')}: ${from(0)}.`,
        },
      ],
    }
  },
}

/** Drops the dimension 1 at each axis, or every one where no axis is named (torch.squeeze). */
export const squeeze: Op<{ readonly axes?: readonly number[] }> = {
  name: 'squeeze',
  view: true,
  infer: ({ axes }, [input]) => {
    if (!input) return { shapes: [null] }
    const drop = new Set(axes?.map(axis => resolveAxis(axis, input.length)))
    return { shapes: [input.filter((dim, i) => dim !== 1 || (axes !== undefined && !drop.has(i)))] }
  },
}

/** A new dimension 1 before the axis (torch.unsqueeze). */
export const unsqueeze: Op<{ readonly axis: number }> = {
  name: 'unsqueeze',
  view: true,
  infer: ({ axis }, [input]) => {
    const at = input ? resolveAxis(axis, input.length + 1) : null
    return { shapes: [input && at !== null ? [...input.slice(0, at), 1, ...input.slice(at)] : null] }
  },
}

/** C·r² channels become C channels of r times the size (torch.nn.PixelShuffle); `down` is the inverse. */
export const pixelShuffle: Op<{ readonly factor: number; readonly down?: boolean }> = {
  name: 'pixel_shuffle',
  sees: 'resize',
  infer: ({ factor, down }, [input]) => {
    const bad = wholeNumbers(1, { factor })
    if (bad.length || !input || input.length < 3) return { shapes: [null], faults: bad }
    const [channels, height, width] = input.slice(-3) as [Dim, Dim, Dim]
    const square = factor * factor
    const head = input.slice(0, -3)
    const tail: Shape = down
      ? [mulDim(channels, square), divDim(height, factor), divDim(width, factor)]
      : [divDim(channels, square), mulDim(height, factor), mulDim(width, factor)]
    const indivisible = down
      ? [height, width].find(d => typeof d === 'number' && d % factor !== 0)
      : typeof channels === 'number' && channels % square !== 0
        ? channels
        : undefined
    if (indivisible === undefined) return { shapes: [[...head, ...tail]] }
    const by = down ? factor : square
    return {
      shapes: [[...head, ...tail]],
      faults: [
        {
          code: 'shape-mismatch',
          input: 0,
          message: ({ who, from }) => `${who} expects a multiple of ${by} and gets ${indivisible}: ${from(0)}.`,
        },
      ],
    }
  },
}
