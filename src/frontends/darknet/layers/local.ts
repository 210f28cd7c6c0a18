import { mapDim } from '../../../core/dim'
import { imageOf } from '../image'
import { activationKey, flag, whole as wholeKey } from '../key'
import { type LayerType, origin, scope } from '../layerType'
import { isOn, whole } from '../values'
import { activate, activationOf, padding, sizeKey, square, strideKey } from './parts'

/** Size (H − size) / stride + 1, or (H − 1) / stride + 1 with `pad` (src/local_layer.c local_out_height). */
export const local: LayerType = {
  names: ['local'],
  doc: 'Convolution whose weights differ at every position.',
  keys: [
    wholeKey('filters', 1, 'Output channels.', 'outChannels'),
    sizeKey(1),
    strideKey(1),
    flag('pad', 'Pads so that a stride of 1 keeps the size.'),
    activationKey('logistic'),
  ],
  build: step => {
    const { value: input, channels, height, width } = imageOf(step)
    const filters = whole(step, 'filters', 1)
    const size = whole(step, 'size', 1)
    const stride = whole(step, 'stride', 1)
    const activation = activationOf(step, 'logistic')
    if (size === null || stride === null || stride < 1) {
      const shape = [input.shape?.[0] ?? null, filters, null, null]
      const [value] = step.builder.unknown('its size cannot be read', [input], origin(step), [shape])
      return { value: value!, image: true }
    }
    const total = isOn(step, 'pad') ? size - 1 : 0
    const positions = (side: number | null): number | null =>
      mapDim(side, n => Math.floor((n + total - size) / stride) + 1) as number | null
    const [down, across] = [positions(height), positions(width)]
    const attributes = {
      inChannels: channels,
      outChannels: filters,
      groups: 1,
      bias: true,
      kernel: square(size),
      stride: square(stride),
      dilation: square(1),
      padding: padding(total),
      positions: down === null || across === null ? null : Math.max(0, down) * Math.max(0, across),
    }
    const value = scope(step, [input], () =>
      activate(step, step.builder.add('local_conv2d', attributes, [input], origin(step, 'conv')), activation),
    )
    return { value, image: true }
  },
}
