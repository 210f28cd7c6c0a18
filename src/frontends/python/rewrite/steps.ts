import type { Graph } from '../../../core/graph'
import type { Convolution } from '../../../core/ops/convolution'
import type { RewriteAttempt, RewriteRequest, RewriteStep, StepChannels } from '../../../core/rewrite'
import { type Between, merged } from './between'
import { argumentOf, type BoundCall, givenAs, passesOn, spelledOf } from './calls'
import { sequenceEdit } from './layout'
import type { Named, Names } from './names'
import type { Place } from './place'
import type { Spelling } from './spelling'
import type { Spelled } from './widths'

/** A request with all that is known of its place. */
export interface Context extends RewriteRequest {
  readonly place: Place
  readonly spelling: Spelling
  readonly names: Names
  readonly graph: Graph | null
  /** Spatial axes of the convolution. */
  readonly rank: number
  /** Some arguments of the callee are fixed before the call. */
  readonly partial: boolean
}

/** The channels of every step as the file is to spell them. */
export type Channels = Readonly<Record<StepChannels, string>>

export const attributesOf = ({ nodes }: Context): Convolution[] =>
  nodes.map(node => node.attributes as unknown as Convolution)

/** Whether the convolutions have a bias; null where some have. */
export function biased(context: Context): boolean | null {
  const all = attributesOf(context)
  return all.every(a => a.bias === all[0]!.bias) ? all[0]!.bias : null
}

/** What carries the input or output channels: the argument, else the number that all calls have. */
export function channelsText(context: Context, bound: BoundCall, of: 'in' | 'out', name?: string): Spelled | null {
  const spelled = spelledOf(bound, name ?? bound.signature.roles[of])
  if (spelled) return spelled
  const numbers = attributesOf(context).map(a => (of === 'in' ? a.inChannels : a.outChannels))
  return numbers[0] !== null && numbers.every(n => n === numbers[0]) ? { text: String(numbers[0]), tree: null } : null
}

/** The bias of the last layer, as the convolution's is written: empty where it has the usual one. Null: not to be told. */
export function biasText(context: Context, bound: BoundCall): string | null {
  const argument = argumentOf(bound, 'bias')
  if (argument) return bound.text.slice(argument.value.start, argument.value.end)
  const has = biased(context)
  return has === null ? null : has ? '' : 'False'
}

/** What a new convolution is given. */
export interface Given {
  readonly from: string
  readonly to: string
  readonly kernel: string
  /** Arguments behind these, as they stand: `stride=2`. */
  readonly more?: readonly string[]
  /** Empty for the usual. */
  readonly bias: string
  readonly storage?: boolean
}

/** A new convolution, in the way in which the call names its arguments. */
export function constructorText(
  { spelling, rank }: Context,
  bound: BoundCall,
  { text: callee }: Named,
  { from, to, kernel, more = [], bias, storage = true }: Given,
): string {
  const { roles } = spelling.signatureOf(spelling.convolution(rank))!
  // A class that finds its input channels itself is not told them.
  const finds = spelling.signatureOf(callee.split('.').at(-1)!)?.roles.in === undefined && !bound.signature.roles.in
  let byName = false
  const parts: string[] = []
  for (const [role, value] of [
    ['in', from],
    ['out', to],
    ['kernel', kernel],
  ] as const) {
    const name = roles[role]
    if (name === undefined || (role === 'in' && finds)) continue
    const argument = argumentOf(bound, role)
    byName ||= argument ? argument.name === name : passesOn(bound, 2) && role === 'kernel'
    parts.push(byName ? `${name}=${value}` : value)
  }
  parts.push(...more)
  if (bias) parts.push(`${roles.bias}=${bias}`)
  if (storage) parts.push(...storageOf(bound, spelling))
  return `${callee}(${parts.join(', ')})`
}

/** `device=device, dtype=dtype`, or `**factory_kwargs`, which every layer of the file gets. */
function storageOf(bound: BoundCall, { storage }: Spelling): string[] {
  const packed = bound.call.args.find(
    a => a.star === 2 && a.value.kind === 'Name' && /^(?:dd|factory_kwargs|.*device.*|.*dtype.*)$/.test(a.value.id),
  )
  if (packed) return [bound.text.slice(packed.start, packed.end)]
  return storage.flatMap(name => {
    const given = givenAs(bound, name)
    return given ? [`${name}=${bound.text.slice(given.value.start, given.value.end)}`] : []
  })
}

/** The attempt that puts layers in place of the call. Null where the file cannot name what it takes. */
export function attempt(
  { place, names, spelling }: Context,
  layers: readonly string[],
  imports: readonly Named[],
  between: Between | null,
  width: string,
): RewriteAttempt | null {
  const { name, listed } = spelling.sequence
  const sequence = names(name)
  if (!sequence) return null
  const [opening, closing] = listed ? [`${sequence.text}([`, '])'] : [`${sequence.text}(`, ')']
  const edits = [
    ...merged(sequence.edits, ...imports.map(i => i.edits), between?.edits ?? []),
    sequenceEdit(place, opening, layers, closing),
  ]
  return { edits: edits.sort((a, b) => a.span.start - b.span.start), width }
}

/** Whether channels that are to change are passed on in an unpacked sequence: `Conv2d(*shape, 3)`. */
export const isUnpacked = (bound: BoundCall, steps: readonly RewriteStep[]): boolean =>
  passesOn(bound, 1) &&
  (['in', 'out'] as const).some(of => !argumentOf(bound, of) && steps.some(step => changes(step)[of]))

export const unpackedSentence = ({ site }: Context): string =>
  `The channels of ${site.name} are passed on in an unpacked sequence.`

/** Of a step, the channels that are other than the convolution's own. */
export const changes = ({ from, to }: RewriteStep): { readonly in: boolean; readonly out: boolean } => ({
  in: from !== 'in',
  out: to !== 'out',
})
