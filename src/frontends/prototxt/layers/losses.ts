import { type LayerType, shapeOf } from '../layerType'
import { engine, flag, fraction, type MessageType, message, OPEN, part, text, whole, word } from '../schema'
import { compute } from './parts'

const loss = (
  names: readonly [string, ...string[]],
  doc: string,
  params: Readonly<Record<string, MessageType>> = {},
): LayerType => ({
  names,
  doc,
  params,
  // A second top is what the loss is computed from: the probabilities.
  build: step =>
    step.layer.tops.length > 1 ? compute(step, 'loss', [[], shapeOf(step)]) : compute(step, 'loss', [[]]),
})

const multibox = message(
  word('loc_loss_type', 'SMOOTH_L1', ['L2', 'SMOOTH_L1'], 'Loss of the boxes.'),
  word('conf_loss_type', 'SOFTMAX', ['SOFTMAX', 'LOGISTIC'], 'Loss of the classes.'),
  fraction('loc_weight', 1, 'Weight of the boxes.'),
  whole('num_classes', '', 'Classes, the background included.'),
  flag('share_location', true, 'One box for all classes.'),
  word('match_type', 'PER_PREDICTION', ['BIPARTITE', 'PER_PREDICTION'], 'How boxes are matched.'),
  fraction('overlap_threshold', 0.5, 'Overlap from which boxes match.'),
)

/** Losses and measures: numbers that training looks at. They have no weights and are no part of what a network costs. */
export const losses: readonly LayerType[] = [
  loss(['SoftmaxWithLoss', 'SoftmaxLoss'], 'Loss of classes, from scores.', {
    softmax_param: message(engine, whole('axis', 1, 'Axis of the classes.')),
  }),
  loss(['EuclideanLoss'], 'Squared distance.'),
  loss(['SigmoidCrossEntropyLoss'], 'Loss of independent classes, from scores.'),
  loss(['HingeLoss'], 'Hinge loss.', {
    hinge_loss_param: message(word('norm', 'L1', ['', 'L1', 'L2'], 'Norm of the loss.')),
  }),
  loss(['ContrastiveLoss'], 'Loss of pairs.', {
    contrastive_loss_param: message(
      fraction('margin', 1, 'Distance that other pairs should have.'),
      flag('legacy_version', false, 'The older formula.'),
    ),
  }),
  loss(['MultinomialLogisticLoss'], 'Loss of classes, from probabilities.'),
  loss(['InfogainLoss'], 'Loss of classes with a matrix of weights.', {
    infogain_loss_param: message(text('source', '', 'File of the matrix.'), whole('axis', 1, 'Axis of the classes.')),
  }),
  loss(['SmoothL1Loss'], 'Huber loss (Fast R-CNN).', {
    smooth_l1_loss_param: message(fraction('sigma', 1, 'Where it becomes linear.')),
  }),
  loss(['MultiBoxLoss'], 'Loss of boxes and classes (SSD).', { multibox_loss_param: { ...multibox, open: true } }),
  loss(
    [
      'TripletLoss',
      'CenterLoss',
      'SoftmaxWithFocalLoss',
      'RegionLoss',
      'L1Loss',
      'SoftmaxWithLossOHEM',
      'SmoothL1LossOHEM',
      'Yolov3',
      'YoloSeg',
      'DiceLoss',
      'DetectionGroupLoss',
    ],
    'Loss of a fork.',
    {
      triplet_loss_param: OPEN,
      center_loss_param: OPEN,
      focal_loss_param: OPEN,
      region_loss_param: OPEN,
      l1_loss_param: OPEN,
      yolov3_param: OPEN,
      yolo_seg_param: OPEN,
    },
  ),
  {
    names: ['Accuracy'],
    doc: 'Share of right answers.',
    bottoms: 2,
    params: {
      accuracy_param: message(
        whole('top_k', 1, 'Right where the class is among so many.'),
        whole('axis', 1, 'Axis of the classes.'),
        whole('ignore_label', '', 'Label that does not count.'),
      ),
    },
    // A second top holds one number a class.
    build: step => compute(step, 'accuracy', [[], [shapeOf(step)?.[1] ?? null]]),
  },
  loss(
    ['SegAccuracy', 'EvalDetection', 'SegmentationEvaluate', 'BboxAccuracy', 'DetectionGroupAccuracy'],
    'Measure of a fork.',
    {
      seg_accuracy_param: OPEN,
      eval_detection_param: OPEN,
      bbox_reg_param: OPEN,
    },
  ),
  {
    names: ['DetectionEvaluate'],
    doc: 'Compares detections with the truth (SSD); with the size of the image in a fork.',
    bottoms: [2, 3],
    params: {
      detection_evaluate_param: {
        fields: [whole('num_classes', '', 'Classes.'), part('resize_param', OPEN, 'Resizing of the image.')],
        open: true,
      },
    },
    build: step => compute(step, 'evaluate', [[1, 1, { coefficient: 1, symbols: ['K'] }, 5]]),
  },
]
