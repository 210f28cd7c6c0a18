import { type Convention, isAffine, read, times, written } from './convention'

/** fvcore.nn.FlopCountAnalysis with its default operator handles, model in evaluation mode. */
export const fvcore: Convention = {
  name: 'fvcore',
  title: 'fvcore FlopCountAnalysis',
  unit: 'flops (one multiply-add is 1)',
  source: 'facebookresearch/fvcore: fvcore/nn/flop_count.py, jit_handles.py',
  says: [
    'Batch norm counts 2 an element, or 1 without scale and shift; other norms 5, or 4.',
    'Nearest upsampling counts 1 an output, bilinear 4; adaptive average pooling 1 an input.',
    'Bias, activations, other pooling and additions count nothing.',
  ],
  work(node) {
    switch (node.op) {
      case 'batch_norm':
        return times(isAffine(node) ? 2 : 1, read(node))
      case 'group_norm':
      case 'instance_norm':
      case 'layer_norm':
        return times(isAffine(node) ? 5 : 4, read(node))
      case 'adaptive_avg_pool':
        return read(node)
      case 'interpolate': {
        const { mode } = node.attributes
        return mode === 'nearest' ? written(node) : mode === 'bilinear' ? times(4, written(node)) : 0
      }
      default:
        return node.cost.macs
    }
  },
}
