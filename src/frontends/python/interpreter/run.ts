import type * as ast from '../syntax/ast'
import type { Budget } from './budget'
import { PyError, type Refusal } from './errors'
import type { Frame } from './frame'
import type { ModuleScope } from './imports'
import { exceptionClasses, tuple } from './types'
import { type Kwargs, PyObject, type PyValue } from './values'

/** What the interpreter tells whoever listens: the framework models draw their graphs with it. */
export interface Listener {
  /** A value was bound to a name, an attribute or a return in the program. */
  bound?(name: string, value: PyValue, span: { readonly start: number; readonly end: number }, frame: Frame): void
  /** A function of the program was entered: its arguments are the first names of its frame. */
  entered?(parameters: readonly ast.Parameter[], frame: Frame): void
  /** A statement failed and was left out; its targets are unknown. */
  failed?(
    message: string,
    span: { readonly start: number; readonly end: number },
    frame: Frame,
    /** Nothing unknown decided that this statement was reached. */
    certain: boolean,
    refusal: Refusal | null,
  ): void
}

/** A branch or loop that depends on something unknown. `told` once somebody said so. */
export interface Guess {
  readonly reason: string
  told: boolean
}

/** One run of a program: what its parts share. */
export interface Run {
  readonly budget: Budget
  readonly listener: Listener
  /** Modules by dotted name. */
  readonly modules: Map<string, ModuleScope>
  frame: Frame
  /** Handlers around the present place: with none, a failed operation costs its statement only. */
  handlers: number
  /** Set while statements run of which it is not known whether, or how often, they run: why. */
  guess: Guess | null
  /** State of the framework models, by their own keys. */
  readonly state: Map<symbol, unknown>
  /** `wanted`: the names that are asked of it; a package whose own module asks runs only as far as they are bound. */
  importModule(name: string, from: ModuleScope | null, wanted?: readonly string[]): PyValue
  /** The evaluator's own recursion: what attributes, operators and classes need of it, without importing it. */
  call(callee: PyValue, args: readonly PyValue[], kwargs?: Kwargs): PyValue
  evaluate(expression: ast.Expression): PyValue
  /** Runs statements; what a `return` among them gives, else undefined. */
  execute(body: readonly ast.Statement[]): PyValue | undefined
  /** The iterator of a generator function that was called: its body, run step by step. */
  generate(frame: Frame, body: readonly ast.Statement[]): PyValue
}

/** Raises an exception of the program from code of ours. */
export function raise(kind: string, message: string, explicit = false): never {
  throw new PyError(exception(kind, message), explicit)
}

/** As `raise`, where a framework refuses what it is given and the reader is told so in other words. */
export function refuse(kind: string, message: string, refusal: Refusal): never {
  const error = new PyError(exception(kind, message), false)
  error.refusal = refusal
  throw error
}

/** The KeyError of a key that a mapping lacks. */
export function raiseKey(key: PyValue): never {
  const error = exception('KeyError', '')
  error.attrs!.set('args', tuple([key]))
  throw new PyError(error, false)
}

/** An exception object with its message. */
export function exception(kind: string, message: string): PyObject {
  const error = new PyObject(exceptionClasses.get(kind)!)
  error.attrs = new Map<string, PyValue>([['args', tuple(message === '' ? [] : [message])]])
  return error
}
