/**
 * What a field of a message holds: a whole number, a fraction, true or false, a word of a list, a text, or a message of
 * its own.
 */
export type FieldKind = 'whole' | 'number' | 'flag' | 'word' | 'text' | 'message'

/** One field of a message of caffe.proto: one row serves reading, completion and the remark on unknown fields. */
export interface FieldType {
  readonly name: string
  readonly kind: FieldKind
  readonly doc: string
  /** What Caffe takes when it is absent, as a file would spell it; empty for nothing. */
  readonly fallback: string
  /** The words that Caffe knows. */
  readonly values?: readonly string[]
  /** It may be given several times. */
  readonly repeated?: true
  readonly message?: MessageType
  /** The op's attribute that it sets, so that a problem with it points at the value. */
  readonly attribute?: string
}

export interface MessageType {
  readonly fields: readonly FieldType[]
  /** Forks add fields to it that nobody lists: unknown ones are not remarked on. */
  readonly open?: true
}

interface More {
  readonly attribute?: string
  readonly repeated?: true
}

type Row = (name: string, fallback: string | number | boolean, doc: string, more?: More) => FieldType

const row =
  (kind: FieldKind): Row =>
  (name, fallback, doc, more = {}) => ({ name, kind, doc, fallback: String(fallback), ...more })

export const whole = row('whole')
export const fraction = row('number')
export const flag = row('flag')
export const text = row('text')

export const word = (name: string, fallback: string, values: readonly string[], doc: string): FieldType => ({
  name,
  kind: 'word',
  doc,
  fallback,
  values,
})

export const part = (name: string, message: MessageType, doc: string, more: More = {}): FieldType => ({
  name,
  kind: 'message',
  doc,
  fallback: '',
  message,
  ...more,
})

export const message = (...fields: readonly FieldType[]): MessageType => ({ fields })

/** A message that the front end reads nothing of. */
export const OPEN: MessageType = { fields: [], open: true }

export const repeated: More = { repeated: true }

export const filler = message(
  text('type', 'constant', 'constant, gaussian, uniform, xavier, msra, bilinear, positive_unitball.'),
  fraction('value', 0, 'Value of a constant.'),
  fraction('min', 0, 'Least value of uniform.'),
  fraction('max', 1, 'Largest value of uniform.'),
  fraction('mean', 0, 'Mean of gaussian.'),
  fraction('std', 1, 'Spread of gaussian.'),
  whole('sparse', -1, 'Values of an output that are not zero, of gaussian.'),
  word('variance_norm', 'FAN_IN', ['FAN_IN', 'FAN_OUT', 'AVERAGE'], 'What xavier and msra divide by.'),
)

/** Sizes of a blob, the batch first. */
export const blobShape = message(whole('dim', '', 'One size.', repeated))

export const engine = word('engine', 'DEFAULT', ['DEFAULT', 'CAFFE', 'CUDNN'], 'Implementation that computes it.')

const PHASES = ['TRAIN', 'TEST']

const rule = message(
  word('phase', '', PHASES, 'Only in this phase.'),
  whole('min_level', '', 'Only from this level on.'),
  whole('max_level', '', 'Only up to this level.'),
  text('stage', '', 'Only in all of these stages.', repeated),
  text('not_stage', '', 'In none of these stages.', repeated),
)

export const state = message(
  word('phase', 'TEST', PHASES, 'Phase of the network.'),
  whole('level', 0, 'Level that rules compare with.'),
  text('stage', '', 'Stage that rules name.', repeated),
)

const paramSpec = message(
  text('name', '', 'Layers that give one name here share these weights.'),
  word('share_mode', 'STRICT', ['STRICT', 'PERMISSIVE'], 'Whether shared weights must have the same shape or size.'),
  fraction('lr_mult', 1, 'Factor of the learning rate; with 0 it is not learned.'),
  fraction('decay_mult', 1, 'Factor of the weight decay.'),
)

const transform = message(
  whole('crop_size', 0, 'Side of the square that is cut out of the image: the size of the data.'),
  fraction('scale', 1, 'Factor of the values.'),
  flag('mirror', false, 'Mirrors at random.'),
  text('mean_file', '', 'Mean image that is subtracted.'),
  fraction('mean_value', '', 'Mean that is subtracted, one a channel.', repeated),
  flag('force_color', false, 'Reads with three channels.'),
  flag('force_gray', false, 'Reads with one channel.'),
  whole('crop_h', 0, 'Height of what is cut out (SSD).'),
  whole('crop_w', 0, 'Width of what is cut out (SSD).'),
  part('resize_param', OPEN, 'Resizes the image (SSD); of several, one at random (of a fork).', repeated),
  part('noise_param', OPEN, 'Adds noise (SSD).'),
  part('distort_param', OPEN, 'Changes colours (SSD).'),
  part('expand_param', OPEN, 'Puts the image into a larger one (SSD).'),
  part('emit_constraint', OPEN, 'Which annotations are kept (SSD).'),
)

const loss = message(
  whole('ignore_label', '', 'Label that does not count.'),
  word('normalization', 'VALID', ['FULL', 'VALID', 'BATCH_SIZE', 'NONE'], 'What the loss is divided by.'),
  flag('normalize', true, 'As `normalization`, older.'),
  fraction('class_weighting', '', 'Weight of each class (SegNet).', repeated),
  flag('weight_by_label_freqs', false, 'Weighs classes by how rare they are (SegNet).'),
)

/** Fields that every layer may have (caffe.proto LayerParameter and V1LayerParameter). */
export const layerFields: readonly FieldType[] = [
  text('name', '', 'Name of the layer.'),
  text('type', '', 'What the layer does.'),
  text('bottom', '', 'Blob that it reads.', repeated),
  text('top', '', 'Blob that it writes; the same as a bottom to work in place.', repeated),
  part('param', paramSpec, 'Learning rates and names of its weights, in their order.', repeated),
  part('include', rule, 'Where the layer is part of the network.', repeated),
  part('exclude', rule, 'Where the layer is not part of the network.', repeated),
  fraction('loss_weight', '', 'Weight of each top in the loss.', repeated),
  flag('propagate_down', '', 'Whether gradients go to each bottom.', repeated),
  word('phase', '', PHASES, 'Set by Caffe.'),
  part('blobs', OPEN, 'Stored weights.', repeated),
  part('transform_param', transform, 'How images are cut and scaled.'),
  part('loss_param', loss, 'How a loss is normalized.'),
]

/** Fields of `layers { }` alone, the form before 2014. */
export const oldLayerFields: readonly FieldType[] = [
  fraction('blobs_lr', '', 'Learning rate of each of its weights.', repeated),
  fraction('weight_decay', '', 'Weight decay of each of its weights.', repeated),
  word('blob_share_mode', 'STRICT', ['STRICT', 'PERMISSIVE'], 'Whether shared weights must have the same shape.'),
]

/** Fields of the network itself (caffe.proto NetParameter). */
export const networkFields: readonly FieldType[] = [
  text('name', '', 'Name of the network.'),
  part('layer', OPEN, 'A layer.', repeated),
  part('layers', OPEN, 'A layer, in the form before 2014.', repeated),
  text('input', '', 'Name of an input blob.', repeated),
  part('input_shape', blobShape, 'Sizes of each input, the batch first.', repeated),
  whole('input_dim', '', 'Four sizes of each input, the batch first.', repeated),
  flag('force_backward', false, 'Computes gradients for every layer.'),
  part('state', state, 'Phase, level and stages of the network.'),
  flag('debug_info', false, 'Prints numbers while it runs.'),
]
