import type { PyObject } from './values'

/** Where an exception came up, and whether the way there hung on nothing unknown. */
export interface Place {
  readonly span: { readonly start: number; readonly end: number }
  readonly file: string | null
  readonly certain: boolean
}

/** An exception of the interpreted program on its way to a handler. */
export class PyError extends Error {
  place: Place | null = null
  constructor(
    readonly exception: PyObject,
    /** Raised by a `raise` or `assert` of the program, not by an operation that failed. */
    readonly explicit: boolean,
  ) {
    super(exception.cls.name)
  }
}

/** A bound was hit: nothing catches this but the one who started the program. */
export class Stopped extends Error {}

/** Jumps of control flow, thrown where they leave expressions and blocks. */
export class ReturnJump {
  constructor(readonly value: unknown) {}
}
