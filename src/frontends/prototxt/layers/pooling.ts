import { mulDim } from '../../../core/dim'
import type { Value } from '../../../core/graph'
import { formatShape } from '../../../core/shape'
import { fail, type LayerType, origin, type Step, shapeOf, unreadable } from '../layerType'
import { engine, flag, fraction, message, whole, word } from '../schema'
import { flag as flagOf, needed, paramOf, word as wordOf } from '../values'
import { sizes } from './convolution'
import { compute } from './parts'

const METHODS = ['MAX', 'AVE', 'STOCHASTIC'] as const
const ROUNDING = ['CEIL', 'FLOOR'] as const

/** Rules: src/caffe/layers/pooling_layer.cpp: rounds up; with padding the last window must start inside the image. */
export const pooling: LayerType = {
  names: ['Pooling'],
  doc: 'Largest or mean value of every window.',
  bottoms: 1,
  params: {
    pooling_param: message(
      word('pool', 'MAX', METHODS, 'What is taken of every window.'),
      whole('kernel_size', '', 'Side of the window.', { attribute: 'kernel' }),
      whole('stride', 1, 'Step of the window.', { attribute: 'stride' }),
      whole('pad', 0, 'Padding on each side.', { attribute: 'padding' }),
      whole('kernel_h', '', 'Height of the window.', { attribute: 'kernel' }),
      whole('kernel_w', '', 'Width of the window.', { attribute: 'kernel' }),
      whole('stride_h', '', 'Step down.', { attribute: 'stride' }),
      whole('stride_w', '', 'Step across.', { attribute: 'stride' }),
      whole('pad_h', 0, 'Padding above and below.', { attribute: 'padding' }),
      whole('pad_w', 0, 'Padding left and right.', { attribute: 'padding' }),
      flag('global_pooling', false, 'One window over the whole map.'),
      word('round_mode', 'CEIL', ROUNDING, 'How the number of windows is rounded.'),
      flag('ceil_mode', true, 'Rounds up (of several forks).'),
      engine,
    ),
  },
  build: step => {
    const param = paramOf(step, 'pooling_param')
    const method = wordOf(step, param, 'pool', METHODS, 'MAX')
    const value = flagOf(param, 'global_pooling', false) ? globally(step, method) : pooled(step, method)
    // The places of the maxima, which Upsample takes.
    if (step.layer.tops.length < 2) return [value]
    return [value, step.builder.add('constant', { shape: value.shape }, [], origin(step, 'mask'))]
  },
}

const globally = (step: Step, method: string): Value =>
  step.builder.add(
    method === 'MAX' ? 'adaptive_max_pool' : 'adaptive_avg_pool',
    { size: [1, 1] },
    step.bottoms,
    origin(step),
  )

function pooled(step: Step, method: string): Value {
  const param = paramOf(step, 'pooling_param')
  const kernel = sizes(step, param, 'kernel_size', ['kernel_h', 'kernel_w'], 2, null)
  const stride = sizes(step, param, 'stride', ['stride_h', 'stride_w'], 2, 1)
  const pad = sizes(step, param, 'pad', ['pad_h', 'pad_w'], 2, 0)
  if (!kernel || !stride || !pad) {
    const shape = shapeOf(step)?.map((dim, i) => (i < 2 ? dim : null)) ?? null
    return unreadable(step, 'its window is not known', shape)[0]!
  }
  const wide = pad.findIndex((side, i) => side > 0 && side >= kernel[i]!)
  if (wide >= 0) {
    const message_ = `${step.site.name} expects pad below the kernel ${kernel[wide]} and gets ${pad[wide]}.`
    fail(step, 'bad-argument', message_, step.site.attributes?.padding?.span)
  }
  const down = wordOf(step, param, 'round_mode', ROUNDING, 'CEIL') === 'FLOOR' || !flagOf(param, 'ceil_mode', true)
  const rounding = down ? 'floor' : pad.some(side => side > 0) ? 'ceilClip' : 'ceil'
  const window = {
    kernel,
    stride,
    dilation: [1, 1],
    padding: pad.map(side => [side, side] as const),
    rounding,
  } as const
  return step.builder.add(method === 'MAX' ? 'max_pool2d' : 'avg_pool2d', window, step.bottoms, origin(step))
}

