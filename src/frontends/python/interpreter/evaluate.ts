import type * as ast from '../syntax/ast'
import { callMethod, deleteAttribute, findAttribute, getAttribute, setAttribute } from './attributes'
import { call } from './call'
import { makeClass } from './classes'
import { addToDict, addToSet } from './entries'
import { PyError, ReturnJump, Stopped, Unknown } from './errors'
import { Frame, isCertain } from './frame'
import { importFrom, importStatement } from './imports'
import { items, iterate } from './iterate'
import { opened } from './methods/containers'
import { augmented, binary, compare, deleteItem, equals, getItem, setItem, truthy, unary } from './operators'
import { resting, type Steps } from './resting'
import { exception, type Run, raise } from './run'
import { format, repr, str } from './text'
import {
  bytes,
  dict,
  ELLIPSIS,
  exceptionClasses,
  functionClass,
  isInstance,
  isSubclass,
  iterator,
  list,
  setClass,
  slice,
  tuple,
} from './types'
import {
  asNumber,
  hashKey,
  isUnknown,
  type Kwargs,
  PyClass,
  PyDict,
  PyFloat,
  PyFunction,
  PyList,
  PyMethod,
  PyObject,
  PySet,
  PyTuple,
  PyUnknown,
  type PyValue,
} from './values'

/** How a block was left before its end. */
export type Jump = ReturnJump | 'break' | 'continue' | null

/** Runs statements in order. A statement that fails costs its own targets, unless a handler of the program is waiting. */
export function executeBody(run: Run, body: readonly ast.Statement[]): Jump {
  for (const statement of body) {
    run.budget.step()
    const { frame, handlers } = run
    try {
      const jump = execute(run, statement)
      if (jump !== null) return jump
    } catch (error) {
      const jump = recover(run, statement, error, frame, handlers)
      if (jump !== null) return jump
    }
  }
  return null
}

/**
 * After a statement failed: its targets are unknown and the run goes on, unless a handler of the program is waiting or
 * the program raised itself. A statement of a module that hits a bound is left out in the same way.
 */
export function recover(
  run: Run,
  statement: ast.Statement,
  error: unknown,
  frame: Frame,
  handlers: number,
): ReturnJump | null {
  let message: string
  if (error instanceof PyError)
    error.place ??= {
      span: { start: frame.at.start, end: frame.at.end },
      file: frame.module.file,
      certain: isCertain(frame),
    }
  if (error instanceof PyError && handlers === 0 && (!error.explicit || isOutermost(frame, statement)))
    message = `${error.exception.cls.name}: ${exceptionMessage(error.exception)}`
  else if (error instanceof Unknown) message = error.message
  else if (frame.kind === 'module' && isBound(error) && frame.module.body.includes(statement) && run.budget.renew())
    message = boundMessage(error)
  else throw error
  run.frame = frame
  run.handlers = handlers
  // What another file refuses by itself may be what is given on the command line, or is not found there by us.
  const foreign = error instanceof PyError && error.explicit && error.place?.file !== frame.module.file
  const certain = isCertain(frame) && !foreign
  frame.uncertain = true
  run.listener.failed?.(message, frame.at, frame, certain, error instanceof PyError ? error.refusal : null)
  forget(run, statement, message)
  return statement.kind === 'Return' ? new ReturnJump(new PyUnknown(message)) : null
}

/** The top level of the file that is looked at: what ends the program there leaves what is defined behind it to be read. */
const isOutermost = ({ kind, caller, module }: Frame, statement: ast.Statement): boolean =>
  kind === 'module' && caller?.caller === null && module.body.includes(statement)

const isBound = (error: unknown): error is Error => error instanceof Stopped || error instanceof RangeError
const boundMessage = (error: Error): string =>
  error instanceof Stopped ? `stopped after ${error.message}` : 'stopped after too deep a recursion'

const exceptionMessage = (error: PyObject): string => {
  const args = error.attrs?.get('args')
  return args instanceof PyTuple && typeof args.items[0] === 'string' ? args.items[0] : ''
}

/** After a failure the statement's targets are unknown. */
function forget(run: Run, statement: ast.Statement, reason: string): void {
  const targets =
    statement.kind === 'Assign'
      ? statement.targets
      : statement.kind === 'AugmentedAssign' || statement.kind === 'AnnotatedAssign'
        ? [statement.target]
        : []
  // What was to be imported may well be there: it only could not be run here.
  if (statement.kind === 'Import' || statement.kind === 'ImportFrom')
    for (const { name, alias } of statement.names)
      if (name !== '*') store(run, alias ?? name.split('.')[0]!, new PyUnknown(reason), statement)
  try {
    for (const target of targets) assign(run, target, new PyUnknown(reason))
    for (const part of partsOf(statement)) forget(run, part, reason)
    if (statement.kind !== 'Expression' || statement.value.kind !== 'Call') return
    const changed = new Set([filledBy(run, statement.value), ...givenTo(run, statement.value)])
    for (const object of changed) if (object instanceof PyObject) object.lose(reason)
  } catch (error) {
    if (!(error instanceof PyError || error instanceof Unknown)) throw error
  }
}

/** The statements inside a loop: one that a bound ended was left somewhere in them. */
function partsOf(statement: ast.Statement): readonly ast.Statement[] {
  return statement.kind === 'For' || statement.kind === 'While' ? statement.body : []
}

/** `layers` of `layers.append(…)`: what a call puts something into, where it can be read without running anything. */
function filledBy(run: Run, e: ast.Expression): PyValue {
  if (e.kind !== 'Call' || e.func.kind !== 'Attribute' || !FILLING.has(e.func.name)) return null
  let root: ast.Expression = e.func.value
  while (root.kind === 'Attribute') root = root.value
  return root.kind === 'Name' ? evaluate(run, e.func.value) : null
}

