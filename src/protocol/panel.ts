/** What the panel shows and the messages it exchanges with the extension: plain JSON. */
import type { AdviceAnswer, AdviceQuestion } from './panelAdvice'
import type { CompareAnswer, CompareQuestion, CompareSides } from './panelCompare'
import type { PanelPicture } from './panelPicture'
import type { PanelRoofline } from './panelRoofline'
import type { PanelPaper, PaperChoice } from './paper'

/** How a layer is drawn and named; as analysis/kind.ts. `sum` is a container, `rest` the norms and the like of one. */
export type PanelKind =
  | 'spatial'
  | 'reduce'
  | 'expand'
  | 'project'
  | 'depthwise'
  | 'grouped'
  | 'dense'
  | 'other'
  | 'sum'
  | 'rest'

export type PanelUnit = 'MACs' | 'FLOPs'
export type PanelForm = 'reduce' | 'bottleneck' | 'expand' | 'separable'
/** The width r of a bottleneck as the fraction of the channels it stands for: C/2, C/4, … */
export type PanelRatio = 2 | 4 | 8 | 16

/** What the panel asks the server for. Absent options take the defaults: MACs, T4 fp16, bottleneck, C/4. */
export interface PanelParams {
  readonly uri: string
  readonly unit?: PanelUnit
  readonly device?: string
  readonly form?: PanelForm
  readonly ratio?: PanelRatio
  /** What widths are rounded to; 8 by default. */
  readonly multiple?: number
  readonly paper?: PaperChoice
  /** Of the document, where there is one. */
  readonly version?: number
}

export type PanelModel = PanelEmpty | PanelNetwork

/** A document in which no network was found. */
export interface PanelEmpty {
  readonly state: 'empty'
  readonly uri: string
  /** The file's base name. */
  readonly file: string
}

export interface PanelNetwork {
  readonly state: 'network'
  readonly uri: string
  /** Of the document that was read. */
  readonly version: number
  readonly file: string
  /** Of a notebook: the lines, counted from 1, on which its code cells start; lines are those of all cells together. */
  readonly cells: readonly number[] | null
  readonly models: readonly string[]
  readonly model: string
  /** `3×224×224`; several inputs are joined by a comma. */
  readonly input: string
  readonly inputAssumed: boolean
  readonly unit: PanelUnit
  readonly device: string
  readonly devices: readonly { readonly id: string; readonly name: string }[]
  readonly figures: readonly PanelFigure[]
  readonly banners: readonly PanelBanner[]
  /** The text does not parse: what is shown is what could still be read, or what could be read before. */
  readonly broken: boolean
  /** Why the text cannot be read, where what is shown is of the version before: `Line 19 does not parse yet.` */
  readonly behind: string | null
  /** Totals leave something out. */
  readonly atLeast: boolean
  readonly work: number
  readonly params: number
  /** What costs multiply-accumulates, or might, in the order of execution. */
  readonly layers: readonly PanelLayer[]
  readonly blocks: readonly PanelGroup[]
  readonly stages: readonly PanelGroup[]
  /** The table's rows, in text order; sums of the roots are the totals. */
  readonly rows: readonly PanelRow[]
  readonly bottlenecks: PanelBottlenecks
  readonly picture: PanelPicture
  readonly roofline: PanelRoofline
  readonly paper: PanelPaper
}

/** One number of the head, formatted. */
export interface PanelFigure {
  readonly value: string
  readonly label: string
  /** Where there is little room. */
  readonly shortLabel: string
}

export interface PanelBanner {
  readonly severity: 'info' | 'warning' | 'error'
  /** Bold, before the text. */
  readonly title: string
  readonly text: string
  /** 1-based. */
  readonly line: number | null
  /** Lines with their reason, where totals leave something out. */
  readonly list: readonly { readonly line: number | null; readonly text: string }[]
  /** How many more than the list shows. */
  readonly more: number
  /** Text for a report of what is not understood; absent where there is nothing to report. */
  readonly report?: string
}

/** A place in the analysed text: 1-based lines, both included. */
export interface PanelPlace {
  readonly line: number
  readonly endLine: number
}

/** One call. `work` is in the model's unit; null is unknown. */
export interface PanelLayer {
  /** Module path, with a number where one path is called more than once. */
  readonly id: string
  readonly kind: PanelKind
  /** `3×3, stride 2 256→256` */
  readonly what: string
  readonly input: string
  readonly output: string
  readonly params: number | null
  readonly work: number | null
  readonly share: number | null
  /** FLOP per byte of ideal traffic at the device's precision. */
  readonly intensity: number | null
  /** Receptive field in pixels, `all`, or null. */
  readonly field: string | null
  /** Where it is spelled. */
  readonly place: PanelPlace | null
  /** Every place that leads to it: its own, and the rows of the blocks around it. */
  readonly places: readonly PanelPlace[]
  /** Why nothing is known of it. */
  readonly unknown: string | null
  /** Indexes into `blocks` and `stages`. */
  readonly block: number
  readonly stage: number
}

/** A run of layers that charts draw as one: [first, last) of `layers`. */
export interface PanelGroup {
  readonly id: string
  readonly name: string
  readonly first: number
  readonly last: number
  readonly work: number
  readonly params: number
  readonly share: number
  readonly paramShare: number
  readonly atLeast: boolean
  readonly paramsAtLeast: boolean
}

