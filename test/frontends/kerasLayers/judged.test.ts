import { describe, expect, test } from 'vitest'
import { analyze } from '../../../src/analysis/analyze'

/**
 * Layers as Keras 3.16 itself makes them (keras-team/keras at 3422977a, numpy backend, symbolic): the shapes that it
 * infers, `count_params()`, the elements of `trainable_weights`. MACs are by the formulas of design.md, from its shapes.
 */

type Sizes = readonly (number | null)[]

function built(call: string, inputs: readonly Sizes[]) {
  const name = call.slice(0, call.indexOf('('))
  const text = programOf(call, inputs, name)
  const model = analyze({ uri: 'file:///m.py', name: 'm.py', text })!.model()!
  return {
    outputs: model.graph.outputs.map(({ shape }) => shape?.map(d => (typeof d === 'number' ? d : null))),
    params: model.totals.params,
    trainable: model.totals.trainableParams,
    macs: model.totals.macs,
    problems: model.problems.map(({ severity, span, message }) => ({
      severity,
      line: text.slice(0, span.start).split('\n').length,
      message,
    })),
  }
}

/** The layer is called on a list where it takes one, the call stands in line 7 at most. */
function programOf(call: string, inputs: readonly Sizes[], name: string): string {
  const dtype = call.includes('Embedding') ? ", dtype='int32'" : ''
  const shapes = inputs.map(sizes => `(${sizes.map(size => `${size ?? 'None'},`).join(' ')})`)
  const names = inputs.map((_, i) => `i${i}`).join(', ')
  const separate = (inputs.length === 1 && !LISTS.has(name)) || /^(MultiHead|GroupQuery)/.test(name)
  return [
    'import keras',
    'from keras import layers',
    ...shapes.map((shape, i) => `i${i} = keras.Input(${shape}${dtype})`),
    `x = layers.${call}(${separate ? names : `[${names}]`})`,
    `model = keras.Model([${names}], x)`,
    '',
  ].join('\n')
}
const LISTS = new Set(['Attention', 'Add'])

