import type { Dim } from '../../core/dim'
import type { Shape } from '../../core/shape'
import { argument, BadConfig, type Config, oneOf, REQUIRED, UnknownConfig, wholeOrNull } from './config'
import type { LayerKind } from './define'

const MODES = ['int', 'one_hot', 'multi_hot', 'count', 'tf_idf'] as const

/** Layers that turn values into categories (keras/src/layers/preprocessing). */
export const categorical: readonly LayerKind[] = [
  {
    name: 'Discretization',
    parameters: {
      bin_boundaries: null,
      num_bins: null,
      epsilon: 0.01,
      output_mode: 'int',
      sparse: false,
      dtype: null,
      name: null,
    },
    draw: (config, [x], draw) => {
      const bounds = argument(config, 'bin_boundaries')
      const bins = wholeOrNull(config, 'num_bins')
      if (bounds === null && bins === null) throw new BadConfig('bin_boundaries or num_bins is missing')
      if (bounds !== null && bins !== null)
        throw new BadConfig('it takes bin_boundaries or num_bins, not both', 'num_bins')
      const depth = Array.isArray(bounds) ? bounds.length + 1 : bins
      // Each of the modes other than one_hot takes the axis after the batch for that of the samples.
      const fold = (shape: Shape): Shape => (shape.length > 1 ? [shape[0]!, ...shape.slice(2)] : [])
      const shape = encoded(x!.shape, oneOf(config, 'output_mode', MODES), depth, fold)
      return [draw.op('compute', { function: 'discretize', shapes: [shape] }, [x!])]
    },
  },
  {
    name: 'Hashing',
    parameters: { num_bins: REQUIRED, mask_value: null, salt: null, output_mode: 'int', sparse: false },
    draw: (config, [x], draw) => {
      const shape = encoded(x!.shape, hashingMode(config), bucketsOf(config), withoutLast, withoutLast)
      return [draw.op('compute', { function: 'hash', shapes: [shape] }, [x!])]
    },
  },
  {
    name: 'HashedCrossing',
    parameters: { num_bins: REQUIRED, output_mode: 'int', sparse: false, name: null, dtype: null },
    many: true,
    draw: (config, inputs, draw) => {
      if (inputs.length !== 2) throw new BadConfig(`HashedCrossing expects 2 inputs and gets ${inputs.length}`)
      const mode = oneOf(config, 'output_mode', ['int', 'one_hot'])
      const shape = encoded(inputs[0]!.shape, mode, bucketsOf(config), withoutLast)
      return [draw.op('compute', { function: 'hash', shapes: [shape] }, inputs)]
    },
  },
  {
    name: 'CategoryEncoding',
    parameters: { num_tokens: null, output_mode: 'multi_hot', sparse: false },
    draw: (config, [x], draw) => {
      if (argument(config, 'num_tokens') === null) throw new BadConfig('num_tokens is missing', 'num_tokens')
      const tokens = wholeOrNull(config, 'num_tokens')
      if (tokens !== null && tokens < 1)
        throw new BadConfig(`num_tokens expects a number above 0 and gets ${tokens}`, 'num_tokens')
      const mode = oneOf(config, 'output_mode', ['multi_hot', 'one_hot', 'count', 'binary'])
      const shape = encoded(x!.shape, mode, tokens, withoutLast)
      return [draw.op('compute', { function: 'encode', shapes: [shape] }, [x!])]
    },
  },
  ...(['IntegerLookup', 'StringLookup'] as const).map(
    (name): LayerKind => ({
      name,
      parameters: {
        max_tokens: null,
        num_oov_indices: 1,
        mask_token: null,
        oov_token: null,
        vocabulary: null,
        ...(name === 'IntegerLookup' ? { vocabulary_dtype: 'int64' } : {}),
        idf_weights: null,
        invert: false,
        output_mode: 'int',
        ...(name === 'IntegerLookup'
          ? { sparse: false, pad_to_max_tokens: false, oov_method: 'floormod', salt: null, name: null }
          : { pad_to_max_tokens: false, sparse: false, encoding: 'utf-8', name: null, salt: null }),
      },
      draw: (config, [x], draw) => {
        // How many words the vocabulary has, its special ones included, is found out from data.
        const depth = config.pad_to_max_tokens === true ? wholeOrNull(config, 'max_tokens') : null
        const shape = encoded(x!.shape, oneOf(config, 'output_mode', MODES), depth, withoutLast)
        return [draw.op('compute', { function: 'lookup', shapes: [shape] }, [x!])]
      },
    }),
  ),
  {
    name: 'TextVectorization',
    parameters: {
      max_tokens: null,
      standardize: 'lower_and_strip_punctuation',
      split: 'whitespace',
      ngrams: null,
      output_mode: 'int',
      output_sequence_length: null,
      pad_to_max_tokens: false,
      vocabulary: null,
      idf_weights: null,
      sparse: false,
      ragged: false,
      encoding: 'utf-8',
      name: null,
    },
    draw: (config, [x], draw) => {
      if (!x!.shape) throw new UnknownConfig('the shape of its input is not known')
      const last =
        config.output_mode === 'int'
          ? wholeOrNull(config, 'output_sequence_length')
          : config.pad_to_max_tokens === true
            ? wholeOrNull(config, 'max_tokens')
            : null
      return [draw.op('compute', { function: 'vectorize', shapes: [[x!.shape[0]!, last]] }, [x!])]
    },
  },
]

function bucketsOf(config: Config): number | null {
  const bins = wholeOrNull(config, 'num_bins')
  if (bins !== null && bins < 1) throw new BadConfig(`num_bins expects a number above 0 and gets ${bins}`, 'num_bins')
  return bins
}

const hashingMode = (config: Config) => oneOf(config, 'output_mode', ['int', 'one_hot', 'multi_hot', 'count'])

const withoutLast = (shape: Shape): Shape => shape.slice(0, -1)

/** `one_hot` adds an axis, or takes a last one of size 1; the others count over the axis of the samples. */
function encoded(
  shape: Shape | null,
  mode: string,
  depth: Dim,
  counted: (shape: Shape) => Shape,
  single = (given: Shape): Shape => (given.length > 1 && given.at(-1) === 1 ? withoutLast(given) : given),
): Shape | null {
  if (!shape || mode === 'int') return shape
  return [...(mode === 'one_hot' ? single(shape) : counted(shape)), depth]
}