/** Objects that are handed to a call by name: one that failed may have left them half changed. */
function givenTo({ frame }: Run, { args }: ast.Call): PyValue[] {
  return args.flatMap(({ value }) => (value.kind === 'Name' ? (frame.names.get(value.id) ?? []) : []))
}

const FILLING = new Set(
  'append extend insert add add_module register_module register_parameter register_buffer update setdefault'.split(' '),
)

/** Runs what may not run, or more than once: whoever counts is told by `run.guess`. */
function guessing<T>(run: Run, unknown: unknown, body: () => T): T {
  const { guess } = run
  run.frame.uncertain = true
  const reason = unknown instanceof PyUnknown ? unknown : new PyUnknown('the items of this loop are not known')
  if (!reason.harmless) run.guess ??= { reason: reason.reason, told: false }
  try {
    return body()
  } finally {
    run.guess = guess
  }
}

function execute(run: Run, s: ast.Statement): Jump {
  run.frame.at = s
  switch (s.kind) {
    case 'Expression':
      evaluate(run, s.value)
      return null
    case 'Assign': {
      const value = evaluate(run, s.value)
      for (const target of s.targets) assign(run, target, value)
      return null
    }
    case 'AugmentedAssign':
      augment(run, s)
      return null
    case 'AnnotatedAssign':
      annotate(run, s)
      return null
    case 'Return': {
      const value = s.value ? evaluate(run, s.value) : null
      run.listener.bound?.('return', value, s, run.frame)
      return new ReturnJump(value)
    }
    case 'If':
      return branch(run, s)
    case 'For':
      return loop(run, s)
    case 'While':
      return whileLoop(run, s)
    case 'With':
      return withBlock(run, s)
    case 'Try':
      return tryBlock(run, s)
    case 'FunctionDef':
      store(run, s.name, decorate(run, s.decorators, makeFunction(run, s)), s)
      return null
    case 'ClassDef':
      store(run, s.name, decorate(run, s.decorators, makeClass(run, s)), s)
      return null
    case 'Import':
      importStatement(run, s)
      return null
    case 'ImportFrom':
      importFrom(run, s)
      return null
    case 'Raise':
      return raiseStatement(run, s)
    case 'Assert': {
      if (truthy(run, evaluate(run, s.test)) === false) {
        const message = s.message ? str(run, evaluate(run, s.message)) : ''
        throw new PyError(exception('AssertionError', message), true)
      }
      return null
    }
    case 'Delete':
      for (const target of s.targets) remove(run, target)
      return null
    case 'Break':
      return 'break'
    case 'Continue':
      return 'continue'
    case 'Match':
      return matchStatement(run, s)
    case 'TypeAlias':
      store(run, s.name, new PyUnknown('a type alias', true), s)
      return null
    case 'Broken':
    case 'Pass':
    case 'Global':
    case 'Nonlocal':
      return null
  }
}

// Names.

/** Reads a name: local, enclosing functions, module, builtins. */
function load(run: Run, name: string): PyValue {
  const { frame } = run
  const { locals } = frame
  if (frame.kind !== 'function' || !locals?.global.has(name)) {
    const own = frame.names.get(name)
    if (own !== undefined) return own
    if (frame.kind === 'function' && locals?.bound.has(name))
      return raise(
        'UnboundLocalError',
        `cannot access local variable '${name}' where it is not associated with a value`,
      )
    for (let f = frame.parent; f; f = f.parent) {
      if (f.kind === 'class') continue
      const found = f.names.get(name)
      if (found !== undefined) return found
    }
  } else {
    const found = frame.module.names.get(name)
    if (found !== undefined) return found
  }
  const builtin = frame.module.builtins.get(name)
  if (builtin !== undefined) return builtin
  if (name === '__class__' && frame.owner?.cls) return frame.owner.cls
  if (name === '__name__') return frame.module.name
  if (name === '__file__') return frame.module.file ?? ''
  if (MODULE_NAMES.has(name)) return new PyUnknown(`${name} is not known`, true)
  return raise('NameError', `name '${name}' is not defined`)
}

/** What Python puts into every module, beside its name and file. */
const MODULE_NAMES = new Set([
  '__builtins__',
  '__doc__',
  '__spec__',
  '__package__',
  '__loader__',
  '__path__',
  '__debug__',
])

function store(run: Run, name: string, value: PyValue, span: { start: number; end: number }): void {
  const { frame } = run
  if (frame.locals?.global.has(name)) frame.module.names.set(name, value)
  else if (frame.locals?.nonlocal.has(name)) {
    for (let f = frame.parent; f; f = f.parent) {
      if (f.kind === 'function' && f.names.has(name)) {
        f.names.set(name, value)
        return
      }
    }
  } else frame.names.set(name, value)
  run.listener.bound?.(name, value, span, frame)
}

/** `target = value`, unpacking tuples. */
export function assign(run: Run, target: ast.Expression, value: PyValue): void {
  switch (target.kind) {
    case 'Name':
      store(run, target.id, value, target)
      return
    case 'Attribute': {
      const object = evaluate(run, target.value)
      setAttribute(run, object, target.name, value)
      run.listener.bound?.(target.name, value, target, run.frame)
      return
    }
    case 'Subscript':
      setItem(run, evaluate(run, target.value), evaluate(run, target.index), value)
      return
    case 'Tuple':
    case 'List':
      unpack(run, target.items, value)
      return
    case 'Starred':
      assign(run, target.value, value)
      return
  }
}