/** Call, inputs without the batch, outputs with it, params, those trained, MACs (null where a size is open). */
const MADE: readonly [string, readonly Sizes[], readonly Sizes[], number, number, number | null][] = [
  ["RandomFlip('horizontal', 1, 'channels_last')", [[8, 8, 3]], [[null, 8, 8, 3]], 0, 0, 0],
  ["RandomRotation(0.2, 'nearest', 'nearest', 1, 0.0)", [[8, 8, 3]], [[null, 8, 8, 3]], 0, 0, 0],
  ["RandomZoom(height_factor=0.1, width_factor=0.2, fill_mode='reflect')", [[8, 8, 3]], [[null, 8, 8, 3]], 0, 0, 0],
  ["RandomTranslation(0.1, 0.2, fill_mode='constant')", [[8, 8, 3]], [[null, 8, 8, 3]], 0, 0, 0],
  ['RandomBrightness(0.2, (0, 1))', [[8, 8, 3]], [[null, 8, 8, 3]], 0, 0, 0],
  ['RandomShear(x_factor=0.2)', [[8, 8, 3]], [[null, 8, 8, 3]], 0, 0, 0],
  ['Solarization(addition_factor=0.1, threshold_factor=0.2)', [[8, 8, 3]], [[null, 8, 8, 3]], 0, 0, 0],
  ['AugMix((0, 255), 3, 3, 0.3)', [[8, 8, 3]], [[null, 8, 8, 3]], 0, 0, 0],
  ['RandomCrop(4, 5, 1)', [[8, 8, 3]], [[null, 4, 5, 3]], 0, 0, 0],
  ["CenterCrop(4, 5, 'channels_first')", [[3, 8, 8]], [[null, 3, 4, 5]], 0, 0, 0],
  ['Resizing(4, 5)', [[8, 8, 3]], [[null, 4, 5, 3]], 0, 0, 0],
  ['Rescaling(1 / 255, -1)', [[8, 8, 3]], [[null, 8, 8, 3]], 0, 0, 0],
  ['Normalization(axis=(1, 3))', [[8, 6, 3]], [[null, 8, 6, 3]], 49, 0, 0],
  ['Normalization(axis=None)', [[8]], [[null, 8]], 3, 0, 0],
  ['Normalization(mean=[1., 2.], variance=[1., 1.])', [[2]], [[null, 2]], 0, 0, 0],
  ["Discretization([0., 1., 2.], output_mode='one_hot')", [[4]], [[null, 4, 4]], 0, 0, 0],
  ["Discretization([0., 1., 2.], output_mode='count')", [[4, 7]], [[null, 7, 4]], 0, 0, 0],
  ["CategoryEncoding(5, 'one_hot')", [[4]], [[null, 4, 5]], 0, 0, 0],
  ["CategoryEncoding(5, 'one_hot')", [[1]], [[null, 5]], 0, 0, 0],
  ["SpatialDropout2D(0.1, 'channels_first')", [[3, 8, 8]], [[null, 3, 8, 8]], 0, 0, 0],
  ["MaxPooling2D(2, 2, 'same', None, 'down')", [[9, 9, 4]], [[null, 5, 5, 4]], 0, 0, 0],
  ["AveragePooling1D((2,), (1,), 'valid')", [[9, 4]], [[null, 8, 4]], 0, 0, 0],
  ["Conv3DTranspose(2, 3, 2, 'same', 'channels_first', 1)", [[4, 3, 4, 5]], [[null, 2, 6, 8, 10]], 218, 218, 12960],
  [
    "Conv2DTranspose(3, 3, strides=2, padding='same', output_padding=(1, 0))",
    [[4, 5, 2]],
    [[null, 8, 9, 3]],
    57,
    57,
    1080,
  ],
  ['Conv2DTranspose(3, (2, 4), strides=(3, 1))', [[4, 5, 2]], [[null, 12, 8, 3]], 51, 51, 960],
  ['SeparableConv2D(5, 3, dilation_rate=2, depth_multiplier=2)', [[9, 9, 3]], [[null, 5, 5, 5]], 89, 89, 2100],
  ['DepthwiseConv2D(3, strides=2, dilation_rate=2)', [[9, 9, 3]], [[null, 3, 3, 3]], 30, 30, 243],
  ["DepthwiseConv1D(3, 2, 'same', 2)", [[9, 4]], [[null, 5, 8]], 32, 32, 120],
  ["Conv1D(4, 3, 2, 'causal')", [[9, 3]], [[null, 5, 4]], 40, 40, 180],
  [
    "Conv2D(6, 3, groups=3, data_format='channels_first', use_bias=False)",
    [[6, 7, 8]],
    [[null, 6, 5, 6]],
    108,
    108,
    3240,
  ],
  ['Conv2D(True, 3)', [[5, 5, 2]], [[null, 3, 3, 1]], 19, 19, 162],
  ["Dense(4, 'gelu', use_bias=())", [[4]], [[null, 4]], 16, 16, 16],
  ["TernaryDense(7, activation='relu')", [[9]], [[null, 7]], 70, 70, 63],
  ['ReversibleEmbedding(40, 3, tie_weights=False)', [[4]], [[null, 4, 3]], 240, 240, 0],
  ['Embedding(30, 4, mask_zero=True)', [[3, 5]], [[null, 3, 5, 4]], 120, 120, 0],
  ["EinsumDense('abc,cde->abde', (None, 2, 3), bias_axes='de')", [[7, 5]], [[null, null, 2, 3]], 36, 36, 210],
  ["EinsumDense('ab...,bc->ac...', (7,), bias_axes='c')", [[5, 6]], [[null, 7, 6]], 42, 42, 210],
  ["EinsumDense('...x,xy->...y', 4, 'relu', 'y')", [[5, 6]], [[null, 5, 4]], 28, 28, 120],
  ['BatchNormalization(renorm=True)', [[4, 4, 6]], [[null, 4, 4, 6]], 42, 12, 0],
  ['BatchNormalization(axis=1, scale=False)', [[4, 5, 6]], [[null, 4, 5, 6]], 12, 4, 0],
  ['LayerNormalization(axis=[1, 2])', [[4, 5, 6]], [[null, 4, 5, 6]], 40, 40, 0],
  ['LayerNormalization(axis=(-1, -2), center=False)', [[4, 5]], [[null, 4, 5]], 20, 20, 0],
  ['RMSNormalization(axis=[1, 2])', [[4, 5, 6]], [[null, 4, 5, 6]], 20, 20, 0],
  ['GroupNormalization(groups=-1, axis=1)', [[4, 5, 6]], [[null, 4, 5, 6]], 8, 8, 0],
  ['PReLU(shared_axes=[1, 2])', [[4, 5, 6]], [[null, 4, 5, 6]], 6, 6, 0],
  ['PReLU(shared_axes=[0])', [[4, 5, 6]], [[null, 4, 5, 6]], 20, 20, 0],
  ['GlobalAveragePooling2D(keepdims=())', [[4, 5, 6]], [[null, 6]], 0, 0, 0],
  ['RNN(layers.LSTMCell(2), True)', [[4, 3]], [[null, 4, 2]], 48, 48, 160],
  ['RNN([layers.GRUCell(4), layers.LSTMCell(3)])', [[5, 2]], [[null, 3]], 192, 192, 780],
  ['RNN(layers.StackedRNNCells([layers.SimpleRNNCell(4), layers.LSTMCell(3)]))', [[5, 2]], [[null, 3]], 124, 124, 540],
  [
    "LSTM(3, 'tanh', 'sigmoid', True, 'zeros', 'zeros', 'zeros', False, return_sequences=True)",
    [[5, 2]],
    [[null, 5, 3]],
    72,
    72,
    300,
  ],
  ['GRU(4, reset_after=False)', [[5, 3]], [[null, 4]], 96, 96, 420],
  ['Bidirectional(layers.LSTM(3), trainable=False)', [[4, 5]], [[null, 6]], 216, 216, 768],
  ["Bidirectional(layers.GRU(3, trainable=False), merge_mode='sum')", [[4, 5]], [[null, 3]], 180, 0, 576],
  ['TimeDistributed(layers.Dense(3, trainable=False))', [[4, 5]], [[null, 4, 3]], 18, 0, 60],
  ['TimeDistributed(layers.Conv2D(2, 3), trainable=False)', [[4, 6, 6, 1]], [[null, 4, 4, 4, 2]], 20, 20, 1152],
  ["ConvLSTM1D(3, 2, 1, 'same', trainable=False)", [[4, 6, 2]], [[null, 6, 3]], 132, 132, 2880],
  ['ConvLSTM2D(3, (2, 3), 2, return_sequences=True)', [[4, 9, 9, 2]], [[null, 4, 4, 4, 3]], 372, 372, 23040],
  ['SpectralNormalization(layers.Conv2DTranspose(4, 2))', [[5, 5, 3]], [[null, 6, 6, 4]], 55, 52, 1200],
  ['SpectralNormalization(layers.DepthwiseConv2D(3, depth_multiplier=2))', [[5, 5, 3]], [[null, 3, 3, 6]], 62, 60, 486],
  ['SpectralNormalization(layers.Embedding(9, 4))', [[5]], [[null, 5, 4]], 40, 36, 0],
  ["STFTSpectrogram('log', 8, 4, 16)", [[100, 2]], [[null, 24, 18]], 144, 144, 6912],
  ["STFTSpectrogram('stft', 8, padding='same', expand_dims=True)", [[20, 2]], [[null, 5, 10, 2]], 80, 80, 800],
  ['MelSpectrogram(64, 16, num_mel_bins=8)', [[640]], [[null, 8, 41]], 0, 0, null],
  ['Reshape((None, 4))', [[2, 6]], [[null, null, 4]], 0, 0, 0],
  ['Cropping1D((1, 2))', [[7, 3]], [[null, 4, 3]], 0, 0, 0],
  ['UpSampling3D((1, 2, 3))', [[2, 2, 2, 1]], [[null, 2, 4, 6, 1]], 0, 0, 0],
  ['RepeatVector(3)', [[5]], [[null, 3, 5]], 0, 0, 0],
  ['Flatten()', [[]], [[null, 1]], 0, 0, 0],
  ['Add()', [[4, 3], [3]], [[null, 4, 3]], 0, 0, 0],
  ['Add()', [[5, 4], [4]], [[null, 5, 4]], 0, 0, 0],
  [
    'Multiply()',
    [
      [4, 4, 6],
      [1, 1, 6],
    ],
    [[null, 4, 4, 6]],
    0,
    0,
    0,
  ],
  ['Average()', [[1, 3], [1, 3], [3]], [[null, 1, 3]], 0, 0, 0],
  [
    'Dot((1, 2))',
    [
      [3, 5],
      [4, 3],
    ],
    [[null, 5, 4]],
    0,
    0,
    60,
  ],
  ['Dot(-1)', [[3, 5], [5]], [[null, 3]], 0, 0, 15],
  [
    'Concatenate(1)',
    [
      [3, 5],
      [4, 5],
    ],
    [[null, 7, 5]],
    0,
    0,
    0,
  ],
  [
    'Attention(use_scale=True)',
    [
      [4, 6],
      [5, 6],
    ],
    [[null, 4, 6]],
    1,
    1,
    240,
  ],
  [
    "Attention(score_mode='concat')",
    [
      [4, 6],
      [5, 6],
    ],
    [[null, 4, 6]],
    1,
    1,
    120,
  ],
  [
    'AdditiveAttention()',
    [
      [4, 6],
      [5, 6],
      [5, 6],
    ],
    [[null, 4, 6]],
    6,
    6,
    120,
  ],
  [
    'MultiHeadAttention(2, 3)',
    [
      [4, 6],
      [5, 7],
    ],
    [[null, 4, 6]],
    180,
    180,
    948,
  ],
  [
    'MultiHeadAttention(2, 3, 5, output_shape=(2, 3), use_gate=True)',
    [
      [4, 6],
      [5, 7],
    ],
    [[null, 4, 2, 3]],
    306,
    306,
    1504,
  ],
  [
    'MultiHeadAttention(2, 3, attention_axes=2)',
    [
      [2, 4, 6],
      [2, 4, 6],
    ],
    [[null, 2, 4, 6]],
    168,
    168,
    1536,
  ],
  [
    'MultiHeadAttention(2, 3, attention_axes=(1,))',
    [
      [2, 4, 6],
      [3, 4, 6],
    ],
    [[null, 2, 4, 6]],
    168,
    168,
    1728,
  ],
  [
    'MultiHeadAttention(2, 3, trainable=False)',
    [
      [4, 6],
      [5, 6],
    ],
    [[null, 4, 6]],
    168,
    168,
    888,
  ],
  [
    'GroupQueryAttention(3, 4, 2)',
    [
      [4, 6],
      [5, 6],
    ],
    [[null, 4, 6]],
    246,
    246,
    1416,
  ],
]

