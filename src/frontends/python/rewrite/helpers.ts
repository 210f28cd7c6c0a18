import type { Node, Site } from '../../../core/graph'
import { ops } from '../../../core/ops'
import type { RewriteAttempt, RewriteStep } from '../../../core/rewrite'
import { spelledAt } from '../../../core/spelling'
import type * as ast from '../syntax/ast'
import { type Between, betweens } from './between'
import { type BoundCall, edited, givenAs, remade, spelledOf } from './calls'
import type { Named } from './names'
import {
  attempt,
  attributesOf,
  biased,
  type Channels,
  type Context,
  changes,
  channelsText,
  constructorText,
  isUnpacked,
  unpackedSentence,
} from './steps'
import { widthText } from './widths'

/**
 * A helper that builds the convolution stays around the k×k: `conv3x3(planes, planes, stride)` becomes
 * `nn.Sequential(nn.Conv2d(planes, r, 1, bias=False), conv3x3(r, planes, stride))`. Which arguments carry the channels
 * is guessed. Where the helper puts a norm and an activation behind, a last 1×1 needs them as well: then it is the
 * helper itself, with a kernel of 1.
 */
export function helperAttempts(
  context: Context,
  bound: BoundCall,
): Iterable<RewriteAttempt> | { readonly refused: string } {
  if (isUnpacked(bound, context.steps)) return { refused: unpackedSentence(context) }
  const around = aroundOf(context)
  const plan = context.steps.map(step => waysOf(bound, step, around))
  if (plan.some(ways => ways.length === 0)) {
    const name = bound.text.slice(bound.call.func.start, bound.call.func.end)
    return {
      refused: `The helper ${name} builds more than a convolution, and takes no kernel size to build the last 1×1 with.`,
    }
  }
  return guesses(context, bound, plan, around.others)
}

/** How a step can be spelled: as the helper itself, or as a constructor of the framework. */
type Way = 'helper' | 'constructor'

function waysOf({ signature: { roles } }: BoundCall, step: RewriteStep, around: Around): Way[] {
  // A narrow layer has no bias, and behind it stands what is asked for or nothing.
  const fits = (around.bare || roles.bias !== undefined) && (around.norm ? step.normed : !around.others)
  if (step.kind === 'spatial') {
    if (step.last) return ['helper']
    return fits && !(step.depthwise && !roles.groups) ? ['helper', 'constructor'] : ['constructor']
  }
  if (!around.others) return ['constructor']
  const helper: Way[] = roles.kernel === undefined ? [] : ['helper']
  if (step.last) return helper
  return fits ? [...helper, 'constructor'] : ['constructor']
}

/** Guesses with the same arguments, the ways to spell the steps, and what may stand between them. */
function* guesses(
  context: Context,
  bound: BoundCall,
  plan: readonly Way[][],
  surrounded: boolean,
): Iterable<RewriteAttempt> {
  const { place, names, spelling, steps, nodes, graph, rank, width } = context
  const usual = names(spelling.convolution(rank))
  if (!usual) return
  const numbers = attributesOf(context).map(a => a.inChannels)
  const normed = steps.some(step => step.normed)
  const all: (Between | null)[] = normed ? betweens(place, names, spelling, nodes[0]!, graph) : [null]
  const ins = candidates(context, bound, 'in')
  const outs = candidates(context, bound, 'out')
  // What stays as it is need not be guessed.
  const movesIn = steps.some(step => changes(step).in)
  const movesOut = steps.some(step => changes(step).out)
  for (const [i, o] of pairs(movesIn ? ins : ins.slice(0, 1), movesOut ? outs : outs.slice(0, 1))) {
    const input = channelsText(context, bound, 'in', i)
    const output = channelsText(context, bound, 'out', o)
    const r = input && widthText(width, numbers, input, bound.text)
    if (!input || !output || r === null) continue
    const channels: Channels = { in: input.text, out: output.text, r }
    for (const ways of combinations(plan)) {
      const layers = steps.map((step, at) =>
        ways[at] === 'helper'
          ? helperText(context, bound, step, channels, i, o)
          : ownText(context, bound, usual, step, channels),
      )
      if (layers.includes(null)) continue
      for (const between of all) {
        const written = steps.flatMap((step, at) => {
          const stands = !step.normed || !between || (surrounded && ways[at] === 'helper')
          return stands ? [layers[at]!] : [layers[at]!, ...between.write(channels[step.to])]
        })
        const made = attempt(context, written, [usual], between, r)
        if (made) yield made
      }
    }
  }
}

