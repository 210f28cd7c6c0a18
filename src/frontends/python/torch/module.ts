import { LazyMap } from '../../../base/lazyMap'
import type { Span } from '../../../base/text'
import type { Layer, Origin, Site, Weight } from '../../../core/graph'
import type { Attributes, OpName } from '../../../core/ops'
import { findAttribute, setPlain } from '../interpreter/attributes'
import { call } from '../interpreter/call'
import { addToDict } from '../interpreter/entries'
import { type Run, raise } from '../interpreter/run'
import { dict, lookup, nativeClass, nativeMethod, tuple } from '../interpreter/types'
import { unknownBase } from '../interpreter/unknownBase'
import {
  asString,
  isUnknown,
  type Kwargs,
  type PyClass,
  PyObject,
  PyTuple,
  PyUnknown,
  type PyValue,
} from '../interpreter/values'
import { PyParameter, PyTensor } from './tensor'
import { traceOf } from './trace'
import { tensorsIn } from './values'

export const moduleClass = nativeClass('Module', undefined, 'torch.nn')

/** An nn.Module: what it registers, in order. Null stands where None was assigned. */
export class PyNNModule extends PyObject {
  readonly parameters: Map<string, PyParameter | null> = new LazyMap()
  readonly buffers: Map<string, PyTensor | null> = new LazyMap()
  readonly modules: Map<string, PyNNModule | PyUnknown | null> = new LazyMap()
  training = false
  /** What the program itself does to get it ready for use has been done. */
  prepared = false
  /** Module.__init__ has run: before it nothing can be registered. */
  initialized = false
  /** `layer1.0.conv2`, given when the model is complete. */
  path: string | null = null
  /** Where it was constructed, innermost first outside its own __init__ chain. */
  site: Site | null = null
  /** The line of the program that assigned it to an attribute first: it asked for what a helper built. */
  asked: Site | null = null
  /** The call of the analysed file whose function gave it, the outermost one. */
  returned: { readonly file: string; readonly at: Span; readonly name: string } | null = null
  /** The call at the top level of the analysed file that made it, or whose function gave it. */
  madeBy: (Span & { readonly file: string | null }) | null = null
  /** The layer that the graph knows it by, once it was called or adopted. */
  layer: Layer | null = null
  /** Parts of it that are not known: they may own weights. */
  readonly unknownParts: string[] = []
  /** Where parts of which nothing is known were assigned, by attribute. */
  readonly lostAt: Map<string, Site> = new LazyMap()
  /** What the program hung in before and after its calls. */
  readonly hooks: Hook[] = []
  override lose(reason: string): void {
    this.unknownParts.push(reason)
  }
  override get counts(): boolean {
    return true
  }
  override leaveOpen(reason: string): boolean {
    if (!this.unknownParts.includes(reason)) this.unknownParts.push(reason)
    return true
  }
}

/** A function of the program that runs with a module's calls, and may change what goes in or comes out. */
export interface Hook {
  readonly before: boolean
  readonly withKwargs: boolean
  readonly func: PyValue
}

/** What a module takes of memory, in items of lists. */
const SIZE_OF_MODULE = 300

moduleClass.create = (cls, run) => {
  run.budget.made(SIZE_OF_MODULE)
  const made = new PyNNModule(cls)
  const { frame } = run
  const maker = cls.mro.find(c => c.dict.has('__init__'))
  if (frame.kind === 'module') made.madeBy = placeOf(frame)
  made.site = traceOf(run).places.site(frame.module.file, frame.at, cls.name, maker && signatures.get(maker))
  return made
}

/** The call that a frame is at. */
export const placeOf = ({ module: { file }, at: { start, end } }: Run['frame']): NonNullable<PyNNModule['madeBy']> => ({
  file,
  start,
  end,
})

/** The arguments of the constructors that are ours, as `Layer.signature` says them. */
export const signatures = new WeakMap<PyClass, string>()

