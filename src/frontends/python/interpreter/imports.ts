import type * as ast from '../syntax/ast'
import { findAttribute } from './attributes'
import { PyError } from './errors'
import { Frame } from './frame'
import { type Run, raise } from './run'
import { pyModule } from './types'
import { PyModule, PyUnknown, type PyValue } from './values'

/** A module of the program: its file, its names, and the values they have. */
export interface ModuleScope {
  readonly name: string
  readonly file: string | null
  /** The package that relative imports start from. */
  readonly package: string
  readonly names: Map<string, PyValue>
  readonly builtins: ReadonlyMap<string, PyValue>
  readonly value: PyModule
  state: 'new' | 'running' | 'done'
  /** The statement that runs next, where the body has run only in part. */
  next: number
  readonly body: readonly ast.Statement[]
}

/** Finds and runs modules. `library` gives those that are ours (torch, math); `source` those of the program's files. */
export interface Loader {
  library(name: string): PyValue | undefined
  /** A module by its dotted name, parsed but not run; undefined where there is no such file. `directory`: a package without `__init__`. */
  source(name: string): { file: string; body: readonly ast.Statement[]; isPackage: boolean } | 'directory' | undefined
  /** What takes the place of a package whose files are not there. */
  standIn?(name: string): PyValue | undefined
  readonly builtins: ReadonlyMap<string, PyValue>
}

export function moduleScope(
  name: string,
  file: string | null,
  body: readonly ast.Statement[],
  isPackage: boolean,
  loader: Loader,
  run: () => Run,
): ModuleScope {
  const names = new Map<string, PyValue>()
  const scope: ModuleScope = {
    name,
    file,
    package: isPackage ? name : name.split('.').slice(0, -1).join('.'),
    names,
    builtins: loader.builtins,
    body,
    state: 'new',
    next: 0,
    value: pyModule(name, [], member => lazily(scope, member, run()), file),
  }
  // The module's names are the very map, so that what is bound later is seen.
  ;(scope.value as { dict: Map<string, PyValue> }).dict = names
  return scope
}

/** Whether a module imports something of a package at its top level. */
export function importsPackage({ body }: ModuleScope, name: string): boolean {
  const known = packages.get(body)
  if (known) return known.has(name)
  const found = new Set(
    body
      .flatMap(s => (s.kind === 'Import' ? s.names.map(n => n.name) : s.kind === 'ImportFrom' ? [s.module] : []))
      .map(path => path.split('.')[0]!),
  )
  packages.set(body, found)
  return found.has(name)
}
const packages = new WeakMap<readonly ast.Statement[], ReadonlySet<string>>()

/** A submodule asked for as an attribute of its package. */
function lazily(scope: ModuleScope, member: string, run: Run): PyValue | undefined {
  if (scope.state === 'new') {
    runModule(run, scope)
    const found = scope.names.get(member)
    if (found !== undefined) return found
  }
  const getattr = scope.names.get('__getattr__')
  if (getattr !== undefined && scope.state === 'done') {
    try {
      return run.call(getattr, [member])
    } catch (error) {
      if (error instanceof PyError && error.exception.cls.name === 'AttributeError') return undefined
      throw error
    }
  }
  const child = run.modules.get(`${scope.name}.${member}`)
  return child?.value
}

/**
 * Runs a module's body once; a cycle sees what is there so far. With `until`, only as far as these names are bound: the
 * rest runs when something asks for more.
 */
export function runModule(run: Run, scope: ModuleScope, until?: readonly string[]): void {
  if (scope.state !== 'new') return
  scope.state = 'running'
  const { frame, handlers } = run
  run.frame = new Frame('module', scope, null, frame, null, scope.names)
  run.handlers = 0
  run.budget.depth++
  const { body } = scope
  let at = scope.next
  scope.next = body.length
  try {
    if (until) while (at < body.length && !until.every(name => scope.names.has(name))) run.execute([body[at++]!])
    else run.execute(at === 0 ? body : body.slice(at))
    if (until) scope.next = at
  } finally {
    run.budget.depth--
    run.frame = frame
    run.handlers = handlers
    scope.state = scope.next < body.length ? 'new' : 'done'
    for (const bind of late.get(scope) ?? []) bind()
  }
}

/** `import a.b`: of a package that the importing module itself belongs to, nothing is asked yet. */
export function importStatement(run: Run, s: ast.Import): void {
  for (const { name, alias } of s.names) {
    const whole = run.importModule(name, run.frame.module, [])
    if (alias) bindName(run, alias, whole)
    else {
      const top = name.split('.')[0]!
      bindName(run, top, name.includes('.') ? run.importModule(top, run.frame.module, []) : whole)
    }
  }
}

