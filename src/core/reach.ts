import { type OpName, ops } from './ops'
import type { Shape } from './shape'
import { effectiveKernel } from './window'

/**
 * What one position of a map sees of the input image, an entry a spatial axis: `stride` (jump), the distance in input
 * pixels between neighbouring positions, and `field`, the pixels one position sees. `all` after a global op; null when
 * unknown. Rules as in Araujo et al., "Computing Receptive Fields of Convolutional Neural Networks" (Distill, 2019).
 */
export type Reach = { readonly stride: readonly number[]; readonly field: readonly number[] } | 'all' | null

/** An image sees itself: stride 1 and field 1 on each axis after batch and channels. */
export function inputReach(shape: Shape | null): Reach {
  const rank = shape === null ? 0 : Math.max(0, shape.length - 2)
  return rank === 0 ? null : { stride: Array(rank).fill(1), field: Array(rank).fill(1) }
}

/** Of several maps joined position by position: the widest field, with its stride. */
export function mergeReach(reaches: readonly Reach[]): Reach {
  let merged: Reach = null
  for (const reach of reaches) {
    if (reach === 'all') return 'all'
    if (reach === null) continue
    if (merged === null) merged = reach
    else {
      const before: { readonly stride: readonly number[]; readonly field: readonly number[] } = merged
      merged = {
        stride: before.stride.map((s, i) => Math.max(s, reach.stride[i] ?? s)),
        field: before.field.map((f, i) => Math.max(f, reach.field[i] ?? f)),
      }
    }
  }
  return merged
}

/** The reach of an op's outputs, from that of its inputs. */
export function reachThrough(
  name: OpName | 'unknown',
  attributes: object,
  reach: Reach,
  input: Shape | null,
  output: Shape | null,
): Reach {
  if (name === 'unknown' || reach === null) return null
  if (reach === 'all') return 'all'
  const op = ops[name]
  if (op.sees === 'global' && !keepsPositions(reach.stride.length, input, output)) return 'all'
  const window = op.window?.(attributes as never)
  if (window && ![window.kernel, window.stride, window.dilation].every(sizes => sizes.every(isCount))) return null
  if (window && op.sees !== 'resize') {
    return {
      stride: reach.stride.map((s, i) => s * (window.stride[i] ?? 1)),
      field: reach.field.map(
        (f, i) => f + (effectiveKernel(window.kernel[i] ?? 1, window.dilation[i] ?? 1) - 1) * reach.stride[i]!,
      ),
    }
  }
  if (op.sees === 'resize') {
    const ratio = (i: number): number => {
      const from = input?.at(i - reach.stride.length)
      const to = output?.at(i - reach.stride.length)
      return typeof from === 'number' && typeof to === 'number' && to > 0 ? from / to : 1
    }
    const grow = (i: number): number => (window ? Math.ceil((window.kernel[i] ?? 1) / (window.stride[i] ?? 1)) - 1 : 0)
    return {
      stride: reach.stride.map((s, i) => s * ratio(i)),
      field: reach.field.map((f, i) => f + grow(i) * reach.stride[i]!),
    }
  }
  return reach
}

/** Whether a global op only folds channels: every spatial size stays (a channel-wise mean or maximum). */
function keepsPositions(rank: number, input: Shape | null, output: Shape | null): boolean {
  if (input === null || output === null || input.length !== output.length) return false
  const [from, to] = [input.slice(-rank), output.slice(-rank)]
  return from.every((dim, i) => typeof dim === 'number' && dim === to[i])
}

/** A size that a window may have; others have been reported. */
const isCount = (size: number): boolean => Number.isSafeInteger(size) && size >= 1