function unpack(run: Run, targets: readonly ast.Expression[], value: PyValue): void {
  const open = value instanceof PyList && value.mayHold !== null
  const values = isUnknown(value) || open ? null : items(run, value)
  if (values === null) {
    const reason = isUnknown(value) ? value.reason : 'how many values there are is not known'
    for (const target of targets) assign(run, target, new PyUnknown(reason))
    return
  }
  const star = targets.findIndex(t => t.kind === 'Starred')
  if (star < 0) {
    if (values.length !== targets.length) {
      raise(
        'ValueError',
        values.length > targets.length
          ? `too many values to unpack (expected ${targets.length})`
          : `not enough values to unpack (expected ${targets.length}, got ${values.length})`,
      )
    }
    targets.forEach((target, i) => {
      assign(run, target, values[i]!)
    })
    return
  }
  const after = targets.length - star - 1
  if (values.length < targets.length - 1)
    raise('ValueError', `not enough values to unpack (expected at least ${targets.length - 1}, got ${values.length})`)
  targets.forEach((target, i) => {
    if (i < star) assign(run, target, values[i]!)
    else if (i === star) assign(run, target, list(values.slice(star, values.length - after)))
    else assign(run, target, values[values.length - (targets.length - i)]!)
  })
}

function remove(run: Run, target: ast.Expression): void {
  if (target.kind === 'Name') run.frame.names.delete(target.id)
  else if (target.kind === 'Attribute') deleteAttribute(run, evaluate(run, target.value), target.name)
  else if (target.kind === 'Subscript') deleteItem(run, evaluate(run, target.value), evaluate(run, target.index))
  else if (target.kind === 'Tuple' || target.kind === 'List') for (const item of target.items) remove(run, item)
}

function augment(run: Run, s: ast.AugmentedAssign): void {
  const { target } = s
  if (target.kind === 'Name') {
    store(run, target.id, augmented(run, s.operator, load(run, target.id), evaluate(run, s.value)), target)
  } else if (target.kind === 'Attribute') {
    const object = evaluate(run, target.value)
    const value = augmented(run, s.operator, getAttribute(run, object, target.name), evaluate(run, s.value))
    // How often it is counted up is not known where it is not known whether, or how often, this runs.
    setAttribute(run, object, target.name, run.guess && isPlainData(value) ? new PyUnknown(run.guess.reason) : value)
  } else if (target.kind === 'Subscript') {
    const object = evaluate(run, target.value)
    const index = evaluate(run, target.index)
    setItem(run, object, index, augmented(run, s.operator, getItem(run, object, index), evaluate(run, s.value)))
  }
}

/** Annotations are kept in class bodies, where dataclasses and NamedTuples read them. */
function annotate(run: Run, s: ast.AnnotatedAssign): void {
  if (s.value) assign(run, s.target, evaluate(run, s.value))
  if (run.frame.kind !== 'class' || s.target.kind !== 'Name') return
  const known = run.frame.names.get('__annotations__')
  const annotations = known instanceof PyDict ? known : dict()
  if (annotations !== known) run.frame.names.set('__annotations__', annotations)
  annotations.entries.set(hashKey(s.target.id)!, [s.target.id, annotationValue(run, s.annotation)])
}

/** What an annotation evaluates to, where that is quick and safe; else its text is unknown. */
function annotationValue(run: Run, annotation: ast.Expression): PyValue {
  try {
    run.handlers++
    return evaluate(run, annotation)
  } catch (error) {
    if (error instanceof PyError) return new PyUnknown('an annotation', true)
    throw error
  } finally {
    run.handlers--
  }
}

// Control flow.

/** An `if` on something unknown: the arm that does not raise, else the first; what it binds is marked as uncertain. */
function branch(run: Run, s: ast.If): Jump {
  const test = truthy(run, evaluate(run, s.test))
  if (test === true) return executeBody(run, s.body)
  if (test === false) return executeBody(run, s.orelse)
  if (raises(s.body)) return executeBody(run, s.orelse)
  if (raises(s.orelse)) return executeBody(run, s.body)
  if (s.orelse.length === 0 && leaves(s.body)) {
    run.frame.uncertain = true
    if (s.body.some(({ kind, ...rest }) => kind === 'Return' && (rest as ast.Return).value?.kind === 'Call'))
      leaveOpen(run, test)
    run.frame.mayHaveLeft ||= s.body.some(({ kind }) => kind !== 'Continue' && JUMPS.has(kind))
    return null
  }
  const before = run.frame.names
  const assigned = [...assignedIn(s.body)].map((name): [string, PyValue | undefined] => [name, before.get(name)])
  const filled = [...filledIn(run, s.body), ...filledIn(run, s.orelse)]
  const jump = guessing(run, test, () => executeBody(run, s.body))
  if (test instanceof PyUnknown && test.harmless) return jump
  if (jump === null) doubt(run, assigned, test)
  fillings(run, filled, test)
  return jump
}

/** What may have been filled, or more than once: how much it holds is not known, nor what is made of the modules in it. */
function fillings(run: Run, filled: readonly (PyList | PySet | PyDict)[], test: unknown): void {
  for (const object of filled) {
    object.mayHold ??= reasonOf(test)
    if (isStructure(object)) leaveOpen(run, test)
  }
}

const reasonOf = (test: unknown): string =>
  test instanceof PyUnknown ? test.reason : 'this branch is not known to be taken'

/**
 * Something that is not known decided what a model is made of, or which of its functions run: its counts are lower
 * bounds. The nearest object that is under construction, or called, is told.
 */
function leaveOpen(run: Run, test: unknown): void {
  if (test instanceof PyUnknown && test.harmless) return
  for (let frame: Frame | null = run.frame; frame; frame = frame.caller)
    if (frame.owner?.cls && frame.first instanceof PyObject && frame.first.leaveOpen(reasonOf(test))) return
}

const outlineOf = (value: PyValue | undefined): string | null => (value instanceof PyObject ? value.outline : null)

