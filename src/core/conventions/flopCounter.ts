import { type Convention, times } from './convention'

/** torch.utils.flop_counter.FlopCounterMode. */
export const flopCounter: Convention = {
  name: 'flopcounter',
  title: 'torch FlopCounterMode',
  unit: 'FLOPs',
  source: 'pytorch/pytorch: torch/utils/flop_counter.py',
  says: ['A multiply-accumulate counts 2. Bias, norms, activations and pooling count nothing: it is twice our MACs.'],
  work: node => times(2, node.cost.macs),
}
