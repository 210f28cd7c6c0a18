import { mulDim } from '../../core/dim'
import type { Value } from '../../core/graph'
import type { Shape } from '../../core/shape'
import {
  argument,
  BadConfig,
  type Config,
  type ConfigValue,
  flag,
  InnerLayer,
  REQUIRED,
  spell,
  UNKNOWN,
  UnknownConfig,
  wholeOrNull,
} from './config'
import { leap } from './convolutions'
import { type Drawing, type LayerKind, sizeAt } from './define'
import { isChannelsLast, knownActivation, layoutOf, paddingOf, positive } from './parts'

const CELLS = { SimpleRNN: 'rnn', GRU: 'gru', LSTM: 'lstm' } as const
type CellName = keyof typeof CELLS

type Parameters = LayerKind['parameters']

const DROPOUT: Parameters = { dropout: 0, recurrent_dropout: 0 }
const RESULTS: Parameters = { return_sequences: false, return_state: false, go_backwards: false, stateful: false }

const initializers: Parameters = { kernel_initializer: null, recurrent_initializer: null, bias_initializer: null }
const regularizers: Parameters = { kernel_regularizer: null, recurrent_regularizer: null, bias_regularizer: null }
const constraints: Parameters = { kernel_constraint: null, recurrent_constraint: null, bias_constraint: null }

/** Arguments in Keras' order, which differs from one to the next; a cell has no regularizer of what it gives. */
const cellParameters = (name: CellName, sequence: boolean): Parameters => ({
  units: REQUIRED,
  activation: 'tanh',
  ...(name === 'SimpleRNN' ? {} : { recurrent_activation: 'sigmoid' }),
  use_bias: true,
  ...initializers,
  ...(name === 'LSTM' ? { unit_forget_bias: true } : {}),
  ...regularizers,
  ...(sequence ? { activity_regularizer: null } : {}),
  ...constraints,
  ...DROPOUT,
})

const sequenceParameters = (name: CellName): Parameters => ({
  ...cellParameters(name, true),
  ...(name === 'SimpleRNN'
    ? { ...RESULTS, unroll: false, seed: null }
    : { seed: null, ...RESULTS, unroll: false, ...(name === 'GRU' ? { reset_after: true } : {}), use_cudnn: 'auto' }),
})

/**
 * Recurrent layers of Keras (keras/src/layers/rnn): gates · units · (inputs + units) weights and one bias a gate; a GRU
 * that resets after the product has two. The last output is given, or with `return_sequences` that of every step.
 */
export const recurrentLayers: readonly LayerKind[] = [
  ...(['SimpleRNN', 'GRU', 'LSTM'] as const).flatMap(name => [
    {
      name,
      parameters: sequenceParameters(name),
      rank: 3,
      composite: () => true,
      draw: (config: Config, [x]: readonly Value[], draw: Drawing) => {
        const [all, ...states] = draw.parts('', 'recurrent', attributesOf(name, config, x!), [x!])
        return results(config, all!, states, draw)
      },
    },
    {
      name: `${name}Cell`,
      parameters: { ...cellParameters(name, false), ...(name === 'GRU' ? { reset_after: true } : {}), seed: null },
      draw: (config: Config, [x]: readonly Value[], draw: Drawing) => [
        ...draw.parts('', 'recurrent', { ...attributesOf(name, config, x!), step: true }, [x!]),
      ],
    },
  ]),
  {
    name: 'RNN',
    parameters: { cell: REQUIRED, ...RESULTS, unroll: false, zero_output_for_mask: false },
    rank: 3,
    holdsLayers: true,
    composite: () => true,
    draw: (config, [x], draw) => {
      const given = argument(config, 'cell')
      const cells = cellsOf(given)
      let [all, states]: [Value, readonly Value[]] = [x!, []]
      cells.forEach((cell, i) => {
        if (!(cell instanceof InnerLayer)) throw new BadConfig(`cell expects a cell and gets ${spell(cell)}`, 'cell')
        const name = cell.type.replace(/Cell$/, '')
        if (!Object.hasOwn(CELLS, name)) throw new UnknownConfig(`its cell ${cell.type} is not known`)
        const attributes = attributesOf(name as CellName, cell.config, all)
        const own = cell.config.trainable === false ? draw.frozen() : draw
        const [out, ...rest] = own.parts(cells.length > 1 ? `cell${i}` : '', 'recurrent', attributes, [all])
        all = out!
        states = [...states, ...rest]
      })
      return results(config, all, states, draw)
    },
  },
  ...([1, 2, 3] as const).map(convLstm),
  {
    name: 'StackedRNNCells',
    parameters: { cells: REQUIRED },
    holdsLayers: true,
    composite: () => true,
    // One step: each cell takes what the one before it gives.
    draw: (config, inputs, draw) => {
      let [x, ...states] = inputs
      const after: Value[] = []
      cellsOf(argument(config, 'cells')).forEach((cell, i) => {
        if (!(cell instanceof InnerLayer) || !x) throw new UnknownConfig('its cells are not known')
        const [out, ...rest] = cell.call([x, ...states], draw.inside(`cell${i}`))
        after.push(...rest)
        x = out
      })
      return x ? [x, ...after] : []
    },
  },
]

