import { type Dim, divDim, mulDim, N, sameDim } from '../../../core/dim'
import { describe } from '../../../core/faults'
import type { Shape } from '../../../core/shape'
import { messageOf, scalarsOf } from '../fields'
import { batchesOf } from '../inputs'
import { fail, type LayerType, origin, type Step, shapeOf, unreadable } from '../layerType'
import { blobShape, flag, fraction, message, part, repeated, text, whole, word } from '../schema'
import { flag as flagOf, has, needed, paramOf, spanOf, whole as wholeOf, wholes } from '../values'
import { axisOf, compute } from './parts'

/** Rules: src/caffe/layers/slice_layer.cpp. */
export const slice: LayerType = {
  names: ['Slice'],
  doc: 'Cuts a blob along an axis into as many as there are tops.',
  bottoms: 1,
  params: {
    slice_param: message(
      whole('axis', 1, 'Axis along which it is cut.'),
      whole('slice_point', '', 'Where the next piece starts, one less than there are tops.', repeated),
      whole('slice_dim', 1, 'As `axis`, older.'),
    ),
  },
  build: step => {
    const param = paramOf(step, 'slice_param')
    const axis = wholeOf(step, param, has(param, 'slice_dim') ? 'slice_dim' : 'axis', 1)
    const shape = shapeOf(step)
    const at = axisOf(step, axis)
    const sizes = pieces(step, wholes(step, param, 'slice_point'), at === null ? null : shape![at]!)
    return step.builder.addAll('split', { axis, sizes }, step.bottoms, origin(step))
  },
}

function pieces(step: Step, points: readonly number[], total: Dim): Dim[] {
  const count = step.layer.tops.length
  const span = spanOf(paramOf(step, 'slice_param'), 'slice_point')
  if (points.length === 0) {
    if (typeof total === 'number' && total % count !== 0) {
      fail(step, 'shape-mismatch', `${step.site.name} cannot cut ${total} into ${count}: ${describe(step.bottoms[0])}.`)
    }
    // Parts of a batch are batches.
    return Array(count).fill(total === N ? N : divDim(total, count))
  }
  if (points.length !== count - 1) {
    const message_ = `${step.site.name} expects one slice_point less than tops, ${count - 1}, and gets ${points.length}.`
    fail(step, 'bad-argument', message_, span)
    return Array(count).fill(null)
  }
  const edges = [0, ...points]
  const rest = typeof total === 'number' ? total - edges.at(-1)! : null
  const sizes = [...points.map((point, i) => point - edges[i]!), rest]
  if (sizes.every(size => size === null || size > 0)) return sizes
  fail(
    step,
    'bad-argument',
    `${step.site.name} expects slice_point to rise and to stay below ${total ?? 'the size'}.`,
    span,
  )
  return Array(count).fill(null)
}

/** Rules: src/caffe/layers/split_layer.cpp; Caffe puts them where several layers read one blob. */
export const split: LayerType = {
  names: ['Split'],
  doc: 'Gives its bottom to every top.',
  bottoms: 1,
  params: { split_param: message(whole('top_num', '', 'How many tops.')) },
  build: step => step.layer.tops.map(() => step.builder.add('identity', {}, [step.bottoms[0]!], origin(step))),
}

/** Rules: src/caffe/layers/flatten_layer.cpp. */
export const flatten: LayerType = {
  names: ['Flatten'],
  doc: 'Joins axes to one.',
  bottoms: 1,
  params: {
    flatten_param: message(
      whole('axis', 1, 'First axis that is joined.'),
      whole('end_axis', -1, 'Last axis that is joined.'),
    ),
  },
  build: step => {
    const param = paramOf(step, 'flatten_param')
    const axes = { start: wholeOf(step, param, 'axis', 1), end: wholeOf(step, param, 'end_axis', -1) }
    return [step.builder.add('flatten', axes, step.bottoms, origin(step))]
  },
}