/** Whether layers are made of a value: classes and functions make them, objects are them or hold them. */
function isStructure(value: PyValue | undefined, depth = 0): boolean {
  if (value instanceof PyTuple || value instanceof PyList || value instanceof PySet || value instanceof PyDict) {
    if (depth > 2) return false
    const held = 'items' in value ? value.items : [...value.entries.values()].map(e => (Array.isArray(e) ? e[1] : e))
    return held.some(item => isStructure(item, depth + 1))
  }
  if (value instanceof PyClass || value instanceof PyFunction || value instanceof PyMethod) return true
  return value instanceof PyObject && value.counts
}

/** `a if unknown else b`: a number only where both are the same, else the first, of which nothing is sure. */
function either(run: Run, { body, orelse }: ast.Conditional, test: unknown): PyValue {
  run.frame.uncertain = true
  const value = guessing(run, test, () => evaluate(run, body))
  if (test instanceof PyUnknown && test.harmless) return value
  if (isPlainData(value)) {
    const other = guessing(run, test, () => evaluate(run, orelse))
    return isPlainData(other) && isSame(value, other) ? value : new PyUnknown(reasonOf(test))
  }
  if (run.frame.kind === 'module') return value
  // A name is looked at without drawing anything.
  const other = orelse.kind === 'Name' ? evaluate(run, orelse) : undefined
  if (isStructure(value) || value instanceof PyDict || value instanceof PyList || outlineOf(value) !== outlineOf(other))
    leaveOpen(run, test)
  return value
}

/** Names that the statements of an arm bind, in branches of its own, too. */
function assignedIn(body: readonly ast.Statement[], names = new Set<string>()): Set<string> {
  for (const s of body) {
    if (s.kind === 'Assign') for (const target of s.targets) namesOf(target, names)
    else if (s.kind === 'AugmentedAssign' || s.kind === 'AnnotatedAssign') namesOf(s.target, names)
    else if (s.kind === 'If') assignedIn(s.orelse, assignedIn(s.body, names))
  }
  return names
}

function namesOf(target: ast.Expression, names: Set<string>): void {
  if (target.kind === 'Name') names.add(target.id)
  else if (target.kind === 'Tuple' || target.kind === 'List') for (const item of target.items) namesOf(item, names)
}

/** What an arm that may not run binds to plain data, where it was something else: a size that is a guess is not told. */
function doubt(run: Run, assigned: readonly [string, PyValue | undefined][], test: unknown): void {
  const { frame } = run
  const reason = reasonOf(test)
  for (const [name, before] of assigned) {
    const now = frame.names.get(name)
    if (now !== before && frame.kind === 'function' && (isStructure(now) || outlineOf(now) !== outlineOf(before)))
      leaveOpen(run, test)
    if (now !== undefined && isPlainData(now) && !(before !== undefined && isSame(before, now)))
      frame.names.set(name, new PyUnknown(reason))
  }
}

const isPlainData = (value: PyValue): boolean =>
  asNumber(value) !== null || (value instanceof PyTuple && value.items.length > 0 && value.items.every(isPlainData))

const isSame = (a: PyValue, b: PyValue): boolean =>
  a instanceof PyTuple && b instanceof PyTuple
    ? a.items.length === b.items.length && a.items.every((item, i) => isSame(item, b.items[i]!))
    : asNumber(a) !== null && asNumber(a) === asNumber(b)

const raises = (body: readonly ast.Statement[]): boolean => body.some(s => s.kind === 'Raise')
const leaves = (body: readonly ast.Statement[]): boolean => body.some(s => JUMPS.has(s.kind))
const JUMPS: ReadonlySet<ast.Statement['kind']> = new Set(['Return', 'Continue', 'Break'])

function loop(run: Run, s: ast.For): Jump {
  const source = iterate(run, evaluate(run, s.iterable))
  if (source === null) {
    // Nothing is known of what it goes over: once, with an unknown item, so that what is built inside is seen.
    const unknown = new PyUnknown('the items of this loop are not known')
    assign(run, s.target, unknown)
    const before = run.frame.names
    const assigned = [...assignedIn(s.body)].map((name): [string, PyValue | undefined] => [name, before.get(name)])
    const filled = [...filledIn(run, s.body)]
    const jump = guessing(run, unknown, () => executeBody(run, s.body))
    if (jump instanceof ReturnJump) return jump
    doubt(run, assigned, unknown)
    fillings(run, filled, unknown)
    return null
  }
  let turns = 0
  for (let next = source.next(); !next.done; next = source.next()) {
    run.budget.turn(++turns)
    assign(run, s.target, next.value)
    const jump = executeBody(run, s.body)
    if (jump === 'break') return null
    if (jump instanceof ReturnJump) return jump
    if (trains(s)) return null
  }
  return executeBody(run, s.orelse)
}

/** What is there already and is filled by statements of a loop: how often is not known afterwards. */
function* filledIn(run: Run, body: readonly ast.Statement[]): Generator<PyList | PySet | PyDict> {
  for (const s of body) {
    if (s.kind === 'Expression' && s.value.kind === 'Call' && s.value.func.kind === 'Attribute') {
      const { value, name } = s.value.func
      const object = FILLING.has(name) ? held(run, value) : undefined
      if (object instanceof PyList || object instanceof PySet || object instanceof PyDict) yield object
    } else if (s.kind === 'Assign' || s.kind === 'AugmentedAssign') {
      // `options['bias'] = False`, `layers += [...]`
      for (const target of s.kind === 'Assign' ? s.targets : [s.target]) {
        const into = target.kind === 'Subscript' ? target.value : s.kind === 'AugmentedAssign' ? target : null
        const object = into ? held(run, into) : undefined
        if (object instanceof PyList || object instanceof PyDict) yield object
      }
    } else if (s.kind === 'If' || s.kind === 'For') {
      yield* filledIn(run, s.body)
      yield* filledIn(run, s.orelse)
    }
  }
}

