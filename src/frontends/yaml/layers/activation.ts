import { call, flag, type LayerType, numberOf, type Param, real, whole } from '../params'

const inplace = flag('inplace', false, 'Write over the input.')
const dim = (value: number | null): Param => ({
  name: 'dim',
  type: 'int',
  default: value,
  least: -8,
  doc: 'The axis along which values add up to 1.',
})

/** Activations without weights: name, and the options of each in torch.nn's order. */
const plain: readonly (readonly [string, ...Param[]])[] = [
  ['ReLU', inplace],
  ['ReLU6', inplace],
  ['LeakyReLU', real('negative_slope', 0.01, 'Slope of negative values.'), inplace],
  ['RReLU', real('lower', 0.125, 'Least slope.'), real('upper', 1 / 3, 'Largest slope.'), inplace],
  ['ELU', real('alpha', 1, 'Scale of negative values.'), inplace],
  ['SELU', inplace],
  ['CELU', real('alpha', 1, 'Scale of negative values.'), inplace],
  [
    'GELU',
    { name: 'approximate', type: 'choice', default: 'none', choices: ['none', 'tanh'], doc: 'How it is computed.' },
  ],
  ['SiLU', inplace],
  ['Mish', inplace],
  ['Hardswish', inplace],
  ['Hardsigmoid', inplace],
  ['Hardtanh', real('min_val', -1, 'Least value.'), real('max_val', 1, 'Largest value.'), inplace],
  ['Hardshrink', real('lambd', 0.5, 'Values up to this are dropped.')],
  ['Softshrink', real('lambd', 0.5, 'Values up to this are dropped.')],
  ['Tanhshrink'],
  ['Sigmoid'],
  ['LogSigmoid'],
  ['Tanh'],
  ['Softplus', real('beta', 1, 'Steepness.'), real('threshold', 20, 'Linear above this.')],
  ['Softsign'],
  [
    'Threshold',
    real('threshold', undefined, 'Values up to this are replaced.'),
    real('value', undefined, 'What by.'),
    inplace,
  ],
]

/** Names of activations that need no options. */
export const plainActivations: ReadonlySet<string> = new Set(
  plain.filter(([, ...params]) => params.every(param => param.default !== undefined)).map(([name]) => name),
)

/** torch.nn's activations and dropouts. */
export const activations: readonly LayerType[] = [
  ...plain.map(
    ([name, ...params]): LayerType => ({
      name,
      doc: `The activation ${name}.`,
      params,
      calls: () => [call('activation', { function: name.toLowerCase() })],
    }),
  ),
  {
    name: 'PReLU',
    doc: 'ReLU with a learnable slope for negative values.',
    params: [
      whole('num_parameters', 'One slope in all, or one a channel.', { default: 1, attribute: 'parameters' }),
      real('init', 0.25, 'First value of the slopes.'),
    ],
    calls: values => [call('prelu', { parameters: numberOf(values, 'num_parameters') })],
  },
  {
    name: 'GLU',
    doc: 'One half of the channels gates the other.',
    params: [{ name: 'dim', type: 'int', default: -1, least: -8, doc: 'The axis that is halved.' }],
    calls: (values, input) => {
      const axis = numberOf(values, 'dim')
      const size = input?.at(axis)
      const half = typeof size === 'number' ? Math.floor(size / 2) : null
      return [call('slice', { axis, start: 0, end: half }), call('activation', { function: 'glu' })]
    },
  },
  ...['Softmax', 'LogSoftmax', 'Softmin'].map(
    (name): LayerType => ({
      name,
      doc: 'Makes values along an axis add up to 1.',
      params: [dim(null)],
      calls: values => [call('softmax', { axis: (values.dim as number | null) ?? 1 })],
    }),
  ),
  { name: 'Softmax2d', doc: 'Softmax over the channels.', params: [], calls: () => [call('softmax', { axis: -3 })] },
  ...['Dropout', 'Dropout1d', 'Dropout2d', 'Dropout3d', 'AlphaDropout', 'FeatureAlphaDropout'].map(
    (name): LayerType => ({
      name,
      doc: 'Drops values while training; does nothing in inference.',
      params: [real('p', 0.5, 'How likely a value is dropped.'), inplace],
      calls: values => [call('dropout', { p: numberOf(values, 'p') })],
    }),
  ),
]
