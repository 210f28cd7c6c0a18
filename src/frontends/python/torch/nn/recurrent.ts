import { type Recurrent, recurrentWeights } from '../../../../core/ops/recurrent'
import { type Run, raise } from '../../interpreter/run'
import { tuple } from '../../interpreter/types'
import { asInt, type PyClass, PyFloat } from '../../interpreter/values'
import { callLayer, type PyNNModule } from '../module'
import { bool, count, int, text } from '../values'
import { addParameter, type Bound, input, keep, kept, layerClass } from './define'

const base = layerClass('RNNBase', {
  signature:
    'mode, input_size, hidden_size, num_layers=, bias=, batch_first=, dropout=, bidirectional=, proj_size=, device=, dtype=',
  init: (run, self, args) => initialize(run, self, cellOf(text(args.mode, '')), args),
})

const COMMON = 'num_layers=, bias=, batch_first=, dropout=, bidirectional='
const SIGNATURES = {
  // torch/nn/modules/rnn.py: the fourth positional argument of RNN is the nonlinearity.
  RNN: `input_size, hidden_size, num_layers=, nonlinearity=, bias=, batch_first=, dropout=, bidirectional=, device=, dtype=`,
  GRU: `input_size, hidden_size, ${COMMON}, device=, dtype=`,
  LSTM: `input_size, hidden_size, ${COMMON}, proj_size=, device=, dtype=`,
} as const

const layers = (['RNN', 'GRU', 'LSTM'] as const).map(name =>
  layerClass(name, {
    signature: SIGNATURES[name],
    bases: [base],
    init: (run, self, args) => initialize(run, self, cellOf(name), args),
    forwardSignature: 'input, hx=',
    forward: (run, self, args) => {
      const [out, ...state] = callLayer(run, self, 'recurrent', recurrentOf(run, self, cellOf(name)), [input(args)])
      return tuple([out!, state.length === 1 ? state[0]! : tuple(state)])
    },
  }),
)

const cells = (['RNN', 'GRU', 'LSTM'] as const).map(name =>
  layerClass(`${name}Cell`, {
    signature: `input_size, hidden_size, bias=, ${name === 'RNN' ? 'nonlinearity=, ' : ''}device=, dtype=`,
    init: (run, self, args) => {
      keep(run, self, { input_size: args.input_size, hidden_size: args.hidden_size, bias: bool(args.bias, true) })
      addWeights(run, self, stepOf(run, self, cellOf(name)))
    },
    forwardSignature: 'input, hx=',
    forward: (run, self, args) => {
      const states = callLayer(run, self, 'recurrent', stepOf(run, self, cellOf(name)), [input(args)])
      return states.length === 1 ? states[0]! : tuple(states)
    },
  }),
)

const cellOf = (mode: string): Recurrent['cell'] => (mode === 'LSTM' ? 'lstm' : mode === 'GRU' ? 'gru' : 'rnn')

function initialize(run: Run, self: PyNNModule, cell: Recurrent['cell'], args: Bound): void {
  const hidden = count(args.hidden_size)
  const projection = asInt(args.proj_size ?? 0) ?? 0
  if (projection < 0) raise('ValueError', 'proj_size should be a positive integer or zero to disable projections')
  if (hidden !== null && projection >= hidden && projection > 0) {
    raise('ValueError', 'proj_size has to be smaller than hidden_size')
  }
  keep(run, self, {
    input_size: args.input_size,
    hidden_size: args.hidden_size,
    num_layers: args.num_layers ?? 1,
    bias: args.bias ?? true,
    batch_first: args.batch_first ?? false,
    dropout: args.dropout ?? new PyFloat(0),
    bidirectional: args.bidirectional ?? false,
    proj_size: args.proj_size ?? 0,
  })
  addWeights(run, self, recurrentOf(run, self, cell))
}

function addWeights(run: Run, self: PyNNModule, attributes: Recurrent): void {
  for (const { name, shape } of recurrentWeights(attributes)) addParameter(run, self, name, shape)
}

function recurrentOf(run: Run, self: PyNNModule, cell: Recurrent['cell']): Recurrent {
  const args = kept(run, self, 'input_size hidden_size num_layers bias batch_first bidirectional proj_size')
  return {
    cell,
    inputSize: count(args.input_size),
    hiddenSize: count(args.hidden_size),
    layers: Math.min(int(args.num_layers, 1), MOST_LAYERS),
    bias: bool(args.bias, true),
    batchFirst: bool(args.batch_first, false),
    bidirectional: bool(args.bidirectional, false),
    projection: int(args.proj_size, 0),
  }
}

/** More layers than this are a mistake. */
const MOST_LAYERS = 1024

function stepOf(run: Run, self: PyNNModule, cell: Recurrent['cell']): Recurrent {
  const { input_size, hidden_size, bias } = kept(run, self, 'input_size hidden_size bias')
  return {
    cell,
    inputSize: count(input_size),
    hiddenSize: count(hidden_size),
    layers: 1,
    bias: bool(bias, true),
    step: true,
  }
}

/** Recurrent layers of torch.nn and their cells (torch/nn/modules/rnn.py). */
export const recurrent: readonly PyClass[] = [base, ...layers, ...cells]