/** Rules: src/caffe/layers/spp_layer.cpp: the whole map, then halves, quarters, …, joined to one vector. */
export const spp: LayerType = {
  names: ['SPP'],
  doc: 'Pools over 1, 4, 16, … parts of the map and joins them to a vector.',
  bottoms: 1,
  params: {
    spp_param: message(
      whole('pyramid_height', '', 'Levels of the pyramid.'),
      word('pool', 'MAX', METHODS, 'What is taken of every part.'),
      engine,
    ),
  },
  build: step => {
    const shape = shapeOf(step)
    const levels = needed(step, paramOf(step, 'spp_param'), 'pyramid_height')
    if (!shape || levels === null || levels > 15) return compute(step, 'spp', [shape && [shape[0]!, null]], 1)
    const cells = (4 ** levels - 1) / 3
    const size = mulDim(shape[1] ?? null, cells)
    return compute(step, 'spp', [levels === 1 ? [shape[0]!, size, 1, 1] : [shape[0]!, size]], 1)
  },
}

/** Rules: fast-rcnn’s src/caffe/layers/roi_pooling_layer.cpp: as many maps as regions. */
export const roiPooling: LayerType = {
  names: ['ROIPooling', 'ROIAlign'],
  doc: 'Pools every region of the second bottom to one size (Fast R-CNN).',
  bottoms: 2,
  params: {
    roi_pooling_param: message(
      whole('pooled_h', '', 'Height of what every region gives.'),
      whole('pooled_w', '', 'Width of what every region gives.'),
      fraction('spatial_scale', 1, 'Size of the map as a share of that of the image.'),
    ),
    roi_align_param: message(
      whole('pooled_h', '', 'Height of what every region gives.'),
      whole('pooled_w', '', 'Width of what every region gives.'),
      fraction('spatial_scale', 1, 'Size of the map as a share of that of the image.'),
    ),
  },
  build: step => {
    const param = paramOf(step, 'roi_pooling_param') ?? paramOf(step, 'roi_align_param')
    const size = ['pooled_h', 'pooled_w'].map(key => needed(step, param, key))
    return compute(step, 'roi_pool', [[shapeOf(step, 1)?.[0] ?? null, shapeOf(step)?.[1] ?? null, ...size]], 1)
  },
}

/** Rules: R-FCN’s src/caffe/layers/psroi_pooling_layer.cpp: bottom channels are output_dim · group_size². */
export const psroiPooling: LayerType = {
  names: ['PSROIPooling'],
  doc: 'Pools every region, each cell of it from channels of its own (R-FCN).',
  bottoms: 2,
  params: {
    psroi_pooling_param: message(
      fraction('spatial_scale', '', 'Size of the map as a share of that of the image.'),
      whole('output_dim', '', 'Output channels.'),
      whole('group_size', '', 'Cells along a side.'),
    ),
  },
  build: step => {
    const param = paramOf(step, 'psroi_pooling_param')
    const out = needed(step, param, 'output_dim')
    const side = needed(step, param, 'group_size')
    const got = shapeOf(step)?.[1]
    if (out !== null && side !== null && typeof got === 'number' && got !== out * side * side) {
      const message_ = `${step.site.name} expects ${out} · ${side}² = ${out * side * side} input channels and gets ${got}: ${formatShape(shapeOf(step))}.`
      fail(step, 'shape-mismatch', message_)
    }
    return compute(step, 'psroi_pool', [[shapeOf(step, 1)?.[0] ?? null, out, side, side]], 1)
  },
}