/** What a name stands for, or an attribute of what it stands for: `self.layers`. Nothing is run for it. */
function held(run: Run, e: ast.Expression): PyValue | undefined {
  if (e.kind === 'Name') return run.frame.names.get(e.id)
  const object = e.kind === 'Attribute' ? held(run, e.value) : undefined
  return object instanceof PyObject && e.kind === 'Attribute' ? object.attrs?.get(e.name) : undefined
}

/** Whether a loop trains a model: each of its turns draws the same, and what it changes are the values of weights. */
function trains(s: ast.For): boolean {
  let known = training.get(s)
  if (known === undefined) {
    known = calls(s.body, TRAINING)
    training.set(s, known)
  }
  return known
}
const training = new WeakMap<ast.For, boolean>()
/** Methods of PyTorch and of Keras that change weights, batch by batch. */
const TRAINING: ReadonlySet<string> = new Set(['backward', 'apply_gradients', 'train_on_batch'])

/** Whether a method of one of these names is called below a node of the tree. */
function calls(node: unknown, names: ReadonlySet<string>): boolean {
  if (Array.isArray(node)) return node.some(item => calls(item, names))
  if (node === null || typeof node !== 'object') return false
  const { kind, func } = node as Partial<ast.Call>
  if (kind === 'Call' && func?.kind === 'Attribute' && names.has(func.name)) return true
  return Object.values(node).some(value => typeof value === 'object' && calls(value, names))
}

function whileLoop(run: Run, s: ast.While): Jump {
  const { frame } = run
  const around = frame.mayHaveLeft
  frame.mayHaveLeft = false
  for (let turns = 1; ; turns++) {
    run.budget.turn(turns)
    // `while True: … if done: break` with a `done` that is not known: nobody can tell of another turn.
    if (frame.mayHaveLeft && (s.test.kind === 'Singleton' || s.test.kind === 'Number')) break
    const test = truthy(run, evaluate(run, s.test))
    if (test === false) {
      frame.mayHaveLeft = around
      return executeBody(run, s.orelse)
    }
    // A condition that is not known is taken to hold once.
    const filled = test === true ? [] : [...filledIn(run, s.body)]
    const jump = test === true ? executeBody(run, s.body) : guessing(run, test, () => executeBody(run, s.body))
    if (test !== true && !(test instanceof PyUnknown && test.harmless)) fillings(run, filled, test)
    if (jump instanceof ReturnJump) return jump
    if (jump === 'break' || test !== true) break
  }
  frame.mayHaveLeft = around
  return null
}

function withBlock(run: Run, s: ast.With): Jump {
  const managers: PyValue[] = []
  for (const { context, target } of s.items) {
    const manager = evaluate(run, context)
    managers.push(manager)
    const entered = isUnknown(manager) ? manager : callMethod(run, manager, '__enter__')
    if (target) assign(run, target, entered ?? new PyUnknown('what this context gives is not known'))
  }
  managers.reverse()
  const { frame, handlers } = run
  const { depth } = run.budget
  let jump: Jump
  try {
    jump = executeBody(run, s.body)
  } catch (error) {
    if (!(error instanceof PyError)) throw error
    run.frame = frame
    run.handlers = handlers
    run.budget.depth = depth
    if (!leave(run, managers, error.exception)) throw error
    return null
  }
  leave(run, managers, null)
  return jump
}

/** Leaves contexts, the innermost first; whether one of them took care of the exception. */
export function leave(run: Run, managers: readonly PyValue[], error: PyObject | null): boolean {
  let open = error
  for (const manager of managers) {
    if (isUnknown(manager)) continue
    const result = callMethod(run, manager, '__exit__', open ? [open.cls, open, null] : [null, null, null])
    if (open && result !== undefined && truthy(run, result) === true) open = null
  }
  return error !== null && open === null
}

function tryBlock(run: Run, s: ast.Try): Jump {
  const { frame } = run
  let jump: Jump = null
  const { depth } = run.budget
  if (s.handlers.length) run.handlers++
  let handling = s.handlers.length > 0
  try {
    jump = executeBody(run, s.body)
    if (handling) run.handlers--
    handling = false
    if (jump === null) jump = executeBody(run, s.orelse)
  } catch (error) {
    if (handling) run.handlers--
    if (!(error instanceof PyError)) throw error
    run.frame = frame
    run.budget.depth = depth
    const handler = s.handlers.find(h => catches(run, h.type, error.exception))
    if (!handler) {
      const leaving = executeBody(run, s.finalbody)
      if (leaving !== null) return leaving
      throw error
    }
    if (handler.name) frame.names.set(handler.name, error.exception)
    frame.names.set(' handled', error.exception)
    try {
      jump = executeBody(run, handler.body)
    } catch (raised) {
      if (!(raised instanceof PyError)) throw raised
      run.frame = frame
      const leaving = executeBody(run, s.finalbody)
      if (leaving !== null) return leaving
      throw raised
    }
  }
  const leaving = executeBody(run, s.finalbody)
  return leaving ?? jump
}

export function catches(run: Run, type: ast.Expression | null, error: PyObject): boolean {
  if (type === null) return true
  const wanted = evaluate(run, type)
  const classes = wanted instanceof PyTuple ? wanted.items : [wanted]
  return classes.some(c => isUnknown(c) || (c instanceof PyClass && isSubclass(error.cls, c)))
}

