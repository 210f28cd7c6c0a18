import { type Dim, divDim, mapDim, mulDim } from '../../../../core/dim'
import { type Run, raise } from '../../interpreter/run'
import { tuple } from '../../interpreter/types'
import { PyList, PySym, PyTuple, type PyValue } from '../../interpreter/values'
import { paddingOf } from '../nn/convolutions'
import type { Bound } from '../nn/define'
import { PyTensor } from '../tensor'
import { traceOf } from '../trace'
import { bool, dim, dims, each, int, tensor, text, Unknown } from '../values'
import { adaptiveOf, interpolateOf, padsOf, poolingOf, unpoolingOf } from '../windows'
import { convolved } from './contract'
import { type Operation, operation } from './define'
import { computed } from './gather'
import { computedWeights, numbersOf } from './products'
import { reshaped, shapeOf } from './shape'

const RANKS = [1, 2, 3] as const

/** Functions that slide windows over space, resize it, or normalize over it (torch.nn.functional). */
export const spatialOperations: readonly Operation[] = [
  ...RANKS.map(rank =>
    operation(
      `conv${rank}d`,
      'torch functional',
      'input, weight, bias=, stride=, padding=, dilation=, groups=',
      (run, args) => convolution(run, args, rank),
    ),
  ),
  ...RANKS.map(rank =>
    operation(
      `conv_transpose${rank}d`,
      'torch functional',
      'input, weight, bias=, stride=, padding=, output_padding=, groups=, dilation=',
      (run, args) => transposed(run, args, rank),
    ),
  ),
  ...RANKS.flatMap(rank => [
    ...[`max_pool${rank}d`, `max_pool${rank}d_with_indices`].map((name, i) =>
      operation(
        name,
        'torch functional',
        'input, kernel_size, stride=, padding=, dilation=, ceil_mode=, return_indices=',
        (run, args) => {
          const pooled = traceOf(run).op(run, `max_pool${rank}d`, poolingOf(args, rank), [tensor(args.input)], name)
          return withPositions(pooled, i === 1 || bool(args.return_indices, false))
        },
      ),
    ),
    operation(
      `max_unpool${rank}d`,
      'functional',
      'input, indices, kernel_size, stride=, padding=, output_size=',
      (run, args) => {
        const x = tensor(args.input)
        const given = args.output_size == null ? null : dims(run, [args.output_size])
        return traceOf(run).op(run, 'interpolate', unpoolingOf(args, x.shape, given, rank), [x], `max_unpool${rank}d`)
      },
    ),
    operation(
      `avg_pool${rank}d`,
      'torch functional',
      'input, kernel_size, stride=, padding=, ceil_mode=, count_include_pad=, divisor_override=',
      (run, args) =>
        traceOf(run).op(run, `avg_pool${rank}d`, poolingOf(args, rank), [tensor(args.input)], `avg_pool${rank}d`),
    ),
    operation(`lp_pool${rank}d`, 'functional', 'input, norm_type, kernel_size, stride=, ceil_mode=', (run, args) =>
      traceOf(run).op(run, `avg_pool${rank}d`, poolingOf(args, rank), [tensor(args.input)], `lp_pool${rank}d`),
    ),
    operation(`adaptive_avg_pool${rank}d`, 'torch functional', 'input, output_size', (run, { input, output_size }) =>
      traceOf(run).op(
        run,
        'adaptive_avg_pool',
        adaptiveOf(output_size, rank),
        [tensor(input)],
        `adaptive_avg_pool${rank}d`,
      ),
    ),
    operation(
      `adaptive_max_pool${rank}d`,
      'torch functional',
      'input, output_size, return_indices=',
      (run, { input, output_size, return_indices }) => {
        const x = tensor(input)
        const name = `adaptive_max_pool${rank}d`
        const pooled = traceOf(run).op(run, 'adaptive_max_pool', adaptiveOf(output_size, rank), [x], name)
        return withPositions(pooled, bool(return_indices, false))
      },
    ),
  ]),
  ...['interpolate', 'upsample', 'upsample_bilinear', 'upsample_nearest'].map(name =>
    operation(
      name,
      'functional',
      'input, size=, scale_factor=, mode=, align_corners=, recompute_scale_factor=, antialias=',
      (run, args) => {
        const x = tensor(args.input)
        return traceOf(run).op(run, 'interpolate', interpolateOf(args, x.shape), [x], name)
      },
    ),
  ),
  operation('pad', 'functional', 'input, pad, mode=, value=', (run, { input, pad, mode }) => {
    const x = tensor(input)
    const sides = pad instanceof PyList || pad instanceof PyTuple ? pad.items : null
    // A size that is not known makes its axis unknown, not the rest.
    const numbers = sides?.map(dim)
    if (numbers?.some(n => typeof n !== 'number') && x.shape) {
      const shape = shapeOf(x)
      const out = shape.map((d, i): Dim => {
        const at = (shape.length - 1 - i) * 2
        const [before, after] = [
          numbers[at] ?? (at < numbers.length ? null : 0),
          numbers[at + 1] ?? (at < numbers.length ? null : 0),
        ]
        return typeof before === 'number' && typeof after === 'number'
          ? before + after === 0
            ? d
            : mapDim(d, n => n + before + after)
          : null
      })
      return computed(run, 'pad', [x], out)
    }
    const pads = padsOf(pad)
    if (x.shape && pads.length > x.shape.length) raise('RuntimeError', 'Padding length too large')
    const result = traceOf(run).op(run, 'pad', { pads, ...taken(text(mode, 'constant')) }, [x], 'pad')
    result.dtype = x.dtype
    return result
  }),
  ...['pixel_shuffle', 'pixel_unshuffle'].map(name =>
    operation(name, 'torch functional', 'input, upscale_factor=, *, downscale_factor=', (run, args) => {
      const factor = int(args.upscale_factor ?? args.downscale_factor)
      const down = name === 'pixel_unshuffle'
      return traceOf(run).op(run, 'pixel_shuffle', { factor, ...(down ? { down } : {}) }, [tensor(args.input)], name)
    }),
  ),
  ...['channel_shuffle', 'native_channel_shuffle'].map(name =>
    operation(name, 'torch functional', 'input, groups', (run, { input }) => {
      const x = tensor(input)
      return computed(run, 'channel_shuffle', [x], x.shape)
    }),
  ),
  operation('unfold', 'functional', 'input, kernel_size, dilation=, padding=, stride=', (run, args) =>
    traceOf(run).op(run, 'unfold', columnsOf(args), [tensor(args.input)], 'unfold'),
  ),
  operation('fold', 'functional', 'input, output_size, kernel_size, dilation=, padding=, stride=', (run, args) => {
    const given = args.output_size ?? null
    const size = given instanceof PyTuple || given instanceof PyList ? given.items.map(dim) : [dim(given), dim(given)]
    return traceOf(run).op(run, 'fold', { ...columnsOf(args), size }, [tensor(args.input)], 'fold')
  }),
  operation(
    'grid_sample',
    'functional',
    'input, grid, mode=, padding_mode=, align_corners=',
    (run, { input, grid }) => {
      const [x, g] = [tensor(input), tensor(grid)]
      const shape = [...shapeOf(x).slice(0, 2), ...shapeOf(g).slice(1, -1)]
      const attributes = { function: 'grid_sample', shapes: [shape], operations: 4 }
      return traceOf(run).op(run, 'compute', attributes, [x, g], 'grid_sample')
    },
  ),
  operation('affine_grid', 'functional', 'theta, size, align_corners=', (run, { theta, size }) => {
    if (!(size instanceof PyTuple || size instanceof PyList)) throw new Unknown('the size of this grid is not known')
    const sizes = size.items.map(dim)
    return computed(run, 'affine_grid', [tensor(theta)], [sizes[0]!, ...sizes.slice(2), sizes.length - 2])
  }),
  operation(
    'batch_norm',
    'functional',
    'input, running_mean=, running_var=, weight=, bias=, training=, momentum=, eps=',
    (run, args) => {
      const x = tensor(args.input)
      const channels = channelsOf(args.running_mean, args.weight)
      const attributes = {
        channels,
        axis: 1,
        scale: given(args.weight),
        shift: given(args.bias),
        statistics: 'none',
      } as const
      return traceOf(run).weighted(run, 'batch_norm', attributes, [x], 'batch_norm', [])[0]!
    },
  ),
  operation(
    'instance_norm',
    'functional',
    'input, running_mean=, running_var=, weight=, bias=, use_input_stats=, momentum=, eps=',
    (run, args) => {
      const channels = channelsOf(args.running_mean, args.weight)
      const attributes = {
        channels,
        axis: 1,
        scale: given(args.weight),
        shift: given(args.bias),
        statistics: 'none',
      } as const
      return traceOf(run).weighted(run, 'instance_norm', attributes, [tensor(args.input)], 'instance_norm', [])[0]!
    },
  ),
  operation('group_norm', 'torch functional', 'input, num_groups, weight=, bias=, eps=', (run, args) => {
    const x = tensor(args.input)
    const channels = x.shape?.[1]
    const attributes = {
      channels: typeof channels === 'number' ? channels : null,
      groups: int(args.num_groups),
      axis: 1,
      scale: given(args.weight),
      shift: given(args.bias),
      statistics: 'none',
    } as const
    return traceOf(run).weighted(run, 'group_norm', attributes, [x], 'group_norm', [])[0]!
  }),
  ...['layer_norm', 'rms_norm'].map(name =>
    operation(name, 'torch functional', 'input, normalized_shape, weight=, bias=, eps=', (run, args) => {
      const x = tensor(args.input)
      const shape = args.normalized_shape
      const sizes = shape instanceof PyTuple || shape instanceof PyList ? shape.items.map(dim) : [dim(shape!)]
      const attributes = {
        shape: sizes.map(s => (typeof s === 'number' ? s : null)),
        scale: given(args.weight),
        shift: given(args.bias),
        ...(name === 'rms_norm' ? { rms: true } : {}),
      }
      return traceOf(run).weighted(run, 'layer_norm', attributes, [x], name, [])[0]!
    }),
  ),
  operation('local_response_norm', 'functional', 'input, size, alpha=, beta=, k=', (run, { input, size }) =>
    traceOf(run).op(run, 'local_response_norm', { size: int(size) }, [tensor(input)], 'local_response_norm'),
  ),
  operation(
    'embedding',
    'torch functional',
    'input, weight, padding_idx=, max_norm=, norm_type=, scale_grad_by_freq=, sparse=',
    (run, { input, weight }) => {
      const [x, w] = [tensor(input), tensor(weight)]
      const [count, features] = numbersOf(w)
      const inputs = [x, ...computedWeights([w])]
      const result = traceOf(run).weighted(
        run,
        'embedding',
        { count: count!, features: features! },
        inputs,
        'embedding',
        [w],
      )[0]!
      result.dtype = w.dtype
      return result
    },
  ),
]

