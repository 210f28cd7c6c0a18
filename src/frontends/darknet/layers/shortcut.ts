import { formatShape } from '../../../core/shape'
import { type Image, imageOf } from '../image'
import { activationKey, fraction, layers as layersKey, word } from '../key'
import { fail, type LayerType, type Output, origin, report, type Step, scope } from '../layerType'
import { referred, values } from '../references'
import { choice, entries } from '../values'
import { activate, activationOf } from './parts'

const WEIGHTS = ['none', 'per_feature', 'per_layer', 'per_channel']
const NORMALIZATIONS = ['none', 'relu', 'avg_relu', 'softmax']

/**
 * Adds earlier layers to the one before, whose shape it keeps; where the channels differ only those of both are added
 * (src/shortcut_layer.c). Weights: one a layer, or one a layer and channel, the one before included.
 */
export const shortcut: LayerType = {
  names: ['shortcut'],
  doc: 'Adds earlier layers to the layer before.',
  keys: [
    layersKey('from', 'The layers to add: −3 is three before this one, 0 the first of the network.'),
    activationKey('linear'),
    word('weights_type', 'none', 'Learned weights for the added layers.', WEIGHTS),
    word('weights_normalization', 'none', 'How the learned weights are normalized.', NORMALIZATIONS),
    fraction('alpha', 1, 'Factor of the added layer (pjreddie’s Darknet).'),
    fraction('beta', 1, 'Factor of the layer before (pjreddie’s Darknet).'),
  ],
  build: step => {
    const image = imageOf(step)
    const added = referred(step, 'from')
    const activation = activationOf(step, 'linear')
    const type = choice(step, 'weights_type', 'none', WEIGHTS, 'error')
    choice(step, 'weights_normalization', 'none', NORMALIZATIONS, type === 'none' ? 'warning' : 'error')
    if (added === null) return step.previous
    added.forEach((output, i) => {
      compareSizes(step, image, output, i)
    })
    const inputs = [image.value, ...values(added)]
    if (type === null) {
      const [same] = step.builder.unknown('its weights cannot be told', inputs, origin(step), [image.value.shape])
      return { value: same!, image: true }
    }
    const weights = weightsOf(type, inputs.length, image.channels)
    const sum = step.builder.intern(`add ${weights}`, () => ({ function: 'add', keepsFirst: true, weights }))
    const value = scope(step, inputs, () =>
      activate(step, step.builder.add('elementwise', sum, inputs, origin(step, 'add')), activation),
    )
    return { value, image: true }
  },
}

function weightsOf(type: string, inputs: number, channels: number | null): number | null {
  if (type === 'none') return 0
  return type === 'per_channel' ? channels && channels * inputs : inputs
}

/**
 * Equal widths and heights are what AlexeyAB's Darknet asserts; pjreddie's takes every n-th position where both sides
 * differ by the same whole ratio.
 */
function compareSizes(step: Step, image: Image, { value }: Output, i: number): void {
  const [, , height, width] = value.shape ?? []
  if (typeof height !== 'number' || typeof width !== 'number' || image.height === null || image.width === null) return
  if (height === image.height && width === image.width) return
  const span = entries(step, 'from')?.[i]?.span
  const sizes = `${formatShape([image.height, image.width])} and ${formatShape([height, width])}`
  const ratio = (a: number, b: number): number => Math.floor(a / b)
  const regular =
    ratio(height, image.height) === ratio(width, image.width) &&
    ratio(image.height, height) === ratio(image.width, width)
  if (!regular) {
    fail(step, 'shape-mismatch', `${step.site.name} cannot add maps of ${sizes}.`, span)
    return
  }
  report(step, {
    code: 'shape-mismatch',
    severity: 'info',
    span: span ?? step.section.header,
    message: `${step.site.name} adds maps of ${sizes}: pjreddie’s Darknet takes every n-th position, AlexeyAB’s stops here.`,
  })
}