/** Rules: src/caffe/layers/reshape_layer.cpp: 0 keeps the bottom's size, −1 is what remains. */
export const reshape: LayerType = {
  names: ['Reshape'],
  doc: 'The same values in another shape: 0 keeps a size, −1 is what remains.',
  bottoms: 1,
  params: {
    reshape_param: message(
      part('shape', blobShape, 'The new sizes.'),
      whole('axis', 0, 'First axis that is replaced.'),
      whole('num_axes', -1, 'How many axes are replaced; −1 for all that follow.'),
    ),
  },
  build: step => {
    const param = paramOf(step, 'reshape_param')
    const given = wholes(step, messageOf(param, 'shape'), 'dim')
    const old = shapeOf(step)
    const rank = old?.length ?? 0
    const axis = wholeOf(step, param, 'axis', 0)
    const start = axis < 0 ? rank + axis + 1 : axis
    const count = wholeOf(step, param, 'num_axes', -1)
    const end = count < 0 ? rank : start + count
    const [input] = step.bottoms
    if (!old && (start !== 0 || count >= 0)) {
      return [step.builder.add('view', { function: 'reshape', shape: null }, [input!], origin(step))]
    }
    const kept = given.findIndex((dim, i) => dim === 0 && old && start + i >= rank)
    if (kept >= 0 || start > rank || end > rank) {
      const message_ = `${step.site.name} keeps a size that its bottom does not have: ${describe(input)}.`
      fail(step, 'bad-argument', message_, scalarsOf(messageOf(param, 'shape'), 'dim')[kept]?.span)
      return [step.builder.add('view', { function: 'reshape', shape: null }, [input!], origin(step))]
    }
    const sizes = given.map((dim, i): Dim => (dim === 0 ? (old?.[start + i] ?? null) : dim))
    const shape: Dim[] = [...(old?.slice(0, start) ?? []), ...sizes, ...(old?.slice(end) ?? [])]
    const batches = batchesOf(shape[0] ?? null, step.data.batch)
    if (batches !== null && old && sameDim(old[0] ?? null, batches)) shape[0] = batches
    return [step.builder.add('reshape', { shape }, [input!], origin(step))]
  },
}

/** Rules: SSD’s src/caffe/layers/permute_layer.cpp: axes that are not named follow in their order. */
export const permute: LayerType = {
  names: ['Permute'],
  doc: 'Puts the axes into another order (SSD).',
  bottoms: 1,
  params: { permute_param: message(whole('order', '', 'Which axis comes next.', repeated)) },
  build: step => {
    const given = wholes(step, paramOf(step, 'permute_param'), 'order')
    const rest = (shapeOf(step) ?? []).map((_, i) => i).filter(axis => !given.includes(axis))
    return [step.builder.add('permute', { order: [...given, ...rest] }, [step.bottoms[0]!], origin(step))]
  },
}

/** Rules: src/caffe/layers/crop_layer.cpp: from `axis` on the sizes are those of the second bottom. */
export const crop: LayerType = {
  names: ['Crop'],
  doc: 'Cuts the first bottom to the sizes of the second.',
  bottoms: 2,
  params: {
    crop_param: message(
      whole('axis', 2, 'First axis that is cut.'),
      whole('offset', 0, 'Where the cut starts; once, or once an axis.', repeated),
      whole('offset_height', '', 'Where the cut starts down (of a fork).', repeated),
      whole('offset_width', '', 'Where the cut starts across (of a fork).', repeated),
    ),
  },
  build: step => {
    const param = paramOf(step, 'crop_param')
    const [from, like] = [shapeOf(step), shapeOf(step, 1)]
    const axis = axisOf(step, wholeOf(step, param, 'axis', 2))
    if (!from || axis === null) return compute(step, 'crop', [null])
    const offsets = wholes(step, param, 'offset')
    const cut = from.map((dim, i): Dim => (i < axis ? dim : (like?.[i] ?? null)))
    const over = from.findIndex((dim, i) => {
      const offset = i < axis ? 0 : ((offsets.length === 1 ? offsets[0] : offsets[i - axis]) ?? 0)
      return i >= axis && typeof dim === 'number' && typeof cut[i] === 'number' && dim - offset < cut[i]
    })
    if (over >= 0) {
      const message_ = `${step.site.name} cannot cut ${describe(step.bottoms[1])} out of ${describe(step.bottoms[0])}${offsets.length > 0 ? ` at ${offsets.join(', ')}` : ''}.`
      fail(step, 'shape-mismatch', message_, step.layer.bottoms[1]!.span)
    }
    return compute(step, 'crop', [cut])
  },
}

/** Rules: src/caffe/layers/tile_layer.cpp. */
export const tile: LayerType = {
  names: ['Tile'],
  doc: 'Repeats a blob along an axis.',
  bottoms: 1,
  params: {
    tile_param: message(whole('axis', 1, 'Axis along which it is repeated.'), whole('tiles', '', 'How many times.')),
  },
  build: step => {
    const param = paramOf(step, 'tile_param')
    const tiles = needed(step, param, 'tiles')
    const at = axisOf(step, wholeOf(step, param, 'axis', 1))
    const shape = shapeOf(step)?.map((dim, i) => (i === at ? mulDim(dim, tiles) : dim)) ?? null
    return compute(step, 'tile', [shape])
  },
}

const FOLDS = ['SUM', 'ASUM', 'SUMSQ', 'MEAN'] as const

