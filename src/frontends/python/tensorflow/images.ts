import { type Dim, mapDim, mulDim } from '../../../core/dim'
import { channelAxis } from '../../../core/ops/layout'
import type { Run } from '../interpreter/run'
import { asNumber, asString, type PyValue } from '../interpreter/values'
import { computed } from '../torch/operations/gather'
import { copyOf, shapeOf } from '../torch/operations/shape'
import type { PyTensor } from '../torch/tensor'
import { traceOf } from '../torch/trace'
import { dim, int, Unknown } from '../torch/values'
import { type Row, row, sizesIn, tensorOf } from './define'

/** Functions on pictures: sizes change, colours do not matter. */
export const imageRows: readonly Row[] = [
  row(
    'tf.image.resize tf.compat.v1.image.resize tf.compat.v1.image.resize_images tf.image.resize_images ops.image.resize',
    'images, size, method=|interpolation, preserve_aspect_ratio=|antialias, antialias=|crop_to_aspect_ratio, align_corners=|data_format',
    (run, { images, size, method }) =>
      resized(run, images, size, (asString(method ?? null) ?? 'bilinear').toLowerCase(), 'resize'),
  ),
  ...(
    [
      ['resize_bilinear', 'bilinear'],
      ['resize_nearest_neighbor', 'nearest'],
      ['resize_bicubic', 'bicubic'],
      ['resize_area', 'area'],
    ] as const
  ).map(([name, mode]) =>
    row(
      `tf.image.${name} tf.compat.v1.image.${name}`,
      'images, size, align_corners=, half_pixel_centers=',
      (run, { images, size }) => resized(run, images, size, mode, name),
    ),
  ),
  ...['resize_with_pad', 'resize_with_crop_or_pad', 'pad_to_bounding_box'].map(name =>
    row(`tf.image.${name}`, null, (run, named, args) => {
      const offset = name === 'pad_to_bounding_box' ? 3 : 1
      const height = args[offset] ?? named.target_height ?? null
      const width = args[offset + 1] ?? named.target_width ?? null
      return spatially(run, name, tensorOf(run, args[0] ?? named.image ?? null), [dim(height), dim(width)])
    }),
  ),
  row(
    'tf.image.random_crop tf.random_crop tf.image.stateless_random_crop',
    'value, size, seed=',
    (run, { value, size }) => computed(run, 'random_crop', [tensorOf(run, value)], sizesIn(size)),
  ),
  row('tf.image.crop_to_bounding_box', 'image, offset_height, offset_width, target_height, target_width', (run, args) =>
    spatially(run, 'crop', tensorOf(run, args.image), [dim(args.target_height!), dim(args.target_width!)]),
  ),
  row('tf.image.central_crop', 'image, central_fraction', (run, { image, central_fraction }) => {
    const part = asNumber(central_fraction ?? null)
    const x = tensorOf(run, image)
    // What is left out is the same at both sides: the rest has the parity of the whole.
    const kept = (size: Dim): Dim => (part === null ? null : mapDim(size, n => n - 2 * Math.trunc((n - n * part) / 2)))
    const [height, width] = shapeOf(x).slice(-3)
    return spatially(run, 'central_crop', x, [kept(height ?? null), kept(width ?? null)])
  }),
  row(
    [
      'random_flip_left_right',
      'random_flip_up_down',
      'random_brightness',
      'random_contrast',
      'random_hue',
      'random_saturation',
      'flip_left_right',
      'flip_up_down',
      'adjust_brightness',
      'adjust_contrast',
      'adjust_hue',
      'adjust_saturation',
      'adjust_gamma',
      'per_image_standardization',
      'rgb_to_hsv',
      'hsv_to_rgb',
      'rgb_to_yuv',
    ]
      .map(name => `tf.image.${name}`)
      .join(' '),
    null,
    (run, named, args) => copyOf(tensorOf(run, args[0] ?? named.image ?? named.images ?? null)),
  ),
  ...(
    [
      ['rgb_to_grayscale', 1],
      ['grayscale_to_rgb', 3],
    ] as const
  ).map(([name, channels]) =>
    row(`tf.image.${name}`, 'images|image', (run, { images }) => {
      const x = tensorOf(run, images)
      return computed(run, name, [x], [...shapeOf(x).slice(0, -1), channels])
    }),
  ),
  row(
    'K.resize_images',
    'x, height_factor, width_factor, data_format=, interpolation=',
    (run, { x, height_factor, width_factor, data_format, interpolation }) => {
      const last = asString(data_format ?? null) !== 'channels_first'
      const attributes = {
        scale: [int(height_factor), int(width_factor)],
        mode: asString(interpolation ?? null) ?? 'nearest',
        ...(last ? { channelsLast: true } : {}),
      }
      return traceOf(run).op(run, 'interpolate', attributes, [tensorOf(run, x)], 'resize_images')
    },
  ),
  row(
    'tf.image.extract_patches tf.extract_image_patches tf.compat.v1.extract_image_patches tf.image.extract_image_patches',
    'images, sizes=|ksizes, strides=, rates=, padding=',
    (run, { images, sizes, strides, rates, padding }) => {
      const inner = (value: PyValue | undefined): Dim[] => sizesIn(value)?.slice(1, 3) ?? [null, null]
      return patches(run, tensorOf(run, images), inner(sizes), inner(strides), inner(rates), padding)
    },
  ),
  row(
    'ops.image.extract_patches',
    'images, size, strides=, dilation_rate=, padding=, data_format=',
    (run, { images, size, strides, dilation_rate, padding }) => {
      const both = (value: PyValue | undefined): Dim[] => {
        const given = sizesIn(value) ?? [null]
        return given.length === 1 ? [given[0]!, given[0]!] : given
      }
      const given = strides === undefined || strides === null ? size : strides
      return patches(run, tensorOf(run, images), both(size), both(given), both(dilation_rate ?? 1), padding ?? 'valid')
    },
  ),
  row('K.spatial_2d_padding', 'x, padding=, data_format=', (run, { x, padding, data_format }) => {
    const sides =
      padding === undefined
        ? [
            [1, 1],
            [1, 1],
          ]
        : (pairs(padding) ?? [])
    const last = asString(data_format ?? null) !== 'channels_first'
    const pads = sides.map(side => {
      const [before, after] = side
      if (typeof before !== 'number' || typeof after !== 'number') throw new Unknown('the padding is not known')
      return [before, after] as const
    })
    return traceOf(run).op(
      run,
      'pad',
      { pads: last ? [...pads, [0, 0]] : pads },
      [tensorOf(run, x)],
      'spatial_2d_padding',
    )
  }),
]

