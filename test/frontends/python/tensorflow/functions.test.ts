import { describe, expect, test } from 'vitest'
import { analyze } from '../../../../src/analysis/analyze'
import { formatShape } from '../../../../src/core/shape'

const HEAD = `import tensorflow as tf
from tensorflow import keras
from keras import ops, backend as K
x = tf.random.normal([2, 8, 10, 6])
m = tf.constant([[1., 2., 3.], [4., 5., 6.]])
v = tf.constant([1, 2, 3])
`

/** Constants alone are not drawn: one product is, so that there is a graph. */
const DRAWN = 'tf.matmul(tf.zeros([1, 1]), tf.zeros([1, 1]))'

/** A script: what its last name stands for, and what is said of it. */
function script(code: string) {
  const text = `${HEAD}y = ${code}\n${DRAWN}\n`
  const analysis = analyze({ uri: 'file:///a.py', name: 'a.py', text, languageId: 'python' })!
  const model = analysis.model()!
  const bound = model
    .bindings!.filter(b => b.name === 'y')
    .at(-1)
    ?.shapes.at(-1)
  return {
    shapes: bound?.of.map(formatShape).join(', '),
    data: bound?.data,
    macs: model.totals.macs - 1,
    params: model.totals.params,
    problems: model.problems.map(p => `${p.severity}: ${p.message}`),
  }
}

