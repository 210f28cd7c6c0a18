import { formatCount, formatExact } from '../base/format'
import { lazy } from '../base/lazy'
import { lineStarts } from '../base/text'
import { type Totals, totals, type Uncounted, uncounted } from '../core/cost'
import type { Graph } from '../core/graph'
import type { Problem } from '../core/problem'
import { frontEnds } from '../frontends'
import type {
  Binding,
  BuiltModel,
  CompletionEntry,
  Environment,
  Format,
  FrontEnd,
  InputShape,
  ModelChoice,
  ModelFile,
  Row,
  Source,
} from '../frontends/frontend'
import type { Behind } from './damage'
import { type Directive, readDirective } from './directive'
import { remarks } from './remarks'
import { type SiteSummary, siteSummaries } from './sites'

export type {
  Binding,
  CompletionEntry,
  Environment,
  Host,
  InputShape,
  ModelChoice,
  OutlineItem,
  Source,
  SourceCell,
} from '../frontends/frontend'

export interface AnalyzeOptions {
  /** As `--model` takes it; absent for what the directive or the file asks for. */
  readonly model?: string
  readonly inputs?: readonly InputShape[]
  /** Other files that the definition may import. */
  readonly environment?: Environment
  /** Used for a model whose inputs nobody names; it counts as assumed all the same. */
  readonly defaultInputs?: readonly InputShape[]
}

/** One model of a file, built; sums and what else is derived from the graph are made at the first look. */
export interface ModelAnalysis {
  readonly name: string
  readonly choice: ModelChoice
  readonly graph: Graph
  readonly totals: Totals
  readonly uncounted: readonly Uncounted[]
  readonly inputs: readonly InputShape[]
  readonly inputAssumed: boolean
  readonly rows: readonly Row[] | undefined
  readonly bindings?: readonly Binding[] | undefined
  /** Untried, as a front end gives them; `fixesOf` tries them. */
  readonly corrections?: BuiltModel['corrections']
  readonly keras?: BuiltModel['keras']
  /** By place in the text. */
  readonly sites: readonly SiteSummary[]
  /** Of the file and of this model, in text order. */
  readonly problems: readonly Problem[]
}

/** A snapshot of one text: what every feature reads. Models are built on demand and kept. */
export interface Analysis {
  readonly source: Source
  readonly lineStarts: readonly number[]
  readonly format: Format
  /** The front end that read it, by its own format: one may read several. */
  readonly reader: Format
  readonly file: ModelFile
  readonly models: readonly ModelChoice[]
  readonly directive: Directive
  /** The model that is shown: by option, directive, or the file itself; absent when the file has none. */
  readonly chosen: ModelChoice | undefined
  /** The text has gone on and cannot be read: this is its last readable version. */
  readonly behind?: Behind
  /** Finds a choice by name or alias. */
  find(name: string): ModelChoice | undefined
  /** Builds a model of the file; the chosen one by default. Undefined without models. */
  model(choice?: ModelChoice): ModelAnalysis | undefined
  /** The shown model of another text in place of this one, read with the same options. */
  edited(text: string): ModelAnalysis | undefined
  /** What may be typed at an offset. */
  complete(offset: number): readonly CompletionEntry[]
  /** Another text in the place of this one, read with the same options. */
  again(text: string): Analysis | undefined
}

/**
 * Reads a text without running anything. Undefined when no front end takes it for a network: neither by what stands in
 * it nor, while it is damaged, because the version before was one.
 */