describe('what Keras makes', () => {
  test.each(MADE)('%s on %j', (call, inputs, outputs, params, trainable, macs) => {
    const model = built(call, inputs)
    expect(model.problems).toEqual([])
    // A size that Keras leaves open may be known all the same.
    const open = (dim: number | null, i: number, axis: number): number | null =>
      outputs[i]?.[axis] === null ? null : dim
    expect(model.outputs.map((shape, i) => shape?.map((dim, axis) => open(dim, i, axis)))).toEqual(outputs)
    expect([model.params, model.trainable]).toEqual([params, trainable])
    if (macs !== null) expect(model.macs).toBe(macs)
  })
})

/** Keras raises for each of these, in the line of the call; the words are ours. */
const REFUSED: readonly [string, readonly Sizes[], string][] = [
  ['BatchNormalization(-2)', [[8]], 'batch_normalization: axis 0 of its input is the batch, whose size is open.'],
  ['LayerNormalization((-2, -1))', [[8]], 'layer_normalization: axis 0 of its input is the batch, whose size is open.'],
  ['Dot(1)', [[1], [12]], 'dot: axes 1 are 1 and 12 long.'],
  ['Conv2D(32.0, 3)', [[8, 8, 3]], 'conv2d: Keras 3 expects filters to be a whole number and gets the float 32.0.'],
  ['Conv2D(4, 3.0)', [[8, 8, 3]], 'conv2d: kernel_size expects a whole number and gets 3.0.'],
  ['Conv2D(4, (3.0, 3))', [[8, 8, 3]], 'conv2d: kernel_size expects a whole number and gets 3.0.'],
  ['Dense(64 / 2)', [[8]], 'dense: Keras 3 expects units to be a whole number and gets the float 32.0.'],
  ['Embedding(10.0, 4)', [[8]], 'embedding: input_dim expects a whole number and gets 10.0.'],
  ['LSTM(4.0)', [[8, 3]], 'lstm: units expects a whole number and gets 4.0.'],
  ['LSTM(0)', [[8, 3]], 'lstm: units expects a number above 0 and gets 0.'],
  ['Conv2D(4, 3, groups=3)', [[8, 8, 3]], 'conv2d: filters 4 cannot be divided by groups 3.'],
  ["Conv2D(4, 3, padding='causal')", [[8, 8, 3]], 'conv2d: padding expects "valid" or "same" and gets "causal".'],
  [
    "DepthwiseConv1D(3, padding='causal')",
    [[8, 3]],
    'depthwise_conv1d: padding expects "valid" or "same" and gets "causal".',
  ],
  [
    "SeparableConv1D(4, 3, padding='causal')",
    [[8, 3]],
    'separable_conv1d: Keras 3 expects padding to be "valid" or "same" and gets "causal".',
  ],
  [
    'Conv2D(4, 3, strides=2, dilation_rate=2)',
    [[8, 8, 3]],
    'conv2d: Keras 3 does not take strides 2 and dilation_rate 2 together.',
  ],
  [
    'ConvLSTM2D(4, 3, strides=2, dilation_rate=2)',
    [[2, 8, 8, 3]],
    'conv_lstm2d: Keras 3 does not take strides 2 and dilation_rate 2 together.',
  ],
  [
    "MaxPooling2D(2, padding='SAME')",
    [[8, 8, 3]],
    'max_pooling2d: Keras 3 expects padding in small letters and gets "SAME".',
  ],
  ['AveragePooling2D()', [[8, 8, 3]], 'average_pooling2d: Keras 3 expects a pool_size.'],
  ['ZeroPadding1D([2])', [[8, 3]], 'zero_padding1d: padding expects 2 numbers and gets 1.'],
  ['Cropping2D(-1)', [[8, 8, 3]], 'cropping2d: cropping expects numbers from 0 and gets -1, -1.'],
  ['UpSampling1D((2,))', [[8, 3]], 'up_sampling1d: size expects a whole number and gets (2).'],
  ['UpSampling2D(2.0)', [[8, 8, 3]], 'up_sampling2d: size expects a whole number and gets 2.0.'],
  ['RepeatVector(0)', [[8]], 'repeat_vector: n expects a number above 0 and gets 0.'],
  ['RepeatVector(2.0)', [[8]], 'repeat_vector: n expects a whole number and gets 2.0.'],
  ['Reshape(8)', [[8]], 'reshape: target_shape expects a tuple and gets 8.'],
  ['Reshape((-1, -1))', [[8]], 'reshape: target_shape leaves more than one size open: (-1, -1).'],
  ['Reshape((0, 1))', [[8]], 'reshape: target_shape (0, 1) holds nothing of 8.'],
  [
    'Permute((1,))',
    [[3, 4]],
    'permute expects an order of 3 dimensions and gets 0, 1: N×3×4 from the input input_layer.',
  ],
  ["Flatten('first')", [[3, 4]], 'flatten: data_format expects "channels_last" or "channels_first" and gets "first".'],
  ['Dropout(None)', [[8]], 'dropout: rate expects a number from 0 to 1 and gets None.'],
  ['Dropout(1.5)', [[8]], 'dropout: rate expects a number from 0 to 1 and gets 1.5.'],
  ['GaussianNoise(-1.)', [[8]], 'gaussian_noise: stddev expects a number from 0 to 1 and gets -1.0.'],
  ['ReLU(negative_slope=-1.)', [[8]], 're_lu: negative_slope expects a number of at least 0 and gets -1.0.'],
  ['ActivityRegularization(l1=-1)', [[8]], 'activity_regularization: l1 expects a number of at least 0 and gets -1.'],
  ['PReLU(shared_axes=[3])', [[8, 3]], 'p_re_lu: shared_axes 3 is not among the 2 axes after the batch.'],
  [
    'BatchNormalization(axis=[-1])',
    [[8, 3]],
    'batch_normalization: Keras 3 expects axis to be one number and gets a list.',
  ],
  ['BatchNormalization(axis=3)', [[8, 3]], 'batch_normalization: axis 3 is not among the 3 dimensions of its input.'],
  ['LayerNormalization(axis=-1.0)', [[8, 3]], 'layer_normalization: axis expects a whole number and gets -1.0.'],
  ['LayerNormalization(axis=[1, 1])', [[8, 3]], 'layer_normalization: axis names one axis twice: 1, 1.'],
  ['GroupNormalization(32)', [[8, 3]], 'group_normalization: groups 32 are more than the 3 channels of its input.'],
  ['GroupNormalization(0)', [[8, 3]], 'group_normalization: groups expects a number above 0, or -1, and gets 0.'],
  ['UnitNormalization(axis=4)', [[8, 3]], 'unit_normalization: axis 4 lies outside the 3 dimensions of its input.'],
  ['Normalization(variance=1.)', [[8]], 'normalization: mean and variance are given together or not at all.'],
  ['Normalization(axis=3)', [[8, 3]], 'normalization: axis 3 is not among the 3 dimensions of its input.'],
  ['RandomContrast(2.)', [[8, 8, 3]], 'random_contrast: factor expects a number from 0 to 1 and gets 2.0.'],
  ['RandomHue((0.1, 0.2, 0.3))', [[8, 8, 3]], 'random_hue: factor expects one number or two and gets 3.'],
  ['Discretization()', [[8]], 'discretization: bin_boundaries or num_bins is missing.'],
  ['Discretization([1.], num_bins=3)', [[8]], 'discretization: it takes bin_boundaries or num_bins, not both.'],
  ['Hashing()', [[8]], 'Hashing expects num_bins and does not get it.'],
  ['CategoryEncoding()', [[8]], 'category_encoding: num_tokens is missing.'],
  ['STFTSpectrogram(frame_length=16)', [[8, 1]], 'stft_spectrogram: frame_length 16 is longer than its input of 8.'],
  [
    'STFTSpectrogram(frame_length=8, frame_step=9)',
    [[100, 1]],
    'stft_spectrogram: frame_step expects a number from 1 to frame_length 8 and gets 9.',
  ],
  ['RNN(3)', [[8, 3]], 'rnn: cell expects a cell and gets 3.'],
  ['Bidirectional(layers.Dense(3))', [[8, 3]], 'bidirectional: layer expects a recurrent layer and gets Dense.'],
  ["Bidirectional('lstm')", [[8, 3]], 'bidirectional: layer expects a layer and gets "lstm".'],
  [
    'Bidirectional(layers.LSTM(3, go_backwards=True))',
    [[8, 3]],
    'bidirectional: Keras 3 expects layer to have go_backwards=False, the way back is made from it.',
  ],
  [
    'Bidirectional(layers.LSTM(3), backward_layer=layers.LSTM(3))',
    [[8, 3]],
    'bidirectional: layer and backward_layer expect different values of go_backwards.',
  ],
  ['TimeDistributed(3)', [[8, 3]], 'time_distributed: layer expects a layer and gets 3.'],
  ['TimeDistributed(layers.Dense(3))', [[8]], 'time_distributed: it expects at least 3 dimensions and gets 2.'],
  [
    'SpectralNormalization(layers.Flatten())',
    [[8, 3]],
    'spectral_normalization: layer expects one with a kernel and gets Flatten.',
  ],
  [
    'SpectralNormalization(layers.SeparableConv2D(3, 3))',
    [[8, 8, 3]],
    'spectral_normalization: layer expects one with a kernel and gets SeparableConv2D.',
  ],
  [
    'SpectralNormalization(layers.Dense(3), power_iterations=0)',
    [[8]],
    'spectral_normalization: power_iterations expects a number above 0 and gets 0.',
  ],
  ["EinsumDense('ab,bc->ad', 4)", [[8]], 'einsum_dense: equation has "d" in its output alone.'],
  [
    "EinsumDense('abc,cd->abd', (3, 4))",
    [[8, 5]],
    'einsum_dense: output_shape says 3 for "b", of which its input has 8.',
  ],
  ["EinsumDense('ab,bc->ac', 4, bias_axes='z')", [[8]], 'einsum_dense: bias_axes has "z", which is not in the output.'],
  [
    'SpatialDropout2D(0.1)',
    [[8, 8]],
    'spatial_dropout2d expects 4 dimensions and gets 3: N×8×8 from the input input_layer.',
  ],
  ['Conv2D(4, 3)', [[8, 8, null]], 'Conv2D: its input leaves the channels open: N×8×8×?.'],
  [
    'BatchNormalization()',
    [[8, null]],
    'BatchNormalization: its weights need a size that its input leaves open: N×8×?.',
  ],
  ['LSTM(4)', [[8, null]], 'LSTM: its weights need a size that its input leaves open: N×8×?.'],
  [
    'LayerNormalization([1, 2])',
    [[null, 3]],
    'LayerNormalization: its weights need a size that its input leaves open: N×?×3.',
  ],
  ['Subtract()', [[3], [3], [3]], 'subtract: Subtract expects 2 inputs and gets 3.'],
  ['Add()', [[5, 4], [5]], 'Add cannot add N×5×4 and N×5.'],
  [
    'Dot((1, 2, 3))',
    [
      [3, 5],
      [4, 3],
    ],
    'dot: axes expects one number or two and gets 3.',
  ],
  ['Attention()', [[4, 6]], 'attention: it expects query, value and perhaps key, and gets 1 tensors.'],
  [
    'GroupQueryAttention(3, 3, 2)',
    [
      [4, 6],
      [5, 6],
    ],
    'grouped_query_attention: num_query_heads 3 cannot be divided by num_key_value_heads 2.',
  ],
  [
    'MultiHeadAttention(2.0, 3)',
    [
      [4, 6],
      [5, 6],
    ],
    'multi_head_attention: num_heads expects a whole number and gets 2.0.',
  ],
  [
    'MultiHeadAttention(2, 3)',
    [
      [4, 6],
      [5, 6],
      [7, 6],
    ],
    'multi_head_attention: value and key expect one length, and are N×5×6 and N×7×6.',
  ],
]

