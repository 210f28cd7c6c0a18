import type { Dim } from '../../../core/dim'
import type { AdaptivePooling } from '../../../core/ops/adaptivePool'
import type { Interpolate } from '../../../core/ops/interpolate'
import type { Pooling } from '../../../core/ops/pool'
import type { Shape } from '../../../core/shape'
import { raise, refuse } from '../interpreter/run'
import { asNumber, asString, PyList, PyTuple, type PyValue } from '../interpreter/values'
import type { Bound } from './nn/define'
import { bool, dim, each, float, int, Unknown } from './values'

/** Attributes of ops that a module and a function of PyTorch both take, read from arguments of the same names. */

/** kernel_size, stride (the kernel's where left out), padding, dilation, ceil_mode. */
export function poolingOf(args: Bound, rank: number): Pooling {
  const kernel = each(args.kernel_size, rank, 1)
  const stride = args.stride == null || isEmpty(args.stride) ? kernel : each(args.stride, rank, 1)
  // The norm decides no shape: one that is not known takes nothing from the rest.
  const power = args.norm_type == null ? null : asNumber(args.norm_type)
  return {
    kernel,
    stride,
    dilation: each(args.dilation, rank, 1),
    padding: each(args.padding, rank, 0).map(p => [p, p] as const),
    rounding: bool(args.ceil_mode, false) ? 'ceilClip' : 'floor',
    halfPadding: true,
    ...(power === null ? {} : { power }),
  }
}

/** The inverse of max pooling: (size − 1) stride − 2 padding + kernel, unless the size is given. */
export function unpoolingOf(args: Bound, shape: Shape | null, given: readonly Dim[] | null, rank: number): Interpolate {
  const { kernel, stride } = poolingOf(args, rank)
  const padding = each(args.padding, rank, 0)
  const size = given
    ? given.slice(-rank)
    : kernel.map((k, i) => {
        const before = shape?.at(i - rank) ?? null
        return typeof before === 'number' ? (before - 1) * stride[i]! - 2 * padding[i]! + k : null
      })
  return { size, mode: 'nearest' }
}

const isEmpty = (value: PyValue): boolean =>
  (value instanceof PyTuple || value instanceof PyList) && value.items.length === 0

/** output_size of adaptive pooling: one number or one an axis, None where the axis stays as it is. */
export function adaptiveOf(size: PyValue | undefined, rank: number): AdaptivePooling {
  const one = (v: PyValue): number | null => (v === null ? null : int(v))
  if (!(size instanceof PyTuple || size instanceof PyList)) return { size: Array(rank).fill(one(size ?? null)) }
  if (size.items.length !== rank && size.items.length !== 1) {
    raise('ValueError', `expected ${rank} output sizes and got ${size.items.length}`)
  }
  return { size: size.items.length === 1 ? Array(rank).fill(one(size.items[0]!)) : size.items.map(one) }
}

/** The dimensions that interpolate's modes take, batch and channels included. */
const DIMENSIONS: Readonly<Record<string, number>> = { linear: 3, bilinear: 4, bicubic: 4, trilinear: 5 }

/** size, scale_factor and mode of interpolate; the number of spatial axes comes from the input. */
export function interpolateOf(args: Bound, shape: Shape | null): Interpolate {
  const mode = asString(args.mode ?? null) ?? 'nearest'
  if (shape === null) throw new Unknown('the number of dimensions is not known')
  const needed = DIMENSIONS[mode]
  if (needed !== undefined && shape.length !== needed) {
    refuse('NotImplementedError', `Got ${shape.length}D input, but ${mode} mode needs ${needed}D input`, {
      code: 'shape-mismatch',
      message: who => `${who} with mode ${mode} expects ${needed} dimensions and gets ${shape.length}.`,
    })
  }
  const spatial = Math.max(1, shape.length - 2)
  if (args.size != null) {
    const sizes = listed(args.size)
    return { mode, size: sizes ? sizes.map(dim) : Array(spatial).fill(dim(args.size)) }
  }
  if (args.scale_factor == null) raise('ValueError', 'either size or scale_factor should be defined')
  const factors = listed(args.scale_factor!)
  return { mode, scale: factors ? factors.map(f => float(f, 1)) : Array(spatial).fill(float(args.scale_factor, 1)) }
}

const listed = (value: PyValue): readonly PyValue[] | null =>
  value instanceof PyTuple || value instanceof PyList ? value.items : null

/** The `pad` argument of F.pad: before and after of the last axis, then of the one before it; in the order of the axes here. */
export function padsOf(value: PyValue | undefined): [number, number][] {
  const numbers = listed(value ?? null)
  if (!numbers) throw new Unknown('the padding is not known')
  if (numbers.length % 2 !== 0) raise('RuntimeError', 'Padding length must be divisible by 2')
  const pads: [number, number][] = []
  for (let i = 0; i < numbers.length; i += 2) pads.unshift([int(numbers[i]), int(numbers[i + 1])])
  return pads
}

/** The padding of the classes nn.ZeroPad2d, nn.ReflectionPad1d, …: one number for every side, or as F.pad takes them. */
export function padsOfLayer(value: PyValue | undefined, rank: number): [number, number][] {
  const one = asNumber(value ?? null)
  return one === null ? padsOf(value) : Array.from({ length: rank }, () => [one, one])
}
