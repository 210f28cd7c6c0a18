/** How numbers and layers are said: on axes, in lower bounds, to a screen reader. */
import { atLeast, formatCount, formatShare } from '../base/format'
import type { PanelGroup, PanelKind, PanelLayer, PanelNetwork, PanelPlace } from '../protocol/panel'

/** `50M`, `1G`: a count without the decimals that say nothing. */
export const axisCount = (value: number): string => withoutZeros(formatCount(value))
const withoutZeros = (text: string): string => text.replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '')

/** A sum with `≥` where it leaves something out, `?` where nothing of it is known. */
export const lowerBound = (value: number, isAtLeast: boolean): string =>
  isAtLeast ? (value === 0 ? '?' : atLeast + formatCount(value)) : formatCount(value)

export const countOr = (value: number | null): string => (value === null ? '?' : formatCount(value))
export const shareOr = (value: number | null): string => (value === null ? '?' : formatShare(value))

export const KIND_NAMES: Readonly<Record<PanelKind, string>> = {
  spatial: 'k×k',
  reduce: '1×1 reduces',
  expand: '1×1 expands',
  project: '1×1 projects',
  depthwise: 'depthwise',
  grouped: 'grouped',
  dense: 'linear',
  other: 'other',
  sum: 'sum',
  rest: 'other',
}

/** `resnet.py:150`, `net.ipynb:3:12` */
export const placeText = (model: PanelNetwork, { line }: PanelPlace): string =>
  `${model.file}:${lineNumber(model, line)}`

/** `12`, or `3:12` for line 12 of cell 3 of a notebook. */
export function lineNumber({ cells }: PanelNetwork, line: number): string {
  const cell = cells?.findLastIndex(first => first <= line) ?? -1
  return cells && cell >= 0 ? `${cell + 1}:${line - cells[cell]! + 1}` : String(line)
}

/** `line 12`, `line 12 of cell 3`. */
export function lineName(model: PanelNetwork, line: number): string {
  const [cell, inCell] = lineNumber(model, line).split(':')
  return inCell === undefined ? `line ${cell}` : `line ${inCell} of cell ${cell}`
}

/** `3×3, stride 2 256→256` as it is read aloud. */
export const spoken = (text: string): string =>
  text
    .replaceAll('×', ' by ')
    .replaceAll('→', ' to ')
    .replaceAll('−', 'minus ')
    .replaceAll('≥ ', 'at least ')
    .replace(/(\d)k\b/g, '$1 thousand')
    .replace(/(\d)M\b/g, '$1 million')
    .replace(/(\d)G\b/g, '$1 billion')
    .replace(/(\d)T\b/g, '$1 trillion')
    .replaceAll('%', ' percent')

/** `layer3.0.conv2, 3 by 3, 256 to 256, 116 million MACs, 2.8 percent` */
export function spokenLayer(layer: PanelLayer, unit: string): string {
  const cost = layer.work === null ? `${unit} unknown` : `${formatCount(layer.work)} ${unit}`
  const share = layer.share === null ? '' : `, ${formatShare(layer.share)}`
  return `${layer.id}, ${spoken(`${layer.what}, ${cost}${share}`)}`
}

export const spokenGroup = (group: PanelGroup, unit: string): string =>
  `${group.name || group.id}, ${spoken(`${lowerBound(group.work, group.atLeast)} ${unit}, ${formatShare(group.share)}`)}`

/** The finding of the depth chart in a sentence or two. */
export function depthFinding(model: PanelNetwork, short = false): string {
  const { layers, stages, unit } = model
  const count = `${layers.length} layer${layers.length === 1 ? '' : 's'}`
  if (stages.length < 2) return short ? count : `Cost along depth, ${count}.`
  const byWork = largest(stages, stage => stage.share)
  const byParams = largest(stages, stage => stage.paramShare)
  const name = (stage: PanelGroup): string => stage.name || 'one stage'
  if (short) return `${count} · most ${unit} in ${name(byWork)}, ${formatShare(byWork.share)}`
  return (
    `Cost along depth, ${count}. Most ${unit} are in ${name(byWork)}, ${formatShare(byWork.share)}; ` +
    `most params in ${name(byParams)}, ${formatShare(byParams.paramShare)}.`
  )
}

const largest = <T>(list: readonly T[], of: (item: T) => number): T => list.reduce((a, b) => (of(b) > of(a) ? b : a))
