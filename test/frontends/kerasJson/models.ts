/** Models as each version of Keras writes them, for tests. */

const conv2 = (name: string, from: string | null, filters: number, size: number, more: object = {}): object => ({
  class_name: 'Conv2D',
  config: {
    name,
    trainable: true,
    dtype: 'float32',
    filters,
    kernel_size: [size, size],
    strides: [1, 1],
    padding: 'same',
    data_format: 'channels_last',
    dilation_rate: [1, 1],
    groups: 1,
    activation: 'relu',
    use_bias: true,
    kernel_initializer: { class_name: 'GlorotUniform', config: { seed: null } },
    ...more,
  },
  ...(from === null ? {} : { name, inbound_nodes: [[[from, 0, 0, {}]]] }),
})

/** Keras 2: two convolutions that are added. */
export const keras2 = {
  class_name: 'Functional',
  config: {
    name: 'net',
    layers: [
      {
        class_name: 'InputLayer',
        config: { batch_input_shape: [null, 56, 56, 256], dtype: 'float32', name: 'image' },
        name: 'image',
        inbound_nodes: [],
      },
      conv2('a', 'image', 256, 3),
      conv2('b', 'a', 256, 5, { strides: [2, 2] }),
      { class_name: 'MaxPooling2D', config: { name: 'p' }, name: 'p', inbound_nodes: [[['a', 0, 0, {}]]] },
      {
        class_name: 'Add',
        config: { name: 'add' },
        name: 'add',
        inbound_nodes: [
          [
            ['p', 0, 0, {}],
            ['b', 0, 0, {}],
          ],
        ],
      },
    ],
    input_layers: [['image', 0, 0]],
    output_layers: [['add', 0, 0]],
  },
  keras_version: '2.13.1',
}

/** Keras 1: the names of its time; the list of a Sequential is the config itself. */
export const keras1 = {
  class_name: 'Sequential',
  keras_version: '1.2.2',
  config: [
    {
      class_name: 'Convolution2D',
      config: {
        name: 'c1',
        batch_input_shape: [null, 28, 28, 64],
        nb_filter: 128,
        nb_row: 3,
        nb_col: 3,
        subsample: [1, 1],
        border_mode: 'same',
        dim_ordering: 'tf',
        activation: 'relu',
        bias: true,
      },
    },
    { class_name: 'BatchNormalization', config: { name: 'bn', axis: -1, mode: 0 } },
    { class_name: 'Flatten', config: { name: 'flat' } },
    { class_name: 'Dense', config: { name: 'fc', output_dim: 10, activation: 'softmax', bias: true } },
  ],
}

const tensor = (layer: string, shape: readonly (number | null)[]): object => ({
  class_name: '__keras_tensor__',
  config: { shape, dtype: 'float32', keras_history: [layer, 0, 0] },
})

/** Keras 3: tensors among the arguments of calls. */
export const keras3 = {
  module: 'keras.src.models.functional',
  class_name: 'Functional',
  config: {
    name: 'net3',
    trainable: true,
    layers: [
      {
        module: 'keras.layers',
        class_name: 'InputLayer',
        config: { batch_shape: [null, 32, 32, 64], dtype: 'float32', name: 'x' },
        registered_name: null,
        name: 'x',
        inbound_nodes: [],
      },
      {
        module: 'keras.layers',
        class_name: 'Conv2D',
        config: {
          name: 'c',
          filters: 128,
          kernel_size: [3, 3],
          strides: [2, 2],
          padding: 'same',
          activation: 'relu',
          use_bias: true,
        },
        registered_name: null,
        build_config: { input_shape: [null, 32, 32, 64] },
        name: 'c',
        inbound_nodes: [{ args: [tensor('x', [null, 32, 32, 64])], kwargs: {} }],
      },
      {
        module: 'keras.layers',
        class_name: 'Concatenate',
        config: { name: 'cat', axis: -1 },
        registered_name: null,
        name: 'cat',
        inbound_nodes: [{ args: [[tensor('c', [null, 16, 16, 128]), tensor('c', [null, 16, 16, 128])]], kwargs: {} }],
      },
    ],
    input_layers: ['x', 0, 0],
    output_layers: ['cat', 0, 0],
  },
}
