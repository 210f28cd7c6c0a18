import type { Node } from '../graph'
import {
  type Convention,
  hasBias,
  isAffine,
  isConvolution,
  isNorm,
  isTransposed,
  macsAtOutput,
  plus,
  read,
  times,
  written,
} from './convention'

/**
 * ptflops with its default PyTorch backend (0.7.5). It hooks modules and patches functions too, so a module whose
 * forward calls a patched function (ReLU, GELU, pooling, upsampling) is counted by both: its README's 4.13 GMac of
 * ResNet-50 and 15.52 of VGG-16 hold this.
 */
export const ptflops: Convention = {
  name: 'ptflops',
  title: 'ptflops',
  unit: 'MACs',
  source: 'sovrasov/flops-counter.pytorch: ptflops/pytorch_ops.py, pytorch_engine.py',
  says: [
    'Bias counts 1 an output of a convolution, and once for a linear layer; transposed ones count at the output.',
    'Batch, group and instance norm count 2 an element with scale and shift, else 1; layer norm 1.',
    'ReLU, ELU, GELU and pooling as modules count 2 an element of their input, once as module and once as function;',
    'SiLU, ReLU6, LeakyReLU and softmax count 1, additions written with + nothing.',
  ],
  work(node) {
    if (isConvolution(node)) {
      const products = isTransposed(node) ? macsAtOutput(node) : node.cost.macs
      return hasBias(node) ? plus(products, written(node)) : products
    }
    if (isNorm(node)) return times(node.op !== 'layer_norm' && isAffine(node) ? 2 : 1, read(node))
    if (node.op.includes('pool')) return times(2, read(node))
    switch (node.op) {
      case 'linear':
        return plus(node.cost.macs, hasBias(node) ? (node.attributes.outFeatures as number | null) : 0)
      case 'matmul':
        return node.cost.macs
      case 'activation':
        return times(ACTIVATIONS[String(node.attributes.function)] ?? 0, read(node))
      case 'prelu':
        return times(2, read(node))
      case 'softmax':
        return read(node)
      case 'interpolate':
        return upsampled(node)
      default:
        return 0
    }
  },
}

const ACTIVATIONS: Readonly<Record<string, number>> = { relu: 2, elu: 2, gelu: 2, relu6: 1, leaky_relu: 1, silu: 1 }

/** The module counts its outputs; the function its inputs times the factor of one axis. */
function upsampled(node: Node): number | null {
  const scale = node.attributes.scale as readonly number[] | undefined
  return scale ? plus(written(node), times(scale[0]!, read(node))) : written(node)
}
