import type { Span } from '../../../base/text'
import type * as ast from '../syntax/ast'

/** A call in the text of a file, with what stands around it. */
export interface Place {
  readonly text: string
  readonly module: ast.Module
  readonly call: ast.Call
  /** The nodes of the tree around the call, outermost first. */
  readonly around: readonly Found[]
}

/** A node of the tree: of any kind. */
export type Found = Span & { readonly kind: string }

/** The call with just this span; null where something else stands there. */
export function placeOf(text: string, module: ast.Module, span: Span): Place | null {
  const path = pathTo(module, span)
  const at = path.findIndex(node => node.kind === 'Call' && node.start === span.start && node.end === span.end)
  return at < 0 ? null : { text, module, call: path[at] as unknown as ast.Call, around: path.slice(0, at) }
}

export const textOf = (text: string, { start, end }: Span): string => text.slice(start, end)

/** The functions around a place, innermost first. */
export const functionsAround = ({ around }: Place): ast.FunctionDef[] =>
  around.filter(node => node.kind === 'FunctionDef').reverse() as unknown as ast.FunctionDef[]

export const classAround = ({ around }: Place): ast.ClassDef | undefined =>
  around.findLast(node => node.kind === 'ClassDef') as unknown as ast.ClassDef | undefined

/** Whether the text of the statement around a place could not be read to its end. */
export function isDamaged({ module, around, call }: Place): boolean {
  const statement = around.findLast(node => STATEMENTS.has(node.kind)) ?? call
  return module.faults.some(fault => fault.start <= statement.end && fault.end >= statement.start)
}

const STATEMENTS = new Set(['Expression', 'Assign', 'AnnotatedAssign', 'AugmentedAssign', 'Return'])

/** The nodes of the tree around a place, outermost first; the last ones have just this span. */
function pathTo(module: ast.Module, { start, end }: Span): Found[] {
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