export function analyze(source: Source, options: AnalyzeOptions = {}, previous?: Analysis): Analysis | undefined {
  const detected = frontEnds.find(f => f.detect(source))
  // No function in here may name `previous`: every version of a text would be kept for as long as the last one is.
  const frontEnd = detected ?? readerOf(previous)
  if (!frontEnd) return undefined
  const reusable = previous?.reader === frontEnd.format ? previous.file : undefined
  const file = frontEnd.open(source, reusable, options.environment)
  if (!detected && !file.problems.some(({ code }) => code === 'syntax')) return undefined
  const directive = readDirective(source.text)
  const find = (name: string): ModelChoice | undefined =>
    file.models.find(m => m.name === name) ?? file.models.find(m => m.aliases.includes(name)) ?? file.named?.(name)
  const wanted = options.model ?? directive.model?.name ?? file.defaultModel
  const chosen =
    (wanted === undefined ? undefined : find(wanted)) ?? (options.model === undefined ? file.models[0] : undefined)
  const inputs = options.inputs?.length ? options.inputs : directive.inputs
  const built = new Map<ModelChoice, ModelAnalysis>()
  const build = (model: string): BuiltModel => {
    const first = file.build({ model, inputs })
    if (!first.inputAssumed || !options.defaultInputs?.length) return first
    return { ...file.build({ model, inputs: options.defaultInputs, assumed: true }), inputAssumed: true }
  }
  const self: Analysis = {
    source,
    lineStarts: lineStarts(source.text),
    get format() {
      return file.format
    },
    reader: frontEnd.format,
    file,
    models: file.models,
    directive,
    chosen,
    find,
    model(choice = chosen) {
      if (!choice) return undefined
      let model = built.get(choice)
      if (!model) {
        model = count(
          choice,
          build(choice.name),
          [...file.problems, ...directiveProblems(directive, file, find)],
          directive,
        )
        built.set(choice, model)
      }
      return model
    },
    edited(text) {
      const other = analyze({ ...source, text }, chosen ? { ...options, model: chosen.name } : options)
      return other?.model()
    },
    complete: offset => frontEnd.complete?.(source, offset) ?? [],
    again: text => analyze({ ...source, text }, options, self),
  }
  return self
}

const readerOf = (analysis: Analysis | undefined): FrontEnd | undefined =>
  frontEnds.find(({ format }) => format === analysis?.reader)

function count(
  choice: ModelChoice,
  built: BuiltModel,
  fileProblems: readonly Problem[],
  directive: Directive,
): ModelAnalysis {
  const { graph, inputs, inputAssumed, rows, bindings, corrections, keras } = built
  // A keystroke asks for the hints of some lines; what only other features read is left until they do.
  const sums = lazy(() => totals(graph))
  const left = lazy(() => uncounted(graph))
  const sites = lazy(() => siteSummaries(graph))
  const problems = lazy(() =>
    [...fileProblems, ...graph.problems, ...remarks(graph), ...budgetProblems(directive, sums)].sort(
      (a, b) => a.span.start - b.span.start,
    ),
  )
  return {
    name: choice.name,
    choice,
    graph,
    inputs,
    inputAssumed,
    rows,
    bindings,
    corrections,
    keras,
    get totals() {
      return sums()
    },
    get uncounted() {
      return left()
    },
    get sites() {
      return sites()
    },
    get problems() {
      return problems()
    },
  }
}

function directiveProblems(
  directive: Directive,
  file: ModelFile,
  find: (name: string) => ModelChoice | undefined,
): Problem[] {
  const problems = [...directive.problems]
  if (directive.model && !find(directive.model.name) && file.models.length) {
    const names = file.models.slice(0, 8).map(m => m.name)
    const more = file.models.length > names.length ? ', …' : ''
    problems.push({
      code: 'unknown-name',
      severity: 'warning',
      span: directive.model.span,
      message: `There is no model ${directive.model.name} in this file: ${names.join(', ')}${more}.`,
    })
  }
  return problems
}

function budgetProblems(directive: Directive, sums: () => Totals): Problem[] {
  return directive.budgets.flatMap(({ of, most, span }) => {
    const have = sums()[of]
    if (have <= most) return []
    const unit = of === 'macs' ? 'MACs' : 'params'
    const message = `The model has ${formatCount(have)} ${unit}, ${formatCount(have - most)} over the budget of ${formatCount(most)} (${formatExact(have)} of ${formatExact(most)}).`
    return [{ code: 'over-budget', severity: 'warning', span, message } satisfies Problem]
  })
}
