import type { Span } from '../../base/text'
import type { Problem } from '../../core/problem'
import { messageOf, scalarOf, scalarsOf, textOf } from './fields'
import { upgraded, withoutPadding } from './oldestLayers'
import { V1_TYPES } from './oldTypes'
import { type Field, type Message, parse } from './parse'

/** A blob that a layer names. */
export interface Named {
  readonly text: string
  readonly span: Span
}

/** One `layer { }` as it is written. */
export interface LayerText {
  readonly field: Field
  readonly message: Message
  /** `layers { }`, the form before 2014: types are words in capitals. */
  readonly old: boolean
  /** `layers { layer { } }`, the form before that one; the message is that of the form after it. */
  readonly oldest: boolean
  readonly name: string
  /** As `layer { }` spells it, whatever the form; empty where it is missing. */
  readonly type: string
  readonly typeSpan: Span | null
  /** From the word `layer` to the bracket behind it. */
  readonly header: Span
  readonly bottoms: readonly Named[]
  readonly tops: readonly Named[]
}

/** A file: its layers in order, and what stands beside them. */
export interface Network {
  readonly text: string
  readonly root: Message
  readonly name: string
  readonly layers: readonly LayerText[]
  readonly problems: readonly Problem[]
}

/** More characters or layers than this are no network that somebody wrote. */
const MOST_CHARACTERS = 4_000_000
const MOST_LAYERS = 50_000

/** Reads a whole text. What is damaged or beyond a bound is said and left out. */
export function readNetwork(text: string): Network {
  const { root: whole, damage } = parse(text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text)
  const root = whole.fields.some(isLayer) ? whole : (netOfSolver(whole) ?? whole)
  const problems: Problem[] = damage.map(({ span, message }) => ({ code: 'syntax', severity: 'error', span, message }))
  const limit = (span: Span, what: string): void => {
    problems.push({ code: 'limit', severity: 'warning', span, message: `Only the first ${what} are read.` })
  }
  if (text.length > MOST_CHARACTERS) {
    const span = { start: MOST_CHARACTERS, end: MOST_CHARACTERS }
    limit(span, `${MOST_CHARACTERS.toLocaleString('en')} characters`)
  }
  const layers: LayerText[] = []
  for (const field of root.fields) {
    if (!isLayer(field)) continue
    if (layers.length === MOST_LAYERS) {
      limit(field.nameSpan, `${MOST_LAYERS.toLocaleString('en')} layers`)
      break
    }
    layers.push(layerOf(field, field.value as Message))
  }
  return { text, root, name: textOf(root, 'name'), layers: withoutPadding(layers), problems }
}

/** The network that a solver holds in itself (caffe.proto SolverParameter); where it has several, the first. */
const netOfSolver = (solver: Message): Message | undefined =>
  NETS.map(name => messageOf(solver, name)).find(net => net?.fields.some(isLayer))
const NETS = ['net_param', 'train_net_param', 'test_net_param'] as const

const isLayer = ({ name, value }: Field): boolean => (name === 'layer' || name === 'layers') && value.kind === 'message'

function layerOf(field: Field, written: Message): LayerText {
  const old = field.name === 'layers'
  const upgrade = old ? upgraded(written) : null
  const message = upgrade?.message ?? written
  const type = scalarOf(upgrade ? messageOf(written, 'layer') : message, 'type')
  return {
    field,
    message,
    old,
    oldest: upgrade !== null,
    name: textOf(message, 'name'),
    type: upgrade?.type ?? (type ? (type.kind === 'string' ? type.text : (V1_TYPES.get(type.text) ?? type.text)) : ''),
    typeSpan: type?.span ?? null,
    header: { start: field.nameSpan.start, end: message.span.start + 1 },
    bottoms: namesOf(message, 'bottom'),
    tops: namesOf(message, 'top'),
  }
}

const namesOf = (message: Message, name: string): Named[] =>
  scalarsOf(message, name).map(({ text, span }) => ({ text, span }))