/** Shapes by the documentation of each function; the input is 2×8×10×6. */
const SHAPES: readonly [string, string, number?][] = [
  // 3·3·6·4 products at 8·10 positions of each of two images: a batch that is a number is not multiplied in.
  ["tf.nn.conv2d(x, tf.zeros([3, 3, 6, 4]), strides=1, padding='SAME')", '2×8×10×4', 216 * 80],
  ["tf.nn.conv2d(x, tf.zeros([3, 3, 6, 4]), strides=[1, 2, 2, 1], padding='VALID')", '2×3×4×4', 216 * 12],
  ['tf.nn.conv2d(x, tf.zeros([3, 3, 6, 4]), strides=[2], padding=[[0, 0], [1, 1], [0, 2], [0, 0]])', '2×4×5×4'],
  ["tf.nn.conv2d(x, tf.zeros([3, 3, 6, 4]), 1, 'SAME', dilations=2)", '2×8×10×4'],
  ["tf.nn.conv2d(x, tf.zeros([3, 3, 8, 4]), [1, 1, 1, 1], 'SAME', data_format='NCHW')", '2×4×10×6'],
  ["tf.nn.atrous_conv2d(x, tf.zeros([3, 3, 6, 4]), rate=2, padding='VALID')", '2×4×6×4'],
  // 6·2 outputs, 3·3 products each.
  ["tf.nn.depthwise_conv2d(x, tf.zeros([3, 3, 6, 2]), [1, 1, 1, 1], 'SAME')", '2×8×10×12', 108 * 80],
  [
    "tf.nn.separable_conv2d(x, tf.zeros([3, 3, 6, 2]), tf.zeros([1, 1, 12, 5]), [1, 1, 1, 1], 'SAME')",
    '2×8×10×5',
    (108 + 60) * 80,
  ],
  ['tf.nn.conv2d_transpose(x, tf.zeros([3, 3, 4, 6]), [2, 16, 20, 4], 2)', '2×16×20×4', 216 * 80],
  ['tf.nn.conv2d_transpose(x, tf.zeros([3, 3, 4, 6]), [2, 15, 19, 4], 2)', '2×15×19×4'],
  ["tf.nn.conv2d_transpose(x, tf.zeros([3, 3, 4, 6]), [2, 17, 21, 4], 2, padding='VALID')", '2×17×21×4'],
  ['tf.nn.conv1d(tf.zeros([2, 9, 4]), tf.zeros([3, 4, 5]), 1, "VALID")', '2×7×5'],
  ['tf.nn.conv3d(tf.zeros([2, 5, 6, 7, 1]), tf.zeros([3, 3, 3, 1, 4]), [1, 1, 1, 1, 1], "VALID")', '2×3×4×5×4'],
  ["tf.nn.max_pool2d(x, ksize=2, strides=2, padding='VALID')", '2×4×5×6'],
  ["tf.nn.max_pool(x, [1, 3, 3, 1], [1, 2, 2, 1], 'SAME')", '2×4×5×6'],
  ["tf.nn.avg_pool2d(x, 3, 1, 'VALID')", '2×6×8×6'],
  ["tf.nn.pool(x, [2, 2], 'MAX', strides=[2, 2])", '2×4×5×6'],
  ['tf.nn.bias_add(x, tf.zeros([6]))', '2×8×10×6'],
  ['tf.nn.softmax(x)', '2×8×10×6'],
  ['tf.nn.relu(x) + 1', '2×8×10×6'],
  ['tf.nn.batch_normalization(x, tf.zeros([6]), tf.ones([6]), None, tf.ones([6]), 1e-3)', '2×8×10×6'],
  ['tf.nn.moments(x, axes=[0, 1, 2])', '6, 6'],
  ['tf.nn.local_response_normalization(x)', '2×8×10×6'],
  ['tf.nn.space_to_depth(x, 2)', '2×4×5×24'],
  ['tf.nn.depth_to_space(tf.zeros([1, 4, 4, 8]), 2)', '1×8×8×2'],
  ['tf.nn.embedding_lookup(tf.zeros([100, 16]), tf.zeros([2, 5], tf.int32))', '2×5×16'],
  ['tf.matmul(m, tf.zeros([3, 7]))', '2×7', 2 * 3 * 7],
  ['tf.matmul(m, m, transpose_b=True)', '2×2', 12],
  ['tf.linalg.matmul(tf.zeros([5, 2, 3]), tf.zeros([3, 4]))', '5×2×4'],
  ["tf.einsum('bhwc,cd->bhwd', x, tf.zeros([6, 9]))", '2×8×10×9', 2 * 80 * 54],
  ['tf.tensordot(x, tf.zeros([6, 3]), axes=1)', '2×8×10×3'],
  ['tf.tensordot(x, tf.zeros([8, 10, 3]), [[1, 2], [0, 1]])', '2×6×3'],
  ['tf.reshape(x, [-1, 480])', '2×480'],
  ['tf.reshape(x, (tf.shape(x)[0], -1, 6))', '2×80×6'],
  ['tf.transpose(x, [0, 3, 1, 2])', '2×6×8×10'],
  ['tf.transpose(m)', '3×2'],
  ['tf.expand_dims(m, -1)', '2×3×1'],
  ['tf.expand_dims(m, axis=0)', '1×2×3'],
  ['tf.squeeze(tf.zeros([1, 3, 1]), [0])', '3×1'],
  ['tf.concat([x, x, x], axis=-1)', '2×8×10×18'],
  ['tf.stack([m, m])', '2×2×3'],
  ['tf.stack([m, m], axis=-1)', '2×3×2'],
  ['tf.unstack(m)', '3, 3'],
  ['tf.split(x, 3, axis=3)', '2×8×10×2, 2×8×10×2, 2×8×10×2'],
  ['tf.split(x, [1, -1, 2], -1)', '2×8×10×1, 2×8×10×3, 2×8×10×2'],
  ['tf.tile(m, [2, 3])', '4×9'],
  ['tf.repeat(m, 2, axis=0)', '4×3'],
  ['tf.pad(x, [[0, 0], [1, 2], [3, 3], [0, 0]])', '2×11×16×6'],
  ['tf.pad(x, tf.constant([[0, 0], [1, 1], [1, 1], [0, 0]]))', '2×10×12×6'],
  ['tf.slice(x, [0, 1, 2, 0], [2, 4, -1, 3])', '2×4×8×3'],
  ['x[:, 1:5, ::2]', '2×4×5×6'],
  ['x[..., 0]', '2×8×10'],
  ['tf.gather(x, [0, 2], axis=3)', '2×8×10×2'],
  ['tf.one_hot(v, 10)', '3×10'],
  ['tf.broadcast_to(v, [4, 3])', '4×3'],
  ['tf.reverse(x, [1])', '2×8×10×6'],
  ['tf.where(m > 2, m, 0.0)', '2×3'],
  ['tf.reduce_mean(x, [1, 2])', '2×6'],
  ['tf.reduce_mean(x, axis=[1, 2], keepdims=True)', '2×1×1×6'],
  ['tf.reduce_sum(x)', 'scalar'],
  ['tf.argmax(m, axis=1)', '2'],
  ['tf.argmax(m)', '3'],
  ['tf.math.top_k(m, k=2)', '2×2, 2×2'],
  ['tf.cast(x, tf.int32)', '2×8×10×6'],
  ['tf.image.resize(x, [16, 20])', '2×16×20×6'],
  ['tf.image.resize(x, tf.shape(x)[1:3] * 2, method="nearest")', '2×16×20×6'],
  ['tf.image.central_crop(x, 0.5)', '2×4×6×6'],
  ['tf.image.resize_with_pad(x, 32, 48)', '2×32×48×6'],
  ['tf.image.rgb_to_grayscale(tf.zeros([4, 4, 3]))', '4×4×1'],
  ['tf.fill([2, 3], 7)', '2×3'],
  ['tf.zeros_like(x)', '2×8×10×6'],
  ['tf.random.uniform((3, 4))', '3×4'],
  ['tf.range(10)', '10'],
  ['tf.linspace(0.0, 1.0, 5)', '5'],
  ['tf.eye(3)', '3×3'],
  ['tf.compat.v1.layers.dense(m, 4)', '2×4'],
  ['tf.compat.v1.layers.conv2d(x, 4, 3, strides=2)', '2×3×4×4'],
  ['ops.conv(x, tf.zeros([3, 3, 6, 4]), strides=2, padding="same")', '2×4×5×4'],
  ['ops.max_pool(x, 2)', '2×4×5×6'],
  ['ops.average_pool(x, (2, 5), strides=1)', '2×7×6×6'],
  ['ops.concatenate([x, x], axis=1)', '2×16×10×6'],
  ['ops.mean(x, axis=(1, 2))', '2×6'],
  ['ops.reshape(x, (2, -1))', '2×480'],
  ['ops.transpose(x, (0, 3, 1, 2))', '2×6×8×10'],
  ['ops.swapaxes(x, 1, 3)', '2×6×10×8'],
  ['ops.split(x, 2, axis=1)', '2×4×10×6, 2×4×10×6'],
  ['ops.image.resize(x, (4, 4))', '2×4×4×6'],
  ['ops.expand_dims(x, 1)', '2×1×8×10×6'],
  ['ops.matmul(m, ops.transpose(m))', '2×2'],
  ['ops.sigmoid(x) * ops.relu(x)', '2×8×10×6'],
  ['K.concatenate([x, x])', '2×8×10×12'],
  ['K.batch_dot(tf.zeros([4, 5, 6]), tf.zeros([4, 6, 7]))', '4×5×7'],
  ['K.permute_dimensions(x, (0, 2, 1, 3))', '2×10×8×6'],
  ['K.mean(x, axis=-1, keepdims=True)', '2×8×10×1'],
  ['K.resize_images(x, 2, 3, "channels_last")', '2×16×30×6'],
  ['K.spatial_2d_padding(x, ((1, 1), (2, 0)))', '2×10×12×6'],
]

