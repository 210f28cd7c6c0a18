import { imageOf, lengthOf } from '../image'
import { activationKey, flag, fraction, whole as wholeKey } from '../key'
import { fail, type LayerType, origin } from '../layerType'
import { find, whole } from '../values'
import { activationOf, normOf } from './parts'

export const dropout: LayerType = {
  names: ['dropout'],
  doc: 'Sets values to zero at random during training.',
  keys: [
    fraction('probability', 0.2, 'Share of the values that is dropped.'),
    flag('dropblock', 'Drops square blocks.'),
    fraction('dropblock_size_rel', 0, 'Side of the blocks as a share of the width.'),
    wholeKey('dropblock_size_abs', 0, 'Side of the blocks.'),
  ],
  build: step => ({
    value: step.builder.add('dropout', {}, [step.previous.value], origin(step)),
    image: step.previous.image,
  }),
}

export const activation: LayerType = {
  names: ['activation'],
  doc: 'Applies a function to every element.',
  keys: [activationKey('linear')],
  build: step => {
    const name = activationOf(step, 'linear')
    const { value, image } = step.previous
    if (name === 'linear') return { value: step.builder.add('identity', {}, [value], origin(step)), image }
    return { value: step.builder.add('activation', { function: name }, [value], origin(step)), image }
  },
}

/** Rules: src/batchnorm_layer.c. */
export const batchnorm: LayerType = {
  names: ['batchnorm'],
  doc: 'Batch normalization, with learned scale and shift.',
  keys: [],
  build: step => {
    const { value, channels } = imageOf(step)
    return { value: step.builder.add('batch_norm', normOf(step, channels), [value], origin(step)), image: true }
  },
}

/** Rules: src/normalization_layer.c. */
export const normalization: LayerType = {
  names: ['normalization', 'lrn'],
  doc: 'Local response normalization over neighbouring channels.',
  keys: [
    wholeKey('size', 5, 'Channels that are normalized together.'),
    fraction('alpha', 0.0001, 'Weight of the squares.'),
    fraction('beta', 0.75, 'Power.'),
    fraction('kappa', 1, 'Added to the sum.'),
  ],
  build: step => {
    const { value } = imageOf(step)
    const size = whole(step, 'size', 5)
    if (size !== null)
      return { value: step.builder.add('local_response_norm', { size }, [value], origin(step)), image: true }
    const [same] = step.builder.unknown('its size cannot be read', [value], origin(step), [value.shape])
    return { value: same!, image: true }
  },
}

export const l2norm: LayerType = {
  names: ['l2norm'],
  doc: 'Divides by the length of the vector (pjreddie’s Darknet).',
  keys: [],
  build: step => ({
    value: step.builder.add('activation', { function: 'l2norm' }, [step.previous.value], origin(step)),
    image: step.previous.image,
  }),
}

export const empty: LayerType = {
  names: ['empty', 'silence'],
  doc: 'Passes the layer before on.',
  keys: [],
  build: step => ({
    value: step.builder.add('identity', {}, [step.previous.value], origin(step)),
    image: step.previous.image,
  }),
}

/** Learned values without an input: filters × atoms × 1 (src/representation_layer.c). */
export const implicit: LayerType = {
  names: ['implicit'],
  doc: 'Learned values that do not depend on the image.',
  keys: [
    wholeKey('filters', 128, 'Channels.'),
    wholeKey('atoms', 1, 'Height.'),
    fraction('mean', 0, 'Mean of the initial values.'),
    fraction('std', 0.2, 'Spread of the initial values.'),
  ],
  build: step => {
    const sizes = (['filters', 'atoms'] as const).map(key => {
      const size = whole(step, key, key === 'filters' ? 128 : 1)
      if (size === null || size > 0) return size
      const span = find(step.section, key)?.valueSpan
      fail(step, 'bad-argument', `${step.site.name} expects ${key} to be a whole number from 1 and gets ${size}.`, span)
      return null
    })
    const shape = [1, sizes[0]!, sizes[1]!, 1]
    return { value: step.builder.add('parameter', { shape, kind: 'trainable' }, [], origin(step)), image: true }
  },
}

/** The last maps of a sequence one after the other (src/conv_lstm_layer.c make_history_layer). */
export const history: LayerType = {
  names: ['history'],
  doc: 'Joins the maps of the last steps of a sequence.',
  keys: [wholeKey('history_size', 4, 'How many steps are kept.')],
  build: step => {
    const { value, channels, height, width } = imageOf(step)
    const size = whole(step, 'history_size', 4)
    if (size === null || size < 1 || lengthOf(value) === null) {
      const shape = value.shape && [value.shape[0]!, null, height, width]
      return {
        value: step.builder.unknown('its history_size cannot be read', [value], origin(step), [shape])[0]!,
        image: true,
      }
    }
    if (size === 1) return { value: step.builder.add('identity', {}, [value], origin(step)), image: true }
    const kept = [value.shape![0]!, channels! * (size - 1), height, width]
    const past = step.builder.add('constant', { shape: kept }, [], origin(step, 'past', 'state'))
    return { value: step.builder.add('concat', { axis: 1 }, [value, past], origin(step)), image: true }
  },
}
