import type { Span } from '../../base/text'
import { N } from '../../core/dim'
import { type Graph, GraphBuilder, type Origin } from '../../core/graph'
import type { BuildOptions, BuiltModel, InputShape, KerasModel } from '../frontend'
import { type Candidate, isLoaded, LOCAL } from './candidates'
import { type Chosen, chooseInputs } from './chosenInputs'
import type { Drawn, Guess } from './doubts'
import { failureProblems, LACKS, type Trial } from './failures'
import { call } from './interpreter/call'
import { type Place, PyError, Stopped, Unknown } from './interpreter/errors'
import { evaluate } from './interpreter/evaluate'
import { Frame } from './interpreter/frame'
import type { Run } from './interpreter/run'
import { exceptionText } from './interpreter/text'
import { list } from './interpreter/types'
import { PyList, PyTuple, PyUnknown, type PyValue } from './interpreter/values'
import { adoptParts, asDefined, kerasArguments, nameLayers } from './keras/drawing'
import { modelBetween } from './keras/functional'
import { forgetHistory } from './keras/history'
import { PyLayer } from './keras/layer'
import { declaredInputs } from './keras/modelClasses'
import { snakeCase } from './keras/names'
import type { Session } from './session'
import { parse } from './syntax/parser'
import { namedModules, originOf, PyNNModule, shortName, weightsOf } from './torch/module'
import { prepareEval } from './torch/moduleMethods'
import { PyTensor } from './torch/tensor'
import type { Trace } from './torch/trace'
import { tensorsIn } from './torch/values'
import type { UsedInputs } from './usages'

