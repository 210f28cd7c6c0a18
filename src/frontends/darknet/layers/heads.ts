import { imageOf, lengthOf } from '../image'
import { flag, fraction, type Key, list, whole as wholeKey, word } from '../key'
import { type LayerType, type Output, origin, report, type Step } from '../layerType'
import { referredIndex } from '../references'
import { digits, entries, find, whole } from '../values'

const IOU = ['mse', 'iou', 'giou', 'diou', 'ciou']

const trainingKeys: readonly Key[] = [
  fraction('jitter', 0.2, 'How much the image is cut and stretched during training.'),
  fraction('resize', 1, 'How much the image is resized during training.'),
  fraction('random', 0, 'Changes the size of the network during training.'),
  wholeKey('max', 200, 'Most objects of one image.'),
  list('anchors', 'Widths and heights of the anchor boxes.'),
  word('map', '', 'File that maps the classes.'),
  flag('focal_loss', 'Focal loss for the classes.'),
]

const yoloKeys: readonly Key[] = [
  list('mask', 'The anchors that this head uses; all where it is absent.'),
  wholeKey('classes', 20, 'Classes to tell apart.'),
  wholeKey('num', 1, 'Anchors in all.'),
  ...trainingKeys,
  fraction('ignore_thresh', 0.5, 'Overlap from which a wrong box is not punished.'),
  fraction('truth_thresh', 1, 'Overlap from which a box counts as right.'),
  fraction('iou_thresh', 1, 'Overlap from which further anchors are used.'),
  fraction('scale_x_y', 1, 'Stretches the range of the centres.'),
  flag('new_coords', 'Coordinates without exponential.'),
  flag('objectness_smooth', 'Smooth objectness.'),
  fraction('label_smooth_eps', 0, 'Label smoothing.'),
  fraction('max_delta', '', 'Bound of the gradient.'),
  list('counters_per_class', 'Objects of each class in the data set.'),
  fraction('iou_normalizer', 0.75, 'Weight of the box loss.'),
  fraction('obj_normalizer', 1, 'Weight of the objectness loss.'),
  fraction('cls_normalizer', 1, 'Weight of the class loss.'),
  fraction('delta_normalizer', 1, 'Weight of all losses.'),
  word('iou_loss', 'mse', 'Box loss.', IOU),
  word('iou_thresh_kind', 'iou', 'Overlap that `iou_thresh` is of.', IOU.slice(1)),
  fraction('beta_nms', 0.6, 'Exponent of the suppression.'),
  flag('show_details', 'Prints the losses.', 1),
]

const NMS = ['default', 'greedynms', 'diounms']

/** Needs filters = anchors · (classes + 5): box, objectness, classes (src/yolo_layer.c make_yolo_layer). */
export const yolo: LayerType = {
  names: ['yolo'],
  doc: 'Detection head of YOLOv3 and later.',
  keys: [
    ...yoloKeys,
    word('nms_kind', 'default', 'Suppression of overlapping boxes.', NMS),
    { ...wholeKey('embedding_layer', 0, 'The layer that gives the embeddings for tracking.'), fallback: '' },
    wholeKey('track_history_size', 5, 'Frames that tracking remembers.'),
    fraction('sim_thresh', 0.8, 'Likeness from which two objects are one.'),
    wholeKey('dets_for_track', 1, 'Detections before tracking.'),
    wholeKey('dets_for_show', 1, 'Detections before showing.'),
    fraction('track_ciou_norm', 0.01, 'Weight of the overlap in tracking.'),
  ],
  build: step => {
    const embedding = entries(step, 'embedding_layer')?.[0]
    if (embedding) referredIndex(step, 'embedding_layer', embedding)
    return head(step, anchors(step), 5, 20)
  },
}

/** As yolo, with an uncertainty for each of the four coordinates (src/gaussian_yolo_layer.c). */
export const gaussianYolo: LayerType = {
  names: ['Gaussian_yolo'],
  doc: 'Detection head with uncertain boxes.',
  keys: [
    ...yoloKeys,
    word('nms_kind', 'default', 'Suppression of overlapping boxes.', [...NMS, 'cornersnms']),
    fraction('uc_normalizer', 1, 'Weight of the uncertainty loss.'),
    word('yolo_point', 'center', 'The point of a box that a cell predicts.', ['center', 'left_top', 'right_bottom']),
  ],
  build: step => head(step, anchors(step), 9, 20),
}

/** Needs filters = num · (classes + coords + 1) (src/region_layer.c). */
export const region: LayerType = {
  names: ['region'],
  doc: 'Detection head of YOLOv2.',
  keys: [
    wholeKey('classes', 20, 'Classes to tell apart.'),
    wholeKey('coords', 4, 'Coordinates of a box.'),
    wholeKey('num', 1, 'Anchors.'),
    ...trainingKeys,
    flag('softmax', 'Softmax over the classes.'),
    flag('bias_match', 'Matches by the anchors alone.'),
    flag('rescore', 'Objectness is the overlap.'),
    fraction('thresh', 0.5, 'Overlap from which a wrong box is not punished.'),
    fraction('coord_scale', 1, 'Weight of the boxes.'),
    fraction('object_scale', 1, 'Weight of the objectness of objects.'),
    fraction('noobject_scale', 1, 'Weight of the objectness of the rest.'),
    fraction('mask_scale', 1, 'Weight of the masks.'),
    fraction('class_scale', 1, 'Weight of the classes.'),
    wholeKey('classfix', 0, 'How unknown classes are trained.'),
    flag('absolute', 'Absolute coordinates.'),
    flag('log', 'Logarithm of the sizes.'),
    flag('sqrt', 'Square root of the sizes.'),
    flag('background', 'Predicts the background (pjreddie’s Darknet).'),
    word('tree', '', 'File with the tree of classes.'),
  ],
  build: step => head(step, whole(step, 'num', 1), (whole(step, 'coords', 4) ?? Number.NaN) + 1, 20),
}

