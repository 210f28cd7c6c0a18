import { isSubclass } from './interpreter/types'
import { PyClass, PyFunction, PyModule, PyUnknown, type PyValue } from './interpreter/values'
import { layerClass, PyLayer } from './keras/layer'
import { isNetwork, modelClass } from './keras/modelClasses'
import type * as ast from './syntax/ast'
import { moduleClass, type PyNNModule } from './torch/module'

/** A model that a file offers: its name, what to evaluate for it, and where it is defined. */
export interface Candidate {
  readonly name: string
  readonly expression: string
  /** Only we call it so: what fails with its defaults may be meant to be given. */
  readonly tried?: boolean
  /** What it has to be given and nothing gives: it is read with these arguments not known. */
  readonly lacks?: readonly string[]
  /** Where the file makes it, when a name in the expression stands for something else by the end: what was made is it. */
  readonly madeAt?: number
  /** The class that it makes an instance of, where that is plain to see. */
  readonly className: string
  readonly start: number
  readonly end: number
}

/** What the top level of a file made and called: modules in the order in which that was done. */
export interface Top {
  readonly names: ReadonlyMap<string, PyValue>
  /** What was called there first. */
  readonly modules: readonly PyNNModule[]
  readonly made: readonly {
    readonly name: string
    readonly module: PyNNModule
    readonly start: number
    readonly end: number
  }[]
  /** What functions of the file made, where that has names. */
  readonly locals: readonly {
    readonly name: string
    readonly module: PyNNModule
    readonly start: number
    readonly end: number
  }[]
  /** The call of the file that made a module; null for what was made elsewhere. */
  readonly textOf: (module: PyNNModule) => string | null
}

/**
 * Factory functions that return a module, then classes that are no part of another class of the file, then modules that
 * the top level gives names, all in text order. What has defaults is made from them; what has none, or is made and called
 * there without a name, as the file makes it first.
 */
export function candidatesOf(body: readonly ast.Statement[], top: Top): Candidate[] {
  const { names } = top
  const factories: Candidate[] = []
  const classes: Candidate[] = []
  const values: Candidate[] = []
  // Scripts of Keras give one name to one model after the other: the last is there in the end.
  const networks = new Map<string, Candidate>()
  const layers = new Map<string, Candidate>()
  const parts = usedInClasses(body)
  const calls = callsOf(top)
  const rebound = reboundIn(body)
  const stale = (expression: string, called: MadeCall | undefined): Pick<Candidate, 'madeAt'> =>
    called?.text === expression && (expression.match(/[A-Za-z_]\w*/g) ?? []).some(name => rebound.has(name))
      ? { madeAt: called.start }
      : {}
  for (const s of body) {
    if (s.kind === 'FunctionDef' && !s.name.startsWith('_')) {
      const made = names.get(s.name)
      const called = calls.get(s.name)
      const plain = hasDefaults(s.parameters, 0) && makesModule(made ?? null, names, new Set())
      if (called || plain) {
        const expression = plain && called?.named !== false ? `${s.name}()` : called!.text
        const tried = called?.text !== expression && takesAny(s.parameters, 0)
        const { start, end } = s
        factories.push({ name: s.name, expression, tried, className: '', start, end, ...stale(expression, called) })
      }
    } else if (s.kind === 'ClassDef') {
      const cls = names.get(s.name)
      const called = calls.get(s.name)
      if (!(cls instanceof PyClass && isModule(cls))) continue
      const plain = !parts.has(s.name) && constructible(cls)
      if (plain || (called && !parts.has(s.name) && !isLoss(cls))) {
        const expression = plain && called?.named !== false ? `${s.name}()` : called!.text
        const init = initOf(cls)
        const tried = called?.text !== expression && init !== null && takesAny(init.parameters, 1)
        const { name, start, end } = s
        classes.push({ name, expression, tried, className: name, start, end, ...stale(expression, called) })
      }
    }
    for (const { id, at } of assignedIn(s)) {
      const now = names.get(id)
      // A name that was given what a file holds, `load_model(…)`, stands for what was made under it before.
      const before = isLoaded(now) ? top.made.findLast(m => m.name === id)?.module : undefined
      const made = before instanceof PyLayer ? before : now
      if (!(made instanceof PyLayer) || isLoss(made.cls)) continue
      const value = { name: id, expression: id, className: made.cls.name, start: at.start, end: at.end }
      if (isNetwork(made)) networks.set(id, value)
      else layers.set(id, value)
    }
  }
  const expressions = new Set([...factories, ...classes].map(c => c.expression))
  const assigned = new Set(
    body.flatMap(s => (s.kind === 'Assign' && s.targets[0]?.kind === 'Name' ? [s.targets[0].id] : [])),
  )
  for (const { name, module, start, end } of top.made) {
    const text = top.textOf(module)
    if (names.get(name) !== module || module instanceof PyLayer || isLoss(module.cls)) continue
    if (text === null ? !assigned.has(name) : expressions.has(text)) continue
    if (values.every(v => v.name !== name))
      values.push({ name, expression: name, className: module.cls.name, start, end })
  }
  const found = [...factories, ...classes, ...values, ...networks.values()]
  if (found.length > 0) return found
  const local = localModels(top)
  return local.length > 0 ? local : [...layers.values()]
}

