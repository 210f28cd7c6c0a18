import type { Span } from '../base/text'
import type { Dim } from '../core/dim'
import type { Graph, Site } from '../core/graph'
import type { Fix, Problem } from '../core/problem'
import type { RewriteRequest, Rewriting } from '../core/rewrite'
import type { Shape } from '../core/shape'

/** How a definition format is called in reports and in the status bar. */
export type Format = 'pytorch' | 'keras' | 'tensorflow' | 'yaml' | 'ultralytics' | 'darknet' | 'prototxt' | 'keras-json'

/** A text to read. `name` is the file's base name: some formats choose a scale by it. */
export interface Source {
  readonly uri: string
  readonly name: string
  readonly text: string
  /** The editor's language id where there is an editor. */
  readonly languageId?: string
  /** Of a notebook, whose text is that of its code cells together: where each of them stands. */
  readonly cells?: readonly SourceCell[]
}

/** One code cell of a notebook. Its lines are whole lines of the joined text. */
export interface SourceCell {
  readonly uri: string
  /** Of the code cells, from 1. */
  readonly number: number
  /** The line of the joined text, from 0, on which it starts, and how many lines it has. */
  readonly line: number
  readonly lines: number
  /** As it is written: in the joined text the lines that IPython takes are blank. */
  readonly text: string
  /** Of each of its lines, the line of the notebook's file, from 0; absent in an editor. */
  readonly fileLines?: readonly number[]
}

/** The other files that a definition may import, read where the analyzer runs. Absent where there are none to read. */
export interface Host {
  /** The text of a file; undefined when there is no such file, or none that may be read. */
  read(uri: string): string | undefined
  isDirectory(uri: string): boolean
}

/** Where imports are looked up after the file's own package: folders as a site-packages is one. */
export interface Environment {
  readonly host: Host
  readonly searchPath: readonly string[]
}

/** The sizes of one input without the batch, `name` where there are several. */
export interface InputShape {
  readonly name?: string
  readonly shape: readonly Dim[]
}

/** What a reader of the file may choose: a scale, a class, a factory. */
export interface ModelChoice {
  /** As `--model` takes it: `yolo11n`, `resnet50`. */
  readonly name: string
  /** Other spellings that `--model` takes: `n`. */
  readonly aliases: readonly string[]
  /** Where it is defined: the lens stands above this line. */
  readonly span: Span
  /** Arguments that nothing gives: what hangs on them is not known. */
  readonly lacks?: readonly string[]
}

/** One entry of the outline. */
export interface OutlineItem {
  readonly name: string
  readonly detail: string
  readonly kind: 'model' | 'section' | 'layer' | 'block'
  readonly span: Span
  readonly nameSpan: Span
  readonly children: readonly OutlineItem[]
}

/** One thing that may be typed at a place, replacing `span`. */
export interface CompletionEntry {
  readonly label: string
  readonly kind: 'module' | 'key' | 'value' | 'reference'
  /** One line beside the label: the signature. */
  readonly detail?: string
  readonly documentation?: string
  readonly insert?: string
  readonly span: Span
}

/** What building one model gives. */
export interface BuiltModel {
  readonly graph: Graph
  /** The inputs that were used, batch excluded, and whether nobody named them in the file or the options. */
  readonly inputs: readonly InputShape[]
  readonly inputAssumed: boolean
  /** What names of forward code stood for, in formats that are programs. */
  readonly bindings?: readonly Binding[]
  /** Rows of a list format, for reports by row: each is the scope or node with this origin path. */
  readonly rows?: readonly Row[]
  /**
   * What may put a problem right, likeliest first, found when somebody asks. Nothing is promised: whoever offers one
   * reads the text that it gives first.
   */
  readonly corrections?: (problem: Problem) => readonly Correction[]
  readonly keras?: KerasModel
}

