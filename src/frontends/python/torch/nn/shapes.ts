import type { Padding } from '../../../../core/window'
import type { PyClass } from '../../interpreter/values'
import { callLayer } from '../module'
import { dims, each, int, Unknown } from '../values'
import { interpolateOf, padsOfLayer } from '../windows'
import { type Bound, input, keeps, kept, layerClass } from './define'

const flatten = layerClass('Flatten', {
  signature: 'start_dim=, end_dim=',
  init: keeps({ start_dim: 1, end_dim: -1 }),
  forward: (run, self, args) => {
    const { start_dim, end_dim } = kept(run, self, 'start_dim end_dim')
    return callLayer(run, self, 'flatten', { start: int(start_dim, 1), end: int(end_dim, -1) }, [input(args)])[0]!
  },
})

const unflatten = layerClass('Unflatten', {
  signature: 'dim, unflattened_size',
  init: keeps(),
  forward: (run, self, args) => {
    const x = input(args)
    const { dim, unflattened_size } = kept(run, self, 'dim unflattened_size')
    const sizes = dims(run, [unflattened_size ?? null])
    if (x.shape === null || sizes === null) throw new Unknown('the size is not known')
    const at = int(dim) < 0 ? int(dim) + x.shape.length : int(dim)
    const shape = [...x.shape.slice(0, at), ...sizes, ...x.shape.slice(at + 1)]
    return callLayer(run, self, 'reshape', { shape }, [x])[0]!
  },
})

const SIZES = 'size scale_factor mode'
const upsamples = ['Upsample', 'UpsamplingNearest2d', 'UpsamplingBilinear2d'].map(name => {
  const fixed = name === 'Upsample' ? null : name === 'UpsamplingNearest2d' ? 'nearest' : 'bilinear'
  return layerClass(name, {
    signature: fixed ? 'size=, scale_factor=' : 'size=, scale_factor=, mode=, align_corners=, recompute_scale_factor=',
    init: keeps({ size: null, scale_factor: null, mode: fixed ?? 'nearest', align_corners: null }),
    forward: (run, self, args) => {
      const x = input(args)
      return callLayer(run, self, 'interpolate', interpolateOf(kept(run, self, SIZES), x.shape), [x])[0]!
    },
  })
})

const shuffles = [
  layerClass('PixelShuffle', {
    signature: 'upscale_factor',
    init: keeps(),
    forward: (run, self, args) =>
      callLayer(run, self, 'pixel_shuffle', { factor: int(kept(run, self, 'upscale_factor').upscale_factor) }, [
        input(args),
      ])[0]!,
  }),
  layerClass('PixelUnshuffle', {
    signature: 'downscale_factor',
    init: keeps(),
    forward: (run, self, args) => {
      const factor = int(kept(run, self, 'downscale_factor').downscale_factor)
      return callLayer(run, self, 'pixel_shuffle', { factor, down: true }, [input(args)])[0]!
    },
  }),
  layerClass('ChannelShuffle', {
    signature: 'groups',
    init: keeps(),
    forward: (run, self, args) => {
      const x = input(args)
      return callLayer(run, self, 'compute', { function: 'channel_shuffle', shapes: [x.shape] }, [x])[0]!
    },
  }),
]

const paddings = ['Zero', 'Constant', 'Reflection', 'Replication', 'Circular'].flatMap(kind =>
  [1, 2, 3].map(rank =>
    layerClass(`${kind}Pad${rank}d`, {
      signature: kind === 'Constant' ? 'padding, value' : 'padding',
      init: keeps(),
      forward: (run, self, args) => {
        const pads = padsOfLayer(kept(run, self, 'padding').padding, rank)
        const takes = kind === 'Reflection' ? 'reflect' : kind === 'Circular' ? 'circular' : null
        return callLayer(run, self, 'pad', takes ? { pads, takes } : { pads }, [input(args)])[0]!
      },
    }),
  ),
)

const GEOMETRY = 'kernel_size dilation padding stride'

/** The window of unfold and fold. */
export function blocksOf(args: Bound): {
  kernel: number[]
  stride: number[]
  dilation: number[]
  padding: Exclude<Padding, 'same'>
} {
  return {
    kernel: each(args.kernel_size, 2, 1),
    stride: each(args.stride, 2, 1),
    dilation: each(args.dilation, 2, 1),
    padding: each(args.padding, 2, 0).map(p => [p, p] as const),
  }
}

const blocks = [
  layerClass('Unfold', {
    signature: 'kernel_size, dilation=, padding=, stride=',
    init: keeps({ dilation: 1, padding: 0, stride: 1 }),
    forward: (run, self, args) =>
      callLayer(run, self, 'unfold', blocksOf(kept(run, self, GEOMETRY)), [input(args)])[0]!,
  }),
  layerClass('Fold', {
    signature: 'output_size, kernel_size, dilation=, padding=, stride=',
    init: keeps({ dilation: 1, padding: 0, stride: 1 }),
    forward: (run, self, args) => {
      const size = each(kept(run, self, 'output_size').output_size, 2, 1)
      return callLayer(run, self, 'fold', { ...blocksOf(kept(run, self, GEOMETRY)), size }, [input(args)])[0]!
    },
  }),
]

/** Layers that rearrange, resize and pad (torch/nn/modules/flatten.py, upsampling.py, pixelshuffle.py, padding.py, fold.py). */
export const shapes: readonly PyClass[] = [flatten, unflatten, ...upsamples, ...shuffles, ...paddings, ...blocks]