describe('functions of TensorFlow and Keras on tensors', () => {
  test.each(SHAPES)('%s', (code, shapes, macs) => {
    const got = script(code)
    expect(got.problems).toEqual([])
    expect(got.shapes).toBe(shapes)
    if (macs !== undefined) expect(got.macs).toBe(macs)
  })

  // Worked by hand: what a picture of 3×3 with two channels and a filter [1, 2] give, and the like.
  test.each([
    ['tf.matmul(m, m, transpose_b=True)', [14, 32, 32, 77]],
    ['tf.reduce_sum(m, axis=0)', [5, 7, 9]],
    ['tf.reduce_mean(m, 1)', [2, 5]],
    ['tf.transpose(m)', [1, 4, 2, 5, 3, 6]],
    ['tf.nn.relu(m - 3)', [0, 0, 0, 1, 2, 3]],
    ['tf.concat([m, m], 0)', [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]],
    ['tf.argmax(m, axis=1)', [2, 2]],
    ['tf.where(m > 2, m, 0.0)', [0, 0, 3, 4, 5, 6]],
    ['tf.constant(3, shape=[2, 2])', [3, 3, 3, 3]],
    ['tf.range(1, 10, 3)', [1, 4, 7]],
    // A 3×3 of ones over 1 … 9, `SAME` with stride 2: the corners of a picture with a border of zeros.
    ['tf.nn.conv2d(tf.reshape(tf.range(1.0, 10.0), [1, 3, 3, 1]), tf.ones([3, 3, 1, 1]), 2, "SAME")', [12, 16, 24, 28]],
    // 4 wide with stride 2 and kernel 3: one zero, at the end.
    ['tf.nn.conv1d(tf.reshape(tf.range(1.0, 5.0), [1, 4, 1]), tf.ones([3, 1, 1]), 2, "SAME")', [6, 7]],
    [
      'tf.nn.conv1d(tf.reshape(tf.range(1.0, 5.0), [1, 1, 4]), tf.ones([3, 1, 1]), 1, "VALID", data_format="NCW")',
      [6, 9],
    ],
    ['tf.nn.bias_add(tf.zeros([1, 2]), tf.constant([1.0, 2.0]))', [1, 2]],
  ])('%s has known numbers', (code, data) => {
    expect(script(code as string).data).toEqual(data)
  })

  test('a convolution by hand, its numbers known', () => {
    const picture = '[[[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]], [[13, 14], [15, 16], [17, 18]]]]'
    const code = `tf.nn.conv2d(tf.constant(${picture}, dtype=tf.float32), tf.constant([[[[1], [2]]]], dtype=tf.float32), 1, 'VALID')`
    expect(script(code)).toMatchObject({ shapes: '1×3×3×1', data: [5, 11, 17, 23, 29, 35, 41, 47, 53], problems: [] })
  })

  test('a filter that is shallower than its input is a convolution in groups, and is remarked on', () => {
    const code =
      "tf.nn.conv2d(tf.random.normal([1, 3, 3, 2]), tf.constant([[[[1, 2]]]], dtype=tf.float32), strides=[1, 1, 1, 1], padding='VALID')"
    const got = script(code)
    // One product for each of 2 outputs at 9 positions.
    expect(got).toMatchObject({ shapes: '1×3×3×2', macs: 18 })
    expect(got.problems).toEqual([
      'info: conv2d gets a filter of depth 1 and an input of 2 channels: TensorFlow runs it in 2 groups, and 2 filters give 2 channels.',
    ])
  })

  test.each([
    [
      'tf.nn.conv2d(x, tf.zeros([3, 3, 4, 4]), 1, "SAME")',
      'error: conv2d expects 4 input channels and gets 6: 2×8×10×6.',
    ],
    [
      'tf.nn.conv2d(x, tf.zeros([9, 9, 6, 4]), 1, "VALID")',
      'error: Kernel 9 is larger than the padded input 8: conv2d gets 2×8×10×6.',
    ],
    // Depth 2 in an input of 6: three groups, and 4 filters cannot be shared out among them.
    [
      'tf.nn.conv2d(x, tf.zeros([3, 3, 2, 4]), 1, "SAME")',
      'error: conv2d: groups 3 does not divide 4 output channels.',
    ],
    ['tf.matmul(m, m)', 'error: matmul: cannot multiply 2×3 by 2×3: 3 columns, 2 rows.'],
    ['tf.concat([x, m], axis=0)', 'error: concat: the inputs have 4 and 2 dimensions.'],
    ['tf.add(x, tf.zeros([5]))', 'error: add: cannot add 2×8×10×6 and 5, they differ at dimension 3.'],
  ])('%s', (code, problem) => expect(script(code).problems).toEqual([problem]))

  test('what is not modelled is unknown, and what follows goes on', () => {
    const got = script('tf.nn.relu(tf.signal.dct(x))')
    expect(got.problems).toEqual([])
    expect(got.shapes).toBe('?')
    expect(script('tf.nn.no_such_function(x)').shapes).toBe('?')
  })

  test('variables count once', () => {
    const text = `import tensorflow as tf
W = tf.Variable(tf.random.truncated_normal([5, 5, 1, 32]))
b = tf.Variable(tf.zeros([32]))
x = tf.compat.v1.placeholder(tf.float32, [None, 28, 28, 1])
h = tf.nn.relu(tf.nn.conv2d(x, W, strides=[1, 1, 1, 1], padding='SAME') + b)
g = tf.nn.conv2d(x, W, strides=[1, 1, 1, 1], padding='SAME')
`
    const model = analyze({ uri: 'file:///a.py', name: 'a.py', text, languageId: 'python' })!.model()!
    // The bias is added by an operator, which owns nothing.
    expect(model.totals.params).toBe(800)
    expect(model.totals.macs).toBe(2 * 800 * 784)
    expect(formatShape(model.bindings!.find(binding => binding.name === 'h')!.shapes[0]!.of[0]!)).toBe('N×28×28×32')
  })
})
