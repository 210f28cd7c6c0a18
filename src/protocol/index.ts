/** Everything that crosses a process boundary, types and ids only. Methods are LSP requests and notifications of our own. */

/** Commands of the palette and of links in hovers and lenses; arguments are plain JSON. */
export const COMMANDS = {
  showPanel: 'convlens.showPanel',
  showCost: 'convlens.showCost',
  showBottlenecks: 'convlens.showBottlenecks',
  showPicture: 'convlens.showPicture',
  showCompare: 'convlens.showCompare',
  showRoofline: 'convlens.showRoofline',
  compareWithHead: 'convlens.compareWithHead',
  compareWithFile: 'convlens.compareWithFile',
  setInput: 'convlens.setInput',
  chooseModel: 'convlens.chooseModel',
  toggleHints: 'convlens.toggleHints',
  toggleUnit: 'convlens.toggleUnit',
  copySummary: 'convlens.copySummary',
  copyKerasSummary: 'convlens.copyKerasSummary',
  copyTable: 'convlens.copyTable',
  copyPaperTable: 'convlens.copyPaperTable',
  revealLine: 'convlens.revealLine',
  pinCall: 'convlens.pinCall',
  showAllCalls: 'convlens.showAllCalls',
  openExample: 'convlens.openExample',
} as const

/** Client to server: the chosen model, input or instance of a block of one document, kept until the document closes. `null` takes a choice back. */
export interface ChooseParams {
  readonly uri: string
  readonly model?: string | null
  /** As `--input` takes it: `3x224x224`. */
  readonly input?: string | null
  /** The module path of one instance of a block, which the block's lines then show alone. */
  readonly pin?: string | null
}

/** Asks what may be pinned on a line; without one, anywhere. */
export interface CallsParams {
  readonly uri: string
  /** 0-based. */
  readonly line?: number
}

/** An instance of a block. */
export interface CallChoice {
  /** Module path: `layer3.0`. */
  readonly path: string
  /** The block's name. */
  readonly block: string
  /** What it gives and costs, in words. */
  readonly detail: string
}

/** What may be pinned, and what is; none where nothing runs more than once. */
export interface Calls {
  readonly pinned: string | null
  readonly calls: readonly CallChoice[]
}

/** What the client needs to show pickers and the status bar. Null where the document defines no network. */
export interface ModelSummary {
  readonly uri: string
  readonly version: number
  readonly models: readonly { readonly name: string; readonly line: number }[]
  readonly model: string
  readonly input: string
  readonly inputAssumed: boolean
  /** `4.09G MACs · 25.6M`, with ≥ where something is not counted. */
  readonly statusBar: string
  /** Why the text cannot be read, where the numbers are of what it was before: `Line 19 does not parse yet.` */
  readonly behind: string | null
}

export type SummaryFormat = 'markdown' | 'csv' | 'json' | 'keras'

export interface CopySummaryParams {
  readonly uri: string
  readonly format: SummaryFormat
}

/** Server to client: a document was analysed again; views that show it may ask for what they need. */
export interface AnalyzedParams {
  readonly uri: string
  readonly version: number
}

/** Asks for the table of calls that the hover on a line shows. */
export interface CopyTableParams {
  readonly uri: string
  /** 0-based. */
  readonly line: number
}

export const REQUESTS = {
  /** ChooseParams → null, or a sentence that says why not. */
  choose: 'convlens/choose',
  /** { uri } → ModelSummary | null */
  summary: 'convlens/summary',
  /** CopySummaryParams → string | null */
  copySummary: 'convlens/copySummary',
  /** CopyPaperParams (see paper.ts) → string | null */
  copyPaper: 'convlens/copyPaper',
  /** CallsParams → Calls | null */
  calls: 'convlens/calls',
  /** CopyTableParams → Markdown | null */
  copyTable: 'convlens/copyTable',
  /** PanelParams (see panel.ts) → PanelModel */
  panelModel: 'convlens/panelModel',
  /** ProposalParams (see panelAdvice.ts) → PanelDetail | null */
  proposal: 'convlens/proposal',
  /** AppliedParams → PanelApplied | null */
  applied: 'convlens/applied',
  /** BudgetParams → PanelBudget | null */
  budget: 'convlens/budget',
  /** CompareParams (see panelCompare.ts) → PanelComparison | null */
  compare: 'convlens/compare',
} as const

export const NOTIFICATIONS = {
  analyzed: 'convlens/analyzed',
  /** Client to server: HeadTextParams (see panelCompare.ts). */
  headText: 'convlens/headText',
} as const

/** What our client sends with `initialize`; other editors may leave all of it out. */
export interface InitializationOptions {
  /** Whether the client knows COMMANDS: lenses and hovers then carry links to them. */
  readonly commands?: boolean
  /** editor.inlayHints.maximumLength: characters of hints a line may have; 0 is unlimited. */
  readonly maximumHintLength?: number
  /** The section `convlens` of the settings. */
  readonly settings?: unknown
}

/** VS Code's own default of editor.inlayHints.maximumLength. */
export const DEFAULT_HINT_LENGTH = 43

/**
 * Beside the settings that are declared, our client sends under this key of the section `convlens` the folders of Python
 * environments whose packages imports find: that of the interpreter which is selected in the Python extension.
 */
export const PYTHON_ENVIRONMENTS = 'python.environments'
