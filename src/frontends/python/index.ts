import { lazy } from '../../base/lazy'
import type { Graph } from '../../core/graph'
import type { Problem } from '../../core/problem'
import type {
  BuildOptions,
  BuiltModel,
  Environment,
  Format,
  FrontEnd,
  ModelChoice,
  ModelFile,
  OutlineItem,
  Source,
} from '../frontend'
import { keeping } from './again'
import { type Candidate, candidatesOf, openCandidates } from './candidates'
import { type Drawn, doubted, type Guess, likeliest } from './doubts'
import { drawModel, drawScript } from './draw'
import { failureProblems } from './failures'
import { type Files, parsed, programFiles } from './files'
import { corrections } from './fixes'
import { findAttribute } from './interpreter/attributes'
import { PyFunction, type PyValue } from './interpreter/values'
import { isKerasMade } from './keras/drawing'
import { PyLayer } from './keras/layer'
import { outlineOf } from './outline'
import { keepGraph, rewriting } from './rewrite'
import { keras } from './rewrite/keras'
import { torch } from './rewrite/torch'
import { guard, type Session, startSession } from './session'
import { supportedNames } from './supported'
import type { Module } from './syntax/ast'
import type { PyNNModule } from './torch/module'
import type { UsedInputs } from './usages'

/** Python files that define networks with PyTorch: read by interpreting them, never run. */
export const pytorch: FrontEnd = { format: 'pytorch', detect, open: keeping(open), supported: supportedNames }

/** Said by the framework that the file imports; where there are several, by what its first model is made with. */
function formatOf(text: string, survey: () => Session, found: () => Choices): Format {
  const imported = (name: string): boolean => new RegExp(`^[ \\t]*(?:import|from)[ \\t]+${name}\\b`, 'm').test(text)
  const keras = /\bkeras/.test(text)
  const others = keras || imported('tensorflow')
  if (others && imported('torch')) {
    const { names } = survey().scope
    const { byName, defaultModel } = found()
    const valuesOf = (c: Candidate | undefined): (PyValue | undefined)[] =>
      c ? [names.get(c.name), names.get(c.className)] : []
    const chosen = valuesOf(byName.get(defaultModel ?? ''))
    if (chosen.some(isKerasMade)) return 'keras'
    // What a function makes shows when it is called: the other models of the file tell.
    const others = [...byName.values()].flatMap(valuesOf)
    return chosen[0] instanceof PyFunction && others.some(isKerasMade) ? 'keras' : 'pytorch'
  }
  return keras ? 'keras' : others ? 'tensorflow' : 'pytorch'
}

/** Cheap: the name of the framework stands in the text, in a Python file. */
function detect({ name, text, languageId }: Source): boolean {
  if (!(languageId === 'python' || /\.pyi?$/.test(name))) return false
  return /\b(?:torch|nn\.Module\b|keras|tensorflow)/.test(text)
}

