import { formatShape, sameShape } from '../../../core/shape'
import { messageOf } from '../fields'
import { fail, type LayerType, numberOf, origin, type Step, scope, shapeOf } from '../layerType'
import { engine, filler, flag, fraction, message, part, whole, word } from '../schema'
import { flag as flagOf, has, paramOf, spanOf, whole as wholeOf, word as wordOf } from '../values'
import { add } from '../weights'
import { axisOf, learned, place } from './parts'

/**
 * Rules: src/caffe/layers/batch_norm_layer.cpp: mean and variance of every channel and one factor are stored, none of
 * them learned. What is learned stands in a Scale behind it; in NVIDIA’s fork in the layer itself, with `scale_bias` or
 * with a filler for either.
 */
export const batchNorm: LayerType = {
  names: ['BatchNorm'],
  doc: 'Batch normalization without a learned scale or shift: a Scale behind it has those.',
  bottoms: 1,
  params: {
    batch_norm_param: message(
      flag('use_global_stats', '', 'Uses the stored mean and variance; as the test phase does.'),
      fraction('moving_average_fraction', 0.999, 'How slowly the stored values move.'),
      fraction('eps', 0.00001, 'Added to the variance.'),
      flag('scale_bias', false, 'Learns a scale and a shift (NVIDIA).'),
      part('scale_filler', filler, 'First values of the scale (NVIDIA).'),
      part('bias_filler', filler, 'First values of the shift (NVIDIA).'),
      engine,
    ),
  },
  build: step => {
    const param = paramOf(step, 'batch_norm_param')
    const channels = shapeOf(step)?.length === 1 ? 1 : numberOf(shapeOf(step)?.[1])
    const learns = flagOf(param, 'scale_bias', false) || FILLERS.some(key => messageOf(param, key) !== undefined)
    const stored = { statistics: 'buffer', factor: true } as const
    const attributes = { channels, axis: 1, scale: learns, shift: learns, ...stored }
    // The first three `param { }` are those of what is stored.
    return [add(step, 'batch_norm', { ...attributes, ...place(step) }, step.bottoms, origin(step), learns ? 3 : 0)]
  },
}

const FILLERS = ['scale_filler', 'bias_filler'] as const

/** Of the forks of SegNet (no statistics are stored) and of PSPNet: batch normalization with scale and shift in one layer. */
export const bn: LayerType = {
  names: ['BN', 'SyncBN', 'CuDNNBatchNorm'],
  doc: 'Batch normalization with a learned scale and shift (of several forks).',
  bottoms: 1,
  params: {
    bn_param: message(
      part('slope_filler', filler, 'First values of the scale.'),
      part('bias_filler', filler, 'First values of the shift.'),
      part('scale_filler', filler, 'First values of the scale (SegNet).'),
      part('shift_filler', filler, 'First values of the shift (SegNet).'),
      word('bn_mode', 'LEARN', ['LEARN', 'INFERENCE'], 'Whether statistics are those of the batch (SegNet).'),
      fraction('momentum', 0.9, 'How slowly the stored values move.'),
      fraction('eps', 0.00001, 'Added to the variance.'),
      flag('frozen', false, 'Nothing of it is learned.'),
      fraction('std_momentum', '', 'As momentum.'),
      flag('icnet', false, 'As ICNet does it.'),
      engine,
    ),
  },
  build: step => {
    const param = paramOf(step, 'bn_param')
    const segnet = has(param, 'bn_mode') || ['scale_filler', 'shift_filler'].some(key => messageOf(param, key))
    const channels = numberOf(shapeOf(step)?.[1])
    const statistics = segnet ? 'none' : 'buffer'
    const attributes = { channels, axis: 1, scale: true, shift: true, statistics, ...place(step) } as const
    return [add(step, 'batch_norm', attributes, step.bottoms)]
  },
}

/** Rules: src/caffe/layers/scale_layer.cpp: with two bottoms the second one is the factor and nothing is learned. */
export const scale: LayerType = {
  names: ['Scale'],
  doc: 'Multiplies with a learned factor a channel, or with the second bottom.',
  bottoms: [1, 2],
  params: {
    scale_param: message(
      flag('bias_term', false, 'Whether a learned shift is added.'),
      whole('axis', 1, 'First axis of the factors.'),
      whole('num_axes', 1, 'How many axes the factors have; −1 for all that follow.'),
      part('filler', filler, 'First values of the factors.'),
      part('bias_filler', filler, 'First values of the shift.'),
    ),
  },
  build: step => affine(step, 'scale_param', true),
}

/** Rules: src/caffe/layers/bias_layer.cpp. */
export const bias: LayerType = {
  names: ['Bias'],
  doc: 'Adds a learned value a channel, or the second bottom.',
  bottoms: [1, 2],
  params: {
    bias_param: message(
      whole('axis', 1, 'First axis of the values.'),
      whole('num_axes', 1, 'How many axes the values have; −1 for all that follow.'),
      part('filler', filler, 'First values.'),
    ),
  },
  build: step => affine(step, 'bias_param', false),
}

