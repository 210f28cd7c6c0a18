import { lengthOf, vectorOf } from '../image'
import { activationKey, whole as wholeKey } from '../key'
import { type LayerType, scope } from '../layerType'
import { isOn, whole } from '../values'
import { activationOf, connect, normalizeKey } from './parts'

/** Rules: src/connected_layer.c. The whole input is one vector. */
export const connected: LayerType = {
  names: ['connected', 'conn'],
  doc: 'Fully connected layer on the flattened input.',
  keys: [wholeKey('output', 1, 'Output values.', 'outFeatures'), activationKey('logistic'), normalizeKey],
  build: step => {
    const input = step.previous.value
    const output = whole(step, 'output', 1)
    const then = { normalize: isOn(step, 'batch_normalize'), activation: activationOf(step, 'logistic') }
    const value = scope(step, [input], () => connect(step, 'fc', vectorOf(step), lengthOf(input), output, then))
    return { value, image: true }
  },
}
