import type { Dim } from '../dim'
import type { Fault } from '../op'
import type { Shape } from '../shape'
import { effectiveKernel, slide, type Window } from '../window'

/** Index of the channel axis: behind the batch (or first, unbatched), or last. `spatial` is the number of spatial axes. */
export const channelAxis = (rank: number, spatial: number, channelsLast = false): number =>
  channelsLast ? rank - 1 : rank - spatial - 1

/** Index of the first spatial axis. */
export const firstSpatial = (rank: number, spatial: number, channelsLast = false): number =>
  channelsLast ? rank - spatial - 1 : rank - spatial

/** A tensor of `spatial` axes with channels, batched or not; otherwise the fault that the framework raises. */
export function rankFault(input: Shape, spatial: number): Fault | null {
  if (input.length === spatial + 2 || input.length === spatial + 1) return null
  return {
    code: 'shape-mismatch',
    input: 0,
    message: ({ who, from }) => `${who} expects ${spatial + 2} dimensions and gets ${input.length}: ${from(0)}.`,
  }
}

/** The input with its spatial axes slid over by the window; faults where the kernel does not fit. */
export function slideAll(input: Shape, window: Window, channelsLast = false): { dims: Dim[]; faults: Fault[] } {
  const spatial = window.kernel.length
  const start = firstSpatial(input.length, spatial, channelsLast)
  const dims = [...input]
  const faults: Fault[] = []
  for (let axis = 0; axis < spatial; axis++) {
    const { size, short } = slide(input[start + axis]!, window, axis)
    dims[start + axis] = size
    if (short !== undefined && faults.length === 0) faults.push(kernelFault(window, axis, short))
  }
  return { dims, faults }
}

/** Names and sizes of the output positions, for formulas: H′ and W′. */
export function positions(
  output: Shape | null | undefined,
  spatial: number,
  channelsLast = false,
): [string, number | null][] {
  const names = spatial === 1 ? ['L′'] : spatial === 2 ? ['H′', 'W′'] : ['D′', 'H′', 'W′']
  const start = output ? firstSpatial(output.length, spatial, channelsLast) : 0
  return names.slice(0, spatial).map((name, i) => {
    const dim = output?.[start + i]
    return [name, typeof dim === 'number' ? dim : null]
  })
}

/**
 * How many maps of one image lie on the batch axis: 4 where heads or windows were folded into it (4·N), else none. A
 * batch that is a number is the user's and never counts.
 */
export function foldedMaps(input: Shape | null | undefined, spatial: number): [string, number][] {
  const batch = input?.length === spatial + 2 ? input[0] : undefined
  return typeof batch === 'object' && batch !== null && batch.coefficient > 1 ? [['maps', batch.coefficient]] : []
}

function kernelFault(window: Window, axis: number, padded: number): Fault {
  const kernel = effectiveKernel(window.kernel[axis]!, window.dilation[axis]!)
  return {
    code: 'kernel-too-large',
    attribute: 'kernel',
    input: 0,
    message: ({ who, from }) => `Kernel ${kernel} is larger than the padded input ${padded}: ${who} gets ${from(0)}.`,
  }
}