/** Registration: what is assigned to an attribute decides where it goes (torch/nn/modules/module.py, __setattr__). */
export function setModuleAttribute(run: Run, self: PyNNModule, name: string, value: PyValue): void {
  if (name === 'training' && typeof value === 'boolean') {
    self.training = value
    return
  }
  if (!self.initialized && (value instanceof PyParameter || value instanceof PyNNModule) && isPlain(self.cls))
    raise('AttributeError', 'cannot assign module before Module.__init__() call')
  if (value instanceof PyParameter && value.weight.kind !== 'buffer') {
    remove(self, name)
    self.parameters.set(name, value)
    guessed(run, self)
  } else if (value instanceof PyNNModule) {
    registerModule(self, name, value)
    guessed(run, self)
    const { frame } = run
    // A line that only passes on what it was given did not ask for it.
    if ((frame.at as { kind?: string }).kind === 'Call')
      value.asked ??= traceOf(run).places.site(frame.module.file, frame.at, name)
  } else if (isUnknown(value) && !value.harmless && (self.modules.has(name) || mayOwnWeights(value))) {
    registerModule(self, name, value)
    const { frame } = run
    const site = traceOf(run).places.site(frame.module.file, frame.at, name)
    self.lostAt.set(name, site)
    lostParts.set(value, { of: self, name, site })
  } else if (self.parameters.has(name)) {
    if (value === null) self.parameters.set(name, null)
    else setElsewhere(run, self, name, value, self.parameters)
  } else if (self.modules.has(name)) {
    if (value === null) self.modules.set(name, null)
    else setElsewhere(run, self, name, value, self.modules)
  } else if (self.buffers.has(name) && (value === null || value instanceof PyTensor)) self.buffers.set(name, value)
  else setPlain(run, self, name, value)
}

/** A part of a module of which nothing is known, and where it is declared. */
interface LostPart {
  readonly of: PyNNModule
  readonly name: string
  readonly site: Site
}
const lostParts = new WeakMap<PyUnknown, LostPart>()

/** Where a call belongs of something that is not known: to the part of a module that it is, where it is one. */
export function lostPart(value: PyUnknown): { readonly path: string; readonly site: Site } | undefined {
  const part = lostParts.get(value)
  return part && { path: part.of.path ? `${part.of.path}.${part.name}` : part.name, site: part.site }
}

/** A part takes the place of one with its name: parts are called and listed in the order in which their names came up. */
function registerModule(self: PyNNModule, name: string, value: PyNNModule | PyUnknown): void {
  if (!self.modules.has(name)) remove(self, name)
  self.modules.set(name, value)
}

/** Something was registered of which it is not known whether it is, or how often: the count of what there is is not known. */
export function guessed(run: Run, self: PyNNModule): void {
  if (run.guess && !self.unknownParts.includes(run.guess.reason)) self.unknownParts.push(run.guess.reason)
}

/** Of the classes of ours, only Module itself is among its bases, whose initializer the program must call. */
const isPlain = (cls: PyClass): boolean => cls.mro.find(c => c.native) === moduleClass && unknownBase(cls) === null

function setElsewhere(run: Run, self: PyNNModule, name: string, value: PyValue, from: Map<string, unknown>): void {
  from.delete(name)
  setPlain(run, self, name, value)
}

/** Unknown values that come from calls of things that are not modelled, or that failed, may be modules. */
const mayOwnWeights = (value: PyUnknown): boolean =>
  /^\w+Error: /.test(value.reason) ||
  value.reason.endsWith('is not modelled') ||
  value.reason.endsWith('is not found') ||
  value.reason.endsWith('is not known')

function remove(self: PyNNModule, name: string): void {
  self.attrs?.delete(name)
  self.parameters.delete(name)
  self.buffers.delete(name)
  self.modules.delete(name)
}

const method = (
  name: string,
  run: (run: Run, self: PyNNModule, args: readonly PyValue[], kwargs: Kwargs) => PyValue,
): void =>
  void moduleClass.dict.set(
    name,
    nativeMethod(name, (r, [self, ...args], kwargs) =>
      self instanceof PyNNModule ? run(r, self, args, kwargs) : new PyUnknown('a module that is not known'),
    ),
  )

method('__init__', (_, self) => {
  self.initialized = true
  return null
})
method('__setattr__', (run, self, [name, value]) => {
  setModuleAttribute(run, self, asString(name!) ?? '', value!)
  return null
})
method('__getattr__', (_, self, [name]) => {
  const found = registered(self, asString(name!) ?? '')
  if (found !== undefined) return found
  const base = unknownBase(self.cls)
  return base === null
    ? raise('AttributeError', `'${self.cls.name}' object has no attribute '${asString(name!)}'`)
    : new PyUnknown(base)
})
method('__delattr__', (_, self, [name]) => {
  remove(self, asString(name!) ?? '')
  return null
})
method('__call__', (run, self, args, kwargs) => callModule(run, self, args, kwargs))

