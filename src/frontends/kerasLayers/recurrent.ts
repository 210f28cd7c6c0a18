import { mulDim } from '../../core/dim'
import type { Value } from '../../core/graph'
import type { Shape } from '../../core/shape'
import {
  argument,
  BadConfig,
  type Config,
  flag,
  InnerLayer,
  oneOf,
  REQUIRED,
  UnknownConfig,
  wholeOrNull,
} from './config'
import { type Drawing, type LayerKind, sizeAt } from './define'
import { isChannelsLast, layoutOf, paddingOf, positive, weightParameters } from './parts'

const CELLS = { SimpleRNN: 'rnn', GRU: 'gru', LSTM: 'lstm' } as const
type CellName = keyof typeof CELLS

const SEQUENCE: LayerKind['parameters'] = {
  dropout: 0,
  recurrent_dropout: 0,
  seed: null,
  return_sequences: false,
  return_state: false,
  go_backwards: false,
  stateful: false,
  unroll: false,
}

const cellParameters = (name: CellName): LayerKind['parameters'] => ({
  units: REQUIRED,
  activation: 'tanh',
  ...(name === 'SimpleRNN' ? {} : { recurrent_activation: 'sigmoid' }),
  use_bias: true,
  ...weightParameters('kernel', 'recurrent', 'bias'),
  ...(name === 'LSTM' ? { unit_forget_bias: true } : {}),
})

/**
 * Recurrent layers of Keras (keras/src/layers/rnn): gates · units · (inputs + units) weights and one bias a gate; a GRU
 * that resets after the product has two. The last output is given, or with `return_sequences` that of every step.
 */
