import { type Analysis, type AnalyzeOptions, analyze } from '../analysis/analyze'
import { type Damage, damageOf, isWhole, standIn } from '../analysis/damage'
import { parseInput } from '../analysis/directive'
import { isProgram, readNotebook } from '../analysis/ipynb'
import { baseName } from '../base/uri'
import { type HintTable, hintTable } from '../features/hintLines'
import { keepHints } from '../features/keptHints'
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
  /** Of the text as it is. Undefined where the document defines no network. */
  analysis(document: OpenText): Analysis | undefined
  /** What is shown beside the text: the same, or while the text cannot be read its last readable version. */
  shown(document: OpenText): Analysis | undefined
  /** The version of the document that is shown. */
  shownVersion(document: OpenText): number
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
    const chosen = { choice, settings: settings(), imports }
    const analysis = same ? current.analysis : read(document, chosen, before?.analysis)
    const readable = same ? current.readable : readableOf(before, chosen)
    const damage = same ? current.damage : readable && damageOf(analysis, readable.analysis)
    const entry: Entry = { document: snapshot(document), ...chosen, version, analysis, stale: false }
    // A text that can be read needs nothing of the version before, which is then freed.
    if (readable && damage) {
      entry.damage = damage
      entry.readable = readable
      entry.standIn = standIn(
        readable.analysis,
        { text: entry.document.getText(), lineStarts: analysis!.lineStarts },
        damage,
      )
    }
    const shown = entry.standIn ?? analysis
    entry.pin = shown && pinIn(shown, choice)
    // What is gone from a text that can be read is forgotten, so that it does not come back by itself.
    if (choice.pin !== undefined && entry.pin === undefined && analysis && isWhole(analysis)) {
      const { pin: _, ...rest } = choice
      entry.choice = rest
      choices.set(uri, rest)
    }
    entries.set(uri, entry)
    return entry
  }
  return {
    analysis: document => entryOf(document).analysis,
    shown(document) {
      const { analysis, standIn } = entryOf(document)
      return standIn ?? analysis
    },
    shownVersion(document) {
      const { version, readable } = entryOf(document)
      return readable?.version ?? version
    },
    hints(document) {
      const entry = entryOf(document)
      const { analysis, readable } = entry
      if (!analysis) return null
      entry.hints ??= readable
        ? keepHints(analysis, hintsOf(analysis, entry), hintsOf(readable.analysis, entry))
        : hintsOf(analysis, entry)
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
      const analysis = document && read(document, { choice, settings: settings(), imports }, undefined)
      others = [...others, { uri, text, choice, settings: settings(), imports, analysis }].slice(-MOST_OTHERS)
      return analysis
    },
    choice: uri => choices.get(uri) ?? NO_CHOICE,
    choose: (uri, choice) => choices.set(uri, choice),
    changed(uri) {
      others = others.filter(({ imports }) => !imports.reads(uri))
      const reads = ({ imports, readable }: Entry): boolean =>
        imports.reads(uri) || readable?.imports.reads(uri) === true
      const stale = [...entries].filter(([document, entry]) => document !== uri && reads(entry))
      for (const [, entry] of stale) entry.stale = true
      return stale.map(([document]) => document)
    },
    forget(uri) {
      entries.delete(uri)
      choices.delete(uri)
    },
  }
}

/** What decides an analysis beside the text. */
interface Chosen {
  choice: Choice
  readonly settings: ServerSettings
  readonly imports: Imports
}

/** One version of a document that was read. */
interface Version extends Chosen {
  readonly document: OpenText
  readonly version: number
}

interface Entry extends Version {
  readonly analysis: Analysis | undefined
  pin?: string | undefined
  /** Something that it imports has changed. */
  stale: boolean
  /** The hints of this version, once someone asked. */
  hints?: HintTable
  /** Why the text cannot be read, the last version that could be, and that as what is shown. */
  damage?: Damage | null | undefined
  readable?: Readable | undefined
  standIn?: Analysis
}

interface Readable extends Version {
  readonly analysis: Analysis
}

/** An editor's document goes on; its text of now is kept. */
function snapshot(document: OpenText): OpenText {
  const { uri, version, languageId, cells } = document
  const text = document.getText()
  return { uri, version, languageId, getText: () => text, ...(cells ? { cells } : {}) }
}

/** The last readable version, read again where something but its text is another by now. */
function readableOf(before: Entry | undefined, now: Chosen): Readable | undefined {
  const last = before?.readable ?? before
  if (!before || !last?.analysis?.chosen || !isWhole(last.analysis)) return undefined
  const { analysis, choice } = last
  const same = choice.model === now.choice.model && choice.input === now.choice.input && last.settings === now.settings
  if (same && !before.stale) return { ...last, analysis }
  const again = read(last.document, now, analysis)
  return again?.chosen && { ...last, ...now, analysis: again }
}

function hintsOf(analysis: Analysis, { pin, settings }: Entry): HintTable {
  const model = analysis.model()
  const isPinned = model && pin !== undefined && isCalled(model, pin)
  return hintTable(analysis, settings, isPinned ? pinnedModel(model, pin) : model)
}

/** A text that nobody has open; of a notebook's file its cells. */
function closedText(uri: string, text: string, languageId: string): OpenText | undefined {
  if (!/\.ipynb$/i.test(uri)) return { uri, version: 0, languageId, getText: () => text }
  const program = readNotebook(text, uri)
  if (!isProgram(program)) return undefined
  return { uri, version: 0, languageId: 'python', getText: () => program.text, cells: program.cells }
}

/** A text that stood in the place of a document. */
interface Other extends Chosen {
  readonly uri: string
  readonly text: string
  readonly analysis: Analysis | undefined
}

const MOST_OTHERS = 4

const NO_CHOICE: Choice = {}

function pinIn(analysis: Analysis, { pin }: Choice): string | undefined {
  const model = pin === undefined ? undefined : analysis.model()
  return model && isCalled(model, pin!) ? pin : undefined
}

function read(
  document: OpenText,
  { choice: { model, input }, settings: { defaultInputs }, imports: { environment } }: Chosen,
  previous: Analysis | undefined,
): Analysis | undefined {
  const { uri, languageId, cells } = document
  // A cell whose notebook the client does not send is a piece of a program: what it uses stands in others.
  if (uri.startsWith('vscode-notebook-cell:')) return undefined
  const source = { uri, name: baseName(uri), text: document.getText(), languageId, ...(cells ? { cells } : {}) }
  const shape = input === undefined ? null : parseInput(input)
  const options: AnalyzeOptions = { defaultInputs, environment, ...(shape ? { inputs: [shape] } : {}) }
  if (model === undefined) return analyze(source, options, previous)
  const analysis = analyze(source, { ...options, model }, previous)
  // The model that was chosen may be renamed or deleted while the file is edited.
  return analysis && !analysis.chosen ? analyze(source, options, analysis) : analysis
}
