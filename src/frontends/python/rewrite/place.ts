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

/**
 * The call with just this span, or the one whose module it registers: `self.add_module("conv", nn.Conv2d(…))`. Null
 * where something else stands there.
 */
export function placeOf(text: string, module: ast.Module, span: Span): Place | null {
  const path = pathTo(module, span)
  const at = path.findIndex(node => node.kind === 'Call' && node.start === span.start && node.end === span.end)
  if (at < 0) return null
  const call = path[at] as unknown as ast.Call
  const registered = call.func.kind === 'Attribute' && REGISTERS.test(call.func.name) ? call.args.at(-1)?.value : null
  if (registered?.kind === 'Call') return { text, module, call: registered, around: path.slice(0, at + 1) }
  return { text, module, call, around: path.slice(0, at) }
}

const REGISTERS = /^(?:add|register)_module$/

export const textOf = (text: string, { start, end }: Span): string => text.slice(start, end)

/** The functions around a place, innermost first. */
export const functionsAround = ({ around }: Place): ast.FunctionDef[] =>
  around.filter(node => node.kind === 'FunctionDef').reverse() as unknown as ast.FunctionDef[]

export const classAround = ({ around }: Place): ast.ClassDef | undefined =>
  around.findLast(node => node.kind === 'ClassDef') as unknown as ast.ClassDef | undefined

/** Whether something on the lines of the statement around a place could not be read. */
export function isDamaged({ text, module, around, call }: Place): boolean {
  const { start, end } = around.findLast(node => STATEMENTS.has(node.kind)) ?? call
  const lineEnd = end + (/[\r\n]/.exec(text.slice(end))?.index ?? text.length - end)
  return module.faults.some(fault => fault.start <= lineEnd && fault.end >= start)
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