/** Each position has its window's pixels along the channels. */
function patches(
  run: Run,
  x: PyTensor,
  sizes: readonly Dim[],
  strides: readonly Dim[],
  rates: readonly Dim[],
  padding: PyValue | undefined,
): PyTensor {
  const [batch, height, width, channels] = shapeOf(x)
  const same = (asString(padding ?? null) ?? '').toLowerCase() === 'same'
  const along = (size: Dim, i: number): Dim => {
    const [k, s, d] = [sizes[i], strides[i], rates[i]]
    if (typeof k !== 'number' || typeof s !== 'number' || typeof d !== 'number') return null
    return mapDim(size, n => Math.max(0, Math.ceil((same ? n : n - (k - 1) * d) / s)))
  }
  const depth = [...sizes, channels ?? null].reduce<Dim>(mulDim, 1)
  const shape = [batch ?? null, along(height ?? null, 0), along(width ?? null, 1), depth]
  return computed(run, 'extract_patches', [x], shape)
}

const pairs = (value: PyValue): (readonly Dim[])[] | null =>
  typeof value === 'object' && value !== null && 'items' in value
    ? (value.items as readonly PyValue[]).map(side => sizesIn(side) ?? [])
    : null

function resized(
  run: Run,
  images: PyValue | undefined,
  size: PyValue | undefined,
  mode: string,
  name: string,
): PyTensor {
  const sizes = sizesIn(size)
  if (sizes?.length !== 2) throw new Unknown('the size is not known')
  return traceOf(run).op(run, 'interpolate', { size: sizes, mode, channelsLast: true }, [tensorOf(run, images)], name)
}

/** The same with other heights and widths. */
function spatially(run: Run, name: string, x: PyTensor, [height, width]: readonly [Dim, Dim]): PyTensor {
  const at = channelAxis(shapeOf(x).length, 2, true) - 2
  return computed(
    run,
    name,
    [x],
    shapeOf(x).map((size, i) => (i === at ? height : i === at + 1 ? width : size)),
  )
}
