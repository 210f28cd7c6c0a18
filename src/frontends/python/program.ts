import type { Span } from '../../base/text'
import { N } from '../../core/dim'
import { type Graph, GraphBuilder, type Origin, type Value } from '../../core/graph'
import type { BuildOptions, BuiltModel, InputShape, KerasModel, Source } from '../frontend'
import { type BindingLog, bindingLog } from './bindings'
import type { Drawn, Guess } from './doubts'
import { type Failure, failureProblems, LACKS } from './failures'
import { type Files, parsed } from './files'
import { near } from './fixes/names'
import { lastName } from './fixes/tree'
import { annotatedInputs, likelyInput, requiredInputs, sizesOf } from './inputs'
import { LIMITS, type Limits } from './interpreter/budget'
import { builtins } from './interpreter/builtins'
import { call, UNKNOWN_CALL, type UnknownCall } from './interpreter/call'
import { type Place, PyError, Stopped, Unknown } from './interpreter/errors'
import { evaluate } from './interpreter/evaluate'
import { Frame } from './interpreter/frame'
import { type Loader, type ModuleScope, runModule } from './interpreter/imports'
import { standardLibrary } from './interpreter/library'
import { addModule, newRun } from './interpreter/program'
import type { Run } from './interpreter/run'
import { exceptionText } from './interpreter/text'
import { list } from './interpreter/types'
import { PyList, PyTuple, PyUnknown, type PyValue } from './interpreter/values'
import { applicationsLibrary } from './keras/applicationsPackage'
import {
  adoptParts,
  type Definitions,
  definitions,
  isDefining,
  kerasArguments,
  kerasInputs,
  nameLayers,
} from './keras/drawing'
import { onRootLayer, PyLayer } from './keras/layer'
import { layerMembers } from './keras/layers'
import { kerasLibrary } from './keras/library'
import { declaredInputs, modelBetween } from './keras/models'
import { snakeCase } from './keras/names'
import { type ProgramPlaces, programPlaces } from './places'
import type { Call } from './syntax/ast'
import { parse } from './syntax/parser'
import { tensorflowLibrary } from './tensorflow/library'
import { torchLibrary } from './torch/library'
import { lostPart, namedModules, onRootCall, PyNNModule, placeOf, shortName, weightsOf } from './torch/module'
import { prepareEval } from './torch/moduleMethods'
import { standIns } from './torch/standIns'
import { PyTensor } from './torch/tensor'
import { setTrace, Trace, traceOf } from './torch/trace'
import { tensorsIn } from './torch/values'

/** A module called at the top of the program, or handed to a summary function, with the sizes it was given. */
export interface Usage {
  readonly of: PyNNModule
  readonly className: string
  readonly inputs: readonly (readonly (number | null)[])[]
  /** The batch that all of them have; null where they differ or it is not known. */
  readonly batch: number | null
  /** What its first layer takes: a model made with other arguments is not used with these inputs. */
  readonly takes: string
}

/** A module that a name of the file's top level was given, in the order in which that was done. */
export interface Made {
  readonly name: string
  readonly module: PyNNModule
  readonly start: number
  readonly end: number
}

/** One run of a file: its module is run, and what is asked for is drawn. */
export interface Session {
  readonly run: Run
  readonly scope: ModuleScope
  readonly trace: Trace
  readonly places: ProgramPlaces
  readonly usages: readonly Usage[]
  readonly made: readonly Made[]
  /** Why the run ended before its end. */
  readonly stopped: string | null
  /** What was drawn at the top level, outside any model. */
  readonly script: Graph
  readonly bindings: BindingLog
  /** Names bound while models of Keras were defined. */
  readonly definitions: Definitions
  /** Statements that failed, with what was said. */
  readonly failures: readonly Failure[]
}