/**
 * Where a file offers no model: its classes and functions that could make one from arguments which nobody names, those
 * that are a part of another class left out.
 */
export function openCandidates(body: readonly ast.Statement[], names: Top['names']): Candidate[] {
  const parts = usedInClasses(body)
  return body.flatMap((s): Candidate[] => {
    if ((s.kind !== 'FunctionDef' && s.kind !== 'ClassDef') || s.name.startsWith('_') || parts.has(s.name)) return []
    const made = names.get(s.name)
    const isClass = made instanceof PyClass && isModule(made) && !isLoss(made) && isCallable(made)
    const parameters = isClass ? initOf(made)?.parameters : s.kind === 'FunctionDef' ? s.parameters : undefined
    if (!parameters || parameters.positionalOnly.length > 0) return []
    if (!isClass && !makesModule(made ?? null, names, new Set())) return []
    const given = [...parameters.positional.slice(isClass ? 1 : 0), ...parameters.keywordOnly]
    const lacks = given.filter(p => !p.default).map(p => p.name)
    if (lacks.length === 0) return []
    const { name, start, end } = s
    return [{ name, expression: name, tried: true, lacks, className: isClass ? name : '', start, end }]
  })
}

/** What `load_model(…)` gives. */
export const isLoaded = (value: PyValue | undefined): boolean =>
  value instanceof PyUnknown && /\bload_model is not/.test(value.reason)

/** What stands before the name of a model that only functions know. */
export const LOCAL = 'local '

/** Scripts that make their models in functions and give none back: each by the name that it was given last. */
function localModels({ locals }: Top): Candidate[] {
  const last = new Map(locals.map(made => [made.module, made]))
  const byName = new Map([...last.values()].map(made => [made.name, made]))
  return [...byName.values()].map(({ name, module, start, end }) => ({
    name,
    expression: `${LOCAL}${name}`,
    className: module.cls.name,
    start,
    end,
  }))
}

/** Names to which a statement of the top level gives something, in its blocks, too: `if __name__ == '__main__': …`. */
function* assignedIn(s: ast.Statement): Generator<{ id: string; at: ast.Statement }> {
  if (s.kind === 'Assign' && s.targets[0]) yield* namesOf(s.targets[0], s)
  else if (s.kind === 'AnnotatedAssign') yield* namesOf(s.target, s)
  else if (BLOCKS.has(s.kind)) {
    const { body, orelse = [], finalbody = [] } = s as ast.With & Partial<ast.Try>
    for (const inner of [...body, ...orelse, ...finalbody]) yield* assignedIn(inner)
  }
}
const BLOCKS: ReadonlySet<ast.Statement['kind']> = new Set(['If', 'For', 'While', 'With', 'Try'])

/** `model`, and both of `encoder, decoder`. */
function* namesOf(target: ast.Expression, at: ast.Statement): Generator<{ id: string; at: ast.Statement }> {
  if (target.kind === 'Name') yield { id: target.id, at }
  else if (target.kind === 'Tuple' || target.kind === 'List') for (const item of target.items) yield* namesOf(item, at)
}

