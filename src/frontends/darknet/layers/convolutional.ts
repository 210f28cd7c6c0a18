import { imageOf } from '../image'
import { activationKey, flag, fraction, whole as wholeKey } from '../key'
import { fail, type LayerType, type Output, origin, type SharedWeights, type Step, scope } from '../layerType'
import { lost, referredIndex } from '../references'
import { entries, find, isOn, whole } from '../values'
import {
  activationOf,
  convolve,
  type Geometry,
  normalizeKey,
  padding,
  padKeys,
  sizeKey,
  square,
  strideKey,
} from './parts'

/** Rules: parse_convolutional (src/parser.c) and make_convolutional_layer (src/convolutional_layer.c). */
export const convolutional: LayerType = {
  names: ['convolutional', 'conv'],
  doc: 'Convolution, with batch normalization and activation where they are asked for.',
  keys: [
    normalizeKey,
    wholeKey('filters', 1, 'Output channels.', 'outChannels'),
    sizeKey(1),
    strideKey(1),
    ...padKeys,
    activationKey('logistic'),
    wholeKey('groups', 1, 'Groups of channels that do not mix; as many as channels is depthwise.', 'groups'),
    wholeKey('dilation', 1, 'Distance between the taps of the window; a 1×1 window has none.', 'dilation'),
    wholeKey('stride_x', -1, 'Step across; `stride` where it is under 1.', 'stride'),
    wholeKey('stride_y', -1, 'Step down; `stride` where it is under 1.', 'stride'),
    wholeKey('antialiasing', 0, 'Runs at stride 1 and then blurs with the stride: 1 over 3×3, 2 over 2×2.'),
    wholeKey('share_index', -1000000000, 'Uses the weights of this layer instead of its own.'),
    flag('cbn', 'Batch normalization over the mini-batches of a batch.'),
    flag('binary', 'Binary weights.'),
    flag('xnor', 'Binary weights and inputs; groups are then 1.'),
    flag('bin_output', 'Keeps the output binary between two xnor layers.'),
    fraction('assisted_excitation', 0, 'Highlights the objects during training.'),
    flag('sway', 'Deforms the weights during training: shifts.'),
    flag('rotate', 'Deforms the weights during training: rotations.'),
    flag('stretch', 'Deforms the weights during training: sizes.'),
    flag('stretch_sway', 'Deforms the weights during training: sizes and shifts.'),
    fraction('angle', 15, 'Largest angle of `rotate`.'),
    flag('grad_centr', 'Centres the gradients.'),
    fraction('reverse', 0, 'Reverses the gradient.'),
    flag('coordconv', 'Adds the coordinates to the input.'),
    flag('flipped', 'The weights file holds the weights transposed.'),
    fraction('dot', 0, 'Weight of the orthogonality term.'),
    wholeKey('stream', -1, 'CUDA stream to run on.'),
    wholeKey('wait_stream', -1, 'CUDA stream to wait for.'),
  ],
  build: step => {
    const image = imageOf(step)
    const geometry = geometryOf(step)
    const filters = whole(step, 'filters', 1)
    if (geometry === null) {
      const shape = [image.value.shape?.[0] ?? null, filters, null, null]
      const [value] = step.builder.unknown('its size cannot be read', [image.value], origin(step), [shape])
      return { value: value!, image: true }
    }
    const normalize = isOn(step, 'batch_normalize') || isOn(step, 'cbn')
    const then = { normalize, activation: activationOf(step, 'logistic') }
    const blur = whole(step, 'antialiasing', 0) ?? 0
    const { strideX, strideY } = geometry
    const used = { ...geometry, filters, ...(blur ? { strideX: 1, strideY: 1 } : {}) }
    const shared = sharedWeights(step, image.channels, used)
    if (shared === null) return lost(step, 'share_index')
    let weights: SharedWeights | undefined
    const value = scope(step, [image.value], () => {
      const result = convolve(step, 'conv', image.value, image.channels, used, then, shared)
      weights = result.weights
      return blurred(step, result.value, blur, strideX, strideY)
    })
    return { value, image: true, ...(weights ? { shared: weights } : {}) }
  },
}

/** Darknet's blur has fixed weights over 3×3 with padding 1, or over 2×2 without; none is learned or stored. */
export function blurred(step: Step, value: Output['value'], blur: number, x: number, y: number): Output['value'] {
  if (blur === 0) return value
  const [size, pad] = blur === 2 ? ([2, 0] as const) : ([3, 1] as const)
  const window = { kernel: square(size), stride: [y, x], dilation: square(1), padding: padding(2 * pad) }
  return step.builder.add('avg_pool2d', window, [value], origin(step, 'blur', 'antialiasing'))
}

/** Null where a number of the window cannot be read. */
function geometryOf(step: Step): Omit<Geometry, 'filters'> | null {
  const size = whole(step, 'size', 1)
  const x = whole(step, 'stride_x', -1)
  const y = whole(step, 'stride_y', -1)
  const stride = (x ?? 1) < 1 || (y ?? 1) < 1 ? whole(step, 'stride', 1) : 1
  const dilation = whole(step, 'dilation', 1)
  const zeros = whole(step, 'padding', 0)
  const groups = whole(step, 'groups', 1)
  if (size === null || x === null || y === null || stride === null) return null
  if (dilation === null || zeros === null || groups === null) return null
  return {
    size,
    strideX: x < 1 ? stride : x,
    strideY: y < 1 ? stride : y,
    dilation: size === 1 ? 1 : dilation,
    pad: isOn(step, 'pad') ? Math.floor(size / 2) : zeros,
    groups: isOn(step, 'xnor') || groups < 1 ? 1 : groups,
  }
}

/** The layer that `share_index` names: undefined without the key, null where there is no such convolution. */
function sharedWeights(step: Step, channels: number | null, used: Geometry): SharedWeights | null | undefined {
  if (!find(step.section, 'share_index')) return undefined
  const entry = entries(step, 'share_index')?.[0]
  const index = entry ? referredIndex(step, 'share_index', entry) : null
  if (index === null) return null
  const shared = step.earlier[index]!.shared
  const name = `[${step.sections[index]!.name}] ${index}`
  if (!shared) {
    fail(step, 'bad-argument', `${step.site.name} shares the weights of ${name}, which is no convolution.`, entry!.span)
    return null
  }
  const { inChannels, outChannels, kernel, groups } = shared.convolution.attributes
  const own = [channels, used.filters, used.size, used.groups]
  const theirs = [inChannels, outChannels, kernel[0]!, groups]
  if (own.every((n, i) => n === null || theirs[i] === null || n === theirs[i])) return shared
  const spell = ([c, n, size, g]: readonly (number | null)[]): string =>
    `${size}×${size} ${c ?? '?'}→${n ?? '?'}${g === 1 ? '' : ` in ${g} groups`}`
  const message = `${step.site.name} (${spell(own)}) cannot share the weights of ${name} (${spell(theirs)}).`
  fail(step, 'shape-mismatch', message, entry!.span)
  return shared
}
