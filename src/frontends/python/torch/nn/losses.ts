import type { PyClass } from '../../interpreter/values'
import { callLayer } from '../module'
import { PyTensor } from '../tensor'
import { text } from '../values'
import { input, keeps, kept, layerClass } from './define'

/** Losses and the names of what they compare, besides the first. */
const LOSSES: Readonly<Record<string, string>> = {
  L1Loss: 'target',
  MSELoss: 'target',
  SmoothL1Loss: 'target',
  HuberLoss: 'target',
  CrossEntropyLoss: 'target',
  NLLLoss: 'target',
  NLLLoss2d: 'target',
  BCELoss: 'target',
  BCEWithLogitsLoss: 'target',
  KLDivLoss: 'target',
  PoissonNLLLoss: 'target',
  GaussianNLLLoss: 'target, var',
  SoftMarginLoss: 'target',
  MultiLabelMarginLoss: 'target',
  MultiLabelSoftMarginLoss: 'target',
  MultiMarginLoss: 'target',
  HingeEmbeddingLoss: 'target',
  CosineEmbeddingLoss: 'input2, target',
  MarginRankingLoss: 'input2, target',
  TripletMarginLoss: 'positive, negative',
  TripletMarginWithDistanceLoss: 'positive, negative',
  CTCLoss: 'targets, input_lengths, target_lengths',
}

const OPTIONS =
  '*, weight=, size_average=, ignore_index=, reduce=, reduction=, label_smoothing=, pos_weight=, log_target=, beta=, delta=, margin=, p=, eps=, swap=, full=, log_input=, blank=, zero_infinity=, distance_function='

/** The options that come without a name, first ones first (torch/nn/modules/loss.py). */
const POSITIONAL: Readonly<Record<string, string>> = {
  CrossEntropyLoss: 'weight=, size_average=, ignore_index=, reduce=, reduction=, label_smoothing=',
  NLLLoss: 'weight=, size_average=, ignore_index=, reduce=, reduction=',
  BCELoss: 'weight=, size_average=, reduce=, reduction=',
  BCEWithLogitsLoss: 'weight=, size_average=, reduce=, reduction=, pos_weight=',
  TripletMarginLoss: 'margin=, p=, eps=, swap=, size_average=, reduce=, reduction=',
  CosineEmbeddingLoss: 'margin=, size_average=, reduce=, reduction=',
  MarginRankingLoss: 'margin=, size_average=, reduce=, reduction=',
  HuberLoss: 'reduction=, delta=',
}

/** Losses give one number, or with reduction='none' something of which nothing is said. */
export const losses: readonly PyClass[] = Object.entries(LOSSES).map(([name, others]) => {
  const positional = POSITIONAL[name] ?? 'size_average=, reduce=, reduction='
  const named = OPTIONS.split(', ').filter(o => o === '*' || !positional.split(', ').includes(o))
  return layerClass(name, {
    signature: `${positional}, ${named.join(', ')}`,
    init: keeps({ reduction: 'mean' }),
    forwardSignature: `input, ${others}`,
    forward: (run, self, args) => {
      const inputs = [input(args), ...Object.values(args).filter(v => v instanceof PyTensor && v !== args.input)]
      const single = text(kept(run, self, 'reduction').reduction, 'mean') !== 'none'
      const shapes = [single ? [] : null]
      return callLayer(run, self, 'compute', { function: name, shapes }, inputs as PyTensor[])[0]!
    },
  })
})