/** The first call of each class and function whose module the top level called or gave a name. */
function callsOf({ modules, made, textOf }: Top): Map<string, MadeCall> {
  const calls = new Map<string, MadeCall>()
  const named = new Set(made.map(m => m.module))
  for (const module of new Set([...modules, ...named])) {
    const text = module instanceof PyLayer ? null : textOf(module)
    const name = text === null ? undefined : /^(\w+)\s*\(/.exec(text)?.[1]
    if (name !== undefined && !calls.has(name))
      calls.set(name, { text: text!, start: module.madeBy!.start, named: named.has(module) })
  }
  return calls
}

/** Names that the top level binds more than once. */
function reboundIn(body: readonly ast.Statement[]): Set<string> {
  const bound = new Set<string>()
  const again = new Set<string>()
  for (const { id } of body.flatMap(s => [...assignedIn(s)])) (bound.has(id) ? again : bound).add(id)
  return again
}

/** A call as it is spelled; what has a name of its own stands in the list by that. */
interface MadeCall {
  readonly text: string
  readonly start: number
  readonly named: boolean
}

const isModule = (value: PyValue | undefined): boolean =>
  value instanceof PyClass && !value.native && (isSubclass(value, moduleClass) || isSubclass(value, modelClass))

/** What a program trains with is no network: it takes what one gave, and the answer. */
const isLoss = ({ name }: PyClass): boolean => /(?:Loss|Criterion)$/.test(name)

/** Whether the program says what a call of its instances does. */
function isCallable(cls: PyClass): boolean {
  const call = isSubclass(cls, layerClass) ? 'call' : 'forward'
  return cls.mro.some(c => !c.native && c.dict.has(call))
}

/** Whether `__init__` can be called without arguments. */
function constructible(cls: PyClass): boolean {
  if (!isCallable(cls)) return false
  const init = initOf(cls)
  return init === null || hasDefaults(init.parameters, 1)
}

/** The constructor that the program defines; null where it is one of ours. */
function initOf(cls: PyClass): ast.FunctionDef | null {
  const init = cls.mro.map(c => c.dict.get('__init__')).find(f => f !== undefined)
  return init instanceof PyFunction && init.definition.kind === 'FunctionDef' ? init.definition : null
}

/** Whether anything can be given to a call, besides the first `skip`. */
const takesAny = ({ positionalOnly, positional, rest, keywordOnly, keywords }: ast.Parameters, skip: number): boolean =>
  positionalOnly.length + positional.length > skip || keywordOnly.length > 0 || rest !== null || keywords !== null

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
  const { names: used, called } = mentionedIn(body)
  const scope = inner.closure.module.names
  if (called.some(({ name }) => KERAS_MODELS.has(name))) return true
  for (const { of: module, name } of called) {
    if (module === null) continue
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

/** `keras.Model(…)`, `models.Sequential(…)`, whatever module they are members of. */
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

/** Whether a function gives something else than what is no module to the eye: a list of layers, a name, a number. */
const returnsSomething = (body: readonly ast.Statement[]): boolean =>
  body.some(
    s =>
      (s.kind === 'Return' && s.value !== null && !NO_MODULES.has(s.value.kind)) ||
      ('body' in s &&
        Array.isArray(s.body) &&
        s.kind !== 'FunctionDef' &&
        s.kind !== 'ClassDef' &&
        returnsSomething(s.body as ast.Statement[])) ||
      ('orelse' in s && returnsSomething(s.orelse)),
  )

const NO_MODULES: ReadonlySet<ast.Expression['kind']> = new Set([
  'List',
  'Tuple',
  'Set',
  'Dict',
  'ListComp',
  'SetComp',
  'DictComp',
  'GeneratorExp',
  'String',
  'Number',
])

/** What the body of a function reads. */
interface Mentioned {
  readonly names: Set<string>
  /** The members that it calls, `resnet.ResNet(…)`; `of` is null where they are members of no plain name. */
  readonly called: { readonly of: string | null; readonly name: string }[]
}

/** Factories often end in one and the same function: each body is gone over once. */
function mentionedIn(body: readonly ast.Statement[]): Mentioned {
  let known = mentioned.get(body)
  if (!known) {
    known = { names: new Set(), called: [] }
    mentions(body, known.names, known.called)
    mentioned.set(body, known)
  }
  return known
}
const mentioned = new WeakMap<readonly ast.Statement[], Mentioned>()

/** Every name that is read below a node of the tree, and the members that are called. */
function mentions(node: unknown, into: Set<string>, called: Mentioned['called'] | null = null): void {
  if (Array.isArray(node)) {
    for (const item of node) mentions(item, into, called)
  } else if (node !== null && typeof node === 'object') {
    const { kind, func } = node as Partial<ast.Call>
    if ((kind as string) === 'Name') {
      into.add((node as ast.Name).id)
      return
    }
    if (called && kind === 'Call' && func?.kind === 'Attribute')
      called.push({ of: func.value.kind === 'Name' ? func.value.id : null, name: func.name })
    for (const key in node) {
      const value = (node as Record<string, unknown>)[key]
      if (typeof value === 'object') mentions(value, into, called)
    }
  }
}
