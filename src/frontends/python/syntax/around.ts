import type { Span } from '../../../base/text'
import type * as ast from './ast'

/** A node of the tree: of any kind. */
export type Found = Span & { readonly kind: string }

/** The nodes of the tree around a place, outermost first; the last ones have just this place where a node has it. */
export function around(module: ast.Module, { start, end }: Span): Found[] {
  const path: Found[] = []
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return
    if (Array.isArray(node)) {
      for (const item of node) visit(item)
      return
    }
    const at = node as Partial<Found>
    if (typeof at.start === 'number' && typeof at.end === 'number') {
      if (at.start > start || at.end < end) return
      if (typeof at.kind === 'string') path.push(at as Found)
    }
    for (const value of Object.values(node)) if (typeof value === 'object') visit(value)
  }
  visit(module.body)
  return path
}
