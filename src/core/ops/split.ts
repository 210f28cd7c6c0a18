import { type Dim, divDim, mapDim } from '../dim'
import { type Op, wholeNumbers } from '../op'
import { resolveAxis, type Shape } from '../shape'

export type Split =
  | { readonly axis: number; readonly sizes: readonly Dim[] }
  /** As torch.chunk: pieces of ceil(size / chunks), the last one smaller, fewer where they do not suffice. */
  | { readonly axis: number; readonly chunks: number }
  /** As torch.split with one number: pieces of `each`, the last one smaller. */
  | { readonly axis: number; readonly each: number }

/** Cuts a tensor along an axis into several; they are views of it. */
export const split: Op<Split> = {
  name: 'split',
  view: true,
  infer: (attributes, [input]) => {
    const at = input ? resolveAxis(attributes.axis, input.length) : null
    const faults = numberFaults(attributes)
    if (faults.length || !input || at === null) {
      return { shapes: 'sizes' in attributes ? attributes.sizes.map(() => null) : [null], faults }
    }
    const sizes = sizesOf(attributes, input[at]!)
    const given = sizes.reduce<number | null>((a, b) => (a === null || typeof b !== 'number' ? null : a + b), 0)
    const shapes: Shape[] = sizes.map(size => input.map((dim, i) => (i === at ? size : dim)))
    if (given === null || typeof input[at] !== 'number' || given === input[at]) return { shapes }
    return {
      shapes,
      faults: [
        {
          code: 'shape-mismatch',
          input: 0,
          message: ({ who, from }) =>
            `${who}: sizes ${sizes.join(', ')} add up to ${given}, and dimension ${at} is ${input[at]}: ${from(0)}.`,
        },
      ],
    }
  },
}

function numberFaults(attributes: Split) {
  if ('chunks' in attributes) return wholeNumbers(1, { chunks: attributes.chunks })
  if ('each' in attributes) return wholeNumbers(1, { each: attributes.each })
  return wholeNumbers(0, { sizes: attributes.sizes.filter(size => typeof size === 'number') })
}

function sizesOf(attributes: Split, size: Dim): Dim[] {
  if ('sizes' in attributes) return [...attributes.sizes]
  if (typeof size !== 'number')
    return 'chunks' in attributes ? Array(bounded(attributes.chunks)).fill(divDim(size, attributes.chunks)) : [null]
  const each = 'each' in attributes ? attributes.each : Math.ceil(size / attributes.chunks)
  if (!(each >= 1)) return [mapDim(size, n => n)]
  const pieces = bounded(Math.ceil(size / each))
  return Array.from({ length: pieces }, (_, i) => Math.min(each, size - i * each))
}

/** More pieces than this are a mistake. */
const bounded = (pieces: number): number => Math.min(Math.max(1, pieces), 4096)
