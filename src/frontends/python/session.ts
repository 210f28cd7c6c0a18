import { type Graph, GraphBuilder } from '../../core/graph'
import type { Source } from '../frontend'
import { type BindingLog, bindingLog } from './bindings'
import type { Failure } from './failures'
import { type Files, parsed } from './files'
import { lastName } from './fixes/tree'
import { LIMITS, type Limits } from './interpreter/budget'
import { builtins } from './interpreter/builtins'
import { UNKNOWN_CALL } from './interpreter/call'
import { PyError, Stopped, Unknown } from './interpreter/errors'
import { Frame } from './interpreter/frame'
import { type Loader, type ModuleScope, runModule } from './interpreter/imports'
import { standardLibrary } from './interpreter/library'
import { addModule, newRun } from './interpreter/program'
import type { Run } from './interpreter/run'
import { applicationsLibrary } from './keras/applicationsPackage'
import { type Definitions, definitions, isDefining } from './keras/drawing'
import { onRootLayer, PyLayer } from './keras/layer'
import { kerasLibrary } from './keras/library'
import { isNetwork } from './keras/modelClasses'
import { type ProgramPlaces, programPlaces } from './places'
import type { Call } from './syntax/ast'
import { tensorflowLibrary } from './tensorflow/library'
import { torchLibrary } from './torch/library'
import { onRootCall, PyNNModule, placeOf } from './torch/module'
import { prepareEval } from './torch/moduleMethods'
import { standIns } from './torch/standIns'
import { setTrace, Trace } from './torch/trace'
import { unknownCall } from './unknownCalls'
import { MAX_USAGES, note, type Usage } from './usages'

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
  /** Models of Keras that functions of the file gave names, or gave back to it. */
  readonly locals: readonly Made[]
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
        if (own(frame) && frame.kind === 'function' && value instanceof PyLayer && isNetwork(value)) {
          const known = name === 'return' ? value.returned?.name : name
          if (known !== undefined && locals.length < MAX_USAGES)
            locals.push({ name: known, module: value, start: span.start, end: span.end })
        }
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
  const locals: Made[] = []
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
    locals,
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

const MAX_FAILURES = 200
