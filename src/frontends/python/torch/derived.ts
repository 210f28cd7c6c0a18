import { getAttribute } from '../interpreter/attributes'
import { native, nativeMethod, staticmethodClass } from '../interpreter/types'
import { isUnknown, type PyClass, PyUnknown, type PyValue, PyWrapped } from '../interpreter/values'
import { PyNNModule } from './module'
import { hiddenClasses, nnClasses } from './nn'
import { operations } from './operations'
import { filled } from './operations/creation'
import { nativeOf } from './operations/define'
import { dim } from './values'

/**
 * Methods of PyTorch's own classes that classes derived from them call or complete, beside `forward`: those that set
 * numbers and check arguments change nothing that is counted.
 */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  _ConvNd: 'reset_parameters',
  _NormBase: 'reset_parameters reset_running_stats _check_input_dim',
  Linear: 'reset_parameters',
  Bilinear: 'reset_parameters',
  Embedding: 'reset_parameters _fill_padding_idx_with_zero',
  EmbeddingBag: 'reset_parameters _fill_padding_idx_with_zero',
  LayerNorm: 'reset_parameters',
  RMSNorm: 'reset_parameters',
  GroupNorm: 'reset_parameters',
  PReLU: 'reset_parameters',
  MultiheadAttention: '_reset_parameters',
  Transformer: '_reset_parameters',
  RNNBase: 'reset_parameters flatten_parameters check_input check_hidden_size check_forward_args',
  RNNCell: 'reset_parameters',
  LSTMCell: 'reset_parameters',
  GRUCell: 'reset_parameters',
}

const classes = new Map([...hiddenClasses, ...nnClasses].map((cls): [string, PyClass] => [cls.name, cls]))
const base = classes.get('RNN')!.bases[0]!
classes.set(base.name, base)

for (const [name, methods] of Object.entries(WITHOUT_EFFECT)) {
  for (const method of methods.split(' ')) {
    classes.get(name)!.dict.set(
      method,
      nativeMethod(method, () => null),
    )
  }
}

/** `self._conv_forward(x, weight, self.bias)`: the layer's convolution with another weight. */
for (const rank of [1, 2, 3]) {
  const convolve = nativeOf(operations.find(o => o.name === `conv${rank}d`)!, false)
  classes.get(`Conv${rank}d`)!.dict.set(
    '_conv_forward',
    nativeMethod('_conv_forward', (run, [self, ...args], kwargs) => {
      if (!(self instanceof PyNNModule)) return new PyUnknown('a convolution that is not known')
      const options = new Map(kwargs)
      for (const name of ['stride', 'padding', 'dilation', 'groups']) options.set(name, getAttribute(run, self, name))
      return convolve.run(run, args, options)
    }),
  )
}

/** What a transposed convolution adds at the end; the size that is asked for is left to the layer itself. */
const outputPadding = nativeMethod('_output_padding', (run, [self, , size], kwargs) => {
  const asked = size ?? kwargs.get('output_size') ?? null
  if (asked !== null || !(self instanceof PyNNModule)) return new PyUnknown('the padding of this output is not known')
  return getAttribute(run, self, 'output_padding')
})
classes.get('_ConvTransposeNd')!.dict.set('_output_padding', outputPadding)

/** A square of as many positions as the sequence has, for causal attention. */
const causalMask = native('generate_square_subsequent_mask', (run, [first], kwargs): PyValue => {
  const size = first ?? kwargs.get('sz') ?? null
  return isUnknown(size) ? new PyUnknown(size.reason) : filled(run, [dim(size), dim(size)], 'float32', null)
})
classes.get('Transformer')!.dict.set('generate_square_subsequent_mask', new PyWrapped(staticmethodClass, causalMask))
