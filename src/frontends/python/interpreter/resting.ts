import { ReturnJump } from './errors'
import type { Frame } from './frame'
import { type Run, raise } from './run'
import type { PyValue } from './values'

/** Something that gives values, takes what is sent back, and ends with a result. */
export type Steps<T> = Generator<PyValue, T, PyValue | undefined>

/**
 * Gives the steps of a body one by one, in a frame of their own: whoever asks for the next one is where he was when he
 * has it.
 */
export function resting(run: Run, frame: Frame, steps: Steps<unknown>): Iterator<PyValue> {
  let handlers = 0
  let running = false
  const resume = (move: () => IteratorResult<PyValue, unknown>): IteratorResult<PyValue> => {
    if (running) raise('ValueError', 'generator already executing')
    const { budget } = run
    if (budget.depth >= budget.limits.depth) raise('RecursionError', 'maximum recursion depth exceeded')
    const outside = { frame: run.frame, handlers: run.handlers }
    run.frame = frame
    run.handlers += handlers
    budget.depth++
    running = true
    try {
      const step = move()
      if (!step.done) return { done: false, value: step.value }
      return { done: true, value: step.value instanceof ReturnJump ? step.value.value : null }
    } finally {
      handlers = run.handlers - outside.handlers
      running = false
      budget.depth--
      run.frame = outside.frame
      run.handlers = outside.handlers
    }
  }
  return {
    next: (sent?: PyValue) => resume(() => steps.next(sent)),
    /** An exception of the program comes up where the body rests. */
    throw: (error: unknown) => resume(() => steps.throw(error)),
  }
}
