import { countDim, type Dim, sameDim } from '../dim'
import { type Fault, type Formula, formula, type Op } from '../op'
import type { Shape } from '../shape'

export interface Einsum {
  /** The labels of each operand, one an axis; `...` stands for the axes that are left. */
  readonly operands: readonly (readonly string[])[]
  readonly output: readonly string[]
}

/**
 * A sum of products over labelled axes (torch.einsum). Operands are contracted from left to right, as PyTorch does
 * without opt_einsum (aten/src/ATen/native/Linear.cpp, sumproduct_pair): a pair costs the product of its labels' sizes
 * in MACs where it sums over one, and is an elementwise product where it does not. Axes of one operand alone that do
 * not reach the output are summed before.
 */
export const einsum: Op<Einsum> = {
  name: 'einsum',
  infer: ({ operands, output }, inputs) => {
    if (inputs.length !== operands.length || inputs.some(s => s === null)) return { shapes: [null] }
    const terms = operands.map((labels, i) => spread(labels, inputs[i]!.length))
    const wrong = terms.findIndex((labels, i) => labels === null || labels.length !== inputs[i]!.length)
    if (wrong >= 0) return { shapes: [null], faults: [rankFault(operands[wrong]!, inputs[wrong]!, wrong)] }
    const { sizes, conflict } = sizesOf(terms as string[][], inputs as Shape[])
    const widest = Math.max(0, ...terms.map(t => t!.filter(isRest).length))
    const out = output.flatMap(label => (label === '...' ? rest(widest) : [label]))
    const shapes = [out.map(label => sizes.get(label) ?? null)]
    return conflict ? { shapes, faults: [conflict] } : { shapes }
  },
  macs: ({ operands, output }, inputs) => {
    if (inputs.some(s => !s)) return null
    const terms = operands.map((labels, i) => spread(labels, inputs[i]!.length))
    if (terms.some((t, i) => t === null || t.length !== inputs[i]!.length)) return null
    const { sizes } = sizesOf(terms as string[][], inputs as Shape[])
    return contractions(terms as string[][], output, sizes)
  },
}

/** The factors of the one product; of several, their sum alone. */
function contractions(terms: string[][], output: readonly string[], sizes: ReadonlyMap<string, Dim>): Formula | null {
  let left = new Set(terms[0])
  let total = 0
  let only: Formula | null = null
  let pairs = 0
  for (let i = 1; i < terms.length; i++) {
    const right = new Set(terms[i])
    const later = new Set([...output, ...terms.slice(i + 1).flat()])
    const needed = (label: string): boolean => later.has(label) || (isRest(label) && output.includes('...'))
    for (const label of [...left]) if (!right.has(label) && !needed(label)) left.delete(label)
    for (const label of [...right]) if (!left.has(label) && !needed(label)) right.delete(label)
    const all = new Set([...left, ...right])
    const summed = [...all].filter(label => !needed(label))
    left = new Set([...all].filter(needed))
    if (summed.length === 0) continue
    const product = formula([...all].map(label => [label, countDim(sizes.get(label) ?? null)] as const))
    if (product === null) return null
    only = product
    pairs++
    total += product.values.reduce((a, b) => a * b, 1)
  }
  if (pairs === 1) return only
  return { names: ['products'], values: [total] }
}

/** The labels with `...` replaced by one label an axis that is left, numbered from the last; null where there are too few. */
function spread(labels: readonly string[], rank: number): string[] | null {
  const at = labels.indexOf('...')
  if (at < 0) return [...labels]
  const left = rank - (labels.length - 1)
  return left < 0 ? null : [...labels.slice(0, at), ...rest(left), ...labels.slice(at + 1)]
}

const rest = (count: number): string[] => Array.from({ length: count }, (_, i) => `…${count - i}`)
const isRest = (label: string): boolean => label.startsWith('…')

/** The size of each label: a 1 stretches, and a number is what an unknown one must be. */
function sizesOf(terms: readonly string[][], inputs: readonly Shape[]): { sizes: Map<string, Dim>; conflict?: Fault } {
  const sizes = new Map<string, Dim>()
  let conflict: Fault | undefined
  terms.forEach((labels, input) => {
    labels.forEach((label, axis) => {
      const size = inputs[input]![axis]!
      const known = sizes.get(label)
      if (known === undefined || known === 1 || known === null) {
        if (known !== null || size !== 1) sizes.set(label, size)
      } else if (size !== 1 && sameDim(known, size) === false) {
        conflict ??= {
          code: 'shape-mismatch',
          input,
          message: ({ who, from }) => `${who}: ${label} is ${String(known)} and ${String(size)}: ${from(input)}.`,
        }
      }
    })
  })
  return conflict ? { sizes, conflict } : { sizes }
}

const rankFault = (labels: readonly string[], input: Shape, at: number): Fault => ({
  code: 'shape-mismatch',
  input: at,
  message: ({ who, from }) =>
    `${who} names ${labels.length} dimensions (${labels.join('')}) and gets ${input.length}: ${from(at)}.`,
})