const given = (value: PyValue | undefined): boolean => value instanceof PyTensor

/** The channels that statistics or weights are made for. */
function channelsOf(...tensors: (PyValue | undefined)[]): number | null {
  for (const t of tensors) {
    const size = t instanceof PyTensor ? t.shape?.[0] : undefined
    if (typeof size === 'number') return size
  }
  return null
}

const withPositions = (pooled: PyTensor, wanted: boolean): PyValue =>
  wanted ? tuple([pooled, new PyTensor(pooled.value, 'int64')]) : pooled

function columnsOf(args: Bound) {
  const kernel = each(args.kernel_size, 2, 1)
  return {
    kernel,
    stride: each(args.stride, 2, 1),
    dilation: each(args.dilation, 2, 1),
    padding: each(args.padding, 2, 0).map(p => [p, p] as const),
  }
}

/** F.conv2d(x, weight): what the layer says comes from the shape of the weight. */
function convolution(run: Run, args: Bound, rank: 1 | 2 | 3): PyValue {
  if (args.groups instanceof PySym) return perImage(run, args, args.groups, rank)
  const { weight, bias, sizes, inputs } = weightsOf(args, rank)
  const kernel = sizes.slice(2) as number[]
  const dilation = each(args.dilation, rank, 1)
  const groups = int(args.groups, 1)
  const attributes = {
    inChannels: sizes[1] === null ? null : sizes[1]! * groups,
    outChannels: sizes[0]!,
    kernel,
    stride: each(args.stride, rank, 1),
    dilation,
    padding: paddingOf(args.padding ?? 0, kernel, dilation),
    groups,
    bias: bias !== null,
  }
  const result = traceOf(run).weighted(run, `conv${rank}d`, attributes, inputs, `conv${rank}d`, [weight, bias])[0]!
  result.data = convolved(inputs[0]!, weight, bias, result.shape, attributes)
  return result
}

