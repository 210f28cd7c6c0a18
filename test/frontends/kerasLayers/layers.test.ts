import { describe, expect, test } from 'vitest'
import { analyze } from '../../../src/analysis/analyze'
import { kerasLayer, kerasLayers } from '../../../src/frontends/kerasLayers'

/** A list of one layer on an input, as JSON: what the layer makes of it. */
function built(type: string, config: object, ...inputs: (readonly (number | null)[])[]) {
  const layers = inputs.map((shape, i) => ({
    class_name: 'InputLayer',
    name: `in${i}`,
    config: { name: `in${i}`, batch_shape: [null, ...shape] },
    inbound_nodes: [],
  }))
  const layer = {
    class_name: type,
    name: 'it',
    config: { name: 'it', ...config },
    inbound_nodes: [inputs.map((_, i) => [`in${i}`, 0, 0, {}])],
  }
  const model = {
    class_name: 'Functional',
    config: {
      name: 'net',
      layers: [...layers, layer],
      input_layers: inputs.map((_, i) => [`in${i}`, 0, 0]),
      output_layers: [['it', 0, 0]],
    },
  }
  const result = analyze({ uri: 'm.json', name: 'm.json', text: JSON.stringify(model) })!.model()!
  return {
    shape: result.graph.outputs[0]!.shape?.map(d => (typeof d === 'object' && d !== null ? 'N' : d)),
    params: result.totals.params,
    trainable: result.totals.trainableParams,
    macs: result.totals.macs,
    exact: result.totals.completeness === 'exact',
    problems: result.problems.map(p => p.message),
  }
}

/**
 * Layer, arguments, input without the batch; output, params, those trained, MACs. Expectations are Keras' documented
 * rules with numbers put in: `same` is ceil(n / s), `valid` floor((n − d (k − 1) − 1) / s) + 1.
 */
