import type { Dim } from '../../../core/dim'
import { N } from '../../../core/dim'
import type { Value } from '../../../core/graph'
import { type Image, imageOf, lengthOf, vectorOf } from '../image'
import { activationKey, flag, fraction, type Key, whole as wholeKey, word } from '../key'
import { type LayerType, type Output, origin, type Step, scope } from '../layerType'
import { find, isOn, whole } from '../values'
import {
  activate,
  activationOf,
  connect,
  convolve,
  type Geometry,
  normalizeKey,
  padKeys,
  sizeKey,
  strideKey,
} from './parts'

const outputKey = wholeKey('output', 1, 'Output values, or channels.', 'outFeatures')
const hiddenKey = wholeKey('hidden', 1, 'Size of the state.')
const shortcutKey = flag('shortcut', 'Adds the old state to the new one.')
const windowKeys: readonly Key[] = [
  sizeKey(3),
  strideKey(1),
  wholeKey('dilation', 1, 'Distance between the taps of the window.', 'dilation'),
  ...padKeys,
  wholeKey('groups', 1, 'Groups of channels that do not mix.', 'groups'),
  flag('xnor', 'Binary weights and inputs.'),
]

/** Costs are those of one step of the sequence. Three connected layers: input, state, output (src/rnn_layer.c). */
export const rnn: LayerType = {
  names: ['rnn'],
  doc: 'Recurrent layer.',
  keys: [
    outputKey,
    hiddenKey,
    activationKey('logistic'),
    normalizeKey,
    shortcutKey,
    wholeKey('logistic', 0, 'Function of the state.'),
  ],
  build: step => {
    const output = whole(step, 'output', 1)
    const hidden = whole(step, 'hidden', 1)
    const then = { normalize: isOn(step, 'batch_normalize'), activation: activationOf(step, 'logistic') }
    const { value } = step.previous
    return vector(
      scope(step, [value], () => {
        const seen = connect(step, 'input', vectorOf(step), lengthOf(value), hidden, then)
        const kept = connect(step, 'self', state(step, 'state', [hidden]), hidden, hidden, then)
        const next = combine(step, 'add', 'add', [seen, kept])
        return connect(step, 'output', next, hidden, output, then)
      }),
    )
  },
}

/** Three gates, each a connected layer of the input and one of the state (src/gru_layer.c). */
export const gru: LayerType = {
  names: ['gru'],
  doc: 'Gated recurrent unit.',
  keys: [outputKey, normalizeKey, flag('tanh', 'Tangent instead of the logistic function (pjreddie’s Darknet).')],
  build: step => {
    const size = whole(step, 'output', 1)
    const then = { normalize: isOn(step, 'batch_normalize'), activation: 'linear' }
    const { value } = step.previous
    const out = scope(step, [value], () => {
      const input = vectorOf(step)
      const old = state(step, 'state', [size])
      const seen = (part: string): Value => connect(step, part, input, lengthOf(value), size, then)
      const kept = (part: string, from: Value): Value => connect(step, part, from, size, size, then)
      const gate = (name: string, a: Value, b: Value): Value =>
        activate(step, combine(step, name, 'add', [a, b]), 'logistic', `${name}.`)
      const update = gate('z', seen('uz'), kept('wz', old))
      const reset = gate('r', seen('ur'), kept('wr', old))
      const fresh = gate('h', seen('uh'), kept('wh', combine(step, 'forget', 'mul', [old, reset])))
      return combine(step, 'out', 'lerp', [update, old, fresh])
    })
    return { value: out, image: false }
  },
}

/** Four gates, each a connected layer of the input and one of the state (src/lstm_layer.c). */
export const lstm: LayerType = {
  names: ['lstm'],
  doc: 'Long short-term memory.',
  keys: [outputKey, normalizeKey],
  build: step => {
    const size = whole(step, 'output', 1)
    const then = { normalize: isOn(step, 'batch_normalize'), activation: 'linear' }
    const { value } = step.previous
    return vector(
      scope(step, [value], () => {
        const input = vectorOf(step)
        const old = state(step, 'state', [size])
        return memory(
          step,
          state(step, 'cell', [size]),
          gate => connect(step, `u${gate}`, input, lengthOf(value), size, then),
          gate => connect(step, `w${gate}`, old, size, size, then),
          'tanh',
        )
      }),
    )
  },
}

/** pjreddie's crnn, which spells its sizes `output_filters` and `hidden_filters`, always slides this window. */
const FIXED_WINDOW: Omit<Geometry, 'filters'> = { size: 3, strideX: 1, strideY: 1, dilation: 1, pad: 1, groups: 1 }

