import { type Dim, sameDim } from '../dim'
import { type Fault, formula, type Inference, type Op, type WeightSpec, wholeNumbers } from '../op'
import { elements, type Shape } from '../shape'

export interface Recurrent {
  readonly cell: 'rnn' | 'gru' | 'lstm'
  readonly inputSize: number | null
  readonly hiddenSize: number | null
  readonly layers: number
  readonly bias: boolean
  /** One bias a gate instead of one for the input and one for the state (Keras, but for a GRU that resets after). */
  readonly oneBias?: boolean
  readonly bidirectional?: boolean
  /** LSTM with projections: the size of what goes on and is given out; 0 for none. */
  readonly projection?: number
  /** N×L×features instead of L×N×features. */
  readonly batchFirst?: boolean
  /** One step alone, without the axis of time (torch.nn.LSTMCell). */
  readonly step?: boolean
}

/**
 * Recurrent layers over a sequence: the outputs of all steps, the last hidden state, and of LSTMs the last cell state
 * (torch.nn.RNN, GRU, LSTM). MACs: every matrix is used once a step.
 */
export const recurrent: Op<Recurrent> = {
  name: 'recurrent',
  infer: (attributes, [input]) => infer(attributes, input ?? null),
  weights: recurrentWeights,
  macs: (attributes, [input]) => {
    const matrices = recurrentWeights(attributes).filter(w => w.shape.length === 2)
    const sizes = matrices.map(w => elements(w.shape))
    const total = sizes.reduce<number | null>((a, b) => (a === null || b === null ? null : a + b), 0)
    return formula([
      ['weights', total],
      ['steps', input ? elements(input.slice(0, -1)) : null],
    ])
  },
  otherOps: (attributes, [input]) => {
    const steps = input ? elements(input.slice(0, -1)) : null
    const { hiddenSize, layers, cell } = attributes
    if (steps === null || hiddenSize === null) return null
    return steps * layers * directions(attributes) * hiddenSize * OPERATIONS[cell]
  },
}

const GATES = { rnn: 1, gru: 3, lstm: 4 } as const
/** Arithmetic of one unit and step beside the matrices: gates' functions and what they are combined with. */
const OPERATIONS = { rnn: 2, gru: 10, lstm: 13 } as const

/** No network stacks more; each takes memory here. */
const MOST_LAYERS = 1024

const directions = ({ bidirectional }: Recurrent): number => (bidirectional ? 2 : 1)

/** weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, weight_hr_l0, …, `_reverse`: as torch.nn.RNNBase names them. */
export function recurrentWeights(attributes: Recurrent): WeightSpec[] {
  const { cell, inputSize, hiddenSize, layers, bias, oneBias, projection = 0, step } = attributes
  const gates = hiddenSize === null ? null : GATES[cell] * hiddenSize
  const given = projection || hiddenSize
  // How many weights there are cannot be told; the fault is told with the shapes.
  if (!(layers <= MOST_LAYERS)) return [{ name: 'weight', shape: [null, null], kind: 'trainable' }]
  const specs: WeightSpec[] = []
  for (let layer = 0; layer < layers; layer++) {
    const size = layer === 0 ? inputSize : given === null ? null : given * directions(attributes)
    for (let direction = 0; direction < directions(attributes); direction++) {
      const suffix = step ? '' : `_l${layer}${direction ? '_reverse' : ''}`
      const add = (name: string, shape: Shape): void =>
        void specs.push({ name: name + suffix, shape, kind: 'trainable' })
      add('weight_ih', [gates, size])
      add('weight_hh', [gates, given])
      if (bias) {
        add('bias_ih', [gates])
        if (!oneBias) add('bias_hh', [gates])
      }
      if (projection) add('weight_hr', [projection, hiddenSize])
    }
  }
  return specs
}

function infer(attributes: Recurrent, input: Shape | null): Inference {
  const { cell, inputSize, hiddenSize, layers, projection = 0, batchFirst, step } = attributes
  const lost = Array<null>(step ? (cell === 'lstm' ? 2 : 1) : cell === 'lstm' ? 3 : 2).fill(null)
  const bad = wholeNumbers(1, { hiddenSize, inputSize, layers })
  if (layers > MOST_LAYERS && bad.length === 0) {
    const message: Fault['message'] = ({ who }) => `${who} expects at most ${MOST_LAYERS} layers and gets ${layers}.`
    bad.push({ code: 'bad-argument', attribute: 'layers', message })
  }
  if (bad.length || input === null) return { shapes: lost, faults: bad }
  const ranks = step ? [1, 2] : [2, 3]
  if (!ranks.includes(input.length)) {
    const message: Fault['message'] = ({ who, from }) =>
      `${who} expects ${ranks.join(' or ')} dimensions and gets ${input.length}: ${from(0)}.`
    return { shapes: lost, faults: [{ code: 'shape-mismatch', input: 0, message }] }
  }
  const faults: Fault[] = []
  const got = input.at(-1)!
  if (inputSize !== null && sameDim(got, inputSize) === false) {
    const message: Fault['message'] = ({ who, from }) =>
      `${who} expects ${inputSize} input features and gets ${got}: ${from(0)}.`
    faults.push({ code: 'shape-mismatch', attribute: 'inputSize', value: got as number, input: 0, message })
  }
  const given = projection || hiddenSize
  if (step) return { shapes: lost.map(() => [...input.slice(0, -1), given]), faults }
  const batch: Dim[] = input.length === 3 ? [input[batchFirst ? 0 : 1]!] : []
  const out = given === null ? null : given * directions(attributes)
  const states = layers * directions(attributes)
  const last: Shape[] = [
    [states, ...batch, given],
    [states, ...batch, hiddenSize],
  ]
  return { shapes: [[...input.slice(0, -1), out], ...last.slice(0, cell === 'lstm' ? 2 : 1)], faults }
}