function affine(step: Step, name: string, multiplies: boolean) {
  const param = paramOf(step, name)
  const shift = multiplies ? flagOf(param, 'bias_term', false) : true
  const [input, factor] = step.bottoms
  const shape = shapeOf(step)
  const axis = axisOf(step, wholeOf(step, param, 'axis', 1))
  if (factor) {
    const at = factor.shape?.length === 0 ? 0 : axis
    const beside = at === null ? null : (shape?.slice(at, at + (factor.shape?.length ?? 0)) ?? null)
    if (sameShape(beside, factor.shape) === false) {
      const message_ = `${step.site.name} expects its second bottom to be ${formatShape(beside)} and gets ${formatShape(factor.shape)}.`
      fail(step, 'shape-mismatch', message_, step.layer.bottoms[1]!.span)
    }
    const product = (part?: string) => {
      const attributes = { function: multiplies ? 'mul' : 'add', keepsFirst: true, ...place(step) }
      return step.builder.add('elementwise', attributes, step.bottoms, origin(step, part))
    }
    if (!multiplies || !shift) return [product()]
    return [
      scope(step, () => learned(step, 'add', product('mul'), factor.shape ?? [null], origin(step, 'bias'), 0, true)),
    ]
  }
  const axes = wholeOf(step, param, 'num_axes', 1)
  if (axes === 1 || shape === null || axis === null) {
    const channels = axis === null ? null : numberOf(shape?.[axis])
    const attributes = { channels, axis: axis ?? 1, scale: multiplies, bias: shift, ...place(step) }
    return [add(step, 'scale', attributes, [input!])]
  }
  const sizes = shape.slice(axis, axes < 0 ? undefined : axis + axes).map(numberOf)
  if (axes > 0 && axis + axes > shape.length) {
    const message_ = `${step.site.name} expects num_axes to be at most ${shape.length - axis} and gets ${axes}: ${formatShape(shape)}.`
    fail(step, 'bad-argument', message_, spanOf(param, 'num_axes'))
  }
  return [
    scope(step, () => {
      const product = multiplies ? learned(step, 'mul', input!, sizes, origin(step, 'mul'), 0, step.inPlace) : input!
      if (!shift) return product
      return learned(step, 'add', product, sizes, origin(step, 'add'), multiplies ? 1 : 0, multiplies || step.inPlace)
    }),
  ]
}

/** Rules: src/caffe/layers/prelu_layer.cpp: one slope a channel, or one in all. */
export const prelu: LayerType = {
  names: ['PReLU'],
  doc: 'Rectifier with a learned slope for negative values.',
  bottoms: 1,
  params: {
    prelu_param: message(
      part('filler', filler, 'First values of the slopes.'),
      flag('channel_shared', false, 'One slope for all channels.'),
    ),
  },
  build: step => {
    const shared = flagOf(paramOf(step, 'prelu_param'), 'channel_shared', false)
    const parameters = shared ? 1 : numberOf(shapeOf(step)?.[1])
    return [add(step, 'prelu', { parameters, ...place(step) }, step.bottoms)]
  },
}

const REGIONS = ['ACROSS_CHANNELS', 'WITHIN_CHANNEL'] as const

/** Rules: src/caffe/layers/lrn_layer.cpp. */
export const lrn: LayerType = {
  names: ['LRN'],
  doc: 'Local response normalization.',
  bottoms: 1,
  params: {
    lrn_param: message(
      whole('local_size', 5, 'Channels, or the side of the window, that are normalized together.', {
        attribute: 'size',
      }),
      fraction('alpha', 1, 'Weight of the squares.'),
      fraction('beta', 0.75, 'Power.'),
      word('norm_region', 'ACROSS_CHANNELS', REGIONS, 'Over channels or over a window of one channel.'),
      fraction('k', 1, 'Added to the sum.'),
      engine,
    ),
  },
  build: step => {
    const param = paramOf(step, 'lrn_param')
    const size = wholeOf(step, param, 'local_size', 5)
    const within = wordOf(step, param, 'norm_region', REGIONS, 'ACROSS_CHANNELS') === 'WITHIN_CHANNEL'
    const span = spanOf(param, 'local_size')
    if (size % 2 === 0 && size > 0)
      fail(step, 'bad-argument', `${step.site.name} expects local_size to be odd and gets ${size}.`, span)
    return [step.builder.add('local_response_norm', { size: within ? size * size : size }, step.bottoms, origin(step))]
  },
}

/** Rules: src/caffe/layers/mvn_layer.cpp. */
export const mvn: LayerType = {
  names: ['MVN'],
  doc: 'Subtracts the mean and divides by the deviation, of every channel or of the whole map.',
  bottoms: 1,
  params: {
    mvn_param: message(
      flag('normalize_variance', true, 'Divides by the deviation.'),
      flag('across_channels', false, 'Over all channels together.'),
      fraction('eps', 0.000000001, 'Added to the deviation.'),
    ),
  },
  build: step => {
    const channels = numberOf(shapeOf(step)?.[1])
    const attributes = { channels, axis: 1, scale: false, shift: false, statistics: 'none' } as const
    return [step.builder.add('instance_norm', { ...attributes, ...place(step) }, step.bottoms, origin(step))]
  },
}

/** Rules: SSD’s src/caffe/layers/normalize_layer.cpp: a learned factor a channel, or one in all. */
export const normalize: LayerType = {
  names: ['Normalize'],
  doc: 'Divides by the length of the vector, and multiplies with a learned factor (SSD).',
  bottoms: 1,
  params: {
    norm_param: message(
      flag('across_spatial', true, 'Over the whole map, not at every position.'),
      part('scale_filler', filler, 'First values of the factors.'),
      flag('channel_shared', true, 'One factor for all channels.'),
      fraction('eps', 1e-10, 'Added to the length.'),
    ),
  },
  build: step => {
    const shared = flagOf(paramOf(step, 'norm_param'), 'channel_shared', true)
    return [
      scope(step, () => {
        const from = origin(step, 'norm')
        const value = step.builder.add('activation', { function: 'l2norm', ...place(step) }, step.bottoms, from)
        if (shared) return learned(step, 'mul', value, [1], origin(step, 'scale'), 0, true)
        const channels = numberOf(shapeOf(step)?.[1])
        const attributes = { channels, axis: 1, scale: true, bias: false, inPlace: true } as const
        return add(step, 'scale', attributes, [value], origin(step, 'scale'))
      }),
    ]
  },
}
