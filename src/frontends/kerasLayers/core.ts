import type { Dim } from '../../core/dim'
import type { Value } from '../../core/graph'
import {
  argument,
  BadConfig,
  type Config,
  convertedOrNull,
  flag,
  Misfit,
  numberOf,
  ofFloat,
  REQUIRED,
  spell,
  UnknownConfig,
  whole,
  wholes,
  within,
} from './config'
import { type Drawing, type LayerKind, sizeAt } from './define'
import { activated, applied, hasActivation, isChannelsLast, weightParameters } from './parts'

const LORA: LayerKind['parameters'] = { lora_rank: null, lora_alpha: null }
const TABLE: LayerKind['parameters'] = {
  input_dim: REQUIRED,
  output_dim: REQUIRED,
  embeddings_initializer: null,
  embeddings_regularizer: null,
  embeddings_constraint: null,
}

/** Dense layers, tables and activations (keras/src/layers/core, activations). */
export const coreLayers: readonly LayerKind[] = [
  {
    name: 'Dense',
    parameters: {
      units: REQUIRED,
      activation: null,
      use_bias: true,
      ...weightParameters('kernel', 'bias'),
      ...LORA,
      quantization_config: null,
    },
    composite: hasActivation,
    caution: config => ofFloat(config, 'units'),
    draw: (config, [x], draw) => {
      const units = unitsOf(config)
      const adapted = withLora(config, x!, units, draw)
      return adapted ?? [activated(config, draw.part('', 'linear', dense(config, x!, units), [x!]), draw)]
    },
  },
  {
    name: 'TernaryDense',
    parameters: {
      units: REQUIRED,
      threshold: null,
      activation: null,
      use_bias: true,
      ...weightParameters('kernel', 'bias'),
    },
    composite: hasActivation,
    draw: (config, [x], draw) => [
      activated(config, draw.part('', 'linear', dense(config, x!, unitsOf(config)), [x!]), draw),
    ],
  },
  {
    name: 'EinsumDense',
    parameters: {
      equation: REQUIRED,
      output_shape: REQUIRED,
      activation: null,
      bias_axes: null,
      kernel_initializer: null,
      bias_initializer: null,
      kernel_regularizer: null,
      bias_regularizer: null,
      kernel_constraint: null,
      bias_constraint: null,
      ...LORA,
      gptq_unpacked_column_size: null,
      quantization_config: null,
    },
    composite: () => true,
    draw: (config, [x], draw) => {
      const { input, kernel, output, sizes } = contraction(config, x!.shape)
      const adapted = withLora(config, x!, output.at(-1) === '...' ? null : (sizes.get(output.at(-1)!) ?? null), draw)
      if (adapted) return adapted
      const shape = kernel.map(label => sizes.get(label) ?? null)
      const weight = draw.part('kernel', 'parameter', { shape, kind: 'trainable' }, [])
      let result = draw.op('einsum', { operands: [input, kernel], output }, [x!, weight])
      const biasAxes = argument(config, 'bias_axes')
      if (typeof biasAxes === 'string' && biasAxes !== '') {
        const other = [...biasAxes].find(label => !output.includes(label))
        if (other) throw new BadConfig(`bias_axes has "${other}", which is not in the output`, 'bias_axes')
        const first = output.findIndex(label => biasAxes.includes(label))
        const long = output
          .slice(first)
          .flatMap(label => (label === '...' ? [] : [biasAxes.includes(label) ? (sizes.get(label) ?? null) : 1]))
        // Axes behind the named ones stand behind those of the bias, too.
        const behind = output.at(-1) === '...' && x!.shape ? x!.shape.length - (input.length - 1) : 0
        for (let i = 0; i < behind; i++) long.push(1)
        const bias = draw.part('bias', 'parameter', { shape: long, kind: 'trainable' }, [])
        result = draw.op('elementwise', { function: 'add' }, [result, bias])
      }
      return [activated(config, result, draw)]
    },
  },
  {
    name: 'Embedding',
    parameters: {
      ...TABLE,
      mask_zero: false,
      weights: null,
      ...LORA,
      quantization_config: null,
    },
    draw: (config, [x], draw) => {
      const { count, features } = tableOf(config)
      if (config.lora_rank)
        return draw.unknown('lora_rank is not modelled', [x!], [x!.shape && [...x!.shape, features]])
      return [draw.part('', 'embedding', { count, features }, [x!])]
    },
  },
  {
    name: 'ReversibleEmbedding',
    parameters: {
      input_dim: REQUIRED,
      output_dim: REQUIRED,
      tie_weights: true,
      embeddings_initializer: null,
      embeddings_regularizer: null,
      embeddings_constraint: null,
      mask_zero: false,
      reverse_dtype: null,
      logit_soft_cap: null,
    },
    composite: () => true,
    // Called with `reverse` it goes back from features to words, with the same table unless it has one of its own.
    draw: (config, [x], draw, call) => {
      const { count, features } = tableOf(config)
      const reverse = flag(call, 'reverse')
      const table = draw.part('embeddings', 'parameter', { shape: [count, features], kind: 'trainable' }, [])
      const back = flag(config, 'tie_weights')
        ? draw.op('permute', { order: [1, 0] }, [table])
        : draw.part('reverse_embeddings', 'parameter', { shape: [features, count], kind: 'trainable' }, [])
      if (reverse) return [draw.op('matmul', {}, [x!, back])]
      const shape = x!.shape && [...x!.shape, features]
      return [draw.op('compute', { function: 'embedding', shapes: [shape] }, [x!, table])]
    },
  },
  {
    name: 'Activation',
    parameters: { activation: REQUIRED },
    draw: (config, [x], draw) => {
      const drawn = activated(config, x!, draw)
      return [drawn === x ? draw.op('identity', {}, [x!]) : drawn]
    },
  },
  activation('ReLU', { max_value: null, negative_slope: 0, threshold: 0 }, 'relu', config => {
    if (config.max_value !== null) within(config, 'max_value', 0)
    within(config, 'negative_slope', 0)
    within(config, 'threshold', 0)
  }),
  {
    ...activation('LeakyReLU', { negative_slope: 0.3 }, 'leaky_relu'),
    caution: config => outside(config, 'negative_slope', 0),
  },
  activation('ELU', { alpha: 1 }, 'elu'),
  activation('ThresholdedReLU', { theta: 1 }, 'thresholded_relu'),
  {
    name: 'Softmax',
    parameters: { axis: -1 },
    draw: (config, [x], draw) => {
      const axis = numberOf(argument(config, 'axis'))
      return [applied('softmax', x!, draw, axis ?? -1)]
    },
  },
  {
    name: 'PReLU',
    parameters: { alpha_initializer: null, alpha_regularizer: null, alpha_constraint: null, shared_axes: null },
    composite: () => true,
    draw: (config, [x], draw) => {
      if (!x!.shape) throw new UnknownConfig('the shape of its input is not known')
      const shape = x!.shape.slice(1).map(dim => (typeof dim === 'number' ? dim : null))
      const shared = argument(config, 'shared_axes') === null ? [] : wholes(config, 'shared_axes')
      for (const axis of shared) {
        // Axis 1 is the first after the batch; Keras counts back from the last for 0 and below.
        const at = axis > 0 ? axis - 1 : shape.length + axis - 1
        if (at < 0 || at >= shape.length)
          throw new Misfit(`shared_axes ${axis} is not among the ${shape.length} axes after the batch`, 'shared_axes')
        shape[at] = 1
      }
      const alpha = draw.part('alpha', 'parameter', { shape, kind: 'trainable' }, [])
      return [draw.op('activation', { function: 'prelu' }, [x!, alpha])]
    },
  },
  passing('Identity', {}),
  passing('Masking', { mask_value: 0 }),
  passing('ActivityRegularization', { l1: 0, l2: 0 }, config => {
    for (const name of ['l1', 'l2']) if (config[name] !== null) within(config, name, 0)
  }),
  { ...passing('GaussianNoise', { stddev: REQUIRED, seed: null }), caution: config => outside(config, 'stddev', 0, 1) },
  dropping('Dropout', { rate: REQUIRED, noise_shape: null, seed: null }),
  dropping('SpatialDropout1D', { rate: REQUIRED, seed: null, name: null, dtype: null }, 3),
  dropping('SpatialDropout2D', { rate: REQUIRED, data_format: null, seed: null, name: null, dtype: null }, 4),
  dropping('SpatialDropout3D', { rate: REQUIRED, data_format: null, seed: null, name: null, dtype: null }, 5),
  dropping('GaussianDropout', { rate: REQUIRED, seed: null }),
  dropping('AlphaDropout', { rate: REQUIRED, noise_shape: null, seed: null }),
]

