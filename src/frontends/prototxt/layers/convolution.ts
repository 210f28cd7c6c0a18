import type { Value } from '../../../core/graph'
import { each } from '../../../core/window'
import { scalarsOf } from '../fields'
import { fail, type LayerType, numberOf, origin, type Step, unreadable } from '../layerType'
import type { Message } from '../parse'
import { engine, filler, flag, message, part, repeated, whole } from '../schema'
import { flag as flagOf, has, needed, paramOf, whole as wholeOf, wholes } from '../values'
import { add } from '../weights'

const params = message(
  whole('num_output', '', 'Output channels.', { attribute: 'outChannels' }),
  flag('bias_term', true, 'Whether a bias is added.'),
  whole('kernel_size', '', 'Size of the window; once, or once an axis.', { ...repeated, attribute: 'kernel' }),
  whole('stride', 1, 'Step of the window; once, or once an axis.', { ...repeated, attribute: 'stride' }),
  whole('pad', 0, 'Zeros on each side; once, or once an axis.', { ...repeated, attribute: 'padding' }),
  whole('dilation', 1, 'Distance between the taps; once, or once an axis.', { ...repeated, attribute: 'dilation' }),
  whole('group', 1, 'Groups of channels that do not mix.', { attribute: 'groups' }),
  whole('kernel_h', '', 'Height of the window.', { attribute: 'kernel' }),
  whole('kernel_w', '', 'Width of the window.', { attribute: 'kernel' }),
  whole('stride_h', '', 'Step down.', { attribute: 'stride' }),
  whole('stride_w', '', 'Step across.', { attribute: 'stride' }),
  whole('pad_h', 0, 'Zeros above and below.', { attribute: 'padding' }),
  whole('pad_w', 0, 'Zeros left and right.', { attribute: 'padding' }),
  part('weight_filler', filler, 'First values of the weights.'),
  part('bias_filler', filler, 'First values of the bias.'),
  engine,
  whole('axis', 1, 'Axis of the channels.'),
  flag('force_nd_im2col', false, 'Uses the general im2col.'),
)

/** Rules: src/caffe/layers/base_conv_layer.cpp, conv_layer.cpp: sizes are rounded down. */
export const convolution: LayerType = {
  names: ['Convolution'],
  doc: 'Convolution.',
  params: { convolution_param: params },
  build: step => eachBottom(step, input => convolve(step, input, null)),
}

/** Of several forks: as many groups as input channels, whatever `group` says. */
export const depthwise: LayerType = {
  names: ['DepthwiseConvolution', 'ConvolutionDepthwise', 'Depthwise'],
  doc: 'Convolution of every channel alone (of several forks).',
  params: { convolution_param: params },
  build: step => eachBottom(step, input => convolve(step, input, numberOf(input.shape?.[1]) ?? 'unknown')),
}

/** Rules: src/caffe/layers/deconv_layer.cpp: stride (H − 1) + dilation (k − 1) + 1 − 2 pad. */
export const deconvolution: LayerType = {
  names: ['Deconvolution'],
  doc: 'Transposed convolution: makes maps larger.',
  params: { convolution_param: params },
  build: step => eachBottom(step, input => convolve(step, input, null, true)),
}

/** Of several forks: taps that the second bottom moves; it has the weights and the products of a plain one. */
export const deformable: LayerType = {
  names: ['DeformableConvolution'],
  doc: 'Convolution whose taps are moved by the second bottom (of several forks).',
  bottoms: [2, 3],
  params: {
    deformable_convolution_param: message(
      ...params.fields,
      whole('deformable_group', 1, 'Groups of channels that are moved alike.'),
    ),
  },
  build: step => [convolve(step, step.bottoms[0]!, null, false, 'deformable_convolution_param')],
}

const ORDER = ['', 'conv1d', 'conv2d', 'conv3d'] as const
const TRANSPOSED = ['', 'conv_transpose1d', 'conv_transpose2d', 'conv_transpose3d'] as const

