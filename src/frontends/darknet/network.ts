import { type Dim, N } from '../../core/dim'
import type { GraphBuilder } from '../../core/graph'
import type { InputShape } from '../frontend'
import { flag, fraction, type Key, list, whole as wholeKey, word } from './key'
import type { Section } from './syntax'
import { digits, find, shorten } from './values'

/** What a header may be called that describes the network as a whole; it must be the first of the file. */
export const NETWORK_NAMES: readonly string[] = ['net', 'network']

const absent = (name: string, doc: string): Key => ({ name, kind: 'whole', fallback: '', doc })

/** Keys of [net] (src/parser.c parse_net_options). Only the sizes of the input matter to shapes. */
export const networkKeys: readonly Key[] = [
  absent('width', 'Width of the input image.'),
  absent('height', 'Height of the input image.'),
  absent('channels', 'Channels of the input image.'),
  absent('inputs', 'Values of the input, where it is no image.'),
  wholeKey('batch', 1, 'Images of one update of the weights.'),
  wholeKey('subdivisions', 1, 'Parts that a batch is run in.'),
  wholeKey('time_steps', 1, 'Steps of a sequence.'),
  wholeKey('max_batches', 0, 'Batches to train.'),
  fraction('learning_rate', 0.001, 'Learning rate.'),
  fraction('momentum', 0.9, 'Momentum.'),
  fraction('decay', 0.0001, 'Weight decay.'),
  word('policy', 'constant', 'How the learning rate changes.', [
    'constant',
    'step',
    'steps',
    'exp',
    'sigmoid',
    'poly',
    'random',
    'sgdr',
  ]),
  wholeKey('burn_in', 0, 'Batches over which the learning rate grows.'),
  list('steps', 'Batches at which the learning rate changes.'),
  list('scales', 'Factors of the learning rate at the steps.'),
  list('seq_scales', 'Factors of the sequence length at the steps.'),
  wholeKey('step', 1, 'Batches between two changes of the learning rate.'),
  fraction('scale', 1, 'Factor of the learning rate at every step.'),
  fraction('gamma', 1, 'Base of the exp and sigmoid policies.'),
  fraction('power', 4, 'Power of the poly policy and of burn_in.'),
  fraction('learning_rate_min', 0.00001, 'Smallest learning rate of sgdr.'),
  absent('sgdr_cycle', 'Batches of the first cycle of sgdr.'),
  wholeKey('sgdr_mult', 2, 'How much longer each cycle of sgdr is.'),
  flag('adam', 'Trains with Adam.'),
  fraction('B1', 0.9, 'First decay of Adam.'),
  fraction('B2', 0.999, 'Second decay of Adam.'),
  fraction('eps', 0.000001, 'Adam’s epsilon.'),
  absent('max_crop', 'Largest side that the image is resized to before it is cut.'),
  absent('min_crop', 'Smallest side that the image is resized to before it is cut.'),
  fraction('max_ratio', '', 'Largest resizing as a factor (pjreddie’s Darknet).'),
  fraction('min_ratio', '', 'Smallest resizing as a factor (pjreddie’s Darknet).'),
  flag('center', 'Cuts out the centre (pjreddie’s Darknet).'),
  fraction('clip', 0, 'Bound of the gradients (pjreddie’s Darknet).'),
  flag('notruth', 'The data has no truth (pjreddie’s Darknet).'),
  flag('random', 'Random sizes (pjreddie’s Darknet).'),
  flag('flip', 'Mirrors at random.', 1),
  fraction('angle', 0, 'Largest rotation.'),
  fraction('aspect', 1, 'Largest change of the aspect ratio.'),
  fraction('saturation', 1, 'Largest change of the saturation.'),
  fraction('exposure', 1, 'Largest change of the exposure.'),
  fraction('hue', 0, 'Largest change of the hue.'),
  wholeKey('blur', 0, 'Blurs at random.'),
  wholeKey('gaussian_noise', 0, 'Adds noise.'),
  flag('mixup', 'Mixes two images.'),
  flag('cutmix', 'Pastes a part of another image.'),
  flag('mosaic', 'Joins four images.'),
  flag('mosaic_bound', 'Keeps the objects of a mosaic inside.'),
  flag('letter_box', 'Keeps the aspect ratio.'),
  fraction('resize_step', 32, 'Step of the random sizes.'),
  fraction('label_smooth_eps', 0, 'Label smoothing.'),
  fraction('ema_alpha', 0, 'Moving average of the weights.'),
  flag('track', 'Trains on sequences.'),
  wholeKey('augment_speed', 2, 'How fast a sequence changes.'),
  absent('sequential_subdivisions', 'Subdivisions that are one sequence.'),
  flag('try_fix_nan', 'Replaces NaN.'),
  wholeKey('weights_reject_freq', 0, 'Batches between two resets of the weights.'),
  wholeKey('equidistant_point', 0, 'Batch from which bad labels are left out.'),
  fraction('badlabels_rejection_percentage', 0, 'Share of labels to leave out.'),
  fraction('num_sigmas_reject_badlabels', 0, 'Deviation from which labels are left out.'),
  flag('use_cuda_graph', 'Runs a CUDA graph.'),
  fraction('loss_scale', 1, 'Factor of the loss for half precision.'),
  flag('dynamic_minibatch', 'Larger batches for smaller images.'),
  wholeKey('optimized_memory', 0, 'Moves memory to the CPU.'),
  fraction('workspace_size_limit_MB', 1024, 'Bound of the workspace.'),
  flag('contrastive', 'Prepares pairs for contrastive learning.'),
  flag('contrastive_jit_flip', 'Cuts and mirrors the pairs.'),
  flag('contrastive_color', 'Changes the colours of the pairs.'),
  flag('unsupervised', 'Learns without labels.'),
  flag('attention', 'Shows what the network looks at.'),
  fraction('adversarial_lr', 0, 'Rate of adversarial images.'),
  fraction('max_chart_loss', 20, 'Top of the loss chart.'),
  flag('show_receptive_field', 'Prints the receptive fields.'),
]

