import { type Dim, N } from '../../../core/dim'
import type { Shape } from '../../../core/shape'
import { messageOf, messagesOf, scalarsOf, textOf } from '../fields'
import { inputView, tellMissingSize } from '../inputs'
import { type LayerType, origin, type Step } from '../layerType'
import { blobShape, filler, flag, fraction, message, OPEN, part, repeated, text, whole, word } from '../schema'
import { flag as flagOf, has, paramOf, whole as wholeOf, wholes } from '../values'

/** Rules: src/caffe/layers/input_layer.cpp: one shape for all tops, or one each. */
export const input: LayerType = {
  names: ['Input'],
  doc: 'An input of the network.',
  bottoms: 0,
  params: {
    input_param: message(part('shape', blobShape, 'Sizes, the batch first; for all tops or one each.', repeated)),
  },
  build: step => {
    const shapes = messagesOf(paramOf(step, 'input_param'), 'shape').map(shape => wholes(step, shape, 'dim'))
    return given(step, shapes)
  },
}

const source = text('source', '', 'Where the data lies.')
const batch = whole('batch_size', '', 'Images of one step.')
const cropSize = whole('crop_size', 0, 'As transform_param’s, older.')
const older = [
  fraction('scale', 1, 'As transform_param’s, older.'),
  text('mean_file', '', 'As transform_param’s, older.'),
  cropSize,
  flag('mirror', false, 'As transform_param’s, older.'),
]
const random = whole('rand_skip', 0, 'Skips up to so many at the start.')

const dataParams = message(
  source,
  batch,
  word('backend', 'LEVELDB', ['LEVELDB', 'LMDB'], 'Kind of database.'),
  whole('prefetch', 4, 'Batches that are read ahead.'),
  flag('force_encoded_color', false, 'Decodes with three channels.'),
  random,
  ...older,
)
const imageParams = message(
  source,
  batch,
  whole('new_height', 0, 'Height that images are resized to.'),
  whole('new_width', 0, 'Width that images are resized to.'),
  flag('is_color', true, 'Three channels, else one.'),
  flag('shuffle', false, 'Shuffles the list.'),
  text('root_folder', '', 'Folder of the images.'),
  random,
  ...older,
)

/** Rules: src/caffe/layers/data_layer.cpp, data_transformer.cpp: sizes are those of the data, or of what is cut out. */
export const data: LayerType = {
  names: ['Data', 'AnnotatedData'],
  doc: 'Images of a database, and their labels.',
  bottoms: 0,
  params: { data_param: dataParams, annotated_data_param: OPEN },
  build: step => {
    const param = paramOf(step, 'data_param')
    const transform = transformOf(step)
    const channels = flagOf(transform, 'force_gray', false)
      ? 1
      : flagOf(transform, 'force_color', false) || flagOf(param, 'force_encoded_color', false)
        ? 3
        : meansOf(step)
    return images(step, channels, cutOf(step, 'data_param'))
  },
}

/**
 * Rules: src/caffe/layers/video_data_layer.cpp of the fork of temporal segment networks: frames lie side by side in the
 * channels, 3 of an image and 2 of a flow, for every segment. Other forks say nothing of frames.
 */
export const videoData: LayerType = {
  names: ['VideoData'],
  doc: 'Frames of videos, and their labels (of several forks).',
  bottoms: 0,
  params: {
    video_data_param: {
      fields: [
        source,
        batch,
        whole('new_length', 1, 'Frames of a segment.'),
        whole('num_segments', 1, 'Segments of a video.'),
        word('modality', 'RGB', ['RGB', 'FLOW'], 'Images or flows.'),
      ],
      open: true,
    },
    data_param: dataParams,
  },
  build: step => {
    const param = paramOf(step, 'video_data_param')
    const frames = ['new_length', 'num_segments'].map(key => wholeOf(step, param, key, 1))
    const said = ['new_length', 'num_segments', 'modality'].some(key => has(param, key))
    const each = textOf(param, 'modality') === 'FLOW' ? 2 : 3
    const channels = said ? each * frames[0]! * frames[1]! : meansOf(step)
    return images(step, channels, cutOf(step, 'video_data_param'))
  },
}

