import { type Dim, mapDim } from '../../../core/dim'
import type { Shape } from '../../../core/shape'
import { effectiveKernel, type Padding } from '../../../core/window'
import { type Run, raise } from '../interpreter/run'
import { asString, PyList, PyTuple, type PyValue } from '../interpreter/values'
import type { Bound } from '../torch/nn/define'
import { convolved } from '../torch/operations/contract'
import { moved } from '../torch/operations/data'
import { computedWeights, numbersOf } from '../torch/operations/products'
import { shapeOf } from '../torch/operations/shape'
import type { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { int, tensor, Unknown } from '../torch/values'
import { counted, type Row, remark, row, sizesIn, tensorOf } from './define'

type Rank = 1 | 2 | 3
const FIRST = ['NCW', 'NCHW', 'NCDHW']

const CONV = 'input|x|inputs, filters|filter|kernel, strides=|stride, padding=, use_cudnn_on_gpu='

/** Convolutions and pooling of tf.nn, keras.ops and keras.backend. Filters are k… × Cin/groups × Cout. */
export const windowRows: readonly Row[] = [
  ...([1, 2, 3] as const).map(rank =>
    row(
      `tf.nn.conv${rank}d tf.compat.v1.nn.conv${rank}d`,
      `input|value|x, filters|filter, strides=|stride, padding=, data_format=, dilations=, use_cudnn_on_gpu=`,
      (run, args) => convolution(run, args, rank, `conv${rank}d`),
    ),
  ),
  ...([1, 2, 3] as const).map(rank =>
    row(`K.conv${rank}d`, 'x, kernel, strides=, padding=, data_format=, dilation_rate=', (run, args) =>
      convolution(
        run,
        { ...args, input: args.x, filters: args.kernel, dilations: args.dilation_rate },
        rank,
        `conv${rank}d`,
      ),
    ),
  ),
  row('tf.nn.convolution', `${CONV}, data_format=, dilations=`, (run, args) =>
    convolution(run, args, rankOf(args.input), 'convolution'),
  ),
  row('ops.conv', 'inputs, kernel, strides=, padding=, data_format=, dilation_rate=', (run, args) =>
    convolution(run, kerasArguments(args), rankOf(args.inputs), 'conv'),
  ),
  row('tf.nn.atrous_conv2d', 'value, filters, rate, padding', (run, args) =>
    convolution(run, { ...args, input: args.value, dilations: args.rate }, 2, 'atrous_conv2d'),
  ),
  row(
    'tf.nn.depthwise_conv2d tf.nn.depthwise_conv2d_native tf.compat.v1.nn.depthwise_conv2d',
    'input, filter|filters, strides, padding, data_format=, dilations=|rate',
    (run, args) => depthwise(run, args, 'depthwise_conv2d'),
  ),
  row('ops.depthwise_conv', 'inputs, kernel, strides=, padding=, data_format=, dilation_rate=', (run, args) => {
    const given = kerasArguments(args)
    return depthwise(run, { ...given, filter: given.filters }, 'depthwise_conv')
  }),
  row('K.depthwise_conv2d', 'x, depthwise_kernel, strides=, padding=, data_format=, dilation_rate=', (run, args) =>
    depthwise(
      run,
      { ...args, input: args.x, filter: args.depthwise_kernel, dilations: args.dilation_rate },
      'depthwise_conv2d',
    ),
  ),
  row(
    'tf.nn.separable_conv2d tf.compat.v1.nn.separable_conv2d',
    'input, depthwise_filter, pointwise_filter, strides, padding, data_format=, dilations=|rate',
    (run, args) => separable(run, args, 'separable_conv2d'),
  ),
  row(
    'ops.separable_conv',
    'inputs, depthwise_kernel, pointwise_kernel, strides=, padding=, data_format=, dilation_rate=',
    (run, args) => {
      const { depthwise_kernel: depthwise_filter, pointwise_kernel: pointwise_filter } = args
      return separable(run, { ...kerasArguments(args), depthwise_filter, pointwise_filter }, 'separable_conv')
    },
  ),
  ...([1, 2, 3] as const).map(rank =>
    row(
      `tf.nn.conv${rank}d_transpose tf.compat.v1.nn.conv${rank}d_transpose`,
      'input|value, filters|filter, output_shape, strides, padding=, data_format=, dilations=',
      (run, args) => transposed(run, args, rank, `conv${rank}d_transpose`),
    ),
  ),
  row(
    'ops.conv_transpose',
    'inputs, kernel, strides=, padding=, output_padding=, data_format=, dilation_rate=',
    (run, args) => transposed(run, kerasArguments(args), rankOf(args.inputs), 'conv_transpose'),
  ),
  ...(['max', 'avg'] as const).flatMap(kind => [
    ...([1, 2, 3] as const).map(rank =>
      row(`tf.nn.${kind}_pool${rank}d`, 'input|value, ksize, strides, padding=, data_format=', (run, args) =>
        pool(run, args, kind, rank, `${kind}_pool${rank}d`),
      ),
    ),
    row(
      `tf.nn.${kind}_pool tf.compat.v1.nn.${kind}_pool`,
      'input|value|x, ksize, strides, padding=, data_format=',
      (run, args) => pool(run, args, kind, rankOf(args.input), `${kind}_pool`),
    ),
    row(
      kind === 'max' ? 'ops.max_pool' : 'ops.average_pool',
      'inputs, pool_size, strides=, padding=, data_format=',
      (run, args) =>
        pool(
          run,
          { ...kerasArguments(args), ksize: args.pool_size, strides: args.strides ?? args.pool_size },
          kind,
          rankOf(args.inputs),
          kind === 'max' ? 'max_pool' : 'average_pool',
        ),
    ),
  ]),
  row(
    'tf.nn.pool',
    'input, window_shape, pooling_type, strides=, padding=, data_format=, dilations=|dilation_rate',
    (run, args) => {
      const kind = asString(args.pooling_type ?? null) === 'AVG' ? 'avg' : 'max'
      return pool(run, { ...args, ksize: args.window_shape }, kind, rankOf(args.input), 'pool')
    },
  ),
  row('K.pool2d', 'x, pool_size, strides=, padding=, data_format=, pool_mode=', (run, args) => {
    const kind = asString(args.pool_mode ?? null) === 'avg' ? 'avg' : 'max'
    return pool(run, { ...args, input: args.x, ksize: args.pool_size }, kind, 2, 'pool2d')
  }),
]

const kerasArguments = (args: Bound): Bound => ({
  ...args,
  input: args.inputs,
  filters: args.kernel,
  dilations: args.dilation_rate,
})

/** Spatial axes of an input with batch and channels. */
function rankOf(value: PyValue | undefined): Rank {
  const rank = shapeOf(tensor(value)).length - 2
  if (rank >= 1 && rank <= 3) return rank as Rank
  return raise('ValueError', `expected an input of 3 to 5 dimensions and got ${rank + 2}`)
}

const isLast = (args: Bound, rank: Rank): boolean => {
  const format = asString(args.data_format ?? null)
  return format === null || (format !== 'channels_first' && format !== FIRST[rank - 1])
}

/** `2`, `[2]`, `[2, 2]` or one for each axis of the input. */
function spatial(value: PyValue | undefined, rank: Rank, last: boolean, what: string, otherwise = 1): number[] {
  if (value === undefined || value === null) return Array<number>(rank).fill(otherwise)
  if (!(value instanceof PyList || value instanceof PyTuple)) return Array<number>(rank).fill(int(value))
  const numbers = value.items.map(item => int(item))
  if (numbers.length === 1) return Array<number>(rank).fill(numbers[0]!)
  if (numbers.length === rank) return numbers
  if (numbers.length !== rank + 2)
    return raise('ValueError', `${what} should be of length 1, ${rank} or ${rank + 2} but was ${numbers.length}`)
  const [batch, channels] = [numbers[0], last ? numbers.at(-1) : numbers[1]]
  if (batch !== 1 || channels !== 1) throw new Unknown(`${what} in the batch and channel dimensions is not modelled`)
  return last ? numbers.slice(1, -1) : numbers.slice(2)
}

function paddingOf(value: PyValue | undefined, rank: Rank, last: boolean): Padding {
  if (value instanceof PyList || value instanceof PyTuple) {
    const sides = value.items.map(side => sizesIn(side))
    const spaces = sides.length === rank ? sides : last ? sides.slice(1, -1) : sides.slice(2)
    return spaces.map(side => {
      const [before, after] = side ?? []
      if (typeof before !== 'number' || typeof after !== 'number') throw new Unknown('the padding is not known')
      return [before, after] as const
    })
  }
  const word = (asString(value ?? null) ?? 'VALID').toUpperCase()
  if (word === 'SAME') return 'same'
  if (word === 'VALID') return Array.from({ length: rank }, () => [0, 0] as const)
  return raise('ValueError', `padding must be 'SAME' or 'VALID' and is '${asString(value ?? null) ?? '?'}'`)
}

/** The filter's shape: k…, depth, outputs. */
function filterOf(filter: PyTensor, rank: Rank): { kernel: number[]; depth: number | null; outputs: number | null } {
  const sizes = numbersOf(filter)
  if (sizes.length !== rank + 2)
    raise('ValueError', `filter must be of rank ${rank + 2} but was of rank ${sizes.length}`)
  const kernel = sizes.slice(0, rank)
  if (kernel.includes(null)) throw new Unknown('the size of the kernel is not known')
  return { kernel: kernel as number[], depth: sizes[rank]!, outputs: sizes[rank + 1]! }
}

const channelsOf = (x: PyTensor, last: boolean): Dim => (last ? x.shape?.at(-1) : x.shape?.[1]) ?? null

/** tf.nn.conv2d(input, filters, strides, padding): where the filter is shallower than the input, in groups. */
function convolution(run: Run, args: Bound, rank: Rank, name: string): PyTensor {
  const [x, filter] = [tensorOf(run, args.input), tensorOf(run, args.filters)]
  const last = isLast(args, rank)
  const { kernel, depth, outputs } = filterOf(filter, rank)
  const channels = channelsOf(x, last)
  const known = typeof channels === 'number' && depth !== null && depth > 0
  const groups = known && channels !== depth && channels % depth === 0 ? channels / depth : 1
  const attributes = {
    inChannels: depth === null ? null : depth * groups,
    outChannels: outputs,
    groups,
    bias: false,
    ...windowOf(args, kernel, rank, last),
  }
  const inputs = [x, ...computedWeights([filter])]
  const result = traceOf(run).weighted(run, `conv${rank}d`, attributes, inputs, name, [filter])[0]!
  if (groups > 1 && outputs !== null && outputs % groups === 0)
    remark(
      run,
      `${name} gets a filter of depth ${depth} and an input of ${channels} channels: TensorFlow runs it in ${groups} groups, and ${outputs} filters give ${outputs} channels.`,
    )
  result.data = values(run, x, filter, result.shape, attributes, last)
  return counted(run, result, [filter])
}

function windowOf(args: Bound, kernel: readonly number[], rank: Rank, last: boolean) {
  return {
    kernel,
    stride: spatial(args.strides, rank, last, 'strides'),
    dilation: spatial(args.dilations, rank, last, 'dilations'),
    padding: paddingOf(args.padding, rank, last),
    ...(last ? { channelsLast: true } : {}),
  }
}

/** depthwise_conv2d(input, filter k × k × Cin × multiplier). */
function depthwise(run: Run, args: Bound, name: string): PyTensor {
  const [x, filter] = [tensorOf(run, args.input), tensorOf(run, args.filter)]
  const rank = (shapeOf(filter).length - 2) as Rank
  const last = isLast(args, rank)
  const { kernel, depth, outputs: multiplier } = filterOf(filter, rank)
  const attributes = {
    inChannels: depth,
    outChannels: depth === null || multiplier === null ? null : depth * multiplier,
    groups: depth ?? 1,
    bias: false,
    ...windowOf(args, kernel, rank, last),
  }
  const op = rank === 1 ? 'conv1d' : 'conv2d'
  const inputs = [x, ...computedWeights([filter])]
  return counted(run, traceOf(run).weighted(run, op, attributes, inputs, name, [filter])[0]!, [filter])
}

function separable(run: Run, args: Bound, name: string): PyTensor {
  const x = tensorOf(run, args.input)
  return traceOf(run).composite(run, name, [x], () => {
    const middle = depthwise(run, { ...args, filter: args.depthwise_filter }, name)
    const { data_format } = args
    const pointwise = { input: middle, filters: args.pointwise_filter, data_format: data_format ?? null }
    return convolution(run, pointwise, rankOf(middle), name)
  })
}

/** conv2d_transpose(input, filters k × k × Cout × Cin, output_shape): the output is what the program says it is. */
function transposed(run: Run, args: Bound, rank: Rank, name: string): PyTensor {
  const [x, filter] = [tensorOf(run, args.input), tensorOf(run, args.filters)]
  const last = isLast(args, rank)
  const { kernel, depth: outputs, outputs: channels } = filterOf(filter, rank)
  const window = windowOf(args, kernel, rank, last)
  const given = sizesIn(args.output_shape)
  const space = given && given.length === rank + 2 ? (last ? given.slice(1, -1) : given.slice(2)) : given
  const own = x.shape ? (last ? x.shape.slice(1, -1) : x.shape.slice(2)) : null
  const sides = kernel.map((k, i) => {
    const reach = effectiveKernel(k, window.dilation[i]!)
    const stride = window.stride[i]!
    const [size, wanted] = [own?.[i], space?.[i]]
    const natural = typeof size === 'number' ? (size - 1) * stride + reach : null
    const otherwise = window.padding === 'same' ? stride - reach : Math.max(stride - reach, 0)
    const more = natural !== null && typeof wanted === 'number' ? wanted - natural : otherwise
    return { pad: more < 0 ? ([Math.floor(-more / 2), Math.ceil(-more / 2)] as const) : ([0, 0] as const), more }
  })
  const attributes = {
    ...window,
    padding: sides.map(s => s.pad),
    outputPadding: sides.map(s => Math.max(0, s.more)),
    inChannels: channels,
    outChannels: outputs,
    groups: 1,
    bias: false,
  }
  const inputs = [x, ...computedWeights([filter])]
  const result = traceOf(run).weighted(run, `conv_transpose${rank}d`, attributes, inputs, name, [filter])[0]!
  return counted(run, result, [filter])
}

function pool(run: Run, args: Bound, kind: 'max' | 'avg', rank: Rank, name: string): PyTensor {
  const x = tensorOf(run, args.input)
  const last = isLast(args, rank)
  const kernel = spatial(args.ksize, rank, last, 'ksize')
  const { dilation, padding, stride } = windowOf(args, kernel, rank, last)
  const attributes = { kernel, stride, dilation, padding, ...(last ? { channelsLast: true } : {}) }
  return traceOf(run).op(run, `${kind}_pool${rank}d`, attributes, [x], name)
}

/** The numbers of a small convolution, in the input's own axis order. */
function values(
  run: Run,
  x: PyTensor,
  filter: PyTensor,
  out: Shape | null,
  window: ReturnType<typeof windowOf> & { readonly groups: number },
  last: boolean,
): number[] | null {
  if (!x.data || !filter.data || !x.shape || !out) return null
  const rank = window.kernel.length
  const axes = Array.from({ length: rank }, (_, i) => i)
  const toFirst = last ? [0, rank + 1, ...axes.map(i => i + 1)] : axes.concat(rank, rank + 1)
  const toLast = last ? [0, ...axes.map(i => i + 2), 1] : toFirst
  const input = reordered(run, x, toFirst)
  const weight = reordered(run, filter, [rank + 1, rank, ...axes])
  const outFirst = toFirst.map(axis => out[axis]!)
  const sizes = input.shape!.slice(2)
  const padding = window.padding === 'same' ? sizes.map((size, i) => samePads(size, window, i)) : window.padding
  const data = convolved(input, weight, null, outFirst, { ...window, padding })
  return data ? (reordered(run, traceOf(run).constant(outFirst, x.dtype, data), toLast).data as number[] | null) : null
}

function reordered(run: Run, x: PyTensor, order: readonly number[]): PyTensor {
  const shape = order.map(axis => x.shape![axis]!)
  const data = moved(x, shape, at => {
    const from: number[] = []
    order.forEach((axis, i) => {
      from[axis] = at[i]!
    })
    return from
  })
  return traceOf(run).constant(shape, x.dtype, data)
}

/** TensorFlow's `SAME`: what is missing for ceil(n / s) windows, the larger half at the end. */
function samePads(
  size: Dim,
  window: { kernel: readonly number[]; stride: readonly number[]; dilation: readonly number[] },
  axis: number,
) {
  const reach = effectiveKernel(window.kernel[axis]!, window.dilation[axis]!)
  const stride = window.stride[axis]!
  const total = mapDim(size, n => Math.max(0, (Math.ceil(n / stride) - 1) * stride + reach - n))
  const missing = typeof total === 'number' ? total : 0
  return [Math.floor(missing / 2), Math.ceil(missing / 2)] as const
}
