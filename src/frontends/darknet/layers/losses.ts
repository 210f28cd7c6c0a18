import { flag, fraction, whole as wholeKey, word } from '../key'
import { fail, type LayerType, type Output, origin, type Step } from '../layerType'
import { referredIndex } from '../references'
import { digits, entries, find, whole } from '../values'

/** Darknet keeps no width and height of what these give: only the number of values. */
const list = (step: Step, value: Output['value']): Output => ({ value, image: step.previous.value.shape === null })

/** Rules: src/softmax_layer.c. */
export const softmax: LayerType = {
  names: ['softmax', 'soft'],
  doc: 'Softmax over all values, or over groups of them.',
  keys: [
    wholeKey('groups', 1, 'Groups that are normalized apart.'),
    fraction('temperature', 1, 'Divides the values before.'),
    word('tree', '', 'File with the tree of classes.'),
    flag('spatial', 'Softmax over the channels of each position.'),
    flag('noloss', 'Computes no loss.'),
  ],
  build: step => {
    const groups = whole(step, 'groups', 1)
    if (groups !== null && groups < 1) {
      const span = find(step.section, 'groups')?.valueSpan
      fail(step, 'bad-argument', `${step.site.name} expects groups to be 1 or more and gets ${groups}.`, span)
    }
    return list(step, step.builder.add('softmax', { axis: 1 }, [step.previous.value], origin(step)))
  },
}

/** Rules: src/cost_layer.c. */
export const cost: LayerType = {
  names: ['cost'],
  doc: 'Loss between the layer before and the truth.',
  keys: [
    word('type', 'sse', 'The loss.', ['sse', 'masked', 'smooth', 'L1', 'seg', 'wgan']),
    fraction('scale', 1, 'Weight of the loss.'),
    fraction('ratio', 0, 'Share of the values that is kept.'),
    fraction('noobj', 1, 'Weight where there is no object (pjreddie’s Darknet).'),
    fraction('thresh', 0, 'Smallest value that counts (pjreddie’s Darknet).'),
  ],
  build: pass,
}

/** Rules: pjreddie/darknet src/logistic_layer.c. */
export const logistic: LayerType = {
  names: ['logistic'],
  doc: 'Logistic function with its loss (pjreddie’s Darknet).',
  keys: [],
  build: step => ({
    value: step.builder.add('activation', { function: 'sigmoid' }, [step.previous.value], origin(step)),
    image: step.previous.image,
  }),
}

/** Rules: src/softmax_layer.c make_contrastive_layer. */
export const contrastive: LayerType = {
  names: ['contrastive'],
  doc: 'Contrastive loss between the embeddings before it.',
  keys: [
    wholeKey('classes', 1000, 'Classes; those of the yolo layer where one is named.'),
    wholeKey('yolo_layer', 0, 'The yolo layer whose boxes it compares.'),
    fraction('temperature', 1, 'Divides the likenesses.'),
    fraction('cls_normalizer', 1, 'Weight of the loss.'),
    fraction('max_delta', '', 'Bound of the gradient.'),
    wholeKey('contrastive_neg_max', 3, 'Most negatives for each positive.'),
  ],
  build: step => {
    const entry = entries(step, 'yolo_layer')?.[0]
    if (entry && (digits(entry.text) ?? 0) !== 0) referredIndex(step, 'yolo_layer', entry)
    return pass(step)
  },
}

function pass(step: Step): Output {
  return list(step, step.builder.add('identity', {}, [step.previous.value], origin(step)))
}
