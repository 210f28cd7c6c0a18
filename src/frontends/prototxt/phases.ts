import { messageOf, messagesOf, scalarOf, scalarsOf, textOf } from './fields'
import type { LayerText, Network } from './network'
import type { Message } from './parse'

/** One way to run a network: which layers are part of it follows from phase, stages and level. */
export interface State {
  /** As `--model` takes it: `test`, `train`, or a stage. */
  readonly name: string
  readonly phase: string
  readonly stages: readonly string[]
  readonly level: number
}

/** No file names more. */
const MOST_STAGES = 8

/**
 * The states in which the network differs, first the one that is shown: a stage `deploy` where there is one, else the
 * test phase. Files without rules have one state.
 */
export function statesOf(network: Network): readonly State[] {
  const own = messageOf(network.root, 'state')
  const stages = scalarsOf(own, 'stage').map(({ text }) => text)
  const level = Number(textOf(own, 'level')) || 0
  const ruled = network.layers.filter(({ message }) => rulesOf(message).length > 0)
  const named = new Set(ruled.flatMap(({ message }) => rulesOf(message).flatMap(rule => stagesOf(rule))))
  const state = (name: string, phase: string, more: readonly string[] = []): State => ({
    name,
    phase,
    stages: [...stages, ...more],
    level,
  })
  const states = [state('test', 'TEST'), state('train', 'TRAIN')]
  for (const stage of [...named].slice(0, MOST_STAGES)) {
    if (stage === '' || stages.includes(stage)) continue
    const made = state(stage, stage.toLowerCase() === 'train' ? 'TRAIN' : 'TEST', [stage])
    states.push(made)
  }
  const seen = new Set<string>()
  const different = states.filter(candidate => {
    const signature = ruled.map(layer => Number(isPartOf(layer, candidate))).join('')
    return seen.size < seen.add(signature).size
  })
  // A phase without data is none that anybody runs: files for training alone.
  const hasInput = (candidate: State): boolean =>
    scalarOf(network.root, 'input') !== undefined ||
    network.layers.some(layer => layer.bottoms.length === 0 && isPartOf(layer, candidate))
  const run = different.filter(hasInput)
  const ranked = (run.length > 0 ? run : different.slice(0, 1)).toSorted((a, b) => rank(a) - rank(b))
  return ranked.filter((candidate, i) => i === 0 || isWhole(network, candidate))
}

/**
 * Whether no layer of a state reads what only layers of other states write: files for one phase have such states, which
 * nobody runs.
 */
function isWhole({ root, layers }: Network, state: State): boolean {
  const elsewhere = new Set(layers.flatMap(({ tops }) => tops.map(({ text }) => text)))
  const written = new Set(scalarsOf(root, 'input').map(({ text }) => text))
  for (const layer of layers) {
    if (!isPartOf(layer, state)) continue
    if (layer.bottoms.some(({ text }) => !written.has(text) && elsewhere.has(text))) return false
    for (const { text } of layer.tops) written.add(text)
  }
  return true
}

/** What a network is deployed as comes first, then what it is tested as. */
const rank = ({ name, phase }: State): number => (name === 'deploy' ? 0 : phase === 'TEST' ? 1 : 2)

/** Whether a layer is part of the network in a state (src/caffe/net.cpp FilterNet, StateMeetsRule). */
export function isPartOf({ message }: LayerText, state: State): boolean {
  const include = messagesOf(message, 'include')
  return include.length > 0
    ? include.some(rule => isMet(rule, state))
    : !messagesOf(message, 'exclude').some(rule => isMet(rule, state))
}

function isMet(rule: Message, { phase, stages, level }: State): boolean {
  const wanted = scalarOf(rule, 'phase')?.text
  if (wanted !== undefined && wanted !== phase && PHASE_NUMBERS[wanted] !== phase) return false
  const [least, most] = [scalarOf(rule, 'min_level'), scalarOf(rule, 'max_level')]
  if ((least && level < Number(least.text)) || (most && level > Number(most.text))) return false
  return (
    scalarsOf(rule, 'stage').every(({ text }) => stages.includes(text)) &&
    !scalarsOf(rule, 'not_stage').some(({ text }) => stages.includes(text))
  )
}

/** Words of an enumeration may be written as their numbers. */
const PHASE_NUMBERS: Readonly<Record<string, string>> = { '0': 'TRAIN', '1': 'TEST' }

const rulesOf = (message: Message): readonly Message[] => [
  ...messagesOf(message, 'include'),
  ...messagesOf(message, 'exclude'),
]

const stagesOf = (rule: Message): readonly string[] =>
  [...scalarsOf(rule, 'stage'), ...scalarsOf(rule, 'not_stage')].map(({ text }) => text)