/** Runs a file's module. `asScript`: as the main program, so that what stands under `__main__` runs too. */
export function startSession(source: Source, files: Files, asScript: boolean, limits: Limits = LIMITS): Session {
  const places = programPlaces(source.uri, source.text, file => files.text(file))
  const builder = new GraphBuilder()
  const trace = new Trace(builder, places)
  const bindings = bindingLog(source.uri, places)
  const usages: Usage[] = []
  const failures: Failure[] = []
  const loader: Loader = {
    library: name =>
      torchLibrary(name) ??
      applicationsLibrary(name) ??
      kerasLibrary(name) ??
      tensorflowLibrary(name) ??
      standardLibrary(name),
    source: name => files.source(name),
    standIn: name => standIns.get(name),
    builtins,
  }
  const own = (frame: Frame): boolean => frame.module.file === source.uri
  const noteReturn = (module: PyNNModule, { caller }: Frame): void => {
    const at = caller?.at as Partial<Call> | undefined
    if (!caller || !own(caller) || at?.kind !== 'Call' || !at.func) return
    if (caller.kind === 'module') module.madeBy = placeOf(caller)
    module.returned = { file: source.uri, at: caller.at, name: lastName(at.func) ?? module.cls.name }
  }
  const run = newRun(
    loader,
    {
      bound(name, value, span, frame) {
        if (name === 'return' && value instanceof PyNNModule) noteReturn(value, frame)
        if (typeof value !== 'object' || value === null) return
        if (own(frame) && frame.kind === 'module' && value instanceof PyNNModule && made.length < MAX_USAGES)
          made.push({ name, module: value, start: span.start, end: span.end })
        if (own(frame) && isDefining(run, value)) {
          defined.add(value, now => bindings.add(name, now, span, false, frame.kind === 'function' ? '' : undefined))
          return
        }
        if (own(frame) && (frame.kind === 'function' ? trace.path.length > 0 : frame.kind === 'module'))
          bindings.add(name, value, span, false, frame.kind === 'function' ? trace.path.at(-1) : undefined)
      },
      entered(parameters, frame) {
        if (!own(frame)) return
        const path = trace.path.at(-1)
        for (const span of parameters) {
          const value = frame.names.get(span.name)
          if (typeof value !== 'object' || value === null) continue
          if (path !== undefined) bindings.add(span.name, value, span, true, path)
          else if (isDefining(run, value)) defined.add(value, now => bindings.add(span.name, now, span, true, ''))
        }
      },
      failed(message, { start, end }, { module }, certain, refusal) {
        if (failures.length < MAX_FAILURES)
          failures.push({ message, span: { start, end }, file: module.file, certain, refusal })
      },
    },
    limits,
  )
  const made: Made[] = []
  const defined = definitions(run)
  setTrace(run, trace)
  run.state.set(UNKNOWN_CALL, unknownCall(trace, usages))
  onRootCall(run, ({ module, args }) => {
    if (!module.prepared) prepareEval(run, module)
    note(run, usages, module, args, null, true)
  })
  onRootLayer(run, (layer, args) => note(run, usages, layer, args, null, true))
  const body = parsed(source.uri, source.text).body
  const scope = addModule(run, loader, asScript ? '__main__' : files.name, source.uri, body, files.isPackage)
  if (asScript) {
    ;(scope as { package: string }).package = files.isPackage
      ? files.name
      : files.name.split('.').slice(0, -1).join('.')
    run.modules.set(files.name, scope)
  }
  const stopped = guard(() => runModule(run, scope))
  run.frame = new Frame('module', scope, null, null, null, scope.names)
  return {
    run,
    scope,
    trace,
    places,
    usages,
    made,
    stopped,
    script: builder.build(),
    bindings,
    definitions: defined,
    failures,
  }
}

/** What ended a piece of the run before its end: a bound, or an exception that nothing caught. */
export function guard(body: () => void): string | null {
  try {
    body()
    return null
  } catch (error) {
    if (error instanceof Stopped) return `stopped after ${error.message}`
    if (error instanceof PyError) return error.exception.cls.name
    if (error instanceof Unknown) return error.message
    if (error instanceof RangeError) return 'stopped after too deep a recursion'
    throw error
  }
}

