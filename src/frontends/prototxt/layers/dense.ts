import { formatShape } from '../../../core/shape'
import { fail, type LayerType, origin, scope, shapeOf } from '../layerType'
import { filler, flag, message, part, whole } from '../schema'
import { flag as flagOf, needed, paramOf, whole as wholeOf } from '../values'
import { add } from '../weights'
import { axisOf, countFrom, flattened, place } from './parts'

/** Rules: src/caffe/layers/inner_product_layer.cpp: the axes from `axis` on are one vector. */
export const innerProduct: LayerType = {
  names: ['InnerProduct'],
  doc: 'Fully connected layer.',
  bottoms: 1,
  params: {
    inner_product_param: message(
      whole('num_output', '', 'Output values.', { attribute: 'outFeatures' }),
      flag('bias_term', true, 'Whether a bias is added.'),
      part('weight_filler', filler, 'First values of the weights.'),
      part('bias_filler', filler, 'First values of the bias.'),
      whole('axis', 1, 'First axis that is joined to a vector.'),
      flag('transpose', false, 'Stores the weights transposed.'),
    ),
  },
  build: step => {
    const param = paramOf(step, 'inner_product_param')
    const outFeatures = needed(step, param, 'num_output')
    const shape = shapeOf(step)
    const axis = axisOf(step, wholeOf(step, param, 'axis', 1))
    if (shape && axis === null) fail(step, 'bad-argument', `${step.site.name} has no such axis: ${formatShape(shape)}.`)
    const inFeatures = axis === null ? null : countFrom(shape, axis)
    const attributes = { inFeatures, outFeatures, bias: flagOf(param, 'bias_term', true) }
    const [input] = step.bottoms
    if (!shape || axis === null || axis === shape.length - 1) return [add(step, 'linear', attributes, [input!])]
    return [scope(step, () => add(step, 'linear', attributes, [flattened(step, input!, axis)], origin(step, 'fc')))]
  },
}

/** Rules: src/caffe/layers/embed_layer.cpp: one more axis of num_output values. */
export const embed: LayerType = {
  names: ['Embed'],
  doc: 'A row of a learned table for every index.',
  bottoms: 1,
  params: {
    embed_param: message(
      whole('num_output', '', 'Values of a row.', { attribute: 'features' }),
      whole('input_dim', '', 'Rows of the table.', { attribute: 'count' }),
      flag('bias_term', true, 'Whether a bias is added.'),
      part('weight_filler', filler, 'First values of the table.'),
      part('bias_filler', filler, 'First values of the bias.'),
    ),
  },
  build: step => {
    const param = paramOf(step, 'embed_param')
    const features = needed(step, param, 'num_output')
    const count = needed(step, param, 'input_dim')
    const table = { count, features }
    if (!flagOf(param, 'bias_term', true)) return [add(step, 'embedding', table, step.bottoms)]
    return [
      scope(step, () => {
        const rows = add(step, 'embedding', table, step.bottoms, origin(step, 'table'))
        const bias = { channels: features, axis: -1, scale: false, bias: true, ...place({ ...step, inPlace: true }) }
        return add(step, 'scale', bias, [rows], origin(step, 'bias'), 1)
      }),
    ]
  },
}