/** What a module registered under a name. */
export function registered(self: PyNNModule, name: string): PyValue | undefined {
  if (name === 'training') return self.training
  if (self.parameters.has(name)) return self.parameters.get(name)!
  if (self.buffers.has(name)) return self.buffers.get(name)!
  if (self.modules.has(name)) return self.modules.get(name)!
  return undefined
}

/** A module that is called outside any other. */
export interface RootCall {
  readonly module: PyNNModule
  readonly args: readonly PyValue[]
}
type RootListener = (call: RootCall) => void
const ROOT = Symbol('root call')
export const onRootCall = (run: Run, listener: RootListener): void => void run.state.set(ROOT, listener)

/** Calls `forward`, with the hooks around it, and draws it. */
export function callModule(run: Run, self: PyNNModule, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  if (self.hooks.length === 0) return callForward(run, self, args, kwargs)
  let given = args
  for (const { func } of self.hooks.filter(h => h.before)) {
    const changed = call(run, func, [self, tuple(given)])
    if (changed !== null && !isUnknown(changed)) given = changed instanceof PyTuple ? changed.items : [changed]
  }
  let result = callForward(run, self, given, kwargs)
  for (const { func, withKwargs } of self.hooks.filter(h => !h.before)) {
    const options = dict()
    for (const [name, value] of kwargs) addToDict(options, name, value)
    const changed = call(run, func, [self, tuple(given), ...(withKwargs ? [options] : []), result])
    if (changed !== null && !isUnknown(changed)) result = changed
  }
  return result
}

/** A composite is a scope of the graph, a layer of ours a node. */
function callForward(run: Run, self: PyNNModule, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  // A program may give an object its own: self.forward = self.forward_fast.
  const own = self.attrs?.get('forward')
  const forward = own ?? lookup(self.cls, 'forward')
  const base = unknownBase(self.cls)
  if (forward === undefined || forward === null) {
    if (base !== null) return lostCall(run, self, base, args, kwargs)
    return raise('NotImplementedError', `Module [${self.cls.name}] is missing the required "forward" function`)
  }
  const trace = traceOf(run)
  const origin = originOf(run, self)
  tellGuess(run)
  const inputs = tensorsIn(kwargs.size === 0 ? args : [...args, ...kwargs.values()])
  if (trace.path.length === 0 && run.frame.kind === 'function' && trace.builds(inputs)) {
    return trace.aside(() => callForward(run, self, args, kwargs))
  }
  if (trace.path.length === 0) (run.state.get(ROOT) as RootListener | undefined)?.({ module: self, args })
  trace.path.push(origin.path)
  try {
    const known = (value: PyValue): PyValue =>
      isUnknown(value) && !value.harmless && inputs.length > 0 ? lostTensor(run, value) : value
    const given = own === undefined ? [self, ...args] : args
    if (own === undefined && self.cls.mro.find(c => c.dict.has('forward'))!.native && !isContainer(self))
      return known(call(run, forward, given, kwargs))
    let result: PyValue = null
    trace.builder.scope(
      origin,
      inputs.map(t => t.value),
      () => {
        result = known(call(run, forward, given, kwargs))
        return tensorsIn([result]).map(t => t.value)
      },
    )
    return result
  } finally {
    trace.path.pop()
  }
}

/** A module is called of which it is not known whether it is, or how often: said once for a branch or loop. */
function tellGuess(run: Run): void {
  if (run.guess === null || run.guess.told) return
  run.guess.told = true
  traceOf(run).unknown(run, nameOf(run.guess.reason), run.guess.reason, [], [])
}

/** The tensor that an unknown value must be where a module gets it or gives it: one for each, with its reason. */
export function lostTensor(run: Run, value: PyUnknown): PyTensor {
  const trace = traceOf(run)
  let known = lost.get(value)
  if (known?.builder !== trace.builder) {
    known = { builder: trace.builder, tensor: trace.unknown(run, nameOf(value.reason), value.reason, [])[0]! }
    lost.set(value, known)
  }
  return known.tensor
}
const lost = new WeakMap<PyUnknown, { readonly builder: unknown; readonly tensor: PyTensor }>()

