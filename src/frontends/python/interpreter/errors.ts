import type { PyObject } from './values'

/** An exception of the interpreted program on its way to a handler. */
export class PyError extends Error {
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
