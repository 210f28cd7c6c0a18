import type { ProblemCode } from '../../../core/problem'
import type { PyObject } from './values'

/** Where an exception came up, and whether the way there hung on nothing unknown. */
export interface Place {
  readonly span: { readonly start: number; readonly end: number }
  readonly file: string | null
  readonly certain: boolean
}

/** What a framework refuses, in the words that a reader of the file gets. */
export interface Refusal {
  readonly code: ProblemCode
  /** `who` is the name that the layer was to have. */
  readonly message: (who: string) => string
  /** The argument that is refused, and the nearest values that would be taken. */
  readonly argument?: string
  readonly values?: readonly number[]
  /** What it got instead of a tensor. */
  readonly name?: string
}

/** An exception of the interpreted program on its way to a handler. */
export class PyError extends Error {
  place: Place | null = null
  refusal: Refusal | null = null
  constructor(
    readonly exception: PyObject,
    /** Raised by a `raise` or `assert` of the program, not by an operation that failed. */
    readonly explicit: boolean,
  ) {
    // Nobody reads where in our code it was raised, and finding that out takes longer than all the rest.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(exception.cls.name)
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** A bound was hit: nothing catches this but the one who started the program. */
export class Stopped extends Error {}

/** What decides a result is not known: a call of ours that ends with this gives an unknown value with that reason. */
export class Unknown extends Error {}

/** Jumps of control flow, thrown where they leave expressions and blocks. */
export class ReturnJump {
  constructor(readonly value: unknown) {}
}