type Check = (config: Config) => void

/** A number that Keras 3 checks and Keras 2 took as it was. */
function outside(config: Config, name: string, low: number, high?: number): BadConfig | null {
  try {
    within(config, name, low, high)
    return null
  } catch (error) {
    if (error instanceof BadConfig) return error
    throw error
  }
}

function activation(name: string, parameters: LayerKind['parameters'], fn: string, check?: Check): LayerKind {
  return {
    name,
    parameters,
    draw: (config, [x], draw) => {
      check?.(config)
      return [applied(fn, x!, draw)]
    },
  }
}

/** A layer that gives its input. */
function passing(name: string, parameters: LayerKind['parameters'], check?: Check): LayerKind {
  return {
    name,
    parameters,
    draw: (config, [x], draw) => {
      check?.(config)
      return [draw.op('identity', {}, [x!])]
    },
  }
}

function dropping(name: string, parameters: LayerKind['parameters'], rank?: number): LayerKind {
  return {
    name,
    parameters,
    ...(rank === undefined ? {} : { rank }),
    draw: (config, [x], draw) => {
      isChannelsLast(config)
      within(config, 'rate', 0, 1)
      return [draw.op('dropout', {}, [x!])]
    },
  }
}

/** Null where it is not known; the params of the layer are then unknown. */
function unitsOf(config: Config): number | null {
  const units = convertedOrNull(config, 'units')
  if (argument(config, 'units') === null || (units !== null && units < 1))
    throw new BadConfig(`units expects a number above 0 and gets ${spell(config.units)}`, 'units')
  return units
}

