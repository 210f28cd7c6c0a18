import { type Dim, divDim, mulDim } from '../../../core/dim'
import type { Shape } from '../../../core/shape'
import { items } from '../interpreter/iterate'
import { fromDim } from '../interpreter/operators'
import { type Run, raise } from '../interpreter/run'
import { list, tuple } from '../interpreter/types'
import { asInt, asNumber, asString, isUnknown, PyList, PyTuple, type PyValue } from '../interpreter/values'
import { moved } from '../torch/operations/data'
import { computed } from '../torch/operations/gather'
import { stacked, unbound } from '../torch/operations/join'
import { axis, expanded, permuted, reshaped, shapeOf, unsqueezed } from '../torch/operations/shape'
import { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { dim, int, Unknown } from '../torch/values'
import { likeTorch, type Row, row, sizesIn, tensorOf } from './define'
import { asShape, shapeTensor } from './shapeTensor'

/** Functions that give tensors another shape, join them and cut them. */
export const shapingRows: readonly Row[] = [
  row('tf.reshape ops.reshape K.reshape', 'x|tensor, shape|newshape', (run, { x, shape }) => {
    const sizes = sizesIn(shape)
    if (sizes === null) throw new Unknown('this shape is not known')
    return reshaped(run, 'reshape', tensorOf(run, x), sizes)
  }),
  row(
    'tf.transpose tf.compat.v1.transpose ops.transpose K.permute_dimensions K.transpose',
    'x|a, perm=|axes|pattern, conjugate=',
    (run, { x, perm }) => {
      const input = tensorOf(run, x)
      const rank = shapeOf(input).length
      const order = perm === undefined || perm === null ? null : sizesIn(perm)
      const axes = order ?? Array.from({ length: rank }, (_, i) => rank - 1 - i)
      if (axes.some(a => typeof a !== 'number')) throw new Unknown('the order of the axes is not known')
      return permuted(run, 'transpose', input, axes as number[])
    },
  ),
  row('ops.swapaxes tf.experimental.numpy.swapaxes', 'x, axis1, axis2', (run, { x, axis1, axis2 }) =>
    likeTorch(run, 'transpose', { input: tensorOf(run, x), dim0: axis1!, dim1: axis2! }),
  ),
  row('ops.moveaxis tf.experimental.numpy.moveaxis', 'x, source, destination', (run, { x, source, destination }) =>
    likeTorch(run, 'movedim', { input: tensorOf(run, x), source: source!, destination: destination! }),
  ),
  row('tf.expand_dims ops.expand_dims K.expand_dims', 'x|input, axis=|dim', (run, { x, axis: at }) => {
    const input = tensorOf(run, x)
    const axes = at === undefined || at === null ? [-1] : (sizesIn(at) ?? [])
    let result = input
    for (const one of axes) {
      if (typeof one !== 'number') throw new Unknown('the axis is not known')
      result = unsqueezed(run, result, axis(one, shapeOf(result).length + 1))
    }
    return result
  }),
  row(
    'tf.squeeze tf.compat.v1.squeeze ops.squeeze K.squeeze',
    'x|input, axis=|squeeze_dims',
    (run, { x, axis: at }) => {
      const named = at === undefined || at === null ? null : sizesIn(at)
      return likeTorch(run, 'squeeze', {
        input: tensorOf(run, x),
        ...(named?.length ? { dim: tuple(named.map(a => fromDim(a))) } : {}),
      })
    },
  ),
  row(
    'tf.concat tf.compat.v1.concat ops.concatenate K.concatenate',
    'values|tensors|xs, axis=|concat_dim',
    (run, { values, axis: at }) => {
      const given = items(run, values ?? null)
      if (given === null) throw new Unknown('the tensors to join are not known')
      // Pieces of a shape, as tf.shape gives it.
      if (given.some(v => asShape(v)) && !given.some(v => v instanceof PyTensor && v.shape?.length !== 1)) {
        const sizes = given.map(v => sizesIn(v))
        if (sizes.every(s => s !== null)) return shapeTensor(sizes.flat().map(fromDim))
      }
      return likeTorch(run, 'concat', { tensors: list(given.map(v => tensorOf(run, v))), dim: at ?? -1 })
    },
  ),
  row(
    'tf.stack ops.stack K.stack tf.compat.v1.stack tf.pack',
    'values|x|arrays, axis=',
    (run, { values, axis: at }) => {
      const given = items(run, values ?? null)
      if (given === null) throw new Unknown('the tensors to join are not known')
      // A shape put together from sizes.
      if (!given.some(v => v instanceof PyTensor && v.shape?.length !== 0) && given.some(v => asNumber(v) === null))
        return shapeTensor(given.map(v => (v instanceof PyTensor ? (v.data?.[0] ?? null) : v)))
      return stacked(
        run,
        given.map(v => tensorOf(run, v)),
        int(at, 0),
      )
    },
  ),
  row('tf.unstack ops.unstack', 'x|value, num=, axis=', (run, { x, axis: at }) => {
    const shape = asShape(x!)
    if (shape) return list([...shape])
    return list(unbound(run, tensorOf(run, x), int(at, 0)))
  }),
  row(
    'tf.split tf.compat.v1.split',
    'value, num_or_size_splits, axis=|split_dim, num=',
    (run, { value, num_or_size_splits, axis: at }) => cut(run, tensorOf(run, value), num_or_size_splits!, int(at, 0)),
  ),
  row('ops.split ops.array_split', 'x, indices_or_sections, axis=', (run, { x, indices_or_sections, axis: at }) =>
    likeTorch(run, 'tensor_split', {
      input: tensorOf(run, x),
      indices_or_sections: indices_or_sections!,
      dim: at ?? 0,
    }),
  ),
  row('tf.tile ops.tile K.tile', 'x|input, multiples|repeats|n', (run, { x, multiples }) => {
    const input = tensorOf(run, x)
    const times = sizesIn(multiples)
    if (!times || times.length < shapeOf(input).length) throw new Unknown('how often it repeats is not known')
    const out = shapeOf(input).map((size, i) => mulDim(size, times[times.length - shapeOf(input).length + i]!))
    const result = computed(run, 'tile', [input], [...times.slice(0, times.length - out.length), ...out])
    result.data =
      times.length === out.length
        ? moved(input, result.shape, at => at.map((c, i) => c % (input.shape![i] as number)))
        : null
    return result
  }),
  row('tf.repeat ops.repeat K.repeat_elements', 'x|input, repeats|rep, axis=', (run, { x, repeats, axis: at }) =>
    likeTorch(run, 'repeat_interleave', {
      input: tensorOf(run, x),
      repeats: repeats!,
      ...(at == null ? {} : { dim: at }),
    }),
  ),
  row(
    'tf.pad tf.compat.v1.pad ops.pad',
    'x|tensor, paddings|pad_width, mode=, constant_values=',
    (run, { x, paddings, mode }) => {
      const sides =
        paddings instanceof PyTensor
          ? rows(paddings)
          : (items(run, paddings ?? null)?.map(side => sizesIn(side)) ?? null)
      if (!sides) throw new Unknown('the padding is not known')
      const input = tensorOf(run, x)
      const pads = sides.map(side => {
        const [before, after = before] = side ?? []
        if (typeof before !== 'number' || typeof after !== 'number') throw new Unknown('the padding is not known')
        return [before, after] as const
      })
      if (pads.length !== shapeOf(input).length)
        raise('ValueError', `paddings must have ${shapeOf(input).length} rows and has ${pads.length}`)
      const taken = (asString(mode ?? null) ?? '').toLowerCase() === 'reflect' ? { takes: 'reflect' as const } : {}
      return traceOf(run).op(run, 'pad', { pads, ...taken }, [input], 'pad')
    },
  ),
  row(
    'tf.slice ops.slice K.slice',
    'x|input_|inputs, begin|start_indices|start, size|shape',
    (run, { x, begin, size }) => {
      const shape = asShape(x!)
      const [from, sizes] = [sizesIn(begin), sizesIn(size)]
      if (!from || !sizes) throw new Unknown('the ends of this slice are not known')
      if (shape && typeof from[0] === 'number' && typeof sizes[0] === 'number')
        return shapeTensor(shape.slice(from[0], sizes[0] < 0 ? undefined : from[0] + sizes[0]))
      const input = tensorOf(run, x)
      const out = shapeOf(input).map((d, i): Dim => {
        const wanted = sizes[i] ?? null
        if (wanted !== -1) return wanted
        return from[i] === 0 ? d : typeof d === 'number' && typeof from[i] === 'number' ? d - (from[i] as number) : null
      })
      const result = traceOf(run).op(run, 'view', { function: 'slice', shape: out }, [input], 'slice')
      if (from.every(f => typeof f === 'number'))
        result.data = moved(input, out, at => at.map((c, i) => c + (from[i] as number)))
      return result
    },
  ),
  row(
    'tf.gather tf.compat.v1.gather ops.take K.gather tf.nn.embedding_lookup tf.compat.v1.nn.embedding_lookup',
    'params|x|reference, indices|ids, validate_indices=, axis=, batch_dims=',
    (run, args) => {
      const [params, picks] = [tensorOf(run, args.params), tensorOf(run, args.indices)]
      const at = axis(int(args.axis ?? args.validate_indices, 0), shapeOf(params).length)
      if (int(args.batch_dims, 0) !== 0) throw new Unknown('gather with batch_dims is not modelled')
      const shape = shapeOf(params)
      const out = picks.shape ? [...shape.slice(0, at), ...picks.shape, ...shape.slice(at + 1)] : null
      return computed(run, 'gather', [params, picks], out)
    },
  ),
  row('tf.gather_nd', 'params, indices, batch_dims=', (run, { params, indices }) => {
    const [x, picks] = [tensorOf(run, params), tensorOf(run, indices)]
    const depth = shapeOf(picks).at(-1)
    const out = typeof depth === 'number' ? [...shapeOf(picks).slice(0, -1), ...shapeOf(x).slice(depth)] : null
    return computed(run, 'gather_nd', [x, picks], out)
  }),
  row('tf.boolean_mask', 'tensor, mask, axis=', (run, { tensor: x, mask }) => {
    const [input, chosen] = [tensorOf(run, x), tensorOf(run, mask)]
    return computed(run, 'boolean_mask', [input, chosen], [null, ...shapeOf(input).slice(shapeOf(chosen).length)])
  }),
  row(
    'tf.one_hot ops.one_hot K.one_hot',
    'x|indices, depth|num_classes, on_value=|axis, off_value=|dtype|sparse',
    (run, { x, depth }) => {
      const input = tensorOf(run, x)
      const result = computed(run, 'one_hot', [input], [...shapeOf(input), dim(depth!)])
      result.dtype = 'float32'
      return result
    },
  ),
  row('tf.broadcast_to ops.broadcast_to', 'x|input, shape', (run, { x, shape }) => {
    const sizes = sizesIn(shape)
    if (!sizes) throw new Unknown('this shape is not known')
    return expanded(run, 'broadcast_to', tensorOf(run, x), sizes)
  }),
  ...['reverse', 'flip', 'roll'].map(name =>
    row(`tf.${name} ops.${name} K.${name}`, null, (run, named, args) => {
      const input = tensorOf(run, args[0] ?? named.x ?? named.tensor ?? named.input ?? null)
      return computed(run, name, [input], input.shape)
    }),
  ),
  row('tf.meshgrid ops.meshgrid', null, (run, named, args) =>
    likeTorch(
      run,
      'meshgrid',
      { indexing: 'xy', ...named },
      args.map(v => tensorOf(run, v)),
    ),
  ),
  row('K.flatten ops.ravel', 'x', (run, { x }) => likeTorch(run, 'flatten', { input: tensorOf(run, x) })),
  row('K.batch_flatten', 'x', (run, { x }) => likeTorch(run, 'flatten', { input: tensorOf(run, x), start_dim: 1 })),
  row('tf.shape tf.compat.v1.shape ops.shape K.shape K.int_shape', 'x|input, out_type=', (run, { x }) => {
    if (x !== undefined && isUnknown(x)) throw new Unknown(x.reason)
    return shapeTensor(shapeOf(tensorOf(run, x)).map(fromDim))
  }),
  row('tf.rank ops.ndim K.ndim', 'x|input', (run, { x }) => shapeOf(tensorOf(run, x)).length),
  row('tf.size ops.size', 'x|input', (run, { x }) => {
    const total = shapeOf(tensorOf(run, x)).reduce<Dim>(mulDim, 1)
    if (total === null) throw new Unknown('its size is not known')
    return fromDim(total)
  }),
  row('tf.nn.space_to_depth tf.space_to_depth', 'x|input, block_size, data_format=', (run, args) =>
    blocks(run, args.x, args.block_size, true),
  ),
  row('tf.nn.depth_to_space tf.depth_to_space', 'x|input, block_size, data_format=', (run, args) =>
    blocks(run, args.x, args.block_size, false),
  ),
]

/** tf.split: into equal parts, or parts of the sizes that are listed. */
function cut(run: Run, x: PyTensor, sizes: PyValue, at: number): PyValue {
  const place = axis(at, shapeOf(x).length)
  const whole = shapeOf(x)[place]!
  const listed = sizes instanceof PyList || sizes instanceof PyTuple ? sizesIn(sizes) : null
  if (listed) {
    const hole = listed.indexOf(-1)
    const rest =
      typeof whole === 'number'
        ? whole - listed.reduce<number>((sum, s, i) => sum + (i === hole ? 0 : Number(s ?? Number.NaN)), 0)
        : null
    const all = listed.map((s, i) => (i === hole ? (Number.isFinite(rest) ? rest : null) : s))
    return list([
      ...items(
        run,
        likeTorch(run, 'split', { tensor: x, split_size_or_sections: list(all.map(fromDim)), dim: place }),
      )!,
    ])
  }
  const count = asInt(sizes)
  if (count === null || count < 1 || count > 4096) throw new Unknown('how many parts there are is not known')
  const each = divDim(whole, count)
  if (each === null && typeof whole === 'number')
    raise('ValueError', `Dimension size, ${whole} must be evenly divisible by ${count}`)
  return list([
    ...items(
      run,
      likeTorch(run, 'split', {
        tensor: x,
        split_size_or_sections: list(Array<PyValue>(count).fill(fromDim(each))),
        dim: place,
      }),
    )!,
  ])
}

/** The rows of a matrix whose numbers are known. */
function rows(matrix: PyTensor): number[][] | null {
  const [count, width] = matrix.shape ?? []
  if (!matrix.data || typeof count !== 'number' || typeof width !== 'number') return null
  return Array.from({ length: count }, (_, i) => matrix.data!.slice(i * width, (i + 1) * width))
}

/** Blocks of positions become channels, and back; channels last. */
function blocks(run: Run, value: PyValue | undefined, size: PyValue | undefined, toDepth: boolean): PyTensor {
  const x = tensorOf(run, value)
  const [batch, height, width, channels] = shapeOf(x) as [Dim, Dim, Dim, Dim]
  const block = int(size)
  const square = block * block
  const shape: Shape = toDepth
    ? [batch, divDim(height, block), divDim(width, block), mulDim(channels, square)]
    : [batch, mulDim(height, block), mulDim(width, block), divDim(channels, square)]
  return computed(run, toDepth ? 'space_to_depth' : 'depth_to_space', [x], shape)
}