/** Keys that every section of a layer may have (src/parser.c parse_network_cfg_custom). */
export const commonKeys: readonly Key[] = [
  flag('stopbackward', 'Trains nothing before this layer.'),
  flag('onlyforward', 'Computes no gradient.'),
  flag('dont_update', 'Keeps the weights.'),
  flag('burnin_update', 'Keeps the weights after the burn-in.'),
  flag('train_only_bn', 'Trains only the batch normalization up to here.'),
  flag('dontload', 'Does not load the weights.'),
  flag('dontloadscales', 'Does not load the batch normalization.'),
  fraction('learning_rate', 1, 'Factor of the learning rate.'),
  fraction('clip', 0, 'Bound of the gradients.'),
  flag('dontsave', 'Does not save the weights (pjreddie’s Darknet).'),
  wholeKey('numload', 0, 'How many weights to load (pjreddie’s Darknet).'),
  flag('truth', 'The layer is a truth (pjreddie’s Darknet).'),
  fraction('smooth', 0, 'Label smoothing (pjreddie’s Darknet).'),
]

/** Without the batch: an image C×H×W, or a vector of `inputs`. */
export interface NetworkInput {
  readonly shape: readonly Dim[]
  readonly image: boolean
}

/**
 * The network's input, from the options or else from [net]. A size that is missing or no positive number is told and
 * unknown.
 */
export function networkInput(
  network: Section | undefined,
  chosen: readonly InputShape[],
  builder: GraphBuilder,
): NetworkInput {
  const given = chosen[0]?.shape
  if (given?.length === 1) return { shape: given, image: false }
  if (given?.length === 3) return { shape: given, image: true }
  if (network && !find(network, 'width') && !find(network, 'height') && find(network, 'inputs')) {
    return { shape: [positive(network, 'inputs', builder)], image: false }
  }
  const sizes = ['channels', 'height', 'width'].map(key => (network ? positive(network, key, builder) : null))
  const missing = network ? ['width', 'height', 'channels'].filter(key => !find(network, key)) : []
  if (network && missing.length > 0 && given === undefined) {
    builder.problem({
      code: 'bad-argument',
      severity: 'error',
      span: network.header,
      message: `[${network.name}] gives no ${missing.join(', no ')}: the size of the input is not known.`,
    })
  }
  return { shape: given?.length === 2 ? [sizes[0]!, ...given] : sizes, image: true }
}

export const batched = ({ shape }: NetworkInput): readonly Dim[] => [N, ...shape]

function positive(network: Section, key: string, builder: GraphBuilder): number | null {
  const option = find(network, key)
  if (!option || option.value === null) return null
  const number = digits(option.value)
  if (number !== null && number > 0) return number
  builder.problem({
    code: 'bad-argument',
    severity: 'error',
    span: option.valueSpan,
    message: `[${network.name}] expects ${key} to be a whole number from 1 and gets ${shorten(option.value)}.`,
  })
  return null
}
