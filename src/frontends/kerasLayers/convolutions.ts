import type { Value } from '../../core/graph'
import type { Window } from '../../core/window'
import {
  argument,
  BadConfig,
  type Config,
  type ConfigValue,
  convertedOrNull,
  eachOf,
  flag,
  ofFloat,
  REQUIRED,
  whole,
} from './config'
import { type Drawing, type LayerKind, sizeAt } from './define'
import {
  activated,
  channelsAt,
  hasActivation,
  isChannelsLast,
  layoutOf,
  paddingOf,
  positive,
  weightParameters,
} from './parts'

const RANKS = [1, 2, 3] as const
type Rank = (typeof RANKS)[number]

/**
 * Convolutions of Keras (keras/src/layers/convolutional). Weights have the counts of Keras': a depthwise kernel is
 * k × k × Cin × multiplier, a separable layer has one bias, after its pointwise half.
 */
export const convolutions: readonly LayerKind[] = [
  ...RANKS.map(convolution),
  ...RANKS.map(transposed),
  ...([1, 2] as const).map(depthwise),
  ...([1, 2] as const).map(separable),
  locallyConnected(2),
  locallyConnected(1),
]

function sizes(rank: Rank, value: number): number | number[] {
  return rank === 1 ? value : Array<number>(rank).fill(value)
}

function convolution(rank: Rank): LayerKind {
  return {
    name: `Conv${rank}D`,
    parameters: {
      filters: REQUIRED,
      kernel_size: REQUIRED,
      strides: sizes(rank, 1),
      padding: 'valid',
      data_format: null,
      dilation_rate: sizes(rank, 1),
      groups: 1,
      activation: null,
      use_bias: true,
      ...weightParameters('kernel', 'bias'),
    },
    rank: rank + 2,
    composite: hasActivation,
    caution: cautionOf,
    draw: (config, [x], draw) => {
      const filters = filtersOf(config)
      const groups = whole(config, 'groups')
      if (groups < 1) throw new BadConfig(`groups expects a number above 0 and gets ${groups}`, 'groups')
      if (filters !== null && filters % groups !== 0)
        throw new BadConfig(`filters ${filters} cannot be divided by groups ${groups}`, 'groups')
      const attributes = {
        ...windowOf(config, rank, rank === 1),
        ...layoutOf(config),
        inChannels: sizeAt(x, channelsAt(config)),
        outChannels: filters,
        groups,
        bias: flag(config, 'use_bias'),
      }
      return [activated(config, draw.part('', `conv${rank}d`, attributes, [x!]), draw)]
    },
  }
}

function depthwise(rank: 1 | 2): LayerKind {
  return {
    name: `DepthwiseConv${rank}D`,
    parameters: {
      kernel_size: REQUIRED,
      strides: sizes(rank, 1),
      padding: 'valid',
      depth_multiplier: 1,
      data_format: null,
      dilation_rate: sizes(rank, 1),
      activation: null,
      use_bias: true,
      ...weightParameters('depthwise', 'bias'),
    },
    rank: rank + 2,
    composite: hasActivation,
    draw: (config, [x], draw) => {
      const out = drawDepthwise(config, x!, draw, rank, '', flag(config, 'use_bias'))
      return [activated(config, out, draw)]
    },
  }
}

function separable(rank: 1 | 2): LayerKind {
  return {
    name: `SeparableConv${rank}D`,
    parameters: {
      filters: REQUIRED,
      kernel_size: REQUIRED,
      strides: sizes(rank, 1),
      padding: 'valid',
      data_format: null,
      dilation_rate: sizes(rank, 1),
      depth_multiplier: 1,
      activation: null,
      use_bias: true,
      ...weightParameters('depthwise', 'pointwise', 'bias'),
    },
    rank: rank + 2,
    composite: () => true,
    caution: config =>
      ofFloat(config, 'filters') ??
      (config.padding === 'causal'
        ? new BadConfig('Keras 3 expects padding to be "valid" or "same" and gets "causal"', 'padding')
        : null),
    draw: (config, [x], draw) => {
      const middle = drawDepthwise(config, x!, draw, rank, 'depthwise', false)
      const ones = Array<number>(rank).fill(1)
      const attributes = {
        kernel: ones,
        stride: ones,
        dilation: ones,
        padding: ones.map(() => [0, 0] as const),
        ...layoutOf(config),
        inChannels: sizeAt(middle, channelsAt(config)),
        outChannels: filtersOf(config),
        groups: 1,
        bias: flag(config, 'use_bias'),
      }
      return [activated(config, draw.part('pointwise', `conv${rank}d`, attributes, [middle]), draw)]
    },
  }
}

function drawDepthwise(config: Config, x: Value, draw: Drawing, rank: 1 | 2, part: string, bias: boolean): Value {
  const channels = sizeAt(x, channelsAt(config))
  const multiplier = whole(config, 'depth_multiplier')
  if (multiplier < 1)
    throw new BadConfig(`depth_multiplier expects a number above 0 and gets ${multiplier}`, 'depth_multiplier')
  const window = windowOf(config, rank, part !== '' && rank === 1)
  if (channels === null) {
    const [out] = draw.unknown('its input channels are not known', [x])
    return out!
  }
  const attributes = {
    ...window,
    ...layoutOf(config),
    inChannels: channels,
    outChannels: channels * multiplier,
    groups: channels,
    bias,
  }
  return draw.part(part, `conv${rank}d`, attributes, [x])
}

/**
 * Output size of a transposed convolution (keras compute_conv_transpose_output_shape): `valid` (n − 1) s + max(k, s),
 * `same` n s; with output padding p, (n − 1) s + k + p, in `same` less k − 2 ⌊k/2⌋ … of the kernel's own padding.
 */