/** Needs filters = classes + ids (pjreddie/darknet src/iseg_layer.c). */
export const iseg: LayerType = {
  names: ['iseg'],
  doc: 'Instance segmentation head (pjreddie’s Darknet).',
  keys: [wholeKey('classes', 20, 'Classes to tell apart.'), wholeKey('ids', 32, 'Values that tell instances apart.')],
  build: step => head(step, 1, whole(step, 'ids', 32) ?? Number.NaN, 20),
}

/** Needs side² · ((coords + 1) · num + classes) inputs (src/detection_layer.c). */
export const detection: LayerType = {
  names: ['detection'],
  doc: 'Detection head of YOLOv1, over all values of the layer before.',
  keys: [
    wholeKey('classes', 1, 'Classes to tell apart.'),
    wholeKey('coords', 1, 'Coordinates of a box.'),
    wholeKey('num', 1, 'Boxes of a cell.'),
    wholeKey('side', 7, 'Cells across and down.'),
    flag('rescore', 'Objectness is the overlap.'),
    flag('softmax', 'Softmax over the classes.'),
    flag('sqrt', 'Square root of the sizes.'),
    flag('forced', 'Ignores the confidence when boxes are matched.'),
    flag('reorg', 'Orders the values by cell.'),
    fraction('coord_scale', 1, 'Weight of the boxes.'),
    fraction('object_scale', 1, 'Weight of the objectness of objects.'),
    fraction('noobject_scale', 1, 'Weight of the objectness of the rest.'),
    fraction('class_scale', 1, 'Weight of the classes.'),
    ...trainingKeys.slice(0, 4),
  ],
  build: step => {
    const read = { side: 7, coords: 1, num: 1, classes: 1 }
    const [side, coords, num, classes] = Object.entries(read).map(([key, fallback]) => whole(step, key, fallback))
    const got = lengthOf(step.previous.value)
    if (side != null && coords != null && num != null && classes != null && got !== null) {
      const wanted = side * side * ((coords + 1) * num + classes)
      const sum = `side² · ((coords + 1) · num + classes) = ${side}² · (${coords + 1} · ${num} + ${classes})`
      if (wanted !== got) mismatch(step, 'output', `${sum} = ${wanted} values`, wanted, got)
    }
    return { ...pass(step), image: false }
  },
}

function head(step: Step, boxes: number | null, others: number, usualClasses: number): Output {
  const { channels } = imageOf(step)
  const classes = whole(step, 'classes', usualClasses)
  if (channels !== null && boxes !== null && classes !== null && Number.isFinite(others)) {
    const wanted = boxes * (classes + others)
    const sum = boxes === 1 ? `${classes} + ${others}` : `${boxes} · (${classes} + ${others})`
    if (wanted !== channels) mismatch(step, 'filters', `${sum} = ${wanted} channels`, wanted, channels)
  }
  return pass(step)
}

const pass = (step: Step): Output => ({
  value: step.builder.add('identity', {}, [step.previous.value], origin(step)),
  image: true,
})

/** The anchors of this head: as many as `mask` names, else `num`. */
function anchors(step: Step): number | null {
  const total = whole(step, 'num', 1)
  const mask = entries(step, 'mask')
  if (mask === null) return find(step.section, 'mask') ? null : total
  for (const { text, span } of mask) {
    const index = digits(text)
    if (total === null || index === null || (index >= 0 && index < total)) continue
    const message = `${step.site.name} uses anchor ${index}, but num=${total} gives anchors 0 to ${total - 1}.`
    report(step, { code: 'bad-argument', severity: 'info', span, message })
  }
  return mask.length
}

/** Told where the number stands that would have to change: in the layer before, if it is of the expected kind. */
function mismatch(step: Step, key: 'filters' | 'output', wants: string, wanted: number, got: number): void {
  const before = step.sections[step.index - 1]
  const option = before && find(before, key)
  const giver = before ? `[${before.name}] ${step.index - 1}` : 'the input'
  const changes = option?.value === String(got) && wanted > 0
  report(step, {
    code: 'shape-mismatch',
    severity: 'error',
    span: changes ? option.valueSpan : step.section.header,
    message: `${step.site.name} expects ${wants} and gets ${got} from ${giver}.`,
    ...(changes
      ? {
          related: [{ span: step.section.header, message: `${step.site.name} expects ${wants}` }],
          fixes: [
            {
              title: `Set ${key} of ${giver} to ${wanted}`,
              edits: [{ span: option.valueSpan, newText: String(wanted) }],
              preferred: true,
            },
          ],
        }
      : {}),
  })
}