/** What Keras calls a model, where it is one of Keras'. */
export interface KerasModel {
  readonly name: string
  /** How it is made: from a list, between tensors, or by a class of the program. */
  readonly kind: 'sequential' | 'functional' | 'subclassed'
  /** The batch that its inputs declare; null where they leave it open. */
  readonly batch?: number | null
  /** The model with the sizes open that its inputs leave open, where the graph has usual ones in their place. */
  readonly asDeclared?: () => Graph
}

/** A fix that is not tried yet. */
export interface Correction extends Fix {
  /** Of those with the same word each is one number that could be changed: where several would do, none decides. */
  readonly only?: string
  /** Tried only where nothing before it holds. */
  readonly otherwise?: boolean
}

/** A name of forward code, or a `return`, with the shapes of the tensors it stood for. */
export interface Binding {
  /** `return` for what a function gives. */
  readonly name: string
  readonly parameter: boolean
  readonly site: Site
  /** Distinct shapes in the order they were first seen, each with how often. A tuple of tensors has several. */
  readonly shapes: readonly BoundShape[]
}

export interface BoundShape {
  readonly of: readonly (Shape | null)[]
  readonly count: number
  /** The module paths of the calls that it was seen in, one a time; empty at the top level of the program. */
  readonly paths: readonly string[]
  /** The numbers of a small constant tensor in row order, at most 64, where it is the same each time. */
  readonly data?: readonly number[]
}

/** One row of a list format (Ultralytics): the nodes from `first` up to, not including, `last`. */
export interface Row {
  readonly index: number
  readonly type: string
  readonly span: Span
  readonly first: number
  readonly last: number
  /** Every layer that the row declares; those that never run (training branches) have params and no node. */
  readonly layers: Graph['layers']
  readonly output: Graph['outputs'][number] | null
  /** Several outputs (detection heads); else absent. */
  readonly outputs?: Graph['outputs']
}

export interface BuildOptions {
  /** The model to build, one of `models`. */
  readonly model: string
  /** Chosen by option, command or directive; empty for the file's own or the format's usual ones. */
  readonly inputs: readonly InputShape[]
  /** They come from a setting, not from the file: they may not be what the model is made for. */
  readonly assumed?: boolean
}

/** A file that was parsed once; each of its models is built on demand. Nothing here throws for what a user wrote. */
export interface ModelFile {
  readonly format: Format
  readonly models: readonly ModelChoice[]
  /** The model that the file itself asks for (by its name, its first scale); absent without models. */
  readonly defaultModel: string | undefined
  /** What is wrong with the text itself, whatever model is chosen. */
  readonly problems: readonly Problem[]
  outline(): readonly OutlineItem[]
  /** A model that is not listed, by what `--model` says: a call expression. Undefined where the format has none. */
  named?(text: string): ModelChoice | undefined
  build(options: BuildOptions): BuiltModel
  /**
   * Spells what is to stand in place of a convolution of a model that this file built. Absent where the format has no
   * rewriting. Attempts are made one after the other, only as far as they are asked for.
   */
  rewrite?(request: RewriteRequest, options: BuildOptions): Rewriting
}

/** One definition format. */
export interface FrontEnd {
  readonly format: Format
  /** Cheap, by content: whether this text defines a network in this format. Called on every file of a likely type. */
  detect(source: Source): boolean
  /** Parses. `previous` is what the last call for this document gave, for reuse of unchanged parts. */
  open(source: Source, previous?: ModelFile, environment?: Environment): ModelFile
  /** What may be typed at an offset; also while the file is broken. */
  complete?(source: Source, offset: number): readonly CompletionEntry[]
  /** What it understands, from the tables that it reads with. */
  supported(): readonly NameGroup[]
}

/** Names that a front end understands, by where a program finds them: `torch.nn`, `sections`. */
export interface NameGroup {
  readonly title: string
  /** Of files of another format than the reader's own: one reader of Python reads several frameworks. */
  readonly format?: Format
  readonly names: readonly string[]
}