function transposed(rank: Rank): LayerKind {
  return {
    name: `Conv${rank}DTranspose`,
    parameters: {
      filters: REQUIRED,
      kernel_size: REQUIRED,
      strides: sizes(rank, 1),
      padding: 'valid',
      ...(rank === 3 ? { data_format: null, output_padding: null } : { output_padding: null, data_format: null }),
      dilation_rate: sizes(rank, 1),
      activation: null,
      use_bias: true,
      ...weightParameters('kernel', 'bias'),
    },
    rank: rank + 2,
    composite: hasActivation,
    caution: cautionOf,
    draw: (config, [x], draw) => {
      const kernel = positive(config, 'kernel_size', rank)
      const stride = positive(config, 'strides', rank)
      const dilation = positive(config, 'dilation_rate', rank)
      const same = paddingOf({ ...config, padding: config.padding }, kernel, dilation) === 'same'
      const reach = kernel.map((k, i) => (k - 1) * dilation[i]! + 1)
      const given = argument(config, 'output_padding')
      const extra = given === null || given === undefined ? null : eachOf(config, 'output_padding', rank)
      const wrong = extra?.findIndex((p, i) => p >= stride[i]!) ?? -1
      if (wrong >= 0) {
        const [p, s] = [extra![wrong], stride[wrong]]
        throw new BadConfig(`output_padding expects less than strides ${s} and gets ${p}`, 'output_padding')
      }
      const padding = same
        ? extra === null
          ? 'same'
          : reach.map(k => [Math.floor(k / 2), Math.floor(k / 2)] as const)
        : reach.map(() => [0, 0] as const)
      const attributes = {
        kernel,
        stride,
        dilation,
        padding,
        outputPadding: extra ?? reach.map((k, i) => (same ? 0 : Math.max(stride[i]! - k, 0))),
        ...layoutOf(config),
        inChannels: sizeAt(x, channelsAt(config)),
        outChannels: filtersOf(config),
        groups: 1,
        bias: flag(config, 'use_bias'),
      } as const
      return [activated(config, draw.part('', `conv_transpose${rank}d`, attributes, [x!]), draw)]
    },
  }
}

/** Keras 2's convolutions with weights of their own at each position; in one dimension drawn over a height of 1. */
function locallyConnected(rank: 1 | 2): LayerKind {
  return {
    name: `LocallyConnected${rank}D`,
    parameters: {
      filters: REQUIRED,
      kernel_size: REQUIRED,
      strides: sizes(rank, 1),
      padding: 'valid',
      data_format: null,
      activation: null,
      use_bias: true,
      ...weightParameters('kernel', 'bias'),
      implementation: 1,
    },
    rank: rank + 2,
    composite: config => rank === 1 || hasActivation(config),
    draw: (config, [x], draw) => {
      const { kernel, stride, padding } = windowOf({ ...config, dilation_rate: 1 }, rank)
      const last = isChannelsLast(config)
      const flat = rank === 1
      const input = flat ? draw.op('unsqueeze', { axis: last ? 1 : 2 }, [x!]) : x!
      const lift = (numbers: readonly number[]): number[] => (flat ? [1, ...numbers] : [...numbers])
      const window = {
        kernel: lift(kernel),
        stride: lift(stride),
        dilation: [1, 1],
        padding: padding === 'same' ? padding : flat ? [[0, 0] as const, ...padding] : padding,
      }
      const start = last ? 1 : 2
      const out = [0, 1].map(i => {
        const size = sizeAt(input, start + i)
        if (size === null) return null
        const count = padding === 'same' ? size : size - window.kernel[i]! + 1
        return Math.max(0, Math.ceil(count / window.stride[i]!))
      })
      const attributes = {
        ...window,
        ...layoutOf(config),
        inChannels: sizeAt(input, channelsAt(config)),
        outChannels: filtersOf(config),
        groups: 1,
        bias: flag(config, 'use_bias'),
        positions: out[0] === null || out[1] === null ? null : out[0]! * out[1]!,
      }
      const drawn = draw.part('', 'local_conv2d', attributes, [input])
      const result = flat ? draw.op('squeeze', { axes: [last ? 1 : 2] }, [drawn]) : drawn
      return [activated(config, result, draw)]
    },
  }
}

/** Null where it is not known; the params of the layer are then unknown, and its shape but for the channels is not. */
function filtersOf(config: Config): number | null {
  const filters = convertedOrNull(config, 'filters')
  if (filters !== null && filters < 1)
    throw new BadConfig(`filters expects a number above 0 and gets ${filters}`, 'filters')
  return filters
}

/** TensorFlow computes convolutions that stride and dilate; Keras 3 refuses to make them (base_conv.py), Keras 2 did not. */
export function leap({ strides, dilation_rate }: Config): BadConfig | null {
  const most = (value: ConfigValue | undefined): number =>
    Math.max(...[value ?? 1].flat().map(n => (typeof n === 'number' ? n : 1)))
  const [s, d] = [most(strides), most(dilation_rate)]
  return s > 1 && d > 1
    ? new BadConfig(`Keras 3 does not take strides ${s} and dilation_rate ${d} together`, 'dilation_rate')
    : null
}

function cautionOf(config: Config): BadConfig | null {
  return leap(config) ?? ofFloat(config, 'filters')
}

function windowOf(config: Config, rank: Rank, causal = false): Window {
  const kernel = positive(config, 'kernel_size', rank)
  const stride = positive(config, 'strides', rank)
  const dilation = positive(config, 'dilation_rate', rank)
  return { kernel, stride, dilation, padding: paddingOf(config, kernel, dilation, causal) }
}
