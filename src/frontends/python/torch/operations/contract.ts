import type { Shape } from '../../../../core/shape'
import type { Padding } from '../../../../core/window'
import type { PyTensor } from '../tensor'
import { countOf, offset, rounding, sizesOf, walk } from './data'

/** More products than these are not computed: examples by hand have a few dozen. */
const MOST_PRODUCTS = 100_000

/**
 * The numbers of a sum of products over labelled axes, as einsum has it: labels that the output lacks are summed over.
 * Null where an operand's numbers are not known, or there are too many.
 */
export function contracted(
  operands: readonly PyTensor[],
  labels: readonly (readonly string[])[],
  output: readonly string[],
  dtype: string,
): number[] | null {
  const along = new Map<string, number>()
  const sources: { data: readonly number[]; sizes: number[]; labels: readonly string[] }[] = []
  for (const [i, operand] of operands.entries()) {
    const sizes = sizesOf(operand.shape)
    const own = labels[i]!
    if (operand.data === null || sizes === null || sizes.length !== own.length || own.includes('...')) return null
    own.forEach((label, axis) => {
      along.set(label, Math.max(along.get(label) ?? 1, sizes[axis]!))
    })
    sources.push({ data: operand.data, sizes, labels: own })
  }
  const summed = [...along.keys()].filter(label => !output.includes(label))
  const axes = [...output, ...summed]
  const sizes = axes.map(label => along.get(label) ?? 1)
  const kept = countOf(sizes.slice(0, output.length))
  if (countOf(sizes) > MOST_PRODUCTS || output.some(label => !along.has(label))) return null
  const sums = Array<number>(kept).fill(0)
  const inner = countOf(sizes.slice(output.length))
  const places = sources.map(source => source.labels.map(label => axes.indexOf(label)))
  walk(sizes, (at, index) => {
    let term = 1
    sources.forEach((source, i) => {
      term *=
        source.data[
          offset(
            places[i]!.map(axis => at[axis]!),
            source.sizes,
          )
        ]!
    })
    sums[Math.floor(index / inner)]! += term
  })
  return sums.map(rounding(dtype))
}

/** The labels of a matrix product: vectors lose their axis, what stands before the matrices is broadcast. */
export function productLabels(a: number, b: number): { labels: string[][]; output: string[] } {
  const batch = (rank: number): string[] => Array.from({ length: Math.max(0, rank - 2) }, (_, i) => `b${rank - 3 - i}`)
  const left = a === 1 ? ['k'] : [...batch(a), 'i', 'k']
  const right = b === 1 ? ['k'] : [...batch(b), 'k', 'j']
  const output = [...batch(Math.max(a, b)), ...(a === 1 ? [] : ['i']), ...(b === 1 ? [] : ['j'])]
  return { labels: [left, right], output }
}

/** What slides over the input in a convolution. */
export interface Sliding {
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly padding: Padding
  readonly groups: number
}

/** The numbers of a convolution N×C×space with weights F×C/groups×kernel; null where they are not known or too many. */
export function convolved(
  x: PyTensor,
  weight: PyTensor,
  bias: PyTensor | null,
  to: Shape | null,
  { stride, dilation, padding, groups }: Sliding,
): number[] | null {
  const kernel = sizesOf(weight.shape)
  // A map without a batch is a batch of one.
  const whole = (sizes: number[] | null): number[] | null =>
    sizes && kernel && sizes.length === kernel.length - 1 ? [1, ...sizes] : sizes
  const [from, out] = [whole(sizesOf(x.shape)), whole(sizesOf(to))]
  if (!x.data || !weight.data || (bias && !bias.data) || !from || !kernel || !out) return null
  if (typeof padding === 'string') return null
  if (from.length !== kernel.length || countOf(out) * countOf(kernel.slice(1)) > MOST_PRODUCTS) return null
  const { data } = x
  const perGroup = out[1]! / groups
  const numbers: number[] = []
  walk(out, ([image, filter, ...place]) => {
    let sum = bias?.data?.[filter!] ?? 0
    walk(kernel.slice(1), ([channel, ...tap]) => {
      const at = place.map((p, i) => p * stride[i]! - padding[i]![0] + tap[i]! * dilation[i]!)
      if (at.some((c, i) => c < 0 || c >= from[i + 2]!)) return
      const group = Math.floor(filter! / perGroup)
      const number = data[offset([image!, group * kernel[1]! + channel!, ...at], from)]!
      sum += number * weight.data![offset([filter!, channel!, ...tap], kernel)]!
    })
    numbers.push(sum)
  })
  return numbers.map(rounding(x.dtype))
}
