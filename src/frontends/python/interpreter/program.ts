import type * as ast from '../syntax/ast'
import { Budget, type Limits } from './budget'
import { call } from './call'
import { ReturnJump } from './errors'
import { evaluate, executeBody } from './evaluate'
import { Frame } from './frame'
import { generator } from './generators'
import { type Loader, type ModuleScope, moduleScope, runModule } from './imports'
import type { Listener, Run } from './run'
import { PyModule, PyUnknown, type PyValue } from './values'

/** Sets a program up: nothing runs yet. */
export function newRun(loader: Loader, listener: Listener, limits?: Limits): Run {
  const modules = new Map<string, ModuleScope>()
  const root = moduleScope('__none__', null, [], false, loader, () => run)
  const run: Run = {
    budget: new Budget(limits),
    listener,
    modules,
    frame: new Frame('module', root, null, null, null, root.names),
    handlers: 0,
    guess: null,
    state: new Map(),
    importModule: (name, from, wanted) => importModule(run, loader, name, from, wanted),
    call: (callee, args, kwargs) => call(run, callee, args, kwargs),
    evaluate: expression => evaluate(run, expression),
    generate: (frame, body) => generator(run, frame, body),
    execute(body) {
      const jump = executeBody(run, body)
      return jump instanceof ReturnJump ? (jump.value as PyValue) : undefined
    },
  }
  return run
}

/** Adds a module that is already parsed, such as the file that is looked at. */
export function addModule(
  run: Run,
  loader: Loader,
  name: string,
  file: string,
  body: readonly ast.Statement[],
  isPackage = false,
): ModuleScope {
  const scope = moduleScope(name, file, body, isPackage, loader, () => run)
  run.modules.set(name, scope)
  return scope
}

/** A module by its dotted name: one of ours, one that runs already, one of the program's files, else unknown. */
function importModule(
  run: Run,
  loader: Loader,
  name: string,
  _from: ModuleScope | null,
  wanted?: readonly string[],
): PyValue {
  const known = run.modules.get(name)
  if (known) {
    runModule(run, known, ownModuleAsks(run, name) ? wanted : undefined)
    return known.value
  }
  const ours = loader.library(name)
  if (ours !== undefined) return ours
  const parts = name.split('.')
  const found = loader.source(name)
  if (found === undefined) {
    const standIn = loader.standIn?.(name)
    if (standIn !== undefined && loader.source(parts[0]!) === undefined) return standIn
    const parent = parts.length > 1 ? importModule(run, loader, parts.slice(0, -1).join('.'), _from) : undefined
    if (parent instanceof PyModule) {
      const member = parent.dict.get(parts.at(-1)!)
      if (member instanceof PyModule) return member
    }
    return new PyUnknown(
      parent instanceof PyUnknown ? parent.reason : `${name} is not found`,
      parent instanceof PyUnknown && parent.harmless,
    )
  }
  const scope =
    found === 'directory'
      ? addModule(run, loader, name, '', [], true)
      : addModule(run, loader, name, found.file, found.body, found.isPackage)
  runModule(run, scope, ownModuleAsks(run, name) ? wanted : undefined)
  // A parent package is there as a name, but its __init__ runs only when something asks it for a member.
  if (parts.length > 1) parentOf(run, loader, parts)?.names.set(parts.at(-1)!, scope.value)
  return scope.value
}

/** Whether a module below this package is being run now: in Python the package would be under way before it. */
function ownModuleAsks(run: Run, name: string): boolean {
  for (const [other, { state }] of run.modules) if (state === 'running' && other.startsWith(`${name}.`)) return true
  return false
}

function parentOf(run: Run, loader: Loader, parts: readonly string[]): ModuleScope | undefined {
  const name = parts.slice(0, -1).join('.')
  const known = run.modules.get(name)
  if (known) return known
  const found = loader.source(name)
  if (found === undefined) return undefined
  return found === 'directory'
    ? addModule(run, loader, name, '', [], true)
    : addModule(run, loader, name, found.file, found.body, found.isPackage)
}