/** Rules: src/caffe/layers/image_data_layer.cpp; with maps of labels of DeepLab, HED and SegNet. */
export const imageData: LayerType = {
  names: ['ImageData', 'DenseImageData', 'ImageSegData', 'ImageLabelmapData'],
  doc: 'Images of a list of files, and their labels.',
  bottoms: 0,
  params: {
    image_data_param: imageParams,
    dense_image_data_param: { ...imageParams, open: true },
    image_label_data_param: OPEN,
  },
  build: step => {
    const name = step.layer.type === 'DenseImageData' ? 'dense_image_data_param' : 'image_data_param'
    const param = paramOf(step, name)
    const resized = ['new_height', 'new_width'].map(key => wholeOf(step, param, key, 0) || null)
    const cut = cutOf(step, name)
    return images(step, flagOf(param, 'is_color', true) ? 3 : 1, cut ?? (resized[0] ? resized : null))
  },
}

/** Rules: src/caffe/layers/window_data_layer.cpp: windows of colour images, all of one size. */
export const windowData: LayerType = {
  names: ['WindowData'],
  doc: 'Windows of images (R-CNN), and their labels.',
  bottoms: 0,
  params: {
    window_data_param: message(
      source,
      batch,
      fraction('fg_threshold', 0.5, 'Overlap from which a window shows an object.'),
      fraction('bg_threshold', 0.5, 'Overlap below which a window shows none.'),
      fraction('fg_fraction', 0.25, 'Share of windows with objects.'),
      whole('context_pad', 0, 'Pixels around a window.'),
      text('crop_mode', 'warp', 'warp or square.'),
      flag('cache_images', false, 'Keeps images in memory.'),
      text('root_folder', '', 'Folder of the images.'),
      ...older,
    ),
  },
  build: step => images(step, 3, cutOf(step, 'window_data_param')),
}

/** Rules: src/caffe/layers/memory_data_layer.cpp. */
export const memoryData: LayerType = {
  names: ['MemoryData'],
  doc: 'Images that a program hands over.',
  bottoms: 0,
  params: {
    memory_data_param: message(
      batch,
      whole('channels', '', 'Channels.'),
      whole('height', '', 'Height.'),
      whole('width', '', 'Width.'),
    ),
  },
  build: step => {
    const param = paramOf(step, 'memory_data_param')
    const sizes = ['channels', 'height', 'width'].map(key => wholeOf(step, param, key, 0) || null)
    return images(step, sizes[0]!, sizes.slice(1))
  },
}

/** Rules: src/caffe/layers/dummy_data_layer.cpp. */
export const dummyData: LayerType = {
  names: ['DummyData'],
  doc: 'Constant or random values.',
  bottoms: 0,
  params: {
    dummy_data_param: message(
      part('data_filler', filler, 'What values; for all tops or one each.', repeated),
      part('shape', blobShape, 'Sizes, the batch first; for all tops or one each.', repeated),
      whole('num', '', 'As shape, older: the batch.', repeated),
      whole('channels', '', 'As shape, older.', repeated),
      whole('height', '', 'As shape, older.', repeated),
      whole('width', '', 'As shape, older.', repeated),
    ),
  },
  build: step => {
    const param = paramOf(step, 'dummy_data_param')
    const older = ['num', 'channels', 'height', 'width'].map(key => wholes(step, param, key))
    const shapes = messagesOf(param, 'shape').map(shape => wholes(step, shape, 'dim'))
    if (shapes.length > 0 || older[0]!.length === 0) return given(step, shapes)
    return given(
      step,
      older[0]!.map((_, i) => older.map(sizes => sizes[i] ?? sizes[0] ?? Number.NaN)),
    )
  },
}