/**
 * A convolution whose groups are the images of a batch, each with weights of its own (CondConv): input 1×(N·C)×H×W,
 * weight (N·Cout)×…, N·g groups. It costs what a convolution with g groups costs an image, and is drawn as one.
 */
function perImage(run: Run, args: Bound, groups: PySym, rank: 1 | 2 | 3): PyValue {
  const { coefficient, symbols } = groups.dim
  const batch = { coefficient: 1, symbols }
  const [x, weight] = [tensor(args.input), tensor(args.weight)]
  const [first, channels, ...space] = shapeOf(x)
  const own = divDim(channels ?? null, batch)
  const outChannels = divDim(shapeOf(weight)[0] ?? null, batch)
  const [inChannels, ...kernel] = numbersOf(weight).slice(1)
  if (first !== 1 || own === null || typeof outChannels !== 'number' || kernel.includes(null))
    throw new Unknown('its groups depend on the batch size')
  const dilation = each(args.dilation, rank, 1)
  const attributes = {
    inChannels: typeof inChannels === 'number' ? inChannels * coefficient : null,
    outChannels,
    kernel: kernel as number[],
    stride: each(args.stride, rank, 1),
    dilation,
    padding: paddingOf(args.padding ?? 0, kernel as number[], dilation),
    groups: coefficient,
    bias: args.bias instanceof PyTensor,
  }
  return traceOf(run).composite(run, `conv${rank}d`, [x, weight], () => {
    const images = reshaped(run, 'reshape', x, [batch, own, ...space])
    const [out] = traceOf(run).weighted(run, `conv${rank}d`, attributes, [images, weight], `conv${rank}d`, [])
    const [, , ...left] = shapeOf(out!)
    return reshaped(run, 'reshape', out!, [1, mulDim(batch, outChannels), ...left])
  })
}