describe('what Keras refuses', () => {
  test.each(REFUSED)('%s on %j', (call, inputs, message) => {
    // Where a layer has no name of its own yet, it is told by its class.
    const nameless = (text: string): string => text.replace(/^\w+/, '')
    const line = inputs.length + 3
    const told = built(call, inputs).problems.map(problem => ({ ...problem, message: nameless(problem.message) }))
    expect(told).toEqual([{ severity: 'error', line, message: nameless(message) }])
  })
})

/** Keras 2 converts these or takes them as they are: a program of TensorFlow may run with it. */
test.each([
  ['GaussianNoise(5.0)', [8], [null, 8], 0],
  ['LeakyReLU(-1)', [8], [null, 8], 0],
  ['Dense(64 / 2)', [8], [null, 32], 9 * 32],
  ['Conv2D(32 / 4, 3)', [8, 8, 1], [null, 6, 6, 8], 80],
  ['AveragePooling2D()', [8, 8, 1], [null, 4, 4, 1], 0],
  ['MaxPooling2D(2, padding="SAME")', [9, 9, 1], [null, 5, 5, 1], 0],
  ['Bidirectional(layers.LSTM(3, go_backwards=True))', [4, 5], [null, 6], 2 * 4 * 3 * (5 + 3 + 1)],
])('%s in a program of TensorFlow', (call, input, output, params) => {
  const text = [
    'import tensorflow as tf',
    'from tensorflow.keras import layers',
    `i = tf.keras.Input((${input.map(size => `${size},`).join(' ')}))`,
    `model = tf.keras.Model(i, layers.${call}(i))`,
    '',
  ].join('\n')
  const { graph, totals, problems } = analyze({ uri: 'file:///m.py', name: 'm.py', text })!.model()!
  expect(problems.map(({ severity }) => severity)).toEqual(['warning'])
  expect(graph.outputs[0]!.shape!.map(d => (typeof d === 'number' ? d : null))).toEqual(output)
  expect([totals.params, totals.completeness]).toEqual([params, 'exact'])
})

test('masks of attention are no keys', () => {
  const text = [
    'import keras',
    'from keras import layers',
    'q = keras.Input((5, 8))',
    'm = keras.Input((5, 5), dtype="bool")',
    'x = layers.GroupQueryAttention(4, 4, 2)(q, q, attention_mask=m)',
    'y = layers.MultiHeadAttention(2, 4)(q, value=q, attention_mask=m, use_causal_mask=True)',
    'z = layers.Attention()([x, y], mask=[None, m])',
    'model = keras.Model([q, m], [x, y])',
    '',
  ].join('\n')
  const { totals, problems } = analyze({ uri: 'file:///m.py', name: 'm.py', text })!.model()!
  // As Keras counts them: 424 + 288. Projections 640 + 320 + 320 + 640 and 4 · 320, products 2 · 25 · 16 and 2 · 25 · 8.
  expect([totals.params, totals.macs, problems]).toEqual([712, 1920 + 800 + 1280 + 400, []])
})