/** The cells of a stack: a list, or the layer that holds one. */
function cellsOf(given: ConfigValue | undefined): readonly (ConfigValue | undefined)[] {
  if (Array.isArray(given)) return given.flatMap(cellsOf)
  if (given instanceof InnerLayer && given.type === 'StackedRNNCells') return cellsOf(given.config.cells)
  if (given === UNKNOWN || (typeof given === 'object' && given !== null && !(given instanceof InnerLayer)))
    throw new UnknownConfig('its cell is not known')
  return [given]
}

function attributesOf(name: CellName, config: Config, x: Value) {
  knownActivation(config, 'activation')
  knownActivation(config, 'recurrent_activation')
  const twoBiases = name === 'GRU' && flag(config, 'reset_after')
  return {
    cell: CELLS[name],
    inputSize: sizeAt(x, -1),
    hiddenSize: above0(config, 'units'),
    layers: 1,
    bias: flag(config, 'use_bias'),
    batchFirst: true,
    ...(twoBiases ? {} : { oneBias: true }),
  }
}

/** Null where it is not known. */
function above0(config: Config, name: string): number | null {
  const size = wholeOrNull(config, name)
  if (size !== null && size < 1) throw new BadConfig(`${name} expects a number above 0 and gets ${size}`, name)
  return size
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
  return {
    name: `ConvLSTM${rank}D`,
    parameters: {
      filters: REQUIRED,
      kernel_size: REQUIRED,
      strides: 1,
      padding: 'valid',
      data_format: null,
      dilation_rate: 1,
      activation: 'tanh',
      recurrent_activation: 'sigmoid',
      use_bias: true,
      ...initializers,
      unit_forget_bias: true,
      ...regularizers,
      activity_regularizer: null,
      ...constraints,
      ...DROPOUT,
      seed: null,
      ...RESULTS,
    },
    holdsLayers: true,
    rank: rank + 3,
    composite: () => true,
    caution: leap,
    draw: (config, [x], draw) => {
      if (!x!.shape) throw new UnknownConfig('the shape of its input is not known')
      const [batch, time, ...rest] = x!.shape as [Shape[number], Shape[number], ...Shape]
      const filters = above0(config, 'filters')
      const gates = filters === null ? null : 4 * filters
      const kernel = positive(config, 'kernel_size', rank)
      const dilation = positive(config, 'dilation_rate', rank)
      const common = { kernel, dilation, groups: 1, ...layoutOf(config), outChannels: gates }
      const folded = draw.op('reshape', { shape: [mulDim(batch, time), ...rest] }, [x!])
      const input = {
        ...common,
        stride: positive(config, 'strides', rank),
        padding: paddingOf(config, kernel, dilation),
        inChannels: sizeAt(folded, isChannelsLast(config) ? -1 : 1),
        bias: flag(config, 'use_bias'),
      }
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
