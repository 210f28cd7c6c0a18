import { type Analysis, type AnalyzeOptions, analyze } from '../analysis/analyze'
import { parseInput } from '../analysis/directive'
import { isProgram, readNotebook } from '../analysis/ipynb'
import { baseName } from '../base/uri'
import { type HintTable, hintTable } from '../features/hintLines'
import { isWhole, keepHints } from '../features/keptHints'
import { isCalled, pinnedModel } from '../features/pin'
import type { Imports } from './environment'
import type { ServerSettings } from './settings'
import type { OpenText } from './texts'

/** What a reader has chosen for one document, until it closes. */
export interface Choice {
  readonly model?: string
  /** As `--input` takes it. */
  readonly input?: string
  /** The module path of the instance whose block's lines show it alone. */
  readonly pin?: string
}

/** Analyses of open documents: one a version, made at the first question and reused for the next version. */
export interface AnalysisCache {
  /** Undefined where the document defines no network. */
  analysis(document: OpenText): Analysis | undefined
  /** The hints of a document, whatever the setting that shows them; null where it defines no network. */
  hints(document: OpenText): HintTable | null
  /** The pinned instance of the shown model, where it has that. */
  pin(document: OpenText): string | undefined
  /** Another text in the place of a document, read with its choice and imports; the last few are kept. */
  instead(uri: string, text: string, languageId?: string): Analysis | undefined
  choice(uri: string): Choice
  choose(uri: string, choice: Choice): void
  /** A file has changed, appeared or gone; gives the documents whose imports it decides, to be analysed again. */
  changed(uri: string): string[]
  forget(uri: string): void
}

/** `importsOf` gives where the imports of a document lead. */
export function createCache(settings: () => ServerSettings, importsOf: (uri: string) => Imports): AnalysisCache {
  const entries = new Map<string, Entry>()
  const choices = new Map<string, Choice>()
  let others: readonly Other[] = []
  const entryOf = (document: OpenText): Entry => {
    const { uri, version } = document
    const choice = choices.get(uri) ?? NO_CHOICE
    const before = entries.get(uri)
    const current = before?.version === version && before.settings === settings() && !before.stale ? before : undefined
    if (current?.choice === choice) return current
    // What is pinned changes only what is shown.
    const same = current && current.choice.model === choice.model && current.choice.input === choice.input
    const imports = same ? current.imports : importsOf(uri)
    const analysis = same ? current.analysis : read(document, choice, settings(), imports, before)
    const pin = analysis && pinIn(analysis, choice)
    const entry: Entry = { version, choice, pin, settings: settings(), imports, analysis, stale: false }
    // What is gone from a text that parses is forgotten, so that it does not come back by itself.
    if (choice.pin !== undefined && pin === undefined && analysis && isWhole(analysis)) {
      const { pin: _, ...rest } = choice
      entry.choice = rest
      choices.set(uri, rest)
    }
    // A text that parses needs nothing of the version before, which may then be freed while this one is built.
    if (before && !(entry.analysis && isWhole(entry.analysis))) {
      const whole = before.analysis && isWhole(before.analysis) ? before.hints : before.whole
      if (whole) entry.whole = whole
    }
    entries.set(uri, entry)
    return entry
  }
  return {
    analysis: document => entryOf(document).analysis,
    hints(document) {
      const entry = entryOf(document)
      if (!entry.analysis) return null
      if (!entry.hints) {
        const model = entry.analysis.model()
        const shown = model && entry.pin !== undefined ? pinnedModel(model, entry.pin) : model
        entry.hints = keepHints(entry.analysis, hintTable(entry.analysis, entry.settings, shown), entry.whole)
      }
      return entry.hints
    },
    pin: document => entryOf(document).pin,
    instead(uri, text, languageId = '') {
      const choice = choices.get(uri) ?? NO_CHOICE
      const known = others.find(
        other => other.uri === uri && other.text === text && other.choice === choice && other.settings === settings(),
      )
      if (known) return known.analysis
      const document = closedText(uri, text, languageId)
      const imports = importsOf(uri)
      const analysis = document && read(document, choice, settings(), imports, undefined)
      others = [...others, { uri, text, choice, settings: settings(), imports, analysis }].slice(-MOST_OTHERS)
      return analysis
    },
    choice: uri => choices.get(uri) ?? NO_CHOICE,
    choose: (uri, choice) => choices.set(uri, choice),
    changed(uri) {
      others = others.filter(({ imports }) => !imports.reads(uri))
      const stale = [...entries].filter(([document, { imports }]) => document !== uri && imports.reads(uri))
      for (const [, entry] of stale) entry.stale = true
      return stale.map(([document]) => document)
    },
    forget(uri) {
      entries.delete(uri)
      choices.delete(uri)
    },
  }
}

interface Entry {
  readonly version: number
  choice: Choice
  readonly pin: string | undefined
  readonly settings: ServerSettings
  readonly imports: Imports
  readonly analysis: Analysis | undefined
  /** Something that it imports has changed. */
  stale: boolean
  /** The hints of this version, once someone asked. */
  hints?: HintTable
  /** Those of the last version without a syntax error. */
  whole?: HintTable
}

/** A text that nobody has open; of a notebook's file its cells. */
function closedText(uri: string, text: string, languageId: string): OpenText | undefined {
  if (!/\.ipynb$/i.test(uri)) return { uri, version: 0, languageId, getText: () => text }
  const program = readNotebook(text, uri)
  if (!isProgram(program)) return undefined
  return { uri, version: 0, languageId: 'python', getText: () => program.text, cells: program.cells }
}

/** A text that stood in the place of a document. */
interface Other extends Pick<Entry, 'choice' | 'settings' | 'imports' | 'analysis'> {
  readonly uri: string
  readonly text: string
}

const MOST_OTHERS = 4

const NO_CHOICE: Choice = {}

function pinIn(analysis: Analysis, { pin }: Choice): string | undefined {
  const model = pin === undefined ? undefined : analysis.model()
  return model && isCalled(model, pin!) ? pin : undefined
}

function read(
  document: OpenText,
  { model, input }: Choice,
  { defaultInputs }: ServerSettings,
  { environment }: Imports,
  before: Entry | undefined,
): Analysis | undefined {
  const { uri, languageId, cells } = document
  // A cell whose notebook the client does not send is a piece of a program: what it uses stands in others.
  if (uri.startsWith('vscode-notebook-cell:')) return undefined
  const source = { uri, name: baseName(uri), text: document.getText(), languageId, ...(cells ? { cells } : {}) }
  const shape = input === undefined ? null : parseInput(input)
  const options: AnalyzeOptions = { defaultInputs, environment, ...(shape ? { inputs: [shape] } : {}) }
  if (model === undefined) return analyze(source, options, before?.analysis)
  const analysis = analyze(source, { ...options, model }, before?.analysis)
  // The model that was chosen may be renamed or deleted while the file is edited.
  return analysis && !analysis.chosen ? analyze(source, options, analysis) : analysis
}