function open(source: Source, _previous?: ModelFile, environment?: Environment): ModelFile {
  const module = parsed(source.uri, source.text)
  const files = programFiles(source.uri, environment)
  // The cells of a notebook run as the main program.
  const asScript = source.cells !== undefined || source.text.includes('__main__')
  // The run that the file is looked over with draws the first model, too: nothing was drawn with it. It is let go then:
  // the values of a run that lives until the next keystroke cost more to keep than to make.
  let looked: { readonly session: Session; drawn: boolean } | undefined
  const survey = (): Session => {
    looked ??= { session: startSession(source, files, asScript), drawn: false }
    return looked.session
  }
  const freshSession = (): Session => {
    if (!looked || looked.drawn) return startSession(source, files, asScript)
    looked.drawn = true
    return looked.session
  }
  const found = lazy(() => {
    const all = choices(module, survey(), source.text, source.uri)
    return all.models.length > 0 ? all : offered(all, telling(openCandidates(module.body, survey().scope.names)))
  })
  // A model whose arguments nobody knows is worth showing where most of it does not hang on them.
  const telling = (candidates: readonly Candidate[]): Candidate[] => {
    let steps = 0
    return candidates.slice(0, MOST_TRIED).filter(({ name, ...asked }) => {
      if (steps > MOST_STEPS) return false
      const drawn = drawModel(freshSession(), asked, { model: name, inputs: [] }, undefined, NOWHERE)
      steps += drawn.steps
      return isMostlyKnown(drawn.graph)
    })
  }
  const format = lazy(() => formatOf(source.text, survey, found))
  // Most texts are left for the next one before anything in them is rewritten.
  const drawnGraphs: Graph[] = []
  return {
    get format() {
      return format()
    },
    get models() {
      return found().models
    },
    get defaultModel() {
      return found().defaultModel
    },
    problems: syntaxProblems(module),
    outline: (): readonly OutlineItem[] => outlineOf(module.body),
    named: text => {
      const match = /^([A-Za-z_][\w.]*)\s*(\(.*\))?$/s.exec(text.trim())
      if (!match) return undefined
      const known = found().models.find(m => m.name === match[1])
      const head = match[1]!.split('.')[0]!
      if (!known && !found().bound.has(head) && !files.definedBeside(head)) return undefined
      return { name: text, aliases: [], span: known?.span ?? { start: 0, end: 0 } }
    },
    build(options: BuildOptions): BuiltModel {
      const { byName, usages } = found()
      if (options.model === SCRIPT) {
        const drawn = drawScript(freshSession())
        looked = undefined
        drawnGraphs.push(drawn.graph)
        return correctable(drawn, module, source.text)
      }
      const candidate = byName.get(options.model)
      const asked = candidate ?? { expression: expressionOf(options.model) }
      const head = /^[\w.]+/.exec(options.model)?.[0] ?? ''
      const at = candidate ?? byName.get(head)
      const draw = (guess: Guess): Drawn => {
        const session = freshSession()
        bringIn(session, files, head.split('.')[0]!)
        const span = at ? { start: at.start, end: at.start } : { start: 0, end: 0 }
        return drawModel(session, asked, options, usages.get(options.model), span, guess)
      }
      const drawn = likeliest(draw({ sizesKnown: true }), draw)
      const again = (): BuiltModel => draw({ ...drawn.guess, sizesKnown: false })
      const built = drawn.inputAssumed || options.assumed ? doubted(drawn, again) : drawn
      looked = undefined
      drawnGraphs.push(built.graph)
      const asDeclared = lazy(() => draw({ ...drawn.guess, asDeclared: true }).graph)
      const keras = built.keras && drawn.inputAssumed ? { ...built.keras, asDeclared } : built.keras
      return correctable(keras ? { ...built, keras } : built, module, source.text)
    },
    rewrite: request => {
      for (const graph of drawnGraphs.splice(0)) keepGraph(graph)
      const spelling = isKerasLayer(request.nodes[0]!.origin.type) ? keras : torch
      return rewriting(request, { text: source.text, module, program: survey(), spelling })
    },
  }
}

/** Keras writes the dimensions of its layers with a capital. */
const isKerasLayer = (type: string): boolean => /^\w*[123]D\w*$/.test(type)

const correctable = (built: BuiltModel, module: Module, text: string): BuiltModel => ({
  ...built,
  corrections: problem => corrections(problem, built.graph, module, text),
})

/** A model asked for by a name that another module of the file's package defines: a class's file, a factory elsewhere. */
function bringIn({ run, scope }: Session, files: Files, name: string): void {
  const module = scope.names.has(name) ? undefined : files.definedBeside(name)
  if (module === undefined) return
  guard(() => {
    const value = findAttribute(run, run.importModule(module, scope), name)
    if (value !== undefined) scope.names.set(name, value)
  })
}

/** A name is called without arguments; what has parentheses is taken as it stands. */
const expressionOf = (model: string): string => (/^[\w.]+$/.test(model) ? `${model}()` : model)

