import type { Layer, Weight } from '../../../core/graph'
import type { Shape } from '../../../core/shape'
import type { PyLayer } from './layer'

/**
 * The shape of a weight as Keras has it: the window first, then inputs, then outputs (layers/convolutional/base_conv.py,
 * base_conv_transpose.py, base_depthwise_conv.py, core/dense.py). Ours have the outputs first, as PyTorch's. Null where
 * the layer keeps it in another form.
 */
export function kerasShape({ kind }: PyLayer, { op, attributes }: Layer, { name, shape }: Weight): Shape | null {
  if (name !== 'weight' || shape.length < 2 || op === 'embedding')
    return shape.length < 2 || op === 'embedding' ? shape : null
  const [first, second, ...window] = shape
  if (/^conv_transpose\dd$/.test(op)) return [...window, second!, first!]
  if (/^conv\dd$/.test(op)) {
    const { groups } = attributes as { readonly groups?: unknown }
    const isDepthwise = /Depthwise|Separable/.test(kind?.name ?? '') && typeof groups === 'number' && groups > 1
    if (!isDepthwise) return [...window, second!, first!]
    return typeof first === 'number' ? [...window, groups, first / groups] : null
  }
  return op === 'linear' && kind?.name === 'Dense' ? [second!, first!] : null
}
