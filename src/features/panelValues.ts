import { convolutionOf, isConvolution } from '../analysis/kind'
import type { Node, Value } from '../core/graph'
import type { PanelTensor, PanelValues } from '../protocol/panelPicture'

/** The numbers of a layer whose tensors are small constants: a convolution, or a product with a matrix. Null else. */
export function valuesOf({ inputs, outputs, ...node }: Node): PanelValues | null {
  const [input, filter, output] = [known(inputs[0]), known(inputs[1]), known(outputs[0])]
  if (!input || !filter || !output || inputs.length > 2) return null
  if (node.op === 'matmul' && filter.shape.length === 2 && input.shape.length <= 3) {
    const [cin, cout] = filter.shape as [number, number]
    // A row of the transposed matrix is what makes one channel.
    return { input, filter: { ...moved(filter, [1, 0]), shape: [cout, 1, 1, cin] }, output }
  }
  const call = { ...node, inputs, outputs }
  if (!isConvolution(call) || node.op.startsWith('conv_transpose')) return null
  const { kernel, groups, channelsLast } = convolutionOf(call)
  const rank = kernel.length
  if (rank > 2 || groups !== 1 || filter.shape.length !== rank + 2) return null
  const [x, y] = [oneImage(input, rank), oneImage(output, rank)]
  if (!x || !y) return null
  const places = Array.from({ length: rank }, (_, i) => i + 1)
  // TensorFlow's filters are window × in × out.
  if (channelsLast) {
    return { input: x, filter: moved(filter, [rank + 1, ...places.map(axis => axis - 1), rank]), output: y }
  }
  return {
    input: moved(x, [...places, 0]),
    filter: moved(filter, [0, ...places.map(axis => axis + 1), 1]),
    output: moved(y, [...places, 0]),
  }
}

function known(value: Value | undefined): PanelTensor | null {
  const shape = value?.shape?.every(dim => typeof dim === 'number') ? (value.shape as readonly number[]) : null
  return shape && value?.data && shape.reduce((a, b) => a * b, 1) === value.data.length
    ? { shape, data: value.data }
    : null
}

/** A batch of one without the batch, or a map that has none: its channels stand first or last, as they were. */
function oneImage({ shape, data }: PanelTensor, rank: number): PanelTensor | null {
  if (shape.length === rank + 1) return { shape, data }
  return shape.length === rank + 2 && shape[0] === 1 ? { shape: shape.slice(1), data } : null
}

/** The tensor with its axes in another order. */
function moved({ shape, data }: PanelTensor, order: readonly number[]): PanelTensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  const sizes = order.map(axis => shape[axis]!)
  const numbers: number[] = []
  const walk = (depth: number, at: number): void => {
    if (depth === sizes.length) numbers.push(data[at]!)
    else for (let i = 0; i < sizes[depth]!; i++) walk(depth + 1, at + i * strides[order[depth]!]!)
  }
  walk(0, 0)
  return { shape: sizes, data: numbers }
}