/** Draws the model that an expression makes, called on inputs. */
export function drawModel(
  session: Session,
  expression: string,
  options: BuildOptions,
  usage: Usage | undefined,
  at: Span,
  guess: Guess = { sizesKnown: true },
  tried = false,
): Drawn {
  const { run, trace, failures } = session
  const trial = tried ? { call: expression, before: failures.length } : null
  let builder = new GraphBuilder()
  builder.ground = { span: at, anchor: at.end, name: expression }
  trace.builder = builder
  session.bindings.forgetLocals()
  let inputs: readonly InputShape[] = []
  let assumed = false
  let missing = 0
  let keras: KerasModel | undefined
  const defining: GraphBuilder[] = []
  run.budget.restart()
  const failed = attempt(run, () => {
    const before = failures.length
    const value = evaluateText(run, expression)
    const made = value instanceof PyUnknown ? (madeBefore(session, expression) ?? value) : value
    const model = made instanceof PyNNModule ? made : (modelBetween(run, made) ?? made)
    // What is wrong with a model that was not built as it is meant to be is told once.
    if (failures.length > before) run.frame.uncertain = true
    if (!(model instanceof PyNNModule)) {
      const reason = model instanceof PyUnknown ? model.reason : 'it is no nn.Module'
      builder.stop(`${expression}: ${reason}`, at)
      return
    }
    if (model instanceof PyLayer) {
      // What defined the model was drawn, too: it is drawn again from its inputs, and that is what counts.
      defining.push(builder)
      keras = {
        name: expression.endsWith(')') ? firstName(model) : model.name,
        kind: model.stack ? 'sequential' : model.functional ? 'functional' : 'subclassed',
        batch: declaredInputs(model)?.[0]?.batch ?? null,
      }
      const { ground } = builder
      builder = new GraphBuilder()
      builder.ground = ground
      trace.builder = builder
      session.bindings.forgetLocals()
    }
    name(session, model)
    if (!(model instanceof PyLayer) && !model.prepared) prepareEval(run, model)
    const chosen = chooseInputs(run, model, options, usage, guess)
    inputs = chosen.inputs
    assumed = chosen.assumed
    trace.batch = chosen.batch
    const values: Value[] = []
    const args = chosen.inputs.map(({ name: inputName, shape }, i): PyTensor => {
      const sizes = guess.sizesKnown ? shape : shape.map(() => null)
      const open = chosen.assumed && guess.inputs?.[i] === null
      const value = builder.input(inputName ?? `input${i}`, open ? null : [N, ...sizes])
      values.push(value)
      const tensor = new PyTensor(value, chosen.dtypes[i] ?? 'float32')
      tensor.memory = 'plain'
      // A size that a Sequential leaves open is None to its layers, as those of a functional model found before.
      tensor.open =
        model instanceof PyLayer && model.stack !== null && !chosen.assumed && shape.includes(null) && opens(model)
      return tensor
    })
    missing = chosen.missing.length
    const rest = chosen.missing.map(parameter => new PyUnknown(`nothing says what ${parameter} is given`))
    const given = model instanceof PyLayer ? kerasArguments(model, args, list) : args
    const output = call(run, model, [...given, ...rest])
    adopt(builder, name(session, model), at, trace)
    for (const tensor of tensorsIn([output])) builder.output(tensor.value)
    for (const { reason } of unknownIn(output)) builder.unknown(reason, [], originAt(at, expression), [])
  })
  if (failed) {
    const own = failed.place?.file === session.scope.file ? failed.place : null
    const lacks = trial !== null && !failed.bound && LACKS.test(failed.message)
    if (!failed.bound)
      builder.problem({
        code: 'bad-argument',
        severity: own?.certain && !lacks ? 'warning' : 'info',
        span: own?.span ?? at,
        message: `${expression} raises ${failed.message}`,
      })
    // Another input may go where an assumed one does not.
    builder.stop(failed.message, own?.span ?? at, lacks || (assumed && !failed.bound) ? 'info' : 'warning')
  }
  for (const problem of failureProblems(session, trial)) builder.problem(problem)
  for (const before of defining) addProblemsOf(before.build(), builder)
  addProblemsOf(session.script, builder)
  const graph = builder.build()
  const bindings = session.bindings.list()
  return {
    graph,
    inputs,
    inputAssumed: assumed,
    bindings,
    guess,
    missing,
    steps: run.budget.steps,
    ...(keras ? { keras } : {}),
  }
}

/** What a model gives that is not known: what would have led to it is not counted. */
function unknownIn(output: PyValue): PyUnknown[] {
  const all = output instanceof PyTuple || output instanceof PyList ? output.items : [output]
  return all.filter(value => value instanceof PyUnknown)
}

const originAt = (at: Span, name: string): Origin => ({
  site: { span: at, anchor: at.end, name },
  path: '',
  type: name,
})

/** Whether the program leaves sizes of a model's input open, rather than that we do not know them. */
const opens = (model: PyLayer): boolean => declaredInputs(model)?.some(input => input.open) !== false

/** The name of a model that is made for a look at it: the program makes one before it makes another. */
function firstName({ name, cls }: PyLayer): string {
  const own = snakeCase(cls.name)
  return name.startsWith(`${own}_`) && /^\d+$/.test(name.slice(own.length + 1)) ? own : name
}

/** What the file does besides, with models and tensors of its own, where the model does not show it itself. */
function addProblemsOf({ problems }: Graph, builder: GraphBuilder): void {
  const told = new Set(builder.build().problems.map(p => `${p.span.start} ${p.code}`))
  for (const problem of problems)
    if (problem.severity === 'error' && !told.has(`${problem.span.start} ${problem.code}`)) builder.problem(problem)
}

