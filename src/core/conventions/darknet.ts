import { type Convention, isConvolution, times, written } from './convention'

/** The BFLOPs that darknet prints a layer and in all, here in single operations. */
export const darknet: Convention = {
  name: 'darknet',
  title: 'Darknet BFLOPs',
  unit: 'FLOPs',
  source: 'AlexeyAB/darknet: src/convolutional_layer.c, maxpool_layer.c, shortcut_layer.c',
  says: [
    'A multiply-accumulate of a convolution counts 2; max pooling counts k² an output, a shortcut 1 an output.',
    'Bias, norms, activations, other pooling and connected layers count nothing.',
  ],
  work(node) {
    if (isConvolution(node)) return times(2, node.cost.macs)
    if (node.op.startsWith('max_pool')) {
      return times(
        (node.attributes.kernel as readonly number[]).reduce((a, b) => a * b, 1),
        written(node),
      )
    }
    return node.op === 'elementwise' && node.attributes.function === 'add' ? written(node) : 0
  },
}
