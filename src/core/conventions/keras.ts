import type { Convention } from './convention'

/** keras.Model.summary, "Total params". */
export const keras: Convention = {
  name: 'keras',
  title: 'Keras summary',
  unit: 'params',
  source: 'keras-team/keras: keras/src/utils/summary_utils.py',
  says: ['Params include the moving mean and variance of batch norm, as non-trainable ones.'],
  params(graph) {
    let sum = 0
    for (const { weights, op } of graph.layers) {
      for (const weight of weights) {
        if (weight.kind === 'buffer' && op !== 'batch_norm') continue
        if (weight.elements === null) return null
        sum += weight.elements
      }
    }
    return sum
  },
}