/** One row of the table's tree. A leaf names its layer and takes the rest from there. */
export interface PanelRow {
  readonly id: string
  readonly name: string
  /** Beside the name: `3 blocks`, `Bottleneck`. */
  readonly note: string
  readonly kind: PanelKind
  /** Index into `layers`; null for sums and rests. */
  readonly layer: number | null
  readonly what: string
  readonly output: string
  readonly params: number
  readonly work: number
  readonly share: number
  readonly atLeast: boolean
  readonly paramsAtLeast: boolean
  readonly place: PanelPlace | null
  readonly children: readonly PanelRow[]
}

/** What a form would save, or why nothing is proposed. */
export interface PanelBottlenecks {
  readonly form: PanelForm
  readonly ratio: PanelRatio
  readonly multiple: number
  /** The device's name, for sentences. */
  readonly deviceName: string
  readonly groups: readonly PanelProposalGroup[]
  /** Proposals that pay in time: the tab's badge. */
  readonly paying: number
  readonly refused: readonly PanelRefusal[]
  /** One line for all refusals: `conv1_1 has 3 input channels; fc6 to fc8 are linear`. */
  readonly refusedSummary: string
  /** Bottlenecks that the network has already; null where there are none. */
  readonly present: PanelPresent | null
}

export interface PanelPresent {
  /** A full sentence. */
  readonly text: string
  readonly asWritten: number
  readonly direct: number
  /** What the second bar stands for. */
  readonly directLabel: string
}

export interface PanelProposalGroup {
  readonly id: 'all' | 'time' | 'none'
  readonly title: string
  readonly proposals: readonly PanelProposal[]
}

/** Before and after; work in the model's unit, traffic in bytes, time in seconds. */
export interface PanelChange {
  readonly before: number
  readonly after: number
}

export interface PanelProposal {
  /** The first layer's: it stays while lines above it change. */
  readonly id: string
  /** What a pick names it by: `118:21`, and the group's own name. */
  readonly at: string
  readonly group: string
  readonly name: string
  /** Instances of the line; costs are sums over them. */
  readonly count: number
  /** `3×3` */
  readonly kernel: string
  /** Input channels of the heaviest call, which a width that is set by hand is that of. */
  readonly leadIn: number
  /** Channels in, r (empty for `separable`), channels out; `64…512` where the calls of the line differ. */
  readonly inChannels: string
  readonly width: string
  readonly outChannels: string
  /** `56²`, `56²…7²` */
  readonly size: string
  readonly work: PanelChange
  readonly traffic: PanelChange
  readonly time: PanelChange
  /** Ids of the layers it is about. */
  readonly layers: readonly string[]
  readonly place: PanelPlace | null
}

export interface PanelRefusal {
  readonly id: string
  readonly at: string
  readonly group: string
  readonly name: string
  readonly reason: string
  readonly layers: readonly string[]
  readonly place: PanelPlace | null
}

/** From the extension to the panel. */
export type ToPanel =
  | { readonly type: 'model'; readonly model: PanelModel }
  /** A request is under way for this file. */
  | { readonly type: 'reading'; readonly file: string }
  /** The request failed; what is shown stays. */
  | { readonly type: 'failed'; readonly message: string }
  /** 1-based lines of the editor's selection; null when the editor shows another file. */
  | { readonly type: 'cursor'; readonly line: number | null }
  | { readonly type: 'show'; readonly tab: PanelTab; readonly compare?: CompareSides }
  /** What an action came to, for the live region. */
  | { readonly type: 'said'; readonly text: string }
  | AdviceAnswer
  | CompareAnswer

export type PanelTab = 'cost' | 'bottlenecks' | 'picture' | 'compare' | 'roofline'
export type PanelExport = 'csv' | 'json' | 'svg' | 'png' | 'md' | 'tex'

/** From the panel to the extension. */
export type FromPanel =
  | {
      readonly type: 'ready'
      readonly uri: string | null
      readonly form: PanelForm
      readonly ratio: PanelRatio
      readonly multiple: number
      readonly paper: PaperChoice
      readonly pinned: boolean
    }
  | { readonly type: 'options'; readonly form: PanelForm; readonly ratio: PanelRatio; readonly multiple: number }
  /** What the paper table counts. */
  | ({ readonly type: 'paper' } & PaperChoice)
  | { readonly type: 'chooseModel'; readonly model: string }
  | { readonly type: 'editInput' }
  | { readonly type: 'setUnit'; readonly unit: PanelUnit }
  | { readonly type: 'setDevice'; readonly device: string }
  | { readonly type: 'pin'; readonly pinned: boolean }
  /** Shows the lines in the editor without leaving the panel. */
  | { readonly type: 'select'; readonly places: readonly PanelPlace[] }
  /** Goes to the line. */
  | { readonly type: 'reveal'; readonly place: PanelPlace }
  | { readonly type: 'toEditor' }
  | { readonly type: 'copy'; readonly format: 'markdown' | 'csv' | 'json' }
  | { readonly type: 'copyText'; readonly text: string; readonly said: string }
  /** `data` holds what the page made (SVG text, a PNG in base64, a table) on `tab`; without it the server writes the layers. */
  | { readonly type: 'export'; readonly format: PanelExport; readonly data?: string; readonly tab?: PanelTab }
  | { readonly type: 'openExample' }
  | AdviceQuestion
  | CompareQuestion
