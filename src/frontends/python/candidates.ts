import { isSubclass } from './interpreter/types'
import { PyClass, PyFunction, PyModule, type PyValue } from './interpreter/values'
import { layerClass } from './keras/layer'
import { modelClass } from './keras/models'
import type * as ast from './syntax/ast'
import { moduleClass, PyNNModule } from './torch/module'

/** A model that a file offers: its name, what to evaluate for it, and where it is defined. */
export interface Candidate {
  readonly name: string
  readonly expression: string
  /** The class that it makes an instance of, where that is plain to see. */
  readonly className: string
  readonly start: number
  readonly end: number
}

/**
 * Factory functions that return a module, then classes that can be made from their defaults and are no part of another
 * class of the file, then modules that stand at the top level, all in text order.
 */
export function candidatesOf(body: readonly ast.Statement[], names: ReadonlyMap<string, PyValue>): Candidate[] {
  const factories: Candidate[] = []
  const classes: Candidate[] = []
  const values: Candidate[] = []
  const parts = usedInClasses(body)
  for (const s of body) {
    if (s.kind === 'FunctionDef' && !s.name.startsWith('_')) {
      const made = names.get(s.name)
      if (hasDefaults(s.parameters, 0) && makesModule(made ?? null, names, new Set()))
        factories.push({ name: s.name, expression: `${s.name}()`, className: '', start: s.start, end: s.end })
    } else if (s.kind === 'ClassDef') {
      const cls = names.get(s.name)
      if (cls instanceof PyClass && isModule(cls) && !parts.has(s.name) && constructible(cls)) {
        classes.push({ name: s.name, expression: `${s.name}()`, className: s.name, start: s.start, end: s.end })
      }
    } else if (s.kind === 'Assign' && s.targets[0]?.kind === 'Name') {
      const { id } = s.targets[0]
      const made = names.get(id)
      if (made instanceof PyNNModule && !isLoss(made.cls))
        values.push({ name: id, expression: id, className: made.cls.name, start: s.start, end: s.end })
    }
  }
  return [...factories, ...classes, ...values]
}

const isModule = (value: PyValue | undefined): boolean =>
  value instanceof PyClass && !value.native && (isSubclass(value, moduleClass) || isSubclass(value, modelClass))

/** What a program trains with is no network: it takes what one gave, and the answer. */
const isLoss = ({ name }: PyClass): boolean => /(?:Loss|Criterion)$/.test(name)

/** Whether `__init__` can be called without arguments. */
function constructible(cls: PyClass): boolean {
  const init = cls.mro.map(c => c.dict.get('__init__')).find(f => f !== undefined)
  const call = isSubclass(cls, layerClass) ? 'call' : 'forward'
  if (cls.mro.every(c => c.native || !c.dict.has(call))) return false
  return init instanceof PyFunction
    ? init.definition.kind === 'FunctionDef' && hasDefaults(init.definition.parameters, 1)
    : true
}

const hasDefaults = ({ positionalOnly, positional, keywordOnly }: ast.Parameters, skip: number): boolean =>
  [...positionalOnly, ...positional].slice(skip).every(p => p.default) && keywordOnly.every(p => p.default)

/** Names that the bodies of classes mention: what they are built from. */
function usedInClasses(body: readonly ast.Statement[]): Set<string> {
  const used = new Set<string>()
  for (const s of body) {
    if (s.kind !== 'ClassDef') continue
    const own = new Set<string>()
    for (const inner of s.body) mentions(inner, own)
    own.delete(s.name)
    for (const name of own) used.add(name)
  }
  return used
}

/** Whether a function returns a module: it calls a module class, or another function that does. */
function makesModule(value: PyValue, names: ReadonlyMap<string, PyValue>, seen: Set<PyValue>): boolean {
  if (!(value instanceof PyFunction) || value.definition.kind !== 'FunctionDef' || seen.has(value) || seen.size > 50)
    return false
  seen.add(value)
  const inner = innermost(value)
  const { body } = inner.definition as ast.FunctionDef
  if (!returnsSomething(body)) return false
  const used = new Set<string>()
  for (const s of body) mentions(s, used)
  const scope = inner.closure.module.names
  if (namesKerasModel(body)) return true
  for (const [module, name] of membersCalled(body)) {
    const found = scope.get(module)
    const member = found instanceof PyModule ? found.dict.get(name) : undefined
    if (member !== undefined && makesModule(member, names, seen)) return true
  }
  for (const name of used) {
    const found = scope.get(name) ?? names.get(name)
    if (found === undefined) continue
    if (isModule(found) || isKeras(found) || makesModule(found, names, seen)) return true
  }
  return false
}

/** Model, Functional and Sequential themselves: a function that names one makes one. */
const isKeras = (value: PyValue): boolean => value instanceof PyClass && value.native && isSubclass(value, modelClass)

/** `resnet.ResNet(…)`: functions of modules that are called. */
function membersCalled(node: unknown): [string, string][] {
  if (Array.isArray(node)) return node.flatMap(membersCalled)
  if (node === null || typeof node !== 'object') return []
  const { kind, func } = node as Partial<ast.Call>
  const inside = Object.values(node).flatMap(value => (typeof value === 'object' ? membersCalled(value) : []))
  return kind === 'Call' && func?.kind === 'Attribute' && func.value.kind === 'Name'
    ? [[func.value.id, func.name], ...inside]
    : inside
}

/** `keras.Model(…)`, `models.Sequential(…)`, whatever module they are members of. */
function namesKerasModel(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(namesKerasModel)
  if (node === null || typeof node !== 'object') return false
  const { kind, func } = node as Partial<ast.Call>
  if (kind === 'Call' && func?.kind === 'Attribute' && KERAS_MODELS.has(func.name)) return true
  return Object.values(node).some(value => typeof value === 'object' && namesKerasModel(value))
}
const KERAS_MODELS = new Set(['Model', 'Functional', 'Sequential'])

/** What a decorator wrapped (functools.wraps). */
function innermost(func: PyFunction): PyFunction {
  let inner = func
  for (let i = 0; i < 10; i++) {
    const wrapped = inner.attrs?.get('__wrapped__')
    if (!(wrapped instanceof PyFunction) || wrapped.definition.kind !== 'FunctionDef') break
    inner = wrapped
  }
  return inner
}

const returnsSomething = (body: readonly ast.Statement[]): boolean =>
  body.some(
    s =>
      (s.kind === 'Return' && s.value !== null) ||
      ('body' in s &&
        Array.isArray(s.body) &&
        s.kind !== 'FunctionDef' &&
        s.kind !== 'ClassDef' &&
        returnsSomething(s.body as ast.Statement[])) ||
      ('orelse' in s && returnsSomething(s.orelse)),
  )

/** Every name that is read below a node of the tree. */
function mentions(node: unknown, into: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) mentions(item, into)
  } else if (node !== null && typeof node === 'object') {
    if ((node as { kind?: unknown }).kind === 'Name') into.add((node as ast.Name).id)
    else for (const value of Object.values(node)) if (typeof value === 'object') mentions(value, into)
  }
}