/** Rules: src/caffe/layers/hdf5_data_layer.cpp: sizes are those of the files. */
export const hdf5Data: LayerType = {
  names: ['HDF5Data'],
  doc: 'Values of HDF5 files.',
  bottoms: 0,
  params: { hdf5_data_param: message(source, batch, flag('shuffle', false, 'Shuffles the rows.')) },
  build: step =>
    step.layer.tops.map(({ text: name }, i) => {
      if (i === 0 && !step.data.isChosen(name)) tellMissingSize(step)
      return inputView(step, name, null)
    }),
}

/** Rules: src/caffe/layers/parameter_layer.cpp: a learned blob. */
export const parameter: LayerType = {
  names: ['Parameter'],
  doc: 'A learned blob.',
  bottoms: 0,
  params: { parameter_param: message(part('shape', blobShape, 'Its sizes.')) },
  build: step => {
    const shape = wholes(step, messageOf(paramOf(step, 'parameter_param'), 'shape'), 'dim')
    return [step.builder.add('parameter', { shape, kind: 'trainable' }, [], origin(step))]
  },
}

/** One input a top, all of one shape or each of its own. */
const given = (step: Step, shapes: readonly (readonly number[])[]) =>
  step.layer.tops.map(({ text: name }, i) => {
    const shape = shapes.length === 1 ? shapes[0] : shapes[i]
    return inputView(step, name, shape ? shape.map(size => (size >= 0 ? size : null)) : null)
  })

/** Images with their labels: the second top is one number an image. */
function images(step: Step, channels: number | null, cut: readonly (number | null)[] | null) {
  // Files that are drawn and not run put an Input's sizes here.
  if (messageOf(paramOf(step, 'input_param'), 'shape')) return input.build(step)
  const sizes: readonly Dim[] = cut ?? [null, null]
  const label = WITHOUT_LABEL.has(step.layer.type) ? null : WITH_MAPS.has(step.layer.type) ? [N, 1, ...sizes] : [N]
  return step.layer.tops.map(({ text: name }, i) => {
    if (i > 0) return step.builder.given(i === 1 ? label : null, name)
    if (!step.data.isChosen(name)) {
      if (cut === null) tellMissingSize(step)
      else if (channels === null || messagesOf(transformOf(step), 'resize_param').length > 1) step.data.assume()
    }
    return inputView(step, name, [N, channels ?? (cut ? COLOURS : null), ...sizes] as Shape)
  })
}

/** Types whose second top is no number an image: how many boxes there are is not known; a map of labels. */
const WITHOUT_LABEL: ReadonlySet<string> = new Set(['AnnotatedData'])
const WITH_MAPS: ReadonlySet<string> = new Set(['DenseImageData', 'ImageSegData', 'ImageLabelmapData'])

/** What images have where nothing says otherwise; said to be assumed. */
const COLOURS = 3

const transformOf = (step: Step) => messageOf(step.layer.message, 'transform_param')

/** Height and width of what is cut out of an image; SSD resizes where nothing is cut. */
function cutOf(step: Step, name: string): readonly (number | null)[] | null {
  const transform = transformOf(step)
  const side = wholeOf(step, transform, 'crop_size', 0) || wholeOf(step, paramOf(step, name), 'crop_size', 0)
  if (side > 0) return [side, side]
  const sides = ['crop_h', 'crop_w'].map(key => wholeOf(step, transform, key, 0))
  if (sides.every(size => size > 0)) return sides
  const resize = messageOf(transform, 'resize_param')
  const sizes = ['height', 'width'].map(key => wholeOf(step, resize, key, 0))
  return sizes.every(size => size > 0) ? sizes : null
}

/** One mean a channel, where there are several. */
function meansOf(step: Step): number | null {
  const means = scalarsOf(transformOf(step), 'mean_value').length
  return means > 1 ? means : null
}