function raiseStatement(run: Run, s: ast.Raise): never {
  if (s.exception === null) {
    const handled = run.frame.names.get(' handled')
    throw new PyError(
      handled instanceof PyObject ? handled : exception('RuntimeError', 'No active exception to reraise'),
      true,
    )
  }
  const value = evaluate(run, s.exception)
  const error = value instanceof PyClass ? call(run, value, []) : value
  if (error instanceof PyObject && isInstance(error, exceptionClasses.get('BaseException')!)) {
    if (s.cause) {
      error.attrs ??= new Map()
      error.attrs.set('__cause__', evaluate(run, s.cause))
    }
    throw new PyError(error, true)
  }
  throw new PyError(
    exception(
      'RuntimeError',
      isUnknown(value) ? 'an exception that is not known' : 'exceptions must derive from BaseException',
    ),
    true,
  )
}

// Functions.

export function makeFunction(run: Run, definition: ast.FunctionDef | ast.Lambda): PyFunction {
  const { frame } = run
  const { positionalOnly, positional, keywordOnly } = definition.parameters
  const defaults = new Map<string, PyValue>()
  for (const p of [...positionalOnly, ...positional, ...keywordOnly])
    if (p.default) defaults.set(p.name, evaluate(run, p.default))
  const owner = frame.kind === 'class' ? (frame.owner ?? null) : frame.kind === 'function' ? frame.owner : null
  const name = definition.kind === 'Lambda' ? '<lambda>' : definition.name
  const prefix =
    frame.kind === 'class' ? `${frame.names.get('__qualname__')}.` : frame.kind === 'function' ? '<locals>.' : ''
  const made = new PyFunction(functionClass, definition, frame, owner as PyFunction['owner'], defaults, prefix + name)
  return made
}

function decorate(run: Run, decorators: readonly ast.Expression[], value: PyValue): PyValue {
  let result = value
  for (const decorator of [...decorators].reverse()) {
    const wrap = evaluate(run, decorator)
    // A decorator that is not known is taken to give back what it was given, and so is one of a class whose base is not.
    if (isUnknown(wrap)) continue
    const wrapped = call(run, wrap, [result])
    if (!(isUnknown(wrapped) && result instanceof PyClass)) result = wrapped
  }
  return result
}

// Expressions.

/** The value of an expression. */
export function evaluate(run: Run, e: ast.Expression): PyValue {
  run.budget.step()
  switch (e.kind) {
    case 'Name':
      return load(run, e.id)
    case 'Number':
      return e.imaginary
        ? new PyUnknown('complex numbers are not modelled')
        : e.float
          ? new PyFloat(Number(e.value))
          : e.value
    case 'String':
      return e.bytes ? bytes(e.value) : e.value
    case 'FormatString':
      return formatString(run, e.parts)
    case 'Singleton':
      return e.value === 'Ellipsis' ? ELLIPSIS : e.value
    case 'Tuple': {
      const all = spread(run, e.items)
      // Nobody knows how many there are.
      return all.find(isOpen) ?? tuple(all)
    }
    case 'List': {
      const all = spread(run, e.items)
      const made = list(all)
      made.mayHold = all.find(isOpen)?.reason ?? null
      return made
    }
    case 'Set': {
      const set = new PySet(setClass)
      for (const item of spread(run, e.items)) addToSet(set, item)
      return set
    }
    case 'Dict':
      return dictDisplay(run, e)
    case 'Attribute':
      return getAttribute(run, evaluate(run, e.value), e.name)
    case 'Subscript':
      return getItem(run, evaluate(run, e.value), evaluate(run, e.index))
    case 'Slice':
      return slice(
        e.lower ? evaluate(run, e.lower) : null,
        e.upper ? evaluate(run, e.upper) : null,
        e.step ? evaluate(run, e.step) : null,
      )
    case 'Call':
      return callExpression(run, e)
    case 'Binary': {
      const left = evaluate(run, e.left)
      const right = evaluate(run, e.right)
      run.frame.at = e
      return binary(run, e.operator, left, right)
    }
    case 'Unary':
      return unary(run, e.operator, evaluate(run, e.operand))
    case 'BoolOp':
      return boolOp(run, e)
    case 'Compare':
      return compareChain(run, e)
    case 'Conditional': {
      const test = truthy(run, evaluate(run, e.test))
      if (test === true) return evaluate(run, e.body)
      if (test === false) return evaluate(run, e.orelse)
      return either(run, e, test)
    }
    case 'Lambda':
      return makeFunction(run, e)
    case 'ListComp':
    case 'SetComp':
    case 'DictComp':
    case 'GeneratorExp':
      return comprehension(run, e)
    case 'Starred':
      return evaluate(run, e.value)
    case 'Walrus': {
      const value = evaluate(run, e.value)
      const { frame } = run
      // It binds in the function around a comprehension, not in the comprehension.
      while (run.frame.locals === COMPREHENSION && run.frame.parent) run.frame = run.frame.parent
      store(run, e.target.id, value, e.target)
      run.frame = frame
      return value
    }
    case 'Await':
      return evaluate(run, e.value)
    case 'Yield':
      return yieldValue(run, e)
    case 'Missing':
      return new PyUnknown('it cannot be read')
  }
}

function spread(run: Run, expressions: readonly ast.Expression[]): PyValue[] {
  const out: PyValue[] = []
  for (const e of expressions) {
    if (e.kind !== 'Starred') out.push(evaluate(run, e))
    else {
      const more = items(run, evaluate(run, e.value))
      if (more) for (const item of more) out.push(item)
      else out.push(new Unpacked('what is unpacked here is not known'))
    }
  }
  return out
}

/** Stands for what a starred expression puts into a tuple or list where that is not known. */
class Unpacked extends PyUnknown {}
const isOpen = (value: PyValue): value is Unpacked => value instanceof Unpacked

