import type { Config, ConfigValue } from './config'

/** A layer with the class name and the arguments of Keras 3. */
export interface Modern {
  readonly name: string
  readonly config: Config
}

/** Names that older versions of Keras, or Keras itself, give a class besides its own. */
export const CLASS_ALIASES: Readonly<Record<string, string>> = {
  Convolution1D: 'Conv1D',
  Convolution2D: 'Conv2D',
  Convolution3D: 'Conv3D',
  AtrousConvolution1D: 'Conv1D',
  AtrousConvolution2D: 'Conv2D',
  AtrousConv1D: 'Conv1D',
  AtrousConv2D: 'Conv2D',
  SeparableConvolution1D: 'SeparableConv1D',
  SeparableConvolution2D: 'SeparableConv2D',
  DepthwiseConvolution2D: 'DepthwiseConv2D',
  Deconvolution2D: 'Conv2DTranspose',
  Deconvolution3D: 'Conv3DTranspose',
  Deconv2D: 'Conv2DTranspose',
  Deconv3D: 'Conv3DTranspose',
  Convolution1DTranspose: 'Conv1DTranspose',
  Convolution2DTranspose: 'Conv2DTranspose',
  Convolution3DTranspose: 'Conv3DTranspose',
  MaxPool1D: 'MaxPooling1D',
  MaxPool2D: 'MaxPooling2D',
  MaxPool3D: 'MaxPooling3D',
  AvgPool1D: 'AveragePooling1D',
  AvgPool2D: 'AveragePooling2D',
  AvgPool3D: 'AveragePooling3D',
  GlobalMaxPool1D: 'GlobalMaxPooling1D',
  GlobalMaxPool2D: 'GlobalMaxPooling2D',
  GlobalMaxPool3D: 'GlobalMaxPooling3D',
  GlobalAvgPool1D: 'GlobalAveragePooling1D',
  GlobalAvgPool2D: 'GlobalAveragePooling2D',
  GlobalAvgPool3D: 'GlobalAveragePooling3D',
  BatchNormalizationV1: 'BatchNormalization',
  BatchNormalizationV2: 'BatchNormalization',
  SyncBatchNormalization: 'BatchNormalization',
  GroupQueryAttention: 'GroupedQueryAttention',
  CuDNNLSTM: 'LSTM',
  CuDNNGRU: 'GRU',
  CenterCropping: 'CenterCrop',
}

/** Arguments of Keras 1 that were renamed, whatever the layer. */
const RENAMED: Readonly<Record<string, string>> = {
  nb_filter: 'filters',
  border_mode: 'padding',
  subsample: 'strides',
  subsample_length: 'strides',
  atrous_rate: 'dilation_rate',
  dim_ordering: 'data_format',
  bias: 'use_bias',
  filter_length: 'kernel_size',
  init: 'kernel_initializer',
  inner_activation: 'recurrent_activation',
  pool_length: 'pool_size',
  W_regularizer: 'kernel_regularizer',
  b_regularizer: 'bias_regularizer',
  W_constraint: 'kernel_constraint',
  b_constraint: 'bias_constraint',
}

/** Arguments that were renamed in some layers only. */
const OWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Dense: { output_dim: 'units' },
  SimpleRNN: { output_dim: 'units' },
  GRU: { output_dim: 'units' },
  LSTM: { output_dim: 'units' },
  Dropout: { p: 'rate' },
  SpatialDropout1D: { p: 'rate' },
  SpatialDropout2D: { p: 'rate' },
  SpatialDropout3D: { p: 'rate' },
  GaussianDropout: { p: 'rate' },
  GaussianNoise: { sigma: 'stddev' },
  LeakyReLU: { alpha: 'negative_slope' },
  MaxPooling1D: { stride: 'strides' },
  AveragePooling1D: { stride: 'strides' },
  UpSampling1D: { length: 'size' },
  Merge: { concat_axis: 'axis' },
}

/**
 * The Keras 3 spelling of a layer of any version: classes and arguments that were renamed, `nb_row` and `nb_col`,
 * `dim_ordering`, `Merge`. What is already in the new spelling stays as it is.
 */
export function modernize(given: string, old: Config): Modern {
  const name = Object.hasOwn(CLASS_ALIASES, given) ? CLASS_ALIASES[given]! : given
  const renamed = (key: string): string => {
    const own = Object.hasOwn(OWN, name) ? OWN[name]! : {}
    if (Object.hasOwn(own, key)) return own[key]!
    return Object.hasOwn(RENAMED, key) && !Object.hasOwn(old, RENAMED[key]!) ? RENAMED[key]! : key
  }
  const config: Record<string, ConfigValue | undefined> = {}
  for (const [key, value] of Object.entries(old)) config[renamed(key)] = value
  const kernel = ['kernel_dim1', 'kernel_dim2', 'kernel_dim3'].filter(key => old[key] !== undefined)
  if (kernel.length > 0) config.kernel_size = kernel.map(key => old[key]!)
  if (old.nb_row !== undefined && old.nb_col !== undefined) config.kernel_size = [old.nb_row, old.nb_col]
  if (config.data_format === 'th') config.data_format = 'channels_first'
  if (config.data_format === 'tf') config.data_format = 'channels_last'
  if (config.data_format === 'default') config.data_format = null
  if (given === 'CuDNNGRU' && config.reset_after === undefined) config.reset_after = true
  if (name === 'GRU' && isKeras1(old) && config.reset_after === undefined) config.reset_after = false
  if (given === 'TimeDistributedDense') return { name: 'Dense', config: { ...config, units: old.output_dim } }
  if (name === 'Merge') return merge(config)
  return { name, config }
}

const isKeras1 = (config: Config): boolean => Object.hasOwn(config, 'output_dim')

/** Keras 1's Merge says by its mode which of the merging layers it is. */
function merge(config: Config): Modern {
  const modes: Readonly<Record<string, string>> = {
    sum: 'Add',
    mul: 'Multiply',
    ave: 'Average',
    max: 'Maximum',
    concat: 'Concatenate',
    dot: 'Dot',
  }
  const { mode, dot_axes: axes, ...rest } = config
  const name = typeof mode === 'string' && Object.hasOwn(modes, mode) ? modes[mode]! : 'Merge'
  return { name, config: name === 'Dot' ? { ...rest, axes } : rest }
}