/** What the top level of a file draws, as one graph: plain scripts without a class. */
export function drawScript(session: Session): BuiltModel {
  session.definitions.rest()
  const { script, bindings } = session
  const problems = [...script.problems, ...failureProblems(session)]
  return { graph: { ...script, problems }, inputs: [], inputAssumed: false, bindings: bindings.list() }
}

/** Runs part of the program; what ended it, in words. */
function attempt(run: Run, body: () => void): { message: string; bound: boolean; place: Place | null } | null {
  try {
    body()
    return null
  } catch (error) {
    if (error instanceof Stopped || error instanceof Unknown)
      return { message: error.message, bound: true, place: null }
    if (error instanceof PyError)
      return {
        message: [error.exception.cls.name, exceptionText(run, error.exception)].filter(Boolean).join(': '),
        bound: false,
        place: error.place,
      }
    if (error instanceof RangeError) return { message: 'too deep a recursion', bound: true, place: null }
    throw error
  }
}

/** The value of an expression in the file's own names. */
function evaluateText(run: Run, text: string): PyValue {
  const { frame } = run
  run.frame = new Frame('module', { ...frame.module, file: null }, null, null, null, frame.names)
  const [statement] = parse(text).body
  return statement?.kind === 'Expression' ? evaluate(run, statement.value) : new PyUnknown(`${text} is no expression`)
}

/** Gives every module its path, and its place the name by which messages call it; gives all of them. */
function name({ places }: Session, model: PyNNModule): readonly [string, PyNNModule][] {
  if (model instanceof PyLayer) nameLayers(model)
  const modules = namedModules(model)
  for (const [path, module] of modules) {
    module.path = path
    if (module instanceof PyLayer && module.returned)
      module.asked ??= places.site(module.returned.file, module.returned.at, module.returned.name)
    if (module.site && path) places.rename(module.site, shortName(path))
  }
  return modules
}

/** Counts every parameter of the model once, called or not; parts that are not known make the totals lower bounds. */
function adopt(builder: GraphBuilder, modules: readonly [string, PyNNModule][], at: Span, trace: Trace): void {
  for (const [path, module] of modules) {
    const site = module.site ?? { span: at, anchor: at.end, name: path }
    const origin = { site, path, type: module.cls.name }
    if (module instanceof PyLayer) adoptParts(builder, module, site, path)
    if (module.layer) builder.adopt(module.layer)
    else {
      const weights = weightsOf(module)
      if (weights.length > 0) builder.adopt(builder.detached('identity', {}, origin, weights))
    }
    for (const reason of module.unknownParts) builder.unknown(reason, [], origin, [])
    for (const [key, child] of module.modules) {
      if (child instanceof PyUnknown && !trace.showsUnknown(builder, child)) {
        const place = { site: module.lostAt.get(key) ?? site, path: path ? `${path}.${key}` : key, type: key }
        builder.unknown(child.reason, [], place, [])
      }
    }
  }
}

interface Chosen {
  readonly inputs: readonly InputShape[]
  readonly dtypes: readonly (string | undefined)[]
  readonly missing: readonly string[]
  readonly assumed: boolean
  readonly batch: number | null
}

/** By option or directive, by use in the file, else by the first layer. */
function chooseInputs(
  run: Run,
  model: PyNNModule,
  options: BuildOptions,
  usage: Usage | undefined,
  { inputs: guessed, exploring, asDeclared }: Guess,
): Chosen {
  if (model instanceof PyLayer) {
    return { ...kerasInputs(model, options.inputs, usage?.inputs, asDeclared), batch: null }
  }
  const names = requiredInputs(model)
  const likely = likelyInput(run, model)
  const dtype = likely?.dtype
  const finish = (shapes: readonly InputShape[], assumed: boolean, batch: number | null = null): Chosen => ({
    inputs: shapes.map((s, i) => ({ name: s.name ?? names[i] ?? `input${i}`, shape: s.shape })),
    dtypes: shapes.map(() => dtype),
    missing: names.slice(shapes.length),
    assumed,
    batch,
  })
  if (options.inputs.length > 0) {
    const byName = names.map(n => options.inputs.find(i => i.name === n)).filter(i => i !== undefined)
    return finish(byName.length === options.inputs.length ? byName : options.inputs, false)
  }
  if (usage && usage.inputs.length > 0 && usage.takes === taking(likely))
    return finish(
      usage.inputs.map(shape => ({ shape })),
      false,
      usage.batch,
    )
  const annotated = annotatedInputs(model)
  if (annotated) {
    return finish(
      annotated.map(shape => ({ shape })),
      false,
    )
  }
  if (guessed) {
    const known = exploring ? guessed : guessed.slice(0, guessed.findLastIndex(g => g !== null) + 1)
    const shapes = known.map(g => ({ shape: g?.shape ?? [] }))
    return { ...finish(shapes, true), dtypes: known.map(g => g?.dtype) }
  }
  return finish(likely ? [{ shape: likely.shape }] : [], true)
}

