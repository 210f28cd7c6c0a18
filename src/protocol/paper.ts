/** Paper tables: what is asked for, and a table as the panel shows it. */
import type { PanelPlace } from './panel'

export type PaperBiases = 'none' | 'params' | 'both'

/** How papers differ in what they count; the unit is the reader's setting. */
export interface PaperChoice {
  /** What K means in the column of params. */
  readonly kilo: 1000 | 1024
  /** `none`: weights alone. `params`: params with biases and norms. `both`: additions of biases are ops as well. */
  readonly biases: PaperBiases
}

export type CopiedPaper = 'markdown' | 'csv' | 'latex'

/** Asks for the paper table of a document's model as text. */
export interface CopyPaperParams extends Partial<PaperChoice> {
  readonly uri: string
  readonly format: CopiedPaper
}

export interface PanelPaper extends PaperChoice {
  readonly head: readonly string[]
  /** Which columns hold numbers. */
  readonly numeric: readonly boolean[]
  readonly rows: readonly PanelPaperRow[]
  readonly total: readonly string[]
  /** What is counted, in a sentence. */
  readonly note: string
  /** Rows that were left out of a very long table. */
  readonly more: number
  /** Heads and cells with counts as whole numbers. */
  readonly exact: readonly (readonly string[])[]
}

export interface PanelPaperRow {
  readonly cells: readonly string[]
  /** Its layers as the file names them. */
  readonly title: string
  /** Ids of the panel's layers that are in it. */
  readonly layers: readonly string[]
  readonly place: PanelPlace | null
}