/** A layer with several bottoms convolves each with the same weights. */
function eachBottom(step: Step, build: (input: Value) => Value): readonly Value[] {
  const [first, ...others] = step.bottoms
  if (!first) return []
  const value = build(first)
  const layer = value.producer?.layer
  return [value, ...others.map(other => (layer ? step.builder.call(layer, [other], origin(step))[0]! : build(other)))]
}

function convolve(
  step: Step,
  input: Value,
  groups: number | 'unknown' | null,
  transposed = false,
  name = 'convolution_param',
): Value {
  const param = paramOf(step, name)
  const outChannels = needed(step, param, 'num_output')
  const bias = flagOf(param, 'bias_term', true)
  const rank = input.shape?.length ?? 4
  const axis = wholeOf(step, param, 'axis', 1)
  const spatial = rank - 1 - (axis < 0 ? axis + rank : axis)
  const inChannels = numberOf(input.shape?.[1])
  if (spatial === 0 && rank === 2) {
    const attributes = { inFeatures: inChannels, outFeatures: outChannels, bias }
    return add(step, 'linear', attributes, [input])
  }
  const window = windowOf(step, param, spatial)
  const isKnown = window !== null && groups !== 'unknown'
  if (spatial < 1 || spatial > 3 || rank !== spatial + 2 || !isKnown) {
    const shape = input.shape?.map((dim, i) => (i === 0 ? dim : i === axis ? outChannels : null)) ?? null
    return unreadable(
      step,
      isKnown ? `a convolution of ${spatial} axes is not modelled` : 'its size is not known',
      shape,
    )[0]!
  }
  const attributes = {
    inChannels,
    outChannels,
    groups: groups ?? wholeOf(step, param, 'group', 1),
    bias,
    ...window,
  }
  if (!transposed) return add(step, ORDER[spatial as 1 | 2 | 3], attributes, [input])
  const op = TRANSPOSED[spatial as 1 | 2 | 3]
  return add(step, op, { ...attributes, outputPadding: each(0, spatial) }, [input])
}

/** Kernel, stride, padding and dilation of every axis; null where no kernel is given or a number fits no axis. */
function windowOf(step: Step, param: Message | undefined, spatial: number) {
  const kernel = sizes(step, param, 'kernel_size', ['kernel_h', 'kernel_w'], spatial, null)
  const stride = sizes(step, param, 'stride', ['stride_h', 'stride_w'], spatial, 1)
  const pad = sizes(step, param, 'pad', ['pad_h', 'pad_w'], spatial, 0)
  const dilation = sizes(step, param, 'dilation', null, spatial, 1)
  if (!kernel || !stride || !pad || !dilation) return null
  return { kernel, stride, dilation, padding: pad.map(side => [side, side] as const) }
}

/** One number for all axes, one for each, or `_h` and `_w`. */
export function sizes(
  step: Step,
  param: Message | undefined,
  key: string,
  ofAxes: readonly [string, string] | null,
  spatial: number,
  fallback: number | null,
): readonly number[] | null {
  if (ofAxes?.some(name => has(param, name))) {
    const both = ofAxes.map(name => wholeOf(step, param, name, null) ?? fallback)
    if (scalarsOf(param, key).length > 0 || spatial !== 2) {
      const why = spatial === 2 ? `${key} or ${ofAxes.join(' and ')}, not both` : `${key} for ${spatial} axes`
      fail(step, 'bad-argument', `${step.site.name} expects ${why}.`)
    }
    if (both.every(size => size !== null)) return both
    const missing = ofAxes[both.indexOf(null)]
    fail(step, 'bad-argument', `${step.site.name} has no ${missing}: the window is not known.`)
    return null
  }
  const given = wholes(step, param, key)
  if (given.length === 0 && scalarsOf(param, key).length === 0) {
    if (fallback !== null) return each(fallback, spatial)
    fail(step, 'bad-argument', `${step.site.name} has no ${key}: the window is not known.`)
    return null
  }
  if (given.length === 1) return each(given[0]!, spatial)
  if (given.length === spatial) return given
  if (given.length > 0) {
    const message = `${step.site.name} expects ${key} once or ${spatial} times and gets it ${given.length} times.`
    fail(step, 'bad-argument', message, scalarsOf(param, key)[1]?.span)
  }
  return null
}
