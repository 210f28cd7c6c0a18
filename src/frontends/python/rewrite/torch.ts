import type { Role, Signature, Spelling } from './spelling'

const NAMES: Readonly<Record<Role, string>> = {
  in: 'in_channels',
  out: 'out_channels',
  kernel: 'kernel_size',
  stride: 'stride',
  padding: 'padding',
  dilation: 'dilation',
  groups: 'groups',
  bias: 'bias',
}

const positional =
  'in_channels out_channels kernel_size stride padding dilation groups bias padding_mode device dtype'.split(' ')
const defaults = new Map([
  ['stride', 1],
  ['padding', 0],
  ['dilation', 1],
  ['groups', 1],
])

/** torch/nn/modules/conv.py: the lazy classes take the same arguments without the first. */
const convolution: Signature = { positional, named: new Set(positional), open: false, defaults, roles: NAMES }
const { in: _, ...rest } = NAMES
const lazy: Signature = { ...convolution, positional: positional.slice(1), roles: rest }

const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: 'ReLU',
  relu6: 'ReLU6',
  elu: 'ELU',
  celu: 'CELU',
  selu: 'SELU',
  gelu: 'GELU',
  silu: 'SiLU',
  mish: 'Mish',
  leaky_relu: 'LeakyReLU',
  hardswish: 'Hardswish',
  prelu: 'PReLU',
  softplus: 'Softplus',
}

/** PyTorch. */
export const torch: Spelling = {
  packages: ['torch.nn'],
  convolution: rank => `Conv${rank}d`,
  signatureOf: cls => (/^Conv[123]d$/.test(cls) ? convolution : /^LazyConv[123]d$/.test(cls) ? lazy : null),
  storage: ['device', 'dtype'],
  sequence: { name: 'Sequential', listed: false },
  norm: (op, rank) => `${op === 'instance_norm' ? 'InstanceNorm' : 'BatchNorm'}${rank}d`,
  channelsOf: norm =>
    norm === 'GroupNorm' ? { name: 'num_channels', position: 1 } : { name: 'num_features', position: 0 },
  activation: fn => ACTIVATIONS[fn] ?? null,
  functional: /^conv[123]d$/,
}