/** Draws the model that an expression makes, called on inputs. */
export function drawModel(
  session: Session,
  asked: Pick<Candidate, 'expression' | 'tried' | 'lacks' | 'madeAt'>,
  options: BuildOptions,
  usage: UsedInputs | undefined,
  at: Span,
  guess: Guess = { sizesKnown: true },
): Drawn {
  const { run, trace, failures } = session
  const { expression, tried = false, lacks = [] } = asked
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
  let built: PyNNModule | null = null
  run.budget.restart()
  const failed = attempt(run, () => {
    const before = failures.length
    const value = meantBy(session, asked)
    const made = isLoaded(value) ? (madeBefore(session, expression) ?? value) : value
    const model = made instanceof PyNNModule ? made : (modelBetween(run, made) ?? made)
    // What is wrong with a model that was not built as it is meant to be is told once.
    if (failures.length > before) run.frame.uncertain = true
    if (!(model instanceof PyNNModule)) {
      const reason = model instanceof PyUnknown ? model.reason : 'it is no nn.Module'
      builder.stop(`${expression}: ${reason}`, at)
      return
    }
    if (model instanceof PyLayer) {
      // What defined the model was drawn, too: that is it, or it is drawn again from its inputs (`asDefined`).
      defining.push(builder)
      keras = {
        name: expression.endsWith(')') || lacks.length > 0 ? firstName(model) : model.name,
        kind: model.stack ? 'sequential' : model.functional ? 'functional' : 'subclassed',
        batch: declaredInputs(model)?.[0]?.batch ?? null,
      }
      const { ground } = builder
      builder = new GraphBuilder()
      builder.ground = ground
      trace.builder = builder
      session.bindings.forgetLocals()
    }
    built = model
    name(session, model)
    if (!(model instanceof PyLayer) && !model.prepared) prepareEval(run, model)
    const chosen = chooseInputs(run, model, options, usage, guess)
    inputs = chosen.inputs
    assumed = chosen.assumed
    trace.batch = chosen.batch
    missing = chosen.missing.length
    const drawn = [...defining.map(d => d.build()), session.script]
    const defined = model instanceof PyLayer && guess.sizesKnown ? asDefined(model, inputs, drawn) : null
    if (defined) {
      builder.takeOver(defined.graph, originOf(run, model), defined.inputs, defined.outputs)
      session.definitions.asDefined(defined)
    }
    const output = defined ? null : callOn(run, builder, model, chosen, guess)
    adopt(builder, name(session, model), at, trace)
    built = null
    for (const value of defined?.outputs ?? tensorsIn([output]).map(t => t.value)) builder.output(value)
    for (const { reason } of unknownIn(output)) builder.unknown(reason, [], originAt(at, expression), [])
  })
  // What was built is there, whatever happens when it is called.
  if (built) adopt(builder, name(session, built), at, trace)
  if (failed) tellFailure(builder, failed, { expression, at, file: session.scope.file, trial, assumed })
  for (const problem of failureProblems(session, trial)) builder.problem(problem)
  for (const before of defining) addProblemsOf(before.build(), builder)
  addProblemsOf(session.script, builder)
  const graph = builder.build()
  forgetHistory(graph)
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

/** Calls a model on inputs of its own. */
function callOn(run: Run, builder: GraphBuilder, model: PyNNModule, chosen: Chosen, guess: Guess): PyValue {
  const args = chosen.inputs.map(({ name: inputName, shape }, i): PyTensor => {
    const sizes = guess.sizesKnown ? shape : shape.map(() => null)
    const open = chosen.assumed && guess.inputs?.[i] === null
    const value = builder.input(inputName ?? `input${i}`, open ? null : [N, ...sizes])
    const tensor = new PyTensor(value, chosen.dtypes[i] ?? 'float32')
    tensor.memory = 'plain'
    // A size that a Sequential leaves open is None to its layers, as those of a functional model found before.
    tensor.open =
      model instanceof PyLayer && model.stack !== null && !chosen.assumed && shape.includes(null) && opens(model)
    return tensor
  })
  const rest = chosen.missing.map(parameter => new PyUnknown(`nothing says what ${parameter} is given`))
  const given = model instanceof PyLayer ? kerasArguments(model, args, list) : args
  return call(run, model, [...given, ...rest])
}

interface Drawing {
  readonly expression: string
  readonly at: Span
  readonly file: string | null
  readonly trial: Trial | null
  /** Its inputs are. */
  readonly assumed: boolean
}

/** Says what ended the drawing of a model before its end. */
function tellFailure(builder: GraphBuilder, failed: Ended, { expression, at, file, trial, assumed }: Drawing): void {
  const own = failed.place?.file === file ? failed.place : null
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

/** The model of Keras that a name stood for before it was given something unknown: what a file holds, `load_model(…)`. */
const madeBefore = ({ made }: Session, name: string): PyLayer | undefined =>
  made.map(m => (m.name === name ? m.module : null)).findLast(module => module instanceof PyLayer)

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
  forgetHistory(script)
  const problems = [...script.problems, ...failureProblems(session)]
  return { graph: { ...script, problems }, inputs: [], inputAssumed: false, bindings: bindings.list() }
}

/** What ended a piece of the program: `bound`, where it is a limit of ours. */
interface Ended {
  readonly message: string
  readonly bound: boolean
  readonly place: Place | null
}

/** Runs part of the program; what ended it, in words. */
function attempt(run: Run, body: () => void): Ended | null {
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

/** What a candidate stands for. */
function meantBy(session: Session, { expression, lacks = [], madeAt }: Parameters<typeof drawModel>[1]): PyValue {
  const { run, locals, usages, made, scope } = session
  if (expression.startsWith(LOCAL))
    return locals.findLast(m => m.name === expression.slice(LOCAL.length))?.module ?? null
  const isIt = ({ madeBy }: PyNNModule): boolean => madeBy?.file === scope.file && madeBy?.start === madeAt
  const before = madeAt === undefined ? undefined : [...usages.map(u => u.of), ...made.map(m => m.module)].find(isIt)
  return before ?? without(run, evaluateText(run, expression), lacks)
}

/** What a class or function makes where nobody knows the arguments that it lacks. */
function without(run: Run, maker: PyValue, lacks: readonly string[]): PyValue {
  if (lacks.length === 0) return maker
  return call(run, maker, [], new Map(lacks.map(name => [name, new PyUnknown(`nothing says what ${name} is given`)])))
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
