import type { Span } from '../base/text'

export const PROBLEM_CODES = [
  'shape-mismatch',
  'kernel-too-large',
  'groups-not-dividing',
  'bad-argument',
  'unknown-layer',
  'unknown-name',
  'unknown-option',
  'dangling-reference',
  'duplicate-name',
  'wasteful-stride',
  'over-budget',
  'syntax',
  'limit',
  'no-model',
] as const

/** The closed list of what can be wrong; each is explained in the README. */
export type ProblemCode = (typeof PROBLEM_CODES)[number]

/** Error: it would not run, or a budget is missed. Warning: part of it is not understood. Info and hint: remarks. */
export type Severity = 'error' | 'warning' | 'info' | 'hint'

/** A replacement of text; an insertion has an empty span. */
export interface TextEdit {
  readonly span: Span
  readonly newText: string
}

/** A correction that the reader may apply: one title, one undo step. */
export interface Fix {
  readonly title: string
  readonly edits: readonly TextEdit[]
  readonly preferred?: boolean
}

/** Something in the file that is wrong, and where. Spans are of the analysed file. */
export interface Problem {
  readonly code: ProblemCode
  readonly severity: Severity
  readonly span: Span
  readonly message: string
  readonly related?: readonly { readonly span: Span; readonly message: string }[]
  readonly fixes?: readonly Fix[]
}
