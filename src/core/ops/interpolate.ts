import { type Dim, mapDim } from '../dim'
import { type Fault, type Op, wholeNumbers } from '../op'
import { elements } from '../shape'
import { firstSpatial } from './layout'

export interface Interpolate {
  /** Sizes of the spatial axes, or the factor of each: output = floor(size · scale). One of the two. */
  readonly size?: readonly Dim[]
  readonly scale?: readonly number[]
  /** nearest costs nothing; the others 4 (bilinear) or 8 (trilinear), 16 (bicubic) operations an output. */
  readonly mode: string
  readonly channelsLast?: boolean
}

/** Resizes the spatial axes (torch.nn.functional.interpolate). */
export const interpolate: Op<Interpolate> = {
  name: 'interpolate',
  sees: 'resize',
  infer: ({ size, scale, channelsLast }, [input]) => {
    const spatial = size?.length ?? scale?.length ?? 0
    const faults = [
      ...wholeNumbers(1, { size: (size ?? []).filter(s => typeof s === 'number') }),
      ...scaleFaults(scale),
    ]
    if (faults.length || !input || spatial > input.length - 1) return { shapes: [null], faults }
    const start = firstSpatial(input.length, spatial, channelsLast)
    const resized = (dim: Dim, axis: number): Dim =>
      size ? size[axis]! : mapDim(dim, n => Math.floor(n * scale![axis]!))
    return { shapes: [input.map((dim, i) => (i >= start && i < start + spatial ? resized(dim, i - start) : dim))] }
  },
  otherOps: ({ mode }, _, [output]) => {
    const count = elements(output ?? null)
    return count === null ? null : count * (OPERATIONS[mode] ?? 0)
  },
}

function scaleFaults(scale: readonly number[] = []): Fault[] {
  const wrong = scale.find(factor => !(factor > 0 && factor <= LARGEST_SCALE))
  if (wrong === undefined) return []
  const message: Fault['message'] = ({ who }) => `${who} expects scale to be above 0 and gets ${wrong}.`
  return [{ code: 'bad-argument', attribute: 'scale', message }]
}

const LARGEST_SCALE = 2 ** 31

const OPERATIONS: Readonly<Record<string, number>> = { nearest: 0, linear: 2, bilinear: 4, trilinear: 8, bicubic: 16 }
