import { pads } from '../../../core/window'
import { call, flag, flagOf, type LayerType, type Param, perAxis, real, type Values, whole } from '../params'

const window = (axes: number): Param[] => [
  { name: 'kernel_size', type: 'ints', axes, attribute: 'kernel', doc: 'Size of the window.' },
  {
    name: 'stride',
    type: 'ints',
    axes,
    default: null,
    attribute: 'stride',
    doc: 'Step of the window; the kernel size where it is not given.',
  },
]
const padding = (axes: number): Param => ({
  name: 'padding',
  type: 'ints',
  axes,
  default: 0,
  least: 0,
  attribute: 'padding',
  doc: 'Added on each side.',
})
const ceil = flag('ceil_mode', false, 'Round the output size up.')

/** torch.nn's poolings; a stride that is not given is the kernel. */
export const poolings: readonly LayerType[] = [
  ...[1, 2, 3].flatMap(axes => [
    maxPool(axes),
    avgPool(axes),
    lpPool(axes),
    adaptive(axes, 'Avg'),
    adaptive(axes, 'Max'),
  ]),
  {
    name: 'GlobalAvgPool2d',
    doc: 'The mean of each map, as a 1×1 map: AdaptiveAvgPool2d with output_size 1.',
    params: [],
    calls: () => [call('adaptive_avg_pool', { size: [1, 1] })],
  },
]

function maxPool(axes: number): LayerType {
  return {
    name: `MaxPool${axes}d`,
    doc: 'The largest value of each window.',
    params: [
      ...window(axes),
      padding(axes),
      {
        name: 'dilation',
        type: 'ints',
        axes,
        default: 1,
        attribute: 'dilation',
        doc: 'Distance between the points of the window.',
      },
      flag('return_indices', false, 'Give the places of the maxima too.'),
      ceil,
    ],
    check: values => padded(values, axes),
    calls: values => [call(`max_pool${axes as 1 | 2 | 3}d`, slid(values, axes))],
  }
}

function avgPool(axes: number): LayerType {
  return {
    name: `AvgPool${axes}d`,
    doc: 'The mean of each window.',
    params: [
      ...window(axes),
      padding(axes),
      ceil,
      flag('count_include_pad', true, 'Count the padding in the mean.'),
      ...(axes === 1 ? [] : [whole('divisor_override', 'Divide by this instead.', { default: null })]),
    ],
    check: values => padded(values, axes),
    calls: values => [call(`avg_pool${axes as 1 | 2 | 3}d`, slid(values, axes))],
  }
}

function lpPool(axes: number): LayerType {
  return {
    name: `LPPool${axes}d`,
    doc: 'The p-norm of each window.',
    params: [real('norm_type', undefined, 'The p of the norm.'), ...window(axes), ceil],
    calls: values => [
      call(`avg_pool${axes as 1 | 2 | 3}d`, {
        ...slid(values, axes),
        ...(typeof values.norm_type === 'number' ? { power: values.norm_type } : {}),
      }),
    ],
  }
}

function adaptive(axes: number, kind: 'Avg' | 'Max'): LayerType {
  return {
    name: `Adaptive${kind}Pool${axes}d`,
    doc: 'Pooling to a given size; 1 is global pooling.',
    params: [
      { name: 'output_size', type: 'size', axes, attribute: 'size', doc: 'Size of the output; null keeps that axis.' },
      ...(kind === 'Max' ? [flag('return_indices', false, 'Give the places of the maxima too.')] : []),
    ],
    calls: ({ output_size }) => {
      const size = Array.isArray(output_size) ? (output_size as (number | null)[]) : Array(axes).fill(output_size)
      return [call(kind === 'Avg' ? 'adaptive_avg_pool' : 'adaptive_max_pool', { size })]
    },
  }
}

const slid = (values: Values, axes: number) => ({
  kernel: perAxis(values.kernel_size, axes),
  stride: perAxis(values.stride ?? values.kernel_size, axes),
  dilation: perAxis(values.dilation ?? 1, axes),
  padding: pads(perAxis(values.padding ?? 0, axes), axes),
  rounding: flagOf(values, 'ceil_mode') ? ('ceilClip' as const) : ('floor' as const),
})

/** torch pads by half a kernel at most. */
function padded(values: Values, axes: number): string | null {
  const kernel = perAxis(values.kernel_size, axes)
  const padding = perAxis(values.padding ?? 0, axes)
  const axis = padding.findIndex((p, i) => 2 * p > kernel[i]!)
  return axis < 0 ? null : `expects padding of at most half its kernel, ${kernel[axis]}, and gets ${padding[axis]}.`
}