const ROWS: readonly [string, object, (number | null)[], (number | 'N' | null)[], number, number?, number?][] = [
  // 3·3·3·512 + 512 = 14,336.
  [
    'Conv2D',
    { filters: 512, kernel_size: [3, 3], padding: 'same' },
    [256, 256, 3],
    ['N', 256, 256, 512],
    14336,
    14336,
    27 * 512 * 65536,
  ],
  // (32 − 5) / 2 + 1 = 14; 5·5·8·16 + 16.
  ['Conv2D', { filters: 16, kernel_size: 5, strides: 2 }, [32, 32, 8], ['N', 14, 14, 16], 3216, 3216, 3200 * 196],
  // ceil(15 / 2) = 8.
  [
    'Conv2D',
    { filters: 4, kernel_size: 3, strides: 2, padding: 'same', use_bias: false },
    [15, 15, 2],
    ['N', 8, 8, 4],
    72,
    72,
    72 * 64,
  ],
  // 8 inputs in 4 groups: 3·3·2·16 + 16.
  ['Conv2D', { filters: 16, kernel_size: 3, groups: 4 }, [9, 9, 8], ['N', 7, 7, 16], 304, 304, 288 * 49],
  [
    'Conv2D',
    { filters: 16, kernel_size: 3, data_format: 'channels_first' },
    [8, 9, 9],
    ['N', 16, 7, 7],
    1168,
    1168,
    1152 * 49,
  ],
  // dilation 2: 3 taps span 5.
  ['Conv2D', { filters: 2, kernel_size: 3, dilation_rate: 2 }, [9, 9, 1], ['N', 5, 5, 2], 20, 20, 18 * 25],
  ['Conv1D', { filters: 8, kernel_size: 3, padding: 'causal' }, [20, 4], ['N', 20, 8], 104, 104, 96 * 20],
  ['Conv1D', { filters: 8, kernel_size: 3, padding: 'causal', strides: 2 }, [20, 4], ['N', 10, 8], 104],
  ['Conv3D', { filters: 2, kernel_size: 3 }, [5, 6, 7, 1], ['N', 3, 4, 5, 2], 56, 56, 54 * 60],
  // 3·3·6·2 depthwise and a bias for each of 12 outputs.
  ['DepthwiseConv2D', { kernel_size: 3, depth_multiplier: 2 }, [8, 8, 6], ['N', 6, 6, 12], 120, 120, 108 * 36],
  // 3·3·6 and 6·10 + 10: one bias.
  [
    'SeparableConv2D',
    { filters: 10, kernel_size: 3, padding: 'same' },
    [8, 8, 6],
    ['N', 8, 8, 10],
    124,
    124,
    (54 + 60) * 64,
  ],
  ['SeparableConv1D', { filters: 10, kernel_size: 3 }, [8, 6], ['N', 6, 10], 18 + 60 + 10],
  // valid: (8 − 1)·2 + 3 = 17; same: 16; with an output padding of 1 and kernel 3: 7·2 + 3 + 1 − 2 = 16.
  ['Conv2DTranspose', { filters: 4, kernel_size: 3, strides: 2 }, [8, 8, 6], ['N', 17, 17, 4], 220],
  [
    'Conv2DTranspose',
    { filters: 4, kernel_size: 3, strides: 2, padding: 'same' },
    [8, 8, 6],
    ['N', 16, 16, 4],
    220,
    220,
    9 * 24 * 64,
  ],
  [
    'Conv2DTranspose',
    { filters: 4, kernel_size: 3, strides: 2, padding: 'same', output_padding: 1 },
    [8, 8, 6],
    ['N', 16, 16, 4],
    220,
  ],
  // A stride beyond the kernel: (8 − 1)·3 + 3 = 24, Keras fills up.
  ['Conv2DTranspose', { filters: 4, kernel_size: 2, strides: 3 }, [8, 8, 1], ['N', 24, 24, 4], 20],
  ['Conv1DTranspose', { filters: 4, kernel_size: 3, strides: 2 }, [8, 6], ['N', 17, 4], 76],
  // 6·6 positions of 3·3·2 → 4, a bias each.
  ['LocallyConnected2D', { filters: 4, kernel_size: 3 }, [8, 8, 2], ['N', 6, 6, 4], 36 * (72 + 4)],
  ['LocallyConnected1D', { filters: 4, kernel_size: 3 }, [8, 2], ['N', 6, 4], 6 * (24 + 4)],
  ['Dense', { units: 10 }, [100], ['N', 10], 1010, 1010, 1000],
  ['Dense', { units: 10 }, [7, 7, 100], ['N', 7, 7, 10], 1010, 1010, 49000],
  [
    'EinsumDense',
    { equation: 'abc,cd->abd', output_shape: [null, 64], bias_axes: 'd' },
    [32, 128],
    ['N', 32, 64],
    128 * 64 + 64,
    undefined,
    32 * 128 * 64,
  ],
  [
    'EinsumDense',
    { equation: '...x,xy->...y', output_shape: 64 },
    [32, 128],
    ['N', 32, 64],
    8192,
    undefined,
    32 * 8192,
  ],
  ['Embedding', { input_dim: 1000, output_dim: 16 }, [20], ['N', 20, 16], 16000, 16000, 0],
  // gamma, beta trained; two statistics not.
  ['BatchNormalization', {}, [8, 8, 6], ['N', 8, 8, 6], 24, 12],
  ['BatchNormalization', { scale: false, axis: [3] }, [8, 8, 6], ['N', 8, 8, 6], 18, 6],
  ['BatchNormalization', { axis: 1 }, [8, 7, 6], ['N', 8, 7, 6], 32, 16],
  ['LayerNormalization', {}, [8, 6], ['N', 8, 6], 12, 12],
  ['LayerNormalization', { axis: [1, 2], center: false }, [8, 6], ['N', 8, 6], 48],
  ['GroupNormalization', { groups: 3 }, [8, 8, 6], ['N', 8, 8, 6], 12],
  ['GroupNormalization', { groups: -1, scale: false }, [8, 8, 6], ['N', 8, 8, 6], 6],
  ['RMSNormalization', {}, [6], ['N', 6], 6],
  // mean, variance and one count, none of them trained.
  ['Normalization', { axis: -1 }, [8, 8, 3], ['N', 8, 8, 3], 7, 0],
  ['Normalization', { mean: 0.5, variance: 0.1 }, [8, 8, 3], ['N', 8, 8, 3], 0, 0],
  ['PReLU', { shared_axes: [1, 2] }, [8, 8, 3], ['N', 8, 8, 3], 3],
  ['PReLU', {}, [4, 4, 3], ['N', 4, 4, 3], 48],
  ['MaxPooling2D', {}, [9, 9, 3], ['N', 4, 4, 3], 0],
  ['MaxPooling2D', { pool_size: 3, strides: 2, padding: 'same' }, [9, 9, 3], ['N', 5, 5, 3], 0],
  ['AveragePooling1D', { pool_size: 3 }, [9, 3], ['N', 3, 3], 0],
  ['MaxPooling3D', { pool_size: [1, 2, 2] }, [5, 8, 8, 3], ['N', 5, 4, 4, 3], 0],
  ['GlobalAveragePooling2D', {}, [7, 7, 512], ['N', 512], 0],
  ['GlobalMaxPooling2D', { keepdims: true }, [7, 7, 512], ['N', 1, 1, 512], 0],
  ['GlobalAveragePooling1D', { data_format: 'channels_first' }, [512, 7], ['N', 512], 0],
  ['AdaptiveAveragePooling2D', { output_size: 2 }, [7, 7, 5], ['N', 2, 2, 5], 0],
  ['UpSampling2D', { size: [2, 3] }, [4, 4, 5], ['N', 8, 12, 5], 0],
  ['UpSampling1D', {}, [4, 5], ['N', 8, 5], 0],
  [
    'ZeroPadding2D',
    {
      padding: [
        [1, 2],
        [3, 4],
      ],
    },
    [4, 4, 5],
    ['N', 7, 11, 5],
    0,
  ],
  ['ZeroPadding2D', { padding: [1, 2], data_format: 'channels_first' }, [5, 4, 4], ['N', 5, 6, 8], 0],
  ['ZeroPadding1D', { padding: [1, 2] }, [4, 5], ['N', 7, 5], 0],
  [
    'Cropping2D',
    {
      cropping: [
        [1, 2],
        [0, 1],
      ],
    },
    [9, 9, 5],
    ['N', 6, 8, 5],
    0,
  ],
  ['Cropping1D', { cropping: [1, 1] }, [9, 5], ['N', 7, 5], 0],
  ['Flatten', {}, [7, 7, 5], ['N', 245], 0],
  ['Reshape', { target_shape: [-1, 35] }, [7, 7, 5], ['N', 7, 35], 0],
  ['Permute', { dims: [2, 1] }, [7, 5], ['N', 5, 7], 0],
  ['RepeatVector', { n: 3 }, [5], ['N', 3, 5], 0],
  // 4 gates of 16 · (8 + 16) weights, one bias each: 4 · 16 · 25.
  ['LSTM', { units: 16 }, [20, 8], ['N', 16], 1600, 1600, 20 * 64 * 24],
  ['LSTM', { units: 16, return_sequences: true }, [20, 8], ['N', 20, 16], 1600],
  // 3 · 16 · (8 + 16 + 2) with two biases, + 1 with one.
  ['GRU', { units: 16, reset_after: true }, [20, 8], ['N', 16], 1248],
  // Files without the argument are older than it.
  ['GRU', { units: 16 }, [20, 8], ['N', 16], 1200],
  ['GRU', { units: 16, reset_after: false }, [20, 8], ['N', 16], 1200],
  ['SimpleRNN', { units: 16 }, [20, 8], ['N', 16], 400],
  [
    'Bidirectional',
    { layer: { class_name: 'LSTM', config: { units: 16, return_sequences: true } } },
    [20, 8],
    ['N', 20, 32],
    3200,
  ],
  [
    'Bidirectional',
    { layer: { class_name: 'GRU', config: { units: 16, reset_after: true } }, merge_mode: 'sum' },
    [20, 8],
    ['N', 16],
    2496,
  ],
  ['TimeDistributed', { layer: { class_name: 'Dense', config: { units: 4 } } }, [20, 8], ['N', 20, 4], 36, 36, 20 * 32],
  [
    'TimeDistributed',
    { layer: { class_name: 'Conv2D', config: { filters: 4, kernel_size: 3 } } },
    [5, 8, 8, 2],
    ['N', 5, 6, 6, 4],
    76,
    76,
    5 * 36 * 72,
  ],
  // 4 gates: 3·3·(2 + 4)·16 + 16.
  [
    'ConvLSTM2D',
    { filters: 4, kernel_size: 3, padding: 'same' },
    [5, 8, 8, 2],
    ['N', 8, 8, 4],
    880,
    880,
    5 * 64 * 9 * 6 * 16,
  ],
  [
    'SpectralNormalization',
    { layer: { class_name: 'Conv2D', config: { filters: 8, kernel_size: 3 } } },
    [9, 9, 1],
    ['N', 7, 7, 8],
    88,
    80,
  ],
  ['Resizing', { height: 20, width: 30 }, [9, 9, 3], ['N', 20, 30, 3], 0],
  ['CenterCrop', { height: 5, width: 6 }, [9, 9, 3], ['N', 5, 6, 3], 0],
  ['RandomFlip', { mode: 'horizontal' }, [9, 9, 3], ['N', 9, 9, 3], 0],
  ['Rescaling', { scale: 0.1 }, [9, 9, 3], ['N', 9, 9, 3], 0],
  ['Activation', { activation: 'relu' }, [9], ['N', 9], 0],
  // Keras 1.
  [
    'Convolution2D',
    { nb_filter: 8, nb_row: 3, nb_col: 5, subsample: [2, 2], border_mode: 'same', dim_ordering: 'tf' },
    [9, 9, 2],
    ['N', 5, 5, 8],
    248,
  ],
  [
    'Convolution2D',
    { nb_filter: 8, nb_row: 3, nb_col: 3, border_mode: 'valid', dim_ordering: 'th', bias: false },
    [2, 9, 9],
    ['N', 8, 7, 7],
    144,
  ],
  [
    'Convolution1D',
    { nb_filter: 8, filter_length: 3, subsample_length: 1, border_mode: 'valid' },
    [9, 2],
    ['N', 7, 8],
    56,
  ],
  ['GRU', { output_dim: 16, input_dim: 8 }, [20, 8], ['N', 16], 1200],
  ['TimeDistributedDense', { output_dim: 4 }, [20, 8], ['N', 20, 4], 36],
]