/** The model of Keras that a name stood for before it was given something unknown: what a file holds, `load_model(…)`. */
const madeBefore = ({ made }: Session, name: string): PyLayer | undefined =>
  made.map(m => (m.name === name ? m.module : null)).findLast(module => module instanceof PyLayer)

/** A call of something that is not modelled: tensors make it a node of the graph, a model with sizes a use of the model. */
function unknownCall(trace: Trace, usages: Usage[]): UnknownCall {
  return (run, callee, args, kwargs) => {
    const values = [...args, ...kwargs.values()]
    const model = values.find(v => v instanceof PyNNModule)
    if (model instanceof PyNNModule) {
      for (const value of values) {
        const sizes = sizesOf(value, channelRank(run, model))
        if (sizes) note(run, usages, model, [], sizes as number[], false)
        else if (value instanceof PyTensor || value instanceof PyTuple || value instanceof PyList)
          note(run, usages, model, tensorsIn([value]), null, false)
      }
    }
    const tensors = tensorsIn(values)
    // The layer is made; what it gets is another call.
    if (tensors.length === 0) tellMisspelt(run, callee)
    if (tensors.length > 0 && !callee.harmless) {
      const part = { value: callee, declared: lostPart(callee) }
      return trace.unknown(run, nameOf(callee.reason, run), callee.reason, tensors, undefined, part)[0]!
    }
    return new PyUnknown(callee.reason, callee.harmless)
  }
}

/** `layers.Conv2d`: what keras.layers lacks, and nearly has. */
function tellMisspelt(run: Run, { reason }: PyUnknown): void {
  const name = /^keras\.layers\.(\w+) is not modelled$/.exec(reason)?.[1]
  const right = name === undefined ? null : near(name, keptNames)
  const { module, at } = run.frame
  const trace = traceOf(run)
  if (right === null || !trace.certain() || module.file === null) return
  const site = trace.places.site(module.file, at, name!)
  if (site.uri) return
  trace.builder.problem({
    code: 'unknown-layer',
    severity: 'error',
    span: site.span,
    message: `layers has no ${name}; ${right} is there.`,
  })
}
const keptNames = layerMembers.map(([name]) => name)

const taking = (likely: ReturnType<typeof likelyInput>): string => String(likely?.shape[0])

const channelRank = (run: Run, model: PyNNModule): number => likelyInput(run, model)?.shape.length ?? 3

/** `fft.rfft2 is not modelled` speaks of rfft2; other reasons name nothing, and the call itself tells. */
function nameOf(reason: string, { frame }: Run): string {
  const named = /^(?:[\w.]*\.)?(\w+) is not /.exec(reason)?.[1]
  const at = frame.at as Partial<Call>
  return named ?? (at.kind === 'Call' && at.func ? lastName(at.func) : null) ?? 'call'
}

function note(
  run: Run,
  usages: Usage[],
  module: PyNNModule,
  args: readonly PyValue[],
  sizes: readonly number[] | null,
  called: boolean,
): void {
  // Sizes are known by their places: behind an argument that is not known nobody can tell whose they are.
  const open = args.findIndex(a => a instanceof PyUnknown)
  const shapes: readonly (readonly (number | null)[])[] = sizes
    ? [sizes]
    : tensorsIn(open < 0 ? args : args.slice(0, open)).map(t =>
        (t.shape ?? []).slice(1).map(d => (typeof d === 'number' ? d : null)),
      )
  if (shapes.length === 0 || shapes.some(s => s.length === 0 || s.includes(null))) return
  const batches = new Set(called ? tensorsIn(args).map(t => t.shape?.[0]) : [])
  const [only] = batches
  const batch = batches.size === 1 && typeof only === 'number' ? only : null
  if (usages.length < MAX_USAGES)
    usages.push({
      of: module,
      className: module.cls.name,
      inputs: shapes,
      batch,
      takes: taking(likelyInput(run, module)),
    })
}

const MAX_FAILURES = 200
const MAX_USAGES = 50