export function importFrom(run: Run, s: ast.ImportFrom): void {
  const base = s.level === 0 ? s.module : relativeName(run.frame.module, s.level, s.module)
  if (base === null) raise('ImportError', 'attempted relative import beyond top-level package')
  if (base === '__future__') return
  const own = s.names.map(({ name }) => ownSubmodule(run, base!, name))
  if (own.every(value => value !== undefined)) {
    for (const [i, { name, alias }] of s.names.entries()) bindName(run, alias ?? name, own[i]!)
    return
  }
  const wanted = s.names.map(n => n.name)
  const module = run.importModule(base!, run.frame.module, wanted.includes('*') ? undefined : wanted)
  for (const { name, alias } of s.names) {
    if (name === '*') {
      if (module instanceof PyModule) importStar(run, module)
      continue
    }
    const member = memberOf(run, module, base!, name)
    bindName(run, alias ?? name, member)
    const scope = run.modules.get(base!)
    if (member instanceof PyUnknown && scope?.state === 'running')
      awaited(scope, name, run.frame, alias ?? name, member)
  }
}

/**
 * A submodule that a module of the same package asks for, where the package itself has not run: in Python it would be
 * under way before, so that what it imports would not come in the middle of the module that asks. Undefined where the
 * package binds the name itself.
 */
function ownSubmodule(run: Run, base: string, name: string): PyValue | undefined {
  if (name === '*' || !run.frame.module.name.startsWith(`${base}.`)) return undefined
  run.importModule(base, run.frame.module, [])
  const scope = run.modules.get(base)
  if (scope?.state !== 'new' || scope.names.has(name) || scope.body.some(s => binds(s, name))) return undefined
  const child = run.importModule(`${base}.${name}`, run.frame.module, [])
  return child instanceof PyUnknown ? undefined : child
}

/** Whether a statement at the top level of a package may bind a name to something else than its submodule. */
function binds(s: ast.Statement, name: string): boolean {
  switch (s.kind) {
    case 'FunctionDef':
    case 'ClassDef':
      return s.name === name
    case 'ImportFrom':
      return s.names.some(n => (n.name === '*' ? s.module === name : (n.alias ?? n.name) === name && s.module !== ''))
    case 'Import':
      return s.names.some(n => (n.alias ?? n.name.split('.')[0]) === name)
    case 'Assign':
      return s.targets.some(t => t.kind !== 'Name' || t.id === name)
    case 'Expression':
    case 'Pass':
      return false
    default:
      return true
  }
}

/** A name that a module which is still running will bind: who imported it too early in a cycle gets it then. */
function awaited(scope: ModuleScope, name: string, { names }: Frame, as: string, unknown: PyUnknown): void {
  const waiting = late.get(scope) ?? []
  late.set(scope, waiting)
  waiting.push(() => {
    const value = scope.names.get(name)
    if (value !== undefined && names.get(as) === unknown) names.set(as, value)
  })
}
const late = new WeakMap<ModuleScope, (() => void)[]>()

function memberOf(run: Run, module: PyValue, base: string, name: string): PyValue {
  if (module instanceof PyUnknown) return new PyUnknown(`${base}.${name} ${reasonTail(module.reason)}`, module.harmless)
  const found = findAttribute(run, module, name)
  if (found !== undefined) return found
  const child = run.importModule(`${base}.${name}`, run.frame.module)
  if (!(child instanceof PyUnknown)) return child
  if (run.handlers > 0 && module instanceof PyModule && run.modules.has(base))
    return raise('ImportError', `cannot import name '${name}' from '${base}'`)
  return new PyUnknown(`${base}.${name} is not modelled`, child.harmless)
}

const reasonTail = (reason: string): string =>
  reason.includes('is not ') ? reason.slice(reason.indexOf('is not ')) : 'is not known'

function importStar(run: Run, module: PyModule): void {
  const all = module.dict.get('__all__')
  const names =
    all !== undefined && all !== null && typeof all === 'object' && 'items' in all
      ? (all.items as PyValue[]).filter(n => typeof n === 'string')
      : [...module.dict.keys()].filter(n => !n.startsWith('_'))
  for (const name of names) {
    const value = findAttribute(run, module, name as string)
    if (value !== undefined) bindName(run, name as string, value)
  }
}

/** `from ..a import b` in package p.q is p.a; null beyond the top. */
function relativeName(scope: ModuleScope, level: number, module: string): string | null {
  const parts = scope.package ? scope.package.split('.') : []
  if (level - 1 > parts.length) return null
  const base = parts.slice(0, parts.length - (level - 1))
  return [...base, ...(module ? [module] : [])].join('.')
}

function bindName(run: Run, name: string, value: PyValue): void {
  const { frame } = run
  if (frame.locals?.global.has(name)) frame.module.names.set(name, value)
  else frame.names.set(name, value)
}
