import type { Span } from '../../../base/text'
import type { Graph, Node, Site } from '../../../core/graph'
import type { RewriteAttempt, RewriteRequest, Rewriting } from '../../../core/rewrite'
import type * as ast from '../syntax/ast'
import { bindCall } from './calls'
import { constructorAttempts } from './constructors'
import { helperAttempts } from './helpers'
import { namesAt } from './names'
import { isDamaged, type Place, placeOf } from './place'
import { type Callee, calleeAt, type Program, usualSignature, withPassedOn } from './signatures'
import type { Spelling } from './spelling'
import type { Context } from './steps'

/** What a rewrite reads besides the request. */
export interface RewriteSource {
  readonly text: string
  readonly module: ast.Module
  readonly program: Program
  readonly spelling: Spelling
}

/**
 * Spells what is to stand in place of a convolution: a constructor becomes a sequence of constructors. Where a helper
 * builds it, which of its arguments carry the channels is guessed, likeliest first; whoever tries the attempts sees
 * which guess was right.
 */
export function rewriting(request: RewriteRequest, source: RewriteSource): Rewriting {
  const { site } = request
  const { spelling } = source
  if (site.uri) return { refused: elsewhere(site) }
  const place = placeOf(source.text, source.module, site.span)
  if (!place) return { refused: `No call in this file builds ${site.name}.` }
  if (isDamaged(place)) return { refused: 'The statement cannot be read to its end.' }
  const parts = partsOf(place, spelling)
  if (parts.length === 0) return bounded(attemptsAt(place, request, source))
  return bounded(
    (function* () {
      for (const part of parts) {
        const attempts = attemptsAt(part, request, source)
        if (!('refused' in attempts)) yield* attempts
      }
    })(),
  )
}

/** The calls in a sequence that the file itself lists: one of them builds the convolution. */
function partsOf(place: Place, { sequence }: Spelling): Place[] {
  const { call } = place
  if (lastName(call.func) !== sequence.name) return []
  const listed = call.args.flatMap(({ value }) => (value.kind === 'List' ? value.items : [value]))
  return listed.flatMap(value =>
    value.kind === 'Call' && !QUIET.test(lastName(value.func) ?? '')
      ? [{ ...place, call: value, around: [...place.around, call] }]
      : [],
  )
}

const lastName = (e: ast.Expression): string | null =>
  e.kind === 'Name' ? e.id : e.kind === 'Attribute' ? e.name : null

/** What is called so is no convolution. */
const QUIET = /norm|act|relu|gelu|silu|pool|drop|identity/i

function attemptsAt(
  place: Place,
  request: RewriteRequest,
  { text, program, spelling }: RewriteSource,
): Iterable<RewriteAttempt> | { readonly refused: string } {
  const { nodes, site } = request
  const node = nodes[0]!
  const types = new Set(nodes.map(n => n.origin.type))
  const built = isAt(node.origin.site, place.call) && types.size === 1
  // A function draws its op where it is called; a layer says both.
  if (built && spelling.functional.test(node.origin.type) && node.origin.called === undefined)
    return { refused: `The program gives ${site.name} its weight: there is no layer to put others in place of.` }
  const callee = calleeAt(place, program, typeAt(node, place.call))
  const rank = Number(/\d/.exec(node.op)?.[0] ?? 2)
  const context: Context = {
    ...request,
    place,
    spelling,
    names: namesAt(place, spelling),
    graph: graphs.get(node) ?? null,
    rank,
    partial: callee?.partial ?? false,
  }
  const ownSignature = built ? spelling.signatureOf(callee?.native ?? node.origin.type) : null
  if (ownSignature && (callee === null || callee.native !== null || callee.partial))
    return (spelling.attempts ?? constructorAttempts)(context, bindCall(text, place.call, own(callee, ownSignature)))
  if (spelling.attempts) return { refused: `No constructor of ${site.name} stands in this line.` }
  const usual = spelling.signatureOf(spelling.convolution(rank))!
  const signature = withPassedOn(callee?.signature ?? usualSignature(place.call), place.call, usual)
  return helperAttempts(context, bindCall(text, place.call, signature))
}

/** Keeps a graph for as long as its convolutions are: what stands around one tells which norm the file would write. */
export function keepGraph(graph: Graph): void {
  for (const node of graph.nodes) if (node.op.startsWith('conv')) graphs.set(node, graph)
}
const graphs = new WeakMap<Node, Graph>()

/** A partial has fewer arguments by position. */
const own = (callee: Callee | null, signature: NonNullable<ReturnType<Spelling['signatureOf']>>) =>
  callee?.partial ? { ...signature, positional: callee.signature.positional } : signature

/** More guesses than this are not tried. */
const MOST_ATTEMPTS = 12

function bounded(attempts: Iterable<RewriteAttempt> | { readonly refused: string }): Rewriting {
  if ('refused' in attempts) return attempts
  const distinct = distinctOf(attempts)
  const first = distinct.next()
  if (first.done) return { refused: 'The call does not say what its channels and its kernel are.' }
  return (function* () {
    yield first.value
    for (let count = 1; count < MOST_ATTEMPTS; count++) {
      const next = distinct.next()
      if (next.done) return
      yield next.value
    }
  })()
}

function* distinctOf(attempts: Iterable<RewriteAttempt>): Generator<RewriteAttempt> {
  const seen = new Set<string>()
  for (const attempt of attempts) {
    const key = JSON.stringify(attempt.edits)
    if (seen.has(key)) continue
    seen.add(key)
    yield attempt
  }
}

/** `It is declared in misc.py.` */
function elsewhere({ uri }: Site): string {
  const name = uri!.slice(uri!.lastIndexOf('/') + 1)
  return name.endsWith('.py') ? `It is declared in ${name}.` : 'It is declared in no file that could be changed.'
}

const isAt = ({ uri, span }: Site, { start, end }: Span): boolean => !uri && span.start === start && span.end === end

/** The class that the network has at a place: the outermost composite that the place builds, or the layer itself. */
function typeAt({ origin, scope }: Node, at: Span): string | null {
  let found = isAt(origin.site, at) ? origin.type : null
  for (let around = scope; around; around = around.parent) {
    if (isAt(around.origin.site, at)) found = around.origin.type
  }
  return found
}
