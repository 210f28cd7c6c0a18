import type * as ast from '../syntax/ast'
import { Unknown } from './errors'
import { Frame, localNames } from './frame'
import { type Run, raise } from './run'
import { dict, lookup, tuple, typeOf } from './types'
import {
  hashKey,
  type Kwargs,
  PyClass,
  PyDict,
  PyFunction,
  PyList,
  PyMethod,
  PyNative,
  PyObject,
  PySet,
  PyTuple,
  PyUnknown,
  type PyValue,
  PyWrapped,
} from './values'

export const NO_KWARGS: Kwargs = new Map()

/** Calls anything that can be called. */
export function call(run: Run, callee: PyValue, args: readonly PyValue[], kwargs: Kwargs = NO_KWARGS): PyValue {
  run.budget.step()
  if (callee instanceof PyFunction) return callFunction(run, callee, args, kwargs)
  if (callee instanceof PyMethod) return call(run, callee.func, [callee.self, ...args], kwargs)
  if (callee instanceof PyNative) return callNative(run, callee, args, kwargs)
  if (callee instanceof PyClass) return instantiate(run, callee, args, kwargs)
  if (callee instanceof PyUnknown) return callUnknown(run, callee, args, kwargs)
  if (callee instanceof PyWrapped) return call(run, callee.func, args, kwargs)
  const own = lookup(typeOf(callee), '__call__')
  if (own !== undefined) return call(run, own, [callee, ...args], kwargs)
  return raise('TypeError', `'${typeOf(callee).name}' object is not callable`)
}

function callNative(run: Run, callee: PyNative, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  if (!QUICK.has(callee.name)) {
    let given = 0
    for (const value of args) given += sizeOf(value)
    run.budget.worked(given)
  }
  let result: PyValue
  try {
    result = callee.run(run, args, kwargs)
  } catch (error) {
    throw understandable(callee.name, error)
  }
  const size = sizeOf(result)
  if (size > 16) run.budget.made(size)
  return result
}

/** What takes as long for a long list as for a short one. */
const QUICK: ReadonlySet<string> = new Set('append add get setdefault pop keys values items len isinstance'.split(' '))

/** Functions of ours read the arguments that they document: what they get instead is no reason to fail. */
const understandable = (name: string, error: unknown): unknown =>
  error instanceof TypeError ? new Unknown(`${name} is not understood with these arguments`) : error

/** How many items or characters a value holds. */
function sizeOf(value: PyValue): number {
  if (typeof value === 'string') return value.length
  if (value instanceof PyList || value instanceof PyTuple) return value.items.length
  return value instanceof PyDict || value instanceof PySet ? value.entries.size : 0
}

/** Framework models replace this to put a call with tensors into the graph. */
export const UNKNOWN_CALL = Symbol('unknown call')
export type UnknownCall = (run: Run, callee: PyUnknown, args: readonly PyValue[], kwargs: Kwargs) => PyValue

function callUnknown(run: Run, callee: PyUnknown, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  const hook = run.state.get(UNKNOWN_CALL) as UnknownCall | undefined
  return hook ? hook(run, callee, args, kwargs) : new PyUnknown(callee.reason, callee.harmless)
}

/** Makes an instance: the metaclass's `__call__`, then `__new__` and `__init__`. */
export function instantiate(run: Run, cls: PyClass, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  const meta = cls.cls ? cls.cls.mro.find(c => !c.native && c.dict.has('__call__'))?.dict.get('__call__') : undefined
  if (meta !== undefined) return call(run, meta, [cls, ...args], kwargs)
  return construct(run, cls, args, kwargs)
}

/** What type.__call__ does. */
export function construct(run: Run, cls: PyClass, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  const { convert } = cls
  if (convert) {
    try {
      return convert(run, cls, args, kwargs)
    } catch (error) {
      throw understandable(cls.name, error)
    }
  }
  const making = lookup(cls, '__new__')
  const made =
    making !== undefined
      ? call(run, making instanceof PyWrapped ? making.func : making, [cls, ...args], kwargs)
      : allocate(run, cls)
  if (!(made instanceof PyObject) || !made.cls.mro.includes(cls)) return made
  const init = lookup(made.cls, '__init__')
  if (init !== undefined) call(run, init, [made, ...args], kwargs)
  return made
}

/** object.__new__: an empty instance, of the native kind that the class descends from. */
export function allocate(run: Run, cls: PyClass): PyObject {
  for (const c of cls.mro) if (c.create) return c.create(cls, run)
  return new PyObject(cls)
}

/** Runs a function of the program. */
export function callFunction(run: Run, func: PyFunction, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  const { budget } = run
  if (budget.depth >= budget.limits.depth) raise('RecursionError', 'maximum recursion depth exceeded')
  const { definition } = func
  const locals = localNames(definition)
  const caller = run.frame
  const frame = new Frame('function', func.closure.module, func.closure, caller, locals)
  frame.owner = func.owner
  bindArguments(func, args, kwargs, frame.names)
  frame.first = args[0]
  frame.at = caller.at
  budget.depth++
  run.frame = frame
  if (run.listener.entered && definition.kind !== 'Lambda') run.listener.entered(shownParameters(definition), frame)
  try {
    if (definition.kind === 'Lambda') return run.evaluate(definition.body)
    if (locals.generator) return run.generate(frame, definition.body)
    return run.execute(definition.body) ?? null
  } finally {
    run.frame = caller
    budget.depth--
  }
}

/** The parameters that get one argument each, or a tuple of them. */
function shownParameters({ parameters }: ast.FunctionDef): readonly ast.Parameter[] {
  const { positionalOnly, positional, rest, keywordOnly } = parameters
  if (positionalOnly.length === 0 && rest === null && keywordOnly.length === 0) return positional
  return [...positionalOnly, ...positional, ...(rest ? [rest] : []), ...keywordOnly]
}

/** Binds arguments to parameters as Python does, with its errors. */
function bindArguments(func: PyFunction, args: readonly PyValue[], kwargs: Kwargs, names: Map<string, PyValue>): void {
  const { positionalOnly, positional, rest, keywordOnly, keywords } = func.definition.parameters
  const ordered = positionalOnly.length ? [...positionalOnly, ...positional] : positional
  const given = Math.min(args.length, ordered.length)
  for (let i = 0; i < given; i++) names.set(ordered[i]!.name, args[i]!)
  if (rest) names.set(rest.name, tuple(args.slice(ordered.length)))
  else if (args.length > ordered.length) {
    raise('TypeError', `${func.name}() takes ${ordered.length} positional arguments but ${args.length} were given`)
  }
  let left: Map<string, PyValue> | null = keywords ? new Map() : null
  for (const [name, value] of kwargs) {
    const known = positional.some(p => p.name === name) || keywordOnly.some(p => p.name === name)
    if (known) {
      if (names.has(name)) raise('TypeError', `${func.name}() got multiple values for argument '${name}'`)
      names.set(name, value)
    } else if (left) left.set(name, value)
    else raise('TypeError', `${func.name}() got an unexpected keyword argument '${name}'`)
  }
  for (const p of [...ordered, ...keywordOnly]) {
    if (names.has(p.name)) continue
    const value = func.defaults.get(p.name)
    if (value === undefined) raise('TypeError', `${func.name}() missing required argument: '${p.name}'`)
    names.set(p.name, value)
  }
  if (keywords) {
    const all = dict()
    for (const [name, value] of left!) all.entries.set(hashKey(name)!, [name, value])
    left = null
    names.set(keywords.name, all)
  }
}