/** What a file without any model is called, whose top level draws something. */
const SCRIPT = 'script'

interface Choices {
  readonly models: readonly ModelChoice[]
  readonly byName: ReadonlyMap<string, Candidate>
  readonly usages: ReadonlyMap<string, UsedInputs>
  readonly defaultModel: string | undefined
  /** Names that the file's top level binds: any of them may be asked for. */
  readonly bound: ReadonlySet<string>
}

function choices(module: Module, session: Session, text: string, uri: string): Choices {
  const { names } = session.scope
  const textOf = ({ madeBy }: PyNNModule): string | null =>
    madeBy?.file === uri ? text.slice(madeBy.start, madeBy.end) : null
  const candidates = candidatesOf(module.body, {
    names,
    modules: session.usages.map(u => u.of),
    made: session.made,
    locals: session.locals,
    textOf,
  })
  const byName = new Map(candidates.map(c => [c.name, c]))
  const usages = new Map<string, UsedInputs>()
  let used: string | undefined
  for (const usage of session.usages) {
    const made = textOf(usage.of)
    const ofClass =
      candidates.find(c => c.name === usage.className) ?? candidates.find(c => c.className === usage.className)
    // What a name of the top level stands for is used by that name, whatever else its class makes.
    const own =
      candidates.find(c => names.get(c.expression) === usage.of) ?? candidates.find(c => c.expression === made)
    const candidate = own ?? ofClass
    if (!candidate) continue
    if (!usages.has(candidate.name)) used ??= candidate.name
    // The class has it too where that is made in the same way.
    const same = ofClass && (own === undefined || made === null || ofClass.expression === made)
    const { inputs, batch, takes } = usage
    for (const { name } of same ? [candidate, ofClass] : [candidate])
      if (!usages.has(name)) usages.set(name, { inputs, batch, takes })
  }
  const models = candidates.map(choiceOf)
  if (models.length === 0 && (session.script.nodes.length > 0 || failureProblems(session).length > 0))
    models.push({ name: SCRIPT, aliases: [], span: { start: 0, end: 0 } })
  const bound = new Set(names.keys())
  return { models, byName, usages, defaultModel: used ?? madeAtTop(candidates, session) ?? models[0]?.name, bound }
}

/** The same with other candidates. */
const offered = (all: Choices, candidates: readonly Candidate[]): Choices => ({
  ...all,
  models: candidates.map(choiceOf),
  byName: new Map(candidates.map(c => [c.name, c])),
  defaultModel: candidates[0]?.name,
})

const choiceOf = ({ name, start, lacks }: Candidate): ModelChoice => ({
  name,
  aliases: [],
  span: { start, end: start },
  ...(lacks ? { lacks } : {}),
})

/** Whether most of the layers that own weights are known, and more than a few. */
function isMostlyKnown({ layers }: Graph): boolean {
  const owners = layers.filter(({ weights }) => weights.length > 0)
  const known = owners.filter(({ weights }) => weights.every(({ elements }) => elements !== null))
  return known.length >= FEW && known.length * 2 > owners.length
}
const FEW = 3
/** Such models are looked for at every keystroke: files of many blocks would be drawn over and over. */
const MOST_TRIED = 6
const MOST_STEPS = 100_000

const NOWHERE = { start: 0, end: 0 }

/** Of the models of Keras at the top level the last that is compiled, else the last: what the others lead to. */
function madeAtTop(candidates: readonly Candidate[], { scope }: Session): string | undefined {
  const made = candidates.filter(({ name }) => scope.names.get(name) instanceof PyLayer)
  const compiled = made.findLast(({ name }) => (scope.names.get(name) as PyLayer).compiled)
  return (compiled ?? made.at(-1))?.name
}

const syntaxProblems = ({ faults }: Module): Problem[] =>
  faults.map(({ start, end, message }) => ({ code: 'syntax', severity: 'error', span: { start, end }, message }))
