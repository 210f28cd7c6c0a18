import type { Shape } from '../../../core/shape'
import {
  call,
  flag,
  flagOf,
  given,
  type LayerType,
  numberOf,
  type Param,
  perAxis,
  real,
  type Values,
  whole,
} from '../params'

const eps = real('eps', 1e-5, 'Added to the variance.')
const momentum = real('momentum', 0.1, 'How fast the running statistics follow.')
const features: Param = whole('num_features', 'Channels of the input; inferred.', {
  inferred: true,
  attribute: 'channels',
})

/** torch.nn's normalizations. */
export const norms: readonly LayerType[] = [
  ...['BatchNorm1d', 'BatchNorm2d', 'BatchNorm3d', 'SyncBatchNorm'].flatMap(name => [
    batchNorm(name, true),
    ...(name === 'SyncBatchNorm' ? [] : [batchNorm(`Lazy${name}`, false)]),
  ]),
  ...[1, 2, 3].map(
    (axes): LayerType => ({
      name: `InstanceNorm${axes}d`,
      doc: 'Normalizes each channel of each image.',
      params: [
        features,
        eps,
        momentum,
        flag('affine', false, 'A learnable scale and shift for each channel.'),
        flag('track_running_stats', false, 'Keep running statistics.'),
      ],
      calls: (values, input) => [call('instance_norm', channelNorm(values, input))],
    }),
  ),
  {
    name: 'GroupNorm',
    doc: 'Normalizes groups of channels.',
    params: [
      whole('num_groups', 'Channels are cut into so many groups.', { attribute: 'groups' }),
      whole('num_channels', 'Channels of the input; inferred.', { inferred: true, attribute: 'channels' }),
      eps,
      flag('affine', true, 'A learnable scale and shift for each channel.'),
    ],
    calls: (values, input) => [
      call('group_norm', {
        groups: numberOf(values, 'num_groups'),
        channels: given(values, 'num_channels', input, input ? input.length - 1 : 1),
        axis: 1,
        scale: flagOf(values, 'affine'),
        shift: flagOf(values, 'affine'),
        statistics: 'none',
      }),
    ],
  },
  {
    name: 'LayerNorm',
    doc: 'Normalizes over the last dimensions.',
    params: [
      { name: 'normalized_shape', type: 'list', attribute: 'shape', doc: 'The dimensions normalized together.' },
      eps,
      flag('elementwise_affine', true, 'A learnable scale and shift.'),
      flag('bias', true, 'Whether that has a shift.'),
    ],
    calls: values => {
      const affine = flagOf(values, 'elementwise_affine')
      return [call('layer_norm', { shape: dims(values), scale: affine, shift: affine && flagOf(values, 'bias') })]
    },
  },
  {
    name: 'RMSNorm',
    doc: 'Divides by the root of the mean square over the last dimensions.',
    params: [
      { name: 'normalized_shape', type: 'list', attribute: 'shape', doc: 'The dimensions normalized together.' },
      real('eps', null, 'Added to the mean square.'),
      flag('elementwise_affine', true, 'A learnable scale.'),
    ],
    calls: values => [
      call('layer_norm', { shape: dims(values), scale: flagOf(values, 'elementwise_affine'), shift: false, rms: true }),
    ],
  },
  ...['LocalResponseNorm', 'CrossMapLRN2d'].map(
    (name): LayerType => ({
      name,
      doc: 'Local response normalization across channels.',
      params: [
        whole('size', 'Channels that are looked at together.', { attribute: 'size' }),
        real('alpha', 1e-4, 'Factor.'),
        real('beta', 0.75, 'Exponent.'),
        real('k', 1, 'Added.'),
      ],
      calls: values => [call('local_response_norm', { size: numberOf(values, 'size') })],
    }),
  ),
]

function batchNorm(name: string, counted: boolean): LayerType {
  return {
    name,
    doc: 'Normalizes each channel over the batch.',
    params: [
      ...(counted ? [features] : []),
      eps,
      momentum,
      flag('affine', true, 'A learnable scale and shift for each channel.'),
      flag('track_running_stats', true, 'Keep running statistics.'),
    ],
    calls: (values, input) => [call('batch_norm', channelNorm(values, input))],
  }
}

const channelNorm = (values: Values, input: Shape | null) => ({
  channels: given(values, 'num_features', input, input ? input.length - 1 : 1),
  axis: 1,
  scale: flagOf(values, 'affine'),
  shift: flagOf(values, 'affine'),
  statistics: flagOf(values, 'track_running_stats') ? ('buffer' as const) : ('none' as const),
})

const dims = (values: Values): number[] => perAxis(values.normalized_shape, 1)
