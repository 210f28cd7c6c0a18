import type { Dim } from '../../core/dim'
import { argument, BadConfig, type Config, flag, REQUIRED, UnknownConfig, whole, wholeOrNull, word } from './config'
import { type LayerKind, sizeAt } from './define'
import { activated, applied, hasActivation, weightParameters } from './parts'

const PASSING: Readonly<Record<string, LayerKind['parameters']>> = {
  Masking: { mask_value: 0 },
  ActivityRegularization: { l1: 0, l2: 0 },
  GaussianNoise: { stddev: REQUIRED, seed: null },
}

/** Dense layers, tables and activations (keras/src/layers/core, activations). */
export const coreLayers: readonly LayerKind[] = [
  {
    name: 'Dense',
    parameters: { units: REQUIRED, activation: null, use_bias: true, ...weightParameters('kernel', 'bias') },
    composite: hasActivation,
    draw: (config, [x], draw) => {
      const units = wholeOrNull(config, 'units')
      if (units !== null && units < 1) throw new BadConfig(`units expects a number above 0 and gets ${units}`, 'units')
      const attributes = { inFeatures: sizeAt(x, -1), outFeatures: units, bias: flag(config, 'use_bias') }
      return [activated(config, draw.part('', 'linear', attributes, [x!]), draw)]
    },
  },
  {
    name: 'EinsumDense',
    parameters: {
      equation: REQUIRED,
      output_shape: REQUIRED,
      activation: null,
      bias_axes: null,
      ...weightParameters('kernel', 'bias'),
    },
    composite: () => true,
    draw: (config, [x], draw) => {
      const { input, kernel, output, sizes } = contraction(config, x!.shape)
      const shape = kernel.map(label => sizes.get(label) ?? null)
      const weight = draw.part('kernel', 'parameter', { shape, kind: 'trainable' }, [])
      let result = draw.op('einsum', { operands: [input, kernel], output }, [x!, weight])
      const biasAxes = word(config, 'bias_axes')
      if (biasAxes) {
        const first = output.findIndex(label => biasAxes.includes(label.toLowerCase()))
        const long = output.slice(first).map(l => (biasAxes.includes(l.toLowerCase()) ? (sizes.get(l) ?? null) : 1))
        const bias = draw.part('bias', 'parameter', { shape: long, kind: 'trainable' }, [])
        result = draw.op('elementwise', { function: 'add' }, [result, bias])
      }
      return [activated(config, result, draw)]
    },
  },
  {
    name: 'Embedding',
    parameters: { input_dim: REQUIRED, output_dim: REQUIRED, ...weightParameters('embeddings'), mask_zero: false },
    draw: (config, [x], draw) => [
      draw.part('', 'embedding', { count: whole(config, 'input_dim'), features: whole(config, 'output_dim') }, [x!]),
    ],
  },
  {
    name: 'Activation',
    parameters: { activation: REQUIRED },
    draw: (config, [x], draw) => {
      const drawn = activated(config, x!, draw)
      return [drawn === x ? draw.op('identity', {}, [x!]) : drawn]
    },
  },
  activation('ReLU', { max_value: null, negative_slope: 0, threshold: 0 }, 'relu'),
  activation('LeakyReLU', { negative_slope: 0.3 }, 'leaky_relu'),
  activation('ELU', { alpha: 1 }, 'elu'),
  activation('ThresholdedReLU', { theta: 1 }, 'thresholded_relu'),
  {
    name: 'Softmax',
    parameters: { axis: -1 },
    draw: (config, [x], draw) => {
      const axis = argument(config, 'axis')
      return [applied('softmax', x!, draw, typeof axis === 'number' ? axis : -1)]
    },
  },
  {
    name: 'PReLU',
    parameters: { ...weightParameters('alpha'), shared_axes: null },
    composite: () => true,
    draw: (config, [x], draw) => {
      const axes = argument(config, 'shared_axes')
      const shared = Array.isArray(axes) ? axes : typeof axes === 'number' ? [axes] : []
      if (!x!.shape) throw new UnknownConfig('the shape of its input is not known')
      const shape = x!.shape
        .slice(1)
        .map((dim, i) => (shared.includes(i + 1) ? 1 : typeof dim === 'number' ? dim : null))
      const alpha = draw.part('alpha', 'parameter', { shape, kind: 'trainable' }, [])
      return [draw.op('activation', { function: 'prelu' }, [x!, alpha])]
    },
  },
  ...['Identity', 'Masking', 'ActivityRegularization', 'GaussianNoise'].map(
    (name): LayerKind => ({
      name,
      parameters: PASSING[name] ?? {},
      draw: (_, [x], draw) => [draw.op('identity', {}, [x!])],
    }),
  ),
  ...['Dropout', 'SpatialDropout1D', 'SpatialDropout2D', 'SpatialDropout3D', 'GaussianDropout', 'AlphaDropout'].map(
    (name): LayerKind => ({
      name,
      parameters: { rate: REQUIRED, noise_shape: null, data_format: null, seed: null },
      draw: (config, [x], draw) => {
        const rate = config.rate
        if (typeof rate === 'number' && !(rate >= 0 && rate <= 1))
          throw new BadConfig(`rate expects a number from 0 to 1 and gets ${rate}`, 'rate')
        return [draw.op('dropout', {}, [x!])]
      },
    }),
  ),
]

function activation(name: string, parameters: LayerKind['parameters'], fn: string): LayerKind {
  return { name, parameters, draw: (_, [x], draw) => [applied(fn, x!, draw)] }
}

/**
 * The labels of an equation `ab,bc->ac`, `...` kept, and the size of each: those of the input as they come, the others
 * by `output_shape`, which leaves out the batch (keras EinsumDense).
 */
function contraction(config: Config, shape: readonly Dim[] | null) {
  const equation = argument(config, 'equation')
  const parts = typeof equation === 'string' ? /^([\w.]+),(\w+)->([\w.]+)$/.exec(equation.replaceAll(' ', '')) : null
  if (!parts) throw new BadConfig('equation expects the form "ab,bc->ac"', 'equation')
  const [input, kernel, output] = parts.slice(1).map(labels) as [string[], string[], string[]]
  const given = argument(config, 'output_shape')
  const partial = Array.isArray(given) ? given : [given]
  const sizes = new Map<string, number | null>()
  const put = (names: readonly string[], dims: readonly unknown[]): void => {
    const rest = names.indexOf('...')
    names.forEach((label, i) => {
      if (label === '...') return
      const dim = rest >= 0 && i > rest ? dims.at(i - names.length) : dims[i]
      if (typeof dim === 'number') sizes.set(label, dim)
    })
  }
  // With `...` in front the shape stands for the last axes, else for all but the batch.
  put(output[0] === '...' ? output : output.slice(1), partial)
  if (shape) put(input, shape)
  return { input, kernel, output, sizes }
}

const labels = (text: string): string[] => text.match(/\.{3}|\w/g) ?? []
