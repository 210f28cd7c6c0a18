import type { Value } from '../../core/graph'
import { type Feed, originOf, type Place, Refusal, type Tensor } from './place'
import { type Parameter, parseSignature } from './signature'

/** A module that a row can name: what its constructor takes and how it runs. */
export interface Module {
  readonly name: string
  /** One line for completion. */
  readonly doc: string
  readonly parameters: readonly Parameter[]
  /** Builds it on what the row is fed with, with one argument for every parameter. */
  run(at: Place, feed: Feed, args: readonly unknown[]): Feed
}

/** A module of one input and one output, callable from other modules with the leading part of its arguments. */
export interface Block<A extends readonly unknown[]> extends Module {
  (at: Place, x: Tensor, ...args: Partial<A>): Tensor
}

/**
 * Defines a module of one input: its constructor's signature, a line for completion, and what it is made of. What the
 * body adds is one scope of the graph. With null for the input it only declares its weights.
 */
export function block<A extends readonly unknown[]>(
  name: string,
  signature: string,
  doc: string,
  body: (at: Place, x: Tensor, ...args: A) => Tensor,
): Block<A> {
  const parameters = parseSignature(signature)
  const call = (at: Place, x: Tensor, ...args: Partial<A>): Tensor => {
    const filled = parameters.map((p, i) =>
      i < args.length && args[i] !== undefined ? args[i] : p.fallback,
    ) as unknown as A
    return scoped(at, name, x, () => body(at, x, ...filled))
  }
  const run = (at: Place, feed: Feed, args: readonly unknown[]): Feed => {
    const x = single(feed)
    return scoped(at, name, x, () => body(at, x, ...(args as unknown as A)))!
  }
  Object.defineProperty(call, 'name', { value: name })
  return Object.assign(call, { doc, parameters, run }) as unknown as Block<A>
}

/** Defines a module that takes a list of inputs, or gives one. */
export function joint<A extends readonly unknown[]>(
  name: string,
  signature: string,
  doc: string,
  body: (at: Place, feed: Feed, ...args: A) => Feed,
): Module {
  return {
    name,
    doc,
    parameters: parseSignature(signature),
    run: (at, feed, args) => {
      let out: Feed = []
      at.build.builder.scope(originOf(at, name), flat(feed), () => {
        out = body(at, feed, ...(args as unknown as A))
        return flat(out)
      })
      return out
    },
  }
}

/** All the tensors of a feed, in order. */
export const flat = (feed: Feed): readonly Value[] => (isList(feed) ? feed.flatMap(flat) : [feed])

export const isList = (feed: Feed): feed is readonly Feed[] => Array.isArray(feed)

/** The one tensor that a module takes. */
export function single(feed: Feed): Value {
  if (!isList(feed)) return feed
  throw new Refusal(`expects one input and gets a list of ${feed.length}`)
}

/** The list of tensors that a module takes. */
export function several(feed: Feed): readonly Value[] {
  if (!isList(feed)) throw new Refusal('expects a list of inputs and gets one')
  return feed.map(single)
}

function scoped(at: Place, name: string, x: Tensor, body: () => Tensor): Tensor {
  if (x === null) return body()
  let out: Tensor = null
  at.build.builder.scope(originOf(at, name), [x], () => {
    out = body()
    return out ? [out] : []
  })
  return out
}