/** Rules: src/caffe/layers/reduction_layer.cpp: all axes from one on are folded. */
export const reduction: LayerType = {
  names: ['Reduction'],
  doc: 'Folds all axes from one on to a sum or mean.',
  bottoms: 1,
  params: {
    reduction_param: message(
      word('operation', 'SUM', FOLDS, 'What they are folded to.'),
      whole('axis', 0, 'First axis that is folded.'),
      fraction('coeff', 1, 'Factor of the result.'),
    ),
  },
  build: step => {
    const from = axisOf(step, wholeOf(step, paramOf(step, 'reduction_param'), 'axis', 0)) ?? 0
    const axes = (shapeOf(step) ?? []).map((_, i) => i).filter(axis => axis >= from)
    return [step.builder.add('reduce', { function: 'sum', axes }, step.bottoms, origin(step))]
  },
}

/** Rules: src/caffe/layers/argmax_layer.cpp. */
export const argmax: LayerType = {
  names: ['ArgMax'],
  doc: 'Where the largest values are.',
  bottoms: 1,
  params: {
    argmax_param: message(
      flag('out_max_val', false, 'Gives the values too, or with an axis instead.'),
      whole('top_k', 1, 'How many.'),
      whole('axis', '', 'Axis along which the largest is looked for; all but the batch where it is absent.'),
    ),
  },
  build: step => {
    const param = paramOf(step, 'argmax_param')
    const shape = shapeOf(step)
    const top = wholeOf(step, param, 'top_k', 1)
    const at = has(param, 'axis') ? axisOf(step, wholeOf(step, param, 'axis', 0)) : null
    if (!shape || (has(param, 'axis') && at === null)) return compute(step, 'argmax', [null])
    const both = flagOf(param, 'out_max_val', false)
    const whole_: Shape = shape.map((_, i) => (i === 0 ? shape[0]! : i === 1 && both ? 2 : i === 2 ? top : 1))
    const alone: Shape = whole_.length < 3 ? [shape[0]!, both ? 2 : 1, top] : whole_
    return compute(step, 'argmax', [at === null ? alone : shape.map((dim, i) => (i === at ? top : dim))], 1)
  },
}

/** Rules: ShuffleNet’s shuffle_channel_layer.cpp: the shape stays. */
export const shuffleChannel: LayerType = {
  names: ['ShuffleChannel'],
  doc: 'Mixes the channels of groups (ShuffleNet).',
  bottoms: 1,
  params: { shuffle_channel_param: message(whole('group', 1, 'Groups of channels.')) },
  build: step => {
    const group = wholeOf(step, paramOf(step, 'shuffle_channel_param'), 'group', 1)
    const channels = shapeOf(step)?.[1]
    if (typeof channels === 'number' && (group < 1 || channels % group !== 0)) {
      const message_ = `${step.site.name}: group ${group} does not divide ${channels} channels.`
      fail(step, 'groups-not-dividing', message_, spanOf(paramOf(step, 'shuffle_channel_param'), 'group'))
    }
    return compute(step, 'shuffle_channel', [shapeOf(step)])
  },
}

/** Rules: src/caffe/layers/batch_reindex_layer.cpp: the batch is as long as the second bottom. */
export const batchReindex: LayerType = {
  names: ['BatchReindex'],
  doc: 'Picks images of the batch by the indices in the second bottom.',
  bottoms: 2,
  build: step => compute(step, 'batch_reindex', [picked(step)]),
}

const picked = (step: Step): Shape | null => {
  const [shape, indices] = [shapeOf(step), shapeOf(step, 1)]
  return shape && [indices?.[0] ?? null, ...shape.slice(1)]
}

/**
 * Rules: src/caffe/layers/filter_layer.cpp: of every bottom but the last, the images that the last selects. A fork that
 * prunes has one with a bottom alone, which keeps some of the channels.
 */
export const filter: LayerType = {
  names: ['Filter'],
  doc: 'Keeps the images of the batch that the last bottom selects.',
  bottoms: [1, 1000],
  params: { filter_param: { fields: [whole('num_output', '', 'Channels that are kept (of a fork).')], open: true } },
  build: step => {
    const kept = wholeOf(step, paramOf(step, 'filter_param'), 'num_output', null)
    if (step.bottoms.length > 1) {
      return compute(
        step,
        'filter',
        step.bottoms.slice(0, -1).map(({ shape }) => shape),
      )
    }
    const shape = shapeOf(step)?.map((dim, i) => (i === 1 ? kept : dim)) ?? null
    if (kept !== null) return unreadable(step, 'what it stores is not in the file', shape)
    fail(step, 'bad-argument', `${step.site.name} expects at least 2 bottoms and gets 1.`)
    return unreadable(step, 'it has too few bottoms')
  },
}

/** Layers without tops. */
export const silence: LayerType = {
  names: ['Silence', 'HDF5Output'],
  doc: 'Takes blobs that nobody reads.',
  params: { hdf5_output_param: message(text('file_name', '', 'File that is written.')) },
  build: () => [],
}
