import { type LayerType, origin } from '../layerType'
import { engine, flag, fraction, type MessageType, message, OPEN, whole } from '../schema'
import { fraction as fractionOf, paramOf, whole as wholeOf } from '../values'
import { apply, axisOf, place } from './parts'

const neuron = (
  name: string,
  does: string,
  doc: string,
  params: Readonly<Record<string, MessageType>> = {},
): LayerType => ({
  names: [name],
  doc,
  bottoms: 1,
  params,
  build: step => apply(step, does),
})

const curve = (what: string): MessageType =>
  message(
    fraction('base', -1, `Base of the ${what}; −1 for e.`),
    fraction('scale', 1, 'Factor of the input.'),
    fraction('shift', 0, 'Added to the input.'),
  )

/** Layers that apply a function to every element (src/caffe/layers/neuron_layer.cpp and those made from it). */
export const neurons: readonly LayerType[] = [
  {
    names: ['ReLU'],
    doc: 'Rectifier: negative values become 0.',
    bottoms: 1,
    params: { relu_param: message(fraction('negative_slope', 0, 'Slope for negative values.'), engine) },
    build: step =>
      apply(step, fractionOf(paramOf(step, 'relu_param'), 'negative_slope', 0) === 0 ? 'relu' : 'leaky_relu'),
  },
  neuron('ReLU6', 'relu6', 'Rectifier with a bound of 6 (of several forks).', { relu6_param: message() }),
  neuron('SeLu', 'selu', 'Scaled exponential linear unit (of several forks).', { selu_param: OPEN }),
  neuron('SELU', 'selu', 'Scaled exponential linear unit (of several forks).', { selu_param: OPEN }),
  neuron('HardSigmoid', 'hard_sigmoid', 'Line between 0 and 1 (of several forks).', { hard_sigmoid_param: OPEN }),
  neuron('HardSwish', 'hard_swish', 'Hard swish: x · hard sigmoid (of several forks).', { hard_swish_param: OPEN }),
  neuron('Mish', 'mish', 'Mish: x · tanh(softplus x) (of several forks).', { mish_param: OPEN }),
  neuron('Sigmoid', 'sigmoid', 'Logistic function.', { sigmoid_param: message(engine) }),
  neuron('TanH', 'tanh', 'Hyperbolic tangent.', { tanh_param: message(engine) }),
  neuron('ELU', 'elu', 'Exponential linear unit.', {
    elu_param: message(fraction('alpha', 1, 'Value far below 0, negated.')),
  }),
  neuron('Swish', 'silu', 'Swish: x · sigmoid(βx).', { swish_param: message(fraction('beta', 1, 'β.')) }),
  neuron('AbsVal', 'abs', 'Absolute value.'),
  neuron('BNLL', 'softplus', 'Softplus: log(1 + exp x).'),
  neuron('Power', 'power', 'Power of shift + scale · x.', {
    power_param: message(
      fraction('power', 1, 'Power.'),
      fraction('scale', 1, 'Factor of the input.'),
      fraction('shift', 0, 'Added to the input.'),
    ),
  }),
  neuron('Exp', 'exp', 'Exponential function.', { exp_param: curve('power') }),
  neuron('Log', 'log', 'Logarithm.', { log_param: curve('logarithm') }),
  neuron('Threshold', 'threshold', 'Step: 1 above a threshold, else 0.', {
    threshold_param: message(fraction('threshold', 0, 'Threshold.')),
  }),
  neuron('Clip', 'clip', 'Bounds the values.', {
    clip_param: message(fraction('min', '', 'Least value.'), fraction('max', '', 'Largest value.')),
  }),
]

/** Rules: src/caffe/layers/dropout_layer.cpp: nothing happens in the test phase. */
export const dropout: LayerType = {
  names: ['Dropout', 'SeLuDropout', 'SpatialDropout'],
  doc: 'Sets values to zero at random during training.',
  bottoms: 1,
  params: {
    dropout_param: message(
      fraction('dropout_ratio', 0.5, 'Share of the values that is dropped.'),
      flag('scale_train', true, 'Scales during training instead of afterwards (of several forks).'),
      flag('sample_weights_test', false, 'Drops in the test phase too (SegNet).'),
    ),
  },
  build: step => {
    const p = fractionOf(paramOf(step, 'dropout_param'), 'dropout_ratio', 0.5)
    return [step.builder.add('dropout', { p }, [step.bottoms[0]!], origin(step))]
  },
}

/** Rules: src/caffe/layers/softmax_layer.cpp. */
export const softmax: LayerType = {
  names: ['Softmax'],
  doc: 'Probabilities along an axis.',
  bottoms: 1,
  params: { softmax_param: message(engine, whole('axis', 1, 'Axis of the classes.')) },
  build: step => {
    const axis = axisOf(step, wholeOf(step, paramOf(step, 'softmax_param'), 'axis', 1)) ?? 1
    return [step.builder.add('softmax', { axis, ...place(step) }, step.bottoms, origin(step))]
  },
}