export const recurrentLayers: readonly LayerKind[] = [
  ...(['SimpleRNN', 'GRU', 'LSTM'] as const).flatMap(name => [
    {
      name,
      parameters: { ...cellParameters(name), ...SEQUENCE, reset_after: true, use_cudnn: 'auto', time_major: false },
      rank: 3,
      composite: () => true,
      draw: (config: Config, [x]: readonly Value[], draw: Drawing) => {
        const [all, ...states] = draw.parts('', 'recurrent', attributesOf(name, config, x!), [x!])
        return results(config, all!, states, draw)
      },
    },
    {
      name: `${name}Cell`,
      parameters: { ...cellParameters(name), dropout: 0, recurrent_dropout: 0, reset_after: true, seed: null },
      draw: (config: Config, [x]: readonly Value[], draw: Drawing) => [
        ...draw.parts('', 'recurrent', { ...attributesOf(name, config, x!), step: true }, [x!]),
      ],
    },
  ]),
  {
    name: 'RNN',
    parameters: { cell: REQUIRED, ...SEQUENCE, zero_output_for_mask: false },
    rank: 3,
    composite: () => true,
    draw: (config, [x], draw) => {
      const given = argument(config, 'cell')
      const cells = Array.isArray(given) ? given : [given]
      let [all, states]: [Value, readonly Value[]] = [x!, []]
      cells.forEach((cell, i) => {
        const name = cell instanceof InnerLayer ? cell.type.replace(/Cell$/, '') : ''
        if (!(name in CELLS))
          throw new UnknownConfig(`its cell ${cell instanceof InnerLayer ? cell.type : ''} is not known`)
        const attributes = attributesOf(name as CellName, (cell as InnerLayer).config, all)
        const [out, ...rest] = draw.parts(cells.length > 1 ? `cell${i}` : '', 'recurrent', attributes, [all])
        all = out!
        states = [...states, ...rest]
      })
      return results(config, all, states, draw)
    },
  },
  ...([1, 2, 3] as const).map(convLstm),
  {
    name: 'Bidirectional',
    parameters: { layer: REQUIRED, merge_mode: 'concat', weights: null, backward_layer: null },
    composite: () => true,
    draw: (config, inputs, draw) => {
      const layer = argument(config, 'layer')
      const other = argument(config, 'backward_layer') ?? layer
      if (!(layer instanceof InnerLayer) || !(other instanceof InnerLayer))
        throw new UnknownConfig('the layer inside is not known')
      // A layer of ours has arguments, of the program's own nothing is known.
      if (Object.keys(layer.config).length > 0 && !Object.hasOwn(layer.config, 'return_sequences'))
        throw new BadConfig(`layer expects a recurrent layer and gets ${layer.type}`, 'layer')
      const [forward, ...states] = layer.call(inputs, draw.inside('forward_layer'))
      const [backward, ...backStates] = other.call(inputs, draw.inside('backward_layer'))
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
    draw: (config, inputs, draw) => {
      const layer = argument(config, 'layer')
      const [x] = inputs
      if (!(layer instanceof InnerLayer)) throw new UnknownConfig('the layer inside is not known')
      const shape = x?.shape
      if (!shape || shape.length < 3) return draw.unknown('the shape of its input is not known', inputs)
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
]

function attributesOf(name: CellName, config: Config, x: Value) {
  const twoBiases = name === 'GRU' && flag(config, 'reset_after')
  return {
    cell: CELLS[name],
    inputSize: sizeAt(x, -1),
    hiddenSize: wholeOrNull(config, 'units'),
    layers: 1,
    bias: flag(config, 'use_bias'),
    batchFirst: true,
    ...(twoBiases ? {} : { oneBias: true }),
  }
}

/** What a sequence layer gives: all steps or the last, and the states where they are asked for. */
function results(config: Config, all: Value, states: readonly Value[], draw: Drawing): Value[] {
  const out = flag(config, 'return_sequences') ? all : draw.op('select', { axis: 1, index: -1 }, [all])
  if (!flag(config, 'return_state')) return [out]
  return [out, ...states.map(state => draw.op('select', { axis: 0, index: 0 }, [state]))]
}

/**
 * A convolutional LSTM: at each step a convolution of the input to 4 · filters and one of the state, `same`, without
 * bias. The steps are folded into the batch: the work of all of them counts.
 */
function convLstm(rank: 1 | 2 | 3): LayerKind {
  const ones = rank === 1 ? 1 : Array<number>(rank).fill(1)
  return {
    name: `ConvLSTM${rank}D`,
    parameters: {
      filters: REQUIRED,
      kernel_size: REQUIRED,
      strides: ones,
      padding: 'valid',
      data_format: null,
      dilation_rate: ones,
      activation: 'tanh',
      recurrent_activation: 'sigmoid',
      use_bias: true,
      ...weightParameters('kernel', 'recurrent', 'bias'),
      unit_forget_bias: true,
      ...SEQUENCE,
    },
    rank: rank + 3,
    composite: () => true,
    draw: (config, [x], draw) => {
      if (!x!.shape) throw new UnknownConfig('the shape of its input is not known')
      const [batch, time, ...rest] = x!.shape as [Shape[number], Shape[number], ...Shape]
      const filters = wholeOrNull(config, 'filters')
      const gates = filters === null ? null : 4 * filters
      const kernel = positive(config, 'kernel_size', rank)
      const dilation = positive(config, 'dilation_rate', rank)
      const common = { kernel, dilation, groups: 1, ...layoutOf(config), outChannels: gates }
      const folded = draw.op('reshape', { shape: [mulDim(batch, time), ...rest] }, [x!])
      const input = {
        ...common,
        stride: positive(config, 'strides', rank),
        padding: paddingOf(config, rank === 1 ? [kernel[0]!, 1] : kernel, [...dilation, 1]),
        inChannels: sizeAt(folded, isChannelsLast(config) ? -1 : 1),
        bias: flag(config, 'use_bias'),
      }
      if (input.padding !== 'same') input.padding = input.padding.slice(0, rank)
      const mapped = draw.part('kernel', `conv${rank}d`, input, [folded])
      const at = isChannelsLast(config) ? (mapped.shape?.length ?? 0) - 1 : 1
      const shape = mapped.shape?.map((dim, i) => (i === at ? filters : dim)) ?? null
      const hidden = draw.op('compute', { function: 'state', shapes: [shape], operations: 13 }, [mapped])
      const state = {
        ...common,
        stride: kernel.map(() => 1),
        dilation: kernel.map(() => 1),
        padding: 'same' as const,
        inChannels: filters,
        bias: false,
      }
      const again = draw.part('recurrent_kernel', `conv${rank}d`, state, [hidden])
      const gated = draw.op('compute', { function: 'gates', shapes: [shape] }, [mapped, again])
      const steps = shape ? [batch, time, ...shape.slice(1)] : null
      const all = draw.op('compute', { function: 'steps', shapes: [steps] }, [gated])
      const out = flag(config, 'return_sequences') ? all : draw.op('select', { axis: 1, index: -1 }, [all])
      const last = steps ? [batch, ...steps.slice(2)] : null
      const states = draw.op('compute', { function: 'state', shapes: [last] }, [gated])
      return flag(config, 'return_state') ? [out, states, states] : [out]
    },
  }
}
