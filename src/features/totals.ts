/** A model's totals in a few words, for lenses and the status bar. */
import type { ModelAnalysis } from '../analysis/analyze'
import { formatCount } from '../base/format'
import { formatDim } from '../core/dim'
import { bound, type Known, type Unit, work } from './hintLabel'

/** `4.09G MACs`, `≥ 1.81G MACs`. */
export const totalWork = ({ totals }: ModelAnalysis, unit: Unit): string =>
  bound(sum(totals.macs, totals)) + work(totals.macs, unit)

/** `25.6M params`. */
export const totalParams = ({ totals }: ModelAnalysis): string =>
  `${bound(sum(totals.params, totals))}${formatCount(totals.params)} params`

/** `4.09G MACs · 25.6M`. */
export const statusBarText = (model: ModelAnalysis, unit: Unit): string =>
  `${totalWork(model, unit)} · ${totalParams(model).replace(/ params$/, '')}`

/** `3×224×224`; several inputs are joined by a comma. */
export const inputText = ({ inputs }: ModelAnalysis): string =>
  inputs.map(({ shape }) => shape.map(formatDim).join('×')).join(', ')

const sum = (value: number, { completeness }: ModelAnalysis['totals']): Known => ({
  value,
  exact: completeness === 'exact',
})
