/** What the Bottlenecks tab asks of one proposal, of several together, and of a budget: plain JSON. */
import type { Polynomial } from '../base/polynomial'
import type { PanelForm, PanelPlace, PanelUnit } from './panel'

export type PanelBetween = 'nothing' | 'norm'

/** A proposal that someone chose; as analysis/picks.ts. Width or ratio, or neither for C/4. */
export interface PanelPick {
  /** `118:21`, from 1. */
  readonly place: string
  /** The layer's name, where a place declares several. */
  readonly name?: string
  readonly form: PanelForm
  readonly ratio?: number
  readonly width?: number
  readonly between?: PanelBetween
}

/** Absent options take the settings'. */
export interface AdviceParams {
  readonly uri: string
  readonly unit?: PanelUnit
  readonly device?: string
  /** What widths are rounded to; 8 by default. */
  readonly multiple?: number
}

export interface ProposalParams extends AdviceParams {
  readonly pick: PanelPick
}

export interface AppliedParams extends AdviceParams {
  readonly picks: readonly PanelPick[]
}

export interface BudgetParams extends AdviceParams {
  readonly of: 'macs' | 'params'
  /** MACs (never FLOPs) or params. */
  readonly most: number
}

/** What calls take together: traffic and activations in elements, time in seconds. */
export interface PanelCost {
  readonly macs: number
  readonly params: number
  readonly activations: number
  readonly traffic: number
  readonly time: number
  readonly kernels: number
}

export interface PanelTotals {
  readonly macs: number
  readonly params: number
  readonly peakActivations: number
  readonly time: number
}

/** What bounds the time of a kernel: max(2 MACs ÷ peak, elements · bytes ÷ bandwidth) + launch. */
export interface PanelDevice {
  readonly name: string
  readonly precision: string
  readonly peak: number
  readonly bandwidth: number
  readonly launch: number
  readonly bytesPerElement: number
}

/** Equal calls, as polynomials in the width of the heaviest call. */
export interface PanelCurveCalls {
  readonly count: number
  readonly stored: number
  readonly kernels: readonly {
    readonly macs: Polynomial
    readonly params: Polynomial
    readonly traffic: Polynomial
    readonly activations: Polynomial
  }[]
}

export interface PanelCurve {
  readonly calls: readonly PanelCurveCalls[]
  readonly before: PanelCost
  /** The largest r that takes less than as written; null where none does. */
  readonly breakEven: Readonly<Record<'macs' | 'params' | 'traffic' | 'time', number | null>>
  /** Where r ends; null of a form without a width. */
  readonly widest: number | null
  /** Whether calls of the group have other input channels, so that a width stands for a ratio. */
  readonly mixed: boolean
  /** Input channels of the heaviest call. */
  readonly cin: number
}

/** One layer of what is put in place, at the heaviest call. */
export interface PanelStep {
  /** `1×1`, `3×3`, `depthwise 3×3`. */
  readonly kernel: string
  readonly pointwise: boolean
  readonly from: number
  readonly to: number
  /** Which of them is the width r. */
  readonly narrow: { readonly from: boolean; readonly to: boolean }
  /** Spatial sizes; null where unknown. */
  readonly input: readonly (number | null)[]
  readonly output: readonly (number | null)[]
  readonly macs: number
  readonly params: number
}

/** A proposal that was tried on the text. Costs are what the analysis of the edited text found. */
export interface PanelHolds {
  readonly holds: true
  /** r as the file spells it: `64`, `planes // 4`; empty for `separable`. */
  readonly spelled: string
  readonly between: PanelBetween
  readonly before: PanelCost
  readonly after: PanelCost
  readonly model: { readonly before: PanelTotals; readonly after: PanelTotals }
  readonly cautions: readonly { readonly severity: 'warning' | 'info'; readonly text: string }[]
}

/** Everything about one layer and one form. */
export interface PanelDetail {
  /** Of the document that was read. */
  readonly version: number
  readonly pick: PanelPick
  readonly name: string
  readonly count: number
  /** `3×3` */
  readonly kernel: string
  /** `256→256`, of the first call to the last. */
  readonly channels: string
  /** `56×56` */
  readonly size: string
  /** Of the model's MACs. */
  readonly share: number
  readonly place: PanelPlace | null
  /** Of the heaviest call; null for `separable`, and where nothing can be proposed. */
  readonly width: number | null
  /** Null where nothing can be drawn: sizes are not known, or it is no k×k convolution. */
  readonly curve: PanelCurve | null
  readonly steps: readonly PanelStep[]
  readonly device: PanelDevice
  /** Or a sentence that says why the text does not hold it. */
  readonly outcome: PanelHolds | { readonly holds: false; readonly refused: string }
}

/** Several proposals together, written into one text and analysed. */
export interface PanelApplied {
  readonly version: number
  readonly before: PanelTotals
  readonly after: PanelTotals
  /** How many were written. */
  readonly count: number
  readonly dropped: readonly { readonly pick: PanelPick; readonly reason: string }[]
  /** Why nothing may be written now, with no edits: the text cannot be read. */
  readonly refused: string | null
  /** LSP ranges of the document with this version; not overlapping. */
  readonly edits: readonly PanelEdit[]
}

/** 0-based lines and UTF-16 columns. */
export interface PanelEdit {
  readonly range: { readonly start: PanelPosition; readonly end: PanelPosition }
  readonly newText: string
}
export interface PanelPosition {
  readonly line: number
  readonly character: number
}

/** The cheapest picks under a budget, or a sentence that says how low it gets. */
export interface PanelBudget {
  readonly version: number
  readonly picks: readonly PanelPick[]
  readonly text: string
  readonly met: boolean
}

/** What the page asks of the server, through the extension. `key` comes back with the answer. */
export type AdviceQuestion =
  | { readonly type: 'proposal'; readonly key: string; readonly params: Omit<ProposalParams, 'uri'> }
  | { readonly type: 'applied'; readonly key: string; readonly params: Omit<AppliedParams, 'uri'> }
  | { readonly type: 'budget'; readonly key: string; readonly params: Omit<BudgetParams, 'uri'> }
  /** Opens the diff editor. `version` is that of the document which the picks were chosen in. */
  | { readonly type: 'preview'; readonly version: number; readonly params: Omit<AppliedParams, 'uri'> }
  | { readonly type: 'apply'; readonly version: number; readonly params: Omit<AppliedParams, 'uri'> }

/** Null where the request failed. */
export type AdviceAnswer =
  | { readonly type: 'proposal'; readonly key: string; readonly detail: PanelDetail | null }
  | { readonly type: 'applied'; readonly key: string; readonly applied: PanelApplied | null }
  | { readonly type: 'budget'; readonly key: string; readonly budget: PanelBudget | null }
  /** The edits were made, or were not: a sentence. */
  | { readonly type: 'edited'; readonly applied: boolean; readonly text: string }
