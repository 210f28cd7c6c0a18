import type { Node } from '../graph'
import { area, type Convention, isAffine, isConvolution, macsAtOutput, plus, read, times, written } from './convention'

/** thop.profile with its registered hooks (0.1.1), model in evaluation mode. */
export const thop: Convention = {
  name: 'thop',
  title: 'thop',
  unit: 'MACs',
  source: 'Lyken17/pytorch-OpCounter: thop/profile.py, thop/vision/basic_hooks.py, calc_func.py',
  says: [
    'Batch, layer and instance norm count 4 an element, or 2 without scale and shift; group norm nothing.',
    'Transposed convolutions count at the output positions.',
    'Average pooling counts 1 an output, adaptive average pooling (inputs per output + 1), nearest upsampling 1.',
    'Bias, max pooling, activations, additions and matrix products outside of layers count nothing.',
  ],
  work: thopWork,
}

/** What thop's hook of a module adds. */
export function thopWork(node: Node): number | null {
  if (isConvolution(node)) return macsAtOutput(node)
  switch (node.op) {
    case 'linear':
      return node.cost.macs
    case 'batch_norm':
    case 'layer_norm':
    case 'instance_norm':
      return times(isAffine(node) ? 4 : 2, read(node))
    case 'prelu':
      return read(node)
    case 'avg_pool1d':
    case 'avg_pool2d':
    case 'avg_pool3d':
      return written(node)
    case 'adaptive_avg_pool':
      return plus(adaptiveKernel(node), written(node))
    case 'interpolate':
      return times(UPSAMPLE[String(node.attributes.mode)] ?? 0, written(node))
    default:
      return 0
  }
}

/** Inputs per output position, for every output: the input's positions times the channels. */
function adaptiveKernel(node: Node): number | null {
  const [from, to, out] = [area(node.inputs[0]?.shape), area(node.outputs[0]?.shape), written(node)]
  return from === null || to === null || out === null ? null : Math.floor((from / to) * out)
}

const UPSAMPLE: Readonly<Record<string, number>> = { nearest: 1, linear: 5, bilinear: 11, bicubic: 259 }
