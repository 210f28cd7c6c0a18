/**
 * What is put in place of a convolution, said without a language: a front end spells it in its own. Attributes that a
 * step does not name (stride, padding, dilation, padding mode) stay on the k×k as they are.
 */
import type { Node, Site } from './graph'
import type { TextEdit } from './problem'

/** Channels of a map: those that the convolution reads, those that it writes, or the width between. */
export type StepChannels = 'in' | 'out' | 'r'

/** One layer of what is put in place, in order. */
export interface RewriteStep {
  /** `spatial` is the k×k that stands there, with other channels; `pointwise` is a new 1×1 with stride 1. */
  readonly kind: 'pointwise' | 'spatial'
  readonly from: StepChannels
  readonly to: StepChannels
  /** Every channel is filtered alone: as many groups as channels. Only of the k×k. */
  readonly depthwise: boolean
  /** Has the bias (and the norm and activation of a composite) that the k×k has as written; the others have no bias. */
  readonly last: boolean
  /** A norm and an activation follow. Never after the last, behind which stands what stood behind the convolution. */
  readonly normed: boolean
}

/** The width r of every call that the place builds, and how it came about. */
export interface RewriteWidth {
  /** Of `nodes`, in order. Null for forms without a width. */
  readonly each: readonly number[] | null
  /**
   * Where r follows from the input channels, max(multiple, round half up(Cin / ratio / multiple) · multiple): a place
   * that builds several layers writes an expression with just these values. Absent where r was given as a number.
   */
  readonly rule?: { readonly ratio: number; readonly multiple: number }
}

/** A convolution to replace, with all calls that its place builds. */
export interface RewriteRequest {
  /** The place to change, as `spelledSites` finds it. */
  readonly site: Site
  /** In execution order, at least one. */
  readonly nodes: readonly Node[]
  readonly steps: readonly RewriteStep[]
  readonly width: RewriteWidth
}

/** A way to write it. It is tried on the text, and taken only when nothing else changes by it. */
export interface RewriteAttempt {
  /** In text order, not overlapping. */
  readonly edits: readonly TextEdit[]
  /** r as the file spells it: `64`, `planes // 4`; empty for forms without a width. */
  readonly width: string
}

/** Ways to write it, the best first; or a sentence that says why this place cannot be written so. */
export type Rewriting = Iterable<RewriteAttempt> | { readonly refused: string }
