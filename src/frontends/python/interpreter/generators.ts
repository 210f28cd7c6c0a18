import type * as ast from '../syntax/ast'
import { callMethod } from './attributes'
import { PyError, ReturnJump } from './errors'
import { assign, catches, evaluate, executeBody, type Jump, leave, recover } from './evaluate'
import type { Frame } from './frame'
import { iterate } from './iterate'
import { truthy } from './operators'
import { resting, type Steps } from './resting'
import type { Run } from './run'
import { iterator } from './types'
import { isUnknown, PyUnknown, type PyValue } from './values'

/** A generator of the program: its body runs on when it is asked for the next value, and rests in between. */
export function generator(run: Run, frame: Frame, body: readonly ast.Statement[]): PyValue {
  return iterator(resting(run, frame, statements(run, body)))
}

/** Statements that hold no `yield` are run as anywhere. */
function* statements(run: Run, body: readonly ast.Statement[]): Steps<Jump> {
  for (const s of body) {
    let jump: Jump
    if (yields(s)) {
      run.budget.step()
      const { frame, handlers } = run
      try {
        jump = yield* statement(run, s)
      } catch (error) {
        jump = recover(run, s, error, frame, handlers)
      }
    } else jump = executeBody(run, [s])
    if (jump !== null) return jump
  }
  return null
}

function* statement(run: Run, s: ast.Statement): Steps<Jump> {
  run.frame.at = s
  switch (s.kind) {
    case 'Expression':
      if (s.value.kind !== 'Yield') break
      yield* given(run, s.value)
      return null
    case 'Assign': {
      if (s.value.kind !== 'Yield') break
      const sent = yield* given(run, s.value)
      for (const target of s.targets) assign(run, target, sent)
      return null
    }
    case 'If':
      return yield* statements(run, truthy(run, evaluate(run, s.test)) === false ? s.orelse : s.body)
    case 'For':
      return yield* loop(run, s)
    case 'While':
      return yield* whileLoop(run, s)
    case 'With': {
      const managers: PyValue[] = []
      for (const { context, target } of s.items) {
        const manager = evaluate(run, context)
        managers.push(manager)
        const entered = isUnknown(manager) ? manager : callMethod(run, manager, '__enter__')
        if (target) assign(run, target, entered ?? new PyUnknown('what this context gives is not known'))
      }
      managers.reverse()
      const { frame, handlers } = run
      let jump: Jump
      try {
        jump = yield* statements(run, s.body)
      } catch (error) {
        if (!(error instanceof PyError)) throw error
        run.frame = frame
        run.handlers = handlers
        if (!leave(run, managers, error.exception)) throw error
        return null
      }
      leave(run, managers, null)
      return jump
    }
    case 'Try':
      return yield* tryBlock(run, s)
  }
  return yield* atOnce(run, s)
}

/** `yield value`, `yield from values`; gives what the other side sends back. */
function* given(run: Run, e: ast.Yield): Steps<PyValue> {
  const value = e.value ? evaluate(run, e.value) : null
  if (!e.from) return (yield value) ?? null
  const source = iterate(run, value)
  if (source === null) return new PyUnknown('what this goes over is not known')
  for (;;) {
    const next = source.next()
    if (next.done) return (next.value as PyValue | undefined) ?? null
    yield next.value
  }
}

function* loop(run: Run, s: ast.For): Steps<Jump> {
  const source = iterate(run, evaluate(run, s.iterable))
  if (source === null) {
    run.frame.uncertain = true
    assign(run, s.target, new PyUnknown('the items of this loop are not known'))
    const jump = yield* statements(run, s.body)
    return jump instanceof ReturnJump ? jump : null
  }
  for (let next = source.next(), turns = 1; !next.done; next = source.next(), turns++) {
    run.budget.turn(turns)
    assign(run, s.target, next.value)
    const jump = yield* statements(run, s.body)
    if (jump === 'break') return null
    if (jump instanceof ReturnJump) return jump
  }
  return yield* statements(run, s.orelse)
}

function* whileLoop(run: Run, s: ast.While): Steps<Jump> {
  for (let turns = 1; ; turns++) {
    run.budget.turn(turns)
    const test = truthy(run, evaluate(run, s.test))
    if (test === false) return yield* statements(run, s.orelse)
    const jump = yield* statements(run, s.body)
    if (jump === 'break') return null
    if (jump instanceof ReturnJump) return jump
    if (test !== true) return null
  }
}

function* tryBlock(run: Run, s: ast.Try): Steps<Jump> {
  const { frame } = run
  const { handlers } = run
  let jump: Jump = null
  if (s.handlers.length) run.handlers++
  try {
    jump = yield* statements(run, s.body)
    run.handlers = handlers
    if (jump === null) jump = yield* statements(run, s.orelse)
  } catch (error) {
    run.handlers = handlers
    if (!(error instanceof PyError)) throw error
    run.frame = frame
    const handler = s.handlers.find(h => catches(run, h.type, error.exception))
    if (!handler) {
      yield* statements(run, s.finalbody)
      throw error
    }
    if (handler.name) frame.names.set(handler.name, error.exception)
    frame.names.set(' handled', error.exception)
    jump = yield* statements(run, handler.body)
  }
  return (yield* statements(run, s.finalbody)) ?? jump
}

/** A `yield` inside another expression: the statement runs as a whole, and what it gave comes after it. */
function* atOnce(run: Run, s: ast.Statement): Steps<Jump> {
  const { frame } = run
  frame.yielded = []
  const jump = executeBody(run, [s])
  const values = frame.yielded
  frame.yielded = null
  for (const value of values) yield value
  return jump
}

const known = new WeakMap<object, boolean>()

/** Whether a statement holds a `yield` of its own function. */
function yields(node: object): boolean {
  let found = known.get(node)
  if (found === undefined) {
    found = false
    const { kind } = node as { kind?: unknown }
    if (kind === 'Yield') found = true
    else if (kind !== 'FunctionDef' && kind !== 'ClassDef' && kind !== 'Lambda')
      for (const value of Object.values(node))
        if (value !== null && typeof value === 'object' && yields(value)) {
          found = true
          break
        }
    known.set(node, found)
  }
  return found
}