const dense = (config: Config, x: Value, units: number | null) => ({
  inFeatures: sizeAt(x, -1),
  outFeatures: units,
  bias: flag(config, 'use_bias'),
})

/** What a layer with weights for a low-rank adaptation gives; null where it has none. */
function withLora(config: Config, x: Value, units: number | null, draw: Drawing): readonly Value[] | null {
  if (!config.lora_rank) return null
  return draw.unknown('lora_rank is not modelled', [x], [x.shape && [...x.shape.slice(0, -1), units]])
}

function tableOf(config: Config): { count: number; features: number } {
  const size = (name: string): number => {
    const given = whole(config, name)
    if (given < 1) throw new BadConfig(`${name} expects a number above 0 and gets ${given}`, name)
    return given
  }
  return { count: size('input_dim'), features: size('output_dim') }
}

/**
 * The labels of an equation `ab,bc->ac`, `...` kept, and the size of each: those of the input as they come, the others
 * by `output_shape`, which leaves out the batch (keras/src/layers/core/einsum_dense.py, _analyze_einsum_string).
 */
function contraction(config: Config, shape: readonly Dim[] | null) {
  const equation = argument(config, 'equation')
  const parts =
    typeof equation === 'string'
      ? (/^([a-z]+|\.{3}[a-z]+|[a-z]{2,}\.{3}),([a-z]+)->([a-z]+|\.{3}[a-z]+|[a-z]+\.{3})$/i.exec(equation) ?? null)
      : null
  const dots = parts?.slice(1).map(part => (part.startsWith('.') ? 'left' : part.endsWith('.') ? 'right' : ''))
  if (!parts || dots![0] !== dots![2]) throw new BadConfig('equation expects the form "ab,bc->ac"', 'equation')
  const [input, kernel, output] = parts.slice(1).map(labels) as [string[], string[], string[]]
  const known = new Set([...input, ...kernel])
  const lost = output.find(label => !known.has(label))
  if (lost) throw new BadConfig(`equation has "${lost}" in its output alone`, 'equation')
  const loose = kernel.find(label => !input.includes(label) && !output.includes(label))
  if (loose) throw new BadConfig(`equation has "${loose}" in its kernel alone`, 'equation')
  const given = argument(config, 'output_shape')
  const partial = Array.isArray(given) ? given : [given]
  const sizes = new Map<string, number | null>()
  const put = (
    names: readonly string[],
    dims: readonly unknown[],
    each: (label: string, dim: unknown) => void,
  ): void => {
    const rest = names.indexOf('...')
    names.forEach((label, i) => {
      if (label !== '...') each(label, rest >= 0 && i > rest ? dims.at(i - names.length) : dims[i])
    })
  }
  // With `...` in front the shape stands for the last axes, else for all but the batch.
  put(output[0] === '...' ? output : output.slice(1), partial, (label, dim) => {
    if (typeof dim === 'number') sizes.set(label, dim)
  })
  if (shape)
    put(input, shape, (label, dim) => {
      const wanted = sizes.get(label)
      if (typeof dim !== 'number') return
      if (wanted !== undefined && wanted !== dim)
        throw new Misfit(`output_shape says ${wanted} for "${label}", of which its input has ${dim}`, 'output_shape')
      sizes.set(label, dim)
    })
  return { input, kernel, output, sizes }
}

const labels = (text: string): string[] => text.match(/\.{3}|\w/g) ?? []