/** A constructor of the framework in the helper's place; null where the text does not say what the k×k is like. */
function ownText(
  context: Context,
  bound: BoundCall,
  named: Named,
  step: RewriteStep,
  channels: Channels,
): string | null {
  const [from, to] = [channels[step.from], channels[step.to]]
  const bias = step.last && biased(context) ? '' : 'False'
  if (step.kind === 'pointwise') return constructorText(context, bound, named, { from, to, kernel: '1', bias })
  const { spelling, rank } = context
  const { roles } = spelling.signatureOf(spelling.convolution(rank))!
  const kernel = geometryText(context, bound, 'kernel')
  const more: string[] = []
  for (const [role, usual] of RESET) {
    const depth = role === 'groups' ? (step.depthwise ? channels.in : '1') : geometryText(context, bound, role)
    if (depth === null) return null
    if (depth !== String(usual)) more.push(`${roles[role]}=${depth}`)
  }
  return kernel === null ? null : constructorText(context, bound, named, { from, to, kernel, more, bias })
}

/** The kernel, stride, padding or dilation: as the call gives it, else the one that all calls have. */
function geometryText(context: Context, bound: BoundCall, role: 'kernel' | 'stride' | 'padding' | 'dilation') {
  const given = spelledOf(bound, bound.signature.roles[role])
  if (given?.tree && !['String', 'Singleton'].includes(given.tree.kind)) return given.text
  const all = attributesOf(context).map(attributes => {
    if (role !== 'padding') return attributes[role]
    if (attributes.padding === 'same') return null
    return attributes.padding.map(([before, after]) => (before === after ? before : null))
  })
  const [first] = all
  if (!first || (first as readonly unknown[]).includes(null) || all.some(other => String(other) !== String(first)))
    return null
  return first.every(size => size === first[0]) ? String(first[0]) : `(${first.join(', ')})`
}

/** The helper's call with the channels of a step, and a kernel of 1 where the step is a 1×1. */
function helperText(
  context: Context,
  bound: BoundCall,
  step: RewriteStep,
  channels: Channels,
  input: string | undefined,
  output: string | undefined,
): string {
  const { signature, call, text } = bound
  const { roles } = signature
  const values = new Map<string, string | null>()
  if (changes(step).in && input) values.set(input, channels[step.from])
  if (changes(step).out && output) values.set(output, channels[step.to])
  if (!step.last && roles.bias && biased(context) !== false) values.set(roles.bias, 'False')
  if (step.kind === 'spatial') {
    if (step.depthwise && roles.groups) values.set(roles.groups, channels.in)
    return edited(bound, values as Map<string, string>)
  }
  values.set(roles.kernel!, '1')
  for (const [role, usual] of RESET) {
    const name = roles[role]
    if (name === undefined) continue
    const byDefault = signature.defaults.get(name)
    const stays = byDefault === undefined ? !signature.named.has(name) : byDefault === null || byDefault === usual
    if (givenAs(bound, name) || !stays) values.set(name, stays && canLeaveOut(bound, name) ? null : String(usual))
  }
  return remade(bound, text.slice(call.func.start, call.func.end), values)
}

/** What a 1×1 has in place of what the k×k says. */
const RESET = [
  ['stride', 1],
  ['padding', 0],
  ['dilation', 1],
  ['groups', 1],
] as const

