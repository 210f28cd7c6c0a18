import type { Span } from '../../../base/text'
import { around, type Found } from '../syntax/around'
import type * as ast from '../syntax/ast'

/** A file as corrections look at it. */
export interface Text {
  readonly module: ast.Module
  readonly text: string
}

/** The nodes of the tree around a place, outermost first; the last has just this place. Empty where no node has. */
export function pathTo(module: ast.Module, span: Span): Found[] {
  const path = around(module, span)
  const at = path.findIndex(({ start, end }) => start === span.start && end === span.end)
  return path.slice(0, at + 1)
}

/** Every node below one, itself included, in text order. */
export function* below(node: unknown): Generator<Found> {
  if (node === null || typeof node !== 'object') return
  if (Array.isArray(node)) {
    for (const item of node) yield* below(item)
    return
  }
  if (typeof (node as Partial<Found>).kind === 'string' && typeof (node as Partial<Found>).start === 'number')
    yield node as Found
  for (const value of Object.values(node)) if (typeof value === 'object') yield* below(value)
}

/** The call that is written at a place; where a statement is named, the one call that it is or assigns. */
export function callAt({ module }: Text, span: Span): ast.Call | null {
  const node = pathTo(module, span).at(-1) as ast.Expression | ast.Statement | undefined
  if (node?.kind === 'Call') return node
  const value = node && 'value' in node ? (node.value as ast.Expression | null) : null
  return value?.kind === 'Call' ? value : null
}

export const textOf = ({ start, end }: Span, { text }: Text): string => text.slice(start, end)

/** `conv` of `self.conv`, `Conv2d` of `nn.Conv2d`. */
export const lastName = (e: ast.Expression): string | null =>
  e.kind === 'Name' ? e.id : e.kind === 'Attribute' ? e.name : null

/** The innermost of a kind among the nodes around a place. */
export const innermost = <T>(path: readonly Found[], kind: string): T | undefined =>
  path.findLast(n => n.kind === kind) as T | undefined

/** What a call gives for a parameter, by position or name; null where it is left out, undefined where it cannot be told. */
export function given(call: ast.Call, names: readonly string[], parameter: string): ast.Expression | null | undefined {
  const named = call.args.find(a => a.name === parameter)
  if (named) return named.value
  const at = names.indexOf(parameter)
  const positional = call.args.filter(a => a.name === null)
  if (positional.slice(0, at + 1).some(a => a.star !== 0) || call.args.some(a => a.star === 2)) return undefined
  return at >= 0 ? (positional[at]?.value ?? null) : null
}

/** The edit that gives a keyword argument to a call. */
export function addArgument(call: ast.Call, argument: string): { span: Span; newText: string } {
  const last = call.args.at(-1)
  const at = last ? last.end : call.end - 1
  return { span: { start: at, end: at }, newText: last ? `, ${argument}` : argument }
}
