import { formatShape } from '../../../core/shape'
import { imageOf } from '../image'
import { activationKey, flag, type Key, layers as layersKey } from '../key'
import { fail, type LayerType, type Output, origin, type Step, scope } from '../layerType'
import { referred } from '../references'
import { entries, isOn } from '../values'
import { activate, activationOf } from './parts'

const keys: readonly Key[] = [
  layersKey('from', 'The layer that is multiplied, whose shape the result has.'),
  activationKey('linear'),
]

/** Multiplies an earlier layer's channels by the values before it (src/scale_channels_layer.c). */
export const scaleChannels: LayerType = {
  names: ['scale_channels'],
  doc: 'Multiplies each channel of an earlier layer by one value of the layer before.',
  keys: [...keys, flag('scale_wh', 'Multiplies each position by one value instead.')],
  build: step => {
    const across = isOn(step, 'scale_wh')
    return multiply(step, (c, h, w, [fc, fh, fw]) =>
      across ? c === 1 && h === fh && w === fw : h === 1 && w === 1 && c === fc,
    )
  },
}

/** Multiplies an earlier layer by the one before, position by position (src/sam_layer.c). */
export const sam: LayerType = {
  names: ['sam'],
  doc: 'Multiplies an earlier layer by the layer before (spatial attention).',
  keys,
  build: step => multiply(step, (c, h, w, [fc, fh, fw]) => c === fc && h === fh && w === fw),
}

type Fits = (c: number, h: number, w: number, from: readonly number[]) => boolean

function multiply(step: Step, fits: Fits): Output {
  const { value: factor, channels, height, width } = imageOf(step)
  const from = referred(step, 'from')?.[0]
  const activation = activationOf(step, 'linear')
  if (!from) return { value: step.builder.lost('from'), image: true }
  const { value: map } = imageOf(step, from)
  const sizes = map.shape?.slice(1) ?? []
  const known = sizes.length === 3 && sizes.every(n => typeof n === 'number')
  if (known && channels !== null && height !== null && width !== null && !fits(channels, height, width, sizes)) {
    const message = `${step.site.name} cannot multiply ${formatShape(sizes)} by ${formatShape([channels, height, width])}.`
    fail(step, 'shape-mismatch', message, entries(step, 'from')?.[0]?.span)
    return {
      value: step.builder.unknown('its shapes do not fit', [map, factor], origin(step), [map.shape])[0]!,
      image: true,
    }
  }
  const inputs = [map, factor]
  const value = scope(step, inputs, () =>
    activate(
      step,
      step.builder.add('elementwise', { function: 'mul', keepsFirst: true }, inputs, origin(step, 'mul')),
      activation,
    ),
  )
  return { value, image: true }
}
