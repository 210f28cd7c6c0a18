import type { Value } from '../../../core/graph'
import type { Shape } from '../../../core/shape'
import { fail, type LayerType, origin, type Step, scope, shapeOf } from '../layerType'
import { filler, flag, message, part, whole } from '../schema'
import { flag as flagOf, needed, paramOf } from '../values'
import { add } from '../weights'
import { countFrom, flattened } from './parts'

const params = {
  recurrent_param: message(
    whole('num_output', '', 'Size of the state.'),
    part('weight_filler', filler, 'First values of the weights.'),
    part('bias_filler', filler, 'First values of the bias.'),
    flag('debug_info', false, 'Prints numbers while it runs.'),
    flag('expose_hidden', false, 'Takes and gives the states as bottoms and tops.'),
  ),
}

/**
 * Bottoms: the sequence T×N×…, where it goes on (T×N), and what is the same at all its steps. Two matrices: of the
 * input, with the bias, and of the state, for four gates each (src/caffe/layers/lstm_layer.cpp).
 */
export const lstm: LayerType = {
  names: ['LSTM'],
  doc: 'Long short-term memory over a sequence T×N×….',
  bottoms: [2, 5],
  params,
  build: step => unrolled(step, 4, 2),
}

/** As LSTM with one gate, and a third matrix with a bias for the output (src/caffe/layers/rnn_layer.cpp). */
export const rnn: LayerType = {
  names: ['RNN'],
  doc: 'Recurrent layer over a sequence T×N×….',
  bottoms: [2, 4],
  params,
  build: step => unrolled(step, 1, 1),
}

function unrolled(step: Step, gates: number, states: number): readonly Value[] {
  const param = paramOf(step, 'recurrent_param')
  const size = needed(step, param, 'num_output')
  const [x] = step.bottoms
  const shape = shapeOf(step)
  if (shape && shape.length < 2) {
    fail(
      step,
      'shape-mismatch',
      `${step.site.name} expects a sequence of at least 2 dimensions and gets ${shape.length}.`,
    )
  }
  const [time = null, batch = null] = shape ?? []
  const exposed = flagOf(param, 'expose_hidden', false)
  const still = step.bottoms.length > 2 + (exposed ? states : 0)
  const wide = size === null ? null : size * gates
  const matrix = (name: string, input: Value, from: number | null, to: number | null, bias: boolean, at: number) =>
    add(step, 'linear', { inFeatures: from, outFeatures: to, bias }, [input], origin(step, name), at)
  const output = scope(step, () => {
    const seen = matrix('x_transform', flattened(step, x!, 2), countFrom(shape, 2), wide, true, 0)
    const parts = [seen]
    if (still) {
      const from = countFrom(shapeOf(step, 2), 1)
      parts.push(matrix('x_static', flattened(step, step.bottoms[2]!, 1), from, wide, false, 2))
    }
    const at = still ? 3 : 2
    const state = step.builder.add('constant', { shape: [time, batch, size] }, [], origin(step, 'state'))
    parts.push(matrix('transform', state, size, wide, false, at))
    const next = compute(step, 'unit', parts, [time, batch, size])
    return gates === 4 ? next : matrix('output', next, size, size, true, at + 1)
  })
  if (!exposed) return [output]
  const last = compute(step, 'last', [output], [1, batch, size])
  return [output, ...Array<Value>(states).fill(last)]
}

const compute = (step: Step, name: string, inputs: readonly Value[], shape: Shape): Value =>
  step.builder.add('compute', { function: name, shapes: [shape], operations: 1 }, inputs, origin(step, name))