describe('layers of Keras', () => {
  test.each(ROWS)('%s %j on %j', (type, config, input, shape, params, trainable, macs) => {
    const got = built(type, config, input)
    expect(got.problems).toEqual([])
    expect(got.shape).toEqual(shape)
    expect(got.params).toBe(params)
    expect(got.exact).toBe(true)
    if (trainable !== undefined) expect(got.trainable).toBe(trainable)
    if (macs !== undefined) expect(got.macs).toBe(macs)
  })

  test.each([
    ['Add', {}, [8, 8, 3], [8, 8, 3], ['N', 8, 8, 3]],
    ['Multiply', {}, [8, 8, 3], [1, 1, 3], ['N', 8, 8, 3]],
    ['Concatenate', {}, [8, 8, 3], [8, 8, 5], ['N', 8, 8, 8]],
    ['Concatenate', { axis: 1 }, [8, 8, 3], [2, 8, 3], ['N', 10, 8, 3]],
    ['Merge', { mode: 'concat', concat_axis: -1 }, [8, 8, 3], [8, 8, 5], ['N', 8, 8, 8]],
    ['Merge', { mode: 'sum' }, [8], [8], ['N', 8]],
    ['Dot', { axes: 1 }, [8], [8], ['N', 1]],
    ['Dot', { axes: [2, 1] }, [5, 8], [8, 3], ['N', 5, 3]],
    ['Attention', {}, [5, 8], [7, 8], ['N', 5, 8]],
  ])('%s %j of %j and %j', (type, config, a, b, shape) => {
    const got = built(type as string, config as object, a as number[], b as number[])
    expect(got.problems).toEqual([])
    expect(got.shape).toEqual(shape)
  })

  test.each([
    [
      'Conv2D',
      { filters: 8, kernel_size: 3 },
      [32, 32],
      'it expects 4 dimensions and gets 3: N×32×32 from the input in0.',
    ],
    ['Conv2D', { filters: 0, kernel_size: 3 }, [9, 9, 3], 'it: filters expects a number above 0 and gets 0.'],
    ['Conv2D', { filters: 8, kernel_size: 3, groups: 2 }, [9, 9, 3], 'it: groups 2 does not divide 3 input channels.'],
    ['Conv2D', { filters: 8, kernel_size: [3, 3, 3] }, [9, 9, 3], 'it: kernel_size expects 2 numbers and gets 3.'],
    [
      'Conv2D',
      { filters: 8, kernel_size: 3, padding: 'full' },
      [9, 9, 3],
      'it: padding expects "valid" or "same" and gets "full".',
    ],
    [
      'Conv2D',
      { filters: 8, kernel_size: 11 },
      [9, 9, 3],
      'Kernel 11 is larger than the padded input 9: it gets N×9×9×3 from the input in0.',
    ],
    ['Reshape', { target_shape: [7, 7] }, [50], 'it: N×7×7 cannot hold 50 elements: N×50 from the input in0.'],
    ['Cropping2D', { cropping: 5 }, [9, 9, 3], 'it: cropping 5 + 5 leaves nothing of 9.'],
    ['GlobalAveragePooling2D', {}, [10], 'it expects 4 dimensions and gets 2: N×10 from the input in0.'],
  ])('%s %j on %j is refused', (type, config, input, message) => {
    expect(built(type as string, config as object, input as number[]).problems).toEqual([message])
  })

  test('attention with heads: projections with a bias, and products of all pairs of tokens', () => {
    const got = built('MultiHeadAttention', { num_heads: 4, key_dim: 16 }, [10, 64], [12, 32])
    expect(got.shape).toEqual(['N', 10, 64])
    // Query 64 → 64 on 10 tokens, key and value 32 → 64 on 12, 64 → 64 on 10; 10 · 12 · (64 + 64).
    expect(got.params).toBe(4160 + 2 * (2048 + 64) + 4160)
    expect(got.macs).toBe(2 * 10 * 4096 + 2 * 12 * 2048 + 10 * 12 * 128)
  })

  test('two inputs that do not fit are told', () => {
    expect(built('Add', {}, [8, 8, 3], [8, 8, 5]).problems).toEqual([
      'it: cannot add N×8×8×3 and N×8×8×5, they differ at dimension 3.',
    ])
    expect(built('Concatenate', {}, [8, 8, 3], [4, 4, 3]).problems).toHaveLength(1)
  })

  test('every row of the table is found by its name, and by what older versions call it', () => {
    for (const kind of kerasLayers) expect(kerasLayer(kind.name)).toBe(kind)
    expect(kerasLayer('MaxPool2D')?.name).toBe('MaxPooling2D')
    expect(kerasLayer('constructor')).toBeUndefined()
    expect(kerasLayer('__proto__')).toBeUndefined()
  })
})
