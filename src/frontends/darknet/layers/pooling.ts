import { imageOf } from '../image'
import { flag, type Key, whole as wholeKey } from '../key'
import { type LayerType, type Output, origin, type Step, scope } from '../layerType'
import { isOn, whole } from '../values'
import { blurred } from './convolutional'
import { padding as bothSides, square, strideKey } from './parts'

const windowKeys: readonly Key[] = [
  { ...wholeKey('size', 1, 'Side of the square window; the stride where it is absent.', 'kernel'), fallback: '' },
  strideKey(1),
  { ...wholeKey('stride_x', 1, 'Step across; the stride where it is absent.', 'stride'), fallback: '' },
  { ...wholeKey('stride_y', 1, 'Step down; the stride where it is absent.', 'stride'), fallback: '' },
  {
    ...wholeKey('padding', 0, 'Padding of both sides together; size − 1 where it is absent.', 'padding'),
    fallback: '',
  },
]

/** Size (H + padding − size) / stride + 1, the padding of both sides together (src/maxpool_layer.c). */
export const maxpool: LayerType = {
  names: ['maxpool', 'max'],
  doc: 'Largest value of every window.',
  keys: [
    ...windowKeys,
    flag('maxpool_depth', 'Takes the largest of groups of channels instead, the size stays.'),
    wholeKey('out_channels', 1, 'Channels that `maxpool_depth` leaves.'),
    wholeKey('antialiasing', 0, 'Runs at stride 1 and then blurs with the stride: 1 over 3×3, 2 over 2×2.'),
    flag('maxpool_zero_nonmax', 'Sets what is not the largest to zero.'),
  ],
  build: step => (isOn(step, 'maxpool_depth') ? overChannels(step) : pool(step, 'max_pool2d')),
}

/** As maxpool. */
export const localAvgpool: LayerType = {
  names: ['local_avgpool', 'local_avg'],
  doc: 'Mean of every window.',
  keys: windowKeys,
  build: step => pool(step, 'avg_pool2d'),
}

/** Mean of every channel (src/avgpool_layer.c). */
export const avgpool: LayerType = {
  names: ['avgpool', 'avg'],
  doc: 'Mean of every channel: one value each is left.',
  keys: [],
  build: step => {
    const { value } = imageOf(step)
    return { value: step.builder.add('adaptive_avg_pool', { size: [1, 1] }, [value], origin(step)), image: true }
  },
}

function pool(step: Step, op: 'max_pool2d' | 'avg_pool2d'): Output {
  const { value: input } = imageOf(step)
  const stride = whole(step, 'stride', 1)
  const size = whole(step, 'size', stride ?? 1)
  const x = whole(step, 'stride_x', stride ?? 1)
  const y = whole(step, 'stride_y', stride ?? 1)
  const padding = whole(step, 'padding', (size ?? 1) - 1)
  const blur = op === 'max_pool2d' ? (whole(step, 'antialiasing', 0) ?? 0) : 0
  if (stride === null || size === null || x === null || y === null || padding === null) {
    const shape = input.shape && [...input.shape.slice(0, 2), null, null]
    const [value] = step.builder.unknown('its size cannot be read', [input], origin(step), [shape])
    return { value: value!, image: true }
  }
  const window = {
    kernel: square(size),
    stride: blur ? square(1) : [y, x],
    dilation: square(1),
    padding: bothSides(padding),
  }
  if (!blur) return { value: step.builder.add(op, window, [input], origin(step)), image: true }
  const value = scope(step, [input], () =>
    blurred(step, step.builder.add(op, window, [input], origin(step, 'max')), blur, x, y),
  )
  return { value, image: true }
}

/** Output channel c is the largest of the channels c, c + out_channels, … at the same position. */
function overChannels(step: Step): Output {
  const { value } = imageOf(step)
  const size = [whole(step, 'out_channels', 1), null, null]
  return { value: step.builder.add('adaptive_max_pool', { size }, [value], origin(step)), image: true }
}
