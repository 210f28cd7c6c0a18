import type { Span } from '../base/text'
import { baseName } from '../base/uri'
import type { Node, Origin, Scope, Site, Value } from './graph'
import { type Fault, type Names, spelled } from './op'
import { ops } from './ops'
import type { Fix, Problem } from './problem'
import { formatShape } from './shape'

/** A fault with the call that it came up in. */
export interface Conflict {
  readonly fault: Fault
  readonly inputs: readonly Value[]
  readonly attributes: Readonly<Record<string, unknown>>
  readonly origin: Origin
  /** The composites around the call, innermost last. */
  readonly scopes: readonly Scope[]
}

/**
 * Says a fault where the reader can do something about it. A layer that is called in another place than it is declared
 * has its problem at the call, with both declarations related. `scopes` are the composites around the call, innermost
 * last. What stands in other files alone is told at `ground`; null where there is none.
 */
export function problemOf(
  fault: Fault,
  inputs: readonly Value[],
  layer: { readonly attributes: unknown },
  origin: Origin,
  scopes: readonly Scope[],
  ground: Site | null = null,
): Problem | null {
  const { site, called } = origin
  const place = placeOf(origin, scopes)
  if (!place) return ground && groundProblem(fault, inputs, layer, origin, scopes, ground)
  const at = fault.attribute === undefined ? undefined : site.attributes?.[fault.attribute]
  const whole = wholeOf(origin, scopes)
  const names: Names = {
    who: nameOf(whole),
    from: input => describe(inputs[input]),
    ...(at?.spelled ? { attribute: at.spelled } : {}),
  }
  const fixes: Fix[] = []
  if (at && fault.value !== undefined) fixes.push({ ...setting(site, fault.attribute!, fault.value)!, preferred: true })
  if (called) {
    const other = producerFix(fault, inputs, layer.attributes as Readonly<Record<string, unknown>>)
    if (other) fixes.push(other)
  }
  const related = relatedPlaces(fault, inputs, layer, origin, place)
  const maker = builtFor(origin, scopes)
  if (maker) related.push(maker)
  const problem: Problem = {
    code: fault.code,
    severity: 'error',
    span: place === site ? (at?.span ?? site.span) : place.span,
    message: `${elsewhere(origin, place)}${fault.message(names)}`,
    ...(related.length > 0 ? { related } : {}),
    ...(fixes.length > 0 ? { fixes } : {}),
  }
  const attributes = layer.attributes as Conflict['attributes']
  conflicts.set(problem, { fault, inputs, attributes, origin: whole, scopes: [...scopes] })
  return problem
}

/** A fault in a file that the analysed one imports: it stands at the model that comes to it. */
function groundProblem(
  fault: Fault,
  inputs: readonly Value[],
  layer: { readonly attributes: unknown },
  origin: Origin,
  scopes: readonly Scope[],
  ground: Site,
): Problem {
  const who = nameOf(wholeOf(origin, scopes))
  const said = fault.message({ who, from: input => describe(inputs[input]) })
  const { code } = fault
  const message = `${elsewhere(origin, ground)}${said}`
  const problem: Problem = { code, severity: 'error', span: ground.span, message }
  conflicts.set(problem, {
    fault,
    inputs,
    attributes: layer.attributes as Conflict['attributes'],
    origin,
    scopes: [...scopes],
  })
  return problem
}

/** The same problem in other words or of another weight: what it is of stays known. */
export function restated(problem: Problem, changes: Partial<Problem>): Problem {
  const other = { ...problem, ...changes }
  const conflict = conflictOf(problem)
  if (conflict) conflicts.set(other, conflict)
  return other
}

/** The layer of the file that a call belongs to: the one that stands where the call's own part of it does. */
function wholeOf(origin: Origin, scopes: readonly Scope[]): Origin {
  let whole = origin
  for (const { origin: outer } of scopes.toReversed()) {
    if (!whole.called || !outer.called || outer.site !== whole.site) break
    whole = outer
  }
  return whole
}

const conflicts = new WeakMap<Problem, Conflict>()

/** The fault that a problem tells, where it tells one: what corrections are found by. */
export const conflictOf = (problem: Problem): Conflict | undefined => conflicts.get(problem)

/**
 * The place in the analysed file that a problem of a call stands at: the call; the declaration, where a container of
 * the framework makes the call or the call stands in another file; else the call in this file that led there.
 */