function dictDisplay(run: Run, e: ast.DictDisplay): PyValue {
  const out = dict()
  for (const { key, value } of e.entries) {
    if (key) addToDict(out, evaluate(run, key), evaluate(run, value))
    else {
      const more = evaluate(run, value)
      if (more instanceof PyDict) for (const [k, v] of more.entries.values()) addToDict(out, k, v)
      opened(out, more)
    }
  }
  return out
}

function callExpression(run: Run, e: ast.Call): PyValue {
  const callee = evaluate(run, e.func)
  const args: PyValue[] = []
  let kwargs: Map<string, PyValue> | undefined
  for (const { name, star, value } of e.args) {
    const given = evaluate(run, value)
    if (name !== null) {
      kwargs ??= new Map()
      keyword(kwargs, name, given)
    } else if (star === 0) args.push(given)
    else if (star === 1) {
      const more = items(run, given)
      if (given instanceof PyList && given.mayHold !== null) leaveOpen(run, new PyUnknown(given.mayHold))
      if (more) for (const item of more) args.push(item)
      else return new PyUnknown('what is unpacked into this call is not known')
    } else {
      kwargs ??= new Map()
      if (isUnknown(given)) return new PyUnknown('the arguments of this call are not known')
      if (given instanceof PyDict) {
        if (given.mayHold !== null) leaveOpen(run, new PyUnknown(given.mayHold))
        for (const [k, v] of given.entries.values()) keyword(kwargs, str(run, k), v)
      } else {
        const keys = callMethod(run, given, 'keys')
        for (const k of (keys !== undefined ? items(run, keys) : null) ?? [])
          keyword(kwargs, str(run, k), getItem(run, given, k))
      }
    }
  }
  run.frame.at = e
  return call(run, callee, args, kwargs as Kwargs | undefined)
}

function keyword(kwargs: Map<string, PyValue>, name: string, value: PyValue): void {
  if (kwargs.has(name)) raise('TypeError', `got multiple values for keyword argument '${name}'`)
  kwargs.set(name, value)
}

function boolOp(run: Run, e: ast.BoolOp): PyValue {
  let doubt: PyUnknown | null = null
  let value: PyValue = null
  for (const operand of e.values) {
    value = evaluate(run, operand)
    const truth = truthy(run, value)
    if (truth === (e.operator === 'or')) return doubt ?? value
    if (typeof truth !== 'boolean') doubt = truth
    // `unknown and False` is false whatever the unknown is; only the value it gives is in doubt.
    else if (doubt && operand === e.values.at(-1)) return doubt
  }
  return doubt ?? value
}

function compareChain(run: Run, e: ast.Compare): PyValue {
  let left = evaluate(run, e.left)
  let result: PyValue = true
  for (const { operator, right } of e.rest) {
    const value = evaluate(run, right)
    run.frame.at = e
    result = compare(run, operator, left, value)
    if (e.rest.length > 1) {
      const truth = truthy(run, result)
      if (truth !== true) return result
    }
    left = value
  }
  return result
}

function formatString(run: Run, parts: ast.FormatString['parts']): PyValue {
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') text += part
    else {
      const value = evaluate(run, part.value)
      const spec = formatString(run, part.spec)
      const shown = part.conversion === '' ? value : part.conversion === 's' ? str(run, value) : repr(run, value)
      text += format(run, shown, typeof spec === 'string' ? spec : '')
    }
    run.budget.size(text.length)
  }
  return text
}

/** Comprehensions have a scope of their own. */
function comprehension(run: Run, e: ast.Comprehension): PyValue {
  const outer = run.frame
  const frame = new Frame('function', outer.module, outer.kind === 'class' ? outer : outer, outer.caller, COMPREHENSION)
  frame.owner = outer.owner
  frame.first = outer.first
  frame.at = outer.at
  if (e.kind === 'GeneratorExp') return generatorExpression(run, e, frame)
  const values: PyValue[] = []
  const pairs = dict()
  let unknown: PyUnknown | null = null
  // What it goes over tells how much comes of it.
  const open = list([])
  const visit = (depth: number): void => {
    const clause = e.clauses[depth]
    if (!clause) {
      if (e.kind === 'DictComp') addToDict(pairs, evaluate(run, e.element), evaluate(run, e.value!))
      else values.push(evaluate(run, e.element))
      run.budget.grown(values.length + pairs.entries.size)
      return
    }
    // The first iterable belongs to the enclosing scope, as in Python.
    if (depth === 0) run.frame = outer
    const iterable = evaluate(run, clause.iterable)
    run.frame = frame
    opened(open, iterable)
    const source = iterate(run, iterable)
    if (source === null) {
      unknown ??= new PyUnknown(isUnknown(iterable) ? iterable.reason : 'what this goes over is not known')
      return
    }
    for (let next = source.next(); !next.done; next = source.next()) {
      run.budget.step()
      assign(run, clause.target, next.value)
      const kept = meets(run, clause.conditions)
      if (kept === true) visit(depth + 1)
      else if (kept !== false) unknown ??= kept
    }
  }
  run.frame = frame
  try {
    visit(0)
  } finally {
    run.frame = outer
  }
  if (unknown) return unknown
  const made = e.kind === 'DictComp' ? pairs : e.kind === 'ListComp' ? list(values) : new PySet(setClass)
  if (made instanceof PySet) for (const value of values) addToSet(made, value)
  opened(made, open)
  return made
}

