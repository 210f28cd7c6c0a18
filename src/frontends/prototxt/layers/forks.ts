import type { Dim } from '../../../core/dim'
import { type LayerType, origin, shapeOf } from '../layerType'
import { flag, message, OPEN, whole } from '../schema'
import { needed, paramOf, whole as wholeOf } from '../values'
import { add } from '../weights'
import { axisOf, compute, countFrom, flattened } from './parts'

/** How many there are depends on the image. */
const FOUND: Dim = { coefficient: 1, symbols: ['K'] }

/**
 * Rules: Faster R-CNN’s proposal layer in C++ of several forks, and Cascade R-CNN’s: the batch's index and a box, and a
 * score. How many regions there are depends on the image, so what is computed for each cannot be told.
 */
const regions: LayerType = {
  names: ['Proposal', 'BoxGroupOutput', 'DecodeBBox', 'ScaleRoute'],
  doc: 'Regions that may show objects (Faster R-CNN, Cascade R-CNN).',
  params: {
    proposal_param: OPEN,
    box_group_output_param: OPEN,
    decode_bbox_param: OPEN,
    scale_route_param: OPEN,
    bbox_reg_param: OPEN,
  },
  build: step => {
    const shapes = step.layer.tops.map((_, i) => [null, i === 0 ? 5 : null])
    return step.builder.unknown('how many regions it finds depends on the image', step.bottoms, origin(step), shapes)
  },
}

/** Rules: R-FCN’s src/caffe/layers/box_annotator_ohem_layer.cpp: labels and weights as they come, some set to nothing. */
const boxAnnotator: LayerType = {
  names: ['BoxAnnotatorOHEM'],
  doc: 'Leaves the labels of the hardest regions (R-FCN).',
  bottoms: 4,
  params: { box_annotator_ohem_param: OPEN },
  build: step => compute(step, 'box_annotator', [shapeOf(step, 2), shapeOf(step, 3)]),
}

/** Boxes that are left, as rows of seven numbers; what forks have in place of SSD's DetectionOutput. */
const boxesLeft: LayerType = {
  names: ['Yolov3DetectionOutput', 'YoloDetectionOutput', 'FrcnnOutput'],
  doc: 'Boxes that are left after non-maximum suppression (YOLO, Cascade R-CNN).',
  params: { yolov3_detection_output_param: OPEN, yolo_detection_output_param: OPEN, frcnn_output_param: OPEN },
  build: step => compute(step, 'detection_output', [[1, 1, FOUND, 7]]),
}

/** Rules: SphereFace’s src/caffe/layers/margin_inner_product_layer.cpp: no bias; a second top is one number. */
const marginInnerProduct: LayerType = {
  names: ['MarginInnerProduct'],
  doc: 'Fully connected layer whose weights have length 1, with a margin (SphereFace).',
  bottoms: 2,
  params: {
    margin_inner_product_param: {
      fields: [whole('num_output', '', 'Classes.', { attribute: 'outFeatures' }), whole('axis', 1, 'First axis.')],
      open: true,
    },
  },
  build: step => {
    const param = paramOf(step, 'margin_inner_product_param')
    const outFeatures = needed(step, param, 'num_output')
    const axis = axisOf(step, wholeOf(step, param, 'axis', 1)) ?? 1
    const attributes = { inFeatures: countFrom(shapeOf(step), axis), outFeatures, bias: false }
    const input = flattened(step, step.bottoms[0]!, axis)
    const scores = add(step, 'linear', attributes, [input])
    if (step.layer.tops.length < 2) return [scores]
    return [scores, step.builder.add('constant', { shape: [] }, [], origin(step, 'lambda'))]
  },
}

/** Rules: NVIDIA’s src/caffe/layers/detectnet_transform_layer.cpp. */
const detectNet: LayerType = {
  names: ['DetectNetTransformation'],
  doc: 'Cuts, turns and colours images and their boxes at random (DetectNet).',
  bottoms: 2,
  params: { detectnet_groundtruth_param: OPEN, detectnet_augmentation_param: OPEN },
  build: step => {
    const param = paramOf(step, 'detectnet_groundtruth_param')
    const size = ['image_size_y', 'image_size_x'].map(key => wholeOf(step, param, key, null))
    const [batch = null, channels = null] = shapeOf(step) ?? []
    return compute(step, 'detectnet_transform', [[batch, channels ?? 3, ...size], null])
  },
}

/** Rules: src/caffe/layers/lstm_unit_layer.cpp, which LSTM is unrolled into: the cell before, the gates, where it goes on. */
const lstmUnit: LayerType = {
  names: ['LSTMUnit'],
  doc: 'One step of an LSTM: gives the cell and the state.',
  bottoms: 3,
  build: step => compute(step, 'lstm_unit', [shapeOf(step), shapeOf(step)], 1),
}

/** Same shape in and out, nothing learned. */
const flip: LayerType = {
  names: ['Flip'],
  doc: 'Mirrors maps (of several forks).',
  bottoms: 1,
  params: {
    flip_param: message(flag('flip_width', true, 'Left and right.'), flag('flip_height', false, 'Up and down.')),
  },
  build: step => compute(step, 'flip', [shapeOf(step)]),
}

/** Layers that only forks of Caffe have and whose rules are known. */
export const forks: readonly LayerType[] = [
  regions,
  boxAnnotator,
  boxesLeft,
  marginInnerProduct,
  detectNet,
  lstmUnit,
  flip,
]
