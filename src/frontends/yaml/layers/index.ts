import { call, flag, flagOf, given, type LayerType, numberOf, type Param, real, whole } from '../params'
import { activations } from './activation'
import { convolutions } from './convolution'
import { norms } from './norm'
import { poolings } from './pooling'
import { rearrangements } from './rearrange'

/** Linear layers, tables, and what joins several inputs. */
const others: readonly LayerType[] = [linear('Linear', true), linear('LazyLinear', false), embedding(), ...joins()]

/** Every type of layer that a layer list may name, torch.nn's names first. */
export const layerTypes: readonly LayerType[] = [
  ...convolutions,
  ...others,
  ...poolings,
  ...norms,
  ...activations,
  ...rearrangements,
]

/** Layers of torch.nn whose shapes are not modelled: known by name, so no spelling mistake. */
export const NOT_MODELLED: ReadonlySet<string> = new Set(
  `RNN LSTM GRU RNNCell LSTMCell GRUCell MultiheadAttention Transformer TransformerEncoder TransformerDecoder
   TransformerEncoderLayer TransformerDecoderLayer Bilinear EmbeddingBag Fold Unfold MaxUnpool1d MaxUnpool2d MaxUnpool3d
   FractionalMaxPool2d FractionalMaxPool3d CosineSimilarity PairwiseDistance AdaptiveLogSoftmaxWithLoss`.split(/\s+/),
)

const byName = new Map(layerTypes.map(type => [type.name, type]))

/** `nn.Conv2d` and `torch.nn.Conv2d` are Conv2d. */
export const plainName = (name: string): string => name.replace(/^(?:torch\.)?nn\./, '')

export const layerType = (name: string): LayerType | undefined => byName.get(plainName(name))

function linear(name: string, counted: boolean): LayerType {
  const features: Param = whole('in_features', 'Features of the input, its last axis; inferred.', {
    inferred: true,
    attribute: 'inFeatures',
  })
  return {
    name,
    doc: 'A linear map of the last axis.',
    params: [
      ...(counted ? [features] : []),
      whole('out_features', 'Features of the output.', { attribute: 'outFeatures' }),
      flag('bias', true, 'A learnable bias for each output.'),
    ],
    calls: (values, input) => [
      call('linear', {
        inFeatures: given(values, 'in_features', input, 1),
        outFeatures: numberOf(values, 'out_features'),
        bias: flagOf(values, 'bias'),
      }),
    ],
  }
}

function embedding(): LayerType {
  return {
    name: 'Embedding',
    doc: 'A row of a table for every index.',
    params: [
      whole('num_embeddings', 'Rows of the table.', { attribute: 'count' }),
      whole('embedding_dim', 'Numbers in a row.', { attribute: 'features' }),
      whole('padding_idx', 'The row that is not learned.', { default: null, least: -(2 ** 31) }),
      real('max_norm', null, 'Longer rows are cut to this norm.'),
    ],
    calls: values => [
      call('embedding', { count: numberOf(values, 'num_embeddings'), features: numberOf(values, 'embedding_dim') }),
    ],
  }
}

function joins(): LayerType[] {
  const dim: Param = {
    name: 'dim',
    type: 'int',
    default: 1,
    least: -8,
    doc: 'The axis along which they are put together.',
  }
  const arithmetic = (name: string, f: string): LayerType => ({
    name,
    doc: `Joins its inputs position by position: ${f}.`,
    params: [],
    joins: true,
    calls: () => [call('elementwise', { function: f })],
  })
  return [
    {
      name: 'Concat',
      doc: 'Puts its inputs together along an axis (torch.cat).',
      params: [dim],
      joins: true,
      calls: values => [call('concat', { axis: numberOf(values, 'dim') })],
    },
    arithmetic('Add', 'add'),
    arithmetic('Mul', 'mul'),
  ]
}
