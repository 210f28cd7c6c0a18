import { type Dim, mulDim } from '../../../core/dim'
import { slide } from '../../../core/window'
import { type LayerType, shapeOf } from '../layerType'
import { paramOf } from '../values'
import { convolution, sizes } from './convolution'
import { compute } from './parts'

/** Rules: src/caffe/layers/im2col_layer.cpp: N×C×H×W becomes N×(C · k²)×H′×W′. */
export const im2col: LayerType = {
  names: ['Im2col'],
  doc: 'Puts every window into the channels.',
  bottoms: 1,
  params: convolution.params!,
  build: step => {
    const param = paramOf(step, 'convolution_param')
    const kernel = sizes(step, param, 'kernel_size', ['kernel_h', 'kernel_w'], 2, null)
    const stride = sizes(step, param, 'stride', ['stride_h', 'stride_w'], 2, 1)
    const pad = sizes(step, param, 'pad', ['pad_h', 'pad_w'], 2, 0)
    const dilation = sizes(step, param, 'dilation', null, 2, 1)
    if (!kernel || !stride || !pad || !dilation) return compute(step, 'im2col', [null])
    const window = { kernel, stride, dilation, padding: pad.map(side => [side, side] as const) }
    const shape = shapeOf(step)
    const size = (axis: 0 | 1): Dim => slide(shape?.[axis + 2] ?? null, window, axis).size
    const channels = mulDim(shape?.[1] ?? null, kernel[0]! * kernel[1]!)
    return compute(step, 'im2col', [shape && [shape[0]!, channels, size(0), size(1)]])
  },
}
