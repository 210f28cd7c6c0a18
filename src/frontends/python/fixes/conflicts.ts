import type { Dim } from '../../../core/dim'
import { type Conflict, makerOf, nameOf } from '../../../core/faults'
import type { Value } from '../../../core/graph'
import type { Correction } from '../../frontend'
import type * as ast from '../syntax/ast'
import { argumentOf, builtAt } from './layers'
import { constant, numberChanges } from './numbers'
import { callAt, type Text, textOf } from './tree'

/** The number that a layer expects made the one it gets; then the one that is made before it what the layer expects. */
export function conflictChanges(conflict: Conflict, file: Text): Correction[] {
  return [
    ...channelsLast(conflict, file),
    ...depthwise(conflict, file),
    ...expected(conflict, file),
    ...produced(conflict, file),
  ]
}

function expected({ fault, attributes, inputs, origin }: Conflict, file: Text): Correction[] {
  const { attribute, value } = fault
  const built = builtAt(origin.site, origin.type, file)
  const argument = built && attribute !== undefined ? argumentOf(built, attribute) : null
  if (value === undefined || !argument?.value) return []
  const what = `${argument.name} of ${nameOf(origin)}`
  const factors = flattenedFrom(fault.input === undefined ? undefined : inputs[fault.input])
  const from = numberOf(attributes[attribute!])
  return numberChanges(file, argument.value, what, from, value, 'expected')
    .map(c => asFactors(c, factors, file))
    .concat(multiple(argument.value, what, from, value, file))
}

/** `hidden` becomes `hidden * 2`, where no number in the text decides. */
function multiple(e: ast.Expression, what: string, from: number | null, to: number, file: Text): Correction[] {
  const times = from === null ? Number.NaN : to / from
  if (!Number.isInteger(times) || times < 2 || (e.kind !== 'Name' && e.kind !== 'Attribute')) return []
  const newText = `${textOf(e, file)} * ${times}`
  const edits = [{ span: { start: e.start, end: e.end }, newText }]
  return [{ title: `Set ${what} to ${newText}`, edits, preferred: true, otherwise: true }]
}

/** The sizes of the map that was flattened into a value, the batch left out. */
function flattenedFrom(value: Value | undefined): readonly Dim[] {
  const node = value?.producer
  const before = node && ['flatten', 'reshape'].includes(node.op) ? node.inputs[0]?.shape : null
  return value?.shape?.length === 2 ? (before?.slice(1) ?? []) : []
}

/** `16 * 4 * 4` becomes `16 * 5 * 5`: a product keeps its form where it has a factor for each size. */
function asFactors(correction: Correction, factors: readonly Dim[], file: Text): Correction {
  const [edit] = correction.edits
  const written = file.text.slice(edit!.span.start, edit!.span.end).split('*')
  const product = factors.reduce<number>((p, f) => p * (typeof f === 'number' ? f : Number.NaN), 1)
  if (factors.length < 2 || written.length !== factors.length || String(product) !== edit!.newText) return correction
  const newText = factors.join(' * ')
  return { ...correction, title: correction.title.replace(edit!.newText, newText), edits: [{ ...edit!, newText }] }
}

/** A depthwise convolution has one number three times. */
function depthwise({ fault, attributes, origin }: Conflict, file: Text): Correction[] {
  const { value } = fault
  const { inChannels, outChannels, groups } = attributes
  const all = fault.attribute === 'inChannels' && groups !== 1 && inChannels === groups && outChannels === groups
  const built = all && value !== undefined ? builtAt(origin.site, origin.type, file) : null
  if (!built) return []
  const edits = ['inChannels', 'outChannels', 'groups'].map(name => {
    const given = argumentOf(built, name)?.value
    return given && constant(given) === groups
      ? { span: { start: given.start, end: given.end }, newText: String(value) }
      : null
  })
  if (edits.includes(null)) return []
  return [
    {
      title: `Set in_channels, out_channels and groups of ${nameOf(origin)} to ${value}`,
      edits: edits.filter(edit => edit !== null),
      preferred: true,
    },
  ]
}

/** An image of the program with its channels last, where a convolution expects as many as stand there. */
function channelsLast({ fault, inputs, attributes, origin }: Conflict, file: Text): Correction[] {
  const { shape, producer } = inputs[0] ?? { shape: null, producer: null }
  const call =
    fault.attribute === 'inChannels' && origin.called && !origin.called.uri && callAt(file, origin.called.span)
  if (!call || !shape || producer || shape.length < 4 || shape.at(-1) !== attributes.inChannels) return []
  const argument = call.args.length === 1 && call.args[0]!.star === 0 ? call.args[0]!.value : null
  if (argument?.kind !== 'Name') return []
  const order = [0, shape.length - 1, ...Array.from({ length: shape.length - 2 }, (_, i) => i + 1)]
  const newText = `.permute(${order.join(', ')})`
  const at = { start: argument.end, end: argument.end }
  return [
    { title: `Move the channels first: ${argument.id}${newText}`, edits: [{ span: at, newText }], preferred: true },
  ]
}

/** The layer that made what comes in gives as many as this one expects. */
function produced({ fault, inputs, attributes }: Conflict, file: Text): Correction[] {
  const wanted = fault.attribute === undefined ? null : numberOf(attributes[fault.attribute])
  const maker = makerOf((fault.input === undefined ? undefined : inputs[fault.input])?.producer ?? null)
  if (wanted === null || !maker) return []
  const { op, attributes: made, origin } = maker
  const attribute = op === 'recurrent' ? 'hiddenSize' : MADE.find(name => made[name] !== undefined)
  const depthwiseMaker = typeof made.groups === 'number' && made.groups > 1 && made.groups === made.inChannels
  if (attribute === undefined || depthwiseMaker) return []
  const times = made.bidirectional === true ? 2 : 1
  const built = builtAt(origin.site, origin.type, file)
  const argument = built && argumentOf(built, attribute)
  if (!argument?.value || wanted % times !== 0) return []
  const what = `${argument.name} of ${nameOf(origin)}`
  const from = numberOf(made[attribute])
  return numberChanges(file, argument.value, what, from, wanted / times, 'produced').map(alternative)
}

/** Not what is done where nothing is chosen. */
export const alternative = (correction: Correction): Correction => ({ ...correction, preferred: false })

const MADE = ['outChannels', 'outFeatures', 'features']

/** A number, or the one number of a list. */
const numberOf = (value: unknown): number | null => {
  const one = Array.isArray(value) && value.length === 1 ? value[0] : value
  return typeof one === 'number' ? one : null
}