/** A generator expression: its first iterable is made at once, the rest when it is asked for. */
function generatorExpression(run: Run, e: ast.Comprehension, frame: Frame): PyValue {
  const first = evaluate(run, e.clauses[0]!.iterable)
  const source = iterate(run, first)
  if (source === null) return new PyUnknown(isUnknown(first) ? first.reason : 'what this goes over is not known')
  function* visit(depth: number, from: Iterator<PyValue>): Steps<null> {
    const clause = e.clauses[depth]!
    for (let next = from.next(), turns = 1; !next.done; next = from.next(), turns++) {
      run.budget.turn(turns)
      assign(run, clause.target, next.value)
      const kept = meets(run, clause.conditions)
      if (kept === false) continue
      if (kept !== true) yield kept
      else if (depth + 1 === e.clauses.length) yield evaluate(run, e.element)
      else {
        const inner = iterate(run, evaluate(run, e.clauses[depth + 1]!.iterable))
        if (inner === null) yield new PyUnknown('what this goes over is not known')
        else yield* visit(depth + 1, inner)
      }
    }
    return null
  }
  return iterator(resting(run, frame, visit(0, source)))
}

/** Whether an item meets all conditions; an unknown where one is not known. */
function meets(run: Run, conditions: readonly ast.Expression[]): boolean | PyUnknown {
  for (const condition of conditions) {
    const truth = truthy(run, evaluate(run, condition))
    if (truth !== true) return truth
  }
  return true
}

/** Comprehensions bind what they bind; walrus targets inside them belong to the function around. */
const COMPREHENSION = {
  bound: new Set<string>(),
  global: new Set<string>(),
  nonlocal: new Set<string>(),
  generator: false,
}

function yieldValue(run: Run, e: ast.Yield): PyValue {
  const value = e.value ? evaluate(run, e.value) : null
  let { frame } = run
  while (!frame.yielded && frame.parent && frame.locals === COMPREHENSION) frame = frame.parent
  const { yielded } = frame
  if (!yielded) return null
  if (e.from) {
    const more = items(run, value)
    if (more) for (const item of more) yielded.push(item)
    return null
  }
  yielded.push(value)
  if (yielded.length > MAX_YIELDED) throw new Stopped('a generator without end')
  return null
}

/** More values than this from one generator are taken for a loop without end. */
const MAX_YIELDED = 100_000

// match statements.

function matchStatement(run: Run, s: ast.Match): Jump {
  const subject = evaluate(run, s.subject)
  for (const { pattern, guard, body } of s.cases) {
    const matched = matches(run, pattern, subject)
    if (matched !== true) {
      if (matched !== false) run.frame.uncertain = true
      continue
    }
    if (guard && truthy(run, evaluate(run, guard)) === false) continue
    return executeBody(run, body)
  }
  return null
}

function matches(run: Run, p: ast.Pattern, value: PyValue): boolean | PyUnknown {
  switch (p.kind) {
    case 'ValuePattern':
      return equals(run, value, evaluate(run, p.value))
    case 'CapturePattern': {
      const inner = p.pattern ? matches(run, p.pattern, value) : true
      if (inner === true && p.name) store(run, p.name, value, p)
      return inner
    }
    case 'OrPattern': {
      for (const item of p.items) {
        const matched = matches(run, item, value)
        if (matched !== false) return matched
      }
      return false
    }
    case 'SequencePattern':
      return matchSequence(run, p.items, value)
    case 'MappingPattern': {
      if (!(value instanceof PyDict)) return isUnknown(value) ? value : false
      for (const { key, pattern } of p.entries) {
        const found = value.entries.get(hashKey(evaluate(run, key)) ?? '')
        if (!found) return false
        const matched = matches(run, pattern, found[1])
        if (matched !== true) return matched
      }
      if (p.rest) {
        const rest = new PyDict(value.cls)
        for (const [key, entry] of value.entries) rest.entries.set(key, [...entry])
        for (const { key } of p.entries) rest.entries.delete(hashKey(evaluate(run, key)) ?? '')
        store(run, p.rest, rest, p)
      }
      return true
    }
    case 'ClassPattern': {
      const cls = evaluate(run, p.type)
      if (isUnknown(value) || !(cls instanceof PyClass)) return new PyUnknown('the type of this pattern is not known')
      if (!isInstance(value, cls)) return false
      for (const { name, pattern } of p.named) {
        const found = findAttribute(run, value, name)
        if (found === undefined) return false
        const matched = matches(run, pattern, found)
        if (matched !== true) return matched
      }
      return matchPositions(run, cls, p.items, value)
    }
    case 'StarPattern':
      return true
  }
}

/** `Point(a, b)`: by __match_args__, or the value itself for classes such as int and str. */
function matchPositions(run: Run, cls: PyClass, patterns: readonly ast.Pattern[], value: PyValue): boolean | PyUnknown {
  const names = findAttribute(run, cls, '__match_args__')
  for (const [i, pattern] of patterns.entries()) {
    const name = names instanceof PyTuple ? names.items[i] : undefined
    const found = typeof name === 'string' ? findAttribute(run, value, name) : cls.native && i === 0 ? value : undefined
    if (found === undefined) return false
    const matched = matches(run, pattern, found)
    if (matched !== true) return matched
  }
  return true
}

function matchSequence(run: Run, patterns: readonly ast.Pattern[], value: PyValue): boolean | PyUnknown {
  if (isUnknown(value)) return value
  if (!(value instanceof PyList || value instanceof PyTuple)) return false
  const star = patterns.findIndex(p => p.kind === 'StarPattern')
  if (star < 0 ? value.items.length !== patterns.length : value.items.length < patterns.length - 1) return false
  for (const [i, pattern] of patterns.entries()) {
    if (i === star && pattern.kind === 'StarPattern') {
      const rest = value.items.slice(star, value.items.length - (patterns.length - star - 1))
      if (pattern.name) store(run, pattern.name, list([...rest]), pattern)
      continue
    }
    const at = star >= 0 && i > star ? value.items.length - (patterns.length - i) : i
    const matched = matches(run, pattern, value.items[at]!)
    if (matched !== true) return matched
  }
  return true
}
