import { type Dim, mapDim, mulDim } from '../../../core/dim'
import { describe } from '../../../core/faults'
import { scalarsOf } from '../fields'
import { fail, type LayerType, type Step, shapeOf } from '../layerType'
import { flag, fraction, message, OPEN, part, repeated, text, whole, word } from '../schema'
import { flag as flagOf, needed, paramOf } from '../values'
import { compute } from './parts'

const CODES = ['', 'CORNER', 'CENTER_SIZE', 'CORNER_SIZE'] as const

/** Rules: SSD’s src/caffe/layers/prior_box_layer.cpp: boxes and their variances, 4 numbers each. */
export const priorBox: LayerType = {
  names: ['PriorBox'],
  doc: 'Default boxes of every position of a map (SSD).',
  bottoms: 2,
  params: {
    prior_box_param: message(
      fraction('min_size', '', 'Side of the smaller square box.', repeated),
      fraction('max_size', '', 'Side that the larger square box is made of.', repeated),
      fraction('aspect_ratio', '', 'Width over height of further boxes; 1 is always there.', repeated),
      flag('flip', true, 'Every ratio both ways.'),
      flag('clip', false, 'Cuts boxes at the image.'),
      fraction('variance', '', 'One variance, or four.', repeated),
      whole('img_size', '', 'Side of the image.'),
      whole('img_h', '', 'Height of the image.'),
      whole('img_w', '', 'Width of the image.'),
      fraction('step', '', 'Pixels between boxes.'),
      fraction('step_h', '', 'Pixels between boxes down.'),
      fraction('step_w', '', 'Pixels between boxes across.'),
      fraction('offset', 0.5, 'Where in its square a box is centred.'),
    ),
  },
  build: step => {
    const shape = shapeOf(step)
    const boxes = priorsOf(step)
    const count = shape ? mulDim(mulDim(shape[2] ?? null, shape[3] ?? null), boxes) : null
    return compute(step, 'prior_box', [[1, 2, mapDim(count, n => n * 4)]])
  },
}

/** Boxes at one position: the ratios that differ for every smaller side, and one for every larger side. */
function priorsOf(step: Step): number | null {
  const param = paramOf(step, 'prior_box_param')
  const numbers = (key: string): number[] => scalarsOf(param, key).map(({ text }) => Number(text))
  const [small, large] = [numbers('min_size'), numbers('max_size')]
  if (small.length === 0) {
    fail(step, 'bad-argument', `${step.site.name} has no min_size: how many boxes it gives is not known.`)
    return null
  }
  if (large.length > 0 && large.length !== small.length) {
    const message_ = `${step.site.name} expects as many max_size as min_size, ${small.length}, and gets ${large.length}.`
    fail(step, 'bad-argument', message_, scalarsOf(param, 'max_size')[0]!.span)
  }
  const flip = flagOf(param, 'flip', true)
  const ratios = [1]
  for (const ratio of numbers('aspect_ratio').slice(0, MOST_RATIOS)) {
    if (ratios.some(known => Math.abs(known - ratio) < 1e-6)) continue
    ratios.push(ratio)
    if (flip) ratios.push(1 / ratio)
  }
  return ratios.length * small.length + large.length
}

const MOST_RATIOS = 1000

/** How many boxes are found depends on the image. */
const FOUND: Dim = { coefficient: 1, symbols: ['K'] }

/** Rules: SSD’s src/caffe/layers/detection_output_layer.cpp: seven numbers for every box that is kept. */
export const detectionOutput: LayerType = {
  names: ['DetectionOutput'],
  doc: 'Boxes that are left after non-maximum suppression (SSD).',
  bottoms: [3, 5],
  params: {
    detection_output_param: message(
      whole('num_classes', '', 'Classes, the background included.'),
      flag('share_location', true, 'One box for all classes.'),
      whole('background_label_id', 0, 'Class of the background.'),
      part('nms_param', OPEN, 'Non-maximum suppression.'),
      part('save_output_param', OPEN, 'Files that are written.'),
      word('code_type', 'CORNER', CODES, 'How boxes are written.'),
      flag('variance_encoded_in_target', false, 'Variances are part of the boxes.'),
      whole('keep_top_k', -1, 'Boxes that are kept of an image.'),
      fraction('confidence_threshold', '', 'Least confidence.'),
      flag('visualize', false, 'Shows the boxes.'),
      fraction('visualize_threshold', '', 'Least confidence of what is shown.'),
      text('save_file', '', 'Video that is written.'),
      fraction('objectness_score', 0.01, 'Least objectness (of a fork).'),
    ),
  },
  build: step => {
    const param = paramOf(step, 'detection_output_param')
    const classes = needed(step, param, 'num_classes')
    const priors = shapeOf(step, 2)?.[2]
    const boxes = typeof priors === 'number' ? priors / 4 : null
    const each = flagOf(param, 'share_location', true) ? 1 : classes
    check(step, 0, boxes === null || each === null ? null : boxes * each * 4, 'numbers of boxes')
    check(step, 1, boxes === null || classes === null ? null : boxes * classes, 'confidences')
    return compute(step, 'detection_output', [[1, 1, FOUND, 7]])
  },
}

function check(step: Step, at: number, wanted: number | null, what: string): void {
  const got = shapeOf(step, at)?.[1]
  if (wanted === null || typeof got !== 'number' || got === wanted) return
  const message_ = `${step.site.name} expects ${wanted} ${what} and gets ${got}: ${describe(step.bottoms[at])}.`
  fail(step, 'shape-mismatch', message_, step.layer.bottoms[at]?.span)
}
