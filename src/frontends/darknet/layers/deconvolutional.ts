import { imageOf } from '../image'
import { activationKey, whole as wholeKey } from '../key'
import { type LayerType, origin, scope } from '../layerType'
import { isOn, whole } from '../values'
import {
  activate,
  activationOf,
  padding as bothSides,
  normalizeKey,
  normOf,
  padKeys,
  sizeKey,
  square,
  strideKey,
} from './parts'

/** Size (H − 1) · stride + size − 2 · padding (pjreddie/darknet src/deconvolutional_layer.c; other forks have none). */
export const deconvolutional: LayerType = {
  names: ['deconvolutional', 'deconv'],
  doc: 'Transposed convolution. AlexeyAB’s Darknet does not read it.',
  keys: [
    normalizeKey,
    wholeKey('filters', 1, 'Output channels.', 'outChannels'),
    sizeKey(1),
    strideKey(1),
    ...padKeys,
    activationKey('logistic'),
  ],
  build: step => {
    const image = imageOf(step)
    const filters = whole(step, 'filters', 1)
    const size = whole(step, 'size', 1)
    const stride = whole(step, 'stride', 1)
    const padding = whole(step, 'padding', 0)
    const activation = activationOf(step, 'logistic')
    if (size === null || stride === null || padding === null) {
      const shape = [image.value.shape?.[0] ?? null, filters, null, null]
      const [value] = step.builder.unknown('its size cannot be read', [image.value], origin(step), [shape])
      return { value: value!, image: true }
    }
    const pad = isOn(step, 'pad') ? Math.floor(size / 2) : padding
    const normalize = isOn(step, 'batch_normalize')
    const attributes = {
      inChannels: image.channels,
      outChannels: filters,
      groups: 1,
      bias: !normalize,
      kernel: square(size),
      stride: square(stride),
      dilation: square(1),
      padding: bothSides(2 * pad),
      outputPadding: square(0),
    }
    const value = scope(step, [image.value], () => {
      let out = step.builder.add('conv_transpose2d', attributes, [image.value], origin(step, 'deconv'))
      if (normalize) {
        out = step.builder.add('batch_norm', normOf(step, filters), [out], origin(step, 'bn', 'batch_normalize'))
      }
      return activate(step, out, activation)
    })
    return { value, image: true }
  },
}
