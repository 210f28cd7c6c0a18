import { mulDim } from '../../core/dim'
import type { Shape } from '../../core/shape'
import {
  argument,
  BadConfig,
  type Config,
  flag,
  InnerLayer,
  Misfit,
  oneOf,
  REQUIRED,
  spell,
  UNKNOWN,
  UnknownConfig,
  whole,
  wholeOrNull,
} from './config'
import type { LayerKind } from './define'

/** Layers that hold another one (keras/src/layers/rnn, normalization/spectral_normalization.py). */
export const wrappers: readonly LayerKind[] = [
  {
    name: 'Bidirectional',
    parameters: { layer: REQUIRED, merge_mode: 'concat', weights: null, backward_layer: null },
    // Keras 2 turned it round.
    caution: ({ layer, backward_layer: other }) =>
      layer instanceof InnerLayer && other == null && layer.config.go_backwards === true
        ? new BadConfig('Keras 3 expects layer to have go_backwards=False, the way back is made from it', 'layer')
        : null,
    composite: () => true,
    holdsLayers: true,
    draw: (config, inputs, draw) => {
      const layer = innerOf(config, 'layer')
      const other = argument(config, 'backward_layer') == null ? null : innerOf(config, 'backward_layer')
      bothWays(layer, other)
      const [forward, ...states] = layer.call(inputs, draw.inside('forward_layer'))
      const [backward, ...backStates] = (other ?? layer).call(inputs, draw.inside('backward_layer'))
      const rest = [...states, ...backStates]
      if (argument(config, 'merge_mode') === null) return [forward!, backward!, ...rest]
      const mode = oneOf(config, 'merge_mode', ['concat', 'sum', 'mul', 'ave'])
      const both = [forward!, backward!]
      const fn = { sum: 'add', mul: 'mul', ave: 'mean' } as const
      const merged =
        mode === 'concat' ? draw.op('concat', { axis: -1 }, both) : draw.op('elementwise', { function: fn[mode] }, both)
      return [merged, ...rest]
    },
  },
  {
    name: 'TimeDistributed',
    parameters: { layer: REQUIRED },
    composite: () => true,
    holdsLayers: true,
    draw: (config, inputs, draw) => {
      const layer = innerOf(config, 'layer')
      const [x] = inputs
      const shape = x?.shape
      if (!shape) return draw.unknown('the shape of its input is not known', inputs)
      if (shape.length < 3) throw new Misfit(`it expects at least 3 dimensions and gets ${shape.length}`)
      const [batch, time, ...rest] = shape as [Shape[number], Shape[number], ...Shape]
      const folded = draw.op('reshape', { shape: [mulDim(batch, time), ...rest] }, [x!])
      const [out] = layer.call([folded], draw)
      const after = out?.shape
      return [
        after
          ? draw.op('reshape', { shape: [batch, time, ...after.slice(1)] }, [out])
          : (out ?? draw.unknown('', [x!])[0]!),
      ]
    },
  },
  {
    name: 'SpectralNormalization',
    parameters: { layer: REQUIRED, power_iterations: 1 },
    composite: () => true,
    holdsLayers: true,
    // Stores a vector as long as the last axis of the kernel, which is not trained.
    draw: (config, inputs, draw) => {
      const layer = innerOf(config, 'layer')
      if (whole(config, 'power_iterations') < 1)
        throw new BadConfig(
          `power_iterations expects a number above 0 and gets ${whole(config, 'power_iterations')}`,
          'power_iterations',
        )
      const out = layer.call(inputs, draw)
      draw.part(
        'vector_u',
        'parameter',
        { shape: [1, lastOfKernel(layer, inputs[0]?.shape ?? null)], kind: 'frozen' },
        [],
      )
      return out
    },
  },
]

/** The layer among the arguments; what is no layer Keras refuses. */
function innerOf(config: Config, name: string): InnerLayer {
  const layer = argument(config, name)
  if (layer instanceof InnerLayer) return layer
  if (layer === UNKNOWN || (typeof layer === 'object' && layer !== null && !Array.isArray(layer)))
    throw new UnknownConfig('the layer inside is not known')
  throw new BadConfig(`${name} expects a layer and gets ${spell(layer)}`, name)
}

/** What Keras checks of the two layers that read a sequence from both ends. */
function bothWays(layer: InnerLayer, other: InnerLayer | null): void {
  // A layer of ours has arguments, of the program's own nothing is known.
  for (const [one, name] of [
    [layer, 'layer'],
    [other, 'backward_layer'],
  ] as const)
    if (one && Object.keys(one.config).length > 0 && !Object.hasOwn(one.config, 'return_sequences'))
      throw new BadConfig(`${name} expects a recurrent layer and gets ${one.type}`, name)
  if (!other || Object.keys(other.config).length === 0 || Object.keys(layer.config).length === 0) return
  if (flag(layer.config, 'go_backwards') === flag(other.config, 'go_backwards'))
    throw new BadConfig('layer and backward_layer expect different values of go_backwards', 'backward_layer')
  for (const name of ['stateful', 'return_sequences', 'return_state'])
    if (flag(layer.config, name) !== flag(other.config, name))
      throw new BadConfig(`layer and backward_layer expect the same value of ${name}`, 'backward_layer')
}

/** The size of the last axis of the kernel, or of the table, that a layer owns. */
function lastOfKernel({ type, config }: InnerLayer, shape: Shape | null): number | null {
  if (/^Depthwise/.test(type)) return wholeOrNull(config, 'depth_multiplier')
  if (/^Conv\dDTranspose$/.test(type)) {
    const size = config.data_format === 'channels_first' ? shape?.[1] : shape?.at(-1)
    return typeof size === 'number' ? size : null
  }
  const owns = ['filters', 'units', 'output_dim'].find(name => Object.hasOwn(config, name))
  if (Object.keys(config).length > 0 && (owns === undefined || /^Separable|LSTM|GRU|RNN/.test(type)))
    throw new BadConfig(`layer expects one with a kernel and gets ${type}`, 'layer')
  return owns === undefined ? null : wholeOrNull(config, owns)
}
