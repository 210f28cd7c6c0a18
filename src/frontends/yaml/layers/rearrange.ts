import { N } from '../../../core/dim'
import type { Shape } from '../../../core/shape'
import {
  call,
  choice,
  flag,
  flagOf,
  type LayerType,
  numberOf,
  numbersOf,
  type Param,
  perAxis,
  real,
  textOf,
  type Values,
  whole,
} from '../params'

const axis = (name: string, value: number | undefined, doc: string): Param => ({
  name,
  type: 'int',
  least: -8,
  doc,
  ...(value === undefined ? {} : { default: value }),
})

const MODES = ['nearest', 'linear', 'bilinear', 'bicubic', 'trilinear', 'nearest-exact']

/** Layers that move numbers without weights: torch.nn's, and a few that stand for functions of torch. */
export const rearrangements: readonly LayerType[] = [
  { name: 'Identity', doc: 'Passes its input on.', params: [], calls: () => [call('identity', {})] },
  {
    name: 'Flatten',
    doc: 'Joins axes.',
    params: [axis('start_dim', 1, 'First axis joined.'), axis('end_dim', -1, 'Last axis joined.')],
    calls: v => [call('flatten', { start: numberOf(v, 'start_dim'), end: numberOf(v, 'end_dim') })],
  },
  {
    name: 'Unflatten',
    doc: 'Cuts an axis into several.',
    params: [
      axis('dim', undefined, 'The axis that is cut.'),
      { name: 'unflattened_size', type: 'list', least: -1, doc: 'The sizes it becomes.' },
    ],
    calls: (values, input) => [call('reshape', { shape: unflattened(values, input) })],
  },
  {
    name: 'Reshape',
    doc: 'A new shape, given without the batch; one size may be −1.',
    params: [{ name: 'shape', type: 'list', least: -1, doc: 'Sizes after the batch.' }],
    calls: (values, input) => [call('reshape', { shape: [input?.[0] ?? N, ...perAxis(values.shape, 1)] })],
  },
  {
    name: 'Permute',
    doc: 'Axes in a new order, the batch being 0.',
    params: [{ name: 'dims', type: 'list', least: -8, doc: 'The axes in their new order.' }],
    calls: values => [call('permute', { order: perAxis(values.dims, 1) })],
  },
  {
    name: 'Transpose',
    doc: 'Two axes change places.',
    params: [axis('dim0', undefined, 'One axis.'), axis('dim1', undefined, 'The other.')],
    calls: (values, input) => {
      const rank = input?.length ?? 0
      const at = (name: string): number => (numberOf(values, name) + rank) % (rank || 1)
      const [a, b] = [at('dim0'), at('dim1')]
      return [call('permute', { order: Array.from({ length: rank }, (_, i) => (i === a ? b : i === b ? a : i)) })]
    },
  },
  {
    name: 'Squeeze',
    doc: 'Drops axes of size 1.',
    params: [
      { name: 'dim', type: 'list', least: -8, default: null, doc: 'The axes dropped; all of size 1 where not given.' },
    ],
    calls: ({ dim }) => [call('squeeze', dim === null ? {} : { axes: perAxis(dim, 1) })],
  },
  {
    name: 'Unsqueeze',
    doc: 'A new axis of size 1.',
    params: [axis('dim', undefined, 'Where it is put.')],
    calls: values => [call('unsqueeze', { axis: numberOf(values, 'dim') })],
  },
  {
    name: 'Mean',
    doc: 'The mean over axes (torch.mean).',
    params: [
      { name: 'dim', type: 'list', least: -8, doc: 'The axes that are folded.' },
      flag('keepdim', false, 'Keep them with size 1.'),
    ],
    calls: values => [
      call('reduce', { function: 'mean', axes: perAxis(values.dim, 1), keep: flagOf(values, 'keepdim') }),
    ],
  },
  {
    name: 'Upsample',
    doc: 'Resizes the maps; size or scale_factor.',
    params: [
      { name: 'size', type: 'size', default: null, doc: 'Size of the output.' },
      { name: 'scale_factor', type: 'numbers', default: null, doc: 'Factor of the size.' },
      choice('mode', 'nearest', MODES, 'How values in between are found.'),
      flag('align_corners', false, 'Whether corners stay where they are.'),
      flag('recompute_scale_factor', false, 'Compute the factor anew from the sizes.'),
    ],
    check: sized,
    calls: (values, input) => [interpolate(values, input, textOf(values, 'mode'))],
  },
  ...(['nearest', 'bilinear'] as const).map(
    (mode): LayerType => ({
      name: `Upsampling${mode === 'nearest' ? 'Nearest' : 'Bilinear'}2d`,
      doc: 'Resizes the maps; size or scale_factor.',
      params: [
        { name: 'size', type: 'size', default: null, doc: 'Size of the output.' },
        { name: 'scale_factor', type: 'numbers', default: null, doc: 'Factor of the size.' },
      ],
      check: sized,
      calls: (values, input) => [interpolate(values, input, mode)],
    }),
  ),
  {
    name: 'PixelShuffle',
    doc: 'Channels become positions: C·r² channels give C of r times the size.',
    params: [whole('upscale_factor', 'The r.')],
    calls: values => [call('pixel_shuffle', { factor: numberOf(values, 'upscale_factor') })],
  },
  {
    name: 'PixelUnshuffle',
    doc: 'Positions become channels: the inverse of PixelShuffle.',
    params: [whole('downscale_factor', 'The r.')],
    calls: values => [call('pixel_shuffle', { factor: numberOf(values, 'downscale_factor'), down: true })],
  },
  {
    name: 'ChannelShuffle',
    doc: 'Deals the channels of all groups in turn.',
    params: [whole('groups', 'Number of groups.')],
    calls: () => [call('identity', {})],
  },
  ...['Zero', 'Constant', 'Reflection', 'Replication', 'Circular'].flatMap(kind => [1, 2, 3].map(n => pad(kind, n))),
]

function pad(kind: string, axes: number): LayerType {
  return {
    name: `${kind}Pad${axes}d`,
    doc: 'Adds values around the maps.',
    params: [
      {
        name: 'padding',
        type: 'list',
        least: -65536,
        doc: 'On every side, or before and after from the last axis backwards.',
      },
      ...(kind === 'Constant' ? [real('value', undefined, 'The value.')] : []),
    ],
    calls: values => {
      const sides = numbersOf({ padding: perAxis(values.padding, axes * 2) }, 'padding')
      const pads = Array.from({ length: axes }, (_, i) => [sides[2 * i] ?? 0, sides[2 * i + 1] ?? 0] as const).reverse()
      return [call('pad', { pads })]
    },
  }
}

function sized({ size, scale_factor }: Values): string | null {
  if (size === null && scale_factor === null) return 'needs size or scale_factor.'
  return size !== null && scale_factor !== null ? 'takes size or scale_factor and not both.' : null
}

function interpolate(values: Values, input: Shape | null, mode: string) {
  const axes = Math.max(1, (input?.length ?? 4) - 2)
  if (values.size !== null) return call('interpolate', { size: perAxis(values.size, axes), mode })
  return call('interpolate', { scale: perAxis(values.scale_factor ?? 1, axes), mode })
}

function unflattened(values: Values, input: Shape | null): Shape {
  const sizes = perAxis(values.unflattened_size, 1)
  if (!input) return [N, ...sizes]
  const at = (numberOf(values, 'dim') + input.length) % input.length
  return [...input.slice(0, at), ...sizes, ...input.slice(at + 1)]
}