function transposed(run: Run, args: Bound, rank: 1 | 2 | 3): PyValue {
  const { weight, bias, sizes, inputs } = weightsOf(args, rank)
  const groups = int(args.groups, 1)
  const attributes = {
    inChannels: sizes[0]!,
    outChannels: sizes[1] === null ? null : sizes[1]! * groups,
    kernel: sizes.slice(2) as number[],
    stride: each(args.stride, rank, 1),
    dilation: each(args.dilation, rank, 1),
    padding: each(args.padding, rank, 0).map(p => [p, p] as const),
    outputPadding: each(args.output_padding, rank, 0),
    groups,
    bias: bias !== null,
  }
  const name = `conv_transpose${rank}d` as const
  return traceOf(run).weighted(run, name, attributes, inputs, name, [weight, bias])[0]!
}

function weightsOf(args: Bound, rank: number) {
  const weight = tensor(args.weight)
  const bias = args.bias instanceof PyTensor ? args.bias : null
  const sizes = numbersOf(weight)
  if (sizes.length !== rank + 2) {
    raise('RuntimeError', `weight should have ${rank + 2} dimensions, but got ${sizes.length}`)
  }
  if (sizes.slice(2).includes(null)) throw new Unknown('the kernel size of this weight is not known')
  return { weight, bias, sizes, inputs: [tensor(args.input), ...computedWeights([weight, bias])] }
}

/** What F.pad takes from its input, by its mode. */
const taken = (mode: string): { takes?: 'reflect' | 'circular' } =>
  mode === 'reflect' || mode === 'circular' ? { takes: mode } : {}
