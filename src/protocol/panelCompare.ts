/** What the Compare tab asks for and shows: two models, aligned layer by layer. Plain JSON. */
import type { PanelKind, PanelPlace, PanelUnit } from './panel'
import type { PanelPick } from './panelAdvice'

/** One of the two sides, as the reader chooses it. */
export type CompareChoice =
  /** The document as it is, with the model that is shown. */
  | { readonly kind: 'shown' }
  /** Another model of it. */
  | { readonly kind: 'model'; readonly model: string }
  /** The document at a git revision. */
  | { readonly kind: 'revision'; readonly ref: string }
  /** The document with the ticked proposals written in. */
  | { readonly kind: 'picks' }
  | { readonly kind: 'file'; readonly uri: string }

/** Null is the usual side. */
export interface CompareSides {
  readonly a: CompareChoice | null
  readonly b: CompareChoice | null
}

/** One side, as the server reads it. */
export interface CompareSide {
  /** What it is called: `resnet.py @ HEAD`. */
  readonly label: string
  readonly uri: string
  /** Absent for the one that is shown; one that the text lacks is refused. */
  readonly model?: string
  /** In place of the open document's: of a revision, or of a file that is not open. */
  readonly text?: string
  readonly languageId?: string
  readonly picks?: readonly PanelPick[]
}

/** Absent options take the settings'. */
export interface CompareParams {
  /** The document that the panel shows. */
  readonly uri: string
  readonly a: CompareSide
  readonly b: CompareSide
  readonly unit?: PanelUnit
  readonly device?: string
  /** What widths of proposals are rounded to. */
  readonly multiple?: number
}

export type PanelComparison = PanelCompared | PanelIncomparable

/** A sentence that says why one of the sides cannot be read. */
export interface PanelIncomparable {
  readonly state: 'refused'
  readonly side: 'a' | 'b'
  readonly message: string
}

export interface PanelCompared {
  readonly state: 'compared'
  readonly a: PanelComparedModel
  readonly b: PanelComparedModel
  readonly unit: PanelUnit
  readonly totals: readonly PanelTotalChange[]
  readonly groups: readonly PanelCompareGroup[]
  /** What the longest bar stands for. */
  readonly largest: number
  readonly counts: {
    readonly equal: number
    readonly changed: number
    readonly added: number
    readonly removed: number
  }
}

export interface PanelComparedModel {
  readonly label: string
  readonly model: string
  /** `3×224×224` */
  readonly input: string
}

/** One total of both, formatted. */
export interface PanelTotalChange {
  readonly id: string
  readonly label: string
  readonly a: string
  readonly b: string
  /** `−48%`, `=`, `?` */
  readonly change: string
  readonly direction: 'gain' | 'loss' | 'same' | 'unknown'
  /** Of the larger of the two, for the bar; null where one is unknown. */
  readonly shares: { readonly a: number; readonly b: number } | null
}

/** Layers that both charts of cost draw together: a stage, or a container. */
export interface PanelCompareGroup {
  readonly id: string
  readonly name: string
  /** Null where that side has nothing of it. */
  readonly a: PanelCompareSum | null
  readonly b: PanelCompareSum | null
  readonly rows: readonly PanelCompareRow[]
}

export interface PanelCompareSum {
  readonly work: number
  readonly params: number
  readonly atLeast: boolean
  readonly paramsAtLeast: boolean
}

export type CompareMark = '=' | '~' | '+' | '−'

export interface PanelCompareRow {
  readonly id: string
  readonly mark: CompareMark
  readonly name: string
  /** Paths of both where they differ, else of the one. */
  readonly title: string
  readonly what: string
  readonly kind: PanelKind
  /** Of A's layer, whose outline is drawn. */
  readonly a: PanelCompareCost | null
  readonly b: PanelCompareCost | null
  /** The layer of the shown model that it is about, for the selection; null where that is of another model. */
  readonly layer: string | null
  readonly place: PanelPlace | null
}

/** Null is unknown. */
export interface PanelCompareCost {
  readonly work: number | null
  readonly params: number | null
}

/** What the two lists of the page offer besides the models of the document and the ticked proposals. */
export interface CompareOffers {
  /** Whether the document is in a git repository that can be asked. */
  readonly git: boolean
  /** Revisions that were used, newest first. */
  readonly revisions: readonly string[]
  readonly files: readonly { readonly uri: string; readonly label: string }[]
}

/** From the page: null takes the usual side, which is HEAD for A and the document for B. `key` comes back. */
export type CompareQuestion =
  | {
      readonly type: 'compare'
      readonly key: string
      readonly a: CompareChoice | null
      readonly b: CompareChoice | null
      readonly picks: readonly PanelPick[]
      readonly multiple: number
    }
  /** Opens a list of files, or of revisions, for a side. */
  | { readonly type: 'compareWith'; readonly side: 'a' | 'b'; readonly what: 'file' | 'revision' }

export type CompareAnswer =
  | {
      readonly type: 'comparison'
      readonly key: string
      readonly a: CompareChoice
      readonly b: CompareChoice
      readonly offers: CompareOffers
      /** Null where the request failed. */
      readonly result: PanelComparison | null
    }
  /** A side was chosen outside the page. */
  | { readonly type: 'compareSide'; readonly side: 'a' | 'b'; readonly choice: CompareChoice }

/** The text of a document at HEAD, for the lens that says what changed since; null where there is none. */
export interface HeadTextParams {
  readonly uri: string
  readonly text: string | null
}