/** As rnn, of convolutions (src/crnn_layer.c). */
export const crnn: LayerType = {
  names: ['crnn'],
  doc: 'Recurrent layer of convolutions.',
  keys: [
    outputKey,
    hiddenKey,
    wholeKey('output_filters', 1, 'As `output` (pjreddie’s Darknet).'),
    wholeKey('hidden_filters', 1, 'As `hidden` (pjreddie’s Darknet).'),
    ...windowKeys,
    activationKey('logistic'),
    normalizeKey,
    shortcutKey,
  ],
  build: step => {
    const image = imageOf(step)
    const fixed = !find(step.section, 'output') && find(step.section, 'output_filters') !== undefined
    const window = fixed ? FIXED_WINDOW : windowOf(step)
    const output = whole(step, fixed ? 'output_filters' : 'output', 1)
    const hidden = whole(step, fixed ? 'hidden_filters' : 'hidden', 1)
    const then = { normalize: isOn(step, 'batch_normalize'), activation: activationOf(step, 'logistic') }
    if (window === null) return unreadable(step, image, output)
    const value = scope(step, [image.value], () => {
      const layer = (part: string, from: Value, channels: number | null, filters: number | null): Value =>
        convolve(step, part, from, channels, { ...window, filters }, then).value
      const seen = layer('input', image.value, image.channels, hidden)
      const kept = layer('self', mapState(step, 'state', hidden, image), hidden, hidden)
      return layer('output', combine(step, 'add', 'add', [seen, kept]), hidden, output)
    })
    return { value, image: true }
  },
}

/** As lstm, of convolutions; `peephole` adds one of the cell to three gates (src/conv_lstm_layer.c). */
export const convLstm: LayerType = {
  names: ['conv_lstm'],
  doc: 'Long short-term memory of convolutions.',
  keys: [
    outputKey,
    ...windowKeys,
    activationKey('linear'),
    normalizeKey,
    flag('peephole', 'The gates see the cell too.'),
    flag('bottleneck', 'One convolution of twice the channels for the state.'),
    shortcutKey,
    { ...wholeKey('state_constrain', 0, 'Bound of the state.'), fallback: '' },
    word('lstm_activation', 'tanh', 'Function of the cell.', activationKey('linear').values),
    fraction('time_normalizer', 1, 'Weight of the gradient over time.'),
  ],
  build: step => {
    const image = imageOf(step)
    const window = windowOf(step)
    const filters = whole(step, 'output', 1)
    const then = { normalize: isOn(step, 'batch_normalize'), activation: activationOf(step, 'linear') }
    const cellActivation = find(step.section, 'lstm_activation')
      ? activationOf(step, 'linear', 'lstm_activation')
      : 'tanh'
    if (window === null) return unreadable(step, image, filters)
    const value = scope(step, [image.value], () => {
      const narrow = isOn(step, 'bottleneck')
      const channels = narrow && filters !== null ? filters * 2 : filters
      const old = mapState(step, 'state', channels, image)
      const cell = mapState(step, 'cell', filters, image)
      const layer = (part: string, from: Value, inChannels: number | null): Value =>
        convolve(step, part, from, inChannels, { ...window, filters }, then).value
      const peep = isOn(step, 'peephole')
      const once = narrow ? layer('wf', old, channels) : null
      return memory(
        step,
        cell,
        gate => layer(`u${gate}`, image.value, image.channels),
        gate => once ?? layer(`w${gate}`, old, filters),
        cellActivation,
        peep ? (gate, from) => layer(`v${gate}`, from, filters) : undefined,
      )
    })
    return { value, image: true }
  },
}

/** The cell of an LSTM: gates f, i, g, o; cell' = f · cell + i · g; output o · tanh(cell'). */
function memory(
  step: Step,
  cell: Value,
  seen: (gate: string) => Value,
  kept: (gate: string) => Value,
  activation: string,
  peep?: (gate: string, cell: Value) => Value,
): Value {
  const gate = (name: string, from: Value): Value => {
    const parts = [seen(name), kept(name), ...(peep && name !== 'g' ? [peep(name, from)] : [])]
    return activate(step, combine(step, name, 'add', parts), name === 'g' ? activation : 'logistic', `${name}.`)
  }
  const [forget, input, fresh] = [gate('f', cell), gate('i', cell), gate('g', cell)]
  const old = combine(step, 'forget', 'mul', [forget, cell])
  const added = combine(step, 'remember', 'mul', [input, fresh])
  const next = combine(step, 'next', 'add', [old, added])
  return combine(step, 'out', 'mul', [gate('o', next), activate(step, next, activation, 'next.')])
}

const combine = (step: Step, part: string, name: string, inputs: readonly Value[]): Value =>
  step.builder.add('elementwise', { function: name }, inputs, origin(step, `${part}.${name}`, name))

const state = (step: Step, part: string, sizes: readonly Dim[]): Value =>
  step.builder.add('constant', { shape: [N, ...sizes] }, [], origin(step, part, 'state'))

const mapState = (step: Step, part: string, channels: number | null, { height, width }: Image): Value =>
  state(step, part, [channels, height, width])

const vector = (value: Value): Output => ({ value, image: true })

function windowOf(step: Step): Omit<Geometry, 'filters'> | null {
  const size = whole(step, 'size', 3)
  const stride = whole(step, 'stride', 1)
  const dilation = whole(step, 'dilation', 1)
  const padding = whole(step, 'padding', 0)
  const groups = whole(step, 'groups', 1)
  if (size === null || stride === null || dilation === null || padding === null || groups === null) return null
  const pad = isOn(step, 'pad') ? Math.floor(size / 2) : padding
  return { size, strideX: stride, strideY: stride, dilation, pad, groups: isOn(step, 'xnor') ? 1 : Math.max(1, groups) }
}

function unreadable(step: Step, { value }: Image, channels: number | null): Output {
  const shape = [value.shape?.[0] ?? null, channels, null, null]
  return { value: step.builder.unknown('its size cannot be read', [value], origin(step), [shape])[0]!, image: true }
}