/** `F.fold is not modelled` speaks of fold; other reasons name nothing. */
const nameOf = (reason: string): string => /^(?:[\w.]*\.)?(\w+) is not /.exec(reason)?.[1] ?? 'unknown'

/** Containers of ours call what the program built; they are composites too. */
export const CONTAINERS = new Set<PyClass>()
const isContainer = (self: PyNNModule): boolean => self.cls.mro.some(c => CONTAINERS.has(c))

function lostCall(run: Run, self: PyNNModule, reason: string, args: readonly PyValue[], kwargs: Kwargs): PyValue {
  return traceOf(run).unknown(run, self.cls.name, reason, tensorsIn([...args, ...kwargs.values()]))[0]!
}

/** The origin of a call of a module: where it was built, its path, and where it is called now. */
export function originOf(run: Run, self: PyNNModule): Origin {
  const trace = traceOf(run)
  const called = trace.places.site(run.frame.module.file, run.frame.at, self.cls.name)
  const site = self.site ?? called
  const { path, asked, returned, cls } = self
  const origin: { -readonly [K in keyof Origin]: Origin[K] } = { site, path: path ?? cls.name, type: cls.name, called }
  if (path) origin.name = shortName(path)
  if (asked && asked !== site) origin.asked = asked
  const giver = returned && trace.places.site(returned.file, returned.at, returned.name)
  if (giver && giver !== site) origin.returned = giver
  return origin
}

/** `layer1.0.conv2` is conv2; `features.3` stays features.3; of the layers of a plain Sequential `2` is layer 2. */
export function shortName(path: string): string {
  let start = path.length
  do {
    const end = start
    start = path.lastIndexOf('.', end - 1)
    if (!isNumber(path, start + 1, end)) return path.slice(start + 1)
  } while (start > 0)
  return `layer ${path}`
}

function isNumber(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (text[at]! < '0' || text[at]! > '9') return false
  return end > start
}

/** Draws the one op of a leaf module with its registered parameters. */
export function callLayer<K extends OpName>(
  run: Run,
  self: PyNNModule,
  op: K,
  attributes: Attributes<K>,
  inputs: readonly PyTensor[],
): PyTensor[] {
  const trace = traceOf(run)
  const origin = originOf(run, self)
  const known = self.layer as unknown as Layer<K> | null
  const weights = weightsOf(self)
  const same =
    known !== null &&
    known.op === op &&
    known.origin.path === origin.path &&
    sameAttributes(known.attributes, attributes) &&
    known.weights.length === weights.length &&
    known.weights.every((w, i) => w === weights[i])
  const layer = same ? known : trace.builder.detached(op, attributes, origin, weights)
  if (!same) self.layer = layer as unknown as Layer
  return trace.layer(layer as unknown as Layer, inputs, origin)
}

/** Programs change the stride or dilation of layers between calls. */
const sameAttributes = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/** A module's own weights, as the graph counts them: parameters, then floating buffers. */
export function weightsOf(self: PyNNModule): Weight[] {
  const weights: Weight[] = []
  for (const p of self.parameters.values()) if (p) weights.push(p.weight)
  for (const b of self.buffers.values()) if (b instanceof PyParameter) weights.push(b.weight)
  return weights
}

/** Every module below and including `self`, each once, with its path (named_modules). */
export function namedModules(self: PyNNModule, prefix = ''): [string, PyNNModule][] {
  const found: [string, PyNNModule][] = []
  const seen = new Set<PyNNModule>()
  const visit = (path: string, module: PyNNModule): void => {
    if (seen.has(module)) return
    seen.add(module)
    found.push([path, module])
    for (const [name, child] of module.modules) {
      if (child instanceof PyNNModule) visit(path ? `${path}.${name}` : name, child)
    }
  }
  visit(prefix, self)
  return found
}

/** Reads an attribute of a module that ours set and the program may have changed. */
export const attribute = (run: Run, self: PyNNModule, name: string): PyValue | undefined =>
  findAttribute(run, self, name)