export function placeOf({ site, called }: Origin, scopes: readonly Scope[]): Site | null {
  const around = scopes.at(-1)
  // What a layer of the framework is made of stands where the layer does.
  if (called && around?.origin.called && around.origin.site === site) return placeOf(around.origin, scopes.slice(0, -1))
  // A container that a function built for another line: its lines serve several, the call is one.
  const together = scopes.toReversed().filter(s => s.origin.called === called)
  const byContainer = called !== undefined && together.length > 0 && !together.some(s => s.origin.asked)
  if (called && !called.uri && !(byContainer && !site.uri)) return called
  if (!site.uri) return site
  for (const { origin } of scopes.toReversed()) {
    const outer = origin.called ?? origin.site
    if (!outer.uri) return outer
  }
  return null
}

/** `N×64×56×56 from conv4`, `N×3×224×224 from the input x`. */
export function describe(value: Value | undefined): string {
  if (!value) return 'nothing'
  const shape = formatShape(value.shape)
  if (value.producer) return `${shape} from ${nameOf(value.producer.origin)}`
  if (value.name === 'input') return `${shape} from the input`
  return value.name ? `${shape} from the input ${value.name}` : shape
}

/** What messages call a layer. */
export const nameOf = ({ name, site }: Origin): string => name ?? site.name

/** `In line 12 of blocks.py: ` where the call that fails stands in another file than its problem. */
function elsewhere({ site, called = site }: Origin, place: Site): string {
  if (place === site || !called.uri || called.line === undefined) return ''
  return `In line ${called.line + 1} of ${baseName(called.uri)}: `
}

type Related = NonNullable<Problem['related']>[number]

/** The line that asked for the layer, or for the block around it, where that is another than the one that declares it. */
function builtFor(origin: Origin, scopes: readonly Scope[]): Related | null {
  if (!origin.called) return null
  for (const at of [origin, ...scopes.toReversed().map(scope => scope.origin)]) {
    const maker = at.asked ?? (at.site === origin.site ? undefined : at.site)
    if (!maker || maker.uri || contains(maker.span, origin.site.span)) continue
    return { span: maker.span, message: `${nameOf(at)} is built here` }
  }
  return null
}

const contains = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end

function relatedPlaces(
  fault: Fault,
  inputs: readonly Value[],
  { attributes }: { readonly attributes: unknown },
  { site, called, name: named }: Origin,
  place: Site,
): Related[] {
  const related: Related[] = []
  const before = fault.input === undefined ? null : (inputs[fault.input]?.producer ?? null)
  const producer = called ? makerOf(before) : before
  if (producer && producer.origin.site !== site && !producer.origin.site.uri) {
    related.push({
      span: producer.origin.site.span,
      message: `${nameOf(producer.origin)} gives ${formatShape(producer.outputs[0]?.shape ?? null)}`,
    })
  }
  if (place !== site && !site.uri) {
    const value = fault.attribute ? (attributes as Record<string, unknown>)[fault.attribute] : undefined
    const name = fault.attribute && (site.attributes?.[fault.attribute]?.spelled ?? spelled(fault.attribute))
    const what = typeof value === 'number' ? ` with ${name} ${value}` : ''
    related.push({ span: site.span, message: `${named ?? site.name} is declared here${what}` })
  }
  return related
}

/** The other side of a conflict of channels: the layer that made them, where it says how many as a number. */
function producerFix(
  { attribute, input }: Fault,
  inputs: readonly Value[],
  attributes: Readonly<Record<string, unknown>>,
): Fix | null {
  const wanted = attribute === undefined ? undefined : attributes[attribute]
  if (input === undefined || typeof wanted !== 'number') return null
  let node = inputs[input]?.producer ?? null
  for (let steps = 0; node && keepsChannels(node) && steps < MOST_STEPS; steps++)
    node = node.inputs[0]?.producer ?? null
  const made = attribute === 'inFeatures' ? 'outFeatures' : 'outChannels'
  if (!node || node.attributes[made] === undefined || node.attributes.groups === node.attributes.inChannels) return null
  return node.origin.site.uri ? null : setting(node.origin.site, made, wanted)
}

/** The node that decides how many channels a node gives: itself, or the one before it where it keeps them. */
export function makerOf(from: Node | null): Node | null {
  let node = from
  for (let steps = 0; node && keepsChannels(node) && steps < MOST_STEPS; steps++)
    node = node.inputs[0]?.producer ?? null
  return node
}

/** Activations, dropout and pooling: what comes out has the channels of what goes in, however many they are. */
const keepsChannels = ({ op, layer }: Node): boolean =>
  op !== 'unknown' && !layer?.weights.length && (ops[op].quiet === true || /pool\dd$/.test(op))

function setting(site: Site, attribute: string, value: number): Fix | null {
  const at = site.attributes?.[attribute]
  if (!at) return null
  return {
    title: `Set ${at.spelled ?? attribute} of ${site.name} to ${value}`,
    edits: [{ span: at.span, newText: String(value) }],
  }
}

const MOST_STEPS = 20
