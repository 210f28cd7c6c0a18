import type { Node } from '../core/graph'
import { ops } from '../core/ops'
import type { Linear } from '../core/ops/linear'
import type { Pooling } from '../core/ops/pool'
import type { Shape } from '../core/shape'
import { convolutionOf, isConvolution } from './kind'

/** How papers write one layer inside a block: `3×3, 64`, `3×3 dw, 144`, `5×5 g32, 128`, `linear, 768`. */
export function stepText(node: Node): string {
  if (node.op === 'linear') return `linear, ${(node.attributes as unknown as Linear).outFeatures ?? '?'}`
  if (!isConvolution(node)) return node.op.replaceAll('_', ' ')
  const { kernel, groups, dilation, inChannels, outChannels } = convolutionOf(node)
  const mark =
    (node.op.startsWith('conv_transpose') ? ' transposed' : '') +
    (groups > 1 ? (groups === inChannels ? ' dw' : ` g${groups}`) : '') +
    (dilation.some(d => d > 1) ? ` d${Math.max(...dilation)}` : '')
  return `${kernel.join('×')}${mark}, ${outChannels ?? '?'}`
}

/** `7×7/2`: the window of a convolution or a pooling and its stride. */
export const patchText = (kernel: readonly number[], stride: readonly number[]): string =>
  `${kernel.join('×')}/${[...new Set(stride)].join('×')}`

/** Multiplies by weights: what papers count as a layer. */
export const isLayer = (node: Node): boolean =>
  isConvolution(node) || LAYERS.has(node.op) || (node.unknown === null && node.op === 'local_conv2d')
const LAYERS: ReadonlySet<string> = new Set(['linear', 'bilinear', 'recurrent', 'attention'])

/** Works on one position of a map or on a vector, as the layers of a gate do. */
export const isOnVector = (node: Node): boolean => {
  const shape = node.outputs[0]?.shape
  if (!shape) return false
  if (node.op === 'linear') return shape.length === 2
  const last = channelsLastOf(node) === true
  return isConvolution(node) && shape.length > 2 && (last ? shape.slice(1, -1) : shape.slice(2)).every(dim => dim === 1)
}

/** Costs multiply-accumulates, or nobody knows. */
export const isCostly = (node: Node): boolean => node.cost.macs !== 0

/** Passes a map on: norms, activations, dropout, padding and other views of it. */
export const isQuiet = (node: Node): boolean =>
  node.op !== 'unknown' && (ops[node.op].quiet === true || ops[node.op].view === true || node.op === 'pad')

export interface Pool {
  readonly kind: 'max' | 'avg' | 'L2' | 'Lp'
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
}

/**
 * What a pooling does. One to a given size that divides the input's is a window of the quotient; a mean over the
 * spatial axes is a window as large as the map.
 */
export function poolOf(node: Node): Pool | null {
  const [, kind] = /^(max|avg)_pool/.exec(node.op) ?? []
  if (kind) {
    const { kernel, stride, power } = node.attributes as unknown as Pooling
    return { kind: power === undefined ? (kind as 'max' | 'avg') : power === 2 ? 'L2' : 'Lp', kernel, stride }
  }
  const input = node.inputs[0]?.shape ?? null
  if (node.op === 'reduce') {
    const { function: name, axes } = node.attributes as { function: string; axes?: readonly number[] }
    const size = input && input.length > 3 ? spatialSize(input, axes) : null
    if (!size || (name !== 'mean' && name !== 'max')) return null
    return { kind: name === 'mean' ? 'avg' : 'max', kernel: size, stride: size.map(() => 1) }
  }
  const [, adaptive] = /^adaptive_(max|avg)_pool$/.exec(node.op) ?? []
  if (!adaptive || !input) return null
  const { size, channelsLast } = node.attributes as { size: readonly (number | null)[]; channelsLast?: boolean }
  const from = (channelsLast ? input.slice(1, -1) : input.slice(-size.length)).map(d => (typeof d === 'number' ? d : 0))
  const kernel = from.map((full, i) => full / (size[i] ?? full))
  if (!kernel.every(k => Number.isInteger(k) && k > 0))
    return { kind: adaptive as 'max' | 'avg', kernel: [], stride: [] }
  return { kind: adaptive as 'max' | 'avg', kernel, stride: size.map((s, i) => (s === 1 ? 1 : kernel[i]!)) }
}

/** The sizes of the axes that are folded, where they are all of the spatial ones and neither batch nor channels. */
function spatialSize(input: Shape, axes: readonly number[] | undefined): number[] | null {
  if (axes?.length !== input.length - 2) return null
  const sizes = axes.map(axis => input.at(axis))
  const named = axes.map(axis => (axis < 0 ? axis + input.length : axis))
  return named.includes(0) || !sizes.every(size => typeof size === 'number') ? null : (sizes as number[])
}

/** Whether a node keeps its channels on the last axis, as linear layers on maps do; undefined where it does not say. */
export function channelsLastOf(node: Node): boolean | undefined {
  if (node.op === 'linear') return (node.outputs[0]?.shape?.length ?? 0) > 3 ? true : undefined
  return isConvolution(node) || /pool/.test(node.op) ? node.attributes.channelsLast === true : undefined
}

/** `56×56` of a map; null for a vector, one position or what is unknown. */
export function mapSize(shape: Shape | null, channelsLast: boolean): string | null {
  if (!shape || shape.length < 4) return null
  const dims = channelsLast ? shape.slice(1, -1) : shape.slice(2)
  return dims.every(dim => dim === 1) ? null : dims.map(dim => (typeof dim === 'number' ? dim : '?')).join('×')
}

/** One thing after another with repetitions folded: [1×1, 64; 3×3, 64] ×3. Periods of up to four are found. */
export function foldSteps(steps: readonly string[]): string {
  const parts: string[] = []
  let at = 0
  while (at < steps.length) {
    let [period, times] = [1, 1]
    for (let p = 1; p <= 4 && at + 2 * p <= steps.length; p++) {
      let n = 1
      while (at + (n + 1) * p <= steps.length && sameRun(steps, at, at + n * p, p)) n++
      if (n > 1 && n * p > period * times) [period, times] = [p, n]
    }
    const group = steps.slice(at, at + period).join('; ')
    parts.push(times > 1 ? `[${group}] ×${times}` : group)
    at += period * times
  }
  const [only, ...others] = parts
  if (only === undefined) return ''
  return others.length || (only.includes(';') && !only.startsWith('[')) ? joined(parts) : only
}

const sameRun = (steps: readonly string[], a: number, b: number, length: number): boolean => {
  for (let i = 0; i < length; i++) if (steps[a + i] !== steps[b + i]) return false
  return true
}

/** Single layers that do not repeat share one pair of brackets; a block has its own. */
function joined(parts: readonly string[]): string {
  const isSingle = (part: string): boolean => !part.startsWith('[') && !part.includes('; ')
  const groups: string[][] = []
  for (const part of parts) {
    const last = groups.at(-1)
    if (last && isSingle(part) && isSingle(last[0]!)) last.push(part)
    else groups.push([part])
  }
  return groups.map(group => (group[0]!.startsWith('[') ? group[0]! : `[${group.join('; ')}]`)).join(', ')
}