/** Whether an argument may be left out: what stands behind it by position has a name to be given by. */
const canLeaveOut = ({ given, signature }: BoundCall, name: string): boolean => {
  const at = given.findIndex(g => g.name === name)
  return (
    !name.startsWith('#') &&
    (signature.defaults.has(name) || signature.open) &&
    given.slice(at + 1).every(g => g.name !== null && !g.name.startsWith('#'))
  )
}

/** Arguments that may carry the channels, likeliest first; undefined for the one by name that the call leaves out. */
function candidates(context: Context, bound: BoundCall, role: 'in' | 'out'): (string | undefined)[] {
  const { roles } = bound.signature
  const numbers = new Set(attributesOf(context).map(a => (role === 'in' ? a.inChannels : a.outChannels)))
  const taken = new Set(Object.entries(roles).flatMap(([of, name]) => (of === 'in' || of === 'out' ? [] : [name])))
  const other = roles[role === 'in' ? 'out' : 'in']
  const carries = (value: ast.Expression): boolean => {
    if (value.kind === 'Number') return numbers.size === 1 && numbers.has(Number(value.value))
    return !['String', 'FormatString', 'Singleton', 'List', 'Tuple', 'Dict', 'Lambda'].includes(value.kind)
  }
  const found = bound.given.filter(
    ({ name, argument }) => name !== null && !taken.has(name) && !OTHERS.test(name) && carries(argument.value),
  )
  const named = found.map(g => g.name!)
  const first = roles[role]
  const rank = (name: string): number => (name === first ? 0 : name === other ? 2 : 1)
  const ordered = named.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_CANDIDATES)
  const left = [...bound.signature.named].filter(name => {
    const byDefault = bound.signature.defaults.get(name)
    return !givenAs(bound, name) && (name === first || (typeof byDefault === 'number' && numbers.has(byDefault)))
  })
  if (first !== undefined && left.includes(first)) ordered.unshift(first)
  ordered.push(...left.filter(name => name !== first))
  return ordered.length > 0 ? ordered : [undefined]
}

/** Pairs of guesses, those first whose places in their lists are low together. */
function pairs<T>(a: readonly T[], b: readonly T[]): [T, T][] {
  const found = a.flatMap((x, i) => b.map((y, j): [T, T, number] => [x, y, i + j]))
  return found.sort((x, y) => x[2] - y[2]).map(([x, y]) => [x, y])
}

function combinations(plan: readonly Way[][]): Way[][] {
  return plan.reduce<Way[][]>((all, ways) => ways.flatMap(way => all.map(before => [...before, way])), [[]])
}

/** What a helper has besides the convolution. */
interface Around {
  readonly norm: boolean
  /** Norms, activations. */
  readonly others: boolean
  /** The convolution has no bias. */
  readonly bare: boolean
}

function aroundOf(context: Context): Around {
  const { nodes, graph, place } = context
  const node = nodes[0]!
  const bare = biased(context) === false
  let outermost = null
  for (let at = node.scope; at; at = at.parent) {
    const builds = ({ uri, span }: Site): boolean =>
      !uri && span.start === place.call.start && span.end === place.call.end
    if (builds(spelledAt(at.origin)) || builds(at.origin.site)) outermost = at
  }
  if (!outermost || !graph) return { norm: false, others: false, bare }
  const quiet = graph.nodes.slice(outermost.first, outermost.last).filter(n => n !== node && isQuiet(n))
  return { norm: quiet.some(n => n.op.endsWith('_norm')), others: quiet.length > 0, bare }
}

const isQuiet = ({ op }: Node): boolean =>
  op !== 'unknown' && ops[op].quiet === true && op !== 'dropout' && op !== 'identity'

const MOST_CANDIDATES = 4
/** Arguments that carry no channels, by what programs usually call them. */
const OTHERS = /layer|norm|act|drop|pool|mode|cfg|device|dtype|^aa$/i
