import { type Dim, mapDim } from './dim'

/** Zeros before and after each spatial axis, or TensorFlow's `same`: as many as make the output ceil(size / stride). */
export type Padding = 'same' | readonly (readonly [number, number])[]

/**
 * How a fractional number of windows is rounded. `ceilClip` is PyTorch's ceil_mode and Caffe's padded pooling:
 * round up, then drop the last window if it would start in the padding at the end
 * (aten/src/ATen/native/Pool.h pooling_output_shape; caffe/src/caffe/layers/pooling_layer.cpp).
 */
export type Rounding = 'floor' | 'ceil' | 'ceilClip'

/** A window that slides over the spatial axes: one entry an axis. */
export interface Window {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly padding: Padding
  readonly rounding?: Rounding
}

/** The span that a dilated kernel covers: d (k − 1) + 1. */
export const effectiveKernel = (kernel: number, dilation: number): number => dilation * (kernel - 1) + 1

/**
 * Output size of one spatial axis: floor((size + before + after − effective kernel) / stride) + 1
 * (torch.nn.Conv2d and MaxPool2d documentation; keras compute_conv_output_shape for `same`).
 * `short` is the padded size where the kernel does not fit into it.
 */
export function slide(size: Dim, window: Window, axis: number): { size: Dim; short?: number } {
  const stride = window.stride[axis]!
  const reach = effectiveKernel(window.kernel[axis]!, window.dilation[axis]!)
  if (window.padding === 'same') return { size: mapDim(size, n => Math.ceil(n / stride)) }
  const [before, after] = window.padding[axis]!
  if (typeof size !== 'number') return { size: stride === 1 && before + after === reach - 1 ? size : null }
  const padded = size + before + after
  if (padded < reach && window.rounding !== 'ceil' && window.rounding !== 'ceilClip')
    return { size: null, short: padded }
  if (window.rounding === 'ceil' || window.rounding === 'ceilClip') {
    let count = Math.ceil((padded - reach) / stride) + 1
    if (window.rounding === 'ceilClip' && (count - 1) * stride >= size + before) count--
    return count > 0 ? { size: count } : { size: null, short: padded }
  }
  return { size: Math.floor((padded - reach) / stride) + 1 }
}

/** Output size of a transposed convolution: (size − 1) stride − before − after + d (k − 1) + outputPadding + 1 (torch.nn.ConvTranspose2d). */
export function slideBack(size: Dim, window: Window, axis: number, outputPadding: number): Dim {
  const stride = window.stride[axis]!
  if (window.padding === 'same') return mapDim(size, n => n * stride)
  const [before, after] = window.padding[axis]!
  const reach = effectiveKernel(window.kernel[axis]!, window.dilation[axis]!)
  return mapDim(size, n => (n - 1) * stride - before - after + reach + outputPadding)
}

/** The same number for each of `rank` axes. */
export const each = (value: number, rank: number): number[] => Array.from({ length: rank }, () => value)

/** The same symmetric padding for each axis, or one number an axis. */
export const pads = (value: number | readonly number[], rank: number): [number, number][] =>
  Array.from({ length: rank }, (_, i) => {
    const pad = typeof value === 'number' ? value : value[i]!
    return [pad, pad]
  })
