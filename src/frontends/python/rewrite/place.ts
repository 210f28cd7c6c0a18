import type { Span } from '../../../base/text'
import { around, type Found } from '../syntax/around'
import type * as ast from '../syntax/ast'

/** A call in the text of a file, with what stands around it. */
export interface Place {
  readonly text: string
  readonly module: ast.Module
  readonly call: ast.Call
  /** The nodes of the tree around the call, outermost first. */
  readonly around: readonly Found[]
}

/**
 * The call with just this span, or the one whose module it registers: `self.add_module("conv", nn.Conv2d(…))`. Null
 * where something else stands there.
 */
export function placeOf(text: string, module: ast.Module, span: Span): Place | null {
  const path = around(module, span)
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
