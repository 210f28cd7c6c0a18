import { type Dim, mapDim } from '../../../core/dim'
import { type LayerType, origin, type Step, shapeOf } from '../layerType'
import { flag, message, whole, word } from '../schema'
import { flag as flagOf, has, paramOf, whole as wholeOf } from '../values'
import { compute } from './parts'

/** Rules: DeepLab’s src/caffe/layers/interp_layer.cpp: zoom and shrink count the spaces between pixels. */
export const interp: LayerType = {
  names: ['Interp'],
  doc: 'Resizes by bilinear interpolation (DeepLab, PSPNet).',
  bottoms: [1, 2],
  params: {
    interp_param: message(
      whole('height', 0, 'Height of the output.'),
      whole('width', 0, 'Width of the output.'),
      whole('zoom_factor', 1, 'The output has this many times the spaces between pixels.'),
      whole('shrink_factor', 1, 'The output has every so manieth pixel.'),
      whole('pad_beg', 0, 'Padding before, at most 0: what is cut off.'),
      whole('pad_end', 0, 'Padding behind, at most 0: what is cut off.'),
    ),
  },
  build: step => {
    const shape = shapeOf(step)
    const size = [2, 3].map(axis => resized(step, shape?.[axis] ?? null, axis))
    return [step.builder.add('interpolate', { size, mode: 'bilinear' }, [step.bottoms[0]!], origin(step))]
  },
}

function resized(step: Step, dim: Dim, axis: number): Dim {
  const param = paramOf(step, 'interp_param')
  const fixed = wholeOf(step, param, axis === 2 ? 'height' : 'width', 0)
  if (fixed > 0) return fixed
  // A fork takes the size of a second bottom.
  if (step.bottoms.length > 1) return shapeOf(step, 1)?.[axis] ?? null
  const zoom = wholeOf(step, param, 'zoom_factor', 1)
  const shrink = wholeOf(step, param, 'shrink_factor', 1)
  const cut = wholeOf(step, param, 'pad_beg', 0) + wholeOf(step, param, 'pad_end', 0)
  if (zoom < 1 || shrink < 1) return null
  return mapDim(dim, n => {
    const shrunk = Math.floor((n + cut - 1) / shrink) + 1
    return shrunk + (shrunk - 1) * (zoom - 1)
  })
}

/** Rules: SegNet’s src/caffe/layers/upsample_layer.cpp, and of forks that repeat pixels. */
export const upsample: LayerType = {
  names: ['Upsample'],
  doc: 'Makes maps larger, by the places of the maxima in the second bottom (SegNet) or by repeating pixels.',
  bottoms: [1, 2],
  params: {
    upsample_param: message(
      whole('scale', 2, 'Factor of both sizes.'),
      whole('scale_h', '', 'Factor of the height.'),
      whole('scale_w', '', 'Factor of the width.'),
      flag('pad_out_h', false, 'One row less.'),
      flag('pad_out_w', false, 'One column less.'),
      whole('upsample_h', '', 'Height of the output.'),
      whole('upsample_w', '', 'Width of the output.'),
      whole('stride', '', 'As `scale` (of a fork).'),
    ),
  },
  build: step => {
    const param = paramOf(step, 'upsample_param')
    const key = has(param, 'stride') ? 'stride' : 'scale'
    const both = wholeOf(step, param, key, 2)
    const size = (['h', 'w'] as const).map((side, i): Dim => {
      const fixed = wholeOf(step, param, `upsample_${side}`, null)
      if (fixed !== null) return fixed
      const factor = wholeOf(step, param, `scale_${side}`, both)
      const less = flagOf(param, `pad_out_${side}`, false) ? 1 : 0
      return mapDim(shapeOf(step)?.[i + 2] ?? null, n => n * factor - less)
    })
    return [step.builder.add('interpolate', { size, mode: 'nearest' }, [step.bottoms[0]!], origin(step))]
  },
}

/** Rules: Darknet’s reorg as forks of Caffe have it: H and W divided by the stride, channels times its square. */
export const reorg: LayerType = {
  names: ['Reorg'],
  doc: 'Puts squares of pixels into the channels (YOLO).',
  bottoms: 1,
  params: {
    reorg_param: message(whole('stride', '', 'Side of a square.'), flag('reverse', false, 'The other way round.')),
  },
  build: step => {
    const param = paramOf(step, 'reorg_param')
    const stride = wholeOf(step, param, 'stride', 1)
    const reverse = flagOf(param, 'reverse', false)
    return [step.builder.add('reorg', { stride, reverse }, step.bottoms, origin(step))]
  },
}

const METHODS = ['NEAREST', 'LINEAR', 'CUBIC', 'AREA'] as const

/** Rules: FlowNet’s src/caffe/layers/resample_layer.cpp. */
export const resample: LayerType = {
  names: ['Resample'],
  doc: 'Resizes to a size, or to that of the second bottom (FlowNet).',
  bottoms: [1, 2],
  params: {
    resample_param: message(
      whole('width', 0, 'Width of the output.'),
      whole('height', 0, 'Height of the output.'),
      word('type', 'LINEAR', METHODS, 'How values between pixels are found.'),
      flag('antialias', true, 'Smooths when the output is smaller.'),
    ),
  },
  build: step => {
    const size = (['height', 'width'] as const).map((key, i): Dim => {
      const like = shapeOf(step, 1)?.[i + 2]
      return step.bottoms.length > 1 ? (like ?? null) : wholeOf(step, paramOf(step, 'resample_param'), key, null)
    })
    const shape = shapeOf(step)
    return compute(step, 'resample', [shape && [...shape.slice(0, 2), ...size]], 4)
  },
}
